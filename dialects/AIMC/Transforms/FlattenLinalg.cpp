//===- FlattenLinalg.cpp - linalg operations on matrices ------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream's collapseOpIterationDims is not used since it knows no operand that
// is broadcast along a dimension of size 1.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Transforms/FlattenBatches.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace aimc;

namespace {
/// How an operation becomes one on matrices.
struct Flattening {
  /// The loops over rows, which become the first loop.
  SmallVector<unsigned> rowLoops;
  /// For each operand its groups of dimensions and its new map.
  SmallVector<Groups> groups;
  SmallVector<AffineMap> maps;
};
} // namespace

/// The loops over the rows of `op`: those of all dimensions but the last of its
/// operand of the highest rank. Sets `reason` when there are none.
static SmallVector<unsigned> findRowLoops(linalg::LinalgOp op,
                                          std::string &reason) {
  int64_t rank = 0;
  AffineMap deepest;
  // Of equal ranks, a result says best what is a row.
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    bool isBroadcast = llvm::any_of(map.getResults(), [](AffineExpr expr) {
      return isa<AffineConstantExpr>(expr);
    });
    if (!isBroadcast && op.getRank(&operand) > 2 &&
        op.getRank(&operand) >= rank) {
      rank = op.getRank(&operand);
      deepest = map;
    }
  }
  SmallVector<unsigned> loops;
  bool isWide = rank > 2;
  for (OpOperand &operand : op->getOpOperands())
    if (!isWide && isPerRow(operand.get()))
      deepest = op.getMatchingIndexingMap(&operand);
  if (!deepest) {
    reason = "it has no operand that is indexed by all of its rows";
    return {};
  }
  for (AffineExpr expr : deepest.getResults().drop_back(isWide ? 1 : 0)) {
    auto dim = dyn_cast<AffineDimExpr>(expr);
    if (!dim) {
      reason = "an operand is indexed by more than loops";
      return {};
    }
    if (op.getIteratorTypesArray()[dim.getPosition()] !=
        utils::IteratorType::parallel) {
      reason = "it reduces along a dimension that is not the last";
      return {};
    }
    loops.push_back(dim.getPosition());
  }
  return loops;
}

/// How the operand with `map` is indexed when `loops` are one. Sets `reason`
/// when it is not.
static std::optional<std::pair<Groups, AffineMap>>
flattenOperand(RankedTensorType type, AffineMap map, unsigned loopCount,
               ArrayRef<unsigned> rowLoops,
               const DenseMap<unsigned, unsigned> &renumbered,
               std::string &reason) {
  MLIRContext *context = map.getContext();
  auto getLoop = [&](AffineExpr expr) -> std::optional<unsigned> {
    auto dim = dyn_cast<AffineDimExpr>(expr);
    return dim ? std::optional<unsigned>(dim.getPosition()) : std::nullopt;
  };
  SmallVector<AffineExpr> results(map.getResults());
  auto isRow = [&](AffineExpr expr) {
    std::optional<unsigned> loop = getLoop(expr);
    return loop && llvm::is_contained(rowLoops, *loop);
  };
  unsigned rows = llvm::count_if(results, isRow);
  SmallVector<AffineExpr> flat;
  Groups groups;
  unsigned first = 0;
  if (rows != 0) {
    auto inOrder = llvm::equal(
        ArrayRef(results).take_front(rowLoops.size()), rowLoops,
        [&](AffineExpr expr, unsigned loop) { return getLoop(expr) == loop; });
    if (rows != rowLoops.size() || results.size() < rowLoops.size() ||
        !inOrder) {
      reason = rows < rowLoops.size()
                   ? "an operand is the same for some of its rows and not for "
                     "others"
                   : "it takes the rows of an operand in another order";
      return std::nullopt;
    }
    groups.push_back(llvm::to_vector(llvm::seq<int64_t>(0, rows)));
    flat.push_back(getAffineDimExpr(0, context));
    first = rows;
  }
  // An operand without rows has dimensions of size 1 in their place, which go.
  ReassociationIndices ones;
  for (unsigned i = first; i < results.size(); ++i) {
    std::optional<unsigned> loop = getLoop(results[i]);
    auto constant = dyn_cast<AffineConstantExpr>(results[i]);
    if (!loop && !(constant && constant.getValue() == 0)) {
      reason = "an operand is indexed by more than loops";
      return std::nullopt;
    }
    bool isOne = constant && type.getDimSize(i) == 1;
    if (isOne && rows == 0 && i + 1 < results.size()) {
      ones.push_back(i);
      continue;
    }
    ones.push_back(i);
    groups.push_back(ones);
    ones.clear();
    flat.push_back(loop ? getAffineDimExpr(renumbered.lookup(*loop), context)
                        : results[i]);
  }
  if (groups.size() > 2) {
    reason = "an operand has more than rows and columns";
    return std::nullopt;
  }
  return std::make_pair(groups, AffineMap::get(loopCount, 0, flat, context));
}

/// How `op` becomes an operation on matrices, or nothing and the `reason`.
static std::optional<Flattening> matchLinalg(linalg::LinalgOp op,
                                             std::string &reason) {
  if (!op.hasPureTensorSemantics()) {
    reason = "its operands are not tensors";
    return std::nullopt;
  }
  if (op.hasIndexSemantics()) {
    reason = "its body asks for the position in the array";
    return std::nullopt;
  }
  Flattening result;
  result.rowLoops = findRowLoops(op, reason);
  if (result.rowLoops.empty())
    return std::nullopt;
  DenseMap<unsigned, unsigned> renumbered;
  unsigned count = 1;
  for (unsigned loop = 0; loop < op.getNumLoops(); ++loop)
    if (!llvm::is_contained(result.rowLoops, loop))
      renumbered[loop] = count++;
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    auto type = dyn_cast<RankedTensorType>(operand.get().getType());
    if (!type) {
      result.groups.emplace_back();
      result.maps.push_back(AffineMap::get(count, 0, op->getContext()));
      continue;
    }
    auto flat =
        flattenOperand(type, map, count, result.rowLoops, renumbered, reason);
    if (!flat)
      return std::nullopt;
    result.groups.push_back(flat->first);
    result.maps.push_back(flat->second);
  }
  return result;
}

/// Whether the maps of `op` are all the identity, so that an operation of its
/// name takes any rank.
static bool isRankPolymorphic(linalg::LinalgOp op) {
  return !isa<linalg::GenericOp>(op) && op.getNumReductionLoops() == 0 &&
         llvm::all_of(op->getOpOperands(), [&](OpOperand &operand) {
           return !isa<RankedTensorType>(operand.get().getType()) ||
                  op.getMatchingIndexingMap(&operand).isIdentity();
         });
}

/// Gives the inits among `operands` of `op` that are empty, or filled, the
/// rows of an input, so that who looks for them needs to know no product.
static void shareRows(OpBuilder &builder, linalg::LinalgOp op,
                      const Flattening &flattening,
                      MutableArrayRef<Value> operands) {
  AffineExpr row = getAffineDimExpr(0, op.getContext());
  auto hasOpenRows = [&](size_t i) {
    AffineMap map = flattening.maps[i];
    return map.getNumResults() != 0 && map.getResult(0) == row &&
           cast<RankedTensorType>(operands[i].getType()).isDynamicDim(0);
  };
  Value source;
  for (int64_t i = op.getNumDpsInputs() - 1; i >= 0; --i)
    if (hasOpenRows(i))
      source = operands[i];
  for (size_t i = op.getNumDpsInputs(); source && i < operands.size(); ++i) {
    auto fill = operands[i].getDefiningOp<linalg::FillOp>();
    Value init = fill ? fill.getOutputs()[0] : operands[i];
    auto empty = init.getDefiningOp<tensor::EmptyOp>();
    if (!empty || !hasOpenRows(i))
      continue;
    Location loc = op.getLoc();
    SmallVector<OpFoldResult> sizes = empty.getMixedSizes();
    sizes[0] = tensor::getMixedSize(builder, loc, source, 0);
    operands[i] = tensor::EmptyOp::create(builder, loc, sizes,
                                          empty.getType().getElementType());
    if (fill)
      operands[i] =
          linalg::FillOp::create(builder, loc, fill.getInputs(), operands[i])
              .getResult(0);
  }
}

namespace {
/// Joins the loops over rows of a linalg operation.
struct FlattenLinalg : public OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::LinalgOp op,
                                PatternRewriter &rewriter) const override {
    if (!isDeep(op))
      return rewriter.notifyMatchFailure(op, "it is on matrices");
    std::string reason;
    std::optional<Flattening> flattening = matchLinalg(op, reason);
    if (!flattening)
      return rewriter.notifyMatchFailure(op, reason);

    Location loc = op.getLoc();
    SmallVector<Value> operands;
    for (auto [operand, groups] :
         llvm::zip_equal(op->getOperands(), flattening->groups))
      operands.push_back(isa<RankedTensorType>(operand.getType())
                             ? collapseTensor(rewriter, loc, operand, groups)
                             : operand);
    shareRows(rewriter, op, *flattening, operands);
    unsigned inputCount = op.getNumDpsInputs();
    ValueRange inputs = ArrayRef(operands).take_front(inputCount);
    ValueRange inits = ArrayRef(operands).drop_front(inputCount);
    Operation *flat;
    if (isRankPolymorphic(op)) {
      flat = clone(rewriter, op, inits.getTypes(), operands);
    } else {
      SmallVector<utils::IteratorType> iterators = {
          utils::IteratorType::parallel};
      for (auto [loop, iterator] : llvm::enumerate(op.getIteratorTypesArray()))
        if (!llvm::is_contained(flattening->rowLoops, loop))
          iterators.push_back(iterator);
      auto generic =
          linalg::GenericOp::create(rewriter, loc, inits.getTypes(), inputs,
                                    inits, flattening->maps, iterators);
      rewriter.cloneRegionBefore(op->getRegion(0), generic.getRegion(),
                                 generic.getRegion().begin());
      flat = generic;
    }
    SmallVector<Value> results;
    for (auto [index, result] : llvm::enumerate(op->getResults())) {
      const Groups &groups = flattening->groups[inputCount + index];
      SmallVector<OpFoldResult> sizes =
          tensor::getMixedSizes(rewriter, loc, op.getDpsInits()[index]);
      results.push_back(expandTensor(rewriter, loc, flat->getResult(index),
                                     cast<RankedTensorType>(result.getType()),
                                     sizes, groups));
    }
    rewriter.replaceOp(op, results);
    return success();
  }
};

/// Lets a linalg operation read the source of a broadcast instead.
struct FoldBroadcast : public OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::LinalgOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics() || !isDeep(op))
      return rewriter.notifyMatchFailure(op, "it is on matrices");
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    SmallVector<Value> inputs = op.getDpsInputs();
    bool changed = false;
    for (auto [input, map] : llvm::zip(inputs, maps)) {
      auto producer = input.getDefiningOp<linalg::LinalgOp>();
      if (!producer || !isBroadcast(producer))
        continue;
      // Loops of the producer are dimensions of what it makes.
      AffineMap source = producer.getIndexingMapsArray()[0];
      map = source.compose(map);
      input = producer.getDpsInputs()[0];
      changed = true;
    }
    if (!changed)
      return rewriter.notifyMatchFailure(op, "no operand is broadcast");
    auto generic = linalg::GenericOp::create(
        rewriter, op.getLoc(), op->getResultTypes(), inputs, op.getDpsInits(),
        maps, op.getIteratorTypesArray());
    rewriter.cloneRegionBefore(op->getRegion(0), generic.getRegion(),
                               generic.getRegion().begin());
    rewriter.replaceOp(op, generic);
    return success();
  }

private:
  /// Whether `op` gives each value of its input several times, and does nothing
  /// else.
  static bool isBroadcast(linalg::LinalgOp op) {
    if (op.getNumDpsInputs() != 1 || op.getNumDpsInits() != 1 ||
        !op.hasPureTensorSemantics() || op.getNumReductionLoops() != 0 ||
        !isa<RankedTensorType>(op.getDpsInputs()[0].getType()))
      return false;
    Operation *yield = op.getBlock()->getTerminator();
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    return yield->getOperand(0) == op.getRegionInputArgs()[0] &&
           maps[1].isIdentity() && !maps[0].isIdentity() &&
           maps[0].isProjectedPermutation(/*allowZeroInResults=*/true);
  }
};
} // namespace

std::string aimc::getFlattenReason(linalg::LinalgOp op) {
  std::string reason;
  (void)matchLinalg(op, reason);
  return reason;
}

void aimc::populateFlattenLinalgPatterns(RewritePatternSet &patterns) {
  patterns.add<FlattenLinalg, FoldBroadcast>(patterns.getContext());
}
