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

#include "Runtime/Devices/Device.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace aimc::runtime {

namespace {

/// Inputs that drive all rows at full scale, each with a sign of its own, and
/// the range of the ADC for them. One row at a time would put most sums into
/// the first steps of an ADC, or below.
class CompensationInputs {
public:
  CompensationInputs(const Engine &engine, uint64_t seed,
                     const aimc_matrix &matrix, const aimc_tile &tile);

  /// Sum of |output| over all vectors, by column.
  std::vector<double> measure(const TileReader &reader,
                              const ProgrammedTile &programmed,
                              const ColumnErrors &columns, StreamKey key,
                              uint64_t firstVector) const;

private:
  /// Enough for factors that are right to well below a step.
  static constexpr int64_t vectors = 256;
  /// Vectors that fit the cache together.
  static constexpr int64_t block = 64;

  const aimc_tile &tile;
  std::vector<float> signs; ///< vectors x tile.rows; the DAC gives 1 exactly
  /// The least that clips no output of the weights as given, in units of the
  /// largest one.
  float outputRange = 0;
};

} // namespace

CompensationInputs::CompensationInputs(const Engine &engine, uint64_t seed,
                                       const aimc_matrix &matrix,
                                       const aimc_tile &tile)
    : tile(tile), signs(vectors * tile.rows) {
  const StreamKey key = deriveStream(seed, Effect::CompensationInputs);
  std::vector<uint32_t> words((tile.rows + 63) / 64 * 64);
  for (int64_t i = 0; i < vectors; ++i) {
    drawWords(engine, key, static_cast<uint64_t>(i), tile.rows, words.data());
    for (int64_t row = 0; row < tile.rows; ++row)
      signs[i * tile.rows + row] = words[row] >> 31 ? 1.0f : -1.0f;
  }
  const float *weights =
      matrix.weights + tile.weight_row * matrix.columns + tile.weight_column;
  const float largest = largestWeight(matrix, tile);
  std::vector<float> scaled(tile.rows * tile.columns);
  for (int64_t row = 0; largest > 0 && row < tile.rows; ++row)
    for (int64_t column = 0; column < tile.columns; ++column)
      scaled[row * tile.columns + column] =
          weights[row * matrix.columns + column] / largest;
  const PackedMatrix packed(engine, scaled.data(), tile.columns, tile.rows,
                            tile.columns);
  std::vector<float> outputs(block * tile.columns);
  for (int64_t first = 0; first < vectors; first += block) {
    packed.multiply(signs.data() + first * tile.rows, tile.rows, block,
                    outputs.data(), tile.columns, ProductMode::Store);
    for (float output : outputs)
      outputRange = std::max(outputRange, std::abs(output));
  }
  // Of zeros, noise is all that is read.
  if (outputRange == 0)
    outputRange = 1;
}

std::vector<double> CompensationInputs::measure(
    const TileReader &reader, const ProgrammedTile &programmed,
    const ColumnErrors &columns, StreamKey key, uint64_t firstVector) const {
  const std::vector<float> noFactors;
  std::vector<double> sums(tile.columns);
  std::vector<float> outputs(block * tile.columns);
  TileReader::Scratch scratch;
  for (int64_t first = 0; first < vectors; first += block) {
    reader.read({programmed, noFactors, columns, tile, 1.0f, outputRange, key,
                 firstVector + first, /*vectorStep=*/1, /*add=*/false},
                signs.data() + first * tile.rows, tile.rows, block,
                outputs.data(), tile.columns, scratch);
    for (int64_t i = 0; i < block; ++i)
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
  const CompensationInputs inputs(engine, options.programSeed, matrix, tile);
  const std::vector<double> then =
      inputs.measure(reader, before, result.columns, key, 0);
  std::optional<ProgrammedTile> earlier;
  if (measured != options.time) {
    setup.time = measured;
    earlier = programTile(setup, matrix, tile);
  }
  const std::vector<double> now =
      inputs.measure(reader, earlier ? *earlier : result.tile, result.columns,
                     key, uint64_t{1} << 32);
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
