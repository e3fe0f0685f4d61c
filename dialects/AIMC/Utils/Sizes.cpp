//===- Sizes.cpp - Arithmetic on sizes ------------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream's makeComposedFoldedAffineApply makes affine operations, which the
// runtime has no calls for.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Utils/Sizes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

OpFoldResult aimc::multiplySizes(OpBuilder &builder, Location loc,
                                 OpFoldResult lhs, OpFoldResult rhs) {
  std::optional<int64_t> a = getConstantIntValue(lhs),
                         b = getConstantIntValue(rhs);
  if (a && b)
    return builder.getIndexAttr(*a * *b);
  if (a == 0 || b == 0)
    return builder.getIndexAttr(0);
  if (a == 1 || b == 1)
    return a == 1 ? rhs : lhs;
  return arith::MulIOp::create(
             builder, loc, getValueOrCreateConstantIndexOp(builder, loc, lhs),
             getValueOrCreateConstantIndexOp(builder, loc, rhs))
      .getResult();
}
