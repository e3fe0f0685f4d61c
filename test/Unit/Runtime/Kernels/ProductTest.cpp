//===- ProductTest.cpp - Fixed-order products -----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every engine computes the chain of FMAs that ABI.h promises, for any shape,
// stride and mode.
//
//===----------------------------------------------------------------------===//

#include "../Support.h"
#include "Runtime/Kernels/PackedMatrix.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

/// The definition, with C's fma.
std::vector<float> reference(const std::vector<float> &x, int64_t n,
                             const std::vector<float> &w, int64_t depth,
                             int64_t columns, const std::vector<float> &y,
                             ProductMode mode) {
  std::vector<float> result(n * columns);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t c = 0; c < columns; ++c) {
      float sum = mode == ProductMode::Continue ? y[i * columns + c] : 0.0f;
      for (int64_t k = 0; k < depth; ++k)
        sum = std::fma(x[i * depth + k], w[k * columns + c], sum);
      result[i * columns + c] =
          mode == ProductMode::Add ? y[i * columns + c] + sum : sum;
    }
  return result;
}

TEST(Product, IsTheChainOfTheDefinition) {
  const int64_t depths[] = {1, 2, 17, 100, 513, 1200};
  const int64_t widths[] = {1, 7, 8, 15, 16, 17, 31, 32, 33, 64, 100, 131, 300};
  const int64_t batches[] = {0, 1, 2, 3, 5, 6, 7, 11, 12, 13, 23, 25, 37};
  const ProductMode modes[] = {ProductMode::Store, ProductMode::Continue,
                               ProductMode::Add};
  uint32_t seed = 1;
  for (const Engine *engine : availableEngines())
    for (int64_t depth : depths)
      for (int64_t columns : widths) {
        const std::vector<float> w = randomValues(depth * columns, ++seed);
        const PackedMatrix packed(*engine, w.data(), columns, depth, columns);
        for (int64_t n : batches) {
          // Each shape in one of the modes.
          const ProductMode mode = modes[seed % 3];
          const std::vector<float> x = randomValues(n * depth, ++seed);
          std::vector<float> y = randomValues(n * columns, ++seed);
          const std::vector<float> expected =
              reference(x, n, w, depth, columns, y, mode);
          packed.multiply(x.data(), depth, n, y.data(), columns, mode);
          ASSERT_TRUE(sameBits(y, expected))
              << engine->name << " " << n << " x " << depth << " x " << columns
              << " mode " << static_cast<int>(mode);
        }
      }
}

TEST(Product, InChainsIsTheirSumInOrder) {
  uint32_t seed = 1;
  for (const Engine *engine : availableEngines())
    for (int64_t depth : {0, 1, 63, 64, 65, 128, 200, 256, 320, 704, 1700})
      for (int64_t columns : {1, 2, 4, 5, 15, 16, 17, 33, 70}) {
        const std::vector<float> w = randomValues(depth * columns, ++seed);
        const PackedMatrix packed(*engine, w.data(), columns, depth, columns);
        for (int64_t n : {0, 1, 2, 3, 14}) {
          // Rows apart from each other.
          const int64_t xStride = depth + 3, yStride = columns + 2;
          const std::vector<float> x = randomValues(n * xStride, ++seed);
          std::vector<float> y(n * yStride, 99.0f), expected = y;
          for (int64_t i = 0; i < n; ++i)
            for (int64_t c = 0; c < columns; ++c)
              expected[i * yStride + c] = sumOfChains(depth, [&](int64_t k,
                                                                 float chain) {
                return std::fma(x[i * xStride + k], w[k * columns + c], chain);
              });
          packed.multiplyInChains(x.data(), xStride, n, y.data(), yStride);
          ASSERT_TRUE(sameBits(y, expected))
              << engine->name << " " << n << " x " << depth << " x " << columns;
        }
      }
}

TEST(Product, InChainsKeepsSignsOfZero) {
  // Chains start from 0, so only a sum of a negative and a tiny one is -0.
  const std::vector<float> x = {-0x1p-100f, 0.0f}, w = {0x1p-100f, 1.0f};
  for (const Engine *engine : availableEngines())
    for (int64_t n : {1, 3}) {
      const PackedMatrix packed(*engine, w.data(), 1, 1, 1);
      const std::vector<float> inputs(n, x[0]);
      std::vector<float> y(n, 1.0f);
      packed.multiplyInChains(inputs.data(), 1, n, y.data(), 1);
      for (float value : y) {
        EXPECT_EQ(value, 0.0f);
        EXPECT_TRUE(std::signbit(value)) << engine->name;
      }
    }
}

TEST(Product, DotsAreSixteenChains) {
  const int64_t n = 5;
  for (int64_t depth : {1, 8, 15, 16, 17, 70, 256}) {
    const std::vector<float> x = randomValues(n * (depth + 3), 1);
    const std::vector<float> y = randomValues(depth, 2);
    std::vector<float> expected;
    for (int64_t i = 0; i < n; ++i) {
      float chains[16] = {};
      for (int64_t k = 0; k < depth; ++k)
        chains[k % 16] = std::fma(x[i * (depth + 3) + k], y[k], chains[k % 16]);
      for (int half = 8; half > 0; half /= 2)
        for (int c = 0; c < half; ++c)
          chains[c] += chains[c + half];
      expected.push_back(chains[0]);
    }
    for (const Engine *engine : availableEngines()) {
      std::vector<float> out(n);
      engine->dot(out.data(), x.data(), depth + 3, n, y.data(), depth);
      EXPECT_TRUE(sameBits(out, expected)) << engine->name << " " << depth;
    }
  }
}

TEST(Product, WeightedRowsAreOneChain) {
  for (int64_t rows : {1, 2, 64})
    for (int64_t count : {1, 7, 16, 33, 130})
      for (bool adds : {false, true}) {
        const int64_t stride = count + 5;
        const std::vector<float> factors = randomValues(rows, 1);
        const std::vector<float> x = randomValues(rows * stride, 2);
        const std::vector<float> before = randomValues(count, 3);
        std::vector<float> expected;
        for (int64_t j = 0; j < count; ++j) {
          float chain = 0;
          for (int64_t t = 0; t < rows; ++t)
            chain = std::fma(factors[t], x[t * stride + j], chain);
          expected.push_back(adds ? before[j] + chain : chain);
        }
        for (const Engine *engine : availableEngines()) {
          std::vector<float> y = before;
          engine->weightedRows(y.data(), factors.data(), x.data(), stride, rows,
                               count, adds);
          EXPECT_TRUE(sameBits(y, expected)) << engine->name;
        }
      }
}

TEST(Product, TakesTransposedOperands) {
  const int64_t depth = 70, columns = 37, n = 25;
  const std::vector<float> x = randomValues(n * depth, 1);
  const std::vector<float> w = randomValues(depth * columns, 2);
  const auto transpose = [](const std::vector<float> &values, int64_t width) {
    const int64_t rows = static_cast<int64_t>(values.size()) / width;
    std::vector<float> result(values.size());
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < width; ++j)
        result[j * rows + i] = values[i * width + j];
    return result;
  };
  const std::vector<float> xColumns = transpose(x, depth);
  const std::vector<float> wColumns = transpose(w, columns);
  std::vector<float> y(n * columns);
  const std::vector<float> expected =
      reference(x, n, w, depth, columns, y, ProductMode::Store);
  for (const Engine *engine : availableEngines()) {
    PackedMatrix packed(*engine, depth, columns);
    packed.setColumns(wColumns.data(), depth);
    packed.multiply(xColumns.data(), 1, n, n, y.data(), columns,
                    ProductMode::Store);
    EXPECT_TRUE(sameBits(y, expected)) << engine->name;
  }
}

TEST(Product, StaysInsideItsOutput) {
  const int64_t depth = 20, columns = 45, n = 14, stride = 64;
  const std::vector<float> w = randomValues(depth * columns, 1);
  const std::vector<float> x = randomValues(n * depth, 2);
  for (const Engine *engine : availableEngines()) {
    const PackedMatrix packed(*engine, w.data(), columns, depth, columns);
    std::vector<float> y(n * stride, 99.0f);
    packed.multiply(x.data(), depth, n, y.data(), stride, ProductMode::Store);
    for (int64_t i = 0; i < n; ++i)
      for (int64_t c = columns; c < stride; ++c)
        ASSERT_EQ(y[i * stride + c], 99.0f) << engine->name;
  }
}

TEST(Engine, UnknownNamesAreErrors) {
  std::string error;
  EXPECT_EQ(findEngine("amx", error), nullptr);
  EXPECT_EQ(error, "expects engine 'auto', 'scalar', 'avx2' or 'avx512', but "
                   "got 'amx'");
  EXPECT_STREQ(findEngine("scalar", error)->name, "scalar");
  EXPECT_EQ(findEngine("auto", error), availableEngines().back());
}

} // namespace
