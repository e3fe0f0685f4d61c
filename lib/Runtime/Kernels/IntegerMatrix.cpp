//===- IntegerMatrix.cpp - Weights rounded to integers --------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The panels of a PackedMatrix, with a pair of rows in the place of a row.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/IntegerMatrix.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace aimc::runtime {

int64_t IntegerMatrix::stepsFor(int64_t rows) {
  constexpr int64_t Largest = std::numeric_limits<int16_t>::max();
  constexpr int64_t Sum = std::numeric_limits<int32_t>::max();
  const int64_t most = Sum / std::max<int64_t>(rows, 1);
  // Rounded down, also if the root of a number that large is rounded up.
  int64_t steps = static_cast<int64_t>(std::sqrt(static_cast<double>(most)));
  while (steps * steps > most)
    --steps;
  return std::min(steps, Largest);
}

IntegerMatrix::IntegerMatrix(const Engine &engine, const PackedMatrix &matrix)
    : engine(&engine), rowCount(matrix.rows()), columnCount(matrix.columns()) {
  const int64_t width = engine.panelColumns, lanes = engine.vectorColumns;
  const int64_t pairs = (rowCount + 1) / 2;
  panels.resize(pairs * ((columnCount + lanes - 1) / lanes * lanes));
  Buffer values(columnCount);
  float largest = 0;
  for (int64_t row = 0; row < rowCount; ++row) {
    matrix.copyRow(row, values.data());
    for (float value : values)
      if (std::isfinite(value))
        largest = std::max(largest, std::abs(value));
  }
  const float count = static_cast<float>(steps());
  unit = largest / count;
  if (largest == 0)
    return;
  IntegerBuffer integers((columnCount + lanes + 1) / 2 + lanes);
  for (int64_t row = 0; row < rowCount; ++row) {
    matrix.copyRow(row, values.data());
    for (float &value : values)
      value /= largest;
    engine.roundToIntegers({count, count, nullptr, /*magnitudes=*/false},
                           integers.data(), values.data(), columnCount);
    for (int64_t column = 0; column < columnCount; ++column) {
      const int64_t panel = column / width * width;
      const int64_t panelWidth =
          (std::min(width, columnCount - panel) + lanes - 1) / lanes * lanes;
      const uint32_t integer =
          integers[column / 2] >> (column % 2 * 16) & 0xffff;
      panels[panel * pairs + row / 2 * panelWidth + (column - panel)] |=
          integer << (row % 2 * 16);
    }
  }
}

int64_t IntegerMatrix::wordsOfVector() const {
  const int64_t lanes = engine->vectorColumns;
  return ((rowCount + lanes - 1) / lanes * lanes + 1) / 2;
}

void IntegerMatrix::multiply(const uint32_t *x, int64_t n, const float *factors,
                             bool magnitudes, float *y, int64_t yStride,
                             WeightPart part) const {
  engine->integerProduct({x, wordsOfVector(), panels.data(), (rowCount + 1) / 2,
                          columnCount, unit, factors, magnitudes, y, yStride, n,
                          part});
}

} // namespace aimc::runtime
