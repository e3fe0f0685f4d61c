//===- Constants.cpp - Constant operands of kernel operations -------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Equal constants are stored once, whatever their rank.
//
//===----------------------------------------------------------------------===//

#include "Conversion/KernelToAIMC/Constants.h"

#include "AIMC/IR/AIMC.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;
using namespace aimc;

/// `value` with the shape of `type`, which has as many entries; null if it is
/// of a kind that cannot have another.
static ElementsAttr reshape(ElementsAttr value, RankedTensorType type) {
  if (auto dense = dyn_cast<DenseElementsAttr>(value))
    return dense.reshape(type);
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
    return DenseResourceElementsAttr::get(type, resource.getRawHandle());
  return {};
}

std::optional<ConstantMatrix> aimc::matchConstantRows(Value operand) {
  if (std::optional<ConstantMatrix> matrix = matchConstantMatrix(operand))
    return matrix;
  while (auto cast = operand.getDefiningOp<tensor::CastOp>())
    operand = cast.getSource();
  auto constant = operand.getDefiningOp<arith::ConstantOp>();
  auto value =
      constant ? dyn_cast<ElementsAttr>(constant.getValue()) : ElementsAttr();
  if (!value)
    return std::nullopt;
  auto type = dyn_cast<RankedTensorType>(value.getShapedType());
  if (!type || type.getRank() == 0 || type.getRank() == 2 ||
      type.getNumElements() == 0)
    return std::nullopt;
  int64_t columns = type.getRank() == 1 ? 1 : type.getShape().back();
  value = reshape(
      value, RankedTensorType::get({type.getNumElements() / columns, columns},
                                   type.getElementType()));
  if (!value)
    return std::nullopt;
  ConstantMatrix matrix;
  matrix.value = value;
  matrix.source = constant;
  return matrix;
}

Value aimc::loadConstant(OpBuilder &builder, Location loc, Matrices &matrices,
                         Value operand, StringRef name) {
  std::optional<ConstantMatrix> constant = matchConstantRows(operand);
  if (!constant)
    return operand;
  FailureOr<FlatSymbolRefAttr> weights =
      matrices.getSymbol(*constant, /*transpose=*/false, name);
  if (failed(weights))
    return {};
  // Static, whatever casts are in between.
  auto type = cast<RankedTensorType>(constant->value.getShapedType());
  SmallVector<int64_t> shape(type.getShape());
  if (constant->transposed)
    std::swap(shape[0], shape[1]);
  Value init =
      tensor::EmptyOp::create(builder, loc, shape, type.getElementType());
  Value loaded =
      LoadOp::create(builder, loc, init.getType(), *weights, init).getResult();
  auto asked = cast<RankedTensorType>(operand.getType());
  if (asked.getRank() != 2) {
    // The constant itself knows its sizes.
    while (auto cast = operand.getDefiningOp<tensor::CastOp>())
      operand = cast.getSource();
    auto known = cast<RankedTensorType>(operand.getType());
    if (known.getRank() == 1)
      loaded = tensor::CollapseShapeOp::create(
          builder, loc, known, loaded, ArrayRef<ReassociationIndices>{{0, 1}});
    else
      loaded = tensor::ExpandShapeOp::create(
          builder, loc, known, loaded,
          ArrayRef<ReassociationIndices>{{0, 1}, {2}});
  }
  if (loaded.getType() != asked)
    loaded = tensor::CastOp::create(builder, loc, asked, loaded);
  return loaded;
}
