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
// folds away.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Transforms/FlattenBatches.h"

#include "AIMC/IR/AIMC.h"
#include "AIMC/Transforms/Passes.h"
#include "AIMC/Utils/DigitalWork.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace aimc {
#define GEN_PASS_DEF_AIMCFLATTENBATCHESPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

/// The dimensions of a tensor of `rank` with the first `count` in one group.
static Groups getGroups(int64_t rank, int64_t count) {
  Groups groups;
  if (count > 0)
    groups.push_back(llvm::to_vector(llvm::seq<int64_t>(0, count)));
  for (int64_t dimension = count; dimension < rank; ++dimension)
    groups.push_back({dimension});
  return groups;
}

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
    // One number a row has no last dimension to join along.
    if (!(isa<tensor::ConcatOp, tensor::CastOp>(op) ||
          OpTrait::hasElementwiseMappableTraits(op)) ||
        !isDeep(op) ||
        (isa<tensor::ConcatOp>(op) && !isDeep(op->getResult(0).getType())))
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
    if (isa<tensor::ConcatOp>(op))
      sizes.back() = tensor::getMixedSize(rewriter, loc, flat->getResult(0), 1);
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
// The pass
//===----------------------------------------------------------------------===//

LogicalResult aimc::flattenOperations(Operation *root) {
  MLIRContext *context = root->getContext();
  RewritePatternSet patterns(context);
  patterns.add<FlattenOperation, FlattenSlice>(context);
  populateFlattenLinalgPatterns(patterns);
  populateFlattenSizesPatterns(patterns);
  tensor::CollapseShapeOp::getCanonicalizationPatterns(patterns, context);
  tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns, context);
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
    auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
    op->emitOpError("expects to become an operation on matrices, but ")
        << (linalgOp ? getFlattenReason(linalgOp) : getReason(op));
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
    createClaimChecks(module);
    createSizeChecks(module);
    // What has matrices alone, and no sizes to compare, stays as it is.
    bool isFlat = !module
                       .walk([](Operation *op) {
                         return isDeep(op) || isa<VerifySizeOp>(op)
                                    ? WalkResult::interrupt()
                                    : WalkResult::advance();
                       })
                       .wasInterrupted();
    if (!isFlat && failed(flattenOperations(module)))
      signalPassFailure();
  }
};
} // namespace
