//===- PeripheryTest.cpp - Converters of the simulated chip -----*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the simulator makes of a target's converters and modes, against a direct
// computation, and that none of it depends on threads, engines or batches.
//
//===----------------------------------------------------------------------===//

#include "../Support.h"
#include "Simulation.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr int64_t Rows = 60, Columns = 40;

std::unique_ptr<TestModel> exampleModel() {
  return TestModel::product(Rows, Columns, randomValues(Rows * Columns, 2),
                            cutTiles(Rows, Columns, 40, 40));
}

TargetDescription withPhases(TargetDescription target, int phases) {
  OperatingMode mode;
  mode.name = "mode";
  mode.phases = phases;
  target.modes = {mode};
  target.mode = "mode";
  return target;
}

TEST(Periphery, FourPhasesAreFourConversions) {
  TargetDescription target = withPhases(idealTarget(), 4);
  target.dac = converter(6, 1.0);
  target.adc = converter(7, 10.0);
  target.adc.rounding = "toward_zero";
  target.adc.saturation = 2.5;
  Simulation simulation(exampleModel(), target);
  ASSERT_TRUE(simulation.device) << simulation.error;
  const int64_t n = 20;
  const std::vector<float> x = randomValues(n * Rows, 1);
  const float outputRange = 3.0f, step = outputRange / 63.0f;
  const std::vector<float> y = simulation.mvm(x, 1.0f, outputRange);
  const aimc_matrix &matrix = simulation.model->matrix(0);
  int64_t saturated = 0;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t c = 0; c < Columns; ++c) {
      float sum = 0;
      for (const aimc_tile &tile : simulation.model->tiles(0)) {
        float largest = 0, counts = 0;
        const int64_t first = tile.weight_row, end = first + tile.rows;
        for (int64_t k = first * Columns; k < end * Columns; ++k)
          largest = std::max(largest, std::abs(matrix.weights[k]));
        for (int phase = 0; phase < 4; ++phase) {
          const float xSign = phase < 2 ? 1 : -1, wSign = phase % 2 ? -1 : 1;
          float chain = 0;
          for (int64_t k = first; k < end; ++k) {
            const float q = std::clamp(std::nearbyint(x[i * Rows + k] * 31.0f),
                                       -31.0f, 31.0f) /
                            31.0f;
            chain = std::fma(
                std::max(xSign * q, 0.0f),
                std::max(wSign * (matrix.weights[k * Columns + c] / largest),
                         0.0f),
                chain);
          }
          saturated += chain > 2.5f;
          chain = std::min(chain, 2.5f);
          counts += xSign * wSign * (std::trunc(chain / step) * step);
        }
        const float partial =
            std::clamp(counts, -outputRange, outputRange) * largest;
        sum = first ? sum + partial : partial;
      }
      ASSERT_NEAR(y[i * Columns + c], sum, 1e-5f) << i << " " << c;
    }
  EXPECT_GT(saturated, 0);
}

/// Without rounding and noise both modes compute the same product.
TEST(Periphery, PhasesAddUpToTheProduct) {
  TargetDescription target = idealTarget();
  target.dac = converter(8, 1.0);
  target.device = deviceOf("hermes");
  const std::vector<float> x = randomValues(10 * Rows, 1);
  const std::vector<float> one =
      Simulation(exampleModel(), withPhases(target, 1)).mvm(x, 1, 10);
  const std::vector<float> four =
      Simulation(exampleModel(), withPhases(target, 4)).mvm(x, 1, 10);
  for (size_t i = 0; i < one.size(); ++i)
    ASSERT_NEAR(one[i], four[i], 1e-5f) << i;
}

/// Each phase has noise of its own: twice the deviation.
TEST(Periphery, NoiseOfFourPhases) {
  TargetDescription target = withPhases(idealTarget(), 4);
  target.device.outputNoise = 0.04;
  auto model = TestModel::product(10, 100, std::vector<float>(1000, 1.0f),
                                  cutTiles(10, 100, 10, 100));
  Simulation simulation(std::move(model), target);
  const std::vector<float> y =
      simulation.mvm(std::vector<float>(1000 * 10), 1.0f, 10);
  double square = 0;
  for (float value : y)
    square += static_cast<double>(value) * value / y.size();
  // 10^5 values: .22 %.
  EXPECT_NEAR(std::sqrt(square), 0.08, 0.01 * 0.08);
}

TEST(Periphery, NothingButTheSeedsMatters) {
  TargetDescription target = withPhases(idealTarget(), 4);
  target.dac = converter(8, 1.0);
  target.dac.rounding = "stochastic";
  target.adc = converter(8, 10.0);
  target.adc.rounding = "toward_zero";
  target.adc.gainSpread = 0.07;
  target.adc.offsetSpread = 0.03;
  target.adc.corrected = true;
  target.adc.gainResidual = target.adc.offsetResidual = 0.005;
  target.adc.curve.cubic = 0.2;
  target.adc.saturation = 8;
  target.device = deviceOf("hermes");
  target.device.outputNoise = 0.04;
  target.array.segmentResistance = 0.35;
  const int64_t n = 30;
  const std::vector<float> x = randomValues(n * Rows, 1);
  ContextOptions options;
  options.programSeed = 1;
  options.readSeed = 2;
  const std::vector<float> expected =
      Simulation(exampleModel(), target, options).mvm(x, 1, 10);
  for (const Engine *engine : availableEngines())
    for (int threads : {1, 2}) {
      ContextOptions other = options;
      other.engine = engine->name;
      other.threads = threads;
      Simulation simulation(exampleModel(), target, other);
      EXPECT_TRUE(sameBits(simulation.mvm(x, 1, 10), expected))
          << engine->name << " " << threads;
      EXPECT_TRUE(sameBits(simulation.mvmInParts(x, 1, 10, 7), expected))
          << engine->name;
    }
  // Another chip, another read.
  for (uint64_t ContextOptions::*seed :
       {&ContextOptions::programSeed, &ContextOptions::readSeed}) {
    ContextOptions other = options;
    other.*seed = 9;
    EXPECT_FALSE(sameBits(
        Simulation(exampleModel(), target, other).mvm(x, 1, 10), expected));
  }
}

/// The inputs of two sites and of two vectors are rounded independently, those
/// of two batches with the same vectors alike.
TEST(Periphery, StochasticRoundingBelongsToTheVector) {
  TargetDescription target = idealTarget();
  target.dac = converter(3, 1.0);
  target.dac.rounding = "stochastic";
  // One input and one weight: the output is the input as rounded.
  auto model = TestModel::product(1, 1, {1.0f}, cutTiles(1, 1, 1, 1));
  Simulation simulation(std::move(model), target);
  const std::vector<float> half(10000, 0.5f);
  const std::vector<float> first = simulation.mvm(half, 1, 1, 7);
  EXPECT_TRUE(sameBits(simulation.mvm(half, 1, 1, 7), first));
  const std::vector<float> other = simulation.mvm(half, 1, 1, 8);
  double mean = 0, product = 0;
  for (size_t i = 0; i < first.size(); ++i) {
    EXPECT_TRUE(first[i] == 1.0f / 3 || first[i] == 2.0f / 3) << first[i];
    mean += first[i] / half.size();
    product += (first[i] - 0.5) * (other[i] - 0.5) * 36 / half.size();
  }
  // Four standard errors of 10^4 values of deviation 1/6.
  EXPECT_NEAR(mean, 0.5, 4.0 / 6 / 100);
  EXPECT_NEAR(product, 0, 4.0 / 100);
}

/// A column's gain is that of the converter at its place, for every vector.
TEST(Periphery, GainsAreFrozen) {
  TargetDescription target = idealTarget();
  target.dac = converter(8, 1.0);
  target.adc = converter(16, 10.0);
  target.adc.gainSpread = 0.07;
  auto model = TestModel::product(1, 200, std::vector<float>(200, 1.0f),
                                  cutTiles(1, 200, 1, 200));
  Simulation simulation(std::move(model), target);
  const std::vector<float> y = simulation.mvm({1.0f, 1.0f}, 1, 2);
  double square = 0;
  for (int64_t c = 0; c < 200; ++c) {
    EXPECT_EQ(y[c], y[200 + c]);
    square += std::pow(y[c] - 1, 2) / 200;
  }
  EXPECT_NEAR(std::sqrt(square), 0.07, 3 * 0.07 / std::sqrt(400.0));
}

/// A sum whose bit line saturates is clipped, though it is within the range; of
/// four phases it is enough that one does.
TEST(Periphery, CountsWhatSaturates) {
  for (int phases : {1, 4}) {
    TargetDescription target = withPhases(idealTarget(), phases);
    target.dac = converter(8, 1.0);
    target.adc = converter(8, 10.0);
    target.adc.saturation = 0.75;
    auto model =
        TestModel::product(2, 2, {1, 0.5f, -1, 0.5f}, cutTiles(2, 2, 2, 2));
    Simulation simulation(std::move(model), target);
    Statistics statistics;
    std::string error;
    simulation.device = createSimulator(
        {simulation.model->get(), &simulation.target, simulation.options,
         *findEngine("auto", error), simulation.workers, &statistics},
        error);
    // Sums 0 (of 1 and -1) and 1; -1 and -.5; .5 and .25; both just saturate.
    simulation.mvm({1, 1, -1, 0, 0.5f, 0, 0, 0}, 1, 10);
    simulation.mvm({0, -1, 1, 0.5f}, 1, 10);
    ASSERT_EQ(statistics.clippings.size(), 1u);
    EXPECT_EQ(statistics.clippings[0].outputs, 12u);
    EXPECT_EQ(statistics.clippings[0].clippedOutputs, phases == 1 ? 4u : 6u)
        << phases;
  }
}

TEST(Periphery, CountsWhatIsClipped) {
  TargetDescription target = idealTarget();
  target.dac = converter(8, 1.0);
  target.adc = converter(8, 10.0);
  auto model = TestModel::product(4, 2, {1, 1, 0, 0, 0, 0, 0, -0.5f},
                                  cutTiles(4, 2, 4, 2));
  Simulation simulation(std::move(model), target);
  Statistics statistics;
  std::string error;
  simulation.device = createSimulator(
      {simulation.model->get(), &simulation.target, simulation.options,
       *findEngine("auto", error), simulation.workers, &statistics},
      error);
  simulation.mvm({0.9f, 2, -3, 0.1f, 0.1f, 0, 0, 0}, 1, 0.5f, 3);
  simulation.mvm({5, 5, 5, 5}, 1, 0.5f, 3);
  simulation.mvm({0, 0, 0, 0}, 1, 0.5f, 4);
  ASSERT_EQ(statistics.clippings.size(), 2u);
  const Clipping &clipping = statistics.clippings[0];
  EXPECT_EQ(clipping.site, 3);
  EXPECT_EQ(clipping.matrix, "w");
  EXPECT_EQ(clipping.inputRange, 1);
  EXPECT_EQ(clipping.outputRange, 0.5f);
  EXPECT_EQ(clipping.inputs, 12u);
  EXPECT_EQ(clipping.clippedInputs, 6u);
  EXPECT_EQ(clipping.outputs, 6u);
  // .9 and .9 - .05; 1 and 1 - .5.
  EXPECT_EQ(clipping.clippedOutputs, 3u);
  EXPECT_EQ(statistics.clippings[1].clippedInputs, 0u);
}

} // namespace
