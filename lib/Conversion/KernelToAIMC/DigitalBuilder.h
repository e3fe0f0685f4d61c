//===- DigitalBuilder.h - Digital operations on batches ---------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What feature maps are made of, as linalg operations.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_CONVERSION_KERNELTOAIMC_DIGITALBUILDER_H
#define AIMC_LIB_CONVERSION_KERNELTOAIMC_DIGITALBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/Builders.h"

namespace aimc {

/// Creates digital operations on batches at one location.
class DigitalBuilder {
public:
  using Body =
      llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::ValueRange)>;

  DigitalBuilder(mlir::OpBuilder &builder, mlir::Location loc)
      : builder(builder), loc(loc) {}

  mlir::Location getLoc() const { return loc; }

  /// A number of f32.
  mlir::Value createConstant(double value);

  /// An element-wise operation on the batch `input`, n x c, and `others`: rows
  /// of length c or batches of one column.
  mlir::Value createElementwise(mlir::Value input, mlir::ValueRange others,
                                Body body);

  /// `scale`·`input`.
  mlir::Value createScaled(mlir::Value input, double scale);

  /// `scale`·Function(`input`).
  template <typename Function>
  mlir::Value createScaled(mlir::Value input, double scale) {
    mlir::Value factor = scale == 1 ? mlir::Value() : createConstant(scale);
    return createElementwise(
        input, {},
        [&](mlir::OpBuilder &body, mlir::ValueRange arguments) -> mlir::Value {
          mlir::Value value = Function::create(body, loc, arguments[0]);
          return factor ? mlir::arith::MulFOp::create(body, loc, value, factor)
                        : value;
        });
  }

  /// Joins the values of each row of `input`, n x c, to `start` by `body`; its
  /// second argument is what has been joined so far. The result is n x 1.
  mlir::Value createReduction(mlir::Value input, double start, Body body);

  /// start + factor·‖x‖² of each row x of `input`, n x 1.
  mlir::Value createSquaredNorm(mlir::Value input, double factor, double start);

  /// The largest magnitude of each row of `input`, n x 1.
  mlir::Value createLargestMagnitude(mlir::Value input);

  /// [`lhs` | `rhs`].
  mlir::Value createPair(mlir::Value lhs, mlir::Value rhs);

private:
  mlir::AffineMap getBatchMap();
  mlir::AffineMap getRowMap();
  mlir::AffineMap getColumnMap();
  mlir::Value createGeneric(mlir::ValueRange inputs, mlir::Value init,
                            llvm::ArrayRef<mlir::AffineMap> maps,
                            mlir::utils::IteratorType columns, Body body);

  mlir::OpBuilder &builder;
  mlir::Location loc;
};

} // namespace aimc

#endif // AIMC_LIB_CONVERSION_KERNELTOAIMC_DIGITALBUILDER_H
