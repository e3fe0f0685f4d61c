//===- FlattenSizes.cpp - Open sizes of arrays ----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Joined rows say no more how many there were of each dimension, so what agrees
// in all is compared before, unless it is the same size by what makes it.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/Transforms/FlattenBatches.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace aimc;

namespace {
/// Reads a size of a reshaped tensor off its sizes. Upstream's patterns make
/// affine operations, which have no place here.
struct ResolveSize : public OpRewritePattern<tensor::DimOp> {
  ResolveSize(MLIRContext *context)
      : OpRewritePattern(context, /*benefit=*/2) {}

  LogicalResult matchAndRewrite(tensor::DimOp op,
                                PatternRewriter &rewriter) const override {
    Operation *source = op.getSource().getDefiningOp();
    std::optional<int64_t> index = op.getConstantIndex();
    auto type = dyn_cast<RankedTensorType>(op.getSource().getType());
    if (!type || !index || *index < 0 || *index >= type.getRank())
      return rewriter.notifyMatchFailure(op, "its dimension is not known");
    Location loc = op.getLoc();
    OpFoldResult size;
    if (auto expand = dyn_cast_or_null<tensor::ExpandShapeOp>(source)) {
      size = expand.getMixedOutputShape()[*index];
    } else if (auto collapse =
                   dyn_cast_or_null<tensor::CollapseShapeOp>(source)) {
      ReassociationIndices group = collapse.getReassociationIndices()[*index];
      size = rewriter.getIndexAttr(1);
      for (int64_t dimension : group)
        size = multiplySizes(
            rewriter, loc, size,
            tensor::getMixedSize(rewriter, loc, collapse.getSrc(), dimension));
    } else {
      return rewriter.notifyMatchFailure(op, "it is of no reshape");
    }
    rewriter.replaceOp(op,
                       getValueOrCreateConstantIndexOp(rewriter, loc, size));
    return success();
  }
};
} // namespace

/// Compares size `dimension` of operand `index` of `op` with `expected` of
/// operand `first`, unless it is known.
static void createSizeCheck(OpBuilder &builder, Operation *op, unsigned index,
                            int64_t dimension, unsigned first,
                            int64_t firstDimension) {
  Location loc = op->getLoc();
  OpFoldResult size = tensor::getMixedSize(builder, loc, op->getOperand(index),
                                           dimension),
               expected = tensor::getMixedSize(
                   builder, loc, op->getOperand(first), firstDimension);
  if (getConstantIntValue(size) && getConstantIntValue(expected))
    return;
  VerifySizeOp::create(
      builder, loc,
      llvm::formatv(
          "entries along dimension {0} of operand {1} of '{2}', as of "
          "operand {3}",
          dimension, index, op->getName(), first)
          .str(),
      getValueOrCreateConstantIndexOp(builder, loc, size),
      getValueOrCreateConstantIndexOp(builder, loc, expected));
}

/// Compares the sizes that the loops of `op` go through.
static void createSizeChecks(OpBuilder &builder, linalg::LinalgOp op) {
  // Where each loop was seen first.
  SmallVector<std::optional<std::pair<unsigned, int64_t>>> seen(
      op.getNumLoops());
  for (OpOperand &operand : op->getOpOperands())
    for (auto [dimension, expr] :
         llvm::enumerate(op.getMatchingIndexingMap(&operand).getResults())) {
      auto loop = dyn_cast<AffineDimExpr>(expr);
      if (!loop)
        continue;
      auto &place = seen[loop.getPosition()];
      if (place)
        createSizeCheck(builder, op, operand.getOperandNumber(), dimension,
                        place->first, place->second);
      else
        place = {operand.getOperandNumber(), dimension};
    }
}

/// Compares the sizes of the operands of `op`, of the same rank, along all
/// dimensions but `free`.
static void createSizeChecks(OpBuilder &builder, Operation *op,
                             std::optional<int64_t> free) {
  std::optional<unsigned> first;
  for (OpOperand &operand : op->getOpOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand.get().getType());
    if (!type)
      continue;
    if (!first)
      first = operand.getOperandNumber();
    else
      for (int64_t dimension = 0; dimension < type.getRank(); ++dimension)
        if (dimension != free)
          createSizeCheck(builder, op, operand.getOperandNumber(), dimension,
                          *first, dimension);
  }
}

/// Whether rows of `op` are counted by several sizes that are open, or by one
/// beside others.
static bool hasOpenArrays(Operation *op) {
  return llvm::any_of(op->getOperandTypes(), [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && (tensor.getRank() > 2 || tensor.getNumDynamicDims() > 1) &&
           !tensor.hasStaticShape();
  });
}

void aimc::createSizeChecks(Operation *root) {
  OpBuilder builder(root->getContext());
  root->walk([&](Operation *op) {
    if (!hasOpenArrays(op))
      return;
    builder.setInsertionPoint(op);
    if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
        linalgOp && linalgOp.hasPureTensorSemantics())
      ::createSizeChecks(builder, linalgOp);
    else if (auto concat = dyn_cast<tensor::ConcatOp>(op))
      ::createSizeChecks(builder, op, concat.getDim());
    else if (OpTrait::hasElementwiseMappableTraits(op))
      ::createSizeChecks(builder, op, std::nullopt);
  });
}

void aimc::populateFlattenSizesPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<ResolveSize>(context);
  memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
  tensor::DimOp::getCanonicalizationPatterns(patterns, context);
  VerifySizeOp::getCanonicalizationPatterns(patterns, context);
}
