//===- MeasuresTest.cpp - Statistics over chips -----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Quantiles of Student's distribution against printed tables, and intervals
// that hold the mean as often as they say.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Runner/Measures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace aimc::runtime;

namespace {

const float NaN = std::numeric_limits<float>::quiet_NaN();

TEST(Measures, RowsWithNaNHaveNoClass) {
  const std::vector<float> scores = {1, 3, 2, 1, NaN, 2, NaN, 0, 0, 0, 0, 1};
  const int64_t labels[] = {1, 2, 0, 2};
  Accuracy several;
  several.add(scores.data(), 4, 3, labels);
  EXPECT_EQ(several.value(), 0.5);
  const float single[] = {1, -1, NaN, NaN};
  const int64_t signs[] = {1, 0, 0, 1};
  Accuracy one;
  one.add(single, 4, 1, signs);
  EXPECT_EQ(one.value(), 0.5);
}

TEST(Measures, DifferencesKeepNaN) {
  for (size_t place : {0, 1, 2}) {
    std::vector<float> values = {1, 2, 3}, reference = {0, 2, 5};
    values[place] = NaN;
    Difference difference;
    difference.add(values.data(), reference.data(), 3);
    EXPECT_TRUE(std::isnan(difference.largestDifference));
    EXPECT_EQ(difference.largestReference, 5);
    EXPECT_TRUE(std::isnan(*difference.relativeMaximum()));
    EXPECT_TRUE(std::isnan(*difference.relativeNorm()));
  }
}

TEST(Measures, StudentQuantiles) {
  // Two-sided, 95 %.
  const std::pair<int64_t, double> table[] = {
      {1, 12.706},  {2, 4.303},    {3, 3.182},     {4, 2.776},  {5, 2.571},
      {9, 2.262},   {10, 2.228},   {29, 2.045},    {30, 2.042}, {60, 2.000},
      {120, 1.980}, {1000, 1.962}, {999999, 1.960}};
  for (auto [freedom, quantile] : table)
    EXPECT_NEAR(studentQuantile(freedom), quantile, 5e-4) << freedom;
}

TEST(Measures, SpreadOfFewValues) {
  EXPECT_FALSE(spreadOf({}).mean);
  const Spread one = spreadOf({3});
  EXPECT_EQ(one.mean, 3);
  EXPECT_FALSE(one.deviation);
  EXPECT_FALSE(one.confidence);
  const Spread two = spreadOf({1, 3});
  EXPECT_EQ(two.mean, 2);
  EXPECT_NEAR(*two.deviation, std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(*two.confidence, 12.7062, 1e-3);
}

TEST(Measures, IntervalsHoldTheMean) {
  std::mt19937 generator(1);
  std::normal_distribution<double> normal(5, 2);
  const int trials = 20000;
  int held = 0;
  for (int i = 0; i < trials; ++i) {
    const Spread spread =
        spreadOf({normal(generator), normal(generator), normal(generator),
                  normal(generator), normal(generator)});
    held += std::abs(*spread.mean - 5) <= *spread.confidence;
  }
  // Four standard deviations of the count.
  EXPECT_NEAR(double(held) / trials, 0.95, 4 * std::sqrt(.05 * .95 / trials));
}

} // namespace
