//===- AIMCAttention.cpp - The verifier of attention ----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shapes of `aimc.attention`, as far as they are known when compiling; the
// runtime checks them all.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/IR/Verification.h"

#include "mlir/IR/Matchers.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace aimc;

/// The rows and columns of a matrix.
static int64_t getRowCount(Value matrix) {
  return cast<ShapedType>(matrix.getType()).getDimSize(0);
}
static int64_t getColumnCount(Value matrix) {
  return cast<ShapedType>(matrix.getType()).getDimSize(1);
}

/// Verifies that `matrix` has `rows` rows of `columns` columns, as far as
/// known. The text `matching` says where the rows come from.
static LogicalResult verifyShape(AttentionOp op, StringRef name, Value matrix,
                                 int64_t rows, int64_t columns,
                                 StringRef matching) {
  if (getColumnCount(matrix) != columns)
    return op.emitOpError("expects '")
           << name << "' with " << printSize(columns) << " columns, but got "
           << printSize(getColumnCount(matrix));
  if (!compatible(getRowCount(matrix), rows))
    return op.emitOpError("expects '")
           << name << "' with " << printSize(rows) << " rows" << matching
           << ", but got " << printSize(getRowCount(matrix));
  return success();
}

/// The rows of the features of all heads for `rows` tokens, if known.
static int64_t multiplyRows(int64_t rows, int64_t heads) {
  return ShapedType::isDynamic(rows)
             ? rows
             : static_cast<int64_t>(
                   llvm::SaturatingMultiply<uint64_t>(rows, heads));
}

LogicalResult AttentionOp::verify() {
  // (C9)
  if (failed(verifyDestinations(*this)))
    return failure();
  // (C1)
  int64_t heads = getHeads();
  if (heads < 1)
    return emitOpError("expects at least 1 head, but got ") << heads;
  int64_t columns = getColumnCount(getValues());
  if (columns <= 0 || columns % heads != 0)
    return emitOpError("expects 'values' with columns that ")
           << heads << " heads share evenly, but got " << printSize(columns);
  // (C2)
  int64_t features = getColumnCount(getQueries());
  if (features <= 0)
    return emitOpError("expects 'queries' with a static, positive number of "
                       "columns, but got ")
           << printSize(features);
  // (C2), (C3)
  int64_t tokens = getRowCount(getValues());
  if (failed(verifyShape(*this, "keys", getKeys(), multiplyRows(tokens, heads),
                         features, ", one for each row of 'values' and head")))
    return failure();
  // (C4)
  int64_t queries = getRowCount(getInit());
  if (failed(verifyShape(*this, "init", getInit(), queries, columns, "")) ||
      failed(verifyShape(*this, "queries", getQueries(),
                         multiplyRows(queries, heads), features,
                         ", one for each row of 'init' and head")))
    return failure();
  // (C5)
  if (getLogScale() &&
      failed(verifyShape(*this, "log_scale", getLogScale(),
                         getRowCount(getKeys()), 1, ", those of 'keys'")))
    return failure();
  // (C6)
  if (getMask() && failed(verifyShape(*this, "mask", getMask(), tokens, 1,
                                      ", those of 'values'")))
    return failure();
  // (C7)
  if (getCausal() && !compatible(tokens, queries))
    return emitOpError("expects as many queries as keys when causal, but got ")
           << queries << " and " << tokens;
  // (C8)
  APInt constant;
  if (matchPattern(getSequences(), m_ConstantInt(&constant))) {
    int64_t sequences = constant.getSExtValue();
    if (sequences < 0)
      return emitOpError("expects 0 or more sequences, but got ") << sequences;
    for (auto [name, rows] :
         {std::make_pair("values", tokens), std::make_pair("init", queries)}) {
      bool divides = sequences == 0 ? rows == 0 : rows % sequences == 0;
      if (!ShapedType::isDynamic(rows) && !divides)
        return emitOpError("expects '")
               << name << "' with rows that " << sequences
               << " sequences share evenly, but got " << rows;
    }
  }
  // (C10)
  return getUnit() ? verifyUnit(*this, *getUnit()) : success();
}

void AttentionOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addBufferEffects(*this, effects);
}
