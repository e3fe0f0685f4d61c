//===- RowProgramBuilder.cpp - Batches as rows -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values keep their natural length: a number per row stays a row of length 1
// until it meets a longer one.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Transforms/RowProgramBuilder.h"

#include "AIMC/Utils/DigitalWork.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace aimc;

FloatAttr aimc::getScalar(Value value) {
  FloatAttr scalar;
  if (matchPattern(value, m_Constant(&scalar)) && scalar.getType().isF32())
    return scalar;
  return {};
}

/// The number that `value` holds everywhere, or null.
static FloatAttr getSplat(ElementsAttr value) {
  auto dense = dyn_cast<DenseElementsAttr>(value);
  return dense && dense.isSplat() ? dense.getSplatValue<FloatAttr>()
                                  : FloatAttr();
}

ElementsAttr aimc::reshapeData(ElementsAttr value, ShapedType type) {
  if (auto dense = dyn_cast<DenseElementsAttr>(value))
    return dense.reshape(type);
  return DenseResourceElementsAttr::get(
      type, cast<DenseResourceElementsAttr>(value).getRawHandle());
}

bool aimc::isPartOfProgram(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return false;
  if (auto fill = dyn_cast<linalg::FillOp>(op))
    return static_cast<bool>(getScalar(fill.getInputs().front()));
  return op->hasTrait<OpTrait::ConstantLike>() ||
         isa<tensor::EmptyOp, WeightsValueOp>(op);
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

RowProgramBuilder::RowProgramBuilder(Block *block)
    : builder(OpBuilder::atBlockEnd(block)) {}

void RowProgramBuilder::setInput(Value batch, Value row) {
  RowValue &value = values[batch];
  value.kind = RowValue::Batch;
  value.row = row;
}

FailureOr<RowValue> RowProgramBuilder::lookup(Operation *op, Value value) {
  auto known = values.find(value);
  if (known != values.end())
    return known->second;
  RowValue result;
  Operation *producer = value.getDefiningOp();
  if (auto constant = dyn_cast_or_null<arith::ConstantOp>(producer)) {
    auto elements = dyn_cast<ElementsAttr>(constant.getValue());
    if (!elements || !elements.getElementType().isF32())
      return op->emitOpError("expects constants of f32 in a row program, but "
                             "got ")
             << constant.getType();
    if (failed(verifyData(constant, elements)))
      return failure();
    result.constant = elements;
    result.scalar = getSplat(elements);
    result.kind = result.scalar ? RowValue::Splat : RowValue::Constant;
  } else if (auto weights = dyn_cast_or_null<WeightsValueOp>(producer)) {
    result.kind = RowValue::Matrix;
    result.matrix = weights.getWeightsAttr();
  } else if (isa_and_nonnull<tensor::EmptyOp>(producer)) {
    result.kind = RowValue::Undefined;
  } else if (auto fill = dyn_cast_or_null<linalg::FillOp>(producer);
             fill && isPartOfProgram(value)) {
    result.kind = RowValue::Splat;
    result.scalar = getScalar(fill.getInputs().front());
  } else {
    InFlightDiagnostic diag =
        op->emitOpError("expects operands with a row program");
    diag.attachNote(value.getLoc()) << "this operand has none";
    return diag;
  }
  return values[value] = result;
}

VectorType RowProgramBuilder::getRowType(int64_t columns) {
  return VectorType::get({columns}, builder.getF32Type());
}

Value RowProgramBuilder::createConstant(Location loc, TypedAttr value) {
  Value &constant = constants[value];
  if (!constant)
    constant = arith::ConstantOp::create(builder, loc, value);
  return constant;
}

Value RowProgramBuilder::createRow(Location loc, const Element &element,
                                   int64_t columns) {
  VectorType type = getRowType(columns);
  if (element.scalar)
    return createConstant(
        loc, DenseElementsAttr::get(type, element.scalar.getValue()));
  if (element.row.getType() == type)
    return element.row;
  return vector::BroadcastOp::create(builder, loc, type, element.row);
}

Value RowProgramBuilder::createInstruction(Location loc, OperationName name,
                                           ArrayRef<Element> operands) {
  int64_t columns = 1;
  for (const Element &operand : operands)
    if (operand.row)
      columns = std::max(columns,
                         cast<VectorType>(operand.row.getType()).getDimSize(0));
  OperationState state(loc, name);
  for (const Element &operand : operands)
    state.operands.push_back(createRow(loc, operand, columns));
  state.addTypes(getRowType(columns));
  return builder.create(state)->getResult(0);
}

FailureOr<Value> RowProgramBuilder::getRow(Operation *op, Value batch) {
  auto type = dyn_cast<RankedTensorType>(batch.getType());
  if (!type || type.getRank() != 2 || type.getDimSize(1) <= 0)
    return op->emitOpError("expects a batch of rows of a static, positive "
                           "length, but got ")
           << batch.getType();
  Loops loops;
  loops.batch = 0;
  loops.column = 1;
  loops.columns = type.getDimSize(1);
  FailureOr<Element> element =
      read(op, batch,
           AffineMap::getMultiDimIdentityMap(2, builder.getContext()), loops);
  if (failed(element))
    return failure();
  return createRow(op->getLoc(), *element, loops.columns);
}

InFlightDiagnostic RowProgramBuilder::refuseMap(Operation *op, AffineMap map) {
  return op->emitOpError("expects to work on each row of a batch by itself, "
                         "but got the indexing map ")
         << AffineMapAttr::get(map);
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

LogicalResult RowProgramBuilder::translateFill(Operation *op, Value scalar) {
  RowValue &result = values[op->getResult(0)];
  result.kind = RowValue::Splat;
  result.scalar = getScalar(scalar);
  if (!result.scalar)
    return op->emitOpError("expects a constant of f32 to fill with, but got a "
                           "value of ")
           << scalar.getType();
  return success();
}

LogicalResult RowProgramBuilder::translateConcat(tensor::ConcatOp op) {
  if (op.getDim() != 1)
    return op.emitOpError("expects to concatenate columns, dimension 1, but "
                          "got dimension ")
           << op.getDim();
  Value row;
  for (Value input : op.getInputs()) {
    FailureOr<Value> next = getRow(op, input);
    if (failed(next))
      return failure();
    if (!row) {
      row = *next;
      continue;
    }
    int64_t columns = cast<VectorType>(row.getType()).getDimSize(0) +
                      cast<VectorType>(next->getType()).getDimSize(0);
    row = ConcatenateOp::create(builder, op.getLoc(), getRowType(columns), row,
                                *next);
  }
  setInput(op.getResult(), row);
  return success();
}

LogicalResult RowProgramBuilder::translateElementwise(Operation *op) {
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!type || !type.getElementType().isF32() || type.getRank() < 1 ||
      type.getRank() > 2)
    return op->emitOpError("expects tensors of f32 of rank 1 or 2 in a row "
                           "program, but got ")
           << op->getResult(0).getType();
  Loops loops;
  RowValue result;
  result.kind = RowValue::Batch;
  loops.batch = 0;
  AffineMap map =
      AffineMap::getMultiDimIdentityMap(type.getRank(), builder.getContext());
  if (type.getRank() == 2) {
    loops.column = 1;
  } else {
    bool isBatch = false;
    for (Value operand : op->getOperands()) {
      FailureOr<RowValue> known = lookup(op, operand);
      if (failed(known))
        return failure();
      isBatch |= known->kind == RowValue::Batch;
    }
    if (!isBatch) {
      std::swap(loops.batch, loops.column);
      result.kind = RowValue::Uniform;
    }
  }
  if (loops.column)
    loops.columns = type.getDimSize(*loops.column);
  if (loops.columns <= 0)
    return op->emitOpError("expects rows of a static, positive length, but "
                           "got ")
           << type;
  SmallVector<Element> operands;
  for (Value operand : op->getOperands()) {
    FailureOr<Element> element = read(op, operand, map, loops);
    if (failed(element))
      return failure();
    operands.push_back(*element);
  }
  result.row =
      createRow(op->getLoc(),
                {{}, createInstruction(op->getLoc(), op->getName(), operands)},
                loops.columns);
  values[op->getResult(0)] = result;
  return success();
}

LogicalResult RowProgramBuilder::translateProduct(linalg::LinalgOp op) {
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  for (AffineMap map : maps)
    if (map.getNumResults() != 2)
      return refuseMap(op, map);
  AffineExpr n = maps[2].getResult(0), c = maps[2].getResult(1);
  AffineExpr k = maps[0].getResult(1);
  if (maps[0].getResult(0) != n)
    return refuseMap(op, maps[0]);
  if (maps[1].getResult(0) != k || maps[1].getResult(1) != c)
    return refuseMap(op, maps[1]);
  FailureOr<RowValue> matrix = lookup(op, op.getDpsInputs()[1]);
  if (failed(matrix))
    return failure();
  if (matrix->kind != RowValue::Matrix)
    return op.emitOpError("expects 'aimc.weights_value' as the right operand "
                          "of a product in a row program");
  FailureOr<Value> input = getRow(op, op.getDpsInputs()[0]);
  if (failed(input))
    return failure();
  int64_t columns =
      cast<RankedTensorType>(op.getDpsInputs()[1].getType()).getDimSize(1);
  Location loc = op.getLoc();
  Value row = ProductOp::create(builder, loc, getRowType(columns), *input,
                                matrix->matrix);
  Value init = op.getDpsInits()[0];
  FailureOr<RowValue> start = lookup(op, init);
  if (failed(start))
    return failure();
  if (start->kind != RowValue::Splat || !start->scalar.getValue().isZero()) {
    FailureOr<Value> initial = getRow(op, init);
    if (failed(initial))
      return failure();
    row = arith::AddFOp::create(builder, loc, *initial, row);
  }
  setInput(op->getResult(0), row);
  return success();
}

LogicalResult RowProgramBuilder::translateView(Operation *op) {
  FailureOr<RowValue> value = lookup(op, op->getOperand(0));
  if (failed(value))
    return failure();
  Value batch = op->getResult(0);
  auto type = dyn_cast<RankedTensorType>(batch.getType());
  switch (value->kind) {
  case RowValue::Batch:
    if (!keepsRows(op))
      return op->emitOpError("expects to keep the rows of a batch, but got ")
             << op->getOperand(0).getType() << " and " << batch.getType();
    // Two casts could hide that a length is wrong.
    if (type && type.getRank() == 2 && !type.isDynamicDim(1) &&
        type.getDimSize(1) !=
            cast<VectorType>(value->row.getType()).getDimSize(0))
      return op->emitOpError("expects rows of length ")
             << cast<VectorType>(value->row.getType()).getDimSize(0)
             << ", but got " << type;
    break;
  case RowValue::Constant:
    if (!isa<tensor::CastOp>(op))
      value->constant = reshapeData(value->constant, type);
    break;
  case RowValue::Uniform:
  case RowValue::Matrix:
    if (isa<tensor::CastOp>(op))
      break;
    return op->emitOpError("expects a batch or a constant in a row program, "
                           "but got another shape of a value of ")
           << op->getOperand(0).getType();
  case RowValue::Splat:
  case RowValue::Undefined:
    break;
  }
  values[batch] = *value;
  return success();
}

LogicalResult RowProgramBuilder::translate(Operation *op) {
  // Sizes, constants and destinations are translated where they are used.
  if (op->hasTrait<OpTrait::ConstantLike>() ||
      isa<tensor::EmptyOp, WeightsValueOp>(op) ||
      llvm::none_of(op->getResultTypes(), llvm::IsaPred<TensorType>))
    return success();
  if (isa<tensor::CastOp, tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op))
    return translateView(op);
  if (auto concat = dyn_cast<tensor::ConcatOp>(op))
    return translateConcat(concat);
  if (auto splat = dyn_cast<tensor::SplatOp>(op))
    return translateFill(op, splat.getInput());
  if (auto fill = dyn_cast<linalg::FillOp>(op))
    return translateFill(op, fill.getInputs().front());
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op)) {
    if (isMatrixProduct(linalgOp))
      return translateProduct(linalgOp);
    return translateLoops(linalgOp);
  }
  if (OpTrait::hasElementwiseMappableTraits(op) && op->getNumResults() == 1 &&
      !getInstruction(op->getName().getStringRef()).empty())
    return translateElementwise(op);
  return op->emitError("expects an operation with a row program, but got '")
         << op->getName() << "'";
}
