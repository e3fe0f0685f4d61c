//===- KernelAttention.cpp - The verifier of attention --------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sizes that are dynamic are checked when the program runs.
//
//===----------------------------------------------------------------------===//

#include "Kernel/IR/Kernel.h"

#include "Kernel/IR/Verification.h"

#include <cmath>

using namespace mlir;
using namespace aimc::kernel;

int64_t AttentionOp::getHeadCount() {
  return static_cast<int64_t>(getHeads().value_or(1));
}

int64_t AttentionOp::getHeadSize() {
  return getQuery().getType().getShape().back() / getHeadCount();
}

double AttentionOp::getEffectiveScale() {
  std::optional<APFloat> scale = getScale();
  return scale ? scale->convertToDouble()
               : 1 / std::sqrt(static_cast<double>(getHeadSize()));
}

double AttentionOp::getEffectiveEpsilon() {
  std::optional<APFloat> epsilon = getEpsilon();
  return epsilon ? epsilon->convertToDouble() : defaultEpsilon;
}

/// Whether two sizes can be equal, as far as known.
static bool compatible(int64_t lhs, int64_t rhs) {
  return ShapedType::isDynamic(lhs) || ShapedType::isDynamic(rhs) || lhs == rhs;
}

/// Verifies that size `dimension` of `type` is `size`, as far as known. `from`
/// says where that comes from.
static LogicalResult verifySize(AttentionOp op, StringRef name,
                                RankedTensorType type, int64_t dimension,
                                int64_t size, StringRef from) {
  if (compatible(type.getDimSize(dimension), size))
    return success();
  return op.emitOpError("expects '")
         << name << "' with size " << size << " along dimension " << dimension
         << " to match " << from << ", but got " << type;
}

/// (C1) to (C6): sequences, tokens, heads.
static LogicalResult verifySequences(AttentionOp op) {
  RankedTensorType query = op.getQuery().getType();
  RankedTensorType key = op.getKey().getType();
  RankedTensorType value = op.getValue().getType();
  RankedTensorType result = op.getResult().getType();
  const std::pair<StringRef, RankedTensorType> tensors[] = {
      {"query", query}, {"key", key}, {"value", value}, {"result", result}};
  int64_t rank = query.getRank(), heads = op.getHeadCount();
  // (C3)
  if (heads < 1)
    return op.emitOpError("expects at least 1 head, but got ") << heads;
  for (auto [name, type] : tensors) {
    // (C1)
    if (type.getRank() != rank)
      return op.emitOpError("expects '")
             << name << "' of rank " << rank << " to match 'query', but got "
             << type;
    // (C2)
    int64_t size = type.getShape().back();
    if (ShapedType::isDynamic(size) || size == 0)
      return op.emitOpError("expects a static, positive last size of '")
             << name << "', but got " << type;
    // (C3)
    if (size % heads != 0)
      return op.emitOpError("expects a last size of '")
             << name << "' that " << heads << " heads share evenly, but got "
             << type;
    // (C1)
    if (rank == 3 && failed(verifySize(op, name, type, 0, query.getDimSize(0),
                                       "the sequences of 'query'")))
      return failure();
  }
  // (C4), (C5), (C6)
  if (failed(verifySize(op, "key", key, rank - 1, query.getDimSize(rank - 1),
                        "the last size of 'query'")) ||
      failed(verifySize(op, "value", value, rank - 2, key.getDimSize(rank - 2),
                        "the tokens of 'key'")) ||
      failed(verifySize(op, "result", result, rank - 2,
                        query.getDimSize(rank - 2), "the tokens of 'query'")) ||
      failed(verifySize(op, "result", result, rank - 1,
                        value.getDimSize(rank - 1),
                        "the last size of 'value'")))
    return failure();
  // (C10)
  if (op.getCausal() &&
      !compatible(query.getDimSize(rank - 2), key.getDimSize(rank - 2)))
    return op.emitOpError("expects as many queries as keys when causal, but "
                          "got ")
           << query.getDimSize(rank - 2) << " and " << key.getDimSize(rank - 2);
  return success();
}

/// (C7), (C8): random directions and offsets.
static LogicalResult verifyProjections(AttentionOp op) {
  auto plural = [](size_t count) { return count == 1 ? "" : "s"; };
  // (C7)
  auto heads = static_cast<size_t>(op.getHeadCount());
  size_t count = op.getOmegas().size();
  if (count != 1 && count != heads)
    return op.emitOpError("expects 1 'omega' for all heads or ")
           << heads << ", one a head, but got " << count;
  auto omega = cast<RankedTensorType>(op.getOmegas().front().getType());
  if (!omega.hasStaticShape() || omega.getNumElements() == 0)
    return op.emitOpError(
               "expects 'omega' to have a static shape with positive "
               "sizes, but got ")
           << omega;
  if (omega.getDimSize(1) != op.getHeadSize())
    return op.emitOpError("expects 'omega' with ")
           << op.getHeadSize() << " columns, the length of a query of a head, "
           << "but got " << omega;
  for (Value each : op.getOmegas())
    if (each.getType() != omega)
      return op.emitOpError("expects an 'omega' of ")
             << omega << " for each head, but got " << each.getType();
  // (C8)
  size_t offsets = op.getMap() == Map::rbf_phase ? count : 0;
  if (op.getOffsets().size() != offsets)
    return op.emitOpError("expects ")
           << offsets << " 'offset'" << plural(offsets) << " for map '"
           << stringifyMap(op.getMap()) << "' and " << count << " 'omega'"
           << plural(count) << ", but got " << op.getOffsets().size();
  for (Value offset : op.getOffsets()) {
    auto type = cast<RankedTensorType>(offset.getType());
    if (type.getDimSize(0) != omega.getDimSize(0))
      return op.emitOpError("expects 'offset' of length ")
             << omega.getDimSize(0) << " to match the rows of 'omega', but got "
             << type;
  }
  return success();
}

LogicalResult AttentionOp::verify() {
  if (failed(verifySequences(*this)) || failed(verifyProjections(*this)))
    return failure();
  // (C9)
  if (Value mask = getMask()) {
    auto type = cast<RankedTensorType>(mask.getType());
    ArrayRef<int64_t> tokens = getKey().getType().getShape().drop_back();
    if (type.getRank() != static_cast<int64_t>(tokens.size()) ||
        !llvm::all_of(llvm::zip_equal(type.getShape(), tokens), [](auto sizes) {
          return compatible(std::get<0>(sizes), std::get<1>(sizes));
        }))
      return emitOpError("expects 'mask' with a number for each key of ")
             << getKey().getType() << ", but got " << type;
  }
  // (C11)
  if (std::optional<APFloat> scale = getScale()) {
    if (getMap() != Map::softmax_pos && getMap() != Map::softmax_trig)
      return emitOpError(
                 "expects 'scale' for softmax maps alone, but got it for "
                 "'")
             << stringifyMap(getMap()) << "'";
    // Squares and roots of what it multiplies are FP32 numbers.
    double value = scale->convertToDouble();
    if (!(value >= 1e-30 && value <= 1e30))
      return emitOpError("expects 'scale' from 1e-30 to 1e30, but got ")
             << value;
  }
  // (C12)
  return verifyEpsilon(*this, getMap(), getEpsilon());
}
