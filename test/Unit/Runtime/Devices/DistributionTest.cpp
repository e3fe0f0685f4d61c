//===- DistributionTest.cpp - Distributions of device errors --------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each random step of a device against its distribution: moments, and the test
// of Kolmogorov and Smirnov at the 1 % level, with fixed seeds.
//
//===----------------------------------------------------------------------===//

#include "Simulation.h"
#include "Statistics.h"

#include <cmath>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr int64_t Size = 256, Count = Size * Size;

constexpr double Pi = 3.14159265358979;

/// A device without any error.
DeviceModel perfectDevice() {
  DeviceModel device;
  device.kind = "gaussian";
  device.maxConductance = 20;
  device.referenceTime = 100;
  return device;
}

/// Weights of one value but for the first, which is 1 and sets the scale, as
/// they are at a time. The first is left out.
std::vector<double> sample(const DeviceModel &device, float weight,
                           double time = 0, uint64_t seed = 1) {
  std::vector<float> w(Count, weight);
  w[0] = 1;
  const aimc_matrix matrix = {
      "w", Size, Size, w.data(), 1, AIMC_COPIES_AVERAGE, 0, nullptr};
  const std::vector<float> programmed = programmedWeights(
      device, matrix, {0, 0, Size, Size, 0, 0, 0, 0}, seed, time);
  return {programmed.begin() + 1, programmed.end()};
}

TEST(Distribution, RelativeNoiseIsNormal) {
  DeviceModel device = perfectDevice();
  device.programmingNoise.coefficients = {0, 0.05 * 20};
  // The other side is 0 without noise.
  expectNormal(sample(device, 0.5f), 0.5, 0.025);
  expectNormal(sample(device, -0.25f), -0.25, 0.0125);
}

TEST(Distribution, AbsoluteNoiseMovesTheZeroSideToo) {
  DeviceModel device = perfectDevice();
  const double sigma = 0.05;
  device.programmingNoise = Curve::constant(sigma * 20);
  const std::vector<double> values = sample(device, 0.5f);
  // The zero side is half a normal distribution and a point at 0.
  EXPECT_NEAR(mean(values), 0.5 - sigma / std::sqrt(2 * Pi), 4 * sigma / 256);
  const double expected = sigma * sigma * (1.5 - 1 / (2 * Pi));
  EXPECT_NEAR(variance(values), expected, 0.03 * expected);
}

TEST(Distribution, TablesAreInterpolated) {
  DeviceModel device = perfectDevice();
  device.kind = "table";
  device.programmingNoise.points = {0, 0.2, 0.6, 1};
  device.programmingNoise.values = {0, 0.4, 2.0, 1.0};
  expectNormal(sample(device, 0.1f), 0.1, 0.2 / 20);
  expectNormal(sample(device, 0.5f), 0.5, 1.6 / 20);
  expectNormal(sample(device, 0.8f), 0.8, 1.5 / 20);
  EXPECT_DOUBLE_EQ(device.programmingNoise.evaluate(0.1), 0.2);
  EXPECT_DOUBLE_EQ(device.programmingNoise.evaluate(0.5), 1.6);
  EXPECT_DOUBLE_EQ(device.programmingNoise.evaluate(1), 1);
}

/// A mean error moves the noise, and stands alone where there is none.
TEST(Distribution, MeanErrorIsAddedToTheTarget) {
  DeviceModel device = perfectDevice();
  device.kind = "table";
  device.programmingError.points = {0, 0.5, 1};
  device.programmingError.values = {0, -2, 1};
  // 10 uS of 20 is programmed as 8; 15 as 14.5.
  for (double value : sample(device, 0.5f))
    ASSERT_NEAR(value, 0.4, 1e-6);
  for (double value : sample(device, -0.75f))
    ASSERT_NEAR(value, -0.725, 1e-6);
  device.programmingNoise = Curve::constant(0.5);
  const double zero = 0.5 / 20;
  std::vector<double> values = sample(device, 0.5f);
  // The other side is noise cut at 0.
  const double expected = zero * zero * (1.5 - 1 / (2 * Pi));
  EXPECT_NEAR(mean(values), 0.4 - zero / std::sqrt(2 * Pi),
              4 * std::sqrt(expected / values.size()));
  EXPECT_NEAR(variance(values), expected, 0.03 * expected);
  // No conductance is below 0.
  device = perfectDevice();
  device.programmingError = Curve::constant(-30);
  for (double value : sample(device, 0.5f))
    ASSERT_EQ(value, 0);
}

TEST(Distribution, DriftIsAPowerOfTime) {
  DeviceModel device = perfectDevice();
  device.drift.mean = Curve::constant(0.06);
  device.drift.deviation = Curve::constant(0.01);
  for (double time : {3600.0, 3e7}) {
    std::vector<double> exponents = sample(device, 0.5f, time);
    for (double &value : exponents)
      value = -std::log(value / 0.5) / std::log((time + 100) / 100);
    expectNormal(exponents, 0.06, 0.01);
  }
  // A device keeps its exponent.
  const std::vector<double> early = sample(device, 0.5f, 900);
  const std::vector<double> late = sample(device, 0.5f, 9900);
  for (size_t i = 0; i < early.size(); i += 97)
    EXPECT_NEAR(std::log(late[i] / 0.5), 2 * std::log(early[i] / 0.5), 1e-5);
  for (double value : sample(device, 0.5f, 0))
    ASSERT_EQ(value, 0.5);
}

/// Exponents are those of the conductance that was meant, and never negative.
TEST(Distribution, DriftOfADeviceThatShouldBeZero) {
  DeviceModel device = perfectDevice();
  device.programmingNoise = Curve::constant(1);
  device.drift.mean.threshold = 0.1;
  device.drift.mean.below = Curve::Below::Logarithm;
  device.drift.mean.parameters[1] = -1;
  device.drift.mean.bounds[1] = 0.2;
  device.drift.mean.coefficients = {0};
  const std::vector<double> then = sample(device, 0),
                            now = sample(device, 0, 900);
  for (size_t i = 0; i < then.size(); ++i)
    ASSERT_NEAR(now[i], then[i] * std::pow(10, -0.2), 1e-6);
}

TEST(Distribution, LowFrequencyNoiseGrowsWithTime) {
  DeviceModel device = perfectDevice();
  device.lowFrequencyNoise.readTime = 250;
  device.lowFrequencyNoise.deviation.threshold = 2;
  device.lowFrequencyNoise.deviation.below = Curve::Below::Power;
  device.lowFrequencyNoise.deviation.parameters[0] = 0.0088;
  device.lowFrequencyNoise.deviation.parameters[1] = -0.65;
  device.lowFrequencyNoise.deviation.bounds[1] = 0.2;
  const double q = 0.0088 * std::pow(0.5, -0.65);
  EXPECT_DOUBLE_EQ(device.lowFrequencyNoise.deviation.evaluate(0.5), q);
  for (double time : {0.0, 86400.0, 3e7})
    expectNormal(sample(device, 0.5f, time), 0.5,
                 0.5 * q * std::sqrt(std::log((time + 100 + 250e-9) / 500e-9)));
  // What reads have is not drawn once.
  device.lowFrequencyNoise.window = 1;
  expectNormal(sample(device, 0.5f), 0.5,
               0.5 * q * std::sqrt(std::log((100 + 250e-9) / (1 + 250e-9))));
}

TEST(Distribution, WriteVerifyCutsTheTails) {
  DeviceModel device = perfectDevice();
  device.programmingNoise.coefficients = {0, 1};
  device.writeVerify = {100, 0.5};
  // At a weight of .5 the noise is .5 uS: cut at one standard deviation.
  const std::vector<double> values = sample(device, 0.5f);
  for (double value : values)
    ASSERT_LE(std::abs(value - 0.5), 0.5 / 20 + 1e-7);
  const double expected = 0.29112509 * 0.025 * 0.025;
  EXPECT_NEAR(mean(values), 0.5, 4 * std::sqrt(expected) / 256);
  EXPECT_NEAR(variance(values), expected, 0.03 * expected);
  // With two attempts those fail that miss twice: .3173^2.
  device.writeVerify.iterations = 2;
  int64_t misses = 0;
  for (double value : sample(device, 0.5f))
    misses += std::abs(value - 0.5) > 0.5 / 20;
  EXPECT_NEAR(misses / static_cast<double>(Count), 0.10068, 0.005);
}

TEST(Distribution, LevelsAndBounds) {
  DeviceModel device = perfectDevice();
  device.conductanceLevels = 5;
  for (auto [weight, level] :
       {std::pair{0.1f, 0.0}, {0.2f, 0.25}, {-0.8f, -0.75}, {0.9f, 1.0}})
    EXPECT_NEAR(sample(device, weight)[7], level, 1e-7);
  device = perfectDevice();
  device.conductanceBounds[0] = 2;
  device.conductanceBounds[1] = 15;
  // The zero side stays at its least conductance.
  EXPECT_NEAR(sample(device, 0.9f)[7], (15 - 2) / 20.0, 1e-6);
  EXPECT_NEAR(sample(device, 0.05f)[7], 0, 1e-6);
}

TEST(Defects, FractionsOfDevicesAreStuck) {
  DeviceModel device = perfectDevice();
  device.defects.stuckLow = 0.1;
  device.defects.stuckHigh = 0.02;
  int64_t counts[3] = {};
  for (double value : sample(device, 0.5f)) {
    // Both sides, low and high: .5, 0, 1 and those less 1.
    counts[0] += std::abs(value) < 1e-6;
    counts[1] += std::abs(value - 1) < 1e-6;
    counts[2] += value < -0.4;
  }
  // Low on the positive side and not high on the other; or both high.
  EXPECT_NEAR(counts[0] / 65535.0, 0.1 * 0.98 + 0.02 * 0.02, 0.005);
  EXPECT_NEAR(counts[1] / 65535.0, 0.02 * 0.98, 0.0025);
  EXPECT_NEAR(counts[2] / 65535.0, 0.02 * 0.98, 0.0025);
  // A stuck device belongs to its place.
  const std::vector<double> first = sample(device, 0.5f);
  EXPECT_EQ(first, sample(device, 0.5f));
  EXPECT_NE(first, sample(device, 0.5f, 0, 2));
}

TEST(Defects, StuckDevicesDoNotDependOnTheTile) {
  DeviceModel device = perfectDevice();
  device.defects.stuckHigh = 0.3;
  const std::vector<float> w(100 * 100, 0.5f);
  const aimc_matrix matrix = {
      "w", 100, 100, w.data(), 1, AIMC_COPIES_AVERAGE, 0, nullptr};
  const std::vector<float> whole =
      programmedWeights(device, matrix, {0, 0, 100, 100, 0, 3, 7, 50}, 5);
  const std::vector<float> part =
      programmedWeights(device, matrix, {0, 0, 20, 30, 0, 3, 10, 77}, 5);
  for (int64_t i = 0; i < 20; ++i)
    for (int64_t j = 0; j < 30; ++j)
      ASSERT_EQ(part[i * 30 + j], whole[(i + 3) * 100 + j + 27]);
}

TEST(Defects, DeadPlacesCarryNoCurrent) {
  DeviceModel device = perfectDevice();
  device.programmingNoise = Curve::constant(1);
  device.defects.cells = {{0, 3, 12, 60}, {0, 4, 12, 60}};
  device.defects.columns = {{0, 3, -1, 70}};
  const std::vector<float> w(100 * 100, 0.5f);
  const aimc_matrix matrix = {
      "w", 100, 100, w.data(), 1, AIMC_COPIES_AVERAGE, 0, nullptr};
  const aimc_tile tile = {0, 0, 100, 100, 0, 3, 7, 50};
  const std::vector<float> programmed =
      programmedWeights(device, matrix, tile, 5);
  for (int64_t i = 0; i < 100; ++i)
    for (int64_t j = 0; j < 100; ++j)
      ASSERT_EQ(programmed[i * 100 + j] == 0, j == 20 || (i == 5 && j == 10));
  device.defects.cores = {{0, 3, -1, -1}};
  for (float value : programmedWeights(device, matrix, tile, 5))
    ASSERT_EQ(value, 0);
}

} // namespace
