//===- FlattenReshapes.cpp - Arrays seen as matrices ----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reshapes that fold with those that undo them.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Transforms/FlattenBatches.h"
#include "AIMC/Utils/Sizes.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace aimc;

Value aimc::collapseTensor(OpBuilder &builder, Location loc, Value tensor,
                           const Groups &groups) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (static_cast<size_t>(type.getRank()) == groups.size())
    return tensor;
  if (auto empty = tensor.getDefiningOp<tensor::EmptyOp>()) {
    SmallVector<OpFoldResult> sizes;
    for (const ReassociationIndices &group : groups) {
      OpFoldResult size = builder.getIndexAttr(1);
      for (int64_t dimension : group)
        size =
            multiplySizes(builder, loc, size, empty.getMixedSizes()[dimension]);
      sizes.push_back(size);
    }
    return tensor::EmptyOp::create(builder, loc, sizes, type.getElementType());
  }
  if (auto expand = tensor.getDefiningOp<tensor::ExpandShapeOp>();
      expand && expand.getReassociationIndices() == groups)
    return expand.getSrc();
  if (auto fill = tensor.getDefiningOp<linalg::FillOp>())
    return linalg::FillOp::create(
               builder, loc, fill.getInputs(),
               collapseTensor(builder, loc, fill.getOutputs()[0], groups))
        .getResult(0);
  return tensor::CollapseShapeOp::create(builder, loc, tensor, groups);
}

Value aimc::expandTensor(OpBuilder &builder, Location loc, Value tensor,
                         RankedTensorType type, ArrayRef<OpFoldResult> sizes,
                         const Groups &groups) {
  if (static_cast<size_t>(type.getRank()) == groups.size())
    return tensor;
  // As the type has them, known or not.
  SmallVector<OpFoldResult> shape;
  for (auto [size, known] : llvm::zip_equal(sizes, type.getShape()))
    shape.push_back(
        ShapedType::isDynamic(known)
            ? OpFoldResult(getValueOrCreateConstantIndexOp(builder, loc, size))
            : builder.getIndexAttr(known));
  return tensor::ExpandShapeOp::create(builder, loc, type, tensor, groups,
                                       shape);
}

bool aimc::isDeep(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getRank() > 2;
}

bool aimc::isPerRow(Value value) {
  auto expand = value.getDefiningOp<tensor::ExpandShapeOp>();
  return expand && expand.getSrcType().getRank() == 1 &&
         expand.getResultType().getRank() == 2;
}

bool aimc::isDeep(Operation *op) {
  return llvm::any_of(op->getOperands(),
                      [](Value value) {
                        return isDeep(value.getType()) || isPerRow(value);
                      }) ||
         llvm::any_of(op->getResultTypes(),
                      [](Type type) { return isDeep(type); });
}
