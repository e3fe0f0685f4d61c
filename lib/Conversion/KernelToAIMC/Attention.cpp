//===- Attention.cpp - Attention to products ------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// kernel.attention becomes projections of queries and keys on crossbars, their
// features in digital operations, and aimc.attention. Heads that share Ω are
// rows of one product, which are views of the queries as they are; with an Ω a
// head, heads are columns and products of their own.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Utils/Matrices.h"
#include "AIMC/Utils/Rows.h"
#include "Conversion/KernelToAIMC/Constants.h"
#include "Conversion/KernelToAIMC/Features.h"
#include "Conversion/KernelToAIMC/Projection.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace aimc;

namespace {
/// Builds the parts of one attention.
class AttentionBuilder {
public:
  AttentionBuilder(OpBuilder &builder, Matrices &matrices,
                   kernel::AttentionOp op)
      : builder(builder), matrices(matrices), op(op), loc(op.getLoc()),
        digital(builder, loc), heads(op.getHeadCount()) {}

  /// The result; null when an Ω is not constant or has no valid data.
  Value build();

private:
  /// Sequences of `tensor` one after the other: tokens x columns.
  Value joinSequences(Value tensor);
  /// Finds the inputs, loaded where they are constant. False when one of these
  /// has no valid data.
  bool loadConstants();
  /// Has sizes that are open compared when the program runs.
  void verifySizes();
  /// The number of sequences.
  Value createSequences();
  /// The mask as a column.
  Value createMask();
  /// Heads of `tokens` as rows.
  Value splitHeads(Value tokens);
  /// The columns of head `head` of `tokens`.
  Value getHead(Value tokens, int64_t head);
  /// The result, a matrix, in the shape of the operation's.
  Value createResult(Value tokens);

  AttentionFeatures createFeatures(Value rows, size_t projection, bool isKey);
  /// Attention of `heads` heads with the projection of that number.
  Value attend(Value query, Value key, Value value, size_t projection,
               int64_t heads);

  OpFoldResult getSize(Value tensor, int64_t dimension) {
    return tensor::getMixedSize(builder, loc, tensor, dimension);
  }

  OpBuilder &builder;
  Matrices &matrices;
  kernel::AttentionOp op;
  Location loc;
  DigitalBuilder digital;
  int64_t heads;
  struct {
    Value query, key, value, mask;
  } inputs;
  Value sequences, mask;
};
} // namespace

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

Value AttentionBuilder::joinSequences(Value tensor) {
  if (cast<RankedTensorType>(tensor.getType()).getRank() == 2)
    return tensor;
  return tensor::CollapseShapeOp::create(
      builder, loc, tensor, ArrayRef<ReassociationIndices>{{0, 1}, {2}});
}

void AttentionBuilder::verifySizes() {
  struct Size {
    StringRef name;
    Value tensor;
    int64_t dimension;
  };
  int64_t rank = op.getType().getRank();
  auto verify = [&](StringRef what, const Size &size, const Size &as) {
    OpFoldResult own = getSize(size.tensor, size.dimension);
    OpFoldResult expected = getSize(as.tensor, as.dimension);
    // The verifier has compared those that are known.
    if (getConstantIntValue(own) && getConstantIntValue(expected))
      return;
    // One after the other, since compilers evaluate arguments in any order.
    Value first = getValueOrCreateConstantIndexOp(builder, loc, own);
    Value second = getValueOrCreateConstantIndexOp(builder, loc, expected);
    VerifySizeOp::create(
        builder, loc,
        (what + " of '" + size.name + "', as of '" + as.name + "'").str(),
        first, second);
  };
  const Size query = {"query", inputs.query, rank - 2},
             key = {"key", inputs.key, rank - 2},
             value = {"value", inputs.value, rank - 2},
             mask = {"mask", inputs.mask, rank - 2};
  verify("tokens", value, key);
  if (op.getCausal())
    verify("tokens", key, query);
  if (mask.tensor)
    verify("tokens", mask, key);
  if (rank == 2)
    return;
  for (const Size &size : {key, value, mask})
    if (size.tensor)
      verify("sequences", {size.name, size.tensor, 0},
             {query.name, query.tensor, 0});
}

Value AttentionBuilder::createSequences() {
  if (op.getType().getRank() == 2)
    return arith::ConstantIndexOp::create(builder, loc, 1);
  return getValueOrCreateConstantIndexOp(builder, loc,
                                         getSize(inputs.query, 0));
}

Value AttentionBuilder::createMask() {
  Value tokens = inputs.mask;
  if (!tokens)
    return {};
  auto type = cast<RankedTensorType>(tokens.getType());
  SmallVector<ReassociationIndices> groups = {{0, 1}};
  SmallVector<int64_t> shape = {type.getDimSize(0), 1};
  SmallVector<OpFoldResult> sizes = {getSize(tokens, 0),
                                     builder.getIndexAttr(1)};
  if (type.getRank() == 2) {
    groups = {{0}, {1, 2}};
    shape.insert(shape.begin() + 1, type.getDimSize(1));
    sizes.insert(sizes.begin() + 1, getSize(tokens, 1));
  }
  return joinSequences(tensor::ExpandShapeOp::create(
      builder, loc, RankedTensorType::get(shape, type.getElementType()), tokens,
      groups, sizes));
}

Value AttentionBuilder::splitHeads(Value tokens) {
  if (heads == 1)
    return tokens;
  auto type = cast<RankedTensorType>(tokens.getType());
  SmallVector<int64_t> shape = {type.getDimSize(0), heads,
                                type.getDimSize(1) / heads};
  SmallVector<OpFoldResult> sizes = {getSize(tokens, 0),
                                     builder.getIndexAttr(shape[1]),
                                     builder.getIndexAttr(shape[2])};
  return joinSequences(tensor::ExpandShapeOp::create(
      builder, loc, RankedTensorType::get(shape, type.getElementType()), tokens,
      ArrayRef<ReassociationIndices>{{0}, {1, 2}}, sizes));
}

Value AttentionBuilder::getHead(Value tokens, int64_t head) {
  int64_t size = cast<RankedTensorType>(tokens.getType()).getDimSize(1) / heads;
  SmallVector<OpFoldResult> offsets = {builder.getIndexAttr(0),
                                       builder.getIndexAttr(head * size)};
  SmallVector<OpFoldResult> sizes = {getSize(tokens, 0),
                                     builder.getIndexAttr(size)};
  SmallVector<OpFoldResult> strides(2, builder.getIndexAttr(1));
  return tensor::ExtractSliceOp::create(builder, loc, tokens, offsets, sizes,
                                        strides);
}

Value AttentionBuilder::createResult(Value tokens) {
  Value result = tokens;
  RankedTensorType type = op.getType();
  if (type.getRank() == 3) {
    Value query = inputs.query;
    int64_t columns = type.getDimSize(2);
    ArrayRef<int64_t> shape =
        cast<RankedTensorType>(inputs.query.getType()).getShape();
    result = tensor::ExpandShapeOp::create(
        builder, loc,
        RankedTensorType::get({shape[0], shape[1], columns},
                              type.getElementType()),
        tokens, ArrayRef<ReassociationIndices>{{0, 1}, {2}},
        ArrayRef<OpFoldResult>{getSize(query, 0), getSize(query, 1),
                               builder.getIndexAttr(columns)});
  }
  // Sizes may be static on one side only.
  if (result.getType() != type)
    result = tensor::CastOp::create(builder, loc, type, result);
  return result;
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

AttentionFeatures
AttentionBuilder::createFeatures(Value rows, size_t projection, bool isKey) {
  Value omega = op.getOmegas()[projection];
  Value product = createProjection(builder, loc, matrices, omega, rows);
  if (!product)
    return {};
  FeatureMap map = {
      op.getMap(), cast<RankedTensorType>(omega.getType()).getDimSize(0),
      op.getOffsets().empty() ? Value() : op.getOffsets()[projection],
      op.getEffectiveEpsilon()};
  return createAttentionFeatures(digital, map, op.getEffectiveScale(), isKey,
                                 rows, product);
}

Value AttentionBuilder::attend(Value query, Value key, Value value,
                               size_t projection, int64_t headCount) {
  AttentionFeatures queries = createFeatures(query, projection, false);
  AttentionFeatures keys = createFeatures(key, projection, true);
  if (!queries.features || !keys.features)
    return {};
  // As many rows as tokens have queries.
  Value tokens = headCount == 1 ? query : joinSequences(inputs.query);
  Value init =
      createEmpty(builder, loc, tokens,
                  cast<RankedTensorType>(value.getType()).getDimSize(1));
  return AttentionOp::create(builder, loc, init.getType(),
                             /*unit=*/StringAttr(), op.getCausalAttr(),
                             builder.getI64IntegerAttr(headCount), sequences,
                             queries.features, keys.features, value,
                             keys.logScale, mask, init)
      .getResult();
}

bool AttentionBuilder::loadConstants() {
  auto load = [&](Value operand, StringRef name) {
    return loadConstant(builder, loc, matrices, operand, name);
  };
  inputs.query = load(op.getQuery(), "queries");
  inputs.key = load(op.getKey(), "keys");
  inputs.value = load(op.getValue(), "values");
  if (op.getMask())
    inputs.mask = load(op.getMask(), "mask");
  return inputs.query && inputs.key && inputs.value &&
         (inputs.mask || !op.getMask());
}

Value AttentionBuilder::build() {
  if (!loadConstants())
    return {};
  verifySizes();
  sequences = createSequences();
  mask = createMask();
  Value query = joinSequences(inputs.query);
  Value key = joinSequences(inputs.key);
  Value value = joinSequences(inputs.value);
  if (op.getOmegas().size() == 1) {
    // One after the other here too.
    query = splitHeads(query);
    key = splitHeads(key);
    Value result = attend(query, key, value, 0, heads);
    return result ? createResult(result) : Value();
  }
  SmallVector<Value> results;
  for (int64_t head = 0; head < heads; ++head) {
    Value queryOfHead = getHead(query, head);
    Value keyOfHead = getHead(key, head);
    Value valueOfHead = getHead(value, head);
    results.push_back(attend(queryOfHead, keyOfHead, valueOfHead, head, 1));
    if (!results.back())
      return {};
  }
  return createResult(
      tensor::ConcatOp::create(builder, loc, /*dim=*/1, results));
}

namespace {
/// Lowers attention with constant Ω.
struct ConvertAttention : public OpRewritePattern<kernel::AttentionOp> {
  ConvertAttention(MLIRContext *context, Matrices &matrices)
      : OpRewritePattern(context), matrices(matrices) {}

  LogicalResult matchAndRewrite(kernel::AttentionOp op,
                                PatternRewriter &rewriter) const override {
    Value result = AttentionBuilder(rewriter, matrices, op).build();
    if (!result)
      return rewriter.notifyMatchFailure(op, "omega is not constant or has no "
                                             "valid data");
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  Matrices &matrices;
};
} // namespace

void aimc::populateAttentionPatterns(RewritePatternSet &patterns,
                                     Matrices &matrices) {
  patterns.add<ConvertAttention>(patterns.getContext(), matrices);
}
