//===- Sizes.h - Arithmetic on sizes ----------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sizes that may be known only when a program runs.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_UTILS_SIZES_H
#define AIMC_DIALECTS_AIMC_UTILS_SIZES_H

#include "mlir/IR/Builders.h"

namespace aimc {

/// The product of two sizes, a constant where that is known.
mlir::OpFoldResult multiplySizes(mlir::OpBuilder &builder, mlir::Location loc,
                                 mlir::OpFoldResult lhs,
                                 mlir::OpFoldResult rhs);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_UTILS_SIZES_H
