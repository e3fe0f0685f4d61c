//===- IrDrop.cpp - Voltage drop along bit lines --------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two more products, of integers: of the magnitudes for the current of a line,
// and of the inputs weighted by their distance for what the line takes.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Simulator/IrDrop.h"

#include <algorithm>
#include <cmath>

namespace aimc::runtime {

IrDrop::IrDrop(const TargetDescription &target, const Engine &engine,
               float dacLevels)
    : engine(engine),
      factor(static_cast<float>(static_cast<double>(target.array.rows) *
                                target.array.segmentResistance *
                                target.device.maxConductance * 1e-6)),
      dacLevels(dacLevels) {
  if (!isPresent())
    return;
  const double rows = static_cast<double>(target.array.rows);
  for (int64_t i = 0; i < target.array.rows; ++i) {
    const double rest = 1 - static_cast<double>(i) / rows;
    reach.push_back(static_cast<float>(1 - rest * rest));
  }
}

void IrDrop::apply(const ProgrammedTile &programmed, WeightPart part,
                   const aimc_tile &tile, const float *x, int64_t xStride,
                   int64_t count, float *sums, Scratch &scratch) const {
  const int64_t rows = tile.rows, columns = tile.columns;
  const IntegerMatrix &weights = programmed.integers;
  const int64_t words = weights.wordsOfVector();
  uint32_t *inputs = reserve(scratch.inputs, count * words);
  float *currents = reserve(scratch.currents, count * columns);
  float *drops = reserve(scratch.drops, count * columns);
  float *factors = reserve(scratch.factors, 2 * count);
  // As many steps as the integers have, if possible whole ones of the DAC.
  float steps = static_cast<float>(weights.steps());
  if (dacLevels > 0 && dacLevels <= steps)
    steps = std::floor(steps / dacLevels) * dacLevels;
  float *scales = factors + count;
  for (int64_t row = 0; row < count; ++row) {
    float largest = 1;
    if (dacLevels == 0) {
      largest = 0;
      for (int64_t i = 0; i < rows; ++i)
        largest = std::max(largest, std::abs(x[row * xStride + i]));
    }
    // A vector of zeros or subnormals has no drop.
    const bool hasInput = std::isnormal(largest) || std::isinf(largest);
    scales[row] = hasInput ? steps / largest : 0;
    factors[row] = hasInput ? largest / steps : 0;
  }
  const auto multiply = [&](const float *distances, float *y) {
    for (int64_t row = 0; row < count; ++row)
      engine.roundToIntegers({scales[row], steps, distances,
                              /*magnitudes=*/distances == nullptr},
                             inputs + row * words, x + row * xStride, rows);
    weights.multiply(inputs, count, factors, distances == nullptr, y, columns,
                     part);
  };
  multiply(reach.data() + tile.core_row, drops);
  multiply(nullptr, currents);
  engine.subtractVoltageDrop(factor, currents, drops, sums, count * columns);
}

} // namespace aimc::runtime
