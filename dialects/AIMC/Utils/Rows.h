//===- Rows.h - How many rows a batch has -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Follows the number of rows of a tensor to where it comes from, so that sizes
// never depend on computed values and equal batches are known to be equal.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_UTILS_ROWS_H
#define AIMC_DIALECTS_AIMC_UTILS_ROWS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Value.h"

#include <utility>

namespace aimc {

/// The number of rows (dimension 0) of a tensor: a static size or where it
/// comes from.
struct Rows {
  /// The size, or `ShapedType::kDynamic`.
  int64_t size = mlir::ShapedType::kDynamic;
  /// When dynamic, a tensor with as many rows, or the index that is the size.
  mlir::Value source;

  bool operator==(const Rows &other) const {
    return size == other.size && source == other.source;
  }
  bool operator!=(const Rows &other) const { return !(*this == other); }
};

/// Follows the rows of `tensor`, of rank 1 or more, through operations that
/// keep them to an argument, a size, or an operation that it does not know.
Rows getRows(mlir::Value tensor);

/// The number of rows of `tensor` as an index, computed from where they come
/// from when that is visible at the insertion point.
mlir::Value createRowCount(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Value tensor);

/// A `tensor.empty` of f32 with `columns` columns and as many rows as `tensor`.
mlir::Value createEmpty(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::Value tensor, int64_t columns);

/// The type of `tensor`; a column of as many rows when it has rank 1, numbers
/// per row.
mlir::RankedTensorType getColumnType(mlir::Value tensor);

/// The column, n x 1, of `numbers`, of rank 1.
mlir::Value createColumn(mlir::OpBuilder &builder, mlir::Value numbers);

/// The tensor of rank 1 and type `type` that holds the values of `column`.
mlir::Value createNumbers(mlir::OpBuilder &builder, mlir::Value column,
                          mlir::Type type);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_UTILS_ROWS_H
