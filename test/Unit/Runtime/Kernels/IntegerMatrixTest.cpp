//===- IntegerMatrixTest.cpp - Products of rounded weights ----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Integer products are those of the definition for any shape and engine, and
// never leave 32 bits.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/IntegerMatrix.h"
#include "../Support.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr float Infinity = std::numeric_limits<float>::infinity();

/// rint(clamp(v, +-limit)), 0 for NaN.
int64_t rounded(float v, float limit) {
  if (std::isnan(v))
    return 0;
  return static_cast<int64_t>(std::nearbyint(std::clamp(v, -limit, limit)));
}

/// Number `i` of the integers in `words`.
int64_t integerOf(const std::vector<uint32_t> &words, int64_t i) {
  return static_cast<int16_t>(words[i / 2] >> (i % 2 * 16) & 0xffff);
}

TEST(IntegerMatrix, StepsKeepSumsWithin32Bits) {
  EXPECT_EQ(IntegerMatrix::stepsFor(1), 32767);
  EXPECT_EQ(IntegerMatrix::stepsFor(2), 32767);
  EXPECT_EQ(IntegerMatrix::stepsFor(3), 26754);
  EXPECT_EQ(IntegerMatrix::stepsFor(256), 2896);
  for (int64_t rows = 1; rows < 5000; ++rows) {
    const int64_t steps = IntegerMatrix::stepsFor(rows);
    ASSERT_LE(rows * steps * steps, std::numeric_limits<int32_t>::max());
  }
}

TEST(IntegerMatrix, ValuesAreRoundedToTheNearestEven) {
  const std::vector<float> in = {0.5f,      1.5f,          -2.5f, 99.5f,
                                 1e30f,     -1e30f,        0.0f,  Infinity,
                                 -Infinity, std::nanf(""), -7.25f};
  std::vector<float> factors(in.size(), 1.0f);
  factors[3] = 0.5f;
  for (const Engine *engine : availableEngines())
    for (bool magnitudes : {false, true}) {
      std::vector<uint32_t> words(32);
      engine->roundToIntegers({1.0f, 100.0f, factors.data(), magnitudes},
                              words.data(), in.data(),
                              static_cast<int64_t>(in.size()));
      for (size_t i = 0; i < in.size(); ++i) {
        const float v = in[i] * factors[i];
        EXPECT_EQ(integerOf(words, i),
                  rounded(magnitudes ? std::abs(v) : v, 100.0f))
            << engine->name << " " << i;
      }
    }
}

TEST(IntegerMatrix, ProductsAreThoseOfTheIntegers) {
  uint32_t seed = 1;
  for (const Engine *engine : availableEngines())
    for (int64_t rows : {1, 2, 15, 16, 33, 256, 301})
      for (int64_t columns : {1, 8, 15, 16, 17, 33, 70}) {
        const std::vector<float> w = randomValues(rows * columns, ++seed);
        float largest = 0;
        for (float weight : w)
          largest = std::max(largest, std::abs(weight));
        const PackedMatrix packed(*engine, w.data(), columns, rows, columns);
        const IntegerMatrix matrix(*engine, packed);
        const float steps = static_cast<float>(matrix.steps());
        for (int64_t n : {1, 2, 12, 13, 25}) {
          const std::vector<float> x = randomValues(n * rows, ++seed);
          const std::vector<float> factors = randomValues(n, ++seed);
          const int64_t words = matrix.wordsOfVector();
          std::vector<uint32_t> integers(n * words);
          for (int64_t i = 0; i < n; ++i)
            engine->roundToIntegers({steps, steps, nullptr, false},
                                    integers.data() + i * words,
                                    x.data() + i * rows, rows);
          for (bool magnitudes : {false, true}) {
            std::vector<float> y(n * columns);
            matrix.multiply(integers.data(), n, factors.data(), magnitudes,
                            y.data(), columns);
            for (int64_t i = 0; i < n; ++i)
              for (int64_t c = 0; c < columns; ++c) {
                int64_t sum = 0;
                for (int64_t k = 0; k < rows; ++k) {
                  const int64_t weight =
                      rounded(w[k * columns + c] / largest * steps, steps);
                  sum += rounded(x[i * rows + k] * steps, steps) *
                         (magnitudes ? std::abs(weight) : weight);
                }
                const float unit = largest / steps * factors[i];
                ASSERT_EQ(y[i * columns + c], unit * static_cast<float>(sum))
                    << engine->name << " " << rows << " " << columns << " "
                    << n;
              }
          }
        }
      }
}

TEST(IntegerMatrix, LargestSumsAreExact) {
  const int64_t rows = 256;
  const std::vector<float> w(rows * 3, -0.25f), ones(rows, 1.0f);
  for (const Engine *engine : availableEngines()) {
    const PackedMatrix packed(*engine, w.data(), 3, rows, 3);
    const IntegerMatrix matrix(*engine, packed);
    const float steps = static_cast<float>(matrix.steps());
    std::vector<uint32_t> integers(matrix.wordsOfVector());
    engine->roundToIntegers({steps, steps, nullptr, false}, integers.data(),
                            ones.data(), rows);
    const float factor = 1 / steps;
    float y[3];
    matrix.multiply(integers.data(), 1, &factor, false, y, 3);
    for (float value : y)
      EXPECT_NEAR(value, -64, 1e-5);
  }
}

TEST(IntegerMatrix, ZerosAndValuesThatAreNotFinite) {
  const std::vector<float> w = {0, Infinity, 0, std::nanf(""), 0, 2, 0, -4};
  for (const Engine *engine : availableEngines()) {
    const PackedMatrix packed(*engine, w.data(), 2, 4, 2);
    const IntegerMatrix matrix(*engine, packed);
    const float steps = static_cast<float>(matrix.steps());
    std::vector<uint32_t> integers(matrix.wordsOfVector());
    const float x[] = {1, 1, 1, 1};
    engine->roundToIntegers({steps, steps, nullptr, false}, integers.data(), x,
                            4);
    const float factor = 1 / steps;
    float y[2];
    matrix.multiply(integers.data(), 1, &factor, false, y, 2);
    EXPECT_EQ(y[0], 0);
    // Infinity counts as the largest weight, 4, NaN as nothing.
    EXPECT_NEAR(y[1], 4 + 2 - 4, 1e-3);
  }
}

} // namespace
