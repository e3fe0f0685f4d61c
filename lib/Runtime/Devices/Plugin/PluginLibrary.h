//===- PluginLibrary.h - The library of a device plug-in --------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From the path of a shared library to the verified table of a plug-in.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_PLUGIN_PLUGINLIBRARY_H
#define AIMC_RUNTIME_DEVICES_PLUGIN_PLUGINLIBRARY_H

#include "aimc/Runtime/DevicePlugin.h"

#include <string>

namespace aimc::runtime {

/// Loads the library at `path`, which without a slash is in the current folder,
/// and shakes hands: it is of this version and its table is whole. On an error
/// returns null and sets `error` to one sentence. The table lasts until the
/// process ends: libraries are not unloaded, since drivers keep threads and
/// handlers.
const aimc_plugin *loadPlugin(const std::string &path, std::string &error);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_PLUGIN_PLUGINLIBRARY_H
