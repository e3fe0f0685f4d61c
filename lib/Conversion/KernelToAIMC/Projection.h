//===- Projection.h - Random projections on crossbars -----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the patterns of the conversion share.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_CONVERSION_KERNELTOAIMC_PROJECTION_H
#define AIMC_LIB_CONVERSION_KERNELTOAIMC_PROJECTION_H

#include "mlir/IR/Builders.h"

namespace mlir {
class RewritePatternSet;
} // namespace mlir

namespace aimc {
class Matrices;

/// The product of the rows of `input` with Ωᵀ, of role `projection`, on weights
/// of `matrices`. Null when `omega` is not constant or its data are not valid.
mlir::Value createProjection(mlir::OpBuilder &builder, mlir::Location loc,
                             Matrices &matrices, mlir::Value omega,
                             mlir::Value input);

/// Adds the pattern of `kernel.attention`.
void populateAttentionPatterns(mlir::RewritePatternSet &patterns,
                               Matrices &matrices);

} // namespace aimc

#endif // AIMC_LIB_CONVERSION_KERNELTOAIMC_PROJECTION_H
