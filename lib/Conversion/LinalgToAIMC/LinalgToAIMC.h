//===- LinalgToAIMC.h - Constant matrices to crossbars -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The patterns of convert-linalg-to-aimc, for other passes to use.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_CONVERSION_LINALGTOAIMC_LINALGTOAIMC_H
#define AIMC_LIB_CONVERSION_LINALGTOAIMC_LINALGTOAIMC_H

namespace mlir {
class RewritePatternSet;
} // namespace mlir

namespace aimc {
class Matrices;

/// Adds the patterns that turn products into `aimc.mvm`. They declare matrices
/// and take sites from `matrices`, in the order in which they are applied.
void populateLinalgToAIMCPatterns(mlir::RewritePatternSet &patterns,
                                  Matrices &matrices);

} // namespace aimc

#endif // AIMC_LIB_CONVERSION_LINALGTOAIMC_LINALGTOAIMC_H
