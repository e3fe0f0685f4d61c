//===- PackedMatrix.cpp - Weights in the order of the product -------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The layout is described at ProductRequest.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/PackedMatrix.h"

#include <algorithm>

namespace aimc::runtime {

PackedMatrix::PackedMatrix(const Engine &engine, int64_t rows, int64_t columns)
    : engine(&engine), rowCount(rows), columnCount(columns) {
  const int64_t width = engine.panelColumns, lanes = engine.vectorColumns;
  const int64_t rest = columns % width;
  const int64_t restWidth = rest ? packedWidth(rest, lanes) : 0;
  panels.resize(rows * (columns - rest + restWidth) + lanes);
}

PackedMatrix::PackedMatrix(const Engine &engine, const float *weights,
                           int64_t stride, int64_t rows, int64_t columns)
    : PackedMatrix(engine, rows, columns) {
  for (int64_t row = 0; row < rows; ++row)
    setRow(row, weights + row * stride);
}

void PackedMatrix::setRow(int64_t row, const float *values) {
  const int64_t width = engine->panelColumns;
  for (int64_t column = 0; column < columnCount; column += width) {
    const int64_t count = std::min(width, columnCount - column);
    const int64_t panelWidth = packedWidth(count, engine->vectorColumns);
    std::copy_n(values + column, count,
                panels.data() + column * rowCount + row * panelWidth);
  }
}

void PackedMatrix::copyRow(int64_t row, float *values) const {
  const int64_t width = engine->panelColumns;
  for (int64_t column = 0; column < columnCount; column += width) {
    const int64_t count = std::min(width, columnCount - column);
    const int64_t panelWidth = packedWidth(count, engine->vectorColumns);
    std::copy_n(panels.data() + column * rowCount + row * panelWidth, count,
                values + column);
  }
}

void PackedMatrix::setColumns(const float *values, int64_t stride) {
  const int64_t width = engine->panelColumns;
  for (int64_t column = 0; column < columnCount; column += width) {
    const int64_t count = std::min(width, columnCount - column);
    const int64_t panelWidth = packedWidth(count, engine->vectorColumns);
    const float *from = values + column * stride;
    float *to = panels.data() + column * rowCount;
    for (int64_t row = 0; row < rowCount; ++row)
      for (int64_t c = 0; c < count; ++c)
        to[row * panelWidth + c] = from[c * stride + row];
  }
}

void PackedMatrix::roundToHalf() {
  engine->roundToHalf(panels.data(), static_cast<int64_t>(panels.size()));
}

void PackedMatrix::multiply(const float *x, int64_t xStride, int64_t xStep,
                            int64_t n, float *y, int64_t yStride,
                            ProductMode mode, WeightPart part) const {
  engine->product({x, xStride, xStep, panels.data(), rowCount, columnCount, y,
                   yStride, n, mode, part});
}

void PackedMatrix::multiplyInChains(const float *x, int64_t xStride, int64_t n,
                                    float *y, int64_t yStride) const {
  engine->product({x, xStride, /*xStep=*/1, panels.data(), rowCount,
                   columnCount, y, yStride, n, ProductMode::Store,
                   WeightPart::All, /*inChains=*/true});
}

} // namespace aimc::runtime
