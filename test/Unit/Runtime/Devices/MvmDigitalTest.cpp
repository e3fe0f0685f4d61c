//===- MvmDigitalTest.cpp - A product and its programs in one call --------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One call has the bits of the calls one after the other, whatever is fused.
//
//===----------------------------------------------------------------------===//

#include "../Support.h"

#include "aimc/Runtime/TargetDescription.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr int64_t Rows = 40, Columns = 207;

/// A row program that owns its tables.
struct Program {
  std::vector<int32_t> widths; ///< of inputs, constants and results
  int32_t inputs;
  std::vector<std::vector<float>> constants;
  std::vector<aimc_instruction> instructions; ///< results are filled in
  std::vector<int32_t> outputs;
  std::vector<const float *> constantTable = {};

  aimc_program get() {
    constantTable.clear();
    for (const std::vector<float> &constant : constants)
      constantTable.push_back(constant.data());
    int32_t result = inputs + static_cast<int32_t>(constants.size());
    for (aimc_instruction &instruction : instructions)
      instruction.result = result++;
    return {"work",
            "unit",
            inputs,
            static_cast<int32_t>(constants.size()),
            constantTable.data(),
            static_cast<int32_t>(instructions.size()),
            instructions.data(),
            widths.data(),
            static_cast<int32_t>(outputs.size()),
            outputs.data()};
  }
};

/// Programs behind a product of Columns values; numbers are those of the call.
struct Example {
  const char *name;
  std::vector<Program> programs;
  std::vector<int64_t> others; ///< widths of further inputs
  std::vector<int64_t> operands;
  std::vector<int64_t> results;
  std::vector<int64_t> widths; ///< of the results
};

/// Matrix 1 has Columns rows and 3 columns, matrix 2 twice as many rows.
std::vector<Example> examples() {
  const std::vector<float> offsets = randomValues(Columns, 11);
  constexpr int32_t W = Columns;
  return {
      {"one phase",
       {{{W, W, W}, 1, {offsets}, {{AIMC_ADD, 0, {0, 1, -1}, -1}}, {2}},
        {{W, 1, 3, W, W, 3, 3},
         1,
         {{0.25f}, {1.0f, 2.0f, 3.0f}},
         {{AIMC_COSINE, 0, {0, -1, -1}, -1},
          {AIMC_MULTIPLY, 0, {3, 1, -1}, -1},
          {AIMC_PRODUCT, 0, {4, -1, -1}, 1},
          {AIMC_ADD, 0, {5, 2, -1}, -1}},
         {6}}},
       {},
       {0, 1},
       {2},
       {3}},
      {"two phases",
       {{{W, 1, W, W, W, W, 2 * W, 3},
         1,
         {{0.25f}},
         {{AIMC_COSINE, 0, {0, -1, -1}, -1},
          {AIMC_MULTIPLY, 0, {2, 1, -1}, -1},
          {AIMC_SINE, 0, {0, -1, -1}, -1},
          {AIMC_MULTIPLY, 0, {4, 1, -1}, -1},
          {AIMC_CONCATENATE, 0, {3, 5, -1}, -1},
          {AIMC_PRODUCT, 0, {6, -1, -1}, 2}},
         {7}}},
       {},
       {0},
       {1},
       {3}},
      {"exponentials less what each row has",
       {{{W, 1, W, W, 3, 1, 3},
         2,
         {},
         {{AIMC_SUBTRACT, 0, {0, 1, -1}, -1},
          {AIMC_EXPONENTIAL, 0, {2, -1, -1}, -1},
          {AIMC_PRODUCT, 0, {3, -1, -1}, 1},
          {AIMC_SUM, 0, {3, -1, -1}, -1},
          {AIMC_DIVIDE, 0, {4, 5, -1}, -1}},
         {6}}},
       {1},
       {0, 1},
       {2},
       {3}},
      {"a sign, less what each value has",
       {{{W, W, 1, W, W, 1},
         2,
         {{1.0f}},
         {{AIMC_SUBTRACT, 0, {0, 1, -1}, -1},
          {AIMC_NEGATE, 0, {3, -1, -1}, -1},
          {AIMC_SUM, 0, {4, -1, -1}, -1}},
         {5}}},
       {W},
       {0, 1},
       {2},
       {1}},
      {"a sign, less what each row has",
       {{{W, 1, W, W, 3},
         2,
         {},
         {{AIMC_SUBTRACT, 0, {0, 1, -1}, -1},
          {AIMC_NEGATE, 0, {2, -1, -1}, -1},
          {AIMC_PRODUCT, 0, {3, -1, -1}, 1}},
         {4}}},
       {1},
       {0, 1},
       {2},
       {3}},
      {"largest first",
       {{{W, W, 1, W, W, W, 1},
         2,
         {},
         {{AIMC_ROW_MAXIMUM, 0, {0, -1, -1}, -1},
          {AIMC_SUBTRACT, 0, {0, 2, -1}, -1},
          {AIMC_EXPONENTIAL, 0, {3, -1, -1}, -1},
          {AIMC_MULTIPLY, 0, {4, 1, -1}, -1},
          {AIMC_SUM, 0, {5, -1, -1}, -1}},
         {6}}},
       {W},
       {0, 1},
       {2},
       {1}},
      {"several results",
       {{{W, 3, W, W, 3, 3},
         2,
         {},
         {{AIMC_COSINE, 0, {0, -1, -1}, -1},
          {AIMC_ADD, 0, {0, 2, -1}, -1},
          {AIMC_PRODUCT, 0, {3, -1, -1}, 1},
          {AIMC_ADD, 0, {4, 1, -1}, -1}},
         {5, 1, 5}},
        {{3}, 1, {}, {}, {0}}},
       {3},
       {0, 1, 3},
       {2, 4, 3, 5},
       {3, 3, 3, 3}},
      {"features themselves",
       {{{W, W, W}, 1, {offsets}, {{AIMC_MAXIMUM, 0, {0, 1, -1}, -1}}, {2}}},
       {},
       {0},
       {1},
       {W}},
      {"no lane kernel",
       {{{W, 1, W, 1},
         1,
         {{0.5f}},
         {{AIMC_SELECT, 0, {0, 0, 1}, -1}, {AIMC_SUM, 0, {2, -1, -1}, -1}},
         {3}}},
       {},
       {0},
       {1},
       {1}},
  };
}

/// A model of an example that makes one call or one after the other.
struct ExampleModel {
  ExampleModel(Example exampleOfModel, std::vector<aimc_tile> tiles)
      : example(std::move(exampleOfModel)),
        model(parameters(), results(),
              [this](aimc_context *context, const aimc_tensor *in,
                     aimc_tensor *out) { run(context, in, out); }) {
    model.addMatrix(Rows, Columns, randomValues(Rows * Columns, 1), tiles);
    model.addMatrix(Columns, 3, randomValues(Columns * 3, 2), {});
    model.addMatrix(2 * Columns, 3, randomValues(2 * Columns * 3, 3), {});
    for (Program &program : example.programs)
      model.addProgram(program.get());
  }

  std::vector<aimc_parameter> parameters() const {
    std::vector<aimc_parameter> inputs = {{"x", -1, Rows, 0, nullptr}};
    for (int64_t width : example.others)
      inputs.push_back({"other", -1, width, 0, nullptr});
    return inputs;
  }

  std::vector<aimc_parameter> results() const {
    std::vector<aimc_parameter> outputs;
    for (int64_t width : example.widths)
      outputs.push_back({"y", -1, width, 0, nullptr});
    return outputs;
  }

  void run(aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
    const int64_t n = in[0].sizes[0], first = aimc_first_vector(context);
    const int64_t others = static_cast<int64_t>(example.others.size());
    const int64_t results = static_cast<int64_t>(example.results.size());
    for (int64_t i = 0; i < results; ++i)
      out[i] = TestModel::allocate(n, example.widths[i]);
    const int64_t count = static_cast<int64_t>(example.programs.size());
    if (isFused) {
      std::vector<int64_t> programs;
      for (int64_t i = 0; i < count; ++i)
        programs.push_back(i);
      aimc_mvm_digital(context, 0, count, programs.data(), /*site=*/7, 1.0f,
                       10.0f, static_cast<int64_t>(example.operands.size()),
                       example.operands.data(), results, example.results.data(),
                       /*deferred=*/0, first, in, others, in + 1, results, out);
      return;
    }
    std::vector<aimc_tensor> values = {TestModel::allocate(n, Columns)};
    values.insert(values.end(), in + 1, in + 1 + others);
    aimc_mvm(context, 0, /*site=*/7, 1.0f, 10.0f, first, in, &values[0]);
    auto operand = example.operands.begin();
    for (int64_t i = 0; i < count; ++i) {
      const Program &program = example.programs[i];
      std::vector<aimc_tensor> inputs;
      for (int32_t j = 0; j < program.inputs; ++j)
        inputs.push_back(values[*operand++]);
      std::vector<aimc_tensor> outputs;
      for (int32_t value : program.outputs)
        outputs.push_back(TestModel::allocate(n, program.widths[value]));
      aimc_digital(context, i, first, program.inputs, inputs.data(),
                   static_cast<int64_t>(outputs.size()), outputs.data());
      values.insert(values.end(), outputs.begin(), outputs.end());
    }
    for (int64_t i = 0; i < results; ++i)
      aimc_copy(context, &values[example.results[i]], &out[i]);
    for (size_t i = 0; i < values.size(); ++i)
      if (i == 0 || i > static_cast<size_t>(others))
        std::free(values[i].allocated);
  }

  Example example;
  bool isFused = false;
  TestModel model;
};

/// Inputs with all that goes wrong among them.
std::vector<float> inputs(int64_t n, int64_t width, uint32_t seed) {
  std::vector<float> values = randomValues(n * width, seed);
  const float special[] = {std::numeric_limits<float>::quiet_NaN(),
                           std::numeric_limits<float>::infinity(), 1e30f, 1e6f,
                           -0.0f};
  for (size_t i = 0; i < values.size(); i += 997)
    values[i] = special[i / 997 % 5];
  return values;
}

TEST(MvmDigital, HasTheBitsOfSeparateCalls) {
  const std::vector<std::vector<aimc_tile>> grids = {
      cutTiles(Rows, Columns, Rows, Columns),
      cutTiles(Rows, Columns, 16, 33),
      // Columns cut apart from each other in the two halves of the rows.
      {{0, 0, 20, 60, 0, 0, 0, 0},
       {0, 60, 20, 147, 0, 1, 0, 0},
       {20, 0, 20, 31, 0, 2, 0, 0},
       {20, 31, 20, 176, 0, 3, 0, 0}}};
  for (const Example &example : examples())
    for (const std::vector<aimc_tile> &tiles : grids) {
      ExampleModel model(example, tiles);
      for (const char *engine : {"scalar", "avx2", "avx512"})
        for (int threads : {1, 2}) {
          ContextOptions options;
          options.engine = engine;
          options.threads = threads;
          std::string error;
          auto context = Context::create(model.model.get(), options, error);
          // Not each machine has each engine.
          if (!context && error.find("engine") != std::string::npos &&
              options.engine != "scalar")
            continue;
          ASSERT_TRUE(context) << error;
          // Calls of one site grow and shrink.
          for (int64_t n : {0, 1, 3, 16, 2, 65, 5, 530, 6, 1, 4}) {
            std::vector<float> x = inputs(n, Rows, 5);
            std::vector<std::vector<float>> others;
            for (int64_t width : example.others)
              others.push_back(inputs(n, width, 6));
            std::vector<aimc_tensor> tensors = {view(x, Rows)};
            for (size_t i = 0; i < others.size(); ++i)
              tensors.push_back(view(others[i], example.others[i]));
            model.isFused = false;
            const std::vector<float> expected =
                runContext(*context, tensors, 3, error);
            ASSERT_EQ(error, "");
            const uint64_t mvms = context->statistics().mvms;
            model.isFused = true;
            EXPECT_TRUE(
                sameBits(runContext(*context, tensors, 3, error), expected))
                << example.name << ", engine " << engine << ", " << n
                << " rows";
            EXPECT_EQ(error, "");
            EXPECT_EQ(context->statistics().mvms - mvms, n * tiles.size());
          }
        }
    }
}

/// The result is narrow, the functions are known: nothing is computed apart.
TEST(MvmDigital, IsFusedOnTheExactDevice) {
  for (const Example &example : examples()) {
    ExampleModel model(example, cutTiles(Rows, Columns, 16, 33));
    model.isFused = true;
    std::string error;
    auto context = Context::create(model.model.get(), {}, error);
    ASSERT_TRUE(context) << error;
    std::vector<float> x = randomValues(64 * Rows, 5);
    std::vector<std::vector<float>> others;
    std::vector<aimc_tensor> tensors = {view(x, Rows)};
    for (int64_t width : example.others) {
      others.push_back(randomValues(64 * width, 6));
      tensors.push_back(view(others.back(), width));
    }
    runContext(*context, tensors, 0, error);
    EXPECT_EQ(error, "");
    const bool isFused = context->statistics().fusedSeconds > 0;
    EXPECT_EQ(isFused, example.widths[0] <= 3 &&
                           std::string(example.name) != "no lane kernel")
        << example.name;
    EXPECT_NE(isFused, context->statistics().digitalSeconds > 0);
  }
}

/// Blocks of rows on the simulator, where nothing is fused.
TEST(MvmDigital, KeepsTheNoiseOfEachVector) {
  std::string error;
  ExampleModel model(examples()[0], cutTiles(Rows, Columns, 16, 33));
  model.model.target = std::string(*TargetDescription::builtin("hermes"));
  ContextOptions options;
  options.device = "simulator";
  options.threads = 2;
  auto context = Context::create(model.model.get(), options, error);
  ASSERT_TRUE(context) << error;
  std::vector<float> x = randomValues(1200 * Rows, 5);
  const std::vector<float> expected =
      runContext(*context, {view(x, Rows)}, 3, error);
  model.isFused = true;
  EXPECT_TRUE(
      sameBits(runContext(*context, {view(x, Rows)}, 3, error), expected));
  EXPECT_EQ(error, "");
}

/// Runs one call with changed arguments; returns the error.
template <typename Call> std::string errorOf(Call call) {
  ExampleModel model(examples()[0], cutTiles(Rows, Columns, 16, 33));
  TestModel changed(
      {{"x", -1, Rows, 0, nullptr}}, {{"y", -1, 3, 0, nullptr}},
      [&](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
        out[0] = TestModel::allocate(in[0].sizes[0], 3);
        call(context, in, out);
      });
  changed.addMatrix(Rows, Columns, randomValues(Rows * Columns, 1),
                    cutTiles(Rows, Columns, 16, 33));
  changed.addMatrix(Columns, 3, randomValues(Columns * 3, 2), {});
  for (Program &program : model.example.programs)
    changed.addProgram(program.get());
  std::string error;
  auto context = Context::create(changed.get(), {}, error);
  EXPECT_TRUE(context) << error;
  std::vector<float> x = randomValues(8 * Rows, 5);
  runContext(*context, {view(x, Rows)}, 0, error);
  return error;
}

TEST(MvmDigital, RefusesWhatDoesNotFit) {
  using Numbers = std::vector<int64_t>;
  const auto errorWith = [](Numbers programs, Numbers operands, Numbers results,
                            int64_t matrix = 0, int64_t deferred = 0) {
    return errorOf([&](aimc_context *context, const aimc_tensor *in,
                       aimc_tensor *out) {
      aimc_mvm_digital(context, matrix, static_cast<int64_t>(programs.size()),
                       programs.data(), 7, 1.0f, 10.0f,
                       static_cast<int64_t>(operands.size()), operands.data(),
                       static_cast<int64_t>(results.size()), results.data(),
                       deferred, 0, in, 0, nullptr, 1, out);
    });
  };
  EXPECT_EQ(errorWith({0, 1}, {0, 1}, {2}), "");
  EXPECT_EQ(errorWith({0, 1}, {0, 1}, {2}, 0, 2),
            "mvm_digital expects 'deferred' to be 0 or 1, but got 2");
  EXPECT_EQ(errorWith({}, {}, {1}),
            "mvm_digital expects programs, but got none");
  EXPECT_EQ(errorWith({0, 2}, {0, 1}, {2}),
            "mvm_digital expects programs from 0 to 1, but got 2");
  EXPECT_EQ(errorWith({0, 1}, {0}, {2}),
            "program 'work' expects 1 operands, but got 0");
  EXPECT_EQ(errorWith({0, 1}, {0, 2}, {2}),
            "program 'work' expects operands from 0 to 1, but got 2");
  EXPECT_EQ(errorWith({1, 0}, {0, 1}, {1}),
            "program 'work' expects 207 columns of input 0, but got 3");
  EXPECT_EQ(errorWith({0, 1}, {0, 1, 1}, {2}),
            "mvm_digital expects 2 operands of its programs, but got 3");
  EXPECT_EQ(errorWith({0, 1}, {0, 1}, {3}),
            "mvm_digital expects as results the product and outputs of "
            "programs, each once, but got 3");
  EXPECT_EQ(errorWith({0, 1}, {0, 1}, {1}),
            "mvm_digital of 'w' output 0 expects a tensor of 8 rows and 207 "
            "columns, but got 8 x 3");
  EXPECT_EQ(errorWith({0, 1}, {0, 1}, {1, 2}),
            "mvm_digital expects one output a result, 2, but got 1");
  EXPECT_EQ(errorWith({0, 1}, {0, 1}, {2}, /*matrix=*/1),
            "mvm of 'w' expects a matrix with tiles, but got one in digital "
            "memory");
  const int64_t programs[] = {0, 1}, operands[] = {0, 1}, result = 2;
  // No program reads it, so nothing else bounds its width.
  EXPECT_EQ(errorOf([&](aimc_context *context, const aimc_tensor *in,
                        aimc_tensor *out) {
              const int64_t behind[] = {0, 2}, last = 3;
              const aimc_tensor wide = {
                  nullptr, in->aligned, 0, {8, (int64_t{1} << 32) + 5}, {0, 0}};
              aimc_mvm_digital(context, 0, 2, programs, 7, 1.0f, 10.0f, 2,
                               behind, 1, &last, 0, 0, in, 1, &wide, 1, out);
            }),
            "mvm_digital expects values of 1 to 2147483647 columns, but got "
            "4294967301");
  EXPECT_EQ(errorOf([&](aimc_context *context, const aimc_tensor *in,
                        aimc_tensor *out) {
              aimc_tensor part = *in;
              part.sizes[1] = 3;
              aimc_mvm_digital(context, 0, 2, programs, 7, 1.0f, 10.0f, 2,
                               operands, 1, &result, 0, 0, in, 0, nullptr, 1,
                               &part);
              (void)out;
            }),
            "mvm_digital of 'w' output 0 expects memory of its own, but got "
            "some of an input or of another output");
  EXPECT_EQ(errorOf([&](aimc_context *context, const aimc_tensor *,
                        aimc_tensor *out) {
              aimc_mvm_digital(context, 0, 2, programs, 7, 1.0f, 10.0f, 2,
                               operands, 1, &result, 0, 0, nullptr, 0, nullptr,
                               1, out);
            }),
            "mvm_digital expects an input, but got a null pointer");
}

} // namespace
