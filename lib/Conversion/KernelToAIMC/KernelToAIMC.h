//===- KernelToAIMC.h - Kernel methods to products --------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The patterns of convert-kernel-to-aimc, for other passes to use.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_CONVERSION_KERNELTOAIMC_KERNELTOAIMC_H
#define AIMC_LIB_CONVERSION_KERNELTOAIMC_KERNELTOAIMC_H

namespace mlir {
class RewritePatternSet;
} // namespace mlir

namespace aimc {
class Matrices;

/// Adds the patterns that lower feature maps and attention. They declare
/// matrices and take sites from `matrices`, in the order in which they are
/// applied.
void populateKernelToAIMCPatterns(mlir::RewritePatternSet &patterns,
                                  Matrices &matrices);

} // namespace aimc

#endif // AIMC_LIB_CONVERSION_KERNELTOAIMC_KERNELTOAIMC_H
