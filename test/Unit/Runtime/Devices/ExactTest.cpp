//===- ExactTest.cpp - The exact device and the C calls -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products on device `exact`, errors of models, options and calls.
//
//===----------------------------------------------------------------------===//

#include "../Support.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

TEST(Exact, AddsPartialSumsInTheOrderOfTheTable) {
  const int64_t n = 70, rows = 150, columns = 90;
  std::vector<float> x = randomValues(n * rows, 1);
  const std::vector<float> w = randomValues(rows * columns, 2);
  auto model =
      TestModel::product(rows, columns, w, cutTiles(rows, columns, 64, 50));
  std::vector<float> expected(n * columns);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t c = 0; c < columns; ++c) {
      float sum = 0;
      for (int64_t start = 0; start < rows; start += 64) {
        float partial = 0;
        for (int64_t k = start; k < std::min<int64_t>(start + 64, rows); ++k)
          partial = std::fma(x[i * rows + k], w[k * columns + c], partial);
        sum = start ? sum + partial : partial;
      }
      expected[i * columns + c] = sum;
    }
  for (const char *engine : {"scalar", "auto"})
    for (int threads : {1, 2, 5}) {
      ContextOptions options;
      options.engine = engine;
      options.threads = threads;
      std::string error;
      auto context = Context::create(model->get(), options, error);
      ASSERT_TRUE(context) << error;
      EXPECT_TRUE(
          sameBits(runContext(*context, {view(x, rows)}, 0, error), expected));
      EXPECT_EQ(context->statistics().mvms, uint64_t(n) * 6);
    }
}

/// Copies are all the same here, so one is enough.
TEST(Exact, CopiesDoNotMatter) {
  const int64_t n = 20, rows = 150, columns = 90;
  std::vector<float> x = randomValues(n * rows, 1);
  const std::vector<float> w = randomValues(rows * columns, 2);
  const std::vector<aimc_tile> tiles = cutTiles(rows, columns, 64, 50);
  std::vector<std::vector<float>> results;
  for (int64_t copies : {1, 3}) {
    auto model = TestModel::product(rows, columns, w, copyTiles(tiles, copies),
                                    1, 10, copies);
    std::string error;
    auto context = Context::create(model->get(), {}, error);
    ASSERT_TRUE(context) << error;
    results.push_back(runContext(*context, {view(x, rows)}, 0, error));
  }
  EXPECT_TRUE(sameBits(results[0], results[1]));
}

TEST(Exact, TakesAnyStrides) {
  const int64_t n = 9, rows = 12, columns = 20;
  std::vector<float> x = randomValues(n * rows, 1);
  auto model =
      TestModel::product(rows, columns, randomValues(rows * columns, 2),
                         cutTiles(rows, columns, 12, 20));
  ContextOptions options;
  std::string error;
  auto context = Context::create(model->get(), options, error);
  ASSERT_TRUE(context) << error;
  const std::vector<float> expected =
      runContext(*context, {view(x, rows)}, 0, error);
  std::vector<float> transposed(3 + n * rows);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < rows; ++j)
      transposed[3 + j * n + i] = x[i * rows + j];
  const aimc_tensor strided = {
      transposed.data(), transposed.data(), 3, {n, rows}, {1, n}};
  EXPECT_TRUE(sameBits(runContext(*context, {strided}, 0, error), expected));
}

/// The error of a product of columns [0, 4) of an n x 10 matrix with a 4 x 4
/// one, put to columns [to, to + 4) of the same.
std::string multiplyWithin(int64_t to) {
  const int64_t n = 30;
  std::vector<float> values = randomValues(n * 10, 1);
  TestModel model(
      {{"x", -1, 1, 0, nullptr}}, {{"y", -1, 1, 0, nullptr}},
      [&](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
        out[0] = TestModel::allocate(in[0].sizes[0], 1);
        const aimc_tensor a = {
            values.data(), values.data(), 0, {n, 4}, {10, 1}};
        aimc_tensor b = a;
        b.offset = to;
        aimc_mvm(context, 0, 0, 1, 1, 0, &a, &b);
      });
  std::vector<float> identity(16);
  for (int i = 0; i < 4; ++i)
    identity[5 * i] = 1;
  model.addMatrix(4, 4, identity, cutTiles(4, 4, 2, 4));
  std::string error;
  auto context = Context::create(model.get(), {}, error);
  EXPECT_TRUE(context) << error;
  std::vector<float> x(1);
  runContext(*context, {view(x, 1)}, 0, error);
  for (int64_t i = 0; error.empty() && i < n; ++i)
    for (int64_t j = 0; j < 4; ++j)
      EXPECT_EQ(values[i * 10 + to + j], values[i * 10 + j]);
  return error;
}

TEST(Exact, InputAndOutputMayBeColumnsOfOneMatrix) {
  EXPECT_EQ(multiplyWithin(4), "");
  EXPECT_EQ(multiplyWithin(6), "");
  const std::string wrong = "mvm of 'w' expects an output apart from its "
                            "input, but got one that overlaps it";
  EXPECT_EQ(multiplyWithin(3), wrong);
  EXPECT_EQ(multiplyWithin(7), wrong);
}

TEST(Exact, EmptyBatchesAreFine) {
  auto model =
      TestModel::product(4, 4, randomValues(16, 2), cutTiles(4, 4, 4, 4));
  std::string error;
  auto context = Context::create(model->get(), {}, error);
  ASSERT_TRUE(context) << error;
  std::vector<aimc_tensor> outputs;
  EXPECT_TRUE(
      context->run({{nullptr, nullptr, 0, {0, 4}, {4, 1}}}, 0, outputs, error))
      << error;
  ASSERT_EQ(outputs.size(), 1u);
  EXPECT_EQ(outputs[0].sizes[0], 0);
  std::free(outputs[0].allocated);
}

/// The error of creating a context for a changed model.
template <typename Change> std::string createError(Change change) {
  auto model =
      TestModel::product(6, 6, randomValues(36, 2), cutTiles(6, 6, 4, 4));
  ContextOptions options;
  change(*model, options);
  std::string error;
  EXPECT_FALSE(Context::create(model->get(), options, error));
  return error;
}

TEST(Context, ErrorsOfModels) {
  EXPECT_EQ(createError([](TestModel &model, auto &) {
              model.tiles(0)[1].columns = 3;
            }),
            "matrix 'w', tile 1 expects a rectangle inside the matrix of 6 x "
            "6, but got 4 x 3 at (0, 4)");
  EXPECT_EQ(createError([](TestModel &model, auto &) {
              model.tiles(0)[1].columns = 1;
            }),
            "matrix 'w' expects tiles that cover its 36 weights, but got tiles "
            "of 32");
  EXPECT_EQ(createError([](TestModel &model, auto &) {
              model.tiles(0)[1].weight_column = 3;
            }),
            "matrix 'w' expects each weight in one tile, but got tiles 0 and 1 "
            "that overlap");
  EXPECT_EQ(createError([](TestModel &model, auto &) {
              std::swap(model.tiles(0)[0], model.tiles(0)[1]);
            }),
            "matrix 'w', tile 1 expects to come after the one before it by row "
            "and column, but got (0, 0) after (0, 4)");
  EXPECT_EQ(
      createError([](TestModel &model, auto &) { model.tiles(0)[2].core = 1; }),
      "chip 0, core 1 expects tiles that do not overlap, but got matrix "
      "'w', tile 1 and matrix 'w', tile 2");
  EXPECT_EQ(createError(
                [](TestModel &model, auto &) { model.tiles(0)[2].core = -1; }),
            "matrix 'w', tile 2 expects a whole place or none, but got chip 0, "
            "core -1 at (0, 0)");
  EXPECT_EQ(createError([](TestModel &model, auto &) {
              const_cast<float *>(model.matrix(0).weights)[7] =
                  std::numeric_limits<float>::infinity();
            }),
            "matrix 'w' expects finite weights, but got inf at (1, 1)");
}

TEST(Context, ErrorsOfCopies) {
  for (int64_t copies : {INT64_MIN, int64_t{0}, int64_t{3}, INT64_MAX})
    EXPECT_EQ(createError([&](TestModel &model, auto &) {
                model.matrix(0).copies = copies;
              }),
              "matrix 'w' expects at least 1 copy and as many tiles of each, "
              "but got " +
                  std::to_string(copies) + " copies and 4 tiles");
  EXPECT_EQ(createError([&](TestModel &model, auto &) {
              model.matrix(0).tile_count = 0;
              model.matrix(0).copies = 2;
            }),
            "matrix 'w' expects at least 1 copy and as many tiles of each, but "
            "got 2 copies and 0 tiles");
  const auto copied = [](TestModel &model) {
    model.tiles(0) = copyTiles(model.tiles(0), 2);
    model.matrix(0).tiles = model.tiles(0).data();
    model.matrix(0).tile_count = 8;
    model.matrix(0).copies = 2;
  };
  EXPECT_EQ(createError([&](TestModel &model, auto &) {
              copied(model);
              model.tiles(0)[5].columns = 1;
            }),
            "matrix 'w', tile 5 expects the rectangle of tile 1, which it "
            "copies, but got 4 x 1 at (0, 4)");
  EXPECT_EQ(createError([&](TestModel &model, auto &) {
              copied(model);
              model.tiles(0)[5].core = 1;
            }),
            "chip 0, core 1 expects tiles that do not overlap, but got matrix "
            "'w', tile 1 and matrix 'w', tile 5");
  for (int32_t rule : {-1, 2})
    EXPECT_EQ(createError([&](TestModel &model, auto &) {
                model.matrix(0).copy_rule = rule;
              }),
              "matrix 'w' expects copies that are averaged (0) or share the "
              "vectors (1), but got rule " +
                  std::to_string(rule));
}

/// A model of another ABI version may have another layout.
TEST(Context, ReadsTheVersionBeforeAllElse) {
  EXPECT_EQ(createError([](TestModel &model, auto &) {
              model.version = AIMC_ABI_VERSION + 1;
              model.target = "not JSON";
            }),
            "expects a model of ABI version " +
                std::to_string(AIMC_ABI_VERSION) + ", but got " +
                std::to_string(AIMC_ABI_VERSION + 1));
}

/// A function that returns one value twice returns one buffer twice.
TEST(Context, OutputsMayShareAnAllocation) {
  TestModel model(
      {{"x", -1, 2, 0, nullptr}},
      {{"a", -1, 2, 0, nullptr},
       {"b", -1, 2, 0, nullptr},
       {"c", -1, 1, 0, nullptr}},
      [](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
        out[0] = TestModel::allocate(in[0].sizes[0], 2);
        aimc_copy(context, &in[0], &out[0]);
        out[1] = out[0];
        out[2] = out[0];
        out[2].offset = 1;
        out[2].sizes[1] = 1;
      });
  std::string error;
  auto context = Context::create(model.get(), {}, error);
  ASSERT_TRUE(context) << error;
  std::vector<float> x = {1, 2, 3, 4};
  std::vector<aimc_tensor> outputs;
  ASSERT_TRUE(context->run({view(x, 2)}, 0, outputs, error)) << error;
  EXPECT_TRUE(std::equal(x.begin(), x.end(), outputs[1].aligned));
  EXPECT_EQ(outputs[2].aligned[outputs[2].offset], 2);
  EXPECT_EQ(outputs[2].aligned[outputs[2].offset + outputs[2].strides[0]], 4);
  for (const aimc_tensor &output : outputs)
    std::free(output.allocated);
  // An error frees it once too.
  TestModel wrong({{"x", -1, 2, 0, nullptr}},
                  {{"a", -1, 2, 0, nullptr}, {"b", -1, 3, 0, nullptr}},
                  [](aimc_context *, const aimc_tensor *in, aimc_tensor *out) {
                    out[0] = out[1] = TestModel::allocate(in[0].sizes[0], 2);
                  });
  context = Context::create(wrong.get(), {}, error);
  ASSERT_TRUE(context) << error;
  EXPECT_FALSE(context->run({view(x, 2)}, 0, outputs, error));
  EXPECT_EQ(error, "output 'b' expects a tensor of any number of rows and 3 "
                   "columns, but got 2 x 2");
}

TEST(Context, ErrorsOfOptions) {
  EXPECT_EQ(createError([](auto &, ContextOptions &options) {
              options.device = "gpu";
            }),
            "expects device 'exact', 'simulator' or a plug-in PATH.so, but "
            "got 'gpu'");
  EXPECT_EQ(createError([](auto &, ContextOptions &options) {
              options.deviceOptions = {{"log", "x"}};
            }),
            "expects a plug-in to take the device option 'log', but got device "
            "'exact'");
  EXPECT_EQ(createError([](auto &, ContextOptions &options) {
              options.device = "./none.so";
              options.without = {"adc"};
            }),
            "expects device 'simulator' to leave out effects, but got "
            "'./none.so'");
  EXPECT_EQ(
      createError([](auto &, ContextOptions &options) { options.threads = 0; }),
      "expects at least 1 thread, but got 0");
  EXPECT_EQ(createError([](auto &, ContextOptions &options) {
              options.engine = "amx";
            }),
            "expects engine 'auto', 'scalar', 'avx2' or 'avx512', but got "
            "'amx'");
}

TEST(Context, ErrorsOfRunsAreKeptAndFreed) {
  auto model = TestModel::product(6, 6, randomValues(36, 2),
                                  cutTiles(6, 6, 4, 4), -1.0f);
  std::string error;
  auto context = Context::create(model->get(), {}, error);
  ASSERT_TRUE(context) << error;
  std::vector<float> x = randomValues(12, 1);
  std::vector<aimc_tensor> outputs;
  EXPECT_FALSE(context->run({view(x, 6)}, 0, outputs, error));
  EXPECT_EQ(error, "mvm of 'w' expects ranges above 0, but got -1.000000 and "
                   "10.000000");
  EXPECT_TRUE(outputs.empty());
  EXPECT_FALSE(context->run({view(x, 4)}, 0, outputs, error));
  EXPECT_EQ(error, "input 'x' expects a tensor of any number of rows and 6 "
                   "columns, but got 3 x 4");
  EXPECT_FALSE(context->run({}, 0, outputs, error));
  EXPECT_EQ(error, "expects 1 inputs, but got 0");
}

/// Seconds that the creation of a model with tiles of 8 x 8 takes; the least of
/// three, as other work of the machine only adds to it.
double creationTime(int64_t side) {
  auto model = TestModel::product(side, side, std::vector<float>(side * side),
                                  cutTiles(side, side, 8, 8));
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 3; ++i) {
    const auto start = std::chrono::steady_clock::now();
    std::string error;
    EXPECT_TRUE(Context::create(model->get(), {}, error)) << error;
    least = std::min(least, std::chrono::duration<double>(
                                std::chrono::steady_clock::now() - start)
                                .count());
  }
  return least;
}

/// 16 times as many tiles: n log n takes 20 times as long, n^2 256 times.
TEST(Context, VerifiesManyTilesInNearlyLinearTime) {
  EXPECT_LT(creationTime(2496), 80 * creationTime(624));
}

TEST(Copy, MovesValuesAlsoWithinATensor) {
  std::vector<float> values = randomValues(12, 1);
  const std::vector<float> before = values;
  TestModel model(
      {{"x", -1, 1, 0, nullptr}}, {{"y", -1, 1, 0, nullptr}},
      [&](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
        out[0] = TestModel::allocate(in[0].sizes[0], 1);
        const aimc_tensor from = {
            values.data(), values.data(), 0, {5, 2}, {2, 1}};
        aimc_tensor to = from;
        to.offset = 2;
        aimc_copy(context, &from, &to);
      });
  std::string error;
  auto context = Context::create(model.get(), {}, error);
  ASSERT_TRUE(context) << error;
  std::vector<float> x(1);
  runContext(*context, {view(x, 1)}, 0, error);
  EXPECT_EQ(error, "");
  EXPECT_TRUE(
      std::equal(before.begin(), before.begin() + 10, values.begin() + 2));
}

} // namespace
