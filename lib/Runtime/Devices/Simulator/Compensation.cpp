//===- Compensation.cpp - Factors against drift ---------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tile is programmed with the same variates for time 0, for the time of the
// last recalibration and for that of the run.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Simulator/Compensation.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace aimc::runtime {

/// Sum of |output| of a unit vector on each row, by column.
static std::vector<double>
measureColumns(const TargetDescription &target, const TileReader &reader,
               const ProgrammedTile &programmed, const ColumnErrors &columns,
               const aimc_tile &tile, StreamKey key, uint64_t firstVector) {
  const float outputRange =
      target.adc.ideal ? 1.0f : static_cast<float>(target.adc.defaultRange);
  const std::vector<float> noFactors;
  std::vector<double> sums(tile.columns);
  // Blocks keep the inputs in the cache. The DAC gives 1 and 0 exactly.
  constexpr int64_t Block = 64;
  std::vector<float> inputs, outputs;
  TileReader::Scratch scratch;
  for (int64_t first = 0; first < tile.rows; first += Block) {
    const int64_t count = std::min(Block, tile.rows - first);
    inputs.assign(count * tile.rows, 0.0f);
    outputs.resize(count * tile.columns);
    for (int64_t i = 0; i < count; ++i)
      inputs[i * tile.rows + first + i] = 1;
    reader.read({programmed, noFactors, columns, tile, 1.0f, outputRange, key,
                 firstVector + first, /*add=*/false},
                inputs.data(), tile.rows, count, outputs.data(), tile.columns,
                scratch);
    for (int64_t i = 0; i < count; ++i)
      for (int64_t column = 0; column < tile.columns; ++column)
        sums[column] += std::abs(outputs[i * tile.columns + column]);
  }
  return sums;
}

static float ratio(double then, double now) {
  return then > 0 && now > 0 ? static_cast<float>(then / now) : 1.0f;
}

double recalibrationTime(const Drift &drift, double time) {
  const double interval = drift.recalibrationInterval;
  if (interval == 0)
    return time;
  // A time that is a multiple but for the rounding of both is one.
  const double nearest = std::round(time / interval);
  if (std::abs(nearest * interval - time) <= 1e-12 * time)
    return time;
  return std::floor(time / interval) * interval;
}

CompensatedTile programCompensatedTile(const TargetDescription &target,
                                       const TileReader &reader,
                                       const Engine &engine,
                                       const ContextOptions &options,
                                       const aimc_matrix &matrix,
                                       const aimc_tile &tile) {
  ProgrammingSetup setup = {target.device,          engine,
                            options.programSeed,    options.time,
                            reader.needsIntegers(), reader.splitsSigns()};
  CompensatedTile result = {
      programTile(setup, matrix, tile),
      {},
      drawColumnErrors(target.adc, engine, tile, options.programSeed)};
  const Drift &drift = target.device.drift;
  const double measured = recalibrationTime(drift, options.time);
  if (measured == 0 || drift.compensation == "none" ||
      (drift.mean.isZero() && drift.deviation.isZero()))
    return result;
  setup.time = 0;
  const ProgrammedTile before = programTile(setup, matrix, tile);
  const StreamKey key = deriveStream(
      options.programSeed, Effect::CompensationNoise, tile.chip, tile.core,
      static_cast<uint32_t>(tile.core_row) << 16 | tile.core_column);
  const std::vector<double> then =
      measureColumns(target, reader, before, result.columns, tile, key, 0);
  std::optional<ProgrammedTile> earlier;
  if (measured != options.time) {
    setup.time = measured;
    earlier = programTile(setup, matrix, tile);
  }
  const std::vector<double> now =
      measureColumns(target, reader, earlier ? *earlier : result.tile,
                     result.columns, tile, key, uint64_t{1} << 32);
  if (drift.compensation == "global") {
    double sumThen = 0, sumNow = 0;
    for (int64_t column = 0; column < tile.columns; ++column) {
      sumThen += then[column];
      sumNow += now[column];
    }
    result.factors = {ratio(sumThen, sumNow)};
    return result;
  }
  for (int64_t column = 0; column < tile.columns; ++column)
    result.factors.push_back(ratio(then[column], now[column]));
  return result;
}

} // namespace aimc::runtime
