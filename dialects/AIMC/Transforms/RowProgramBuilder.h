//===- RowProgramBuilder.h - Work on a batch as work on a row -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Translates operations on the tensors of a batch to operations on one row.
// What makes that possible, that each row of a result depends on the same row
// of the inputs alone, is proven from the indexing maps.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_TRANSFORMS_ROWPROGRAMBUILDER_H
#define AIMC_DIALECTS_AIMC_TRANSFORMS_ROWPROGRAMBUILDER_H

#include "AIMC/IR/AIMC.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"

namespace aimc {

/// What a tensor of a batch is in a row program.
struct RowValue {
  enum Kind {
    /// The destination of an operation: its values must not be read.
    Undefined,
    /// The same number everywhere: `scalar`.
    Splat,
    /// A constant tensor without a dimension for the batch: `constant`.
    Constant,
    /// A matrix in digital memory: `matrix`.
    Matrix,
    /// A computed tensor of rank 0 or 1 without a dimension for the batch:
    /// `row`, of length 1 for rank 0.
    Uniform,
    /// Dimension 0 is the batch; `row` is one row, of length 1 for rank 1.
    Batch,
  };
  Kind kind = Undefined;
  mlir::FloatAttr scalar;
  mlir::ElementsAttr constant;
  mlir::FlatSymbolRefAttr matrix;
  mlir::Value row;
};

/// Whether `value`, used inside a digital region but defined outside of it, is
/// no input of the row program but part of it, as a constant is.
bool isPartOfProgram(mlir::Value value);

/// The number that the constant `value` of type f32 is, or null.
mlir::FloatAttr getScalar(mlir::Value value);

/// The elements of `value`, which are dense, in the shape of `type`.
mlir::ElementsAttr reshapeData(mlir::ElementsAttr value, mlir::ShapedType type);

/// Builds the body of a row program.
class RowProgramBuilder {
public:
  /// Appends to `block`.
  explicit RowProgramBuilder(mlir::Block *block);

  /// Makes `row` the row of `batch`.
  void setInput(mlir::Value batch, mlir::Value row);

  /// Translates `op`, whose operands are translated. Emits at `op` when it has
  /// no row program.
  mlir::LogicalResult translate(mlir::Operation *op);

  /// The row of `batch`, a batch of f32 that `op` uses.
  mlir::FailureOr<mlir::Value> getRow(mlir::Operation *op, mlir::Value batch);

private:
  /// The loops of an operation: at most one over the batch and one over the
  /// columns.
  struct Loops {
    std::optional<unsigned> batch, column;
    int64_t columns = 1;
    bool isReduction = false; ///< whether the loop over columns is one
  };
  /// A value of the body of an operation: a number or a row.
  struct Element {
    mlir::FloatAttr scalar;
    mlir::Value row;
  };

  mlir::LogicalResult translateFill(mlir::Operation *op, mlir::Value scalar);
  mlir::LogicalResult translateConcat(mlir::tensor::ConcatOp op);
  /// A cast, or another shape of the same values.
  mlir::LogicalResult translateView(mlir::Operation *op);
  mlir::LogicalResult translateElementwise(mlir::Operation *op);
  mlir::LogicalResult translateProduct(mlir::linalg::LinalgOp op);
  mlir::LogicalResult translateLoops(mlir::linalg::LinalgOp op);

  /// Finds the loops of `op`. Emits when it does not work row by row.
  mlir::FailureOr<Loops> getLoops(mlir::linalg::LinalgOp op);
  /// Checks that the result of `op` for `init` is written row by row.
  mlir::LogicalResult verifyOutput(mlir::linalg::LinalgOp op,
                                   const Loops &loops, mlir::OpOperand *init);
  /// Checks that `map` runs over all columns of the operand `value` of `op`,
  /// which linalg leaves open beside a dynamic size.
  mlir::LogicalResult verifyLength(mlir::Operation *op, mlir::Value value,
                                   mlir::AffineMap map, const Loops &loops);
  /// What `map` reads of the operand `value` of `op`.
  mlir::FailureOr<Element> read(mlir::Operation *op, mlir::Value value,
                                mlir::AffineMap map, const Loops &loops);
  /// Translates an operation of a body on scalars.
  mlir::LogicalResult
  translateScalar(mlir::Operation *op, mlir::Operation &nested,
                  llvm::DenseMap<mlir::Value, Element> &elements);
  /// The translation of `value`, used in the body of `op`.
  mlir::FailureOr<Element>
  getElement(mlir::Operation *op, mlir::Value value,
             llvm::DenseMap<mlir::Value, Element> &elements);

  /// The operation `name` on rows.
  mlir::Value createInstruction(mlir::Location loc, mlir::OperationName name,
                                llvm::ArrayRef<Element> operands);
  /// `element` as a row of length `columns`; a row of length 1 is broadcast.
  mlir::Value createRow(mlir::Location loc, const Element &element,
                        int64_t columns);
  mlir::Value createConstant(mlir::Location loc, mlir::TypedAttr value);
  mlir::VectorType getRowType(int64_t columns);

  /// The translation of `value`; constants are translated when first used.
  mlir::FailureOr<RowValue> lookup(mlir::Operation *op, mlir::Value value);
  mlir::InFlightDiagnostic refuseMap(mlir::Operation *op, mlir::AffineMap map);

  mlir::OpBuilder builder;
  llvm::DenseMap<mlir::Value, RowValue> values;
  llvm::DenseMap<mlir::Attribute, mlir::Value> constants;
};

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_TRANSFORMS_ROWPROGRAMBUILDER_H
