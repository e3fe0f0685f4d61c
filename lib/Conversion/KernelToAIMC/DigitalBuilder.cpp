//===- DigitalBuilder.cpp - Digital operations on batches -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One linalg.generic each.
//
//===----------------------------------------------------------------------===//

#include "Conversion/KernelToAIMC/DigitalBuilder.h"

#include "AIMC/Utils/Rows.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <limits>

using namespace mlir;
using namespace aimc;

Value DigitalBuilder::createConstant(double value) {
  return arith::ConstantOp::create(
      builder, loc, builder.getF32FloatAttr(static_cast<float>(value)));
}

Value DigitalBuilder::createElementwise(Value input, ValueRange others,
                                        Body body) {
  SmallVector<AffineMap> maps = {getBatchMap()};
  for (Value other : others)
    maps.push_back(cast<RankedTensorType>(other.getType()).getRank() == 1
                       ? getRowMap()
                       : getColumnMap());
  maps.push_back(getBatchMap());
  SmallVector<Value> inputs = {input};
  llvm::append_range(inputs, others);
  auto type = cast<RankedTensorType>(input.getType());
  return createGeneric(inputs,
                       createEmpty(builder, loc, input, type.getDimSize(1)),
                       maps, utils::IteratorType::parallel, body);
}

Value DigitalBuilder::createScaled(Value input, double scale) {
  Value factor = createConstant(scale);
  return createElementwise(
      input, {}, [&](OpBuilder &body, ValueRange arguments) -> Value {
        return arith::MulFOp::create(body, loc, arguments[0], factor);
      });
}

Value DigitalBuilder::createReduction(Value input, double start, Body body) {
  Value empty = createEmpty(builder, loc, input, 1);
  Value init =
      linalg::FillOp::create(builder, loc, createConstant(start), empty)
          .getResult(0);
  return createGeneric(input, init, {getBatchMap(), getColumnMap()},
                       utils::IteratorType::reduction, body);
}

Value DigitalBuilder::createSquaredNorm(Value input, double factor,
                                        double start) {
  Value scale = createConstant(factor);
  return createReduction(
      input, start, [&](OpBuilder &body, ValueRange arguments) -> Value {
        Value x = arguments[0];
        Value square = arith::MulFOp::create(body, loc, x, x);
        Value scaled = arith::MulFOp::create(body, loc, square, scale);
        return arith::AddFOp::create(body, loc, arguments[1], scaled);
      });
}

Value DigitalBuilder::createLargestMagnitude(Value input) {
  return createReduction(
      input, -std::numeric_limits<double>::infinity(),
      [&](OpBuilder &body, ValueRange arguments) -> Value {
        Value size = math::AbsFOp::create(body, loc, arguments[0]);
        return arith::MaximumFOp::create(body, loc, arguments[1], size);
      });
}

Value DigitalBuilder::createPair(Value lhs, Value rhs) {
  return tensor::ConcatOp::create(builder, loc, /*dim=*/1,
                                  ValueRange{lhs, rhs});
}

AffineMap DigitalBuilder::getBatchMap() {
  return AffineMap::getMultiDimIdentityMap(2, builder.getContext());
}

AffineMap DigitalBuilder::getRowMap() {
  return AffineMap::get(2, 0, builder.getAffineDimExpr(1));
}

AffineMap DigitalBuilder::getColumnMap() {
  return AffineMap::get(
      2, 0, {builder.getAffineDimExpr(0), builder.getAffineConstantExpr(0)},
      builder.getContext());
}

Value DigitalBuilder::createGeneric(ValueRange inputs, Value init,
                                    ArrayRef<AffineMap> maps,
                                    utils::IteratorType columns, Body body) {
  SmallVector<utils::IteratorType> iterators = {utils::IteratorType::parallel,
                                                columns};
  return linalg::GenericOp::create(
             builder, loc, init.getType(), inputs, init, maps, iterators,
             [&](OpBuilder &nested, Location, ValueRange arguments) {
               linalg::YieldOp::create(nested, loc, body(nested, arguments));
             })
      .getResult(0);
}
