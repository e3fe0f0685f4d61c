//===- Programming.cpp - Weights as programmed ----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Row by row of a tile, with one row of noise for each polarity.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Simulator/Programming.h"

#include "Runtime/Random/Normal64.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace aimc::runtime {

namespace {

/// The noise at the reference time, for weights of at most 1.
ConductanceNoiseRequest conductanceNoise(const DeviceModel &device) {
  const LowFrequencyNoise &noise = device.lowFrequencyNoise;
  const double readTime = noise.readTime * 1e-9;
  const double growth =
      logarithm64((device.referenceTime + readTime) / (2 * readTime));
  ConductanceNoiseRequest request = {};
  request.largestWeight = 1;
  request.scale = static_cast<float>(std::sqrt(std::max(growth, 0.0)));
  request.threshold = static_cast<float>(noise.threshold);
  request.logOffset = static_cast<float>(noise.logarithm[0]);
  request.logFactor = static_cast<float>(noise.logarithm[1]);
  request.low = static_cast<float>(noise.bounds[0]);
  request.high = static_cast<float>(noise.bounds[1]);
  for (int i = 0; i < 4; ++i)
    request.cubic[i] = static_cast<float>(noise.coefficients[i]);
  return request;
}

float largestMagnitude(const float *values, int64_t count, float atLeast) {
  for (int64_t i = 0; i < count; ++i)
    atLeast = std::max(atLeast, std::abs(values[i]));
  return atLeast;
}

/// A row of noise of the tile's cells.
void drawRow(const Engine &engine, StreamKey key, const aimc_tile &tile,
             int64_t row, uint32_t polarity, float *normals) {
  const uint32_t counter[3] = {static_cast<uint32_t>(tile.core_row + row),
                               polarity, 0};
  engine.normals(key.words, counter, tile.core_column, tile.columns, normals);
}

} // namespace

ProgrammedTile programTile(const DeviceModel &device, const Engine &engine,
                           const aimc_matrix &matrix, const aimc_tile &tile,
                           uint64_t seed) {
  const auto rowOfTile = [&](int64_t row) {
    return matrix.weights + (tile.weight_row + row) * matrix.columns +
           tile.weight_column;
  };
  ProgrammedTile programmed;
  programmed.weights = PackedMatrix(engine, tile.rows, tile.columns);
  for (int64_t row = 0; row < tile.rows; ++row)
    programmed.largestWeight = largestMagnitude(rowOfTile(row), tile.columns,
                                                programmed.largestWeight);

  const float largest =
      programmed.largestWeight > 0 ? programmed.largestWeight : 1.0f;
  std::vector<float> values(tile.columns);
  if (device.kind == "ideal") {
    for (int64_t row = 0; row < tile.rows; ++row) {
      for (int64_t column = 0; column < tile.columns; ++column)
        values[column] = rowOfTile(row)[column] / largest;
      programmed.weights.setRow(row, values.data());
    }
    return programmed;
  }

  const std::vector<float> coefficients(device.programmingNoise.begin(),
                                        device.programmingNoise.end());
  const ProgrammingRequest request = {
      largest, static_cast<float>(device.maxConductance), coefficients.data(),
      static_cast<int64_t>(coefficients.size())};
  const StreamKey key =
      deriveStream(seed, Effect::ProgrammingNoise, tile.chip, tile.core);
  std::vector<float> normals[2];
  for (std::vector<float> &polarity : normals)
    polarity.resize(tile.columns);
  values.resize(int64_t{tile.rows} * tile.columns);
  for (int64_t row = 0; row < tile.rows; ++row) {
    for (uint32_t polarity = 0; polarity < 2; ++polarity)
      drawRow(engine, key, tile, row, polarity, normals[polarity].data());
    engine.programWeights(request, values.data() + row * tile.columns,
                          rowOfTile(row), normals[0].data(), normals[1].data(),
                          tile.columns);
  }

  ConductanceNoiseRequest noise = conductanceNoise(device);
  const float largestProgrammed =
      largestMagnitude(values.data(), values.size(), 0.0f);
  if (largestProgrammed > 0)
    noise.largestWeight = largestProgrammed;
  const StreamKey noiseKey =
      deriveStream(seed, Effect::ConductanceNoise, tile.chip, tile.core);
  for (int64_t row = 0; row < tile.rows; ++row) {
    float *rowValues = values.data() + row * tile.columns;
    drawRow(engine, noiseKey, tile, row, 0, normals[0].data());
    engine.addConductanceNoise(noise, rowValues, normals[0].data(),
                               tile.columns);
    programmed.weights.setRow(row, rowValues);
  }
  return programmed;
}

} // namespace aimc::runtime
