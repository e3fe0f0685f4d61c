//===- FlattenEntry.cpp - Arguments and results become matrices -----------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inside, the arrays are views of the matrices, so that the rest of a function
// stays as it is.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/Transforms/FlattenBatches.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace aimc;

/// Whether users see a value of `type` as something else than the matrix that
/// the program takes.
static bool isArray(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getElementType().isF32() && tensor.getRank() > 0 &&
         (tensor.getRank() != 2 || tensor.isDynamicDim(1));
}

static DenseI64ArrayAttr getSizes(RankedTensorType type) {
  return DenseI64ArrayAttr::get(
      type.getContext(), llvm::map_to_vector(type.getShape(), [](int64_t size) {
        return ShapedType::isDynamic(size) ? -1 : size;
      }));
}

/// The dimensions of `type` that are the rows of its matrix, and those that are
/// the columns.
static Groups getGroups(RankedTensorType type) {
  ReassociationIndices rows =
      llvm::to_vector(llvm::seq<int64_t>(0, type.getRank() - 1));
  return {rows, {type.getRank() - 1}};
}

/// Whether the rows of the matrix of an array are along its last dimension;
/// else each value is one.
static bool hasWidth(RankedTensorType type) {
  return type.getRank() > 1 && !type.isDynamicDim(type.getRank() - 1);
}

/// All dimensions of a tensor of `rank` in one group.
static Groups getOneGroup(int64_t rank) {
  ReassociationIndices all = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  return {all};
}

/// The array of `type` that `matrix`, argument `index`, is.
static Value createArray(OpBuilder &builder, Value matrix, unsigned index,
                         RankedTensorType type) {
  Location loc = matrix.getLoc();
  SmallVector<OpFoldResult> sizes;
  for (auto [dimension, size] : llvm::enumerate(type.getShape())) {
    if (!ShapedType::isDynamic(size)) {
      sizes.push_back(builder.getIndexAttr(size));
      continue;
    }
    auto number = static_cast<int64_t>(dimension);
    sizes.push_back(InputSizeOp::create(builder, loc, builder.getIndexType(),
                                        builder.getI64IntegerAttr(index),
                                        builder.getI64IntegerAttr(number))
                        .getResult());
  }
  if (hasWidth(type))
    return expandTensor(builder, loc, matrix, type, sizes, getGroups(type));
  Value values = collapseTensor(builder, loc, matrix, getOneGroup(2));
  return type.getRank() == 1 ? values
                             : expandTensor(builder, loc, values, type, sizes,
                                            getOneGroup(type.getRank()));
}

/// The matrix of `array`, result `index`, whose open sizes are told to the
/// runtime.
static Value createMatrix(OpBuilder &builder, Location loc, Value array,
                          unsigned index) {
  auto type = cast<RankedTensorType>(array.getType());
  for (auto [dimension, size] : llvm::enumerate(type.getShape()))
    if (ShapedType::isDynamic(size))
      SetOutputSizeOp::create(
          builder, loc, builder.getI64IntegerAttr(index),
          builder.getI64IntegerAttr(static_cast<int64_t>(dimension)),
          tensor::DimOp::create(builder, loc, array, dimension));
  if (hasWidth(type))
    return collapseTensor(builder, loc, array, getGroups(type));
  if (type.getRank() > 1)
    array = collapseTensor(builder, loc, array, getOneGroup(type.getRank()));
  OpFoldResult sizes[] = {tensor::getMixedSize(builder, loc, array, 0),
                          builder.getIndexAttr(1)};
  return expandTensor(builder, loc, array, getMatrixType(type), sizes,
                      getOneGroup(2));
}

LogicalResult aimc::flattenEntry(func::FuncOp func) {
  FunctionType type = func.getFunctionType();
  if (llvm::none_of(type.getInputs(), isArray) &&
      llvm::none_of(type.getResults(), isArray))
    return success();
  // Who calls it cannot tell the sizes.
  if (!func.isPublic() || func.isDeclaration())
    return func.emitError("expects arrays that are no matrices in public "
                          "functions with a body alone, but got function '")
           << func.getName() << "' of type " << type;
  OpBuilder builder(func.getBody());
  SmallVector<Type> inputs(type.getInputs()), results(type.getResults());
  for (auto [index, argument] : llvm::enumerate(func.getArguments())) {
    if (!isArray(argument.getType()))
      continue;
    auto array = cast<RankedTensorType>(argument.getType());
    auto uses = llvm::to_vector(llvm::make_pointer_range(argument.getUses()));
    inputs[index] = getMatrixType(array);
    argument.setType(inputs[index]);
    func.setArgAttr(index, sizesAttrName, getSizes(array));
    Value view = createArray(builder, argument, index, array);
    for (OpOperand *use : uses)
      use->set(view);
  }
  for (auto [index, result] : llvm::enumerate(results))
    if (isArray(result)) {
      auto array = cast<RankedTensorType>(result);
      func.setResultAttr(index, sizesAttrName, getSizes(array));
      result = getMatrixType(array);
    }
  func.setFunctionType(builder.getFunctionType(inputs, results));
  func.walk([&](func::ReturnOp op) {
    builder.setInsertionPoint(op);
    for (auto [index, operand] : llvm::enumerate(op->getOpOperands()))
      if (isArray(operand.get().getType()))
        operand.set(createMatrix(builder, op.getLoc(), operand.get(), index));
  });
  return success();
}
