//===- Version.cpp - What --version and --help print ----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The runtime library knows the versions of all but LLVM.
//
//===----------------------------------------------------------------------===//

#include "Driver/Version.h"

#include "aimc/Runtime/Runner.h"

#include "llvm/Config/llvm-config.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

std::string aimc::getVersionText(const std::string &tool) {
  return runtime::versionText(tool, LLVM_VERSION_STRING);
}

void aimc::setUpLlvmCommandLine(const std::string &tool) {
  for (const auto &option : llvm::cl::getRegisteredOptions())
    if (option.first != "help" && option.first != "version")
      option.second->setHiddenFlag(llvm::cl::ReallyHidden);
  llvm::cl::SetVersionPrinter(
      [tool](llvm::raw_ostream &os) { os << getVersionText(tool) << "\n"; });
}
