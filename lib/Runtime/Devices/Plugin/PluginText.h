//===- PluginText.h - Texts of device plug-ins ------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Messages and names that a plug-in gives, for the messages of the runtime.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_PLUGIN_PLUGINTEXT_H
#define AIMC_RUNTIME_DEVICES_PLUGIN_PLUGINTEXT_H

#include <cstddef>
#include <string>

namespace aimc::runtime {

/// A text of a plug-in as one line of UTF-8: it may hold anything, also no end
/// in its `most` bytes. Control characters become blanks, of which none is at
/// the end, and bytes that are not UTF-8 U+FFFD.
std::string lineOf(const char *text, size_t most);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_PLUGIN_PLUGINTEXT_H
