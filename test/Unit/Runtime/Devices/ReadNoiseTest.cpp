//===- ReadNoiseTest.cpp - Noise of products ------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Noise of outputs against a simulation of each device, and its independence.
//
//===----------------------------------------------------------------------===//

#include "Simulation.h"
#include "Statistics.h"

#include <cmath>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr int64_t Rows = 64, Columns = 100;

/// Two tiles of 50 columns; converters are ideal.
std::unique_ptr<TestModel> twoTiles(std::vector<float> weights) {
  return TestModel::product(Rows, Columns, std::move(weights),
                            cutTiles(Rows, Columns, Rows, 50));
}

TargetDescription noisyTarget() {
  TargetDescription target = idealTarget();
  target.device = deviceOf("hermes");
  target.device.readNoise.form = ReadNoise::Form::SquareRoot;
  target.device.readNoise.deviation = 0.0175;
  target.device.outputNoise = 0.02;
  return target;
}

/// Deviations from the mean of a column over many reads of one input.
std::vector<float> noiseOf(Simulation &simulation, int64_t n, int64_t site,
                           uint64_t firstVector = 0) {
  const std::vector<float> input = randomValues(Rows, 3);
  std::vector<float> x;
  for (int64_t i = 0; i < n; ++i)
    x.insert(x.end(), input.begin(), input.end());
  std::vector<float> y = simulation.mvm(x, 1, 10, site, firstVector);
  for (int64_t c = 0; c < Columns; ++c) {
    double sum = 0;
    for (int64_t i = 0; i < n; ++i)
      sum += y[i * Columns + c];
    for (int64_t i = 0; i < n; ++i)
      y[i * Columns + c] -= static_cast<float>(sum / n);
  }
  return y;
}

/// Variance of each column's output when each device has noise of its own: a
/// slow simulation of what the simulator does in one draw.
std::vector<double> variancesByDevice(const std::vector<float> &weights,
                                      const std::vector<float> &variances,
                                      const std::vector<float> &x, int64_t n) {
  std::mt19937 generator(11);
  std::normal_distribution<double> normal;
  std::vector<double> squares(Columns);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t c = 0; c < Columns; ++c) {
      double noise = 0;
      for (int64_t row = 0; row < Rows; ++row) {
        const int64_t cell = row * Columns + c;
        const double w =
            weights[cell] + std::sqrt(variances[cell]) * normal(generator);
        noise += (w - weights[cell]) * x[row];
      }
      squares[c] += noise * noise / n;
    }
  return squares;
}

TEST(ReadNoise, HasTheVarianceOfNoiseOfEachDevice) {
  const std::vector<float> w = randomValues(Rows * Columns, 2);
  const std::vector<float> x = randomValues(Rows, 3);
  float largest = 0;
  for (float weight : w)
    largest = std::max(largest, std::abs(weight));
  for (ReadNoise::Form form :
       {ReadNoise::Form::SquareRoot, ReadNoise::Form::LowFrequency}) {
    TargetDescription target = noisyTarget();
    target.device.outputNoise = 0;
    target.device.readNoise.form = form;
    target.device.lowFrequencyNoise.window = 1;
    target.device.readNoise.lowFrequency = target.device.lowFrequencyNoise;
    // One tile, as weights and variances are in units of its largest weight.
    auto model = TestModel::product(Rows, Columns, w,
                                    cutTiles(Rows, Columns, Rows, Columns));
    const ProgrammedTile tile =
        programTile({target.device, *availableEngines().back(), 0, 0, false},
                    model->matrix(0), model->tiles(0)[0]);
    const std::vector<float> programmed = unpack(tile.weights);
    const std::vector<float> variances = unpack(tile.variances);
    if (form == ReadNoise::Form::SquareRoot) {
      for (size_t i = 0; i < w.size(); ++i)
        ASSERT_NEAR(variances[i], 0.0175 * 0.0175 * std::abs(programmed[i]),
                    1e-9);
    }
    Simulation simulation(std::move(model), target);
    const int64_t n = 4000;
    const std::vector<float> noise = noiseOf(simulation, n, 7);
    const std::vector<double> expected =
        variancesByDevice(programmed, variances, x, n);
    double ratio = 0;
    for (int64_t c = 0; c < Columns; ++c) {
      double square = 0, exact = 0;
      for (int64_t i = 0; i < n; ++i)
        square += std::pow(noise[i * Columns + c] / largest, 2) / n;
      for (int64_t row = 0; row < Rows; ++row)
        exact +=
            static_cast<double>(variances[row * Columns + c]) * x[row] * x[row];
      // Variances of 4000 values are known to 2.2 %, one standard error.
      EXPECT_NEAR(square, exact, 0.1 * exact);
      EXPECT_NEAR(square, expected[c], 0.14 * expected[c]);
      ratio += square / expected[c] / Columns;
    }
    EXPECT_NEAR(ratio, 1, 0.015);
  }
}

TEST(ReadNoise, IsIndependentOverTilesVectorsColumnsAndSites) {
  Simulation simulation(twoTiles(randomValues(Rows * Columns, 2)),
                        noisyTarget());
  const int64_t n = 2000;
  const std::vector<float> noise = noiseOf(simulation, n, 7);
  std::vector<float> left, right;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t c = 0; c < 50; ++c) {
      left.push_back(noise[i * Columns + c]);
      right.push_back(noise[i * Columns + 50 + c]);
    }
  expectUncorrelated(left, right);
  expectUncorrelated({noise.begin(), noise.end() - 1},
                     {noise.begin() + 1, noise.end()});
  expectUncorrelated({noise.begin(), noise.end() - Columns},
                     {noise.begin() + Columns, noise.end()});
  expectUncorrelated(noise, noiseOf(simulation, n, 8));
  expectUncorrelated(noise, noiseOf(simulation, n, 7, n));
  EXPECT_GT(correlation(noise, noiseOf(simulation, n, 7)), 0.9999);
}

/// Errors of programming, of two tiles and of two seeds. What all have in
/// common for a weight drops out of the difference of two seeds.
TEST(Programming, ErrorsAreIndependentOverTilesAndSeeds) {
  const int64_t size = 320;
  const std::vector<float> w = randomValues(size * size, 2);
  const aimc_matrix matrix = {
      "w", size, size, w.data(), 1, AIMC_COPIES_AVERAGE, 0, nullptr};
  for (double time : {0.0, 3e7}) {
    const auto errors = [&](int32_t chip, int32_t core, uint64_t seed) {
      const aimc_tile tile = {0, 0, 320, 320, chip, core, 0, 0};
      std::vector<float> result =
          programmedWeights(deviceOf("hermes"), matrix, tile, seed, time);
      const std::vector<float> other =
          programmedWeights(deviceOf("hermes"), matrix, tile, seed + 1, time);
      for (size_t i = 0; i < result.size(); ++i)
        result[i] -= other[i];
      return result;
    };
    const std::vector<float> first = errors(0, 0, 1);
    expectUncorrelated(first, errors(0, 1, 1));
    expectUncorrelated(first, errors(1, 0, 1));
    expectUncorrelated(first, errors(0, 0, 3));
    expectUncorrelated({first.begin(), first.end() - size},
                       {first.begin() + size, first.end()});
    expectUncorrelated({first.begin(), first.end() - 1},
                       {first.begin() + 1, first.end()});
  }
}

/// All that the simulator can do at once has the same bits however it is run.
TEST(Simulator, NothingButTheSeedsMattersWithAllEffects) {
  TargetDescription target = noisyTarget();
  target.dac = converter(8, 1.0);
  target.adc = converter(8, 10.0);
  target.array.segmentResistance = 0.35;
  target.device.drift.compensation = "column";
  target.device.writeVerify = {3, 0.5};
  target.device.conductanceLevels = 64;
  target.device.defects.stuckLow = 0.01;
  target.device.defects.columns = {{0, 1, -1, 4}};
  ContextOptions options;
  options.time = 86400;
  const int64_t n = 30;
  const std::vector<float> w = randomValues(Rows * Columns, 2);
  const std::vector<float> x = randomValues(n * Rows, 1);
  const std::vector<float> expected =
      Simulation(twoTiles(w), target, options).mvm(x, 1, 10);
  ASSERT_EQ(n % 5, 0);
  for (const Engine *engine : availableEngines())
    for (int threads : {1, 2}) {
      ContextOptions other = options;
      other.engine = engine->name;
      other.threads = threads;
      Simulation simulation(twoTiles(w), target, other);
      EXPECT_TRUE(sameBits(simulation.mvm(x, 1, 10), expected))
          << engine->name << " " << threads;
      EXPECT_TRUE(sameBits(simulation.mvmInParts(x, 1, 10, 7), expected))
          << engine->name;
      // The last vectors first, after a call of another site and another size.
      simulation.mvm({x.begin(), x.begin() + 3 * Rows}, 1, 10, 8);
      std::vector<float> joined(expected.size());
      for (int64_t first = n - 5; first >= 0; first -= 5) {
        const std::vector<float> part = simulation.mvm(
            {x.begin() + first * Rows, x.begin() + (first + 5) * Rows}, 1, 10,
            7, first);
        std::copy(part.begin(), part.end(), joined.begin() + first * Columns);
      }
      EXPECT_TRUE(sameBits(joined, expected)) << engine->name;
      EXPECT_TRUE(sameBits(simulation.mvm(x, 1, 10), expected)) << engine->name;
    }
  options.readSeed = 1;
  EXPECT_FALSE(sameBits(Simulation(twoTiles(w), target, options).mvm(x, 1, 10),
                        expected));
  options.readSeed = 0;
  options.programSeed = 1;
  EXPECT_FALSE(sameBits(Simulation(twoTiles(w), target, options).mvm(x, 1, 10),
                        expected));
  // A dead column still has an ADC, which rounds noise.
  EXPECT_LT(std::abs(expected[54]), 0.2f);
}

} // namespace
