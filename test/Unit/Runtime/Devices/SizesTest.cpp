//===- SizesTest.cpp - Arrays at the entry of a model -----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which sizes go with which matrices, and the calls about them.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Sizes.h"

#include "../Support.h"

#include <gtest/gtest.h>

#include <limits>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr int64_t tokens[] = {-1, -1, 4};
constexpr int64_t fixedTokens[] = {2, 3, 4};
constexpr int64_t mask[] = {-1, -1};

TEST(Sizes, AreThoseOfMatricesWithoutATable) {
  EXPECT_EQ(sizesOf({"x", -1, 4, 0, nullptr}), (Sizes{-1, 4}));
  EXPECT_EQ(sizesOf({"x", -1, 4, 3, tokens}), (Sizes{-1, -1, 4}));
  EXPECT_EQ(shownSizes(aimc_parameter{"x", -1, 4, 0, nullptr}), "n x 4");
  EXPECT_EQ(shownSizes(aimc_parameter{"x", -1, 4, 3, tokens}), "? x ? x 4");
}

TEST(Sizes, ErrorsOfParameters) {
  auto error = [](int64_t rows, int64_t width, std::vector<int64_t> sizes) {
    return verifyParameter(
        {"x", rows, width, static_cast<int32_t>(sizes.size()), sizes.data()},
        "input 'x'");
  };
  EXPECT_EQ(error(-1, 4, {-1, 3, 4}), "");
  EXPECT_EQ(error(6, 4, {2, 3, 4}), "");
  EXPECT_EQ(error(4, 1, {4}), "");
  EXPECT_EQ(error(-1, 1, {-1}), "");
  EXPECT_EQ(error(-1, 1, {2, -1}), "");
  EXPECT_EQ(error(5, 4, {2, 3, 4}),
            "input 'x' expects a matrix of 6 x 4 for the sizes 2 x 3 x 4, but "
            "got 5 x 4");
  EXPECT_EQ(error(-1, 4, {2, -1}),
            "input 'x' expects a matrix of ? x 1 for the sizes 2 x ?, but got "
            "? x 4");
  EXPECT_EQ(error(1, 4, {-2, 4}),
            "input 'x' expects sizes of at least 0 or -1, but got -2");
  EXPECT_EQ(error(-1, 0, {-1, 0}),
            "input 'x' expects a width of at least 1 and rows of at least 0 or "
            "-1, but got -1 x 0");
  EXPECT_EQ(error(-1, 1, std::vector<int64_t>(17, -1)),
            "input 'x' expects from 1 to 16 sizes, but got 17");
  constexpr int64_t many = int64_t{1} << 40;
  EXPECT_EQ(error(1, 4, {many, many, 4}),
            "input 'x' expects fewer than 2^63 rows, but got those of "
            "1099511627776 x 1099511627776 x 4");
}

TEST(Sizes, ErrorsOfArrays) {
  const aimc_parameter open = {"x", -1, 4, 3, tokens};
  const aimc_parameter fixed = {"x", 6, 4, 3, fixedTokens};
  int64_t rows = 0;
  EXPECT_EQ(checkSizes(open, "input", {5, 3, 4}, rows), "");
  EXPECT_EQ(rows, 15);
  EXPECT_EQ(checkSizes({"m", -1, 1, 2, mask}, "input", {5, 3}, rows), "");
  EXPECT_EQ(rows, 15);
  EXPECT_EQ(checkSizes(open, "input", {0, 3, 4}, rows), "");
  EXPECT_EQ(rows, 0);
  EXPECT_EQ(checkSizes(open, "input", {5, 3}, rows),
            "input expects an array of ? x ? x 4, but got 5 x 3");
  EXPECT_EQ(checkSizes(fixed, "input", {2, 2, 4}, rows),
            "input expects an array of 2 x 3 x 4, but got 2 x 2 x 4");
  EXPECT_EQ(checkSizes(open, "input", {2, -1, 4}, rows),
            "input expects an array of ? x ? x 4, but got 2 x ? x 4");
  constexpr int64_t many = int64_t{1} << 61;
  EXPECT_EQ(checkSizes(open, "input", {many, 1, 4}, rows),
            "input expects fewer than 2^63 values, but got 2305843009213693952 "
            "x 1 x 4");
}

/// Runs a model that doubles the last size of ? x ? x 4 by taking pairs of
/// tokens; `change` is made to what it says of its result.
std::string runPairs(const Sizes &sizes, std::vector<Sizes> &outputSizes,
                     int64_t sizeToSet = 2) {
  static const int64_t pairs[] = {-1, -1, 8};
  TestModel model(
      {{"x", -1, 4, 3, tokens}}, {{"y", -1, 8, 3, pairs}},
      [=](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
        const int64_t batch = aimc_input_size(context, 0, 0);
        const int64_t length = aimc_input_size(context, 0, 1) / 2;
        out[0] = TestModel::allocate(batch * length, 8);
        const aimc_tensor view = {
            in[0].allocated, in[0].aligned, 0, {batch * length, 8}, {8, 1}};
        aimc_copy(context, &view, &out[0]);
        aimc_set_output_size(context, 0, 0, batch);
        if (sizeToSet == 2)
          aimc_set_output_size(context, 0, 1, length);
        else
          aimc_set_output_size(context, 0, 1, sizeToSet);
      });
  std::string error;
  auto context = Context::create(model.get(), {}, error);
  if (!context)
    return error;
  int64_t count = 1;
  for (int64_t size : sizes)
    count *= size;
  std::vector<float> x(count, 1.0f);
  std::vector<aimc_tensor> outputs;
  if (context->run({view(x, 4)}, {sizes}, 0, outputs, outputSizes, error))
    for (const aimc_tensor &output : outputs)
      std::free(output.allocated);
  return error;
}

TEST(Sizes, OfResultsAreToldByTheModel) {
  std::vector<Sizes> sizes;
  EXPECT_EQ(runPairs({3, 6, 4}, sizes), "");
  ASSERT_EQ(sizes.size(), 1u);
  EXPECT_EQ(sizes[0], (Sizes{3, 3, 8}));
  EXPECT_EQ(runPairs({3, 6, 4}, sizes, 5),
            "output 'y' expects a tensor of 15 rows and 8 columns, but got 9 x "
            "8");
  EXPECT_TRUE(sizes.empty());
  EXPECT_EQ(runPairs({3, 6, 4}, sizes, -1),
            "set_output_size of 'y' expects a size of 0 or more, but got -1");
  EXPECT_EQ(runPairs({3, 6}, sizes),
            "input 'x' expects an array of ? x ? x 4, but got 3 x 6");
}

/// The error of one call during a run of a model of `sizes` = 3 x 2 x 4.
std::string errorOf(const std::function<void(aimc_context *)> &call,
                    uint64_t firstVector = 0) {
  TestModel model(
      {{"x", -1, 4, 3, tokens}}, {{"y", -1, 4, 0, nullptr}},
      [&](aimc_context *context, const aimc_tensor *, aimc_tensor *out) {
        call(context);
        out[0] = TestModel::allocate(1, 4);
      });
  std::string error;
  auto context = Context::create(model.get(), {}, error);
  std::vector<float> x(24, 1.0f);
  std::vector<aimc_tensor> outputs;
  std::vector<Sizes> sizes;
  if (context && context->run({view(x, 4)}, {{3, 2, 4}}, firstVector, outputs,
                              sizes, error))
    std::free(outputs[0].allocated);
  return error;
}

TEST(Sizes, ErrorsOfCalls) {
  EXPECT_EQ(errorOf([](aimc_context *c) { aimc_input_size(c, 1, 0); }),
            "input_size expects an input from 0 to 0, but got 1");
  EXPECT_EQ(errorOf([](aimc_context *c) { aimc_input_size(c, 0, 3); }),
            "input_size expects one of 3 sizes, but got 3");
  EXPECT_EQ(errorOf([](aimc_context *c) { aimc_set_output_size(c, 1, 0, 1); }),
            "set_output_size expects an output from 0 to 0, but got 1");
  EXPECT_EQ(errorOf([](aimc_context *c) { aimc_set_output_size(c, 0, 0, 1); }),
            "set_output_size of 'y' expects one of 0 sizes of an array, but "
            "got 0");
  EXPECT_EQ(errorOf([](aimc_context *c) {
              aimc_verify_size(c, "tokens of 'value'", 6, 6);
            }),
            "");
  EXPECT_EQ(errorOf([](aimc_context *c) {
              aimc_verify_size(c, "tokens of 'value'", 5, 6);
            }),
            "expects 6 tokens of 'value', but got 5");
  EXPECT_EQ(
      errorOf([](aimc_context *c) { aimc_verify_size(c, nullptr, 6, 6); }),
      "verify_size expects what the size counts, but got a null pointer");
  const auto part = [](int64_t offset, int64_t size, int64_t stride,
                       int64_t whole) {
    return errorOf([=](aimc_context *c) {
      aimc_verify_part(c, offset, size, stride, whole);
    });
  };
  EXPECT_EQ(part(0, 6, 1, 6), "");
  EXPECT_EQ(part(5, 3, -2, 6), "");
  EXPECT_EQ(part(1, 2, 4, 6), "");
  EXPECT_EQ(part(6, 0, 1, 6), "");
  EXPECT_EQ(part(4, 3, 1, 6), "expects a part of 6 entries, but got 3 from "
                              "number 4 on in steps of 1");
  EXPECT_NE(part(7, 0, 1, 6), "");
  EXPECT_NE(part(-1, 1, 1, 6), "");
  EXPECT_NE(part(0, -1, 1, 6), "");
  EXPECT_NE(part(2, 3, -2, 6), "");
  EXPECT_NE(part(1, int64_t{1} << 40, int64_t{1} << 40, 6), "");
  EXPECT_EQ(errorOf([](aimc_context *c) { aimc_first_vector_of(c, -1); }),
            "first_vector_of expects 0 or more rows, but got -1");
  EXPECT_EQ(errorOf([](aimc_context *c) { aimc_first_vector_of(c, 6); },
                    std::numeric_limits<int64_t>::max()),
            "expects fewer than 2^63 vectors, but got more");
}

/// Iterations of a loop are apart by far more than there are vectors, those of
/// nested loops too, and a batch that is cut has the same vectors.
TEST(Sizes, FirstVectorsOfIterations) {
  EXPECT_EQ(
      errorOf([](aimc_context *c) { aimc_first_vector_in_loop(c, -1, 0, 0); }),
      "first_vector_in_loop expects a depth of 0 or more, but got -1");
  EXPECT_EQ(
      errorOf([](aimc_context *c) { aimc_first_vector_in_loop(c, 0, -1, 0); }),
      "first_vector_in_loop expects a first vector of 0 or more, but got -1");
  EXPECT_EQ(errorOf([](aimc_context *c) {
              std::vector<int64_t> all;
              for (int64_t i = -50; i < 50; ++i)
                for (int64_t j = -50; j < 50; ++j)
                  all.push_back(aimc_first_vector_in_loop(
                      c, 1, aimc_first_vector_in_loop(c, 0, 7, i), j));
              std::sort(all.begin(), all.end());
              EXPECT_GE(all.front(), 0);
              // 10^4 numbers among 2^63: two are nearer than 2^24 with 10^-4.
              for (size_t i = 1; i < all.size(); ++i)
                EXPECT_GT(all[i] - all[i - 1], int64_t{1} << 24);
              const int64_t limit = std::numeric_limits<int64_t>::max();
              const auto offset =
                  static_cast<uint64_t>(aimc_first_vector_in_loop(c, 0, 0, 3));
              for (int64_t first : {int64_t{0}, int64_t{1} << 40, limit})
                EXPECT_EQ(static_cast<uint64_t>(
                              aimc_first_vector_in_loop(c, 0, first, 3)),
                          (offset + static_cast<uint64_t>(first)) &
                              static_cast<uint64_t>(limit));
            }),
            "");
}

/// Each of the three entries becomes two vectors, or four.
TEST(Sizes, FirstVectorsCountVectorsOfEntries) {
  EXPECT_EQ(errorOf(
                [](aimc_context *c) {
                  EXPECT_EQ(aimc_first_vector(c), 5);
                  EXPECT_EQ(aimc_first_vector_of(c, 3), 5);
                  EXPECT_EQ(aimc_first_vector_of(c, 6), 10);
                  EXPECT_EQ(aimc_first_vector_of(c, 12), 20);
                },
                5),
            "");
}

} // namespace
