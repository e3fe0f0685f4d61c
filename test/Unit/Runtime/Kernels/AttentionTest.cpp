//===- AttentionTest.cpp - Linear attention -------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Against the definition in FP64, which takes time quadratic in the length.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/Attention.h"
#include "../Support.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr float NaN = std::numeric_limits<float>::quiet_NaN();

/// Sequences of random features between 0 and 1, and values between -1 and 1.
struct Problem {
  Problem(int64_t sequences, int64_t heads, int64_t queryCount,
          int64_t keyCount, int64_t features, int64_t headValues, bool causal,
          uint32_t seed = 1)
      : sequences(sequences), heads(heads), queryCount(queryCount),
        keyCount(keyCount), features(features), headValues(headValues),
        causal(causal) {
    queries = randomValues(sequences * queryCount * heads * features, seed);
    keys = randomValues(sequences * keyCount * heads * features, seed + 1);
    values = randomValues(sequences * keyCount * heads * headValues, seed + 2);
    for (std::vector<float> *positive : {&queries, &keys})
      for (float &value : *positive)
        value = std::abs(value);
  }

  /// Log scales between -largest and largest.
  void addScales(float largest) {
    scales = randomValues(sequences * keyCount * heads, 77);
    for (float &scale : *scales)
      scale *= largest;
  }

  /// Leaves out about a third of the keys.
  void addMask() {
    mask = randomValues(sequences * keyCount, 78);
    for (float &token : *mask)
      token = token > -0.3f ? 1.0f : 0.0f;
  }

  int64_t keyRow(int64_t sequence, int64_t token, int64_t head) const {
    return (sequence * keyCount + token) * heads + head;
  }

  std::vector<float> compute(const Engine &engine, int threads) {
    AttentionMemory memory;
    return compute(engine, threads, memory);
  }

  std::vector<float> compute(const Engine &engine, int threads,
                             AttentionMemory &memory) {
    std::vector<float> output(sequences * queryCount * heads * headValues, NaN);
    const aimc_tensor q = view(queries, features), k = view(keys, features);
    const aimc_tensor v = view(values, heads * headValues);
    const aimc_tensor out = view(output, heads * headValues);
    aimc_tensor s, m;
    if (scales)
      s = view(*scales, 1);
    if (mask)
      m = view(*mask, 1);
    Workers workers(threads);
    computeAttention(engine, workers,
                     {sequences, heads, causal, q, k, v, scales ? &s : nullptr,
                      mask ? &m : nullptr, out},
                     memory);
    return output;
  }

  std::vector<float> compute() {
    return compute(*availableEngines().back(), 2);
  }

  /// The definition.
  std::vector<double> reference() const {
    std::vector<double> output;
    for (int64_t b = 0; b < sequences; ++b)
      for (int64_t i = 0; i < queryCount; ++i)
        for (int64_t h = 0; h < heads; ++h) {
          const std::vector<double> row = referenceRow(b, i, h);
          output.insert(output.end(), row.begin(), row.end());
        }
    return output;
  }

  const int64_t sequences, heads, queryCount, keyCount, features, headValues;
  const bool causal;
  std::vector<float> queries, keys, values;
  std::optional<std::vector<float>> scales, mask;

private:
  std::vector<double> referenceRow(int64_t b, int64_t i, int64_t h) const {
    const int64_t end = causal ? i + 1 : keyCount;
    const auto isSeen = [&](int64_t j) {
      return !mask || (*mask)[b * keyCount + j] != 0;
    };
    double largest = -std::numeric_limits<double>::infinity();
    for (int64_t j = 0; scales && j < end; ++j)
      if (isSeen(j))
        largest = std::max<double>(largest, (*scales)[keyRow(b, j, h)]);
    std::vector<double> row(headValues);
    double sum = 0;
    for (int64_t j = 0; j < end; ++j) {
      if (!isSeen(j))
        continue;
      double weight = 0;
      for (int64_t f = 0; f < features; ++f)
        weight +=
            static_cast<double>(
                queries[((b * queryCount + i) * heads + h) * features + f]) *
            keys[keyRow(b, j, h) * features + f];
      if (scales)
        weight *= std::exp((*scales)[keyRow(b, j, h)] - largest);
      sum += weight;
      for (int64_t c = 0; c < headValues; ++c)
        row[c] += weight * values[keyRow(b, j, h) * headValues + c];
    }
    for (double &value : row)
      value = sum == 0 ? 0 : value / sum;
    return row;
  }
};

void expectClose(Problem &problem) {
  const std::vector<double> expected = problem.reference();
  const std::vector<float> output = problem.compute();
  ASSERT_EQ(output.size(), expected.size());
  for (size_t i = 0; i < output.size(); ++i)
    ASSERT_NEAR(output[i], expected[i], 3e-6) << "value " << i;
}

TEST(Attention, IsTheDefinition) {
  const struct {
    int64_t sequences, heads, features, headValues;
  } shapes[] = {{1, 1, 40, 64}, {2, 3, 17, 5}, {5, 1, 1, 1}, {1, 4, 70, 1}};
  for (const auto &shape : shapes)
    for (bool causal : {false, true})
      for (int64_t length : {1, 63, 64, 65, 128, 200})
        for (float scale : {0.0f, 3.0f, 300.0f})
          for (bool masked : {false, true}) {
            Problem problem(shape.sequences, shape.heads, length, length,
                            shape.features, shape.headValues, causal);
            if (scale)
              problem.addScales(scale);
            if (masked)
              problem.addMask();
            SCOPED_TRACE(testing::Message()
                         << shape.sequences << " x " << shape.heads << " x "
                         << length << " causal " << causal << " scale " << scale
                         << " masked " << masked);
            expectClose(problem);
          }
}

TEST(Attention, LengthsOfQueriesAndKeysMayDiffer) {
  for (int64_t queryCount : {0, 1, 95, 96, 97, 250})
    for (int64_t keyCount : {1, 64, 130}) {
      Problem problem(3, 2, queryCount, keyCount, 20, 7, /*causal=*/false);
      problem.addScales(2);
      SCOPED_TRACE(testing::Message() << queryCount << " " << keyCount);
      expectClose(problem);
    }
}

TEST(Attention, BitsDependNeitherOnEngineNorThreads) {
  for (bool causal : {false, true})
    for (bool scaled : {false, true})
      for (int64_t sequences : {1, 7}) {
        Problem problem(sequences, 2, 200, 200, 70, 33, causal);
        problem.addMask();
        if (scaled)
          problem.addScales(40);
        const std::vector<float> expected =
            problem.compute(*availableEngines().front(), 1);
        for (const Engine *engine : availableEngines())
          for (int threads : {1, 2, 7})
            EXPECT_TRUE(sameBits(problem.compute(*engine, threads), expected))
                << engine->name << " " << threads << " causal " << causal;
      }
}

TEST(Attention, OneSequenceIsSharedByThreads) {
  for (bool causal : {false, true}) {
    Problem problem(1, 1, 500, 500, 100, 20, causal);
    EXPECT_TRUE(sameBits(problem.compute(*availableEngines().front(), 1),
                         problem.compute(*availableEngines().back(), 2)));
  }
}

TEST(Attention, AMuchLargerLaterKeyIsNotSeenBefore) {
  // In the chunk of the queries, and in the next one.
  for (int64_t late : {40, 100}) {
    Problem problem(1, 1, 128, 128, 30, 8, /*causal=*/true);
    problem.addScales(1);
    const std::vector<float> before = problem.compute();
    (*problem.scales)[late] = 300;
    const std::vector<float> after = problem.compute();
    EXPECT_TRUE(sameBits({before.begin(), before.begin() + late * 8},
                         {after.begin(), after.begin() + late * 8}));
    expectClose(problem);
    // Afterwards it is all there is, up to the size of its products.
    for (int64_t i = late * 8; i < 128 * 8; ++i)
      EXPECT_NEAR(after[i], problem.values[late * 8 + i % 8], 1e-6);
  }
}

TEST(Attention, LaterTokensAreNotSeenWhateverTheyHold) {
  for (float wild : {NaN, std::numeric_limits<float>::infinity()})
    for (int64_t late : {20, 100}) {
      Problem problem(1, 1, 128, 128, 30, 8, /*causal=*/true);
      problem.addScales(5);
      const std::vector<float> before = problem.compute();
      for (int64_t f = 0; f < 30; ++f)
        problem.keys[late * 30 + f] = wild;
      for (int64_t c = 0; c < 8; ++c)
        problem.values[late * 8 + c] = wild;
      (*problem.scales)[late] = wild;
      const std::vector<float> after = problem.compute();
      for (int64_t i = 0; i < late * 8; ++i)
        ASSERT_EQ(after[i], before[i]) << i;
      for (int64_t i = late * 8; i < 128 * 8; ++i)
        ASSERT_TRUE(std::isnan(after[i])) << i;
    }
}

TEST(Attention, LeftOutKeysAreNotUsedWhateverTheyHold) {
  for (bool causal : {false, true})
    for (float wild : {NaN, std::numeric_limits<float>::infinity(), 1e30f}) {
      Problem problem(2, 2, 150, 150, 30, 8, causal);
      problem.addScales(5);
      problem.addMask();
      const std::vector<float> before = problem.compute();
      for (int64_t row = 0; row < 2 * 150; ++row) {
        if ((*problem.mask)[row] != 0)
          continue;
        for (int64_t i = row * 60; i < (row + 1) * 60; ++i)
          problem.keys[i] = wild;
        for (int64_t i = row * 16; i < (row + 1) * 16; ++i)
          problem.values[i] = wild;
        for (int64_t i = row * 2; i < (row + 1) * 2; ++i)
          (*problem.scales)[i] = wild;
      }
      EXPECT_TRUE(sameBits(problem.compute(), before));
    }
}

TEST(Attention, QueriesWithoutKeysGetZeros) {
  for (bool causal : {false, true}) {
    Problem problem(2, 1, 100, 100, 30, 8, causal);
    // All of the first sequence, and the first tokens of the second.
    problem.mask = std::vector<float>(200, 1.0f);
    std::fill_n(problem.mask->begin(), 103, 0.0f);
    for (std::vector<float> *tensor :
         {&problem.queries, &problem.keys, &problem.values})
      std::fill_n(tensor->begin(), tensor->size() / 2, NaN);
    const std::vector<float> output = problem.compute();
    const size_t zeros = causal ? 103 * 8 : 100 * 8;
    for (size_t i = 0; i < output.size(); ++i)
      ASSERT_EQ(output[i] == 0, i < zeros) << i;
  }
}

TEST(Attention, ADenominatorOfZeroGivesZeros) {
  for (bool causal : {false, true}) {
    Problem problem(1, 1, 70, 70, 4, 8, causal);
    std::fill_n(problem.queries.begin() + 5 * 4, 4, 0.0f);
    const std::vector<float> output = problem.compute();
    for (int64_t i = 0; i < 70 * 8; ++i)
      ASSERT_EQ(output[i] == 0, i / 8 == 5) << i;
    // A scale that leaves nothing of any key.
    problem.scales =
        std::vector<float>(70, -std::numeric_limits<float>::infinity());
    for (float value : problem.compute())
      ASSERT_EQ(value, 0);
  }
}

TEST(Attention, MemoryOfOtherShapesIsUsedAgain) {
  AttentionMemory memory;
  for (int64_t length : {200, 1, 65, 130})
    for (bool causal : {false, true})
      for (int64_t features : {40, 7}) {
        Problem problem(2, 2, length, length, features, 9, causal);
        problem.addScales(3);
        const std::vector<float> expected = problem.compute();
        EXPECT_TRUE(sameBits(
            problem.compute(*availableEngines().back(), 2, memory), expected))
            << length << " " << causal << " " << features;
      }
}

TEST(Attention, SubnormalDenominatorsGiveZeros) {
  for (bool causal : {false, true}) {
    Problem problem(1, 1, 70, 70, 4, 8, causal);
    for (float scale : {0x1p-140f, 0x1p-100f}) {
      std::fill_n(problem.queries.begin() + 5 * 4, 4, scale);
      const std::vector<float> output = problem.compute();
      const bool isZero = scale == 0x1p-140f;
      for (int64_t i = 5 * 8; i < 6 * 8; ++i)
        ASSERT_EQ(output[i] == 0, isZero) << i;
    }
  }
}

TEST(Attention, NothingToDo) {
  for (bool causal : {false, true}) {
    EXPECT_TRUE(Problem(0, 2, 0, 0, 4, 3, causal).compute().empty());
    EXPECT_TRUE(Problem(2, 2, 0, 0, 4, 3, causal).compute().empty());
  }
  for (float value : Problem(2, 2, 5, 0, 4, 3, false).compute())
    EXPECT_EQ(value, 0);
}

TEST(Attention, MemoryDoesNotGrowWithTheSquareOfTheLength) {
  // A matrix of all products would take 160 GB.
  Problem problem(1, 1, 200000, 200000, 2, 1, /*causal=*/true);
  const std::vector<float> output = problem.compute();
  double sum = 0, weights = 0;
  for (int64_t j = 0; j < 200000; ++j) {
    const double weight =
        static_cast<double>(problem.queries[399998]) * problem.keys[2 * j] +
        static_cast<double>(problem.queries[399999]) * problem.keys[2 * j + 1];
    sum += weight * problem.values[j];
    weights += weight;
  }
  EXPECT_NEAR(output.back(), sum / weights, 1e-6);
}

TEST(Attention, TakesAnyStrides) {
  for (bool causal : {false, true}) {
    Problem problem(2, 2, 70, 70, 6, 4, causal);
    problem.addScales(3);
    problem.addMask();
    const std::vector<float> expected = problem.compute();
    // Each tensor stored by columns, after three other values.
    const auto transpose = [](const std::vector<float> &values, int64_t width) {
      const int64_t rows = static_cast<int64_t>(values.size()) / width;
      std::vector<float> result(values.size() + 3);
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < width; ++j)
          result[3 + j * rows + i] = values[i * width + j];
      return result;
    };
    const auto viewColumns = [](std::vector<float> &values, int64_t width) {
      const int64_t rows = (static_cast<int64_t>(values.size()) - 3) / width;
      return aimc_tensor{
          values.data(), values.data(), 3, {rows, width}, {1, rows}};
    };
    std::vector<float> q = transpose(problem.queries, 6),
                       k = transpose(problem.keys, 6),
                       v = transpose(problem.values, 8),
                       s = transpose(*problem.scales, 1),
                       m = transpose(*problem.mask, 1), y(expected.size() + 3);
    const aimc_tensor scales = viewColumns(s, 1), mask = viewColumns(m, 1);
    Workers workers(2);
    AttentionMemory memory;
    computeAttention(*availableEngines().back(), workers,
                     {2, 2, causal, viewColumns(q, 6), viewColumns(k, 6),
                      viewColumns(v, 8), &scales, &mask, viewColumns(y, 8)},
                     memory);
    EXPECT_TRUE(sameBits(y, transpose(expected, 8)));
  }
}

} // namespace
