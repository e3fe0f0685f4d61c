//===- VoltageDropTest.cpp - Errors by the resistance of bit lines --------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The expected error against a mean over drawn inputs.
//
//===----------------------------------------------------------------------===//

#include "Analysis/VoltageDrop.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

using namespace aimc;

namespace {
constexpr int64_t rows = 48, columns = 6, arrayRows = 64;
constexpr double factor = 1e-3;

std::vector<float> drawWeights() {
  std::mt19937 random(5);
  std::vector<float> weights(rows * columns);
  for (float &weight : weights)
    weight = static_cast<float>(random() % 2001) / 1000 - 1;
  return weights;
}
} // namespace

TEST(VoltageDrop, IsTheMeanOverDrawnSigns) {
  const std::vector<float> weights = drawWeights();
  const std::vector<Part> parts = partition(rows, 24);
  std::mt19937 random(6);
  double drops = 0, products = 0;
  for (int draw = 0; draw < 4000; ++draw)
    for (const Part &part : parts) {
      std::vector<double> inputs;
      for (int64_t i = 0; i < part.size; ++i)
        inputs.push_back(random() % 2 ? 0.5 : -0.5);
      double largest = 0;
      for (int64_t i = 0; i < part.size * columns; ++i)
        largest = std::max(largest,
                           std::abs(double{weights[part.begin * columns + i]}));
      for (int64_t j = 0; j < columns; ++j) {
        // docs/Numerics.md, "Voltage drop".
        double sum = 0, current = 0, weighted = 0;
        for (int64_t i = 0; i < part.size; ++i) {
          double weight = weights[(part.begin + i) * columns + j] / largest;
          double rest = 1 - double(i) / arrayRows;
          sum += weight * inputs[i];
          current += std::abs(weight * inputs[i]);
          weighted += weight * inputs[i] * (1 - rest * rest);
        }
        double a = arrayRows * factor * current;
        double drop = a * (0.5 - 0.2 * a + 0.05 * a * a) * weighted;
        drops += drop * drop * largest * largest;
        products += sum * sum * largest * largest;
      }
    }
  double error = VoltageDrop(arrayRows, factor)
                     .getRelativeError(weights.data(), columns, parts);
  EXPECT_NEAR(error, std::sqrt(drops / products), 0.03 * error);
}

TEST(VoltageDrop, FallsWithTheLengthOfLines) {
  const std::vector<float> weights = drawWeights();
  VoltageDrop drop(arrayRows, factor);
  double last = 1;
  for (int64_t limit : {48, 24, 12, 6, 3, 1}) {
    double error =
        drop.getRelativeError(weights.data(), columns, partition(rows, limit));
    EXPECT_LT(error, last);
    EXPECT_GE(error, 0);
    last = error;
  }
  // A line of one cell ends at the converter.
  EXPECT_EQ(last, 0);
}

TEST(VoltageDrop, IsNothingForZeros) {
  const std::vector<float> weights(rows * columns, 0);
  EXPECT_EQ(VoltageDrop(arrayRows, factor)
                .getRelativeError(weights.data(), columns, partition(rows, 24)),
            0);
}
