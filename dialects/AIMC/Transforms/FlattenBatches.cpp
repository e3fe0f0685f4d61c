//===- FlattenBatches.cpp - Arrays become matrices ------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-flatten-batches: each operation gets its operands as matrices and gives
// its result as an array again; what one operation makes and the next undoes
// folds away. Upstream's collapseOpIterationDims is not used since it knows no
// operand that is broadcast along a dimension of size 1.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Transforms/FlattenBatches.h"

#include "AIMC/IR/AIMC.h"
#include "AIMC/Transforms/Passes.h"
#include "AIMC/Utils/DigitalWork.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace aimc {
#define GEN_PASS_DEF_AIMCFLATTENBATCHESPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

//===----------------------------------------------------------------------===//
// Reshapes
//===----------------------------------------------------------------------===//

static OpFoldResult multiply(OpBuilder &builder, Location loc, OpFoldResult lhs,
                             OpFoldResult rhs) {
  std::optional<int64_t> a = getConstantIntValue(lhs),
                         b = getConstantIntValue(rhs);
  if (a && b)
    return builder.getIndexAttr(*a * *b);
  if (a == 1 || b == 1)
    return a == 1 ? rhs : lhs;
  return arith::MulIOp::create(
             builder, loc, getValueOrCreateConstantIndexOp(builder, loc, lhs),
             getValueOrCreateConstantIndexOp(builder, loc, rhs))
      .getResult();
}

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
        size = multiply(builder, loc, size, empty.getMixedSizes()[dimension]);
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

/// The dimensions of a tensor of `rank` with the first `count` in one group.
static Groups getGroups(int64_t rank, int64_t count) {
  Groups groups;
  if (count > 0)
    groups.push_back(llvm::to_vector(llvm::seq<int64_t>(0, count)));
  for (int64_t dimension = count; dimension < rank; ++dimension)
    groups.push_back({dimension});
  return groups;
}

static bool isDeep(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getRank() > 2;
}

/// Whether `value` has one number for each row of a batch, spread over several
/// dimensions, as the sums of an array's rows are.
static bool isPerRow(Value value) {
  auto expand = value.getDefiningOp<tensor::ExpandShapeOp>();
  return expand && expand.getSrcType().getRank() == 1 &&
         expand.getResultType().getRank() == 2;
}

/// Whether `op` is to become an operation on matrices.
static bool isDeep(Operation *op) {
  return llvm::any_of(op->getOperands(),
                      [](Value value) {
                        return isDeep(value.getType()) || isPerRow(value);
                      }) ||
         llvm::any_of(op->getResultTypes(),
                      [](Type type) { return isDeep(type); });
}

//===----------------------------------------------------------------------===//
// linalg operations
//===----------------------------------------------------------------------===//

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

//===----------------------------------------------------------------------===//
// Other operations
//===----------------------------------------------------------------------===//

/// Why an operation that is no linalg operation cannot be on matrices; empty
/// when it can.
static std::string getReason(Operation *op) {
  auto type = op->getNumResults() == 1
                  ? dyn_cast<RankedTensorType>(op->getResult(0).getType())
                  : RankedTensorType();
  if (!type)
    return "it does not give one tensor";
  if (auto concat = dyn_cast<tensor::ConcatOp>(op)) {
    if (static_cast<int64_t>(concat.getDim()) != type.getRank() - 1)
      return "it joins along a dimension that is not the last";
    return "";
  }
  if (isa<tensor::CastOp>(op))
    return isDeep(op->getOperand(0).getType()) ? "" : "its rank is not known";
  if (OpTrait::hasElementwiseMappableTraits(op))
    return "";
  return "it does not treat all rows alike";
}

namespace {
/// Gives an operation that works on all rows alike its operands as matrices.
struct FlattenOperation : public RewritePattern {
  FlattenOperation(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    if (!(isa<tensor::ConcatOp, tensor::CastOp>(op) ||
          OpTrait::hasElementwiseMappableTraits(op)) ||
        !isDeep(op))
      return rewriter.notifyMatchFailure(op, "it is on matrices");
    if (std::string reason = getReason(op); !reason.empty())
      return rewriter.notifyMatchFailure(op, reason);
    Location loc = op->getLoc();
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    Groups groups =
        getGroups(type.getRank(), std::max<int64_t>(type.getRank() - 1, 2));
    SmallVector<Value> operands;
    Value first;
    for (Value operand : op->getOperands()) {
      bool isTensor = isa<RankedTensorType>(operand.getType());
      if (isTensor && !first)
        first = operand;
      operands.push_back(
          isTensor ? collapseTensor(rewriter, loc, operand, groups) : operand);
    }
    RankedTensorType flatType =
        tensor::CollapseShapeOp::inferCollapsedType(type, groups);
    Operation *flat;
    if (auto concat = dyn_cast<tensor::ConcatOp>(op))
      flat = tensor::ConcatOp::create(rewriter, loc, flatType, /*dim=*/1,
                                      operands);
    else
      flat = clone(rewriter, op, flatType, operands);
    // All but the last size are those of any operand.
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, first);
    for (auto [size, known] : llvm::zip_equal(sizes, type.getShape()))
      if (!ShapedType::isDynamic(known))
        size = rewriter.getIndexAttr(known);
    rewriter.replaceOp(op, expandTensor(rewriter, loc, flat->getResult(0), type,
                                        sizes, groups));
    return success();
  }
};
} // namespace

/// Size `index` of `tensor` as far as it is known without an operation.
static OpFoldResult lookUpSize(Value tensor, int64_t index) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.isDynamicDim(index))
    return Builder(type.getContext()).getIndexAttr(type.getDimSize(index));
  if (auto expand = tensor.getDefiningOp<tensor::ExpandShapeOp>())
    return expand.getMixedOutputShape()[index];
  if (auto collapse = tensor.getDefiningOp<tensor::CollapseShapeOp>()) {
    ReassociationIndices group = collapse.getReassociationIndices()[index];
    return group.size() == 1 ? lookUpSize(collapse.getSrc(), group.front())
                             : OpFoldResult();
  }
  return {};
}

namespace {
/// Takes columns of an array as those of its matrix. Other parts stay views.
struct FlattenSlice : public OpRewritePattern<tensor::ExtractSliceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::ExtractSliceOp op,
                                PatternRewriter &rewriter) const override {
    int64_t rank = op.getSourceType().getRank();
    if (rank < 3 || op.getType().getRank() != rank)
      return rewriter.notifyMatchFailure(op, "it is of no array");
    for (int64_t i = 0; i + 1 < rank; ++i) {
      OpFoldResult size = lookUpSize(op.getSource(), i);
      if (getConstantIntValue(op.getMixedOffsets()[i]) != 0 ||
          getConstantIntValue(op.getMixedStrides()[i]) != 1 || !size ||
          !isEqualConstantIntOrValue(op.getMixedSizes()[i], size))
        return rewriter.notifyMatchFailure(op, "it may leave out rows");
    }
    Location loc = op.getLoc();
    Groups groups = getGroups(rank, rank - 1);
    Value matrix = collapseTensor(rewriter, loc, op.getSource(), groups);
    OpFoldResult zero = rewriter.getIndexAttr(0),
                 one = rewriter.getIndexAttr(1);
    OpFoldResult rows = tensor::getMixedSize(rewriter, loc, matrix, 0);
    auto type =
        tensor::CollapseShapeOp::inferCollapsedType(op.getType(), groups);
    Value part = tensor::ExtractSliceOp::create(
        rewriter, loc, type, matrix, {zero, op.getMixedOffsets().back()},
        {rows, op.getMixedSizes().back()}, {one, op.getMixedStrides().back()});
    rewriter.replaceOp(op, expandTensor(rewriter, loc, part, op.getType(),
                                        op.getMixedSizes(), groups));
    return success();
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

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
        size = multiply(
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

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

LogicalResult aimc::flattenOperations(Operation *root) {
  MLIRContext *context = root->getContext();
  RewritePatternSet patterns(context);
  patterns.add<FlattenLinalg, FoldBroadcast, FlattenOperation, FlattenSlice,
               ResolveSize>(context);
  memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
  tensor::CollapseShapeOp::getCanonicalizationPatterns(patterns, context);
  tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns, context);
  tensor::DimOp::getCanonicalizationPatterns(patterns, context);
  if (failed(applyPatternsGreedily(root, std::move(patterns))))
    return root->emitError("expects arrays that fold to matrices, but they do "
                           "not");
  WalkResult result = root->walk([](Operation *op) {
    if (isView(op) || isa<tensor::DimOp, tensor::EmptyOp>(op) ||
        op->hasTrait<OpTrait::ConstantLike>() ||
        llvm::none_of(llvm::concat<const Type>(op->getOperandTypes(),
                                               op->getResultTypes()),
                      [](Type type) { return isDeep(type); }))
      return WalkResult::advance();
    std::string reason;
    if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
      (void)matchLinalg(linalgOp, reason);
    else
      reason = getReason(op);
    op->emitOpError("expects to become an operation on matrices, but ")
        << reason;
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

namespace {
struct FlattenBatchesPass
    : public aimc::impl::AIMCFlattenBatchesPassBase<FlattenBatchesPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    for (auto func : module.getOps<func::FuncOp>())
      if (failed(flattenEntry(func)))
        return signalPassFailure();
    // What has matrices alone stays as it is.
    bool isFlat = !module
                       .walk([](Operation *op) {
                         return isDeep(op) ? WalkResult::interrupt()
                                           : WalkResult::advance();
                       })
                       .wasInterrupted();
    if (!isFlat && failed(flattenOperations(module)))
      signalPassFailure();
  }
};
} // namespace
