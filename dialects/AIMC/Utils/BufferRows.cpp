//===- BufferRows.cpp - Rows of buffers -----------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sizes are followed to where buffers are allocated or come from.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Utils/BufferRows.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace aimc;

OpFoldResult aimc::getBufferRows(Value buffer) {
  while (auto cast = buffer.getDefiningOp<memref::CastOp>())
    buffer = cast.getSource();
  auto type = cast<MemRefType>(buffer.getType());
  if (!type.isDynamicDim(0))
    return Builder(type.getContext()).getIndexAttr(type.getDimSize(0));
  Value size;
  if (auto alloc = buffer.getDefiningOp<memref::AllocOp>())
    size = alloc.getDynamicSizes().front();
  else if (auto view = buffer.getDefiningOp<memref::ReinterpretCastOp>())
    size = dyn_cast<Value>(view.getMixedSizes().front());
  if (!size)
    return buffer;
  if (std::optional<int64_t> constant = getConstantIntValue(size))
    return Builder(type.getContext()).getIndexAttr(*constant);
  auto dim = size.getDefiningOp<memref::DimOp>();
  return dim && dim.getConstantIndex() == 0 ? getBufferRows(dim.getSource())
                                            : OpFoldResult(size);
}

bool aimc::showsRowsInPlace(memref::ReinterpretCastOp view) {
  auto source = dyn_cast<MemRefType>(view.getSource().getType());
  if (!source || source.getRank() != 2 || view.getType().getRank() != 2)
    return false;
  auto [strides, offset] = source.getStridesAndOffset();
  auto [viewStrides, viewOffset] = view.getType().getStridesAndOffset();
  if (ShapedType::isDynamicShape(strides) || ShapedType::isDynamic(offset) ||
      ShapedType::isDynamic(viewOffset) || strides != viewStrides ||
      strides[1] != 1 || source.isDynamicDim(1) ||
      view.getType().isDynamicDim(1))
    return false;
  int64_t column = viewOffset - offset;
  return column >= 0 &&
         column + view.getType().getDimSize(1) <= source.getDimSize(1) &&
         getBufferRows(view.getResult()) == getBufferRows(view.getSource());
}
