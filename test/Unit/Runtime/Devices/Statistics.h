//===- Statistics.h - Checks of random values -------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Moments, distributions and correlations of what the simulator draws.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TEST_UNIT_RUNTIME_DEVICES_STATISTICS_H
#define AIMC_TEST_UNIT_RUNTIME_DEVICES_STATISTICS_H

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace aimc::runtime::test {

inline double mean(const std::vector<double> &values) {
  double sum = 0;
  for (double value : values)
    sum += value;
  return sum / values.size();
}

inline double variance(const std::vector<double> &values) {
  const double center = mean(values);
  double sum = 0;
  for (double value : values)
    sum += (value - center) * (value - center);
  return sum / values.size();
}

/// Values are N(center, deviation): mean and variance within four standard
/// errors, and the largest distance of the distribution functions below the 1 %
/// quantile 1.63 / sqrt(n).
inline void expectNormal(std::vector<double> values, double center,
                         double deviation) {
  const double n = static_cast<double>(values.size());
  EXPECT_NEAR(mean(values), center, 4 * deviation / std::sqrt(n));
  EXPECT_NEAR(variance(values), deviation * deviation,
              4 * deviation * deviation * std::sqrt(2 / n));
  std::sort(values.begin(), values.end());
  double distance = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const double p =
        0.5 * std::erfc((center - values[i]) / deviation / std::sqrt(2.0));
    distance = std::max({distance, p - i / n, (i + 1) / n - p});
  }
  EXPECT_LT(distance, 1.63 / std::sqrt(n));
}

/// Pearson's r of values whose mean is 0.
inline double correlation(const std::vector<float> &a,
                          const std::vector<float> &b) {
  double product = 0, squareA = 0, squareB = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    product += static_cast<double>(a[i]) * b[i];
    squareA += static_cast<double>(a[i]) * a[i];
    squareB += static_cast<double>(b[i]) * b[i];
  }
  return product / std::sqrt(squareA * squareB);
}

/// |r| < 4 / sqrt(n) for at least 10^5 values.
inline void expectUncorrelated(const std::vector<float> &a,
                               const std::vector<float> &b) {
  ASSERT_EQ(a.size(), b.size());
  ASSERT_GE(a.size(), 100000u);
  EXPECT_LT(std::abs(correlation(a, b)), 4 / std::sqrt(1.0 * a.size()));
}

} // namespace aimc::runtime::test

#endif // AIMC_TEST_UNIT_RUNTIME_DEVICES_STATISTICS_H
