//===- CompensationTest.cpp - Factors against drift -----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Drift compensation through the whole path.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Simulator/Compensation.h"
#include "Simulation.h"

#include <cmath>
#include <random>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr int64_t Rows = 64, Columns = 100;

/// Two tiles of 50 columns.
std::unique_ptr<TestModel> twoTiles(std::vector<float> weights) {
  return TestModel::product(Rows, Columns, std::move(weights),
                            cutTiles(Rows, Columns, Rows, 50));
}

/// An ideal chip but for devices that all drift with the same exponent.
static TargetDescription equallyDriftingTarget() {
  TargetDescription target = idealTarget();
  target.device.kind = "gaussian";
  target.device.maxConductance = 20;
  target.device.referenceTime = 100;
  target.device.drift.mean = Curve::constant(0.05);
  return target;
}

/// Devices of one exponent lose nothing after compensation; without it, all
/// outputs fall.
TEST(Compensation, UndoesTheDriftOfEqualDevices) {
  TargetDescription target = equallyDriftingTarget();
  const std::vector<float> w = randomValues(Rows * Columns, 2);
  const std::vector<float> x = randomValues(5 * Rows, 1);
  const auto run = [&](const char *compensation, double time) {
    target.device.drift.compensation = compensation;
    ContextOptions options;
    options.time = time;
    return Simulation(twoTiles(w), target, options).mvm(x, 1, 10);
  };
  const std::vector<float> then = run("none", 0);
  EXPECT_TRUE(sameBits(run("global", 0), then));
  const double fall = std::pow(10, -0.05);
  const std::vector<float> global = run("global", 900),
                           column = run("column", 900);
  const std::vector<float> none = run("none", 900);
  for (size_t i = 0; i < then.size(); ++i) {
    EXPECT_NEAR(none[i], fall * then[i], 1e-5);
    EXPECT_NEAR(global[i], then[i], 1e-5);
    EXPECT_NEAR(column[i], then[i], 1e-5);
  }
}

/// Between recalibrations the drift since the last one is left: with one
/// exponent, outputs are those of time 0 times ((t + t0) / (t' + t0))^-nu, t' =
/// floor(t / interval) interval.
TEST(Compensation, RecalibratesAtMultiplesOfAnInterval) {
  TargetDescription target = equallyDriftingTarget();
  const std::vector<float> w = randomValues(Rows * Columns, 2);
  const std::vector<float> x = randomValues(5 * Rows, 1);
  const auto run = [&](double time, double interval) {
    target.device.drift.recalibrationInterval = interval;
    ContextOptions options;
    options.time = time;
    return Simulation(twoTiles(w), target, options).mvm(x, 1, 10);
  };
  for (const char *compensation : {"global", "column"}) {
    target.device.drift.compensation = compensation;
    const std::vector<float> then = run(0, 1000);
    for (double time : {500.0, 999.0, 1000.0, 1500.0, 9999.0}) {
      const double last = std::floor(time / 1000) * 1000;
      const double rest = std::pow((time + 100) / (last + 100), -0.05);
      const std::vector<float> now = run(time, 1000);
      for (size_t i = 0; i < then.size(); ++i)
        ASSERT_NEAR(now[i], rest * then[i], 2e-5) << time;
    }
  }
  // At a multiple the bits are those of compensation at the time of use, also
  // with noise; before the first one, those without.
  target.device.drift.deviation = Curve::constant(0.01);
  target.device.outputNoise = 0.05;
  EXPECT_TRUE(sameBits(run(3000, 1000), run(3000, 0)));
  EXPECT_FALSE(sameBits(run(3001, 1000), run(3001, 0)));
  const std::vector<float> early = run(900, 1000);
  target.device.drift.compensation = "none";
  EXPECT_TRUE(sameBits(early, run(900, 0)));
}

TEST(Compensation, TimesOfRecalibrations) {
  Drift drift;
  EXPECT_EQ(recalibrationTime(drift, 12.5), 12.5);
  drift.recalibrationInterval = 10;
  EXPECT_EQ(recalibrationTime(drift, 0), 0);
  EXPECT_EQ(recalibrationTime(drift, 9.99), 0);
  EXPECT_EQ(recalibrationTime(drift, 10), 10);
  EXPECT_EQ(recalibrationTime(drift, 1e9 + 7), 1e9);
  // 0.3 / 0.1 is below 3 in FP64.
  drift.recalibrationInterval = 0.1;
  EXPECT_EQ(recalibrationTime(drift, 0.3), 0.3);
}

/// A column factor mends a column whose devices are all of another kind.
TEST(Compensation, ByColumnKnowsColumns) {
  TargetDescription target = idealTarget();
  target.device.kind = "gaussian";
  target.device.maxConductance = 20;
  target.device.referenceTime = 100;
  // Small conductances drift more.
  target.device.drift.mean.threshold = 0.3;
  target.device.drift.mean.below = Curve::Below::Logarithm;
  target.device.drift.mean.parameters[0] = 0.1;
  target.device.drift.mean.bounds[1] = 1;
  target.device.drift.mean.coefficients = {0.02};
  std::vector<float> w(Rows * Columns);
  for (int64_t i = 0; i < Rows * Columns; ++i)
    w[i] = i % Columns % 2 ? 0.2f : 1.0f;
  const std::vector<float> x = randomValues(Rows, 1);
  double errors[2];
  for (int i = 0; i < 2; ++i) {
    ContextOptions options;
    const std::vector<float> then =
        Simulation(twoTiles(w), target, options).mvm(x, 1, 10);
    options.time = 86400;
    target.device.drift.compensation = i ? "column" : "global";
    const std::vector<float> now =
        Simulation(twoTiles(w), target, options).mvm(x, 1, 10);
    errors[i] = 0;
    for (int64_t c = 0; c < Columns; ++c)
      errors[i] = std::max<double>(errors[i], std::abs(now[c] / then[c] - 1));
  }
  EXPECT_GT(errors[0], 0.1);
  EXPECT_LT(errors[1], 1e-5);
}

/// On the built-in chip, whose converters drop what is below a step, outputs
/// keep their size as devices drift: for weights without and with a few that
/// are far larger than the others, which then are few steps of the ADC.
TEST(Compensation, KeepsTheSizeOfOutputsThroughRoundingConverters) {
  constexpr int64_t size = 256;
  std::string error;
  const TargetDescription target = *TargetDescription::load("hermes", error);
  std::mt19937 generator(3);
  std::normal_distribution<float> normal;
  std::student_t_distribution<float> student(4);
  std::vector<float> weights[3];
  for (std::vector<float> &w : weights)
    w.resize(size * size);
  for (int64_t i = 0; i < size * size; ++i) {
    weights[0][i] = normal(generator);
    weights[1][i] = student(generator);
  }
  weights[2] = randomValues(size * size, 2);
  weights[2][77] = 20;
  const std::vector<float> x = randomValues(200 * size, 1);
  for (const std::vector<float> &w : weights) {
    const auto model = [&] {
      return TestModel::product(size, size, w,
                                cutTiles(size, size, size, size));
    };
    const std::vector<float> exact =
        Simulation(model(), idealTarget()).mvm(x, 1, 1);
    float most = 0, largest = 0;
    for (float value : exact)
      most = std::max(most, std::abs(value));
    for (float value : w)
      largest = std::max(largest, std::abs(value));
    for (const char *compensation : {"global", "column"}) {
      TargetDescription compensated = target;
      compensated.device.drift.compensation = compensation;
      // The least-squares factor from exact outputs to those at a time.
      const auto slope = [&](double time) {
        ContextOptions options;
        options.time = time;
        const std::vector<float> y =
            Simulation(model(), compensated, options).mvm(x, 1, most / largest);
        double product = 0, square = 0;
        for (size_t i = 0; i < y.size(); ++i) {
          product += double(y[i]) * exact[i];
          square += double(exact[i]) * exact[i];
        }
        return product / square;
      };
      const double start = slope(0);
      EXPECT_GT(start, 0.85);
      const std::pair<double, double> bounds[] = {
          {3600, 0.03}, {86400, 0.04}, {3e7, 0.07}};
      for (const auto &[time, bound] : bounds)
        EXPECT_NEAR(slope(time) / start, 1, bound)
            << compensation << " after " << time << " s, largest " << largest;
    }
  }
}

} // namespace
