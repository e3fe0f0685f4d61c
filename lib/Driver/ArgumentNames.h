//===- ArgumentNames.h - Names of a model's arguments -----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the author of a module calls its arguments, for messages and emitted
// functions.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_DRIVER_ARGUMENTNAMES_H
#define AIMC_LIB_DRIVER_ARGUMENTNAMES_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/SourceMgr.h"

namespace aimc {

/// Gives the arguments of each public function of several the attribute
/// `aimc.name`, unless one of them has it: q of %q in the text that `module`
/// was parsed from, the last one of `sources`. A function with an argument that
/// has no name there (%0, %arg0), or whose text is gone, is left as it is; one
/// argument alone is the input.
void nameArguments(mlir::ModuleOp module, llvm::SourceMgr &sources);

} // namespace aimc

#endif // AIMC_LIB_DRIVER_ARGUMENTNAMES_H
