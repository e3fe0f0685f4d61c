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
  EXPECT_EQ(aimc_run(nullptr, 0, &argument, &result), AIMC_WRONG_CALL);
  EXPECT_STREQ(aimc_last_error(),
               "expects an instance, but got a null pointer");
  EXPECT_EQ(aimc_run(instance, 0, nullptr, &result), AIMC_WRONG_CALL);
  EXPECT_STREQ(aimc_last_error(),
               "expects 1 arguments, but got a null pointer");
  EXPECT_EQ(aimc_run(instance, 0, &argument, nullptr), AIMC_WRONG_CALL);
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
  const auto error = [&](auto change) -> std::string {
    aimc_options options;
    change(options);
    aimc_instance *created = aimc_create(&model->get(), &options);
    EXPECT_EQ(created == nullptr, *aimc_last_error() != '\0');
    aimc_destroy(created);
    return aimc_last_error();
  };
  EXPECT_EQ(error([](aimc_options &) {}), "");
  for (int threads : {-1, 1025})
    EXPECT_EQ(error([&](aimc_options &o) { o.threads = threads; }),
              "threads expects 0, for as many as the machine has, to 1024, but "
              "got " +
                  std::to_string(threads));
  EXPECT_EQ(error([](aimc_options &o) { o.device = "phone"; }),
            "expects device 'exact', 'simulator' or a plug-in PATH.so, but got "
            "'phone'");
  EXPECT_EQ(error([](aimc_options &o) { o.time = 5; }),
            "time expects device simulator or a plug-in, but got 'exact', "
            "whose weights do not age");
  EXPECT_EQ(error([](aimc_options &o) { o.time = 2e12; }),
            "time expects a number of seconds from 0 to 1e12, but got "
            "2000000000000.000000");
  EXPECT_EQ(error([](aimc_options &o) { o.mode = "4-phase"; }),
            "mode expects device simulator or a plug-in, but got 'exact', "
            "whose results do not depend on it");
  EXPECT_EQ(error([](aimc_options &o) { o.engine = "scalar"; }), "");
  EXPECT_EQ(error([](aimc_options &o) { o.engine = "gpu"; }),
            "expects engine 'auto', 'scalar', 'avx2' or 'avx512', but got "
            "'gpu'");
  EXPECT_EQ(error([](aimc_options &o) { o.without = "ir_drop"; }),
            "expects device 'simulator' to leave out effects, but got 'exact'");
  EXPECT_NE(error([](aimc_options &o) {
              o.without = "ir_drop,rust";
            }).find("without expects effects among "),
            std::string::npos);
}

TEST_F(Model, DeviceOptions) {
  const auto error = [&](std::vector<const char *> words) -> std::string {
    words.push_back(nullptr);
    aimc_options options;
    options.device_option = words.data();
    aimc_destroy(aimc_create(&model->get(), &options));
    return aimc_last_error();
  };
  EXPECT_EQ(error({}), "");
  EXPECT_EQ(error({"a=b"}), "expects a plug-in to take the device option 'a', "
                            "but got device 'exact'");
  EXPECT_EQ(error({"a"}), "device_option expects KEY=VALUE, but got 'a'");
  EXPECT_EQ(error({"=a"}), "device_option expects KEY=VALUE, but got '=a'");
  EXPECT_EQ(error({"a=1", "a=2"}),
            "device_option expects each key once, but got 'a' twice");
}

// A caller of another version may have options of another layout.
TEST_F(Model, Versions) {
  EXPECT_EQ(aimc_interface_version(), uint32_t{AIMC_INTERFACE_VERSION});
  for (uint32_t version : {0u, AIMC_INTERFACE_VERSION + 1u}) {
    aimc_options options;
    options.version = version;
    // Not read.
    options.device = reinterpret_cast<const char *>(1);
    EXPECT_EQ(aimc_create(&model->get(), &options), nullptr);
    EXPECT_EQ(std::string(aimc_last_error()),
              "expects options of version 1 of aimc/Runtime/Model.h "
              "(AIMC_OPTIONS_INIT), but got " +
                  std::to_string(version));
  }
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

TEST_F(Model, FirstVector) {
  aimc_result result = {};
  constexpr uint64_t most = uint64_t{1} << 62;
  EXPECT_EQ(aimc_run(instance, most, &argument, &result), 0)
      << aimc_last_error();
  aimc_free_result(&result);
  for (uint64_t first : {most + 1, UINT64_MAX}) {
    EXPECT_EQ(aimc_run(instance, first, &argument, &result), AIMC_WRONG_CALL);
    EXPECT_EQ(aimc_last_error(),
              "first_vector expects 0 to 4611686018427387904, but got " +
                  std::to_string(first));
  }
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
  // It can be made again.
  ASSERT_EQ(aimc_run(instance, 0, &argument, &made), 0) << aimc_last_error();
  EXPECT_TRUE(sameBits({made.values, made.values + Rows * Columns}, expected));
  aimc_free_result(&made);

  std::vector<float> values(Rows * Columns);
  aimc_result given = {values.data(), 2, {Rows, Columns}};
  ASSERT_EQ(aimc_run(instance, 0, &argument, &given), 0);
  EXPECT_TRUE(sameBits(values, expected));
  given.sizes[0] = Rows - 1;
  EXPECT_EQ(aimc_run(instance, 0, &argument, &given), AIMC_WRONG_CALL);
  EXPECT_STREQ(aimc_last_error(), "output 'y' expects an array of 600 x 3, but "
                                  "got one of 599 x 3");
  given = {nullptr, 2, {Rows, Columns}};
  EXPECT_EQ(aimc_run(instance, 0, &argument, &given), AIMC_WRONG_CALL);
  EXPECT_STREQ(aimc_last_error(), "output 'y' expects an array of 600 x 3, but "
                                  "got a null pointer");
}

// A block of rows would be read after another is written.
TEST_F(Model, ResultsHaveMemoryOfTheirOwn) {
  std::vector<float> values(Rows * (Width + Columns));
  const auto error = [&](int64_t from) -> std::string {
    const aimc_argument input = {values.data(), 2, {Rows, Width}};
    aimc_result result = {values.data() + from, 2, {Rows, Columns}};
    (void)aimc_run(instance, 0, &input, &result);
    return aimc_last_error();
  };
  EXPECT_EQ(error(Rows * Width), "");
  for (int64_t from : {int64_t{0}, Rows * Width - 1})
    EXPECT_EQ(error(from), "output 'y' expects memory of its own, but got some "
                           "of input 'x'");
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
