//===- IrDrop.cpp - Voltage drop along bit lines --------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two more products: of the magnitudes for the current of a line, and of the
// inputs weighted by their distance for what the line takes.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Simulator/IrDrop.h"

namespace aimc::runtime {

IrDrop::IrDrop(const TargetDescription &target, const Engine &engine)
    : engine(engine),
      factor(static_cast<float>(static_cast<double>(target.array.rows) *
                                target.array.segmentResistance *
                                target.device.maxConductance * 1e-6)) {
  if (!isPresent())
    return;
  const double rows = static_cast<double>(target.array.rows);
  for (int64_t i = 0; i < target.array.rows; ++i) {
    const double rest = 1 - static_cast<double>(i) / rows;
    reach.push_back(static_cast<float>(1 - rest * rest));
  }
}

void IrDrop::apply(const ProgrammedTile &programmed, const aimc_tile &tile,
                   const float *x, int64_t xStride, int64_t count, float *sums,
                   Scratch &scratch) const {
  const int64_t rows = tile.rows, columns = tile.columns;
  scratch.inputs.resize(count * rows);
  scratch.currents.resize(count * columns);
  scratch.drops.resize(count * columns);
  const float *distances = reach.data() + tile.core_row;
  for (int64_t row = 0; row < count; ++row)
    engine.binary(AIMC_MULTIPLY, scratch.inputs.data() + row * rows,
                  x + row * xStride, 1, distances, 1, rows);
  programmed.weights.multiply(scratch.inputs.data(), rows, count,
                              scratch.drops.data(), columns,
                              ProductMode::Store);
  for (int64_t row = 0; row < count; ++row)
    engine.unary(AIMC_ABSOLUTE, scratch.inputs.data() + row * rows,
                 x + row * xStride, rows);
  programmed.magnitudes.multiply(scratch.inputs.data(), rows, count,
                                 scratch.currents.data(), columns,
                                 ProductMode::Store);
  engine.subtractVoltageDrop(factor, scratch.currents.data(),
                             scratch.drops.data(), sums, count * columns);
}

} // namespace aimc::runtime
