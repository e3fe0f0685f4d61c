//===- ModelTest.cpp - Running a model from C -----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the calls of Model.h refuse and what they give; their errors are of the
// thread that calls, their results of any number of threads those of one.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Model.h"
#include "../Support.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

using namespace aimc::runtime::test;

namespace {

constexpr int64_t Rows = 600, Width = 8, Columns = 3;

class Model : public testing::Test {
protected:
  void SetUp() override {
    instance = aimc_create(&model->get(), nullptr);
    ASSERT_NE(instance, nullptr) << aimc_last_error();
  }
  void TearDown() override { aimc_destroy(instance); }

  /// The error of a run of one argument.
  std::string runError(const aimc_argument &argument) {
    aimc_result result = {};
    const int failed = aimc_run(instance, 0, &argument, &result);
    EXPECT_EQ(failed != 0, *aimc_last_error() != '\0');
    // After an error there is none to free.
    EXPECT_EQ(result.values != nullptr, !failed);
    aimc_free_result(&result);
    return aimc_last_error();
  }

  std::unique_ptr<TestModel> model =
      TestModel::product(Width, Columns, randomValues(Width *Columns, 1),
                         cutTiles(Width, Columns, Width, Columns));
  std::vector<float> x = randomValues(Rows * Width, 2);
  aimc_argument argument = {x.data(), 2, {Rows, Width}};
  aimc_instance *instance = nullptr;
};

TEST_F(Model, NullPointers) {
  aimc_result result = {};
  EXPECT_EQ(aimc_run(nullptr, 0, &argument, &result), 1);
  EXPECT_STREQ(aimc_last_error(),
               "expects an instance, but got a null pointer");
  EXPECT_EQ(aimc_run(instance, 0, nullptr, &result), 1);
  EXPECT_STREQ(aimc_last_error(),
               "expects 1 arguments, but got a null pointer");
  EXPECT_EQ(aimc_run(instance, 0, &argument, nullptr), 1);
  EXPECT_STREQ(aimc_last_error(), "expects 1 results, but got a null pointer");
  EXPECT_NE(aimc_describe(instance), nullptr);
  EXPECT_STREQ(aimc_last_error(), "");
  EXPECT_EQ(aimc_describe(nullptr), nullptr);
  EXPECT_STREQ(aimc_last_error(),
               "expects an instance, but got a null pointer");
  EXPECT_EQ(runError({nullptr, 2, {1, Width}}),
            "input 'x' expects 8 values, but got a null pointer");
  aimc_free_result(nullptr);
  aimc_free_result(&result);
  aimc_destroy(nullptr);
  aimc_destroy(aimc_create(&model->get(), nullptr));
  EXPECT_EQ(aimc_create(nullptr, nullptr), nullptr);
  EXPECT_STREQ(aimc_last_error(), "expects a model, but got a null pointer");
}

TEST_F(Model, Options) {
  const auto error = [&](const aimc_options &options) -> std::string {
    aimc_instance *created = aimc_create(&model->get(), &options);
    EXPECT_EQ(created == nullptr, *aimc_last_error() != '\0');
    aimc_destroy(created);
    return aimc_last_error();
  };
  EXPECT_EQ(error({nullptr, 0, 0, 0, -1, nullptr}),
            "expects 0 threads, for as many as the machine has, or more, but "
            "got -1");
  EXPECT_EQ(error({"phone", 0, 0, 0, 1, nullptr}),
            "expects device 'exact', 'simulator' or a plug-in PATH.so, but got "
            "'phone'");
  EXPECT_EQ(error({"exact", 0, 0, 5, 1, nullptr}),
            "time expects device simulator or a plug-in, but got 'exact', "
            "whose weights do not age");
  EXPECT_EQ(error({"exact", 0, 0, 0, 1, "4-phase"}),
            "mode expects device simulator or a plug-in, but got 'exact', "
            "whose results do not depend on it");
  EXPECT_EQ(error({}), "");
}

TEST_F(Model, Arguments) {
  const std::string start = "input 'x' expects an array of n x 8, but got one ";
  EXPECT_EQ(runError({x.data(), -1, {}}), start + "of -1 dimensions");
  EXPECT_EQ(runError({x.data(), 1, {Width}}), start + "of 1 dimensions");
  EXPECT_EQ(runError({x.data(), 17, {1, Width}}), start + "of 17 dimensions");
  EXPECT_EQ(runError({x.data(), 2, {1, 7}}), start + "of 1 x 7");
  EXPECT_EQ(runError({x.data(), 2, {-1, Width}}), start + "of ? x 8");
  EXPECT_EQ(runError({x.data(), 2, {INT64_MAX, Width}}),
            start + "of 9223372036854775807 x 8");
  EXPECT_EQ(runError(argument), "");
  EXPECT_EQ(runError({nullptr, 2, {0, Width}}), "");
}

TEST_F(Model, ResultsGivenOrMade) {
  aimc_result made = {};
  ASSERT_EQ(aimc_run(instance, 0, &argument, &made), 0);
  EXPECT_EQ(made.rank, 2);
  EXPECT_EQ(made.sizes[0], Rows);
  EXPECT_EQ(made.sizes[1], Columns);
  const std::vector<float> expected(made.values, made.values + Rows * Columns);
  aimc_free_result(&made);
  EXPECT_EQ(made.values, nullptr);

  std::vector<float> values(Rows * Columns);
  aimc_result given = {values.data(), 2, {Rows, Columns}};
  ASSERT_EQ(aimc_run(instance, 0, &argument, &given), 0);
  EXPECT_TRUE(sameBits(values, expected));
  given.sizes[0] = Rows - 1;
  EXPECT_EQ(aimc_run(instance, 0, &argument, &given), 1);
  EXPECT_STREQ(aimc_last_error(), "output 'y' expects an array of 600 x 3, but "
                                  "got one of 599 x 3");
  given = {nullptr, 2, {Rows, Columns}};
  EXPECT_EQ(aimc_run(instance, 0, &argument, &given), 1);
  EXPECT_STREQ(aimc_last_error(), "output 'y' expects an array of 600 x 3, but "
                                  "got a null pointer");
}

TEST_F(Model, ErrorsAreOfTheThread) {
  EXPECT_EQ(runError({x.data(), 1, {Width}}).empty(), false);
  const std::string here = aimc_last_error();
  std::string before = "none", after;
  std::thread([&] {
    before = aimc_last_error();
    after = runError({x.data(), 2, {1, 7}});
  }).join();
  EXPECT_EQ(before, "");
  EXPECT_NE(after, here);
  EXPECT_EQ(aimc_last_error(), here);
  // A call that goes well has none.
  EXPECT_EQ(runError(argument), "");
}

TEST_F(Model, ThreadsShareAnInstance) {
  const auto run = [&] {
    std::vector<float> values(Rows * Columns);
    aimc_result result = {values.data(), 2, {Rows, Columns}};
    EXPECT_EQ(aimc_run(instance, 0, &argument, &result), 0);
    return values;
  };
  const std::vector<float> expected = run();
  std::vector<std::vector<float>> found(4);
  std::vector<std::thread> threads;
  for (std::vector<float> &values : found)
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i)
        values = run();
    });
  for (std::thread &thread : threads)
    thread.join();
  for (const std::vector<float> &values : found)
    EXPECT_TRUE(sameBits(values, expected));
}

// JSON is UTF-8, and names need not be.
TEST(ModelDescription, TakesNamesOfAnyBytes) {
  TestModel model({{"a\xff", -1, 2, 0, nullptr}}, {{"y", -1, 2, 0, nullptr}},
                  [](aimc_context *, const aimc_tensor *in, aimc_tensor *out) {
                    out[0] = TestModel::allocate(in[0].sizes[0], 2);
                  });
  aimc_instance *instance = aimc_create(&model.get(), nullptr);
  ASSERT_NE(instance, nullptr) << aimc_last_error();
  EXPECT_NE(std::string(aimc_describe(instance)).find("\"a\xef\xbf\xbd\""),
            std::string::npos);
  aimc_destroy(instance);
}

} // namespace
