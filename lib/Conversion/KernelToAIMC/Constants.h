//===- Constants.h - Constant operands of kernel operations -----*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Batches that are known when compiling, say learned keys, are weights that
// digital work loads.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_CONVERSION_KERNELTOAIMC_CONSTANTS_H
#define AIMC_LIB_CONVERSION_KERNELTOAIMC_CONSTANTS_H

#include "AIMC/Utils/Matrices.h"

#include "mlir/IR/Builders.h"

namespace aimc {

/// Follows `operand`, of rank 1, 2 or 3, through casts and transpositions to a
/// constant, as a matrix: all but the last dimension are its rows, of a vector
/// each entry is one.
std::optional<ConstantMatrix> matchConstantRows(mlir::Value operand);

/// `operand`, or what loads it from weights named after `name` if it is
/// constant. Null when its data are no valid weights.
mlir::Value loadConstant(mlir::OpBuilder &builder, mlir::Location loc,
                         Matrices &matrices, mlir::Value operand,
                         llvm::StringRef name);

} // namespace aimc

#endif // AIMC_LIB_CONVERSION_KERNELTOAIMC_CONSTANTS_H
