//===- FloatingPointTest.cpp - Tests of a host's floating-point modes -----===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Results do not depend on how the calling thread rounds, nor on whether it
// flushes subnormals, and the calling thread finds its modes as they were.
//
//===----------------------------------------------------------------------===//

#include "../Support.h"
#include "aimc/Runtime/Samplers.h"
#include "aimc/Runtime/TargetDescription.h"

#include <gtest/gtest.h>

#include <cfenv>

#ifdef __SSE__
#include <xmmintrin.h>
#endif

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr int64_t Width = 60;

// Made before any mode is changed.
const std::vector<float> weights = randomValues(Width * Width, 1);
const std::vector<float> inputs = randomValues(1000 * Width, 2);

/// Target hermes with an ideal ADC, which hides no last bits.
std::string targetText() {
  std::string text(*TargetDescription::builtin("hermes"));
  const size_t begin = text.find('{', text.find("\"adc\""));
  return text.replace(begin, text.find('}', begin) + 1 - begin,
                      "{\"ideal\": true}");
}

/// y = exp(200 (x W)), subnormal in places, on the simulator, and projections.
std::vector<float> compute(int threads) {
  const float scale = 200;
  const float *constants[] = {&scale};
  const aimc_instruction instructions[] = {
      {AIMC_MULTIPLY, 2, {0, 1, -1}, -1},
      {AIMC_EXPONENTIAL, 3, {2, -1, -1}, -1}};
  const int32_t widths[] = {Width, 1, Width, Width}, outputs[] = {3};
  TestModel model(
      {{"x", -1, Width, 0, nullptr}}, {{"y", -1, Width, 0, nullptr}},
      [](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
        out[0] = TestModel::allocate(in[0].sizes[0], Width);
        aimc_mvm(context, 0, 7, 1.0f, 10.0f, aimc_first_vector(context), in,
                 out);
        aimc_digital(context, 0, aimc_first_vector(context), 1, out, 1, out);
      });
  model.addMatrix(Width, Width, weights, cutTiles(Width, Width, 40, 40));
  model.addProgram(
      {"p", "unit", 1, 1, constants, 2, instructions, widths, 1, outputs});
  model.target = targetText();
  ContextOptions options;
  options.device = "simulator";
  options.threads = threads;
  std::string error;
  auto context = Context::create(model.get(), options, error);
  EXPECT_TRUE(context) << error;
  std::vector<float> x = inputs;
  std::vector<float> result = runContext(*context, {view(x, Width)}, 0, error);
  EXPECT_EQ(error, "");
  for (const char *sampler : {"rff", "orf", "sorf", "hadamard", "qmc"}) {
    std::vector<float> omega(50 * Width);
    const int orthogonal = std::string(sampler) == "orf";
    const aimc_projection projection = {
        sampler, 1, 50, Width, 0.3, HUGE_VAL, orthogonal, orthogonal};
    EXPECT_TRUE(aimc_sample_projection(&projection, omega.data()));
    result.insert(result.end(), omega.begin(), omega.end());
  }
  std::vector<float> offsets(100);
  EXPECT_TRUE(aimc_sample_offsets(100, 1, offsets.data()));
  result.insert(result.end(), offsets.begin(), offsets.end());
  return result;
}

TEST(FloatingPoint, RoundingOfTheHostDoesNotMatter) {
  const std::vector<float> expected = compute(1);
  for (int mode : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO})
    for (int threads : {1, 2}) {
      std::fesetround(mode);
      const std::vector<float> result = compute(threads);
      const int after = std::fegetround();
      std::fesetround(FE_TONEAREST);
      EXPECT_EQ(after, mode);
      EXPECT_TRUE(sameBits(result, expected)) << mode << " " << threads;
    }
}

#ifdef __SSE__
TEST(FloatingPoint, SubnormalsAreKept) {
  const std::vector<float> expected = compute(1);
  EXPECT_GT(
      std::count_if(expected.begin(), expected.end(),
                    [](float value) { return value > 0 && value < 1e-38f; }),
      0);
  constexpr unsigned FlushToZero = 0x8040;
  for (int threads : {1, 2}) {
    const unsigned before = _mm_getcsr();
    _mm_setcsr(before | FlushToZero);
    const std::vector<float> result = compute(threads);
    const unsigned after = _mm_getcsr();
    _mm_setcsr(before);
    EXPECT_EQ(after & FlushToZero, FlushToZero);
    EXPECT_TRUE(sameBits(result, expected)) << threads;
  }
}
#endif

} // namespace
