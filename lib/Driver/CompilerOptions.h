//===- CompilerOptions.h - Upstream's options in our tools ------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The part of mlir-opt's options that any tool with a pass manager can take.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_DRIVER_COMPILEROPTIONS_H
#define AIMC_LIB_DRIVER_COMPILEROPTIONS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/LogicalResult.h"

#include <string>

namespace mlir {
class MLIRContext;
} // namespace mlir

namespace aimc {

/// Registers upstream's options; once in a process. By default diagnostics do
/// not show the operation they are at: that of a module is all of it.
void registerCompilerOptions();

/// Sets them from `arguments`. On an option that is unknown or not valid
/// returns false and sets `error` to one sentence; to none when upstream has
/// printed it, as it does for values that are not valid.
bool parseCompilerOptions(const std::string &tool,
                          llvm::ArrayRef<std::string> arguments,
                          std::string &error);

/// Makes `context` report the remarks the options ask for.
llvm::LogicalResult enableRemarks(mlir::MLIRContext &context);

} // namespace aimc

#endif // AIMC_LIB_DRIVER_COMPILEROPTIONS_H
