//===- AIMCCanonicalization.cpp - Canonical forms -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Folds and canonicalizations of the dialect. None of them touches a site:
// which products there are, and their noise, stays as written.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/CommonFolders.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace aimc;

Operation *AIMCDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                            Type type, Location loc) {
  return arith::ConstantOp::materialize(builder, value, type, loc);
}

//===----------------------------------------------------------------------===//
// Destinations
//===----------------------------------------------------------------------===//

/// Makes `init`, of which only the shape matters, independent of the operations
/// that write it: takes the destination they write to.
static bool skipWriters(OpOperand &init, PatternRewriter &rewriter) {
  Value value = init.get();
  if (!isa<TensorType>(value.getType()))
    return false;
  while (auto writer = value.getDefiningOp<DestinationStyleOpInterface>())
    value = writer.getTiedOpOperand(cast<OpResult>(value))->get();
  if (value == init.get())
    return false;
  rewriter.modifyOpInPlace(init.getOwner(), [&] { init.set(value); });
  return true;
}

LogicalResult MvmOp::canonicalize(MvmOp op, PatternRewriter &rewriter) {
  return success(skipWriters(op.getInitMutable(), rewriter));
}

LogicalResult GramOp::canonicalize(GramOp op, PatternRewriter &rewriter) {
  return success(skipWriters(op.getInitMutable(), rewriter));
}

LogicalResult LoadOp::canonicalize(LoadOp op, PatternRewriter &rewriter) {
  return success(skipWriters(op.getInitMutable(), rewriter));
}

LogicalResult AttentionOp::canonicalize(AttentionOp op,
                                        PatternRewriter &rewriter) {
  return success(skipWriters(op.getInitMutable(), rewriter));
}

LogicalResult ExecuteOp::canonicalize(ExecuteOp op, PatternRewriter &rewriter) {
  bool changed = false;
  for (OpOperand &init : op.getInitsMutable())
    changed |= skipWriters(init, rewriter);
  return success(changed);
}

//===----------------------------------------------------------------------===//
// aimc.digital
//===----------------------------------------------------------------------===//

LogicalResult DigitalOp::canonicalize(DigitalOp op, PatternRewriter &rewriter) {
  // Results that nothing uses, that are computed outside, or that another
  // result equals, are not yielded.
  auto yield = cast<YieldOp>(op.getBody().front().getTerminator());
  SmallVector<Value> kept, replacements;
  DenseMap<Value, unsigned> positions;
  SmallVector<std::pair<Value, unsigned>> moved;
  for (auto [result, value] :
       llvm::zip_equal(op.getResults(), yield.getValues())) {
    if (!op.getBody().isAncestor(value.getParentRegion())) {
      replacements.push_back(value);
      continue;
    }
    replacements.push_back(Value());
    if (result.use_empty())
      continue;
    auto [entry, isNew] = positions.try_emplace(value, kept.size());
    if (isNew)
      kept.push_back(value);
    moved.push_back({result, entry->second});
  }
  if (kept.size() == op.getNumResults())
    return failure();

  auto digital = DigitalOp::create(
      rewriter, op.getLoc(), TypeRange(ValueRange(kept)), op.getUnitAttr());
  rewriter.inlineRegionBefore(op.getBody(), digital.getBody(),
                              digital.getBody().end());
  rewriter.modifyOpInPlace(yield,
                           [&] { yield.getValuesMutable().assign(kept); });
  for (auto [result, position] : moved)
    replacements[cast<OpResult>(result).getResultNumber()] =
        digital.getResult(position);
  rewriter.replaceOp(op, replacements);
  return success();
}

//===----------------------------------------------------------------------===//
// aimc.step
//===----------------------------------------------------------------------===//

OpFoldResult StepOp::fold(FoldAdaptor adaptor) {
  return constFoldUnaryOp<FloatAttr>(
      adaptor.getOperands(), getType(), [](const APFloat &a) {
        if (a.isNaN())
          return APFloat::getQNaN(a.getSemantics());
        return APFloat(a.isNegative() || a.isZero() ? 0.0f : 1.0f);
      });
}

//===----------------------------------------------------------------------===//
// Comparisons and aimc.select
//===----------------------------------------------------------------------===//

/// 1 or 0 of constants that are compared by `holds`.
static OpFoldResult
foldComparison(ArrayRef<Attribute> operands, Type type,
               function_ref<bool(APFloat::cmpResult)> holds) {
  return constFoldBinaryOp<FloatAttr>(
      operands, type, [&](const APFloat &a, const APFloat &b) {
        return APFloat(holds(a.compare(b)) ? 1.0f : 0.0f);
      });
}

OpFoldResult GreaterOp::fold(FoldAdaptor adaptor) {
  return foldComparison(adaptor.getOperands(), getType(), [](auto result) {
    return result == APFloat::cmpGreaterThan;
  });
}

OpFoldResult GreaterEqualOp::fold(FoldAdaptor adaptor) {
  return foldComparison(adaptor.getOperands(), getType(), [](auto result) {
    return result == APFloat::cmpGreaterThan || result == APFloat::cmpEqual;
  });
}

OpFoldResult EqualOp::fold(FoldAdaptor adaptor) {
  return foldComparison(adaptor.getOperands(), getType(), [](auto result) {
    return result == APFloat::cmpEqual;
  });
}

OpFoldResult SelectOp::fold(FoldAdaptor adaptor) {
  if (getOnTrue() == getOnFalse())
    return getOnTrue();
  Attribute condition = adaptor.getCondition();
  if (auto dense = dyn_cast_or_null<DenseElementsAttr>(condition);
      dense && dense.isSplat())
    condition = dense.getSplatValue<Attribute>();
  auto number = dyn_cast_or_null<FloatAttr>(condition);
  if (!number)
    return {};
  return number.getValue().isZero() ? getOnFalse() : getOnTrue();
}

//===----------------------------------------------------------------------===//
// aimc.concatenate
//===----------------------------------------------------------------------===//

OpFoldResult ConcatenateOp::fold(FoldAdaptor adaptor) {
  auto lhs = dyn_cast_or_null<DenseFPElementsAttr>(adaptor.getLhs());
  auto rhs = dyn_cast_or_null<DenseFPElementsAttr>(adaptor.getRhs());
  if (!lhs || !rhs)
    return {};
  if (lhs.isSplat() && rhs.isSplat() &&
      lhs.getSplatValue<APFloat>().bitwiseIsEqual(rhs.getSplatValue<APFloat>()))
    return DenseElementsAttr::get(getType(), lhs.getSplatValue<APFloat>());
  SmallVector<APFloat> values(lhs.getValues<APFloat>());
  llvm::append_range(values, rhs.getValues<APFloat>());
  return DenseElementsAttr::get(getType(), values);
}
