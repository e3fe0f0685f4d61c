//===- FormatsTest.cpp - Number formats of digital units --------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Halves against their definition, fixed point against integers over all of its
// numbers, and programs in either.
//
//===----------------------------------------------------------------------===//

#include "../Support.h"
#include "Runtime/Kernels/Engine.h"
#include "Runtime/Kernels/RowProgram.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr float Infinity = std::numeric_limits<float>::infinity();

/// The value of the half with these bits below 0x7c00.
float halfOfBits(uint32_t bits) {
  const int exponent = static_cast<int>(bits >> 10);
  const float fraction = static_cast<float>(bits & 0x3ff);
  return exponent == 0 ? std::ldexp(fraction, -24)
                       : std::ldexp(1024 + fraction, exponent - 25);
}

std::vector<float> toHalf(std::vector<float> values) {
  std::vector<float> first;
  for (const Engine *engine : availableEngines()) {
    std::vector<float> own = values;
    engine->roundToHalf(own.data(), static_cast<int64_t>(own.size()));
    if (first.empty())
      first = own;
    EXPECT_TRUE(sameBits(own, first)) << engine->name;
  }
  return first;
}

TEST(Formats, EveryHalfAndWhatIsBetween) {
  std::vector<float> values, expected;
  const auto add = [&](float value, float half) {
    for (float sign : {1.0f, -1.0f}) {
      values.push_back(sign * value);
      expected.push_back(sign * half);
    }
  };
  for (uint32_t bits = 0; bits < 0x7c00; ++bits) {
    const float half = halfOfBits(bits);
    // The one after the largest would be 65536.
    const float next = bits == 0x7bff ? 65536.0f : halfOfBits(bits + 1);
    const float above = bits == 0x7bff ? Infinity : next;
    const float middle = (half + next) / 2;
    add(half, half);
    add(middle, bits % 2 ? above : half);
    add(std::nextafter(middle, 0.0f), half);
    add(std::nextafter(middle, Infinity), above);
  }
  add(1e30f, Infinity);
  add(Infinity, Infinity);
  add(1e-30f, 0.0f);
  EXPECT_TRUE(sameBits(toHalf(values), expected));
  EXPECT_TRUE(std::isnan(toHalf({std::numeric_limits<float>::quiet_NaN()})[0]));
}

/// Values of 8 bits, scales of 1 + 7 and offsets of 7 + 1 (Ferro et al. 2024).
constexpr FixedPointNumbers Numbers = {
    {1, -128, 127}, {128, 0, 255}, {2, -128, 127}};

/// round(x s + o) over all 2^24 combinations of an 8-bit x, s in 1.7 and o in
/// 7.1 bits, to the bit (Ferro et al. 2024).
TEST(Formats, FixedPointIsIntegerArithmetic) {
  std::vector<float> x(256), scale(256), offset(256);
  for (int i = 0; i < 256; ++i) {
    x[i] = static_cast<float>(i - 128);
    scale[i] = static_cast<float>(i) / 128;
    offset[i] = static_cast<float>(i - 128) / 2;
  }
  for (const Engine *engine : availableEngines()) {
    std::vector<float> y(256);
    int64_t wrong = 0;
    for (int s = 0; s < 256; ++s)
      for (int o = 0; o < 256; ++o) {
        engine->fixedPoint(&Numbers, y.data(), x.data(), 1, &scale[s], 0,
                           &offset[o], 0, 256);
        for (int i = 0; i < 256; ++i) {
          // In 128ths; half of one more, and the fraction goes.
          const int sum = (i - 128) * s + (o - 128) * 64 + 64;
          const int rounded = sum >= 0 ? sum / 128 : -((-sum + 127) / 128);
          const int expected = std::min(std::max(rounded, -128), 127);
          wrong += y[i] != static_cast<float>(expected);
        }
      }
    EXPECT_EQ(wrong, 0) << engine->name;
  }
}

/// A real scale and offset, rounded to the unit's numbers, cost at most 1.25
/// units of the result: .5 of the scale at |x| = 128, .25 of the offset, .5 of
/// the result. The mean square is that of independent uniform errors,
/// (E[x^2] / 128^2 + 1/4 + 1) / 12 = .363^2.
TEST(Formats, FixedPointIsNearRealScales) {
  // Saturation is no error of rounding.
  FixedPointNumbers wide = Numbers;
  wide.values = {1, -512, 511};
  const size_t columns = 4096;
  std::vector<float> s = randomValues(columns, 1), o = randomValues(columns, 2);
  std::vector<float> y(columns);
  for (size_t j = 0; j < columns; ++j) {
    s[j] = (s[j] + 1) * (255.0f / 256);
    o[j] = 63.5f * o[j];
  }
  for (const Engine *engine : availableEngines()) {
    double squares = 0, largest = 0;
    for (int code = -128; code <= 127; ++code) {
      const float x = static_cast<float>(code);
      engine->fixedPoint(&wide, y.data(), &x, 0, s.data(), 1, o.data(), 1,
                         columns);
      for (size_t j = 0; j < columns; ++j) {
        const double error = y[j] - (static_cast<double>(code) * s[j] + o[j]);
        largest = std::max(largest, std::abs(error));
        squares += error * error / (256.0 * columns);
      }
    }
    EXPECT_LE(largest, 1.25) << engine->name;
    EXPECT_GT(largest, 1.15) << engine->name;
    EXPECT_NEAR(std::sqrt(squares), 0.363, 0.004) << engine->name;
  }
}

/// Numbers between those of a format go to the nearest, ties to even, and those
/// beyond its ends to the ends.
TEST(Formats, FixedPointRoundsScalesAndOffsets) {
  const float x = 100, zero = 0, one = 1;
  const std::vector<float> s = {0.5f + 0.9f / 256, 0.5f + 1.0f / 256,
                                0.5f + 1.1f / 256, 3, -1};
  const std::vector<float> scaled = {50, 50, 51, 127, 0};
  // At x = 0 the result is that of the offset.
  const std::vector<float> o = {4.24f, 4.3f, -70, 70, -3.3f};
  const std::vector<float> shifted = {4, 5, -64, 64 /* 63.5 */, -3};
  std::vector<float> y(s.size());
  for (const Engine *engine : availableEngines()) {
    engine->fixedPoint(&Numbers, y.data(), &x, 0, s.data(), 1, &zero, 0,
                       static_cast<int64_t>(s.size()));
    EXPECT_EQ(y, scaled) << engine->name;
    engine->fixedPoint(&Numbers, y.data(), &zero, 0, &one, 0, o.data(), 1,
                       static_cast<int64_t>(o.size()));
    EXPECT_EQ(y, shifted) << engine->name;
  }
}

/// The widest format that a target may have is exact as well: scales of 10
/// integer bits beside offsets of 10 fraction bits.
TEST(Formats, WideFixedPointIsIntegerArithmetic) {
  const FixedPointNumbers wide = {
      {1, -512, 511}, {1, 0, 1023}, {1024, -524288, 524287}};
  std::vector<float> x(1024), y(1024);
  for (int i = 0; i < 1024; ++i)
    x[i] = static_cast<float>(i - 512);
  for (const Engine *engine : availableEngines()) {
    int64_t wrong = 0;
    for (int s = 0; s < 1024; s += s < 8 ? 1 : 127)
      for (int64_t o = -524288; o < 524288; o += 511) {
        const float scale = static_cast<float>(s);
        const float offset = static_cast<float>(o) / 1024;
        engine->fixedPoint(&wide, y.data(), x.data(), 1, &scale, 0, &offset, 0,
                           1024);
        for (int i = 0; i < 1024; ++i) {
          const int64_t sum = int64_t{i - 512} * s * 1024 + o + 512;
          const int64_t rounded =
              sum >= 0 ? sum / 1024 : -((-sum + 1023) / 1024);
          const int64_t expected =
              std::min<int64_t>(std::max<int64_t>(rounded, -512), 511);
          wrong += y[i] != static_cast<float>(expected);
        }
      }
    EXPECT_EQ(wrong, 0) << engine->name;
  }
}

TEST(Formats, FixedPointSaturatesAndKeepsNan) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> x = {300, -300, 2.5f, nan, 127, -0.4f};
  const std::vector<float> s = {1, 1, 1, 1, 1.9921875f, 1};
  const float o = 0.5f;
  std::vector<float> y(x.size());
  for (const Engine *engine : availableEngines()) {
    engine->fixedPoint(&Numbers, y.data(), x.data(), 1, s.data(), 1, &o, 0,
                       static_cast<int64_t>(x.size()));
    EXPECT_EQ(y[0], 127);
    EXPECT_EQ(y[1], -127); // -128 + .5, rounded up.
    EXPECT_EQ(y[2], 3);    // 2 is the nearest even count.
    EXPECT_TRUE(std::isnan(y[3]));
    EXPECT_EQ(y[4], 127);
    EXPECT_EQ(y[5], 1);
    // Without a limit it is the affine map.
    engine->fixedPoint(nullptr, y.data(), x.data(), 1, s.data(), 1, &o, 0,
                       static_cast<int64_t>(x.size()));
    EXPECT_EQ(y[0], 300.5f);
    EXPECT_EQ(y[2], 3);
  }
}

/// y = sum((a + c) * c) W and z = a: inputs, constants, matrices and results
/// are halves.
TEST(Formats, ProgramsRoundEachResult) {
  const int64_t width = 19, columns = 3, n = 100;
  const std::vector<float> c = randomValues(width, 1);
  const float *constants[] = {c.data()};
  const aimc_instruction instructions[] = {
      {AIMC_ADD, 2, {0, 1, -1}, -1},
      {AIMC_MULTIPLY, 3, {2, 1, -1}, -1},
      {AIMC_PRODUCT, 4, {3, -1, -1}, 0},
      {AIMC_EXPONENTIAL, 5, {4, -1, -1}, -1}};
  const int32_t widths[] = {width, width, width, width, columns, columns};
  const int32_t outputs[] = {5, 0};
  TestModel model({{"a", -1, width, 0, nullptr}}, {}, [](auto...) {});
  const std::vector<float> w = randomValues(width * columns, 2);
  model.addMatrix(width, columns, w, {});
  model.addProgram(
      {"p", "unit", 1, 1, constants, 4, instructions, widths, 2, outputs});
  NumberFormat format;
  format.kind = NumberFormat::Kind::FP16;
  const std::vector<float> a = randomValues(n * width, 3);
  const std::vector<float> ha = toHalf(a), hc = toHalf(c), hw = toHalf(w);
  for (const Engine *engine : availableEngines()) {
    std::vector<PackedMatrix> matrices = {
        PackedMatrix(*engine, w.data(), columns, width, columns)};
    RowProgram program(model.get().programs[0], *engine, matrices, format);
    std::vector<float> x = a, y(n * columns), z(n * width);
    const aimc_tensor input = view(x, width);
    const aimc_tensor results[] = {view(y, columns), view(z, width)};
    Workers workers(1);
    program.run(workers, &input, results);
    EXPECT_TRUE(sameBits(z, ha));
    EXPECT_TRUE(sameBits(x, a)) << "the input is not changed";
    for (int64_t i = 0; i < n; ++i)
      for (int64_t j = 0; j < columns; ++j) {
        float chain = 0;
        for (int64_t k = 0; k < width; ++k) {
          const float sum = toHalf({ha[i * width + k] + hc[k]})[0];
          chain =
              std::fma(toHalf({sum * hc[k]})[0], hw[k * columns + j], chain);
        }
        const float expected = std::exp(toHalf({chain})[0]);
        // A unit of the last place of a half.
        EXPECT_NEAR(y[i * columns + j], expected, expected * 0x1p-10f);
        EXPECT_EQ(y[i * columns + j], toHalf({y[i * columns + j]})[0]);
      }
  }
}

/// The simulator computes a unit's programs in its format, the exact device in
/// FP32; a fixed-point unit asks for programs that are folded.
TEST(Formats, DevicesTakeTheFormatOfTheUnit) {
  const std::string half(*TargetDescription::builtin("hermes"));
  const auto with = [&](const std::string &format) {
    const std::string own = "\"format\": \"fp16\",";
    std::string text = half;
    return text.replace(text.find(own), own.size(), format);
  };
  const std::string single = with("");
  const float three = 3, scale = 0.5f, offset = 0.5f;
  const float *constants[] = {&three, &scale, &offset};
  const aimc_instruction divide = {AIMC_DIVIDE, 4, {0, 1, -1}, -1};
  const aimc_instruction fold = {AIMC_FIXED_POINT, 4, {0, 2, 3}, -1};
  const int32_t widths[] = {1, 1, 1, 1, 1}, outputs[] = {4};
  const auto run = [&](const aimc_instruction &instruction,
                       const std::string &target, const char *device,
                       float input, std::string &error,
                       std::vector<std::string> without = {}) {
    TestModel model(
        {{"a", -1, 1, 0, nullptr}}, {{"y", -1, 1, 0, nullptr}},
        [](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
          out[0] = TestModel::allocate(in[0].sizes[0], 1);
          aimc_digital(context, 0, 0, 1, in, 1, out);
        });
    model.addProgram(
        {"p", "local", 1, 3, constants, 1, &instruction, widths, 1, outputs});
    model.target = target;
    ContextOptions options;
    options.device = device;
    options.without = std::move(without);
    auto context = Context::create(model.get(), options, error);
    std::vector<float> x = {input};
    return context ? runContext(*context, {view(x, 1)}, 0, error)
                   : std::vector<float>();
  };
  std::string error;
  EXPECT_EQ(run(divide, single, "simulator", 1, error)[0], 1 / 3.0f);
  EXPECT_EQ(run(divide, half, "exact", 1, error)[0], 1 / 3.0f);
  EXPECT_EQ(run(divide, half, "simulator", 1, error)[0], toHalf({1 / 3.0f})[0]);
  EXPECT_EQ(run(divide, half, "simulator", 1, error, {"digital_format"})[0],
            1 / 3.0f);
  const std::string fixed =
      with("\"format\": \"fixed_point\", \"fixed_point\": {\"value_bits\": 8, "
           "\"scale_integer_bits\": 1, \"scale_fraction_bits\": 7, "
           "\"offset_integer_bits\": 7, \"offset_fraction_bits\": 1, "
           "\"provenance\": \"assumed\"},");
  EXPECT_EQ(run(fold, fixed, "simulator", 2.7f, error)[0], 2);
  EXPECT_EQ(run(fold, fixed, "exact", 2.75f, error)[0], 1.875f);
  EXPECT_TRUE(run(divide, fixed, "simulator", 1, error).empty());
  EXPECT_EQ(error, "program 'p' of fixed-point unit 'local' expects to be "
                   "folded (aimc-fold-nmpu), but has no 'fixed_point'");
}

} // namespace
