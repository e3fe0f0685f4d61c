//===- MathTest.cpp - Elementary functions --------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Elementary functions against the C library's long double ones, special
// values, and equal bits on all engines.
//
//===----------------------------------------------------------------------===//

#include "../Support.h"
#include "Runtime/Kernels/Engine.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr int32_t Functions[] = {AIMC_COSINE,
                                 AIMC_SINE,
                                 AIMC_EXPONENTIAL,
                                 AIMC_LOGARITHM,
                                 AIMC_LOGARITHM_PLUS_ONE,
                                 AIMC_HYPERBOLIC_TANGENT,
                                 AIMC_ERROR_FUNCTION};

float ofBits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

long double exact(int32_t opcode, float x) {
  switch (opcode) {
  case AIMC_COSINE:
    return std::cos(static_cast<long double>(x));
  case AIMC_SINE:
    return std::sin(static_cast<long double>(x));
  case AIMC_LOGARITHM:
    return std::log(static_cast<long double>(x));
  case AIMC_LOGARITHM_PLUS_ONE:
    return std::log1p(static_cast<long double>(x));
  case AIMC_HYPERBOLIC_TANGENT:
    return std::tanh(static_cast<long double>(x));
  case AIMC_ERROR_FUNCTION:
    return std::erf(static_cast<long double>(x));
  default:
    return std::exp(static_cast<long double>(x));
  }
}

std::vector<float> compute(const Engine &engine, int32_t opcode,
                           const std::vector<float> &x) {
  std::vector<float> y(x.size());
  engine.unary(opcode, y.data(), x.data(), static_cast<int64_t>(x.size()));
  return y;
}

/// Largest error in units of the last place of the exact result, or of 1e-7
/// near zero if that is less strict.
double largestError(int32_t opcode, const std::vector<float> &x,
                    const std::vector<float> &y) {
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const long double expected = exact(opcode, x[i]);
    const double error = std::abs(static_cast<double>(y[i] - expected));
    int exponent = 0;
    std::frexp(static_cast<double>(expected), &exponent);
    const double unit = std::ldexp(1.0, std::max(exponent - 24, -149));
    const bool trigonometric = opcode == AIMC_COSINE || opcode == AIMC_SINE;
    if (trigonometric && error <= 1e-7 && std::abs(expected) < 1e-7)
      continue;
    largest = std::max(largest, error / unit);
  }
  return largest;
}

/// Values of either sign from the whole range of finite FP32 numbers, dense
/// where angles usually are, with the neighbours of multiples of pi/4.
std::vector<float> arguments() {
  std::vector<float> x;
  for (uint32_t bits = 0; bits < 0x7f800000; bits += 20011) {
    x.push_back(ofBits(bits));
    x.push_back(-ofBits(bits));
  }
  for (float value : randomValues(200000, 5))
    for (float scale : {4.0f, 200.0f, 2e5f})
      x.push_back(value * scale);
  for (int64_t i = 1; i < 300000; ++i) {
    const float near =
        static_cast<float>(static_cast<double>(i) * 0.78539816339744830962);
    x.push_back(near);
    x.push_back(std::nextafter(near, 0.0f));
    x.push_back(std::nextafter(near, 1e9f));
  }
  return x;
}

TEST(Math, TrigonometryIsWithinTwoUlp) {
  const std::vector<float> x = arguments();
  for (int32_t opcode : {AIMC_COSINE, AIMC_SINE})
    EXPECT_LE(
        largestError(opcode, x, compute(*availableEngines().back(), opcode, x)),
        2.0);
}

TEST(Math, ExponentialIsWithinOneUlp) {
  std::vector<float> x;
  for (float value : randomValues(500000, 6)) {
    x.push_back(value * 88.7f);
    x.push_back(value * 2.0f);
    x.push_back(-95.0f + value * 8.5f);
  }
  EXPECT_LE(
      largestError(AIMC_EXPONENTIAL, x,
                   compute(*availableEngines().back(), AIMC_EXPONENTIAL, x)),
      1.0);
}

TEST(Math, LogarithmIsWithinOneUlp) {
  std::vector<float> x;
  for (uint32_t bits = 1; bits < 0x7f800000; bits += 1009)
    x.push_back(ofBits(bits));
  for (float value : randomValues(500000, 7))
    x.push_back(1.0f + value * 0.5f);
  EXPECT_LE(
      largestError(AIMC_LOGARITHM, x,
                   compute(*availableEngines().back(), AIMC_LOGARITHM, x)),
      1.0);
}

TEST(Math, ActivationsAreWithinTwoUlp) {
  // All sizes of either sign, and dense where the functions bend.
  std::vector<float> x;
  for (uint32_t bits = 0; bits < 0x7f800000; bits += 2003) {
    x.push_back(ofBits(bits));
    x.push_back(-ofBits(bits));
  }
  for (float value : randomValues(500000, 9))
    for (float scale : {0.9f, 4.0f, 10.0f})
      x.push_back(value * scale);
  for (int32_t opcode : {AIMC_HYPERBOLIC_TANGENT, AIMC_ERROR_FUNCTION})
    EXPECT_LE(
        largestError(opcode, x, compute(*availableEngines().back(), opcode, x)),
        2.0)
        << opcode;
  std::vector<float> domain;
  for (float value : x)
    if (value > -1)
      domain.push_back(value);
  for (float distance = 0.5f; distance > 0x1p-24f; distance *= 0.999f)
    domain.push_back(-1.0f + distance);
  EXPECT_LE(largestError(AIMC_LOGARITHM_PLUS_ONE, domain,
                         compute(*availableEngines().back(),
                                 AIMC_LOGARITHM_PLUS_ONE, domain)),
            2.0);
}

TEST(Math, EnginesAgreeInAllBits) {
  std::vector<float> x = arguments();
  const float infinity = std::numeric_limits<float>::infinity();
  x.insert(x.end(), {infinity, -infinity, ofBits(0x7fc00000),
                     ofBits(0xffc12345), ofBits(0x7f800001)});
  const std::vector<const Engine *> engines = availableEngines();
  for (int32_t opcode : Functions) {
    const std::vector<float> expected = compute(*engines[0], opcode, x);
    for (const Engine *engine : engines)
      EXPECT_TRUE(sameBits(compute(*engine, opcode, x), expected))
          << engine->name << ", opcode " << opcode;
  }
}

TEST(Math, BitsAreFixed) {
  std::vector<float> x = randomValues(5000, 8);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] *= static_cast<float>(1 << i % 20);
  const Engine &engine = *availableEngines().back();
  EXPECT_EQ(hashBits(compute(engine, AIMC_COSINE, x)), 10558930338186333015u);
  EXPECT_EQ(hashBits(compute(engine, AIMC_SINE, x)), 5453565448624288892u);
  EXPECT_EQ(hashBits(compute(engine, AIMC_EXPONENTIAL, x)),
            9639192847151254670u);
}

TEST(Math, SpecialValues) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = ofBits(0xffc12345);
  const float quietNan = ofBits(0x7fc00000);
  for (const Engine *engine : availableEngines()) {
    const std::vector<float> x = {0.0f, -0.0f,   infinity, -infinity,
                                  nan,  1000.0f, -1000.0f, 88.9f};
    EXPECT_TRUE(
        sameBits(compute(*engine, AIMC_SINE, {x.begin(), x.begin() + 5}),
                 {0.0f, -0.0f, quietNan, quietNan, quietNan}))
        << engine->name;
    EXPECT_TRUE(
        sameBits(compute(*engine, AIMC_COSINE, {x.begin(), x.begin() + 5}),
                 {1.0f, 1.0f, quietNan, quietNan, quietNan}))
        << engine->name;
    EXPECT_TRUE(sameBits(
        compute(*engine, AIMC_EXPONENTIAL, x),
        {1.0f, 1.0f, infinity, 0.0f, quietNan, infinity, 0.0f, infinity}))
        << engine->name;
  }
}

TEST(Math, EndsOfActivations) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = ofBits(0xffc12345), quietNan = ofBits(0x7fc00000);
  const float least = ofBits(1);
  const std::vector<float> x = {0.0f,  -0.0f,    infinity, -infinity, nan,
                                -1.0f, -1.0001f, least,    -least,    1.0f};
  for (const Engine *engine : availableEngines()) {
    EXPECT_TRUE(
        sameBits(compute(*engine, AIMC_LOGARITHM, {x.begin(), x.begin() + 7}),
                 {-infinity, -infinity, infinity, quietNan, quietNan, quietNan,
                  quietNan}))
        << engine->name;
    EXPECT_EQ(compute(*engine, AIMC_LOGARITHM, {1.0f})[0], 0.0f);
    EXPECT_TRUE(sameBits(
        compute(*engine, AIMC_LOGARITHM_PLUS_ONE, {x.begin(), x.begin() + 9}),
        {0.0f, -0.0f, infinity, quietNan, quietNan, -infinity, quietNan, least,
         -least}))
        << engine->name;
    for (int32_t opcode : {AIMC_HYPERBOLIC_TANGENT, AIMC_ERROR_FUNCTION})
      EXPECT_TRUE(sameBits(compute(*engine, opcode, {x.begin(), x.begin() + 5}),
                           {0.0f, -0.0f, 1.0f, -1.0f, quietNan}))
          << engine->name;
    EXPECT_TRUE(sameBits(
        compute(*engine, AIMC_HYPERBOLIC_TANGENT, {least, -least, 9.02f, -50}),
        {least, -least, 1.0f, -1.0f}))
        << engine->name;
    EXPECT_TRUE(sameBits(
        compute(*engine, AIMC_ERROR_FUNCTION, {least, -least, 3.95f, -50}),
        {least, -least, 1.0f, -1.0f}))
        << engine->name;
  }
}

TEST(Math, ComparisonsAndSelection) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = ofBits(0xffc12345);
  const std::vector<float> a = {1, 2,   2,        0.0f,     -0.0f,    nan,
                                1, nan, infinity, infinity, -infinity};
  const std::vector<float> b = {2,   1,   2,        -0.0f, 0.0f,    1,
                                nan, nan, infinity, 1,     infinity};
  const int64_t count = static_cast<int64_t>(a.size());
  for (const Engine *engine : availableEngines()) {
    std::vector<float> y(a.size());
    engine->binary(AIMC_GREATER, y.data(), a.data(), 1, b.data(), 1, count);
    EXPECT_TRUE(sameBits(y, {0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0}));
    engine->binary(AIMC_GREATER_EQUAL, y.data(), a.data(), 1, b.data(), 1,
                   count);
    EXPECT_TRUE(sameBits(y, {0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0}));
    engine->binary(AIMC_EQUAL, y.data(), a.data(), 1, b.data(), 1, count);
    EXPECT_TRUE(sameBits(y, {0, 0, 1, 1, 1, 0, 0, 0, 1, 0, 0}));
    // The bits of what is chosen stay, those of NaN as well.
    const std::vector<float> condition = {0, -0.0f, 1, nan, ofBits(1), 0,
                                          1, 1,     0, 0,   -2};
    std::vector<float> expected;
    for (size_t i = 0; i < a.size(); ++i)
      expected.push_back(condition[i] != 0 ? a[i] : b[i]);
    engine->select(y.data(), condition.data(), 1, a.data(), 1, b.data(), 1,
                   count);
    EXPECT_TRUE(sameBits(y, expected)) << engine->name;
    engine->select(y.data(), condition.data(), 1, a.data(), 0, &nan, 0, count);
    for (size_t i = 0; i < a.size(); ++i)
      expected[i] = condition[i] != 0 ? a[0] : nan;
    EXPECT_TRUE(sameBits(y, expected)) << engine->name;
  }
}

TEST(Math, StepIsOneAboveZeroAlone) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float quietNan = ofBits(0x7fc00000), least = ofBits(1);
  const std::vector<float> x = {0.0f,
                                -0.0f,
                                least,
                                -least,
                                1.0f,
                                -2.0f,
                                1e30f,
                                infinity,
                                -infinity,
                                quietNan,
                                ofBits(0xffc12345)};
  for (const Engine *engine : availableEngines())
    EXPECT_TRUE(sameBits(compute(*engine, AIMC_STEP, x),
                         {0.0f, 0.0f, 1.0f, 0.0f, 1.0f, 0.0f, 1.0f, 1.0f, 0.0f,
                          quietNan, quietNan}))
        << engine->name;
}

TEST(Math, LargestDoesNotDependOnTheEngine) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float quietNan = ofBits(0x7fc00000);
  for (const Engine *engine : availableEngines()) {
    const auto largest = [&](const std::vector<float> &values) {
      return engine->largest(values.data(),
                             static_cast<int64_t>(values.size()));
    };
    // At each position of rows of each length, and beside a NaN.
    for (size_t count = 1; count <= 70; ++count)
      for (size_t i = 0; i < count; ++i) {
        std::vector<float> values(count, -3.0f);
        values[i] = -1.0f;
        EXPECT_EQ(largest(values), -1.0f) << engine->name << ", " << count;
        values[i] = ofBits(0xffc12345);
        EXPECT_TRUE(sameBits({largest(values)}, {quietNan}))
            << engine->name << ", " << count;
      }
    EXPECT_TRUE(sameBits({largest({-0.0f, 0.0f, -0.0f})}, {0.0f}))
        << engine->name;
    EXPECT_TRUE(sameBits({largest({-0.0f})}, {-0.0f})) << engine->name;
    EXPECT_EQ(largest({-infinity, -infinity}), -infinity) << engine->name;
  }
}

TEST(Math, MaximumAndMinimumFollowTheStandard) {
  const float quietNan = ofBits(0x7fc00000);
  const std::vector<float> a = {0.0f, -0.0f, 1.0f, quietNan, 3.0f, -5.0f};
  const std::vector<float> b = {-0.0f, 0.0f, 2.0f, 1.0f, quietNan, -5.0f};
  for (const Engine *engine : availableEngines()) {
    std::vector<float> y(a.size());
    engine->binary(AIMC_MAXIMUM, y.data(), a.data(), 1, b.data(), 1, 6);
    EXPECT_TRUE(sameBits(y, {0.0f, 0.0f, 2.0f, quietNan, quietNan, -5.0f}))
        << engine->name;
    engine->binary(AIMC_MINIMUM, y.data(), a.data(), 1, b.data(), 1, 6);
    EXPECT_TRUE(sameBits(y, {-0.0f, -0.0f, 1.0f, quietNan, quietNan, -5.0f}))
        << engine->name;
  }
}

} // namespace
