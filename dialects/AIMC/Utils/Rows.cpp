//===- Rows.cpp - How many rows a batch has -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sizes are followed by structure alone: destinations, casts, views,
// element-wise operations and the yields of digital regions.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Utils/Rows.h"

#include "AIMC/IR/AIMC.h"
#include "AIMC/Utils/DigitalWork.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace aimc;

/// The tensor that `tensor` takes its rows from by construction, or null.
static Value getRowsOperand(Value tensor) {
  Operation *op = tensor.getDefiningOp();
  if (!op)
    return {};
  if (auto cast = dyn_cast<tensor::CastOp>(op))
    return isa<RankedTensorType>(cast.getSource().getType()) ? cast.getSource()
                                                             : Value();
  if (isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op)) {
    auto groups =
        isa<tensor::CollapseShapeOp>(op)
            ? cast<tensor::CollapseShapeOp>(op).getReassociationIndices()
            : cast<tensor::ExpandShapeOp>(op).getReassociationIndices();
    bool isApart = !groups.empty() && groups.front().size() == 1;
    return isApart || keepsRows(op) ? op->getOperand(0) : Value();
  }
  if (auto concat = dyn_cast<tensor::ConcatOp>(op))
    return concat.getDim() != 0 ? concat.getInputs().front() : Value();
  if (auto digital = dyn_cast<DigitalOp>(op))
    return digital.getBody().front().getTerminator()->getOperand(
        cast<OpResult>(tensor).getResultNumber());
  if (auto destination = dyn_cast<DestinationStyleOpInterface>(op))
    return destination.getTiedOpOperand(cast<OpResult>(tensor))->get();
  if (OpTrait::hasElementwiseMappableTraits(op))
    for (Value operand : op->getOperands())
      if (isa<RankedTensorType>(operand.getType()))
        return operand;
  return {};
}

/// The index that is the number of rows of `tensor`, or null.
static Value getRowCount(Value tensor) {
  Operation *op = tensor.getDefiningOp();
  OpFoldResult size;
  if (auto empty = dyn_cast_or_null<tensor::EmptyOp>(op))
    size = empty.getMixedSizes().front();
  else if (auto slice = dyn_cast_or_null<tensor::ExtractSliceOp>(op);
           slice && !slice.getDroppedDims().test(0))
    size = slice.getMixedSizes().front();
  else if (auto expand = dyn_cast_or_null<tensor::ExpandShapeOp>(op);
           expand && !getRowsOperand(tensor))
    size = expand.getMixedOutputShape().front();
  return dyn_cast_if_present<Value>(size);
}

Rows aimc::getRows(Value tensor) {
  while (true) {
    auto type = cast<RankedTensorType>(tensor.getType());
    if (!type.isDynamicDim(0))
      return {type.getDimSize(0), {}};
    if (Value size = getRowCount(tensor)) {
      APInt constant;
      if (matchPattern(size, m_ConstantInt(&constant)))
        return {constant.getSExtValue(), {}};
      auto dim = size.getDefiningOp<tensor::DimOp>();
      if (!dim || dim.getConstantIndex() != 0 ||
          !isa<RankedTensorType>(dim.getSource().getType()))
        return {ShapedType::kDynamic, size};
      tensor = dim.getSource();
      continue;
    }
    Value operand = getRowsOperand(tensor);
    if (!operand)
      return {ShapedType::kDynamic, tensor};
    tensor = operand;
  }
}

Value aimc::createRowCount(OpBuilder &builder, Location loc, Value tensor) {
  Rows rows = getRows(tensor);
  if (!rows.source)
    return arith::ConstantIndexOp::create(builder, loc, rows.size);
  if (!rows.source.getParentRegion()->isAncestor(
          builder.getBlock()->getParent()))
    return tensor::DimOp::create(builder, loc, tensor, 0);
  if (isa<IndexType>(rows.source.getType()))
    return rows.source;
  return tensor::DimOp::create(builder, loc, rows.source, 0);
}

Value aimc::createEmpty(OpBuilder &builder, Location loc, Value tensor,
                        int64_t columns) {
  int64_t size = cast<RankedTensorType>(tensor.getType()).getDimSize(0);
  SmallVector<Value, 1> dynamic;
  if (ShapedType::isDynamic(size))
    dynamic.push_back(createRowCount(builder, loc, tensor));
  auto type = RankedTensorType::get({size, columns}, builder.getF32Type());
  return tensor::EmptyOp::create(builder, loc, type, dynamic);
}

RankedTensorType aimc::getColumnType(Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  return type.getRank() == 1 ? RankedTensorType::get({type.getDimSize(0), 1},
                                                     type.getElementType())
                             : type;
}

Value aimc::createColumn(OpBuilder &builder, Value numbers) {
  if (auto collapse = numbers.getDefiningOp<tensor::CollapseShapeOp>();
      collapse && collapse.getSrcType() == getColumnType(numbers))
    return collapse.getSrc();
  int64_t size = cast<RankedTensorType>(numbers.getType()).getDimSize(0);
  OpFoldResult rows = builder.getIndexAttr(size);
  if (ShapedType::isDynamic(size))
    rows = createRowCount(builder, numbers.getLoc(), numbers);
  SmallVector<OpFoldResult> sizes = {rows, builder.getIndexAttr(1)};
  SmallVector<ReassociationIndices> groups = {{0, 1}};
  return tensor::ExpandShapeOp::create(builder, numbers.getLoc(),
                                       getColumnType(numbers), numbers, groups,
                                       sizes);
}

Value aimc::createNumbers(OpBuilder &builder, Value column, Type type) {
  SmallVector<ReassociationIndices> groups = {{0, 1}};
  return tensor::CollapseShapeOp::create(builder, column.getLoc(), type, column,
                                         groups);
}
