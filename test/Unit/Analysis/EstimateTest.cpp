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
  EXPECT_EQ(result.coresNeeded, 64);
  // No published figure tells the parts of an MVM, or of links.
  EXPECT_FALSE(result.arrayEnergy || result.dacEnergy || result.adcEnergy);
  EXPECT_FALSE(result.linkEnergy);
  EXPECT_EQ(result.area, 144);
}

TEST(Estimate, GivesTheChipsPublishedWorkloads) {
  // The ResNet layer on 8 cores, 86 % used, and the LSTM step on 32 cores, 97
  // %.
  struct Workload {
    int64_t rowParts, columnParts, columns;
    const char *mode;
    double tops, topsPerWatt, energy, latency;
  } workloads[] = {
      {8, 1, 224, "1-phase", 6.79, 6.88, 970, 1131},
      {8, 1, 224, "4-phase", 1.74, 1.74, 1510, 1518},
      {4, 8, 252, "1-phase", 30.6, 9.34, 3460, 1043},
      {4, 8, 252, "4-phase", 7.82, 2.37, 5240, 1430},
  };
  for (const Workload &each : workloads) {
    SCOPED_TRACE(each.latency);
    TargetDescription target = load("hermes");
    ASSERT_EQ(target.selectMode(each.mode), "");
    EstimatedMatrix matrix{
        "w", each.rowParts * 252, each.columnParts * each.columns, 1, {}};
    for (int64_t core = 0; core < each.rowParts * each.columnParts; ++core)
      matrix.tiles.push_back({core, 252, each.columns});
    Estimate result = estimate({matrix}, {}, target);
    const double operations = 2.0 * static_cast<double>(result.multiplyAdds);
    EXPECT_NEAR(operations / result.mvmTime * 1e-3, each.tops,
                0.01 * each.tops);
    EXPECT_NEAR(operations / result.mvmEnergy * 1e-3, each.topsPerWatt,
                0.25 * each.topsPerWatt);
    EXPECT_NEAR(result.energy(), each.energy, 0.15 * each.energy);
    EXPECT_NEAR(result.latency(), each.latency, 0.15 * each.latency);
  }
}

TEST(Estimate, SplitsEnergyByPart) {
  TargetDescription target = load("hermes");
  target.modes[0].arrayEnergy = target.modes[0].mvmEnergy;
  target.modes[0].arrayEnergy->value = 3;
  target.modes[0].adcEnergy = target.modes[0].mvmEnergy;
  target.modes[0].adcEnergy->value = 8;
  target.links->energyPerByte = target.links->timePerByte;
  target.links->energyPerByte->value = 100;
  // Four row parts of 10 columns on four cores.
  EstimatedMatrix matrix{
      "w", 40, 10, 1, {{0, 10, 10}, {1, 10, 10}, {2, 10, 10}, {3, 10, 10}}};
  Estimate result = estimate({matrix}, {}, target);
  EXPECT_EQ(result.arrayEnergy, 12);
  EXPECT_FALSE(result.dacEnergy);
  EXPECT_EQ(result.adcEnergy, 32);
  // Three times 10 partial sums of a byte pass from core to core.
  EXPECT_DOUBLE_EQ(*result.linkEnergy, 3);
  EXPECT_DOUBLE_EQ(result.linkTime, 3 * 40);
  EXPECT_DOUBLE_EQ(result.latency(), 133 + 160 + 25 + 120);
  EXPECT_EQ(result.staticPower, 4 * 45);
  EXPECT_DOUBLE_EQ(result.energy(),
                   4 * 13.4 + 40 * 0.215 + 3 + 4 * 0.045 * result.latency());
}

TEST(Estimate, PipelinedVectorsWaitForTheBusiestResource) {
  // 235 columns take a local unit 587.5 ns, longer than an MVM of 4 phases.
  TargetDescription target = load("hermes");
  ASSERT_EQ(target.selectMode("4-phase"), "");
  EstimatedMatrix matrix{
      "w", 22, 704, 1, {{0, 22, 235}, {1, 22, 235}, {2, 22, 234}}};
  Estimate result = estimate({matrix}, {}, target);
  EXPECT_DOUBLE_EQ(result.interval, 587.5);
  EXPECT_EQ(result.busiest, "unit 'local' of core 0");
  ASSERT_EQ(result.coreUses.size(), 3u);
  EXPECT_EQ(result.coreUses[2].core, 2);
  EXPECT_EQ(result.coreUses[2].cells, 22 * 234);
  EXPECT_DOUBLE_EQ(result.coreUses[2].crossbarTime, 520);
  EXPECT_DOUBLE_EQ(result.coreUses[2].unitTime, 585);
  // The units of the chip are the limit as soon as they have more to do.
  result = estimate({matrix}, {{"global", 1880}, {"global", 8}}, target);
  EXPECT_DOUBLE_EQ(result.interval, 590);
  EXPECT_EQ(result.busiest, "unit 'global'");
  EXPECT_DOUBLE_EQ(result.pipelinedEnergy(),
                   result.dynamicEnergy() + 3 * 0.045 * 590);
}

TEST(Estimate, GivesAiDacsPublishedFigures) {
  EstimatedMatrix matrix{"w", 1024, 256, 1, {{0, 1024, 256}}};
  Estimate result = estimate({matrix}, {}, load("aidac"));
  const double operations = 2.0 * static_cast<double>(result.multiplyAdds);
  EXPECT_NEAR(operations / result.mvmTime * 1e-3, 26.2, 0.005 * 26.2);
  EXPECT_NEAR(operations / result.mvmEnergy * 1e-3, 123.8, 0.005 * 123.8);
}

TEST(Estimate, OfABaselineAddsUpItsRates) {
  std::string error;
  auto gpu = runtime::Baseline::load("a100-fp16", error);
  ASSERT_TRUE(gpu) << error;
  // 312 TFLOP/s and 400 W.
  BaselineEstimate result = estimateBaseline({156000, 2436, 9750}, *gpu);
  EXPECT_DOUBLE_EQ(result.productTime, 1);
  EXPECT_DOUBLE_EQ(result.time, 3);
  EXPECT_DOUBLE_EQ(result.energy, 1200);
  EXPECT_EQ(runtime::Baseline::load("a100-int8", error)->multiplyAdds.value,
            2 * gpu->multiplyAdds.value);
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
  EXPECT_DOUBLE_EQ(result.units[0].time, 2 * (160 + 20 * 2.5));
  EXPECT_EQ(result.units[0].values, 60);
  EXPECT_DOUBLE_EQ(result.units[0].energy, 60 * 215e-3);
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

TEST(Estimate, CopiesThatShareVectorsDivideTheInterval) {
  // Copies of two tiles side by side, of 100 and 60 columns, on cores of their
  // own.
  TargetDescription target = load("hermes");
  auto create = [](int64_t copies) {
    EstimatedMatrix matrix{"w", 20, 160, 2, {}};
    for (int64_t copy = 0; copy < copies; ++copy)
      for (int64_t tile = 0; tile < 2; ++tile)
        matrix.tiles.push_back({2 * copy + tile, 20, tile ? 60 : 100});
    matrix.copies = copies;
    matrix.shared = true;
    return matrix;
  };
  const Estimate one = estimate({create(1)}, {}, target);
  EXPECT_DOUBLE_EQ(one.interval, 2 * 100 * 2.5);
  for (int64_t copies : {2, 3, 32}) {
    const Estimate result = estimate({create(copies)}, {}, target);
    EXPECT_EQ(result.cores, 2 * copies);
    EXPECT_DOUBLE_EQ(result.interval, one.interval / copies);
    EXPECT_DOUBLE_EQ(result.busy[0].second, 2 * 133.0 / copies);
    // A vector takes the time and the energy of one copy, but for static power.
    EXPECT_EQ(result.activations, one.activations);
    EXPECT_EQ(result.multiplyAdds, one.multiplyAdds);
    EXPECT_DOUBLE_EQ(result.latency(), one.latency());
    EXPECT_DOUBLE_EQ(result.dynamicEnergy(), one.dynamicEnergy());
    EXPECT_DOUBLE_EQ(result.pipelinedEnergy(), one.pipelinedEnergy());
    EXPECT_DOUBLE_EQ(result.utilisation, one.utilisation);
  }
  // Copies on one core gain nothing there; the slowest copy sets the latency.
  EstimatedMatrix together = create(2);
  together.tiles[3].core = together.tiles[2].core = 0;
  const Estimate result = estimate({together}, {}, target);
  EXPECT_DOUBLE_EQ(result.mvmTime, 2 * 2 * 133);
  EXPECT_DOUBLE_EQ(result.busy[0].second, 2 * 1.5 * 133);
  EXPECT_DOUBLE_EQ(result.interval, 2 * (100 + 160) * 2.5 / 2);
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
  EXPECT_DOUBLE_EQ(result.units[0].time, 2 * 160 + 16 * 2.5);
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
