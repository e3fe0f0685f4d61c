//===- RangesTest.cpp - Full scale of a converter -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rules on distributions whose best range is known, and the expected error
// against that of sampled values.
//
//===----------------------------------------------------------------------===//

#include "Analysis/Ranges.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

using namespace aimc;

namespace {

/// Records `samples` in bins of `binWidth`.
RecordedValues record(const std::vector<double> &samples, double binWidth) {
  RecordedValues values;
  values.count = samples.size();
  values.binWidth = binWidth;
  double sum = 0, squares = 0;
  for (double x : samples) {
    values.max = std::max(values.max, std::fabs(x));
    sum += x;
    squares += x * x;
    auto bin = static_cast<size_t>(std::fabs(x) / binWidth);
    if (values.histogram.size() <= bin)
      values.histogram.resize(bin + 1);
    ++values.histogram[bin];
  }
  values.mean = sum / samples.size();
  values.deviation =
      std::sqrt(squares / samples.size() - values.mean * values.mean);
  return values;
}

std::vector<double> normalSamples(size_t count) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  std::vector<double> samples(count);
  for (double &x : samples)
    x = normal(random);
  return samples;
}

/// Mean squared error of a converter on `samples`.
double sampledError(const std::vector<double> &samples, double range,
                    int bits) {
  double steps = (1 << (bits - 1)) - 1, sum = 0;
  for (double x : samples) {
    double y = std::nearbyint(x / range * steps) / steps;
    y = std::min(1.0, std::max(-1.0, y)) * range;
    sum += (x - y) * (x - y);
  }
  return sum / samples.size();
}

} // namespace

TEST(Ranges, ClippedFractionIsThatOfTheValues) {
  std::vector<double> samples = normalSamples(200000);
  RecordedValues values = record(samples, 0.01);
  for (double range : {0.5, 1.0, 2.5}) {
    double above = 0;
    for (double x : samples)
      above += std::fabs(x) > range;
    // Bins are exact at these ranges but for the rounding of their edges.
    EXPECT_NEAR(clippedFraction(values, range), above / samples.size(), 1e-4);
  }
  EXPECT_EQ(clippedFraction(values, values.max), 0);
  EXPECT_EQ(clippedFraction(values, 100), 0);
  EXPECT_EQ(clippedFraction(record({0, 0, 0}, 1), 1), 0);
  // Half of the upper bin's value is above its middle.
  EXPECT_DOUBLE_EQ(clippedFraction(record({0.5, 2}, 1), 1.5), 0.5);
}

TEST(Ranges, ErrorIsThatOfTheConverter) {
  std::vector<double> samples = normalSamples(200000);
  RecordedValues values = record(samples, 0.005);
  for (int bits : {2, 4, 8})
    for (double range : {0.5, 1.5, 3.0, 5.0}) {
      double sampled = sampledError(samples, range, bits);
      EXPECT_NEAR(expectedSquaredError(values, range, {bits}), sampled,
                  0.02 * sampled)
          << bits << " bits, range " << range;
    }
}

TEST(Ranges, MseOfANormalDistributionIsTheKnownOne) {
  // The best step of a uniform quantiser on N(0, 1) with an odd number of
  // levels, from minimising the exact error integral: 3 levels have their
  // outer ones at 1.2240 (Max, Quantizing for Minimum Distortion, 1960), 8
  // bits clip at about 3.9 standard deviations.
  RecordedValues values = record(normalSamples(1000000), 0.002);
  EXPECT_NEAR(mseRange(values, {2}, 0), 1.224, 0.01);
  double range = mseRange(values, {8}, 0);
  EXPECT_GT(range, 3.6);
  EXPECT_LT(range, 4.2);
}

TEST(Ranges, MseIsTheLeastError) {
  RecordedValues values = record(normalSamples(100000), 0.01);
  for (int bits : {2, 3, 4, 6, 8, 12}) {
    double best =
        expectedSquaredError(values, mseRange(values, {bits}, 0), {bits});
    for (double range = 0.05; range <= values.max; range += 0.01)
      EXPECT_LE(best, expectedSquaredError(values, range, {bits}) * (1 + 1e-3))
          << bits << " bits, range " << range;
  }
}

/// What is taken of values, against that of samples.
TEST(Ranges, LossIsThatOfSamples) {
  const std::vector<double> samples = normalSamples(200000);
  const RecordedValues values = record(samples, 0.001);
  double square = 0;
  for (double x : samples)
    square += x * x / static_cast<double>(samples.size());
  EXPECT_NEAR(meanSquare(values), square, 1e-4);
  for (double range : {1.0, 2.5, 6.0})
    for (Rounding rounding :
         {Rounding::Nearest, Rounding::TowardZero, Rounding::Stochastic})
      for (int conversions : {1, 4}) {
        double loss = 0, clipping = 0;
        for (double x : samples) {
          const double y = std::min(std::fabs(x), range) / range * 7;
          const double steps =
              rounding == Rounding::Nearest ? std::nearbyint(y) : std::floor(y);
          loss += (std::fabs(x) - steps / 7 * range) * std::fabs(x);
          clipping += std::max(std::fabs(x) - range, 0.0) * std::fabs(x);
        }
        const bool fair = conversions > 1 || rounding == Rounding::Stochastic;
        EXPECT_NEAR(expectedLoss(values, range, {4, rounding, conversions}),
                    (fair ? clipping : loss) /
                        static_cast<double>(samples.size()),
                    1e-3)
            << range << " " << int(rounding) << " " << conversions;
      }
}

TEST(Ranges, ConvertedNoiseIsThatOfSamples) {
  const std::vector<double> samples = normalSamples(200000);
  for (double deviation : {0.2, 0.6, 3.0})
    for (Rounding rounding : {Rounding::Nearest, Rounding::TowardZero}) {
      double square = 0;
      for (double x : samples) {
        const double y = std::fabs(x) * deviation;
        const double steps = std::min(
            rounding == Rounding::Nearest ? std::nearbyint(y) : std::floor(y),
            7.0);
        square += steps * steps * 0.25 / static_cast<double>(samples.size());
      }
      EXPECT_NEAR(convertedNoise(deviation / 2, 3.5, {4, rounding}), square,
                  0.02 * square + 2e-4)
          << deviation << " " << int(rounding);
    }
  EXPECT_EQ(convertedNoise(0, 1, {8}), 0);
}

TEST(Ranges, SignsOfValues) {
  std::vector<double> samples = normalSamples(10000);
  EXPECT_FALSE(haveOneSign(record(samples, 0.01)));
  for (double &x : samples)
    x = std::fabs(x);
  EXPECT_TRUE(haveOneSign(record(samples, 0.01)));
  for (double &x : samples)
    x = -x;
  EXPECT_TRUE(haveOneSign(record(samples, 0.01)));
  samples[0] = 100;
  EXPECT_FALSE(haveOneSign(record(samples, 0.01)));
}

TEST(Ranges, TruncationCostsFourTimesAsMuchAsRounding) {
  // Uniform values that end at a whole step: a step's third against its
  // twelfth.
  RecordedValues values;
  values.count = 1000;
  values.max = 1;
  values.binWidth = 0.001;
  values.histogram.assign(1000, 1);
  const double nearest = expectedSquaredError(values, 1, {4});
  const double toward =
      expectedSquaredError(values, 1, {4, Rounding::TowardZero});
  EXPECT_NEAR(nearest, 1 / (7.0 * 7 * 12), 1e-9);
  EXPECT_NEAR(toward, 4 * nearest, 1e-9);
  const double stochastic =
      expectedSquaredError(values, 1, {4, Rounding::Stochastic});
  EXPECT_NEAR(stochastic, 2 * nearest, 1e-9);
  // Means of truncation cancel over four conversions.
  for (Rounding rounding : {Rounding::Nearest, Rounding::TowardZero})
    EXPECT_NEAR(expectedSquaredError(values, 1, {4, rounding, 4}), 4 * nearest,
                1e-9);
  EXPECT_LE(mseRange(values, {4, Rounding::TowardZero}, 0), 1);
}

TEST(Ranges, NoiseNarrowsTheRange) {
  RecordedValues values = record(normalSamples(100000), 0.01);
  EXPECT_LT(mseRange(values, {8}, 1e-3), mseRange(values, {8}, 1e-4));
  EXPECT_LT(mseRange(values, {8}, 1e-4), mseRange(values, {8}, 0));
}

TEST(Ranges, MseKeepsUniformValuesUnclipped) {
  std::vector<double> samples;
  for (int i = 0; i < 10000; ++i)
    samples.push_back((i + 0.5) / 10000 * 2 - 1);
  EXPECT_NEAR(mseRange(record(samples, 0.01), {8}, 0), 1, 0.01);
}

TEST(Ranges, MseFindsValuesFarBelowAnOutlier) {
  std::vector<double> samples = normalSamples(1000000);
  samples.push_back(200);
  double range = mseRange(record(samples, 0.02), {8}, 0);
  EXPECT_GT(range, 3);
  EXPECT_LT(range, 50);
}

TEST(Ranges, PercentileInterpolatesInABin) {
  RecordedValues values{4, 2.0, 0, 1, 1.0, {1, 3}};
  EXPECT_DOUBLE_EQ(percentileRange(values, 0.25), 1.0);
  EXPECT_DOUBLE_EQ(percentileRange(values, 0.125), 0.5);
  EXPECT_DOUBLE_EQ(percentileRange(values, 0.625), 1.5);
  EXPECT_DOUBLE_EQ(percentileRange(values, 1.0), 2.0);
  // At most the largest magnitude, which need not end its bin.
  values.max = 1.25;
  EXPECT_DOUBLE_EQ(percentileRange(values, 1.0), 1.25);
}

TEST(Ranges, KSigmaIsAroundTheMeanAndAtMostTheMaximum) {
  RecordedValues values{100, 10.0, -1.0, 2.0, 1.0, {}};
  EXPECT_DOUBLE_EQ(kSigmaRange(values, 3), 7.0);
  EXPECT_DOUBLE_EQ(kSigmaRange(values, 30), 10.0);
}

TEST(Ranges, OfZerosIsZero) {
  RecordedValues values{100, 0.0, 0.0, 0.0, 1.0, {100}};
  EXPECT_EQ(percentileRange(values, 0.99), 0.0);
  EXPECT_EQ(kSigmaRange(values, 4), 0.0);
  EXPECT_EQ(mseRange(values, {8}, 0), 0.0);
}
