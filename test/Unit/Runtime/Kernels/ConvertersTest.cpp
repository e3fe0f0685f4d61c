//===- ConvertersTest.cpp - Kernels of the converters -----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each step of a conversion against its formula, and the same bits on every
// engine.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Simulator/Converters.h"
#include "../Support.h"
#include "Runtime/Kernels/Engine.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr float Infinity = std::numeric_limits<float>::infinity();
constexpr float NotANumber = std::numeric_limits<float>::quiet_NaN();

/// The outputs of all engines, which must have the same bits.
template <typename Kernel>
std::vector<float> onEachEngine(size_t count, Kernel kernel) {
  std::vector<float> first;
  for (const Engine *engine : availableEngines()) {
    std::vector<float> y(count, 1.0f);
    kernel(*engine, y);
    if (first.empty())
      first = y;
    EXPECT_TRUE(sameBits(y, first)) << engine->name;
  }
  return first;
}

AdcRequest request(float range, float levels) {
  AdcRequest result = {};
  result.range = range;
  result.levels = levels;
  result.inputRange = result.largestWeight = 1;
  result.saturation = Infinity;
  result.phases = 1;
  return result;
}

std::vector<float> convert(const AdcRequest &request,
                           const std::vector<float> &sums, size_t count) {
  return onEachEngine(count, [&](const Engine &engine, std::vector<float> &y) {
    engine.adc(request, y.data(), sums.data(), count);
  });
}

TEST(Converters, TowardZeroHasADeadZone) {
  // Counters count completed cycles: up to a step is 0 on either side.
  AdcRequest adc = request(4, 4);
  adc.towardZero = true;
  const std::vector<float> sums = {0,     0.99f, -0.99f, 1,     1.99f,
                                   -1.5f, 3.7f,  9,      -9.2f, -0.0f};
  EXPECT_EQ(convert(adc, sums, sums.size()),
            (std::vector<float>{0, 0, 0, 1, 1, -1, 3, 4, -4, 0}));
  adc.towardZero = false;
  EXPECT_EQ(convert(adc, sums, sums.size()),
            (std::vector<float>{0, 1, -1, 1, 2, -2, 4, 4, -4, 0}));
}

/// Inputs and sums of a whole number of steps keep it, whatever the range; what
/// is further below than rounding can be falls to the step below.
TEST(Converters, TowardZeroKeepsWholeSteps) {
  std::mt19937 generator(1);
  std::uniform_real_distribution<float> uniform(0.01f, 10);
  for (float levels : {1.0f, 7.0f, 127.0f, 2047.0f, 32767.0f})
    for (int trial = 0; trial < 200; ++trial) {
      const float ranges[] = {1, 0.8f, 3, 2.5f};
      const float range = trial < 4 ? ranges[trial] : uniform(generator);
      const int count = static_cast<int>(std::min(levels, 127.0f));
      std::vector<float> x;
      for (int k = 0; k <= count; ++k) {
        const double step = std::floor(static_cast<double>(levels) * k / count);
        // As a user computes them: in FP64, and in FP32 in both orders.
        x.push_back(static_cast<float>(step * range / levels));
        x.push_back(static_cast<float>(step) * range / levels);
        x.push_back(static_cast<float>(step) * (range / levels));
        x.push_back(-x.back());
        x.push_back(static_cast<float>(step * range / levels * (1 - 1e-6)));
      }
      DacRequest dac = {range, levels};
      dac.towardZero = true;
      const std::vector<float> inputs = onEachEngine(
          x.size(), [&](const Engine &engine, std::vector<float> &y) {
            engine.dac(dac, y.data(), x.data(), static_cast<int64_t>(x.size()));
          });
      AdcRequest adc = request(range, levels);
      adc.towardZero = true;
      const std::vector<float> sums = convert(adc, x, x.size());
      for (size_t i = 0; i < x.size(); ++i) {
        const int k = static_cast<int>(i / 5);
        double step = std::floor(static_cast<double>(levels) * k / count);
        if (i % 5 == 3)
          step = -step;
        if (i % 5 == 4)
          step = std::max(step - 1, 0.0);
        ASSERT_EQ(std::nearbyint(inputs[i] * levels), step)
            << range << " " << levels << " " << i;
        ASSERT_NEAR(sums[i] / range * levels, step, 1e-6 * levels)
            << range << " " << levels << " " << i;
      }
    }
}

TEST(Converters, CubicCurve) {
  AdcRequest adc = request(2, 0);
  adc.cubic = 0.3f;
  const std::vector<float> sums = {0, 1, -1, 2, 5, -5, 0.5f, NotANumber};
  const std::vector<float> y = convert(adc, sums, sums.size());
  for (size_t i = 0; i + 1 < sums.size(); ++i) {
    const double u = std::min(std::max(sums[i] / 2.0, -1.0), 1.0);
    EXPECT_NEAR(y[i], 2 * (u - 0.3 * u * u * u), 1e-6) << sums[i];
  }
  EXPECT_TRUE(std::isnan(y.back()));
}

TEST(Converters, CurveOfATable) {
  AdcRequest adc = request(2, 0);
  const std::vector<float> table = {-0.9f, -0.6f, 0.1f, 0.5f, 0.8f};
  adc.table = table.data();
  adc.tableSize = 5;
  const std::vector<float> sums = {-2,    -1.5f, -1,         0,   0.25f,
                                   1.75f, 2,     NotANumber, 1e9f};
  const std::vector<float> y = convert(adc, sums, sums.size());
  const double expected[] = {-0.9, -0.75, -0.6, 0.1, 0.2, 0.725, 0.8};
  for (size_t i = 0; i < 7; ++i)
    EXPECT_NEAR(y[i], 2 * expected[i], 1e-6) << sums[i];
  EXPECT_TRUE(std::isnan(y[7]));
  EXPECT_EQ(y[8], y[6]);

  // A table of the cubic curve gives the curve.
  std::vector<float> fine(1001);
  for (int i = 0; i <= 1000; ++i) {
    const double u = i / 500.0 - 1;
    fine[i] = static_cast<float>(u - 0.3 * u * u * u);
  }
  const std::vector<float> many = randomValues(1000, 1);
  adc = request(1, 0);
  adc.cubic = 0.3f;
  const std::vector<float> curved = convert(adc, many, many.size());
  adc.cubic = 0;
  adc.table = fine.data();
  adc.tableSize = 1001;
  const std::vector<float> joined = convert(adc, many, many.size());
  for (size_t i = 0; i < many.size(); ++i)
    EXPECT_NEAR(joined[i], curved[i], 2e-6);
}

TEST(Converters, GainsAndOffsetsAndTheirCorrection) {
  const size_t count = 37;
  AdcRequest adc = request(4, 127);
  std::vector<float> gains = randomValues(count, 1),
                     offsets = randomValues(count, 2);
  for (size_t i = 0; i < count; ++i) {
    gains[i] = 1 + 0.1f * gains[i];
    offsets[i] *= 0.05f;
  }
  adc.gains = gains.data();
  adc.offsets = offsets.data();
  const std::vector<float> sums = randomValues(count, 3);
  std::vector<float> y = convert(adc, sums, count);
  for (size_t i = 0; i < count; ++i)
    EXPECT_NEAR(y[i], sums[i] * gains[i] + offsets[i] * 4, 0.5001 * 4 / 127);
  // What is known exactly is taken away but for the step.
  adc.gainEstimates = gains.data();
  adc.offsetEstimates = offsets.data();
  y = convert(adc, sums, count);
  for (size_t i = 0; i < count; ++i)
    EXPECT_NEAR(y[i], sums[i], 0.5001 * 4 / 127 / gains[i]);
  // Full scale is that of the corrected value.
  const std::vector<float> large(count, 100.0f);
  for (float value : convert(adc, large, count))
    EXPECT_EQ(value, 4);
}

TEST(Converters, SaturationLimitsTheSumWithItsNoise) {
  AdcRequest adc = request(10, 0);
  adc.saturation = 2;
  const std::vector<float> normals = {1, -1, 0.5f, 1};
  adc.noise = 0.5f;
  adc.normals = normals.data();
  EXPECT_EQ(convert(adc, {5, -1, 1, 1.75f}, 4),
            (std::vector<float>{2, -1.5f, 1.25f, 2}));
}

TEST(Converters, FourPhasesAreConvertedApart) {
  const size_t count = 35, stride = 40;
  AdcRequest adc = request(4, 16);
  adc.phases = 4;
  adc.phaseStride = adc.normalsStride = stride;
  adc.towardZero = true;
  std::vector<float> sums = randomValues(4 * stride, 1);
  for (float &sum : sums)
    sum = 3 * std::abs(sum);
  const std::vector<float> y = convert(adc, sums, count);
  for (size_t i = 0; i < count; ++i) {
    const auto counts = [&](int phase) {
      return std::trunc(sums[phase * stride + i] * 4);
    };
    const float expected = (counts(0) - counts(1) - counts(2) + counts(3)) / 4;
    EXPECT_EQ(y[i], std::min(std::max(expected, -4.0f), 4.0f));
  }
  // Each phase has noise of its own; offsets go away.
  const std::vector<float> normals = randomValues(4 * stride, 2),
                           offsets(stride, 0.25f);
  adc.levels = 0;
  adc.noise = 0.1f;
  adc.normals = normals.data();
  adc.offsets = adc.offsetEstimates = offsets.data();
  const std::vector<float> noisy = convert(adc, sums, count);
  for (size_t i = 0; i < count; ++i) {
    double expected = 0;
    for (int phase = 0; phase < 4; ++phase)
      expected +=
          (phase == 1 || phase == 2 ? -1 : 1) *
          (sums[phase * stride + i] + 0.1 * normals[phase * stride + i]);
    EXPECT_NEAR(noisy[i], expected, 2e-6);
  }
}

TEST(Converters, AddsToWhatIsThere) {
  AdcRequest adc = request(4, 4);
  adc.add = true;
  adc.saturation = 100;
  adc.inputRange = 2;
  adc.largestWeight = 3;
  EXPECT_EQ(convert(adc, {1, 2.2f}, 2), (std::vector<float>{7, 13}));
}

TEST(Converters, StochasticRoundingIsRightOnAverage) {
  const int64_t count = 64, vectors = 4000;
  const StreamKey key = deriveStream(3, Effect::InputRounding);
  std::vector<float> x(count);
  for (int64_t i = 0; i < count; ++i)
    x[i] = static_cast<float>(i) / 32 - 1; // Every second is a whole step.
  std::vector<double> sums(count);
  for (int64_t vector = 0; vector < vectors; ++vector) {
    const std::vector<float> y =
        onEachEngine(count, [&](const Engine &engine, std::vector<float> &out) {
          std::vector<uint32_t> words(count);
          drawWords(engine, key, vector, count, words.data());
          DacRequest dac = {1, 16};
          dac.random = words.data();
          engine.dac(dac, out.data(), x.data(), count);
        });
    for (int64_t i = 0; i < count; ++i) {
      // One of the two neighbours; a whole step stays.
      EXPECT_LE(std::abs(y[i] - x[i]), i % 2 ? 1.0f / 32 : 0.0f);
      sums[i] += y[i];
    }
  }
  // Half a step of deviation: five standard errors.
  for (int64_t i = 0; i < count; ++i)
    EXPECT_NEAR(sums[i] / vectors, x[i], 5.0 / 32 / std::sqrt(vectors));
}

TEST(Converters, InputsAreRoundedTowardZero) {
  const std::vector<float> x = {0.24f, -0.24f, 0.49f, -0.99f, 2, NotANumber};
  const std::vector<float> y =
      onEachEngine(6, [&](const Engine &engine, std::vector<float> &out) {
        DacRequest dac = {1, 4};
        dac.towardZero = true;
        engine.dac(dac, out.data(), x.data(), 6);
      });
  for (const auto &[i, expected] :
       {std::pair(0, 0.0f), {1, 0.0f}, {2, 0.25f}, {3, -0.75f}, {4, 1.0f}})
    EXPECT_EQ(y[i], expected) << i;
  EXPECT_TRUE(std::isnan(y[5]));
}

TEST(Converters, StochasticRoundingClips) {
  std::vector<uint32_t> words(64, 0); // Rounds up whatever is not whole.
  const std::vector<float> x = {2, -2, 0.99f, NotANumber};
  const std::vector<float> y =
      onEachEngine(4, [&](const Engine &engine, std::vector<float> &out) {
        DacRequest dac = {1, 4};
        dac.random = words.data();
        engine.dac(dac, out.data(), x.data(), 4);
      });
  EXPECT_EQ(y[0], 1);
  EXPECT_EQ(y[1], -1);
  EXPECT_EQ(y[2], 1);
  EXPECT_TRUE(std::isnan(y[3]));
}

TEST(Converters, CountsValuesBeyondALimit) {
  std::vector<float> values = randomValues(1000, 1);
  int64_t expected = 0;
  for (float value : values)
    expected += std::abs(value) > 0.7f;
  values.insert(values.end(), {NotANumber, Infinity, -Infinity, 0.7f, -0.7f});
  for (const Engine *engine : availableEngines())
    EXPECT_EQ(engine->countBeyond(values.data(), values.size(), 0.7f),
              expected + 2)
        << engine->name;
}

TEST(Converters, ColumnErrorsBelongToTheColumn) {
  const Engine &engine = *availableEngines().back();
  Converter adc;
  adc.bits = 8;
  adc.gainSpread = 0.07;
  adc.offsetSpread = 0.02;
  const aimc_tile tile = {0, 0, 10, 256, 0, 3, 0, 0};
  const ColumnErrors whole = drawColumnErrors(adc, engine, tile, 5);
  EXPECT_TRUE(whole.gainEstimates.empty());
  EXPECT_TRUE(whole.offsetEstimates.empty());
  double mean = 0, square = 0;
  for (float gain : whole.gains) {
    mean += (gain - 1) / 256;
    square += (gain - 1) * (gain - 1) / 256;
  }
  // Three standard errors of 256 values.
  EXPECT_NEAR(mean, 0, 3 * 0.07 / 16);
  EXPECT_NEAR(std::sqrt(square), 0.07, 3 * 0.07 / std::sqrt(512.0));
  // Whatever rows and part of the columns a tile takes.
  const ColumnErrors part =
      drawColumnErrors(adc, engine, {5, 7, 3, 20, 0, 3, 100, 40}, 5);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(part.gains[i], whole.gains[i + 40]);
    EXPECT_EQ(part.offsets[i], whole.offsets[i + 40]);
  }
  for (const aimc_tile &other : {aimc_tile{0, 0, 10, 256, 0, 4, 0, 0},
                                 aimc_tile{0, 0, 10, 256, 1, 3, 0, 0}})
    EXPECT_FALSE(
        sameBits(drawColumnErrors(adc, engine, other, 5).gains, whole.gains));
  EXPECT_FALSE(
      sameBits(drawColumnErrors(adc, engine, tile, 6).gains, whole.gains));

  // A correction knows the error up to its residual.
  adc.corrected = true;
  adc.gainResidual = 0.005;
  const ColumnErrors known = drawColumnErrors(adc, engine, tile, 5);
  EXPECT_TRUE(sameBits(known.offsetEstimates, whole.offsets));
  double residual = 0;
  for (int i = 0; i < 256; ++i)
    residual += std::pow(known.gainEstimates[i] / whole.gains[i] - 1, 2) / 256;
  EXPECT_NEAR(std::sqrt(residual), 0.005, 3 * 0.005 / std::sqrt(512.0));
}

TEST(Converters, MeasuredColumnsStandInTheirPlaces) {
  const Engine &engine = *availableEngines().back();
  Converter adc;
  adc.bits = 8;
  adc.gains = {{0.9, 1, 1.1, 1.2, 0.8, 0.7, 1.3, 1.4}, 2, 2};
  adc.offsets = {{0.25, -0.5}, 2, 0};
  // Column 1 of core 1 of chip 1, and all columns of core 0 of chip 0.
  const ColumnErrors one =
      drawColumnErrors(adc, engine, {0, 0, 10, 1, 1, 1, 0, 1}, 5);
  EXPECT_EQ(one.gains, std::vector<float>{1.4f});
  EXPECT_EQ(one.offsets, std::vector<float>{-0.5f});
  EXPECT_TRUE(one.gainEstimates.empty());
  const aimc_tile tile = {0, 0, 10, 2, 0, 0, 0, 0};
  const ColumnErrors two = drawColumnErrors(adc, engine, tile, 5);
  EXPECT_EQ(two.gains, (std::vector<float>{0.9f, 1}));
  EXPECT_EQ(two.offsets, (std::vector<float>{0.25f, -0.5f}));
  // They are no draws, but a correction that knows them is one.
  EXPECT_EQ(drawColumnErrors(adc, engine, tile, 6).gains, two.gains);
  adc.corrected = true;
  const ColumnErrors exact = drawColumnErrors(adc, engine, tile, 5);
  EXPECT_EQ(exact.gainEstimates, two.gains);
  EXPECT_EQ(exact.offsetEstimates, two.offsets);
  adc.gainResidual = adc.offsetResidual = 0.1;
  const ColumnErrors known = drawColumnErrors(adc, engine, tile, 5);
  EXPECT_EQ(known.gains, two.gains);
  EXPECT_NE(known.gainEstimates, two.gains);
  EXPECT_NE(known.offsetEstimates, two.offsets);
}

} // namespace
