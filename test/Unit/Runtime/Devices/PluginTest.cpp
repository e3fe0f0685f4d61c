//===- PluginTest.cpp - Devices behind a plug-in --------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The recording device of examples/plugin gives the bits of the exact device,
// for any strides, and its log has the calls. Errors of plug-ins are tested
// through aimc-run.
//
//===----------------------------------------------------------------------===//

#include "../Support.h"

#include "Runtime/Devices/Plugin/PluginText.h"
#include "aimc/Runtime/TargetDescription.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <limits>
#include <sstream>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

/// A file that is gone with its owner.
class LogFile {
public:
  LogFile()
      : path(testing::TempDir() + "plugin-" +
             testing::UnitTest::GetInstance()->current_test_info()->name() +
             ".log") {}
  ~LogFile() { std::remove(path.c_str()); }

  std::string text() const {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  /// How many lines begin with `start`.
  int count(const std::string &start) const {
    std::istringstream lines(text());
    int found = 0;
    for (std::string line; std::getline(lines, line);)
      found += line.compare(0, start.size(), start) == 0;
    return found;
  }

  const std::string path;
};

ContextOptions recording(const LogFile &log) {
  ContextOptions options;
  options.device = AIMC_RECORDING_DEVICE;
  options.deviceOptions = {{"log", log.path}};
  return options;
}

TEST(Plugin, TextsAreLinesOfUTF8) {
  const auto line = [](std::string text) {
    return lineOf(text.data(), text.size());
  };
  EXPECT_EQ(line(""), "");
  EXPECT_EQ(line("no end"), "no end");
  EXPECT_EQ(line(std::string("an\0end", 6)), "an");
  EXPECT_EQ(line("two\nlines\t\x7f \n"), "two lines");
  for (const char *text :
       {"\u00b5A", "\u20ac", "\U0001F600", "\ud7ff\ue000", "\U0010FFFF"})
    EXPECT_EQ(line(text), text);
  // A byte alone, a character cut off, one longer than needed, halves of a
  // pair, one beyond the last.
  const std::string bad = "\uFFFD";
  EXPECT_EQ(line("\x80!"), bad + "!");
  EXPECT_EQ(line("\xFF"), bad);
  EXPECT_EQ(line("\xE2\x82"), bad + bad);
  EXPECT_EQ(line("\xC0\xAF"), bad + bad);
  EXPECT_EQ(line("\xE0\x9F\xBF"), bad + bad + bad);
  EXPECT_EQ(line("\xED\xA0\x80"), bad + bad + bad);
  EXPECT_EQ(line("\xF4\x90\x80\x80"), bad + bad + bad + bad);
  EXPECT_EQ(line("\xE2("), bad + "(");
}

TEST(Plugin, GivesTheBitsOfExact) {
  const int64_t n = 70, rows = 150, columns = 90;
  std::vector<float> x = randomValues(n * rows, 1);
  const std::vector<float> w = randomValues(rows * columns, 2);
  const std::vector<aimc_tile> tiles = cutTiles(rows, columns, 64, 50);
  for (int64_t copies : {1, 3}) {
    auto model = TestModel::product(rows, columns, w, copyTiles(tiles, copies),
                                    1, 10, copies);
    model->target = *TargetDescription::builtin("ideal");
    std::string error;
    auto exact = Context::create(model->get(), {}, error);
    ASSERT_TRUE(exact) << error;
    const std::vector<float> expected =
        runContext(*exact, {view(x, rows)}, 0, error);
    for (int threads : {1, 3}) {
      LogFile log;
      ContextOptions options = recording(log);
      options.threads = threads;
      auto context = Context::create(model->get(), options, error);
      ASSERT_TRUE(context) << error;
      EXPECT_TRUE(
          sameBits(runContext(*context, {view(x, rows)}, 5, error), expected))
          << error;
      EXPECT_EQ(log.count("tile matrix=w "), 6 * copies);
      // One call, however many threads.
      EXPECT_EQ(log.count("mvm matrix=w site=7 first=5 vectors=70 "
                          "input-range=1 output-range=10"),
                1)
          << log.text();
      const PluginIdentity &plugin = context->statistics().plugin;
      EXPECT_EQ(plugin.name, "recording");
      EXPECT_EQ(plugin.vendor, "the AIMC project");
      EXPECT_EQ(plugin.version, "1.0");
      EXPECT_EQ(log.count("close"), 0);
      context.reset();
      EXPECT_EQ(log.count("close"), 1);
    }
  }
}

/// Rows that a plug-in would not be handed out: columns apart, rows that are
/// one, rows from the last to the first.
TEST(Plugin, TakesAnyStrides) {
  const int64_t n = 9, rows = 12, columns = 20;
  const std::vector<float> w = randomValues(rows * columns, 2);
  std::vector<float> values = randomValues(n * rows, 1);
  for (const aimc_tensor &x :
       {aimc_tensor{values.data(), values.data(), 0, {n, rows}, {1, n}},
        aimc_tensor{values.data(), values.data(), 4, {n, rows}, {0, 1}},
        aimc_tensor{values.data(), values.data(), 0, {n, rows}, {5, 1}},
        aimc_tensor{values.data(),
                    values.data(),
                    (n - 1) * rows,
                    {n, rows},
                    {-rows, 1}},
        aimc_tensor{values.data(), values.data(), 3, {1, rows}, {0, 1}}}) {
    // The output is transposed.
    TestModel model(
        {{"x", -1, rows, 0, nullptr}}, {{"y", -1, columns, 0, nullptr}},
        [&](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
          out[0] = TestModel::allocate(columns, in[0].sizes[0]);
          std::swap(out[0].sizes[0], out[0].sizes[1]);
          std::swap(out[0].strides[0], out[0].strides[1]);
          aimc_mvm(context, 0, 0, 1, 1, 0, &in[0], &out[0]);
        });
    model.addMatrix(rows, columns, w, cutTiles(rows, columns, 8, 20));
    model.target = *TargetDescription::builtin("ideal");
    std::string error;
    auto exact = Context::create(model.get(), {}, error);
    ASSERT_TRUE(exact) << error;
    LogFile log;
    auto context = Context::create(model.get(), recording(log), error);
    ASSERT_TRUE(context) << error;
    EXPECT_TRUE(sameBits(runContext(*context, {x}, 0, error),
                         runContext(*exact, {x}, 0, error)))
        << error;
  }
}

/// A program of a claimed unit, whose output takes the place of its input.
TEST(Plugin, RunsProgramsInPlace) {
  const int64_t n = 7;
  const std::vector<float> offsets = {1, 2, 3};
  const float *constants[] = {offsets.data()};
  const std::vector<aimc_instruction> instructions = {
      {AIMC_PRODUCT, 2, {0, -1, -1}, 0},
      {AIMC_ADD, 3, {2, 1, -1}, -1},
      {AIMC_NEGATE, 4, {3, -1, -1}, -1}};
  const std::vector<int32_t> widths = {3, 3, 3, 3, 3}, results = {4};
  TestModel model(
      {{"x", -1, 3, 0, nullptr}}, {{"y", -1, 3, 0, nullptr}},
      [](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
        out[0] = TestModel::allocate(in[0].sizes[0], 3);
        aimc_copy(context, &in[0], &out[0]);
        aimc_digital(context, 0, aimc_first_vector(context), 1, &out[0], 1,
                     &out[0]);
      });
  model.addMatrix(3, 3, randomValues(9, 4), {});
  model.addProgram({"shift", "global", 1, 1, constants, 3, instructions.data(),
                    widths.data(), 1, results.data()});
  model.target = *TargetDescription::builtin("hermes");
  std::vector<float> x = randomValues(n * 3, 3);
  std::string error;
  auto exact = Context::create(model.get(), {}, error);
  ASSERT_TRUE(exact) << error;
  const std::vector<float> expected =
      runContext(*exact, {view(x, 3)}, 0, error);
  for (const bool isClaimed : {true, false}) {
    LogFile log;
    ContextOptions options = recording(log);
    options.deviceOptions.emplace_back("unit", isClaimed ? "global" : "local");
    auto context = Context::create(model.get(), options, error);
    ASSERT_TRUE(context) << error;
    EXPECT_TRUE(
        sameBits(runContext(*context, {view(x, 3)}, 11, error), expected))
        << error;
    EXPECT_EQ(log.count("digital program=shift first=11 vectors=7"), isClaimed)
        << log.text();
    EXPECT_EQ(log.count("load program=shift unit=global instructions=3"),
              isClaimed);
    EXPECT_EQ(log.count("program "), 0);
  }
}

TEST(Plugin, EmptyBatchesAreNotCalls) {
  auto model =
      TestModel::product(4, 4, randomValues(16, 2), cutTiles(4, 4, 4, 4));
  model->target = *TargetDescription::builtin("ideal");
  LogFile log;
  std::string error;
  auto context = Context::create(model->get(), recording(log), error);
  ASSERT_TRUE(context) << error;
  std::vector<float> none;
  EXPECT_TRUE(runContext(*context, {view(none, 4)}, 0, error).empty());
  EXPECT_EQ(error, "");
  EXPECT_EQ(log.count("mvm"), 0);
}

/// Inputs may be anything, and tell why an output is NaN.
TEST(Plugin, NaNOfAnInputStays) {
  const int64_t rows = 4;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  auto model =
      TestModel::product(rows, 2, randomValues(8, 2), cutTiles(rows, 2, 4, 2));
  model->target = *TargetDescription::builtin("ideal");
  LogFile log;
  std::string error;
  auto context = Context::create(model->get(), recording(log), error);
  ASSERT_TRUE(context) << error;
  std::vector<float> x = {1, nan, 2, 3};
  const std::vector<float> y = runContext(*context, {view(x, rows)}, 0, error);
  ASSERT_EQ(y.size(), 2u) << error;
  EXPECT_NE(y[0], y[0]);
}

/// Nothing but close is called after an error, also in another run.
TEST(Plugin, ErrorsStay) {
  const int64_t rows = 2;
  const float large = std::numeric_limits<float>::max();
  auto model =
      TestModel::product(rows, 1, {large, -large}, cutTiles(rows, 1, 1, 1));
  model->target = *TargetDescription::builtin("ideal");
  LogFile log;
  std::string error;
  auto context = Context::create(model->get(), recording(log), error);
  ASSERT_TRUE(context) << error;
  // Infinity less infinity.
  std::vector<float> x = {1, 1, 2, 2};
  runContext(*context, {view(x, rows)}, 40, error);
  const std::string expected = "device 'recording': gives NaN for finite "
                               "inputs, in column 0 of matrix 'w' for vector "
                               "41";
  EXPECT_EQ(error, expected);
  std::vector<float> good = {1, 1};
  runContext(*context, {view(good, rows)}, 0, error);
  EXPECT_EQ(error, expected);
  EXPECT_EQ(log.count("mvm"), 1);
}

} // namespace
