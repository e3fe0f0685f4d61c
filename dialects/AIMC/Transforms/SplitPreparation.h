//===- SplitPreparation.h - Make digital work assignable -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rewrites before aimc-split decides, none of which changes a value.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_TRANSFORMS_SPLITPREPARATION_H
#define AIMC_DIALECTS_AIMC_TRANSFORMS_SPLITPREPARATION_H

#include "mlir/IR/BuiltinOps.h"

namespace aimc {

/// Outside of digital regions, brings `module` to a form in which
///
/// - sizes come from arguments where possible, not from results;
/// - destinations whose values are not read are empty, so they do not order
///   operations.
void prepareSplit(mlir::ModuleOp module);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_TRANSFORMS_SPLITPREPARATION_H
