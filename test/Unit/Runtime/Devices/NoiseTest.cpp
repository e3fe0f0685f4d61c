//===- NoiseTest.cpp - Noise and spread on the device ---------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sizes and distributions of what converters and stuck devices add to products,
// and the independence of stochastic rounding, as outputs of the device.
//
//===----------------------------------------------------------------------===//

#include "Simulation.h"
#include "Statistics.h"

#include <functional>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr int64_t Columns = 64 * 256;

/// All columns of a chip, each with one weight of 1: an output is what becomes
/// of its vector's one value.
std::unique_ptr<TestModel> oneRow() {
  return TestModel::product(1, Columns, std::vector<float>(Columns, 1.0f),
                            cutTiles(1, Columns, 1, 256));
}

TargetDescription withAdc(int bits) {
  TargetDescription target = idealTarget();
  target.dac = converter(8, 1.0);
  target.adc = converter(bits, 2.0);
  return target;
}

/// Outputs of one vector at range 2.
std::vector<double> outputsOf(const TargetDescription &target, float x) {
  Simulation simulation(oneRow(), target);
  const std::vector<float> y = simulation.mvm({x}, 1, 2);
  return {y.begin(), y.end()};
}

TEST(Noise, OutputNoiseIsNormal) {
  TargetDescription target = idealTarget();
  target.device.outputNoise = 0.04;
  Simulation simulation(oneRow(), target);
  const std::vector<float> y = simulation.mvm(std::vector<float>(8), 1, 2);
  expectNormal({y.begin(), y.end()}, 0, 0.04);
}

TEST(Noise, GainsAreNormal) {
  TargetDescription target = withAdc(16);
  target.adc.gainSpread = 0.07;
  expectNormal(outputsOf(target, 1), 1, 0.07);
}

TEST(Noise, GainResidualsAreNormal) {
  TargetDescription target = withAdc(16);
  target.adc.gainSpread = 0.07;
  target.adc.corrected = true;
  target.adc.gainResidual = 0.01;
  // Outputs are 1 over one more than the residual.
  std::vector<double> residuals = outputsOf(target, 1);
  for (double &value : residuals)
    value = 1 / value - 1;
  expectNormal(residuals, 0, 0.01);
}

TEST(Noise, OffsetsAreNormal) {
  TargetDescription target = withAdc(16);
  target.adc.offsetSpread = 0.03;
  // In units of the range, 2.
  expectNormal(outputsOf(target, 0), 0, 0.06);
}

TEST(Noise, OffsetResidualsAreNormal) {
  TargetDescription target = withAdc(16);
  target.adc.offsetSpread = 0.03;
  target.adc.corrected = true;
  target.adc.offsetResidual = 0.005;
  expectNormal(outputsOf(target, 0), 0, 0.01);
}

/// Stuck devices are as many as they should be and spread evenly: the largest
/// distance of their places from a uniform distribution is below the 1 %
/// quantile of Kolmogorov and Smirnov, by rows and by columns.
TEST(Noise, StuckDevicesAreSpreadEvenly) {
  constexpr int64_t Size = 256;
  constexpr double Fraction = 0.05;
  TargetDescription target = idealTarget();
  target.device.kind = "gaussian";
  target.device.maxConductance = 20;
  target.device.defects.stuckHigh = Fraction;
  std::vector<float> w(Size * Size, 0.0f);
  w[0] = 1;
  Simulation simulation(
      TestModel::product(Size, Size, w, {{0, 0, Size, Size, 0, 0, 0, 0}}),
      target);
  std::vector<float> units(Size * Size, 0.0f);
  for (int64_t i = 0; i < Size; ++i)
    units[i * Size + i] = 1;
  const std::vector<float> y = simulation.mvm(units, 1, 1);
  std::vector<double> byRows, byColumns;
  int64_t positive = 0;
  for (int64_t i = 1; i < Size * Size; ++i) {
    positive += y[i] > 0.5f;
    if (std::abs(y[i]) > 0.5f) {
      byRows.push_back(static_cast<double>(i) / (Size * Size));
      byColumns.push_back(static_cast<double>(i % Size * Size + i / Size) /
                          (Size * Size));
    }
  }
  // One of the two devices of a pair, not both, of which half is positive.
  const double cells = Size * Size - 1.0, p = Fraction * (1 - Fraction);
  EXPECT_NEAR(positive, cells * p, 4 * std::sqrt(cells * p));
  EXPECT_NEAR(static_cast<double>(byRows.size()), 2 * cells * p,
              4 * std::sqrt(2 * cells * p));
  for (std::vector<double> &places : {std::ref(byRows), std::ref(byColumns)}) {
    std::sort(places.begin(), places.end());
    const double n = static_cast<double>(places.size());
    double distance = 0;
    for (size_t i = 0; i < places.size(); ++i)
      distance = std::max({distance, places[i] - static_cast<double>(i) / n,
                           static_cast<double>(i + 1) / n - places[i]});
    EXPECT_LT(distance, 1.63 / std::sqrt(n));
  }
}

/// Errors of stochastic rounding of two inputs, vectors and sites have nothing
/// to do with each other.
TEST(Noise, StochasticRoundingIsIndependent) {
  constexpr int64_t Size = 10, Vectors = 20000;
  TargetDescription target = idealTarget();
  target.dac = converter(3, 1.0);
  target.dac.rounding = "stochastic";
  // Outputs are the inputs as rounded.
  std::vector<float> identity(Size * Size, 0.0f);
  for (int64_t i = 0; i < Size; ++i)
    identity[i * Size + i] = 1;
  Simulation simulation(TestModel::product(Size, Size, identity,
                                           cutTiles(Size, Size, Size, Size)),
                        target);
  const std::vector<float> half(Size * Vectors, 0.5f);
  const auto errorsOf = [&](int64_t site) {
    std::vector<float> errors = simulation.mvm(half, 1, 1, site);
    for (float &value : errors)
      value -= 0.5f;
    return errors;
  };
  const std::vector<float> errors = errorsOf(7);
  expectUncorrelated(errors, errorsOf(8));
  expectUncorrelated({errors.begin(), errors.end() - 1},
                     {errors.begin() + 1, errors.end()});
  expectUncorrelated({errors.begin(), errors.end() - Size},
                     {errors.begin() + Size, errors.end()});
  EXPECT_GT(correlation(errors, errorsOf(7)), 0.9999);
}

} // namespace
