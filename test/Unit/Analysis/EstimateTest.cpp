//===- EstimateTest.cpp - Time, energy and use of a chip -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The estimate gives back the published figures of the HERMES chip (Le Gallo et
// al., Nature Electronics 2023), and charges waves, partial sums and digital
// work as stated.
//
//===----------------------------------------------------------------------===//

#include "Analysis/Estimate.h"

#include <gmock/gmock.h>

using namespace aimc;
using runtime::TargetDescription;

namespace {

TargetDescription load(const char *name) {
  std::string error;
  auto target = TargetDescription::load(std::string_view(name), error);
  EXPECT_TRUE(target) << error;
  return *target;
}

/// A matrix of `count` tiles of rows x columns, one to a core.
EstimatedMatrix makeMatrix(int64_t count, int64_t rows, int64_t columns) {
  EstimatedMatrix matrix{"w", rows, columns * count, 1, {}};
  for (int64_t core = 0; core < count; ++core)
    matrix.tiles.push_back({core, rows, columns});
  return matrix;
}

} // namespace

TEST(Estimate, GivesTheChipsPublishedPeak) {
  // 64 cores, MVM only, 1-phase: 63.1 TOPS, 9.76 TOPS/W, 0.86 uJ, 133 ns.
  Estimate result = estimate({makeMatrix(64, 256, 256)}, {}, load("hermes"));
  EXPECT_EQ(result.cores, 64);
  EXPECT_EQ(result.coresAvailable, 64);
  EXPECT_DOUBLE_EQ(result.utilisation, 1);
  EXPECT_DOUBLE_EQ(result.chipUtilisation, 1);
  EXPECT_DOUBLE_EQ(result.mvmTime, 133);
  EXPECT_NEAR(result.mvmEnergy, 860, 3);
  double operations = 2.0 * result.multiplyAdds;
  EXPECT_NEAR(operations / result.mvmTime * 1e-3, 63.1, 0.1);
  EXPECT_NEAR(operations / result.mvmEnergy * 1e-3, 9.76, 0.05);
}

TEST(Estimate, GivesTheEnergyOfALayer) {
  // A ResNet layer on 8 cores, 86 % used: 0.97 uJ and 1131 ns in 1-phase mode.
  // The time of the local units is a floor, one value a clock.
  Estimate result = estimate({makeMatrix(8, 220, 256)}, {}, load("hermes"));
  EXPECT_NEAR(result.utilisation, 0.86, 0.005);
  EXPECT_NEAR(result.energy(), 970, 0.03 * 970);
  EXPECT_DOUBLE_EQ(result.latency(), 133 + 256 * 2.5);
}

TEST(Estimate, CountsWavesOfACore) {
  // Three tiles on two cores need two activations of core 0.
  EstimatedMatrix matrix{
      "w", 30, 10, 2, {{0, 10, 10}, {0, 10, 10}, {1, 10, 10}}};
  TargetDescription target = load("hermes");
  Estimate result = estimate({matrix}, {}, target);
  EXPECT_EQ(result.cores, 2);
  EXPECT_EQ(result.activations, 6);
  EXPECT_DOUBLE_EQ(result.mvmTime, 2 * 2 * 133);
  EXPECT_DOUBLE_EQ(result.mvmEnergy, 6 * 13.4);
  // Core 0 puts 20 columns through its unit at each use, both cores 30.
  EXPECT_DOUBLE_EQ(result.units[0].time, 2 * 20 * 2.5);
  EXPECT_EQ(result.units[0].values, 60);
  EXPECT_DOUBLE_EQ(result.units[0].energy, 60 * 410e-3);
  EXPECT_DOUBLE_EQ(result.utilisation, 300.0 / (2 * 65536));
}

TEST(Estimate, AddsPartialSumsOnAUnitOfTheChip) {
  // `ideal` has no unit at its cores: two of three row parts are added.
  EstimatedMatrix matrix{
      "w", 30, 10, 1, {{0, 10, 10}, {1, 10, 10}, {2, 10, 10}}};
  Estimate result = estimate({matrix}, {}, load("ideal"));
  EXPECT_EQ(result.units[0].values, 20);
  EXPECT_DOUBLE_EQ(result.digitalTime, 20 * 2.5);
}

TEST(Estimate, CopiesCostWhatTheyTakeAndDoNoMoreWork) {
  // Two copies of two row parts: `ideal` adds four partial sums of 10 columns,
  // three additions, and divides 10 results.
  EstimatedMatrix matrix{
      "w", 20, 10, 1, {{0, 10, 10}, {1, 10, 10}, {2, 10, 10}, {3, 10, 10}}};
  matrix.copies = 2;
  Estimate result = estimate({matrix}, {}, load("ideal"));
  EXPECT_EQ(result.activations, 4);
  EXPECT_EQ(result.multiplyAdds, 200);
  EXPECT_DOUBLE_EQ(result.utilisation, 400.0 / (4 * 65536));
  EXPECT_EQ(result.units[0].values, 40);
}

TEST(Estimate, SharesDigitalWorkAmongUnits) {
  TargetDescription target = load("hermes");
  Estimate result =
      estimate({makeMatrix(1, 10, 10)}, {{"global", 80}, {"local", 6}}, target);
  // Eight units on the chip; the local one has the columns of the tile too.
  EXPECT_EQ(result.units[1].unit, "global");
  EXPECT_DOUBLE_EQ(result.units[1].time, 80 * 2.5 / 8);
  EXPECT_DOUBLE_EQ(result.units[1].energy, 80 * 10e-3);
  EXPECT_EQ(result.units[0].values, 16);
  EXPECT_DOUBLE_EQ(result.units[0].time, 16 * 2.5);
}

TEST(Estimate, OfNothingIsZero) {
  Estimate result = estimate({}, {}, load("hermes"));
  EXPECT_EQ(result.cores, 0);
  EXPECT_EQ(result.utilisation, 0);
  EXPECT_EQ(result.latency(), 0);
  EXPECT_EQ(result.energy(), 0);
}

TEST(Estimate, NamesTheProvenanceOfEachFigure) {
  std::vector<std::string> lines = describeAssumptions(load("hermes"));
  EXPECT_THAT(lines, testing::Contains(testing::StartsWith(
                         "mvm_energy: 13.4 nJ, derived (")));
  EXPECT_THAT(lines, testing::Contains(testing::StartsWith(
                         "global.time_per_value: 2.5 ns, assumed (")));
}
