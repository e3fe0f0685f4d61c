//===- TileReader.cpp - Products with a programmed tile -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One product for the sums, one for the variance of read noise, and row by row
// what follows.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Simulator/TileReader.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace aimc::runtime {

TileReader::TileReader(const TargetDescription &target, const Engine &engine)
    : engine(engine), dac(levelsOf(target.dac)), adc(levelsOf(target.adc)),
      outputNoise(static_cast<float>(target.device.outputNoise)),
      phases(target.operatingMode().phases), errors(target.adc),
      irDrop(target, engine, dac) {}

void TileReader::readBitLines(const ProgrammedTile &programmed, WeightPart part,
                              const aimc_tile &tile, const float *x,
                              int64_t xStride, int64_t count, float *sums,
                              float *variances, Scratch &scratch) const {
  programmed.weights.multiply(x, xStride, count, sums, tile.columns,
                              ProductMode::Store, part);
  if (irDrop.isPresent())
    irDrop.apply(programmed, part, tile, x, xStride, count, sums,
                 scratch.irDrop);
  if (!variances)
    return;
  float *squares = reserve(scratch.squares, count * tile.rows);
  for (int64_t row = 0; row < count; ++row)
    engine.binary(AIMC_MULTIPLY, squares + row * tile.rows, x + row * xStride,
                  1, x + row * xStride, 1, tile.rows);
  programmed.variances.multiply(squares, tile.rows, count, variances,
                                tile.columns, ProductMode::Store, part);
}

/// Counts outputs of a row that are clipped, or whose bit line saturates, as
/// they would without noise and errors of the ADC; the sums of a phase stand
/// `size` after those of the one before.
uint64_t TileReader::countClipped(const float *sums, int64_t columns,
                                  int64_t size, float range,
                                  Scratch &scratch) const {
  const float limit = clippedFrom(range, adc);
  const float saturation = errors.clippedFrom();
  if (phases == 1)
    return static_cast<uint64_t>(
        engine.countBeyond(sums, columns, std::min(limit, saturation)));
  float *net = reserve(scratch.net, columns);
  engine.binary(AIMC_SUBTRACT, net, sums, 1, sums + size, 1, columns);
  engine.binary(AIMC_SUBTRACT, net, net, 1, sums + 2 * size, 1, columns);
  engine.binary(AIMC_ADD, net, net, 1, sums + 3 * size, 1, columns);
  // What saturates in any phase counts once, as if it were beyond the range.
  for (int phase = 0; std::isfinite(saturation) && phase < phases; ++phase)
    for (int64_t column = 0; column < columns; ++column)
      if (sums[phase * size + column] > saturation)
        net[column] = std::numeric_limits<float>::infinity();
  return static_cast<uint64_t>(engine.countBeyond(net, columns, limit));
}

/// Counts outputs of a row that convert to 0 in every phase, as they would
/// without noise and errors of the ADC.
uint64_t TileReader::countLost(const float *sums, int64_t columns, int64_t size,
                               float range, Scratch &scratch) const {
  const float *largest = sums;
  // Sums of phases are of one sign.
  for (int phase = 1; phase < phases; ++phase) {
    float *net = reserve(scratch.net, columns);
    engine.binary(AIMC_MAXIMUM, net, largest, 1, sums + phase * size, 1,
                  columns);
    largest = net;
  }
  const uint64_t converted = static_cast<uint64_t>(
      engine.countBeyond(largest, columns, errors.lostUpTo(range, adc)));
  return static_cast<uint64_t>(columns) - converted;
}

void TileReader::read(const TileReading &reading, const float *x,
                      int64_t xStride, int64_t count, float *y, int64_t yStride,
                      Scratch &scratch) const {
  const int64_t rows = reading.tile.rows, columns = reading.tile.columns;
  const int64_t size = count * columns;
  const ProgrammedTile &programmed = reading.programmed;
  const bool reads = programmed.variances.rows() > 0;
  float *sums = reserve(scratch.sums, phases * size);
  float *variances =
      reads ? reserve(scratch.variances, phases * size) : nullptr;
  if (!splitsSigns()) {
    readBitLines(programmed, WeightPart::All, reading.tile, x, xStride, count,
                 sums, variances, scratch);
  } else {
    // max(x, 0) and max(-x, 0).
    const float zero = 0;
    float *inputs[2] = {reserve(scratch.positive, count * rows),
                        reserve(scratch.negative, count * rows)};
    for (int64_t row = 0; row < count; ++row) {
      float *positive = inputs[0] + row * rows;
      float *negative = inputs[1] + row * rows;
      engine.binary(AIMC_MAXIMUM, positive, x + row * xStride, 1, &zero, 0,
                    rows);
      engine.unary(AIMC_NEGATE, negative, x + row * xStride, rows);
      engine.binary(AIMC_MAXIMUM, negative, negative, 1, &zero, 0, rows);
    }
    for (int phase = 0; phase < phases; ++phase)
      readBitLines(
          programmed, phase % 2 ? WeightPart::Negative : WeightPart::Positive,
          reading.tile, inputs[phase / 2], rows, count, sums + phase * size,
          variances ? variances + phase * size : nullptr, scratch);
  }
  const bool noisy = outputNoise > 0 || variances;
  float *normals = noisy ? reserve(scratch.normals, phases * columns) : nullptr;
  AdcRequest request = {};
  errors.apply(request, reading.columns);
  request.range = reading.outputRange;
  request.levels = adc;
  request.inputRange = reading.inputRange;
  request.largestWeight = programmed.largestWeight;
  request.add = reading.add;
  request.phases = phases;
  request.phaseStride = size;
  request.normalsStride = columns;
  if (reading.factors.size() == 1)
    request.largestWeight *= reading.factors[0];
  else if (!reading.factors.empty())
    request.factors = reading.factors.data();
  if (noisy && !variances) {
    request.noise = outputNoise;
    request.normals = normals;
  }
  for (int64_t row = 0; row < count; ++row) {
    const uint64_t vector =
        reading.firstVector + static_cast<uint64_t>(row) * reading.vectorStep;
    if (adc > 0)
      scratch.clipped += countClipped(sums + row * columns, columns, size,
                                      reading.outputRange, scratch);
    if (adc > 0 && programmed.largestWeight > 0 &&
        engine.countBeyond(x + row * xStride, rows, 0.0f) > 0) {
      scratch.driven += static_cast<uint64_t>(columns);
      scratch.lost += countLost(sums + row * columns, columns, size,
                                reading.outputRange, scratch);
    }
    for (int phase = 0; noisy && phase < phases; ++phase) {
      const uint32_t counter[3] = {static_cast<uint32_t>(vector),
                                   static_cast<uint32_t>(vector >> 32),
                                   static_cast<uint32_t>(phase)};
      float *own = normals + phase * columns;
      engine.normals(reading.key.words, counter, 0, columns, own);
      const int64_t place = phase * size + row * columns;
      if (variances)
        engine.addReadNoise(outputNoise, variances + place, own, sums + place,
                            columns);
    }
    engine.adc(request, y + row * yStride, sums + row * columns, columns);
  }
}

} // namespace aimc::runtime
