//===- NormalTest.cpp - Counter-based random numbers ----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Known answers of Philox, equal bits on all engines, and the distribution.
//
//===----------------------------------------------------------------------===//

#include "../Support.h"
#include "Runtime/Kernels/Engine.h"
#include "Runtime/Random/Normal64.h"
#include "Runtime/Random/NormalQuantile.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

/// From Random123's known-answer tests (kat_vectors, philox 4x32, 10 rounds).
struct KnownAnswer {
  uint32_t counter[4], key[2], result[4];
};
constexpr KnownAnswer KnownAnswers[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};

TEST(Philox, GivesTheKnownAnswersInEveryLane) {
  for (const KnownAnswer &known : KnownAnswers) {
    const RandomWords words =
        randomWords({{known.key[0], known.key[1]}}, known.counter[0],
                    known.counter[1], known.counter[2], known.counter[3]);
    for (int j = 0; j < 4; ++j)
      EXPECT_EQ(words.words[j], known.result[j]);
    for (const Engine *engine : availableEngines())
      for (uint32_t lane = 0; lane < 16; ++lane) {
        const uint32_t counter[4] = {known.counter[0] - lane, known.counter[1],
                                     known.counter[2], known.counter[3]};
        uint32_t out[64];
        engine->philox(known.key, counter, out);
        for (int j = 0; j < 4; ++j)
          EXPECT_EQ(out[16 * j + lane], known.result[j])
              << engine->name << " lane " << lane;
      }
  }
}

std::vector<float> normals(const Engine &engine, StreamKey key, uint32_t row,
                           int64_t first, int64_t count) {
  std::vector<float> values(count);
  const uint32_t counter[3] = {row, 0, 0};
  engine.normals(key.words, counter, first, count, values.data());
  return values;
}

TEST(Normals, EnginesAgreeInAllBitsForAnyRange) {
  const StreamKey key = deriveStream(1, Effect::OutputNoise);
  const std::vector<const Engine *> engines = availableEngines();
  const std::vector<float> expected = normals(*engines[0], key, 3, 0, 1000);
  for (const Engine *engine : engines)
    for (int64_t first : {0, 1, 64, 77, 500})
      for (int64_t count : {1, 16, 63, 64, 65, 200, 500}) {
        const auto from = expected.begin() + first;
        EXPECT_TRUE(sameBits(normals(*engine, key, 3, first, count),
                             {from, from + count}))
            << engine->name << " " << first << " " << count;
      }
}

TEST(Normals, BitsAreFixed) {
  EXPECT_EQ(hashBits(normals(*availableEngines().back(),
                             deriveStream(42, Effect::OutputNoise, 1, 2, 3), 4,
                             5, 2000)),
            981613584934401077u);
}

TEST(Normals, AreTheBoxMullerTransformOfTheWords) {
  const StreamKey key = deriveStream(7, Effect::ProgrammingNoise, 1, 2, 3);
  const std::vector<float> values =
      normals(*availableEngines().back(), key, 9, 0, 640);
  for (int64_t c = 0; c < 640; ++c) {
    const uint32_t counter = static_cast<uint32_t>(16 * (c / 64) + c % 16);
    const RandomWords w = randomWords(key, counter, 9, 0, 0);
    const int pair = c % 64 / 32;
    const double u = (2.0 * (w.words[2 * pair] / 4) + 1) / 2147483648.0;
    const double angle =
        w.words[2 * pair + 1] / 4294967296.0 * 2 * 3.14159265358979323846;
    const double radius = std::sqrt(-2 * std::log(u));
    const double expected =
        radius * (c % 32 / 16 ? std::sin(angle) : std::cos(angle));
    EXPECT_NEAR(values[c], expected, 2e-6);
  }
}

TEST(Normals, AreStandardNormal) {
  const StreamKey key = deriveStream(3, Effect::OutputNoise);
  const int64_t count = 1000000;
  std::vector<float> values =
      normals(*availableEngines().back(), key, 0, 0, count);
  double mean = 0, square = 0, fourth = 0;
  int64_t beyondThree = 0;
  for (float v : values) {
    mean += v;
    square += static_cast<double>(v) * v;
    fourth += std::pow(static_cast<double>(v), 4);
    beyondThree += std::abs(v) > 3;
  }
  EXPECT_NEAR(mean / count, 0, 0.004);
  EXPECT_NEAR(square / count, 1, 0.006);
  EXPECT_NEAR(fourth / count, 3, 0.04);
  EXPECT_NEAR(static_cast<double>(beyondThree) / count, 0.0027, 0.0003);
  // Kolmogorov-Smirnov at the 0.1 % level.
  std::sort(values.begin(), values.end());
  double distance = 0;
  for (int64_t i = 0; i < count; ++i)
    distance =
        std::max(distance, std::abs(std::erfc(-values[i] / std::sqrt(2.0)) / 2 -
                                    (i + 0.5) / count));
  EXPECT_LT(distance, 1.95 / std::sqrt(static_cast<double>(count)));
}

TEST(Streams, DifferInEachPartOfTheirName) {
  std::set<std::pair<uint32_t, uint32_t>> keys;
  const auto add = [&](StreamKey key) {
    keys.insert({key.words[0], key.words[1]});
  };
  add(deriveStream(1, Effect::ProgrammingNoise));
  add(deriveStream(2, Effect::ProgrammingNoise));
  add(deriveStream(uint64_t{1} << 32, Effect::ProgrammingNoise));
  add(deriveStream(1, Effect::OutputNoise));
  add(deriveStream(1, Effect::OutputNoise, 1));
  add(deriveStream(1, Effect::OutputNoise, 0, 1));
  add(deriveStream(1, Effect::OutputNoise, 0, 0, 1));
  EXPECT_EQ(keys.size(), 7u);
}

TEST(Normals64, AreStandardNormalAndAccurate) {
  const StreamKey key = deriveStream(3, Effect::Projection);
  std::vector<double> values(200000);
  normals64(key, 5, 200000, values.data());
  double mean = 0, square = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    mean += values[i] / values.size();
    square += values[i] * values[i] / values.size();
    const RandomWords w =
        randomWords(key, static_cast<uint32_t>(i / 2), 0, 5, 0);
    const uint64_t low = w.words[0] | uint64_t{w.words[1]} << 32;
    const uint64_t high = w.words[2] | uint64_t{w.words[3]} << 32;
    const long double u = ((low >> 12) * 2 + 1) * 0x1p-53L;
    const long double angle = high * (6.283185307179586476925L * 0x1p-64L);
    const long double radius = std::sqrt(-2 * std::log(u));
    const long double expected =
        radius * (i % 2 ? std::sin(angle) : std::cos(angle));
    ASSERT_NEAR(values[i], static_cast<double>(expected), 3e-15);
  }
  EXPECT_NEAR(mean, 0, 0.01);
  EXPECT_NEAR(square, 1, 0.015);
}

TEST(NormalQuantile64, InvertsTheDistribution) {
  // P(N <= x) = erfc(-x / sqrt 2) / 2; erfc of the C library is good to 1e-15,
  // and an error e of x changes p by a factor of about 1 - |x| e in the tails.
  for (int i = -370; i <= 370; ++i) {
    const double x = i * 0.1 / 4.5, p = 0.5 * std::erfc(-x / std::sqrt(2.0));
    EXPECT_NEAR(normalQuantile64(p), x, 1e-14 + 4e-16 / std::exp(-x * x / 2))
        << p;
  }
  EXPECT_EQ(normalQuantile64(0.5), 0);
  EXPECT_NEAR(normalQuantile64(0x1p-54), -8.2923610758135951, 1e-12);
  EXPECT_NEAR(normalQuantile64(1e-300), -37.0471, 1e-4);
}

} // namespace
