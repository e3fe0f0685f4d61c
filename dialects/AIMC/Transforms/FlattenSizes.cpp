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
#include "AIMC/Utils/Sizes.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace aimc;

namespace {
/// Reads a size of a reshaped tensor off its sizes. Upstream's pattern for it
/// makes affine operations, which the runtime has no calls for.
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

/// Compares `size` with `expected` when the program runs.
static void createComparison(OpBuilder &builder, Location loc, StringRef of,
                             OpFoldResult size, OpFoldResult expected) {
  // One after the other, since compilers evaluate arguments in any order.
  Value first = getValueOrCreateConstantIndexOp(builder, loc, size);
  Value second = getValueOrCreateConstantIndexOp(builder, loc, expected);
  VerifySizeOp::create(builder, loc, of, first, second);
}

/// Compares size `dimension` of operand `index` of `op` with size
/// `otherDimension` of operand `other`, unless both are known.
static void compareOperands(OpBuilder &builder, Operation *op, unsigned index,
                            int64_t dimension, unsigned other,
                            int64_t otherDimension) {
  Location loc = op->getLoc();
  OpFoldResult size = tensor::getMixedSize(builder, loc, op->getOperand(index),
                                           dimension),
               expected = tensor::getMixedSize(
                   builder, loc, op->getOperand(other), otherDimension);
  if (getConstantIntValue(size) && getConstantIntValue(expected))
    return;
  createComparison(builder, loc,
                   llvm::formatv("entries along dimension {0} of operand {1} "
                                 "of '{2}', as of operand {3}",
                                 dimension, index, op->getName(), other)
                       .str(),
                   size, expected);
}

/// Compares the sizes that each loop of `op` goes through.
static void compareLoops(OpBuilder &builder, linalg::LinalgOp op) {
  // The operand and the dimension where a loop was seen first.
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
        compareOperands(builder, op, operand.getOperandNumber(), dimension,
                        place->first, place->second);
      else
        place = {operand.getOperandNumber(), dimension};
    }
}

/// Compares the sizes of the operands of `op`, of the same rank, along all
/// dimensions but `joined`.
static void compareShapes(OpBuilder &builder, Operation *op,
                          std::optional<int64_t> joined) {
  std::optional<unsigned> first;
  for (OpOperand &operand : op->getOpOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand.get().getType());
    if (!type)
      continue;
    if (!first)
      first = operand.getOperandNumber();
    else
      for (int64_t dimension = 0; dimension < type.getRank(); ++dimension)
        if (dimension != joined)
          compareOperands(builder, op, operand.getOperandNumber(), dimension,
                          *first, dimension);
  }
}

/// Whether what `op` claims of size `dimension` is compared before it already.
static bool isCompared(tensor::CastOp op, int64_t dimension) {
  int64_t claimed = cast<RankedTensorType>(op.getType()).getDimSize(dimension);
  auto compares = [&](Operation *user) {
    auto verify = dyn_cast<VerifySizeOp>(user);
    return verify && getConstantIntValue(verify.getExpected()) == claimed &&
           verify->getBlock() == op->getBlock() && verify->isBeforeInBlock(op);
  };
  return llvm::any_of(op.getSource().getUsers(), [&](Operation *user) {
    auto dim = dyn_cast<tensor::DimOp>(user);
    return dim && dim.getConstantIndex() == dimension &&
           llvm::any_of(dim->getUsers(), compares);
  });
}

/// Compares the open sizes that `op` claims to know.
static void compareClaims(OpBuilder &builder, tensor::CastOp op) {
  auto from = dyn_cast<RankedTensorType>(op.getSource().getType()),
       to = dyn_cast<RankedTensorType>(op.getType());
  if (!from || !to)
    return;
  Location loc = op.getLoc();
  for (int64_t dimension = 0; dimension < to.getRank(); ++dimension)
    if (from.isDynamicDim(dimension) && !to.isDynamicDim(dimension) &&
        !isCompared(op, dimension))
      createComparison(
          builder, loc,
          llvm::formatv("entries along dimension {0}, as 'tensor.cast' has it",
                        dimension)
              .str(),
          tensor::getMixedSize(builder, loc, op.getSource(), dimension),
          builder.getIndexAttr(to.getDimSize(dimension)));
}

/// Whether an operand of `op` has rows that are counted by several sizes, not
/// all known. Of a matrix the runtime compares the one count of rows.
static bool hasOpenArrays(Operation *op) {
  return llvm::any_of(op->getOperandTypes(), [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && (tensor.getRank() > 2 || tensor.getNumDynamicDims() > 1) &&
           !tensor.hasStaticShape();
  });
}

void aimc::createClaimChecks(Operation *root) {
  OpBuilder builder(root->getContext());
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    // What is in there is on matrices, and compared before.
    if (isa<DigitalOp>(op))
      return WalkResult::skip();
    builder.setInsertionPoint(op);
    if (auto cast = dyn_cast<tensor::CastOp>(op))
      compareClaims(builder, cast);
    return WalkResult::advance();
  });
}

void aimc::createSizeChecks(Operation *root) {
  OpBuilder builder(root->getContext());
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<DigitalOp>(op))
      return WalkResult::skip();
    if (!hasOpenArrays(op))
      return WalkResult::advance();
    builder.setInsertionPoint(op);
    if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
        linalgOp && linalgOp.hasPureTensorSemantics())
      compareLoops(builder, linalgOp);
    else if (auto concat = dyn_cast<tensor::ConcatOp>(op))
      compareShapes(builder, op, concat.getDim());
    else if (OpTrait::hasElementwiseMappableTraits(op))
      compareShapes(builder, op, std::nullopt);
    return WalkResult::advance();
  });
}

void aimc::populateFlattenSizesPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<ResolveSize>(context);
  memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
  tensor::DimOp::getCanonicalizationPatterns(patterns, context);
  VerifySizeOp::getCanonicalizationPatterns(patterns, context);
}
