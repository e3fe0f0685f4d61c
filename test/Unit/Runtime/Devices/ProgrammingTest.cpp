//===- ProgrammingTest.cpp - Conductances as programmed -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Errors of weights over time against golden values, the distribution of each
// step against its formula, and what noise belongs to.
//
//===----------------------------------------------------------------------===//

#include "Simulation.h"

#include <cmath>

#include <malloc.h>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

/// Uniform values with 30 % of zeros.
std::vector<float> exampleWeights(int64_t size, uint32_t seed) {
  std::vector<float> w = randomValues(size * size, 2 * seed);
  const std::vector<float> choice = randomValues(size * size, 2 * seed + 1);
  for (size_t i = 0; i < w.size(); ++i)
    if (choice[i] < -0.4f)
      w[i] = 0;
  return w;
}

/// Mean relative L2 error of the weights of 20 matrices at a time, after global
/// compensation by the mean magnitude.
double weightError(const DeviceModel &device, double time) {
  const int64_t size = 256;
  double sum = 0;
  for (uint32_t m = 0; m < 20; ++m) {
    const std::vector<float> w = exampleWeights(size, m);
    const aimc_matrix matrix = {
        "w", size, size, w.data(), 1, AIMC_COPIES_AVERAGE, 0, nullptr};
    const aimc_tile tile = {0, 0, 256, 256, 0, 0, 0, 0};
    const std::vector<float> then =
        programmedWeights(device, matrix, tile, m, 0);
    const std::vector<float> now =
        programmedWeights(device, matrix, tile, m, time);
    double sumThen = 0, sumNow = 0, error = 0, norm = 0;
    float largest = 0;
    for (size_t i = 0; i < w.size(); ++i) {
      sumThen += std::abs(then[i]);
      sumNow += std::abs(now[i]);
      largest = std::max(largest, std::abs(w[i]));
    }
    for (size_t i = 0; i < w.size(); ++i) {
      error += std::pow(sumThen / sumNow * now[i] * largest - w[i], 2);
      norm += std::pow(w[i], 2);
    }
    sum += std::sqrt(error / norm);
  }
  return sum / 20;
}

/// Figures of an independent computation from the published fits.
TEST(Programming, ErrorsOverTimeAreThoseOfTheFits) {
  const struct {
    const char *target;
    double errors[4];
  } cases[] = {{"pcm", {0.083, 0.097, 0.114, 0.152}},
               {"hermes-one-device", {0.164, 0.175, 0.202, 0.278}},
               {"hermes", {0.103, 0.114, 0.144, 0.227}}};
  const double times[4] = {0, 3600, 86400, 360 * 86400.0};
  for (const auto &test : cases)
    for (int i = 0; i < 4; ++i)
      EXPECT_NEAR(weightError(deviceOf(test.target), times[i]), test.errors[i],
                  0.02 * test.errors[i])
          << test.target << " after " << times[i] << " s";
}

TEST(Programming, DeviationsAreThoseOfTheFits) {
  const struct {
    const char *target;
    double deviations[3];
  } cases[] = {{"pcm", {0.0105, 0.0381, 0.0422}},
               {"hermes-one-device", {0.0152, 0.0836, 0.0973}},
               {"hermes", {0.0080, 0.0479, 0.0528}}};
  for (const auto &test : cases)
    for (int i = 0; i < 3; ++i) {
      const DeviceModel device = deviceOf(test.target);
      EXPECT_NEAR(device.programmingNoise.evaluate(0.5 * i) /
                      device.maxConductance,
                  test.deviations[i], 0.00005)
          << test.target << " at " << 0.5 * i;
    }
}

TEST(Programming, NoiseBelongsToTheCell) {
  const std::vector<float> w = randomValues(64 * 64, 1);
  const aimc_matrix matrix = {"w", 64,     64, w.data(), 1, AIMC_COPIES_AVERAGE,
                              0,   nullptr};
  DeviceModel device = deviceOf("hermes");
  const std::vector<float> whole =
      programmedWeights(device, matrix, {0, 0, 64, 64, 1, 2, 10, 20}, 5);
  // Equal at equal cells for a tile that starts elsewhere. Without
  // low-frequency noise, which depends on the largest programmed weight.
  device.lowFrequencyNoise = LowFrequencyNoise();
  const std::vector<float> zeros(64 * 64);
  const aimc_matrix zeroMatrix = {
      "z", 64, 64, zeros.data(), 1, AIMC_COPIES_AVERAGE, 0, nullptr};
  const std::vector<float> zero =
      programmedWeights(device, zeroMatrix, {0, 0, 64, 64, 1, 2, 10, 20}, 5);
  const std::vector<float> zeroPart =
      programmedWeights(device, zeroMatrix, {0, 0, 16, 30, 1, 2, 14, 37}, 5);
  for (int64_t i = 0; i < 16; ++i)
    for (int64_t j = 0; j < 30; ++j)
      EXPECT_EQ(zeroPart[i * 30 + j], zero[(i + 4) * 64 + j + 17]);
  device = deviceOf("hermes");
  // Another core, chip or seed is other noise.
  for (const aimc_tile &tile : {aimc_tile{0, 0, 64, 64, 1, 3, 10, 20},
                                aimc_tile{0, 0, 64, 64, 0, 2, 10, 20},
                                aimc_tile{0, 0, 64, 64, 1, 2, 11, 20}})
    EXPECT_FALSE(sameBits(programmedWeights(device, matrix, tile, 5), whole));
  EXPECT_FALSE(sameBits(
      programmedWeights(device, matrix, {0, 0, 64, 64, 1, 2, 10, 20}, 6),
      whole));
}

/// Bytes in use on the heap of glibc.
size_t heapBytes() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/// A programmed chip takes at most three times the memory of its FP32 weights,
/// with read noise and resistive wires and in each mode.
TEST(Programming, MemoryIsBounded) {
  const int64_t size = 1024;
  std::string error;
  for (const char *mode : {"1-phase", "4-phase"})
    for (double resistance : {0.0, 0.35}) {
      TargetDescription target = *TargetDescription::load("hermes", error);
      ASSERT_EQ(target.selectMode(mode), "");
      target.array.segmentResistance = resistance;
      auto model = TestModel::product(size, size, randomValues(size * size, 1),
                                      cutTiles(size, size, 256, 256));
      ContextOptions options;
      options.time = 86400;
      const size_t before = heapBytes();
      const Simulation simulation(std::move(model), target, options);
      ASSERT_TRUE(simulation.device) << simulation.error;
      const double ratio = static_cast<double>(heapBytes() - before) /
                           (size * size * sizeof(float));
      if (ratio < 1)
        GTEST_SKIP() << "the heap is not that of glibc";
      EXPECT_LE(ratio, 3.0) << mode << " " << resistance;
    }
}

} // namespace
