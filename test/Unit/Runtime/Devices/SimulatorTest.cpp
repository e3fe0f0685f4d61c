//===- SimulatorTest.cpp - The simulated device ---------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Converters and noise against a direct computation, and independence of
// everything that must not matter.
//
//===----------------------------------------------------------------------===//

#include "Simulation.h"

#include <cmath>
#include <limits>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr int64_t Rows = 100, Columns = 70;

std::unique_ptr<TestModel> exampleModel() {
  return TestModel::product(Rows, Columns, randomValues(Rows * Columns, 2),
                            cutTiles(Rows, Columns, 64, 50));
}

TEST(Simulator, ConvertersAreTheFormula) {
  TargetDescription target = idealTarget();
  target.dac = converter(6, 1.0);
  target.adc = converter(7, 10.0);
  Simulation simulation(exampleModel(), target);
  ASSERT_TRUE(simulation.device) << simulation.error;
  const int64_t n = 20;
  const std::vector<float> x = randomValues(n * Rows, 1);
  const float inputRange = 0.8f, outputRange = 3.0f;
  const std::vector<float> y = simulation.mvm(x, inputRange, outputRange);
  const aimc_matrix &matrix = simulation.model->matrix(0);
  const float step = outputRange / 63.0f;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t c = 0; c < Columns; ++c) {
      float sum = 0;
      for (int64_t start = 0; start < Rows; start += 64) {
        const int64_t end = std::min<int64_t>(start + 64, Rows);
        const int64_t firstColumn = c / 50 * 50;
        float largest = 0;
        for (int64_t k = start; k < end; ++k)
          for (int64_t j = firstColumn;
               j < std::min<int64_t>(firstColumn + 50, Columns); ++j)
            largest =
                std::max(largest, std::abs(matrix.weights[k * Columns + j]));
        float chain = 0;
        for (int64_t k = start; k < end; ++k) {
          const float steps =
              std::nearbyint(x[i * Rows + k] / inputRange * 31.0f);
          const float quantised = std::clamp(steps, -31.0f, 31.0f) / 31.0f;
          chain = std::fma(quantised, matrix.weights[k * Columns + c] / largest,
                           chain);
        }
        const float q = std::clamp(std::nearbyint(chain / step) * step,
                                   -outputRange, outputRange);
        const float partial = q * inputRange * largest;
        sum = start ? sum + partial : partial;
      }
      ASSERT_EQ(y[i * Columns + c], sum) << i << " " << c;
    }
}

TEST(Simulator, NothingButTheSeedsMatters) {
  TargetDescription target = idealTarget();
  target.dac = converter(8, 1.0);
  target.adc = converter(8, 10.0);
  target.device = deviceOf("hermes");
  target.device.outputNoise = 0.04;
  const int64_t n = 50;
  const std::vector<float> x = randomValues(n * Rows, 1);
  ContextOptions options;
  options.programSeed = 1;
  options.readSeed = 2;
  const std::vector<float> expected =
      Simulation(exampleModel(), target, options).mvm(x, 1, 10);
  EXPECT_EQ(hashBits(expected), 14327502262409291229u);
  for (const Engine *engine : availableEngines())
    for (int threads : {1, 2}) {
      ContextOptions other = options;
      other.engine = engine->name;
      other.threads = threads;
      Simulation simulation(exampleModel(), target, other);
      EXPECT_TRUE(sameBits(simulation.mvm(x, 1, 10), expected))
          << engine->name << " " << threads;
      EXPECT_TRUE(sameBits(simulation.mvmInParts(x, 1, 10, 7), expected))
          << engine->name;
      // Other sites and vectors have noise of their own.
      EXPECT_FALSE(sameBits(simulation.mvm(x, 1, 10, 8), expected));
      EXPECT_FALSE(sameBits(simulation.mvm(x, 1, 10, 7, 1), expected));
      const int64_t far = int64_t{1} << 32;
      EXPECT_FALSE(sameBits(simulation.mvm(x, 1, 10, far + 7), expected));
      EXPECT_FALSE(sameBits(simulation.mvm(x, 1, 10, 7, far), expected));
    }
  options.readSeed = 3;
  EXPECT_FALSE(sameBits(
      Simulation(exampleModel(), target, options).mvm(x, 1, 10), expected));
  options.readSeed = 2;
  options.programSeed = 3;
  EXPECT_FALSE(sameBits(
      Simulation(exampleModel(), target, options).mvm(x, 1, 10), expected));
}

TEST(Simulator, OutputNoiseHasItsDeviation) {
  TargetDescription target = idealTarget();
  target.device.outputNoise = 0.04;
  auto model = TestModel::product(10, 100, randomValues(1000, 2),
                                  cutTiles(10, 100, 10, 100));
  const std::vector<float> w(model->matrix(0).weights,
                             model->matrix(0).weights + 1000);
  float largest = 0;
  for (float weight : w)
    largest = std::max(largest, std::abs(weight));
  Simulation simulation(std::move(model), target);
  const std::vector<float> y =
      simulation.mvm(std::vector<float>(1000 * 10), 2.0f, 10);
  double square = 0, lag = 0;
  for (size_t i = 0; i < y.size(); ++i) {
    square += static_cast<double>(y[i]) * y[i] / y.size();
    if (i)
      lag += static_cast<double>(y[i]) * y[i - 1] / y.size();
  }
  // Of 10^5 values the deviation is known to 0.22 % and the correlation to
  // 0.32 % (one standard error).
  const double expected = 0.04 * 2 * largest;
  EXPECT_NEAR(std::sqrt(square), expected, 0.01 * expected);
  EXPECT_NEAR(lag, 0, 0.015 * expected * expected);
}

/// With converters alone every copy is the same, and so is the mean of two and
/// of four: adding doubles them exactly where one tile has all rows.
TEST(Simulator, CopiesAreAveraged) {
  TargetDescription target = idealTarget();
  target.dac = converter(6, 1.0);
  target.adc = converter(7, 10.0);
  const std::vector<float> w = randomValues(Rows * Columns, 2);
  const std::vector<aimc_tile> tiles = cutTiles(Rows, Columns, Rows, 50);
  const std::vector<float> x = randomValues(20 * Rows, 1);
  const auto run = [&](int64_t copies) {
    return Simulation(TestModel::product(Rows, Columns, w,
                                         copyTiles(tiles, copies), 1, 10,
                                         copies),
                      target)
        .mvm(x, 0.8f, 3);
  };
  EXPECT_TRUE(sameBits(run(2), run(1)));
  EXPECT_TRUE(sameBits(run(4), run(1)));

  // With programming noise the mean is of what each copy would give alone.
  target.device = deviceOf("hermes");
  const auto program = [&](std::vector<aimc_tile> table, int64_t copies) {
    return Simulation(TestModel::product(Rows, Columns, w, std::move(table), 1,
                                         10, copies),
                      target)
        .mvm(x, 0.8f, 3);
  };
  const std::vector<aimc_tile> both = copyTiles(tiles, 2);
  const std::vector<float> mean = program(both, 2),
                           first = program({both.begin(), both.begin() + 2}, 1),
                           second = program({both.begin() + 2, both.end()}, 1);
  EXPECT_FALSE(sameBits(first, second));
  for (size_t i = 0; i < mean.size(); ++i)
    ASSERT_EQ(mean[i], (first[i] + second[i]) / 2) << i;
}

/// A model whose copies of a matrix share the vectors.
std::unique_ptr<TestModel> sharingModel(const std::vector<float> &weights,
                                        std::vector<aimc_tile> tiles,
                                        int64_t copies) {
  auto model = TestModel::product(Rows, Columns, weights, std::move(tiles), 1,
                                  10, copies);
  model->matrix(0).copy_rule = AIMC_COPIES_SHARE;
  return model;
}

/// Of copies that share the vectors, each vector is what the copy of its index
/// in the data set gives alone.
TEST(Simulator, CopiesShareVectors) {
  TargetDescription target = idealTarget();
  target.device = deviceOf("hermes");
  target.dac = converter(8, 1.0);
  target.adc = converter(8, 10.0);
  const std::vector<float> w = randomValues(Rows * Columns, 2);
  const std::vector<aimc_tile> tiles = cutTiles(Rows, Columns, 30, 50);
  const int64_t vectors = 600, copies = 3;
  const std::vector<float> x = randomValues(vectors * Rows, 1);
  const std::vector<aimc_tile> all = copyTiles(tiles, copies);
  std::vector<std::vector<float>> alone;
  for (int64_t copy = 0; copy < copies; ++copy) {
    const auto first = all.begin() + copy * tiles.size();
    alone.push_back(
        Simulation(sharingModel(w, {first, first + tiles.size()}, 1), target)
            .mvm(x, 0.8f, 3));
  }
  EXPECT_FALSE(sameBits(alone[0], alone[1]));
  const int64_t firstVector = 100;
  const std::vector<float> shared =
      Simulation(sharingModel(w, all, copies), target)
          .mvm(x, 0.8f, 3, 7, firstVector);
  for (int64_t v = 0; v < vectors; ++v)
    for (int64_t c = 0; c < Columns; ++c)
      ASSERT_EQ(shared[v * Columns + c],
                alone[(firstVector + v) % copies][v * Columns + c])
          << v;
}

/// Nor do threads, engines and cuts of the batch matter then, with more copies
/// than vectors in a cut, every noise and drift compensation too.
TEST(Simulator, NothingButTheSeedsMattersToSharingCopies) {
  std::string error;
  TargetDescription target = *TargetDescription::load("hermes", error);
  const std::vector<float> w = randomValues(Rows * Columns, 2);
  const int64_t copies = 11;
  const std::vector<aimc_tile> all =
      copyTiles(cutTiles(Rows, Columns, 30, 50), copies);
  const std::vector<float> x = randomValues(150 * Rows, 1);
  ContextOptions options;
  options.time = 3600;
  const std::vector<float> expected =
      Simulation(sharingModel(w, all, copies), target, options).mvm(x, 1, 10);
  for (const Engine *engine : availableEngines())
    for (int threads : {1, 2}) {
      ContextOptions other = options;
      other.engine = engine->name;
      other.threads = threads;
      Simulation simulation(sharingModel(w, all, copies), target, other);
      EXPECT_TRUE(sameBits(simulation.mvm(x, 1, 10), expected))
          << engine->name << " " << threads;
      EXPECT_TRUE(sameBits(simulation.mvmInParts(x, 1, 10, 7), expected))
          << engine->name << " " << threads;
    }
  Simulation later(sharingModel(w, all, copies), target, options);
  EXPECT_FALSE(sameBits(later.mvm(x, 1, 10, 7, 1), expected));
}

/// The root mean square error of products with `copies` copies of a matrix of
/// one tile against the exact ones, for converters without steps.
double errorOfCopies(const DeviceModel &device, int64_t copies) {
  TargetDescription target = idealTarget();
  target.device = device;
  const int64_t n = 100, rows = 64, columns = 128;
  const std::vector<float> x = randomValues(n * rows, 1),
                           w = randomValues(rows * columns, 2);
  const std::vector<float> y =
      Simulation(TestModel::product(
                     rows, columns, w,
                     copyTiles(cutTiles(rows, columns, rows, columns), copies),
                     1, 10, copies),
                 target)
          .mvm(x, 1, 10);
  double square = 0;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t c = 0; c < columns; ++c) {
      double sum = 0;
      for (int64_t k = 0; k < rows; ++k)
        sum += static_cast<double>(x[i * rows + k]) * w[k * columns + c];
      square += std::pow(y[i * columns + c] - sum, 2) / (n * columns);
    }
  return std::sqrt(square);
}

TEST(Simulator, NoiseFallsWithTheRootOfTheCopies) {
  DeviceModel outputs = idealTarget().device;
  outputs.outputNoise = 0.04;
  DeviceModel weights = deviceOf("hermes");
  // The unused side of a pair of conductances has only the noise above 0, so
  // the mean of a weight as programmed is a little off, which no average mends.
  for (const auto &[device, tolerance] :
       {std::make_pair(outputs, 0.02), std::make_pair(weights, 0.05)}) {
    const double one = errorOfCopies(device, 1);
    EXPECT_GT(one, 0.01);
    for (int64_t copies : {2, 4, 8, 16, 32}) {
      const double ratio =
          errorOfCopies(device, copies) / one * std::sqrt(copies);
      EXPECT_NEAR(ratio, 1, tolerance) << copies << " " << device.kind;
    }
  }
}

TEST(Simulator, IdealPartsGiveTheBitsOfExact) {
  const std::vector<float> x = randomValues(10 * Rows, 1);
  auto model = exampleModel();
  std::string error;
  auto context = Context::create(model->get(), {}, error);
  ASSERT_TRUE(context) << error;
  std::vector<float> copy = x;
  const std::vector<float> expected =
      runContext(*context, {view(copy, Rows)}, 0, error);
  Simulation simulation(exampleModel(), idealTarget());
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(sameBits(simulation.mvm(x, infinity, infinity), expected));
}

TEST(Simulator, RunsBehindAContextOnTheBuiltinTarget) {
  auto model = exampleModel();
  model->target = std::string(*TargetDescription::builtin("hermes"));
  ContextOptions options;
  options.device = "simulator";
  std::string error;
  auto context = Context::create(model->get(), options, error);
  ASSERT_TRUE(context) << error;
  auto exact = Context::create(model->get(), {}, error);
  std::vector<float> x = randomValues(200 * Rows, 1);
  const std::vector<float> y = runContext(*context, {view(x, Rows)}, 0, error);
  const std::vector<float> expected =
      runContext(*exact, {view(x, Rows)}, 0, error);
  double difference = 0, norm = 0;
  for (size_t i = 0; i < y.size(); ++i) {
    difference += std::pow(y[i] - expected[i], 2);
    norm += std::pow(expected[i], 2);
  }
  // About .1 by programming; output noise of .04 and steps of 10 / 127 against
  // sums of deviation 2.7 add less than .02 in the square.
  const double relative = std::sqrt(difference / norm);
  EXPECT_GT(relative, 0.05);
  EXPECT_LT(relative, 0.2);
}

TEST(Simulator, Errors) {
  auto model = exampleModel();
  ContextOptions options;
  options.device = "simulator";
  std::string error;
  EXPECT_FALSE(Context::create(model->get(), options, error));
  EXPECT_EQ(error,
            "device 'simulator' expects a model with a target, but got none");
  for (auto [time, text] :
       {std::pair{-1.0, "-1.000000"},
        {std::numeric_limits<double>::infinity(), "inf"},
        {std::numeric_limits<double>::quiet_NaN(), "nan"}}) {
    options.time = time;
    EXPECT_FALSE(Context::create(model->get(), options, error));
    EXPECT_EQ(error,
              std::string("expects a finite time of 0 s or more, but got ") +
                  text);
  }
  auto unplaced = exampleModel();
  unplaced->tiles(0)[2] = {64, 0, 36, 50, -1, -1, -1, -1};
  EXPECT_EQ(Simulation(std::move(unplaced), idealTarget()).error,
            "device 'simulator' expects tiles that are placed, but got tile 2 "
            "of matrix 'w' without a place");
  TargetDescription target = idealTarget();
  target.dac = converter(8, 1.0);
  Simulation simulation(exampleModel(), target);
  simulation.mvm(randomValues(Rows, 1), std::numeric_limits<float>::infinity(),
                 1);
  EXPECT_EQ(simulation.error,
            "mvm of 'w' expects converter ranges that are finite and not "
            "subnormal on device 'simulator', but got inf and 1");
  target.adc = converter(8, 1.0);
  Simulation quantised(exampleModel(), target);
  quantised.mvm(randomValues(Rows, 1), 1, 1e-45f);
  EXPECT_EQ(quantised.error,
            "mvm of 'w' expects converter ranges that are finite and not "
            "subnormal on device 'simulator', but got 1 and 1.4013e-45");
}

TEST(Simulator, NotANumberDoesNotCrash) {
  TargetDescription target = idealTarget();
  target.dac = converter(8, 1.0);
  target.adc = converter(8, 10.0);
  Simulation simulation(exampleModel(), target);
  std::vector<float> x(Rows, std::numeric_limits<float>::quiet_NaN());
  EXPECT_TRUE(std::isnan(simulation.mvm(x, 1, 10)[0]));
}

} // namespace
