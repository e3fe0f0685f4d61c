//===- RowProgramTest.cpp - Digital row programs --------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Row programs against direct computation, and each error of the verifier.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/RowProgram.h"
#include "../Support.h"
#include "Runtime/Kernels/ProgramVerifier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr int64_t Width = 37, Columns = 21;

/// y0 = |a - bias| / (sum(a * a) + 1), y1 = [max(a, s) | a] W for inputs
/// a (width 37) and s (width 1).
struct Example {
  std::vector<float> bias = randomValues(Width, 3);
  float one = 1.0f;
  std::vector<float> weights = randomValues(2 * Width * Columns, 4);
  const float *constants[2] = {bias.data(), &one};
  // Values: 0 a, 1 s, 2 bias, 3 one.
  std::vector<aimc_instruction> instructions = {
      {AIMC_SUBTRACT, 4, {0, 2, -1}, -1},
      {AIMC_ABSOLUTE, 5, {4, -1, -1}, -1},
      {AIMC_MULTIPLY, 6, {0, 0, -1}, -1},
      {AIMC_SUM, 7, {6, -1, -1}, -1},
      {AIMC_ADD, 8, {7, 3, -1}, -1},
      {AIMC_DIVIDE, 9, {5, 8, -1}, -1},
      {AIMC_MAXIMUM, 10, {0, 1, -1}, -1},
      {AIMC_CONCATENATE, 11, {10, 0, -1}, -1},
      {AIMC_PRODUCT, 12, {11, -1, -1}, 0}};
  std::vector<int32_t> widths = {Width, 1,         Width,  1, Width,
                                 Width, Width,     1,      1, Width,
                                 Width, 2 * Width, Columns};
  std::vector<int32_t> outputs = {9, 12};
  TestModel model{
      {{"a", -1, Width, 0, nullptr}, {"s", -1, 1, 0, nullptr}},
      {{"y0", -1, Width, 0, nullptr}, {"y1", -1, Columns, 0, nullptr}},
      [](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
        out[0] = TestModel::allocate(in[0].sizes[0], Width);
        out[1] = TestModel::allocate(in[0].sizes[0], Columns);
        aimc_digital(context, 0, aimc_first_vector(context), 2, in, 2, out);
      }};

  Example() { model.addMatrix(2 * Width, Columns, weights, {}); }

  aimc_program program() const {
    return {"example",
            "unit",
            2,
            2,
            constants,
            static_cast<int32_t>(instructions.size()),
            instructions.data(),
            widths.data(),
            2,
            outputs.data()};
  }

  std::string verify() { return verifyProgram(model.get(), program()); }
};

TEST(RowProgram, ComputesItsDefinitionOnAnyEngineAndThreads) {
  const int64_t n = 1000;
  Example example;
  example.model.addProgram(example.program());
  std::vector<float> a = randomValues(n * Width, 1), s = randomValues(n, 2);
  std::vector<float> y0, y1;
  for (int64_t i = 0; i < n; ++i) {
    float sum = a[i * Width] * a[i * Width];
    for (int64_t j = 1; j < Width; ++j)
      sum += a[i * Width + j] * a[i * Width + j];
    for (int64_t j = 0; j < Width; ++j)
      y0.push_back(std::abs(a[i * Width + j] - example.bias[j]) / (sum + 1.0f));
    for (int64_t c = 0; c < Columns; ++c) {
      y1.push_back(sumOfChains(2 * Width, [&](int64_t j, float chain) {
        return std::fma(j < Width ? std::max(a[i * Width + j], s[i])
                                  : a[i * Width + j - Width],
                        example.weights[j * Columns + c], chain);
      }));
    }
  }
  for (const Engine *engine : availableEngines())
    for (int threads : {1, 3}) {
      ContextOptions options;
      options.engine = engine->name;
      options.threads = threads;
      std::string error;
      auto context = Context::create(example.model.get(), options, error);
      ASSERT_TRUE(context) << error;
      // `a` transposed in memory as well.
      std::vector<float> transposed(a.size());
      for (int64_t i = 0; i < n; ++i)
        for (int64_t j = 0; j < Width; ++j)
          transposed[j * n + i] = a[i * Width + j];
      for (const aimc_tensor &first :
           {view(a, Width),
            aimc_tensor{
                transposed.data(), transposed.data(), 0, {n, Width}, {1, n}}}) {
        std::vector<aimc_tensor> outputs;
        ASSERT_TRUE(context->run({first, view(s, 1)}, 0, outputs, error))
            << error;
        EXPECT_TRUE(
            sameBits({outputs[0].aligned, outputs[0].aligned + n * Width}, y0));
        EXPECT_TRUE(sameBits(
            {outputs[1].aligned, outputs[1].aligned + n * Columns}, y1));
        std::free(outputs[0].allocated);
        std::free(outputs[1].allocated);
      }
    }
}

TEST(RowProgram, OutputsMayBeInputsRepeatedOrStrided) {
  // y0 = -a, y1 = -a, y2 = a, with y0 in the place of a and y1 every other
  // column of a wider tensor.
  const aimc_instruction instruction = {AIMC_NEGATE, 1, {0, -1, -1}, -1};
  const int32_t widths[] = {4, 4}, outputs[] = {1, 1, 0};
  TestModel model({{"a", -1, 4, 0, nullptr}}, {}, [](auto...) {});
  model.addProgram(
      {"p", "unit", 1, 0, nullptr, 1, &instruction, widths, 3, outputs});
  const std::vector<PackedMatrix> none;
  RowProgram program(model.get().programs[0], *availableEngines()[0], none);
  const std::vector<float> a = randomValues(300 * 4, 1);
  std::vector<float> y0 = a, y1(300 * 8), y2(300 * 4);
  const aimc_tensor in = view(y0, 4);
  const aimc_tensor out[] = {
      in, {y1.data(), y1.data(), 1, {300, 4}, {8, 2}}, view(y2, 4)};
  Workers workers(2);
  program.run(workers, &in, out);
  for (size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(y0[i], -a[i]);
    ASSERT_EQ(y1[2 * i + 1], -a[i]);
    ASSERT_EQ(y1[2 * i], 0);
    ASSERT_EQ(y2[i], a[i]);
  }
}

TEST(RowProgram, AnInputIsReadBeforeAnOutputTakesItsPlace) {
  // y0 = -a in the place of a, y1 = -a * a.
  const aimc_instruction instructions[] = {{AIMC_NEGATE, 1, {0, -1, -1}, -1},
                                           {AIMC_MULTIPLY, 2, {1, 0, -1}, -1}};
  const int32_t widths[] = {4, 4, 4}, outputs[] = {1, 2};
  const aimc_program table = {"p", "unit",       1,      0, nullptr,
                              2,   instructions, widths, 2, outputs};
  const std::vector<PackedMatrix> none;
  RowProgram program(table, *availableEngines()[0], none);
  const std::vector<float> a = randomValues(300 * 4, 1);
  std::vector<float> y0 = a, y1(300 * 4);
  const aimc_tensor in = view(y0, 4), out[] = {in, view(y1, 4)};
  Workers workers(1);
  program.run(workers, &in, out);
  for (size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(y0[i], -a[i]);
    ASSERT_EQ(y1[i], -a[i] * a[i]);
  }
}

TEST(RowProgram, OutputsMayBeColumnsOfWiderRows) {
  // y0 = the sum of -a, y1 = its largest value, y2 = -a, side by side.
  const int64_t n = 300, stride = 9;
  const aimc_instruction instructions[] = {
      {AIMC_NEGATE, 1, {0, -1, -1}, -1},
      {AIMC_SUM, 2, {1, -1, -1}, -1},
      {AIMC_ROW_MAXIMUM, 3, {1, -1, -1}, -1}};
  const int32_t widths[] = {4, 4, 1, 1}, outputs[] = {2, 3, 1};
  const aimc_program table = {"p", "unit",       1,      0, nullptr,
                              3,   instructions, widths, 3, outputs};
  std::vector<float> a = randomValues(n * 4, 1);
  for (const Engine *engine : availableEngines()) {
    std::vector<float> y(n * stride, 99.0f);
    const auto columns = [&](int64_t first, int64_t width) {
      return aimc_tensor{y.data(), y.data(), first, {n, width}, {stride, 1}};
    };
    const aimc_tensor in = view(a, 4);
    const aimc_tensor out[] = {columns(1, 1), columns(2, 1), columns(4, 4)};
    const std::vector<PackedMatrix> none;
    Workers workers(1);
    RowProgram(table, *engine, none).run(workers, &in, out);
    for (int64_t i = 0; i < n; ++i) {
      const float *x = &a[i * 4], *row = &y[i * stride];
      const std::vector<float> expected = {99,
                                           -x[0] - x[1] - x[2] - x[3],
                                           -std::min({x[0], x[1], x[2], x[3]}),
                                           99,
                                           -x[0],
                                           -x[1],
                                           -x[2],
                                           -x[3],
                                           99};
      EXPECT_EQ(std::vector<float>(row, row + stride), expected);
    }
  }
}

TEST(RowProgram, AProductDoesNotTakeThePlaceOfItsOperand) {
  // y = -((-a) W) with a square W of several panels of columns.
  const int64_t n = 30, width = 100;
  const aimc_instruction instructions[] = {{AIMC_NEGATE, 1, {0, -1, -1}, -1},
                                           {AIMC_PRODUCT, 2, {1, -1, -1}, 0},
                                           {AIMC_NEGATE, 3, {2, -1, -1}, -1}};
  const int32_t widths[] = {width, width, width, width}, outputs[] = {3};
  const aimc_program table = {"p", "unit",       1,      0, nullptr,
                              3,   instructions, widths, 1, outputs};
  std::vector<float> a = randomValues(n * width, 1), y(n * width);
  const std::vector<float> w = randomValues(width * width, 2);
  for (const Engine *engine : availableEngines()) {
    std::vector<PackedMatrix> matrices;
    matrices.emplace_back(*engine, w.data(), width, width, width);
    RowProgram program(table, *engine, matrices);
    const aimc_tensor in = view(a, width), out = view(y, width);
    Workers workers(1);
    program.run(workers, &in, &out);
    for (int64_t i = 0; i < n; ++i)
      for (int64_t c = 0; c < width; ++c) {
        const float sum = sumOfChains(width, [&](int64_t k, float chain) {
          return std::fma(-a[i * width + k], w[k * width + c], chain);
        });
        ASSERT_EQ(y[i * width + c], -sum) << engine->name;
      }
  }
}

TEST(RowProgram, SelectsAmongRowsOfAnyLayout) {
  // y = a > s ? b : a for numbers s, and z = s > 1/2 ? t : b for a constant row
  // t; b in memory of wider rows.
  const float half = 0.5f;
  for (int32_t width : {1, 5, 16, 37}) {
    const int64_t n = 50, stride = width + 3;
    std::vector<float> t = randomValues(width, 4);
    const float *constants[] = {&half, t.data()};
    const aimc_instruction instructions[] = {{AIMC_GREATER, 5, {0, 1, -1}, -1},
                                             {AIMC_SELECT, 6, {5, 2, 0}, -1},
                                             {AIMC_GREATER, 7, {1, 3, -1}, -1},
                                             {AIMC_SELECT, 8, {7, 4, 2}, -1}};
    const int32_t widths[] = {width, 1,     width, 1,    width,
                              width, width, 1,     width};
    const int32_t outputs[] = {6, 8};
    const aimc_program table = {"p", "unit",       3,      2, constants,
                                4,   instructions, widths, 2, outputs};
    const std::vector<PackedMatrix> none;
    std::vector<float> a = randomValues(n * width, 1), s = randomValues(n, 2),
                       b = randomValues(n * stride, 3), y(n * width),
                       z(n * width);
    TestModel model({}, {}, [](auto...) {});
    EXPECT_EQ(verifyProgram(model.get(), table), "");
    for (const Engine *engine : availableEngines()) {
      RowProgram program(table, *engine, none);
      const aimc_tensor in[] = {
          view(a, width),
          view(s, 1),
          {b.data(), b.data(), 0, {n, width}, {stride, 1}}};
      const aimc_tensor out[] = {view(y, width), view(z, width)};
      Workers workers(2);
      program.run(workers, in, out);
      for (int64_t i = 0; i < n; ++i)
        for (int32_t j = 0; j < width; ++j) {
          const float own = a[i * width + j], other = b[i * stride + j];
          ASSERT_EQ(y[i * width + j], own > s[i] ? other : own) << engine->name;
          ASSERT_EQ(z[i * width + j], s[i] > half ? t[j] : other)
              << engine->name;
        }
    }
  }
}

TEST(RowProgram, FunctionsWithSumsAndProductsHaveTheBitsOfEach) {
  // y = 3 cos(a + t), z = 3 exp(a - s), u = tanh(3 (a + t)) for a constant row
  // t and numbers s; z is in every other row of its memory.
  const float three = 3;
  for (int32_t width : {1, 5, 16, 37, 64}) {
    const int64_t n = 50;
    std::vector<float> t = randomValues(width, 4);
    const float *constants[] = {t.data(), &three};
    const aimc_instruction instructions[] = {
        {AIMC_ADD, 4, {0, 2, -1}, -1},
        {AIMC_COSINE, 5, {4, -1, -1}, -1},
        {AIMC_MULTIPLY, 6, {5, 3, -1}, -1},
        {AIMC_SUBTRACT, 7, {0, 1, -1}, -1},
        {AIMC_EXPONENTIAL, 8, {7, -1, -1}, -1},
        {AIMC_MULTIPLY, 9, {8, 3, -1}, -1},
        {AIMC_ADD, 10, {0, 2, -1}, -1},
        {AIMC_MULTIPLY, 11, {10, 3, -1}, -1},
        {AIMC_HYPERBOLIC_TANGENT, 12, {11, -1, -1}, -1}};
    std::vector<int32_t> widths(13, width);
    widths[1] = widths[3] = 1;
    const int32_t outputs[] = {6, 9, 12};
    const aimc_program table = {
        "p",          "unit",        2, 2,      constants, 9,
        instructions, widths.data(), 3, outputs};
    TestModel model({}, {}, [](auto...) {});
    ASSERT_EQ(verifyProgram(model.get(), table), "");
    std::vector<float> a = randomValues(n * width, 1), s = randomValues(n, 2);
    const float special[] = {-std::numeric_limits<float>::quiet_NaN(),
                             std::numeric_limits<float>::infinity(), 1e30f,
                             -0.0f};
    for (size_t i = 0; i < a.size(); i += 7)
      a[i] = special[i % 4];
    s[3] = std::numeric_limits<float>::quiet_NaN();
    const std::vector<PackedMatrix> none;
    for (const Engine *engine : availableEngines()) {
      std::vector<float> y(n * width), z(2 * n * width), u(n * width);
      // Two of the functions are joined with what is around them.
      static const Engine *original;
      static std::atomic<int64_t> joined;
      original = engine;
      joined = 0;
      Engine counting = *engine;
      counting.laneMap = [](const LaneMapRequest &request, float *out,
                            const float *a, int64_t count, int64_t vectors) {
        ++joined;
        original->laneMap(request, out, a, count, vectors);
      };
      RowProgram program(table, counting, none);
      const aimc_tensor in[] = {view(a, width), view(s, 1)};
      const aimc_tensor out[] = {
          view(y, width),
          {z.data(), z.data(), 0, {n, width}, {2 * width, 1}},
          view(u, width)};
      Workers workers(2);
      program.run(workers, in, out);
      EXPECT_EQ(joined, 2 * n) << engine->name;
      for (int64_t i = 0; i < n; ++i) {
        const float *row = &a[i * width];
        const auto rowOf = [&](const std::vector<float> &values, int64_t at) {
          return std::vector<float>(&values[at], &values[at] + width);
        };
        std::vector<float> expected(width);
        float *e = expected.data();
        engine->binary(AIMC_ADD, e, row, 1, t.data(), 1, width);
        engine->unary(AIMC_COSINE, e, e, width);
        engine->binary(AIMC_MULTIPLY, e, e, 1, &three, 0, width);
        ASSERT_TRUE(sameBits(rowOf(y, i * width), expected)) << engine->name;
        engine->binary(AIMC_SUBTRACT, e, row, 1, &s[i], 0, width);
        engine->unary(AIMC_EXPONENTIAL, e, e, width);
        engine->binary(AIMC_MULTIPLY, e, e, 1, &three, 0, width);
        ASSERT_TRUE(sameBits(rowOf(z, 2 * i * width), expected))
            << engine->name;
        engine->binary(AIMC_ADD, e, row, 1, t.data(), 1, width);
        engine->binary(AIMC_MULTIPLY, e, e, 1, &three, 0, width);
        engine->unary(AIMC_HYPERBOLIC_TANGENT, e, e, width);
        ASSERT_TRUE(sameBits(rowOf(u, i * width), expected)) << engine->name;
      }
    }
  }
}

TEST(RowProgram, TakesTheLargestOfEachRow) {
  // y = step(a - max(a) + 1/2) and max(a), for rows shorter and longer than any
  // vector, the operand in memory of wider rows.
  const float half = 0.5f;
  const float *constants[] = {&half};
  for (int32_t width : {1, 5, 16, 37}) {
    const int64_t n = 50, stride = width + 3;
    const aimc_instruction instructions[] = {
        {AIMC_ROW_MAXIMUM, 2, {0, -1, -1}, -1},
        {AIMC_SUBTRACT, 3, {0, 2, -1}, -1},
        {AIMC_ADD, 4, {3, 1, -1}, -1},
        {AIMC_STEP, 5, {4, -1, -1}, -1}};
    const int32_t widths[] = {width, 1, 1, width, width, width};
    const int32_t outputs[] = {5, 2};
    const aimc_program table = {"p", "unit",       1,      1, constants,
                                4,   instructions, widths, 2, outputs};
    const std::vector<PackedMatrix> none;
    std::vector<float> a = randomValues(n * stride, 1), y(n * width),
                       largest(n);
    TestModel model({}, {}, [](auto...) {});
    EXPECT_EQ(verifyProgram(model.get(), table), "");
    for (const Engine *engine : availableEngines()) {
      RowProgram program(table, *engine, none);
      const aimc_tensor in = {a.data(), a.data(), 0, {n, width}, {stride, 1}};
      const aimc_tensor out[] = {view(y, width), view(largest, 1)};
      Workers workers(2);
      program.run(workers, &in, out);
      for (int64_t i = 0; i < n; ++i) {
        const float *row = &a[i * stride];
        const float expected = *std::max_element(row, row + width);
        ASSERT_EQ(largest[i], expected) << engine->name;
        for (int32_t j = 0; j < width; ++j)
          ASSERT_EQ(y[i * width + j],
                    row[j] - expected + half > 0 ? 1.0f : 0.0f)
              << engine->name;
      }
    }
  }
}

/// The error of a digital call that negates columns [from, from + 4) of an n x
/// 12 matrix into columns [to, to + 4), `rowsDown` rows further down.
std::string negateWithin(int64_t n, int64_t from, int64_t to,
                         int64_t rowsDown) {
  const aimc_instruction instruction = {AIMC_NEGATE, 1, {0, -1, -1}, -1};
  const int32_t widths[] = {4, 4}, outputs[] = {1};
  std::vector<float> values = randomValues((n + rowsDown) * 12, 1);
  const std::vector<float> before = values;
  TestModel model(
      {{"x", -1, 1, 0, nullptr}}, {{"y", -1, 1, 0, nullptr}},
      [&](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
        out[0] = TestModel::allocate(in[0].sizes[0], 1);
        const aimc_tensor a = {
            values.data(), values.data(), from, {n, 4}, {12, 1}};
        aimc_tensor b = a;
        b.offset = rowsDown * 12 + to;
        aimc_digital(context, 0, 0, 1, &a, 1, &b);
      });
  model.addProgram(
      {"p", "unit", 1, 0, nullptr, 1, &instruction, widths, 1, outputs});
  std::string error;
  ContextOptions options;
  options.threads = 2;
  auto context = Context::create(model.get(), options, error);
  EXPECT_TRUE(context) << error;
  std::vector<float> x(1);
  runContext(*context, {view(x, 1)}, 0, error);
  for (int64_t i = 0; error.empty() && i < n; ++i)
    for (int64_t j = 0; j < 4; ++j)
      EXPECT_EQ(values[(i + rowsDown) * 12 + to + j],
                -before[i * 12 + from + j]);
  return error;
}

TEST(RowProgram, OutputsMayOverlapInputsByRowsAlone) {
  EXPECT_EQ(negateWithin(900, 4, 4, 0), "");
  EXPECT_EQ(negateWithin(900, 4, 6, 0), "");
  EXPECT_EQ(negateWithin(900, 6, 3, 0), "");
  EXPECT_EQ(negateWithin(900, 0, 8, 1), "");
  EXPECT_EQ(negateWithin(1, 3, 4, 0), "");
  const std::string wrong = "program 'p' expects outputs apart from its inputs "
                            "or in their rows, but got output 0 across rows of "
                            "input 0";
  EXPECT_EQ(negateWithin(900, 4, 4, 1), wrong);
  EXPECT_EQ(negateWithin(900, 0, 3, 2), wrong);
}

TEST(RowProgram, OutputsThatOverlapAreErrors) {
  const aimc_instruction instruction = {AIMC_NEGATE, 1, {0, -1, -1}, -1};
  const int32_t widths[] = {4, 4}, outputs[] = {1, 0};
  TestModel model(
      {{"a", -1, 4, 0, nullptr}}, {{"y", -1, 4, 0, nullptr}},
      [](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
        out[0] = TestModel::allocate(in[0].sizes[0], 4);
        const aimc_tensor both[] = {out[0], out[0]};
        aimc_digital(context, 0, 0, 1, in, 2, both);
      });
  model.addProgram(
      {"p", "unit", 1, 0, nullptr, 1, &instruction, widths, 2, outputs});
  std::string error;
  auto context = Context::create(model.get(), {}, error);
  ASSERT_TRUE(context) << error;
  std::vector<float> a = randomValues(20, 1);
  runContext(*context, {view(a, 4)}, 0, error);
  EXPECT_EQ(error, "program 'p' expects outputs apart from each other, but got "
                   "0 and 1 that overlap");
}

TEST(RowProgram, VerifierAcceptsTheExample) {
  EXPECT_EQ(Example().verify(), "");
}

TEST(RowProgram, VerifierNamesWhatIsWrong) {
  Example opcode;
  opcode.instructions[1].opcode = 99;
  EXPECT_EQ(opcode.verify(), "program 'example', instruction 1 expects an "
                             "opcode from 0 to 25, but got 99");
  Example result;
  result.instructions[2].result = 5;
  EXPECT_EQ(result.verify(), "program 'example', instruction 2 ('multiply') "
                             "expects result 6, but got 5");
  Example operand;
  operand.instructions[0].operands[1] = 4;
  EXPECT_EQ(operand.verify(), "program 'example', instruction 0 ('subtract') "
                              "expects operands from 0 to 3, but got 4");
  Example second;
  second.instructions[1].operands[1] = 0;
  EXPECT_EQ(second.verify(), "program 'example', instruction 1 ('absolute') "
                             "expects operand 1 to be -1, but got 0");
  Example matrix;
  matrix.instructions[8].matrix = 1;
  EXPECT_EQ(matrix.verify(), "program 'example', instruction 8 ('product') "
                             "expects a matrix from 0 to 0, but got 1");
  Example tiled;
  tiled.model.matrix(0).tile_count = 1;
  EXPECT_EQ(tiled.verify(), "program 'example', instruction 8 ('product') "
                            "expects a matrix in digital memory, but got 'w', "
                            "which has tiles");
  Example depth;
  depth.instructions[8].operands[0] = 10;
  EXPECT_EQ(depth.verify(), "program 'example', instruction 8 ('product') "
                            "expects an operand of width 74, but got 37");
  Example extra;
  extra.instructions[0].matrix = 0;
  EXPECT_EQ(extra.verify(), "program 'example', instruction 0 ('subtract') "
                            "expects no matrix, but got 0");
  Example widths;

  widths.instructions[0].operands[0] = 3;
  widths.instructions[0].operands[1] = 3;
  widths.widths[4] = 1;
  EXPECT_EQ(widths.verify(), "program 'example', instruction 1 ('absolute') "
                             "expects a result of width 1, but got 37");
  Example unequal;
  unequal.instructions[8] = {AIMC_ADD, 12, {11, 0, -1}, -1};
  EXPECT_EQ(unequal.verify(), "program 'example', instruction 8 ('add') "
                              "expects operands of one width, but got 37 and "
                              "74");
  Example third;
  third.instructions[8] = {AIMC_SELECT, 12, {0, 0, -1}, -1};
  EXPECT_EQ(third.verify(), "program 'example', instruction 8 ('select') "
                            "expects operands from 0 to 11, but got -1");
  Example outputs;
  outputs.outputs[1] = 13;
  EXPECT_EQ(outputs.verify(),
            "program 'example' expects outputs from 0 to 12, but got 13");
  Example zero;
  zero.widths[1] = 0;
  EXPECT_EQ(zero.verify(), "program 'example' expects values of width 1 or "
                           "more, but got 0 for value 1");
}

} // namespace
