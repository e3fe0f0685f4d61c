//===- DeferredRowsTest.cpp - Features that attention computes ------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Support.h"

#include "Runtime/Kernels/Engine.h"
#include "aimc/Runtime/TargetDescription.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr int64_t Width = 6, Features = 20, Values = 5;
constexpr float Unwritten = 12345;

/// Attention of `sequences` sequences over features exp(x W - max) of queries
/// and keys, whose log scale is the maximum.
struct Attend {
  int64_t sequences = 1, heads = 1;
  bool causal = false, masked = false;
  bool deferred = true;
  bool leavesScales = false; ///< attention takes all log scales as 0
  bool sharesCall = false;   ///< queries are the keys
  bool repeatsSite = false;  ///< queries and keys are of one site
  bool readsValues = false;  ///< the keys are the values too
  /// How many of the tensors that calls give were written in the last run.
  std::shared_ptr<int> written = std::make_shared<int>();

  int64_t width() const { return readsValues ? Features : heads * Values; }

  void operator()(aimc_context *context, const aimc_tensor *in,
                  aimc_tensor *out) const {
    const int64_t n = in[0].sizes[0], m = in[1].sizes[0];
    const int64_t first = aimc_first_vector(context);
    out[0] = TestModel::allocate(n / heads, width());
    aimc_tensor q = TestModel::allocate(n, Features),
                k = TestModel::allocate(m, Features),
                s = TestModel::allocate(m, 1);
    for (const aimc_tensor &tensor : {q, k, s})
      std::fill_n(tensor.aligned, tensor.sizes[0] * tensor.sizes[1], Unwritten);
    const int64_t programs[] = {0}, operands[] = {0};
    const int64_t queryResults[] = {1}, keyResults[] = {1, 2};
    aimc_mvm_digital(context, 0, 1, programs, 3, 1, 10, 1, operands, 1,
                     queryResults, deferred, first, &in[0], 0, nullptr, 1, &q);
    const aimc_tensor outputs[] = {k, s};
    aimc_mvm_digital(context, 0, 1, programs, repeatsSite ? 3 : 4, 1, 10, 1,
                     operands, 2, keyResults, deferred, first, &in[1], 0,
                     nullptr, 2, outputs);
    aimc_attention(context, "unit", heads, causal, sequences,
                   sharesCall ? &k : &q, &k, readsValues ? &k : &in[2],
                   leavesScales ? nullptr : &s, masked ? &in[3] : nullptr,
                   &out[0]);
    *written = 0;
    for (const aimc_tensor &tensor : {q, k, s}) {
      *written += tensor.sizes[0] > 0 && tensor.aligned[0] != Unwritten;
      std::free(tensor.allocated);
    }
  }
};

struct Problem {
  Problem(Attend attend, int64_t queries, int64_t keys)
      : model({{"q", -1, Width, 0, nullptr},
               {"k", -1, Width, 0, nullptr},
               {"v", -1, attend.heads * Values, 0, nullptr},
               {"m", -1, 1, 0, nullptr}},
              {{"y", -1, attend.width(), 0, nullptr}}, attend),
        q(randomValues(attend.sequences * attend.heads * queries * Width, 1)),
        k(randomValues(attend.sequences * attend.heads * keys * Width, 2)),
        v(randomValues(attend.sequences * attend.heads * keys * Values, 3)),
        m(randomValues(attend.sequences * keys, 4)), heads(attend.heads) {
    for (float &token : m)
      token = token > -0.3f ? 1.0f : 0.0f;
    // Scales that grow from chunk to chunk.
    for (size_t i = 0; i < k.size(); ++i)
      k[i] *= 1 + static_cast<float>(i) / 500;
    static const aimc_instruction instructions[] = {
        {AIMC_ROW_MAXIMUM, 1, {0, -1, -1}, -1},
        {AIMC_SUBTRACT, 2, {0, 1, -1}, -1},
        {AIMC_EXPONENTIAL, 3, {2, -1, -1}, -1}};
    static const int32_t widths[] = {Features, 1, Features, Features};
    static const int32_t results[] = {3, 1};
    model.addMatrix(Width, Features, randomValues(Width * Features, 5),
                    cutTiles(Width, Features, Width, Features));
    model.addProgram({"features", "unit", 1, 0, nullptr, 3, instructions,
                      widths, 2, results});
  }

  std::vector<float> compute(const std::string &device, const char *engine,
                             int threads) {
    ContextOptions options;
    options.device = device;
    options.engine = engine;
    options.threads = threads;
    std::string error;
    auto context = Context::create(model.get(), options, error);
    EXPECT_TRUE(context) << error;
    std::vector<float> y;
    // Twice: nothing of a run is left for the next.
    for (int run = 0; context && run < 2; ++run)
      y = runContext(
          *context,
          {view(q, Width), view(k, Width), view(v, heads * Values), view(m, 1)},
          0, error);
    EXPECT_EQ(error, "");
    return y;
  }

  TestModel model;
  std::vector<float> q, k, v, m;
  const int64_t heads;
};

std::vector<float> compute(Attend attend, int64_t queries, int64_t keys,
                           const char *engine = "auto", int threads = 1) {
  return Problem(attend, queries, keys).compute("exact", engine, threads);
}

/// Expects the bits of calls that are not deferred, and that attention computes
/// rows itself, so that nothing writes the tensors for them.
void expectSameBits(Attend attend, int64_t queries, int64_t keys,
                    int written = 0) {
  attend.deferred = false;
  const std::vector<float> expected = compute(attend, queries, keys);
  attend.deferred = true;
  for (const Engine *engine : availableEngines())
    for (int threads : {1, 2}) {
      const std::vector<float> y =
          compute(attend, queries, keys, engine->name, threads);
      ASSERT_EQ(y.size(), expected.size());
      EXPECT_TRUE(sameBits(y, expected) && *attend.written == written)
          << engine->name << ", " << threads << " threads, " << queries << " "
          << keys << ", " << attend.sequences << " sequences, causal "
          << attend.causal << ", masked " << attend.masked << ", "
          << *attend.written << " written";
    }
}

TEST(DeferredRows, HaveTheBitsOfThoseComputedAtOnce) {
  for (int64_t sequences : {1, 3})
    for (bool masked : {false, true})
      for (bool causal : {false, true})
        for (int64_t length : {1, 64, 65, 300, 700}) {
          Attend attend;
          attend.sequences = sequences;
          attend.masked = masked;
          attend.causal = causal;
          expectSameBits(attend, length, length);
        }
}

TEST(DeferredRows, LengthsOfQueriesAndKeysMayDiffer) {
  for (int64_t sequences : {1, 3})
    for (int64_t queries : {0, 1, 96, 97, 500})
      for (int64_t keys : {1, 64, 130}) {
        Attend attend;
        attend.sequences = sequences;
        expectSameBits(attend, queries, keys);
      }
}

TEST(DeferredRows, AreComputedAtOnceWhereAttentionCannot) {
  Attend heads;
  heads.heads = 2;
  expectSameBits(heads, 100, 100, /*written=*/3);
  // The call of the keys gives scales that attention does not want.
  Attend scales;
  scales.leavesScales = true;
  expectSameBits(scales, 100, 100, /*written=*/2);
  // It gives the queries as well.
  Attend shared;
  shared.sharesCall = true;
  expectSameBits(shared, 100, 100, /*written=*/2);
  shared.leavesScales = true;
  expectSameBits(shared, 100, 100, /*written=*/2);
  // Or the values.
  Attend values;
  values.readsValues = true;
  expectSameBits(values, 100, 100, /*written=*/2);
  values.causal = true;
  expectSameBits(values, 100, 100, /*written=*/2);
  // The second call of a site has other results.
  Attend site;
  site.repeatsSite = true;
  expectSameBits(site, 100, 100, /*written=*/1);
}

TEST(DeferredRows, AnotherDeviceComputesThemAtOnce) {
  const auto computeWith = [](bool deferred, int threads) {
    Attend attend;
    attend.deferred = deferred;
    Problem problem(attend, 150, 150);
    problem.model.target = std::string(*TargetDescription::builtin("hermes"));
    return problem.compute("simulator", "auto", threads);
  };
  const std::vector<float> expected = computeWith(false, 1);
  ASSERT_FALSE(expected.empty());
  EXPECT_TRUE(sameBits(computeWith(true, 2), expected));
}

TEST(DeferredRows, CountAsMvmsOnce) {
  for (bool shared : {false, true}) {
    Attend attend;
    attend.causal = true;
    attend.sharesCall = shared;
    Problem problem(attend, 200, 200);
    std::string error;
    auto context = Context::create(problem.model.get(), {}, error);
    ASSERT_TRUE(context) << error;
    runContext(*context,
               {view(problem.q, Width), view(problem.k, Width),
                view(problem.v, Values), view(problem.m, 1)},
               0, error);
    // Nothing reads what the other call would give.
    EXPECT_EQ(context->statistics().mvms, shared ? 200u : 400u);
  }
}

} // namespace
