//===- RowProgramLoops.cpp - Loops over batches as rows -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What loops over rows and columns read, compute and write, proven row by row
// from their indexing maps.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Transforms/RowProgramBuilder.h"

#include "AIMC/Utils/DigitalWork.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace aimc;

//===----------------------------------------------------------------------===//
// Operands and loops
//===----------------------------------------------------------------------===//

LogicalResult RowProgramBuilder::verifyLength(Operation *op, Value value,
                                              AffineMap map,
                                              const Loops &loops) {
  if (!loops.column)
    return success();
  AffineExpr column = getAffineDimExpr(*loops.column, builder.getContext());
  auto type = cast<RankedTensorType>(value.getType());
  for (auto [size, index] : llvm::zip_equal(type.getShape(), map.getResults()))
    if (index == column && !ShapedType::isDynamic(size) &&
        size != loops.columns)
      return op->emitOpError("expects rows of length ")
             << loops.columns << ", but got " << type;
  return success();
}

FailureOr<RowProgramBuilder::Element>
RowProgramBuilder::read(Operation *op, Value value, AffineMap map,
                        const Loops &loops) {
  // A number, as in linalg.fill.
  if (!isa<TensorType>(value.getType())) {
    if (FloatAttr scalar = getScalar(value))
      return Element{scalar, {}};
    return op->emitOpError("expects scalar operands that are constants of f32, "
                           "but got a value of ")
           << value.getType();
  }
  FailureOr<RowValue> known = lookup(op, value);
  if (failed(known))
    return failure();
  auto isLoop = [&](unsigned position, std::optional<unsigned> loop) {
    return loop && map.getResult(position) ==
                       getAffineDimExpr(*loop, builder.getContext());
  };
  auto isFirst = [&](unsigned position) {
    auto index = dyn_cast<AffineConstantExpr>(map.getResult(position));
    return index && index.getValue() == 0;
  };
  if (failed(verifyLength(op, value, map, loops)))
    return failure();
  // A cast may have hidden the length.
  auto checked = [&](Value row) -> FailureOr<Element> {
    int64_t length = cast<VectorType>(row.getType()).getDimSize(0);
    if (length != 1 && length != loops.columns)
      return op->emitOpError("expects rows of length ")
             << loops.columns << ", but got rows of length " << length;
    return Element{{}, row};
  };
  auto type = cast<RankedTensorType>(value.getType());
  switch (known->kind) {
  case RowValue::Undefined:
    return op->emitOpError(
        "expects initialised values, but reads an empty tensor");
  case RowValue::Splat:
    return Element{known->scalar, {}};
  case RowValue::Matrix:
    return op->emitOpError("expects a weight matrix only as the right operand "
                           "of a product");
  case RowValue::Uniform:
    // A sum of constants is one number.
    if (type.getRank() != 0 && !isLoop(0, loops.column))
      return refuseMap(op, map);
    return checked(known->row);
  case RowValue::Batch:
    if (!isLoop(0, loops.batch))
      return refuseMap(op, map);
    if (type.getRank() == 2 && !isLoop(1, loops.column) &&
        !(isFirst(1) && type.getDimSize(1) == 1))
      return refuseMap(op, map);
    return checked(known->row);
  case RowValue::Constant:
    break;
  }
  ElementsAttr constant = known->constant;
  ShapedType shape = constant.getShapedType();
  // All but at most one dimension have size 1, so the data are a row.
  bool isRow = false;
  for (unsigned i = 0, e = map.getNumResults(); i != e; ++i) {
    if (shape.getDimSize(i) == 1 &&
        (isFirst(i) || isLoop(i, loops.batch) || isLoop(i, loops.column)))
      continue;
    if (isRow || !isLoop(i, loops.column))
      return refuseMap(op, map);
    isRow = true;
  }
  ElementsAttr row = reshapeData(constant, getRowType(shape.getNumElements()));
  return checked(createConstant(op->getLoc(), cast<TypedAttr>(row)));
}

/// The size of loop `loop` of `op` if a type tells it.
static int64_t getStaticLoopSize(linalg::LinalgOp op, unsigned loop) {
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    for (auto [size, index] :
         llvm::zip_equal(op.getShape(&operand), map.getResults()))
      if (index == getAffineDimExpr(loop, op->getContext()) &&
          !ShapedType::isDynamic(size))
        return size;
  }
  return ShapedType::kDynamic;
}

FailureOr<RowProgramBuilder::Loops>
RowProgramBuilder::getLoops(linalg::LinalgOp op) {
  if (op.getNumLoops() > 2)
    return op.emitOpError("expects loops over rows and columns in a row "
                          "program, but got ")
           << op.getNumLoops() << " loops";
  // The loop over the batch is that which indexes the rows of an operand, or
  // of a result of rank 2.
  Loops loops;
  auto setBatch = [&](AffineMap map) -> LogicalResult {
    AffineDimExpr dim = map.getNumResults() > 0
                            ? dyn_cast<AffineDimExpr>(map.getResult(0))
                            : AffineDimExpr(nullptr);
    if (!dim || (loops.batch && *loops.batch != dim.getPosition()))
      return refuseMap(op, map);
    loops.batch = dim.getPosition();
    return success();
  };
  for (OpOperand &operand : op->getOpOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand.get().getType());
    if (!type)
      continue;
    bool isBatch = op.isDpsInit(&operand) && type.getRank() == 2;
    if (!isBatch && op.payloadUsesValueFromOperand(&operand)) {
      FailureOr<RowValue> known = lookup(op, operand.get());
      if (failed(known))
        return failure();
      isBatch = known->kind == RowValue::Batch;
    }
    if (isBatch && failed(setBatch(op.getMatchingIndexingMap(&operand))))
      return failure();
  }
  for (unsigned i = 0, e = op.getNumLoops(); i != e; ++i) {
    utils::IteratorType iterator = op.getIteratorTypesArray()[i];
    if (i == loops.batch) {
      if (iterator != utils::IteratorType::parallel)
        return op.emitOpError("expects a parallel loop over the rows of a "
                              "batch, but got a reduction");
      continue;
    }
    if (loops.column)
      return op.emitOpError("expects a loop over the rows of a batch, but got "
                            "loops over constants alone");
    loops.column = i;
    loops.columns = getStaticLoopSize(op, i);
    loops.isReduction = iterator != utils::IteratorType::parallel;
    if (loops.columns <= 0)
      return op.emitOpError("expects rows of a static, positive length");
  }
  return loops;
}

LogicalResult RowProgramBuilder::verifyOutput(linalg::LinalgOp op,
                                              const Loops &loops,
                                              OpOperand *init) {
  MLIRContext *context = builder.getContext();
  AffineMap map = op.getMatchingIndexingMap(init);
  if (failed(verifyLength(op, init->get(), map, loops)))
    return failure();
  SmallVector<AffineExpr> expected;
  if (loops.batch)
    expected.push_back(getAffineDimExpr(*loops.batch, context));
  if (loops.column && !loops.isReduction)
    expected.push_back(getAffineDimExpr(*loops.column, context));
  if (map.getResults() == ArrayRef(expected))
    return success();
  // A number per row can be a column.
  expected.push_back(getAffineConstantExpr(0, context));
  if ((!loops.column || loops.isReduction) &&
      map.getResults() == ArrayRef(expected))
    return success();
  return refuseMap(op, map);
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

FailureOr<RowProgramBuilder::Element>
RowProgramBuilder::getElement(Operation *op, Value value,
                              DenseMap<Value, Element> &elements) {
  auto known = elements.find(value);
  if (known != elements.end())
    return known->second;
  if (FloatAttr scalar = getScalar(value))
    return elements[value] = Element{scalar, {}};
  return op->emitOpError("expects values of its body and constants of f32 in "
                         "its body, but got a value of ")
         << value.getType();
}

LogicalResult
RowProgramBuilder::translateScalar(Operation *op, Operation &nested,
                                   DenseMap<Value, Element> &elements) {
  StringRef name = nested.getName().getStringRef();
  if (getInstruction(name).empty() || nested.getNumResults() != 1 ||
      !nested.getResult(0).getType().isF32())
    return op->emitOpError("expects a body of operations on f32 with a row "
                           "program, but got '")
           << name << "'";
  SmallVector<Element> operands;
  for (Value operand : nested.getOperands()) {
    FailureOr<Element> element = getElement(op, operand, elements);
    if (failed(element))
      return failure();
    operands.push_back(*element);
  }
  elements[nested.getResult(0)] = {
      {}, createInstruction(nested.getLoc(), nested.getName(), operands)};
  return success();
}

LogicalResult RowProgramBuilder::translateLoops(linalg::LinalgOp op) {
  FailureOr<Loops> loops = getLoops(op);
  if (failed(loops))
    return failure();
  Block *body = op.getBlock();
  Operation *yield = body->getTerminator();
  DenseMap<Value, Element> elements;
  SmallVector<Operation *, 2> reductions;
  for (OpOperand &operand : op->getOpOperands()) {
    // A destination that is not read may have no argument in the body.
    if (!op.payloadUsesValueFromOperand(&operand))
      continue;
    BlockArgument argument = op.getMatchingBlockArgument(&operand);
    FailureOr<Element> element =
        read(op, operand.get(), op.getMatchingIndexingMap(&operand), *loops);
    if (failed(element))
      return failure();
    elements[argument] = *element;
  }
  if (loops->isReduction)
    for (unsigned i = 0, e = op.getNumDpsInits(); i != e; ++i) {
      reductions.push_back(getReduction(op, i));
      if (!reductions.back())
        return op.emitOpError(
            "expects a reduction over columns to be a sum or a maximum");
    }
  for (Operation &nested : body->without_terminator()) {
    if (nested.hasTrait<OpTrait::ConstantLike>() ||
        llvm::is_contained(reductions, &nested))
      continue;
    if (failed(translateScalar(op, nested, elements)))
      return failure();
  }

  Location loc = op.getLoc();
  for (auto [index, yielded] : llvm::enumerate(yield->getOperands())) {
    OpOperand *init = op.getDpsInitOperand(index);
    if (failed(verifyOutput(op, *loops, init)))
      return failure();
    RowValue result;
    result.kind = loops->batch ? RowValue::Batch : RowValue::Uniform;
    Operation *reduction = loops->isReduction ? reductions[index] : nullptr;
    Value joined = yielded;
    BlockArgument running = op.getMatchingBlockArgument(init);
    if (reduction)
      joined = reduction->getOperand(reduction->getOperand(0) == running);
    FailureOr<Element> element = getElement(op, joined, elements);
    if (failed(element))
      return failure();
    result.row = createRow(loc, *element, loops->columns);
    if (reduction) {
      // One value is its own sum; upstream makes no reduction of it.
      if (loops->columns != 1) {
        auto kind = isa<arith::AddFOp>(reduction)
                        ? vector::CombiningKind::ADD
                        : vector::CombiningKind::MAXIMUMF;
        Value number =
            vector::ReductionOp::create(builder, loc, kind, result.row);
        result.row =
            vector::BroadcastOp::create(builder, loc, getRowType(1), number);
      }
      Element start = elements.lookup(running);
      if (!start.scalar || !isNeutral(reduction, start.scalar.getValue()))
        result.row = createInstruction(loc, reduction->getName(),
                                       {start, {{}, result.row}});
    }
    values[op->getResult(index)] = result;
  }
  return success();
}
