//===- AttentionCallTest.cpp - The call of attention ----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a model may hand to it, and the errors otherwise.
//
//===----------------------------------------------------------------------===//

#include "../Support.h"

#include <gtest/gtest.h>

#include <functional>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

/// The arguments of a call: 2 sequences of 3 tokens, 2 heads of 4 features and
/// 5 values.
struct Arguments {
  const char *unit = "global";
  int64_t heads = 2, causal = 0, sequences = 2;
  std::vector<float> q = std::vector<float>(12 * 4, 1.0f), k = q,
                     v = randomValues(6 * 10, 1),
                     s = std::vector<float>(12, 0.0f),
                     m = std::vector<float>(6, 1.0f),
                     y = std::vector<float>(6 * 10);
  aimc_tensor queries = view(q, 4), keys = view(k, 4), values = view(v, 10),
              logScale = view(s, 1), mask = view(m, 1), output = view(y, 10);
};

/// The error of a call whose arguments `change` has changed.
std::string call(const std::function<void(Arguments &)> &change) {
  TestModel model(
      {{"x", -1, 1, 0, nullptr}}, {{"y", -1, 1, 0, nullptr}},
      [&](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
        Arguments a;
        change(a);
        aimc_attention(context, a.unit, a.heads, a.causal, a.sequences,
                       &a.queries, &a.keys, &a.values, &a.logScale, &a.mask,
                       &a.output);
        out[0] = TestModel::allocate(in[0].sizes[0], 1);
      });
  std::string error;
  auto context = Context::create(model.get(), {}, error);
  if (!context)
    return error;
  std::vector<float> x(1);
  runContext(*context, {view(x, 1)}, 0, error);
  return error;
}

TEST(AttentionCall, ChecksItsArguments) {
  EXPECT_EQ(call([](Arguments &) {}), "");
  EXPECT_EQ(call([](Arguments &a) { a.unit = nullptr; }),
            "attention expects the name of a digital unit, but got a null "
            "pointer");
  EXPECT_EQ(call([](Arguments &a) { a.heads = 0; }),
            "attention expects at least 1 head, but got 0");
  EXPECT_EQ(call([](Arguments &a) { a.causal = 2; }),
            "attention expects 'causal' to be 0 or 1, but got 2");
  EXPECT_EQ(call([](Arguments &a) { a.sequences = -1; }),
            "attention expects 0 or more sequences, but got -1");
  EXPECT_EQ(call([](Arguments &a) { a.heads = 3; }),
            "attention expects values with columns that 3 heads share evenly, "
            "but got 10");
  EXPECT_EQ(call([](Arguments &a) { a.heads = int64_t{1} << 62; }),
            "attention expects values with columns that 4611686018427387904 "
            "heads share evenly, but got 10");
  EXPECT_EQ(call([](Arguments &a) { a.sequences = 4; }),
            "attention expects queries with rows that 4 sequences of 2 heads "
            "share evenly, but got 12");
  EXPECT_EQ(call([](Arguments &a) { a.sequences = 0; }),
            "attention expects queries with rows that 0 sequences of 2 heads "
            "share evenly, but got 12");
  EXPECT_EQ(call([](Arguments &a) { a.values.sizes[0] = 5; }),
            "attention expects values with rows that 2 sequences share evenly, "
            "but got 5");
  EXPECT_EQ(call([](Arguments &a) { a.keys.sizes[0] = 11; }),
            "attention keys expects a tensor of 12 rows and 4 columns, but got "
            "11 x 4");
  EXPECT_EQ(call([](Arguments &a) { a.keys.sizes[1] = 3; }),
            "attention keys expects a tensor of 12 rows and 4 columns, but got "
            "12 x 3");
  EXPECT_EQ(call([](Arguments &a) { a.logScale.sizes[0] = 6; }),
            "attention log_scale expects a tensor of 12 rows and 1 columns, "
            "but got 6 x 1");
  EXPECT_EQ(call([](Arguments &a) { a.mask.sizes[0] = 12; }),
            "attention mask expects a tensor of 6 rows and 1 columns, but got "
            "12 x 1");
  EXPECT_EQ(call([](Arguments &a) { a.output.sizes[1] = 5; }),
            "attention output expects a tensor of 6 rows and 10 columns, but "
            "got 6 x 5");
  EXPECT_EQ(call([](Arguments &a) { a.queries.aligned = nullptr; }),
            "attention queries expects a tensor with values, but got a null "
            "pointer");
  EXPECT_EQ(call([](Arguments &a) { a.output = a.values; }),
            "attention expects an output apart from its inputs, but got one "
            "that overlaps them");
}

TEST(AttentionCall, CausalSequencesHaveAsManyQueriesAsKeys) {
  const auto shorten = [](Arguments &a) {
    a.queries.sizes[0] = 8;
    a.output.sizes[0] = 4;
  };
  EXPECT_EQ(call(shorten), "");
  EXPECT_EQ(call([&](Arguments &a) {
              shorten(a);
              a.causal = 1;
            }),
            "attention expects as many queries as keys in causal sequences, "
            "but got 2 and 3");
}

TEST(AttentionCall, NullPointersAreErrors) {
  const auto callWith = [](bool hasQueries, bool hasKeys, bool hasOutput) {
    TestModel model(
        {{"x", -1, 1, 0, nullptr}}, {{"y", -1, 1, 0, nullptr}},
        [=](aimc_context *context, const aimc_tensor *, aimc_tensor *out) {
          Arguments a;
          aimc_attention(context, a.unit, 2, 0, 2,
                         hasQueries ? &a.queries : nullptr,
                         hasKeys ? &a.keys : nullptr, &a.values, nullptr,
                         nullptr, hasOutput ? &a.output : nullptr);
          out[0] = TestModel::allocate(1, 1);
        });
    std::string error;
    auto context = Context::create(model.get(), {}, error);
    std::vector<float> x(1);
    runContext(*context, {view(x, 1)}, 0, error);
    return error;
  };
  EXPECT_EQ(callWith(true, true, true), "");
  EXPECT_EQ(callWith(false, true, true),
            "attention expects tensors, but got a null pointer");
  EXPECT_EQ(callWith(true, false, true),
            "attention keys expects a tensor, but got none");
  EXPECT_EQ(callWith(true, true, false),
            "attention output expects a tensor, but got none");
}

TEST(AttentionCall, CountsAsDigitalWork) {
  TestModel model(
      {{"x", -1, 1, 0, nullptr}}, {{"y", -1, 10, 0, nullptr}},
      [](aimc_context *context, const aimc_tensor *, aimc_tensor *out) {
        Arguments a;
        out[0] = TestModel::allocate(6, 10);
        aimc_attention(context, a.unit, 2, 1, 2, &a.queries, &a.keys, &a.values,
                       &a.logScale, nullptr, &out[0]);
      });
  std::string error;
  auto context = Context::create(model.get(), {}, error);
  ASSERT_TRUE(context) << error;
  std::vector<float> x(1);
  const std::vector<float> y = runContext(*context, {view(x, 1)}, 0, error);
  EXPECT_EQ(error, "");
  EXPECT_GT(context->statistics().digitalSeconds, 0);
  // Equal features: means of the values so far.
  const std::vector<float> v = Arguments().v;
  EXPECT_FLOAT_EQ(y[2 * 10 + 7], (v[7] + v[17] + v[27]) / 3);
  EXPECT_FLOAT_EQ(y[3 * 10 + 7], v[37]);
}

} // namespace
