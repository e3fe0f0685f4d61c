//===- GridTest.cpp - Resistive wires -------------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Resistances and the gain of partitions against published and independent
// figures, the solver against circuits that are solved by hand, and the
// simulator's closed form against the solver.
//
//===----------------------------------------------------------------------===//

#include "Simulation.h"
#include "aimc/Runtime/ResistiveGrid.h"

#include <cmath>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

/// The wires of Amin, Elbtity and Zand, ISCAS 2022.
const Wire wire = {27e-9, 22e-9};

TEST(ResistiveGrid, WireResistancesAreThePublishedOnes) {
  EXPECT_NEAR(wireResistance(wire, 108e-9), 9.24, 0.001 * 9.24);
  EXPECT_NEAR(wireResistance(wire, 135e-9), 11.55, 0.001 * 11.55);
}

/// One cell is three resistors in a row; two rows are a ladder.
TEST(ResistiveGrid, SmallCircuits) {
  std::string error;
  auto one = ResistiveGridSolver::create({1, 1, 1, 2, 3, {1 / 5.0}}, error);
  ASSERT_TRUE(one) << error;
  EXPECT_NEAR(one->solve({10})[0], 1, 1e-12);
  auto two = ResistiveGridSolver::create({2, 1, 1, 0, 1, {1, 1}}, error);
  ASSERT_TRUE(two) << error;
  // Potentials a, b of the line: 2 a - b = V0, -a + 3 b = V1.
  EXPECT_NEAR(two->solve({5, 0})[0], 1, 1e-12);
  EXPECT_NEAR(two->solve({0, 5})[0], 2, 1e-12);
  // A second line carries the same current, and the word line feels both.
  auto pair = ResistiveGridSolver::create({1, 1, 2, 1, 1, {0.5, 0.5}}, error);
  ASSERT_TRUE(pair) << error;
  EXPECT_NEAR(pair->solve({5})[0], 1, 1e-12);
  EXPECT_NEAR(pair->solve({5})[1], 1, 1e-12);
}

TEST(ResistiveGrid, WrongGridsAreTold) {
  const struct {
    ResistiveGrid grid;
    const char *error;
  } cases[] = {
      {{0, 1, 1, 1, 1, {}},
       "a resistive grid expects from 1 to 10000000 nodes, but got 0 x 1 cells "
       "of 1 lines"},
      {{100000, 100000, 1, 1, 1, {}},
       "a resistive grid expects from 1 to 10000000 nodes, but got 100000 x "
       "100000 cells of 1 lines"},
      {{1, 1, 1, -1, 1, {1}},
       "a resistive grid expects a resistance of 0 or more for word lines and "
       "above 0 for bit lines, but got -1.000000 and 1.000000"},
      {{1, 1, 1, 1, 0, {1}},
       "a resistive grid expects a resistance of 0 or more for word lines and "
       "above 0 for bit lines, but got 1.000000 and 0.000000"},
      {{1, 2, 1, 1, 1, {1}},
       "a resistive grid expects 2 conductances, but got 1"},
      {{1, 1, 1, 1, 1, {-1}},
       "a resistive grid expects conductances that are finite and not "
       "negative, but got -1.000000"},
  };
  for (const auto &test : cases) {
    std::string error;
    EXPECT_FALSE(ResistiveGridSolver::create(test.grid, error));
    EXPECT_EQ(error, test.error);
    EXPECT_FALSE(partitionError(test.grid, 1, 1, {1}, error));
    EXPECT_EQ(error, test.error);
  }
  std::string error;
  EXPECT_FALSE(partitionError({1, 1, 2, 1, 1, {1, 0}}, 2, 1, {1}, error));
  EXPECT_EQ(error, "a partition expects a grid of pairs, parts of at least one "
                   "row and column, and inputs of 1 values, but got 2 lines, 2 "
                   "x 1 parts and 1 values");
}

/// The layer of 400 x 120 binary weights of Amin et al., pairs of 5 and 15
/// kilohm, inputs of +-.8 V of which a fifth is high.
TEST(ResistiveGrid, CuttingAnArrayRestoresItsProducts) {
  ResistiveGrid grid = {
      400, 120, 2, wireResistance(wire, 135e-9), wireResistance(wire, 108e-9),
      {}};
  const std::vector<float> signs = randomValues(400 * 120, 1);
  for (float positive : {1.0f, -1.0f})
    for (float sign : signs)
      grid.conductances.push_back(sign * positive > 0 ? 1 / 5e3 : 1 / 15e3);
  std::vector<double> inputs;
  for (float value : randomValues(16 * 400, 2))
    inputs.push_back(value < -0.6f ? 0.8 : -0.8);
  // Figures of an independent solution for other random values. Between draws
  // they differ by some per cent, that of the whole array by more, since its
  // outputs have little to do with the ideal ones.
  const struct {
    int64_t rows, columns;
    double gain, tolerance;
  } cases[] = {{1, 1, 0.011, 0.2},
               {7, 2, 0.113, 0.05},
               {13, 4, 0.380, 0.05},
               {16, 8, 0.569, 0.05}};
  double lastError = 100;
  for (const auto &test : cases) {
    std::string error;
    const auto result =
        partitionError(grid, test.rows, test.columns, inputs, error);
    ASSERT_TRUE(result) << error;
    EXPECT_NEAR(result->gain, test.gain, test.tolerance * test.gain);
    EXPECT_LT(result->relativeError, lastError);
    lastError = result->relativeError;
  }
}

/// Outputs of an array by the grid when inputs are pulses: a row conducts while
/// its pulse lasts and is open afterwards. Pulses last whole steps; row 0 is
/// the one beside the ground.
std::vector<double> pulsedOutputs(const std::vector<float> &w, int64_t size,
                                  const std::vector<int> &pulses, int steps,
                                  double resistance, double maxConductance) {
  std::vector<double> outputs(size);
  for (int step = 0; step < steps; ++step) {
    ResistiveGrid grid = {size, size, 1, 0, resistance, {}};
    for (int64_t row = size; row-- > 0;)
      for (int64_t column = 0; column < size; ++column)
        grid.conductances.push_back(
            pulses[row] > step ? w[row * size + column] * maxConductance : 0);
    std::string error;
    const auto solver = ResistiveGridSolver::create(grid, error);
    EXPECT_TRUE(solver) << error;
    const std::vector<double> currents =
        solver->solve(std::vector<double>(size, 1.0));
    for (int64_t column = 0; column < size; ++column)
      outputs[column] += currents[column] / maxConductance / steps;
  }
  return outputs;
}

/// The closed form knows the drop to 6 % for pulses of one length, up to where
/// a fifth of the output is left, and to 25 % for pulses of all lengths, of
/// which it has too little: x_i x_k where two rows conduct at the same time for
/// min(x_i, x_k).
TEST(IrDrop, ClosedFormFollowsTheGrid) {
  const int64_t size = 256;
  const double maxConductance = 20.7e-6;
  std::vector<float> w = randomValues(size * size, 1);
  for (float &weight : w)
    weight = std::abs(weight);
  w[0] = 1;
  const struct {
    int steps;
    double resistance;
    double ofOutput, ofDrop; ///< bounds of the closed form's relative error
  } cases[] = {{1, 0.05, 0.001, 0.06}, {1, 0.35, 0.003, 0.06},
               {1, 1.0, 0.006, 0.06},  {1, 2.0, 0.02, 0.06},
               {1, 5.0, 0.02, 0.06},   {1, 9.24, 0.02, 0.06},
               {1, 20.0, 0.03, 0.06},  {1, 50.0, 0.06, 0.06},
               {8, 0.35, 0.01, 0.25},  {8, 9.24, 0.25, 0.25}};
  for (const auto &test : cases) {
    TargetDescription target = idealTarget();
    target.device.maxConductance = maxConductance * 1e6;
    target.array.segmentResistance = test.resistance;
    Simulation simulation(
        TestModel::product(size, size, w, {{0, 0, 256, 256, 0, 0, 0, 0}}),
        target);
    ASSERT_TRUE(simulation.device) << simulation.error;
    std::vector<int> pulses;
    std::vector<float> x;
    for (float value : randomValues(size, 2)) {
      pulses.push_back(static_cast<int>((value + 1) / 2 * (test.steps + 1)));
      x.push_back(static_cast<float>(pulses.back()) / test.steps);
    }
    const std::vector<float> y = simulation.mvm(x, 1, 1);
    const std::vector<double> exact = pulsedOutputs(
        w, size, pulses, test.steps, test.resistance, maxConductance);
    double difference = 0, square = 0, drop = 0;
    for (int64_t column = 0; column < size; ++column) {
      double ideal = 0;
      for (int64_t row = 0; row < size; ++row)
        ideal += x[row] * w[row * size + column];
      difference += std::pow(y[column] - exact[column], 2);
      square += std::pow(exact[column], 2);
      drop += std::pow(ideal - exact[column], 2);
    }
    EXPECT_LT(std::sqrt(difference / square), test.ofOutput)
        << test.steps << " " << test.resistance;
    EXPECT_LT(std::sqrt(difference / drop), test.ofDrop)
        << test.steps << " " << test.resistance;
  }
}

/// Whatever the wires and wherever the weights, no output has another sign than
/// without them, or is larger but by the rounding of the drop.
TEST(IrDrop, NeverReversesAnOutput) {
  const int64_t rows = 256, columns = 3;
  std::vector<float> w(rows * columns);
  for (int64_t row = 0; row < rows; ++row) {
    w[row * columns] = 1;
    w[row * columns + 1] = row < 16 ? -1.0f : 0.0f;
    w[row * columns + 2] = row >= 240 ? 1.0f : 0.0f;
  }
  for (double resistance : {0.1, 1.0, 3.0, 10.0, 100.0, 1e4, 1e6}) {
    TargetDescription target = idealTarget();
    target.device.maxConductance = 20.7;
    target.array.segmentResistance = resistance;
    Simulation simulation(
        TestModel::product(rows, columns, w, {{0, 0, 256, 3, 0, 0, 0, 0}}),
        target);
    ASSERT_TRUE(simulation.device) << simulation.error;
    const std::vector<float> y =
        simulation.mvm(std::vector<float>(rows, 1.0f), 1, 1);
    const float ideal[] = {256, -16, 16};
    for (int64_t c = 0; c < columns; ++c) {
      EXPECT_GE(y[c] / ideal[c], -1e-3f) << resistance << " " << c;
      EXPECT_LE(y[c] / ideal[c], 1.001f) << resistance << " " << c;
    }
  }
}

/// Both forms meet where one takes over, and the gain of a uniform line is that
/// of the differential equation.
TEST(IrDrop, LongLinesHaveTheirGain) {
  for (const Engine *engine : availableEngines()) {
    std::vector<float> sums(64, 1.0f), drops(64, 2 / 3.0f), currents;
    for (int i = 0; i < 64; ++i)
      currents.push_back(0.05f * static_cast<float>(i * i));
    engine->subtractVoltageDrop(1.0f, currents.data(), drops.data(),
                                sums.data(), 64);
    for (int i = 1; i < 64; ++i) {
      const double a = currents[i], root = std::sqrt(a);
      EXPECT_NEAR(sums[i], std::tanh(root) / root, a < 1.5277 ? 0.006 : 2e-6)
          << engine->name << " " << a;
    }
    std::vector<float> ends = {1, 1};
    const float around[] = {1.5277f, 1.5278f};
    engine->subtractVoltageDrop(1.0f, around, drops.data(), ends.data(), 2);
    EXPECT_NEAR(ends[0], ends[1], 2e-5);
  }
}

/// The sums of the closed form are rounded to some 12 bits, whatever the units
/// of the input, for inputs of a DAC and for those beyond any range.
TEST(IrDrop, IsTheClosedFormToItsRounding) {
  const int64_t rows = 200, columns = 70, n = 20;
  const std::vector<float> w = randomValues(rows * columns, 1);
  float largest = 0;
  for (float weight : w)
    largest = std::max(largest, std::abs(weight));
  for (int bits : {0, 8, 16})
    for (float scale : {1.0f, 1e-3f, 1e4f}) {
      TargetDescription target = idealTarget();
      target.device.maxConductance = 20.7;
      target.array.segmentResistance = 0.35;
      if (bits)
        target.dac = converter(bits, 1.0);
      Simulation simulation(
          TestModel::product(rows, columns, w,
                             {{0, 0, rows, columns, 0, 0, /*core_row=*/30, 0}}),
          target);
      ASSERT_TRUE(simulation.device) << simulation.error;
      std::vector<float> x = randomValues(n * rows, 2);
      for (float &value : x)
        value *= scale;
      // The second vector is of another size, the third is 0.
      for (int64_t i = 0; i < rows; ++i) {
        x[rows + i] *= 0.125f;
        x[2 * rows + i] = 0;
      }
      const std::vector<float> y = simulation.mvm(x, scale, 1);
      for (int64_t i = 0; i < n; ++i)
        for (int64_t c = 0; c < columns; ++c) {
          double sum = 0, drop = 0, current = 0;
          for (int64_t k = 0; k < rows; ++k) {
            double input = static_cast<double>(x[i * rows + k]) / scale;
            if (bits) {
              const double steps = (1 << (bits - 1)) - 1;
              input = std::nearbyint(input * steps) / steps;
            }
            const double product = input * w[k * columns + c] / largest;
            const double rest = 1 - static_cast<double>(30 + k) / 256;
            sum += product;
            drop += product * (1 - rest * rest);
            current += std::abs(product);
          }
          const double a = 256 * 0.35 * 20.7e-6 * current;
          const double r = a * (a * (0.05 * a - 0.2) + 0.5);
          // Drops are up to 0.06 times 8.
          ASSERT_NEAR(y[i * columns + c] / (scale * largest), sum - r * drop,
                      2e-4)
              << bits << " " << scale << " " << i << " " << c;
        }
    }
}

} // namespace
