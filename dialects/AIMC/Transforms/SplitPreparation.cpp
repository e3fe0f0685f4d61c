//===- SplitPreparation.cpp - Make digital work assignable -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Removes dependences that are none: on sizes, and on values that are
// overwritten.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Transforms/SplitPreparation.h"

#include "AIMC/IR/AIMC.h"
#include "AIMC/Utils/DigitalWork.h"
#include "AIMC/Utils/Matrices.h"
#include "AIMC/Utils/Rows.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace aimc;

/// Replaces a size by where it comes from.
static void prepareSize(tensor::DimOp dim) {
  auto type = dyn_cast<RankedTensorType>(dim.getSource().getType());
  std::optional<int64_t> index = dim.getConstantIndex();
  if (!type || !index || *index < 0 || *index >= type.getRank())
    return;
  OpBuilder builder(dim);
  Value size;
  if (!type.isDynamicDim(*index))
    size = arith::ConstantIndexOp::create(builder, dim.getLoc(),
                                          type.getDimSize(*index));
  else if (Rows rows = getRows(dim.getSource());
           *index == 0 && rows.source != dim.getSource())
    size = createRowCount(builder, dim.getLoc(), dim.getSource());
  else
    return;
  dim.replaceAllUsesWith(size);
  eraseDead({dim});
}

/// Makes a number per row that becomes a column have the rows that it has, not
/// an arithmetic of other sizes.
static void prepareColumn(tensor::ExpandShapeOp expand) {
  OpBuilder builder(expand);
  if (!keepsRows(expand) || expand.getOutputShape().size() != 1)
    return;
  Operation *size = expand.getOutputShape()[0].getDefiningOp();
  expand.getOutputShapeMutable().assign(
      createRowCount(builder, expand.getLoc(), expand.getSrc()));
  if (size)
    eraseDead({size});
}

/// Gives `destination` an empty tensor when it has values that are not read.
static void prepareDestination(OpOperand &destination) {
  auto type = dyn_cast<RankedTensorType>(destination.get().getType());
  if (!type || type.getRank() != 2 || type.isDynamicDim(1) ||
      !type.getElementType().isF32() ||
      destination.get().getDefiningOp<tensor::EmptyOp>())
    return;
  OpBuilder builder(destination.getOwner());
  Operation *producer = destination.get().getDefiningOp();
  destination.set(createEmpty(builder, destination.getOwner()->getLoc(),
                              destination.get(), type.getDimSize(1)));
  if (producer)
    eraseDead({producer});
}

void aimc::prepareSplit(ModuleOp module) {
  SmallVector<Operation *> ops;
  module.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<DigitalOp, ProgramOp>(op))
      return WalkResult::skip();
    if (isa<tensor::DimOp, tensor::ExpandShapeOp, linalg::LinalgOp, AttentionOp,
            MvmOp>(op))
      ops.push_back(op);
    return WalkResult::advance();
  });
  for (Operation *op : ops) {
    if (auto dim = dyn_cast<tensor::DimOp>(op)) {
      prepareSize(dim);
    } else if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
      prepareColumn(expand);
    } else if (auto mvm = dyn_cast<MvmOp>(op)) {
      prepareDestination(mvm.getInitMutable());
    } else if (auto attention = dyn_cast<AttentionOp>(op)) {
      prepareDestination(attention.getInitMutable());
    } else {
      auto linalgOp = cast<linalg::LinalgOp>(op);
      for (OpOperand &init : linalgOp.getDpsInitsMutable())
        if (!linalgOp.payloadUsesValueFromOperand(&init))
          prepareDestination(init);
    }
  }
}
