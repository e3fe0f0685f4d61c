//===- Programming.cpp - Weights as programmed ----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Row by row of a tile, with rows of variates for each polarity.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Simulator/Programming.h"

#include "Runtime/Devices/Simulator/Defects.h"
#include "Runtime/Devices/Simulator/PackedCurve.h"
#include "Runtime/Random/Normal64.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace aimc::runtime {

namespace {

float largestMagnitude(const float *values, int64_t count, float atLeast) {
  for (int64_t i = 0; i < count; ++i)
    atLeast = std::max(atLeast, std::abs(values[i]));
  return atLeast;
}

/// Growth of low-frequency noise, as variance, from reads to periods of `time`
/// seconds.
double noiseGrowth(const LowFrequencyNoise &noise, double time) {
  const double readTime = noise.readTime * 1e-9;
  if (!(readTime > 0) || !(time > 0))
    return 0;
  return std::max(logarithm64((time + readTime) / (2 * readTime)), 0.0);
}

/// The programming and ageing of one tile.
class TileProgrammer {
public:
  TileProgrammer(const ProgrammingSetup &setup, const aimc_matrix &matrix,
                 const aimc_tile &tile)
      : setup(setup), device(setup.device), engine(setup.engine),
        matrix(matrix), tile(tile), programmingError(device.programmingError),
        programmingNoise(device.programmingNoise), driftMean(device.drift.mean),
        driftDeviation(device.drift.deviation),
        lowFrequencyNoise(device.lowFrequencyNoise.deviation),
        readNoiseCurve(device.readNoise.lowFrequency.deviation) {}

  ProgrammedTile run();

private:
  const float *rowOfTile(int64_t row) const {
    return matrix.weights + (tile.weight_row + row) * matrix.columns +
           tile.weight_column;
  }

  /// A row of variates of the tile's cells.
  void drawRow(Effect effect, int64_t row, uint32_t polarity, uint32_t attempt,
               float *normals) const {
    const StreamKey key =
        deriveStream(setup.seed, effect, tile.chip, tile.core);
    const uint32_t counter[3] = {static_cast<uint32_t>(tile.core_row + row),
                                 polarity, attempt};
    engine.normals(key.words, counter, tile.core_column, tile.columns, normals);
  }

  void program(float *weights, float largest);
  void age(ProgrammedTile &programmed, float *weights);

  const ProgrammingSetup &setup;
  const DeviceModel &device;
  const Engine &engine;
  const aimc_matrix &matrix;
  const aimc_tile &tile;
  const PackedCurve programmingError, programmingNoise, driftMean,
      driftDeviation, lowFrequencyNoise, readNoiseCurve;
};

/// Both polarities of each row, and their difference.
void TileProgrammer::program(float *weights, float largest) {
  const float maxConductance = static_cast<float>(device.maxConductance);
  const float low = static_cast<float>(device.conductanceBounds[0]);
  const float high = device.conductanceBounds[1] > 0
                         ? static_cast<float>(device.conductanceBounds[1])
                         : std::numeric_limits<float>::infinity();
  ProgrammingRequest request = {
      largest,
      maxConductance,
      1,
      static_cast<float>(std::max<int64_t>(device.conductanceLevels - 1, 0)),
      low,
      high,
      programmingError.request(),
      programmingNoise.request(),
      -1};
  const bool noisy = !device.programmingNoise.isZero();
  const int attempts = noisy ? device.writeVerify.iterations : 1;
  std::vector<float> normals(tile.columns), conductances[2];
  for (std::vector<float> &polarity : conductances)
    polarity.resize(tile.columns);
  for (int64_t row = 0; row < tile.rows; ++row) {
    for (uint32_t polarity = 0; polarity < 2; ++polarity) {
      float *values = conductances[polarity].data();
      request.sign = polarity ? -1.0f : 1.0f;
      for (int attempt = 0; attempt < attempts; ++attempt) {
        request.tolerance =
            attempt ? static_cast<float>(device.writeVerify.tolerance) : -1.0f;
        if (noisy)
          drawRow(Effect::ProgrammingNoise, row, polarity, attempt,
                  normals.data());
        engine.programConductances(request, values, rowOfTile(row),
                                   normals.data(), tile.columns);
      }
      applyStuckDevices(device.defects, engine, setup.seed, tile, row, polarity,
                        low, std::min(high, maxConductance), values);
    }
    engine.joinConductances(weights + row * tile.columns,
                            conductances[0].data(), conductances[1].data(),
                            maxConductance, tile.columns);
  }
}

/// Drift, low-frequency noise and the variances of reads, row by row into the
/// packed matrices.
void TileProgrammer::age(ProgrammedTile &programmed, float *weights) {
  const float largest =
      largestMagnitude(weights, int64_t{tile.rows} * tile.columns, 0.0f);
  const LowFrequencyNoise &noise = device.lowFrequencyNoise;
  const double growth = noiseGrowth(noise, setup.time + device.referenceTime) -
                        noiseGrowth(noise, noise.window);
  AgingRequest request = {};
  request.largestWeight = largest > 0 ? largest : 1.0f;
  request.largestTarget =
      programmed.largestWeight > 0 ? programmed.largestWeight : 1.0f;
  request.driftMean = driftMean.request();
  request.driftDeviation = driftDeviation.request();
  request.noise = lowFrequencyNoise.request();
  request.scale = static_cast<float>(std::sqrt(std::max(growth, 0.0)));
  const bool drifts =
      setup.time > 0 && device.referenceTime > 0 &&
      !(device.drift.mean.isZero() && device.drift.deviation.isZero());
  if (drifts)
    request.logTime = static_cast<float>(logarithm64(
        (setup.time + device.referenceTime) / device.referenceTime));
  const bool noisy = request.scale > 0 && !noise.deviation.isZero();

  VarianceRequest variance = {};
  if (device.readNoise.form == ReadNoise::Form::SquareRoot)
    variance.perWeight = static_cast<float>(device.readNoise.deviation *
                                            device.readNoise.deviation);
  else
    variance.perSquare = static_cast<float>(noiseGrowth(
        device.readNoise.lowFrequency, device.readNoise.lowFrequency.window));
  variance.noise = readNoiseCurve.request();
  variance.largestWeight = request.largestWeight;
  const bool readNoise = variance.perWeight > 0 || variance.perSquare > 0;
  if (readNoise)
    programmed.variances = PackedMatrix(engine, tile.rows, tile.columns);

  std::vector<float> driftNormals(tile.columns), noiseNormals(tile.columns),
      before(tile.columns), variances(tile.columns);
  for (int64_t row = 0; row < tile.rows; ++row) {
    float *values = weights + row * tile.columns;
    if (readNoise)
      std::copy_n(values, tile.columns, before.data());
    if (drifts)
      drawRow(Effect::DriftExponent, row, 0, 0, driftNormals.data());
    if (noisy)
      drawRow(Effect::ConductanceNoise, row, 0, 0, noiseNormals.data());
    if (drifts || noisy)
      engine.ageWeights(request, values, rowOfTile(row),
                        drifts ? driftNormals.data() : nullptr,
                        noisy ? noiseNormals.data() : nullptr, tile.columns);
    if (!readNoise)
      continue;
    engine.readVariances(variance, variances.data(), values, before.data(),
                         tile.columns);
    for (int64_t column = 0; setup.splitsSigns && column < tile.columns;
         ++column)
      variances[column] = std::copysign(variances[column], values[column]);
    programmed.variances.setRow(row, variances.data());
  }
}

ProgrammedTile TileProgrammer::run() {
  ProgrammedTile programmed;
  programmed.weights = PackedMatrix(engine, tile.rows, tile.columns);
  for (int64_t row = 0; row < tile.rows; ++row)
    programmed.largestWeight = largestMagnitude(rowOfTile(row), tile.columns,
                                                programmed.largestWeight);
  const float largest =
      programmed.largestWeight > 0 ? programmed.largestWeight : 1.0f;
  std::vector<float> weights(int64_t{tile.rows} * tile.columns);
  if (device.kind == "ideal") {
    for (int64_t row = 0; row < tile.rows; ++row)
      for (int64_t column = 0; column < tile.columns; ++column)
        weights[row * tile.columns + column] = rowOfTile(row)[column] / largest;
  } else {
    program(weights.data(), largest);
    applyDeadPlaces(device.defects, tile, weights.data());
    age(programmed, weights.data());
  }
  for (int64_t row = 0; row < tile.rows; ++row)
    programmed.weights.setRow(row, weights.data() + row * tile.columns);
  return programmed;
}

} // namespace

ProgrammedTile programTile(const ProgrammingSetup &setup,
                           const aimc_matrix &matrix, const aimc_tile &tile) {
  ProgrammedTile programmed = TileProgrammer(setup, matrix, tile).run();
  if (setup.needsIntegers)
    programmed.integers = IntegerMatrix(setup.engine, programmed.weights);
  return programmed;
}

} // namespace aimc::runtime
