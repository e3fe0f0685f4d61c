//===- Version.h - What --version and --help print --------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The versions of tool, ABI, target schema and LLVM, for tools with a command
// line of their own and for those with LLVM's.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_DRIVER_VERSION_H
#define AIMC_LIB_DRIVER_VERSION_H

#include <string>

namespace aimc {

/// The versions, one a line.
std::string getVersionText(const std::string &tool);

/// Makes the `--version` of LLVM's command line print them, and its `--help`
/// leave out the options of LLVM's code generators. Called first in `main`:
/// options registered later are shown.
void setUpLlvmCommandLine(const std::string &tool);

} // namespace aimc

#endif // AIMC_LIB_DRIVER_VERSION_H
