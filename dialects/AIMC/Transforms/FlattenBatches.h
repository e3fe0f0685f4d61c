//===- FlattenBatches.h - Arrays become matrices ----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the files of aimc-flatten-batches share: reshapes of tensors of any
// rank, and the two halves of the pass, on functions and on operations.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_TRANSFORMS_FLATTENBATCHES_H
#define AIMC_DIALECTS_AIMC_TRANSFORMS_FLATTENBATCHES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

namespace aimc {

using Groups = llvm::SmallVector<mlir::ReassociationIndices>;

/// `tensor` with the dimensions of each of `groups` joined to one. For a tensor
/// that is empty, or filled with a number, it is another one.
mlir::Value collapseTensor(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Value tensor, const Groups &groups);

/// `tensor` with each dimension split into those of its group, which gives it
/// `type` and `sizes`.
mlir::Value expandTensor(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::Value tensor, mlir::RankedTensorType type,
                         llvm::ArrayRef<mlir::OpFoldResult> sizes,
                         const Groups &groups);

/// Whether `type` is a tensor of rank 3 or more.
bool isDeep(mlir::Type type);

/// Whether `value` has one number for each row of a batch, spread over several
/// dimensions, as the sums of an array's rows are.
bool isPerRow(mlir::Value value);

/// Whether `op` is to become an operation on matrices.
bool isDeep(mlir::Operation *op);

/// Adds the patterns that join the loops over rows of linalg operations.
void populateFlattenLinalgPatterns(mlir::RewritePatternSet &patterns);

/// Why `op` cannot be on matrices; empty when it can.
std::string getFlattenReason(mlir::linalg::LinalgOp op);

/// Compares the open sizes that casts claim to know.
void createClaimChecks(mlir::Operation *op);

/// Compares open sizes of the operands of an operation on arrays that have to
/// agree, while they can be seen.
void createSizeChecks(mlir::Operation *op);

/// Adds the patterns that read sizes off what makes them, and remove
/// comparisons of what is then the same.
void populateFlattenSizesPatterns(mlir::RewritePatternSet &patterns);

/// Makes the arguments and results of `func` that are no matrices matrices,
/// with their sizes as attributes. Emits at a function that cannot.
llvm::LogicalResult flattenEntry(mlir::func::FuncOp func);

/// Rewrites the operations of `op` on tensors of rank 3 or more that treat all
/// rows alike to operations on matrices, and folds the reshapes in between.
/// Emits at what is left.
llvm::LogicalResult flattenOperations(mlir::Operation *op);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_TRANSFORMS_FLATTENBATCHES_H
