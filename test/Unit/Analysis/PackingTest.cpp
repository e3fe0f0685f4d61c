//===- PackingTest.cpp - Tiles into core arrays -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Packings are valid, deterministic and close to what is possible; the latency
// objective spreads tiles, the noise objective puts important ones on good
// cores.
//
//===----------------------------------------------------------------------===//

#include "Analysis/Packing.h"

#include <gmock/gmock.h>

#include <map>
#include <random>
#include <set>

using namespace aimc;

namespace {

/// All tiles of a packing: those that were placed before and the new ones.
std::vector<PlacedTile> allTiles(const PackingProblem &problem,
                                 const std::vector<TilePlace> &places) {
  std::vector<PlacedTile> tiles = problem.placed;
  for (size_t i = 0; i < places.size(); ++i)
    tiles.push_back(
        {places[i], problem.tiles[i].rows, problem.tiles[i].columns});
  return tiles;
}

/// Expects every tile inside the usable cells of a core, and none to overlap.
void expectValid(const PackingProblem &problem,
                 const std::vector<TilePlace> &places) {
  ASSERT_EQ(places.size(), problem.tiles.size());
  for (size_t i = 0; i < places.size(); ++i) {
    EXPECT_GE(places[i].core, 0);
    EXPECT_LT(places[i].core, problem.cores);
    EXPECT_GE(places[i].row, 0);
    EXPECT_GE(places[i].column, 0);
    EXPECT_LE(places[i].row + problem.tiles[i].rows, problem.rows);
    EXPECT_LE(places[i].column + problem.tiles[i].columns, problem.columns);
  }
  EXPECT_FALSE(findOverlap(allTiles(problem, places)));
  for (const PlacedTile &cells : problem.blocked) {
    // Blocked cells may overlap each other, so each is compared alone.
    for (size_t i = 0; i < places.size(); ++i)
      EXPECT_FALSE(findOverlap(
          {cells,
           {places[i], problem.tiles[i].rows, problem.tiles[i].columns}}));
  }
}

int64_t countCores(const std::vector<TilePlace> &places) {
  std::set<int64_t> cores;
  for (const TilePlace &place : places)
    cores.insert(place.core);
  return cores.size();
}

/// Tiles of random sizes on a 256 x 256 array with many cores.
PackingProblem randomProblem(unsigned seed, size_t count, int64_t largest) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int64_t> size(1, largest);
  PackingProblem problem{256, 256, 100000, PackingObjective::Area, {}, {}};
  for (size_t i = 0; i < count; ++i) {
    int64_t rows = size(random), columns = size(random);
    problem.tiles.push_back({rows, columns, 0, static_cast<int64_t>(i / 10)});
  }
  return problem;
}

} // namespace

TEST(Packing, FillsCoresWithQuarters) {
  PackingProblem problem{256, 256, 3, PackingObjective::Area, {}, {}};
  problem.tiles.assign(12, {128, 128, 0});
  auto places = pack(problem);
  ASSERT_TRUE(places);
  expectValid(problem, *places);
  EXPECT_EQ(countCores(*places), 3);
  problem.tiles.push_back({1, 1, 0});
  EXPECT_FALSE(pack(problem));
}

TEST(Packing, TilesThatLieApartLeaveRoomForALargeOne) {
  // The narrow one comes last by its cells, but needs all rows of a core.
  PackingProblem problem{256, 256, 3, PackingObjective::Latency, {}, {}};
  problem.tiles = {{200, 200, 0}, {180, 180, 0}, {100, 100, 0}, {256, 2, 0}};
  bool isForArea = true;
  auto places = pack(problem, &isForArea);
  ASSERT_TRUE(places);
  expectValid(problem, *places);
  EXPECT_FALSE(isForArea);
  EXPECT_EQ(countCores(*places), 3);
}

TEST(Packing, TellsThatItIsForArea) {
  PackingProblem problem{10, 10, 1, PackingObjective::Latency, {}, {}};
  // A pinwheel, which no guillotine cuts can make.
  problem.tiles = {{6, 4, 0}, {4, 6, 0}, {6, 4, 0}, {4, 6, 0}, {2, 2, 0}};
  bool isForArea = false;
  auto places = pack(problem, &isForArea);
  ASSERT_TRUE(places);
  expectValid(problem, *places);
  EXPECT_TRUE(isForArea);
}

TEST(Packing, LatencyBalancesColumns) {
  // Of two wide and four narrow tiles on four cores the narrow ones share.
  PackingProblem problem{256, 256, 4, PackingObjective::Latency, {}, {}};
  problem.tiles = {{200, 128, 0}, {200, 128, 0}, {100, 64, 0},
                   {100, 64, 0},  {100, 64, 0},  {100, 64, 0}};
  auto places = pack(problem);
  ASSERT_TRUE(places);
  std::map<int64_t, int64_t> columns;
  for (size_t i = 0; i < places->size(); ++i)
    columns[(*places)[i].core] += problem.tiles[i].columns;
  EXPECT_EQ(columns.size(), 4u);
  for (auto [core, count] : columns)
    EXPECT_EQ(count, 128);
}

TEST(Packing, PutsAnExactFitOnOneCore) {
  // Four tiles that fill an array exactly.
  PackingProblem problem{256, 256, 1, PackingObjective::Area, {}, {}};
  problem.tiles = {{200, 100, 0}, {56, 256, 0}, {100, 156, 0}, {100, 156, 0}};
  auto places = pack(problem);
  ASSERT_TRUE(places);
  expectValid(problem, *places);
}

// Sizes that layers have beside ones that fill arrays badly.
static constexpr int64_t usualSizes[] = {10,  16,  32,  48,  64, 96,
                                         128, 192, 200, 255, 256};

/// A problem of `count` tiles with sides from `least` to 256, or of
/// `usualSizes` when `least` is 0.
static PackingProblem suiteProblem(unsigned seed, size_t count, int64_t least,
                                   int64_t largest) {
  std::mt19937 random(seed);
  PackingProblem problem{256, 256, 2000, PackingObjective::Area, {}, {}};
  auto side = [&]() -> int64_t {
    if (least == 0)
      return usualSizes[random() % std::size(usualSizes)];
    return least + static_cast<int64_t>(random() % (largest - least + 1));
  };
  for (size_t i = 0; i < count; ++i) {
    int64_t rows = side(), columns = side();
    problem.tiles.push_back({rows, columns, 0});
  }
  return problem;
}

// Suites of 10 to 2000 tiles: on average at most 10 % more cores than the lower
// bound, in each of four classes of sizes.
TEST(Packing, IsCloseToTheBoundOnRandomTiles) {
  struct Suite {
    int64_t least, largest;
  };
  for (Suite suite : {Suite{1, 128}, {1, 256}, {64, 256}, {0, 0}}) {
    double ratios = 0;
    int cases = 0;
    for (size_t count : {10, 20, 50, 100, 200, 500, 1000, 2000})
      for (unsigned seed = 0; seed < 2; ++seed, ++cases) {
        PackingProblem problem = suiteProblem(1000 * seed + count, count,
                                              suite.least, suite.largest);
        auto places = pack(problem);
        ASSERT_TRUE(places);
        expectValid(problem, *places);
        int64_t bound = packingLowerBound(problem);
        EXPECT_GE(countCores(*places), bound);
        ratios += static_cast<double>(countCores(*places)) / bound;
      }
    EXPECT_LE(ratios / cases, 1.1);
    RecordProperty("ratio_" + std::to_string(suite.least) + "_" +
                       std::to_string(suite.largest),
                   std::to_string(ratios / cases));
  }
}

// Many tiles are packed by the fast search alone.
TEST(Packing, IsCloseToTheBoundOnManyTiles) {
  PackingProblem problem = randomProblem(1, 20000, 256);
  auto places = pack(problem);
  ASSERT_TRUE(places);
  expectValid(problem, *places);
  EXPECT_LE(static_cast<double>(countCores(*places)),
            1.05 * packingLowerBound(problem));
}

TEST(PackingLowerBound, CountsTilesThatCannotShareACore) {
  // No two of them fit side by side nor one above the other, though they have
  // little more than a quarter of the cells.
  std::vector<TileSize> tiles(5, {129, 129, 0});
  EXPECT_EQ(packingLowerBound(tiles, 256, 256), 5);
  // Three of a third and a bit: two to a core, for four there are three.
  tiles.assign(4, {256, 86, 0});
  EXPECT_EQ(packingLowerBound(tiles, 256, 256), 2);
  tiles.push_back({256, 86, 0});
  EXPECT_EQ(packingLowerBound(tiles, 256, 256), 3);
}

TEST(PackingLowerBound, CountsPlacedTilesAndNoBlockedCells) {
  PackingProblem problem{256, 256, 4, PackingObjective::Area, {}, {}};
  EXPECT_EQ(packingLowerBound(problem), 0);
  problem.placed = {{{0, 0, 0}, 256, 200}};
  problem.tiles = {{256, 100, 0}};
  problem.blocked = {{{2, 0, 0}, 256, 256}};
  EXPECT_EQ(packingLowerBound(problem), 2);
}

TEST(Packing, TakesCoresWithDefectsLast) {
  PackingProblem problem{256, 256, 4, PackingObjective::Area, {}, {}};
  // Core 0 is dead, core 1 has two dead columns, of which one is told twice.
  problem.blocked = {{{0, 0, 0}, 256, 256},
                     {{1, 0, 100}, 256, 1},
                     {{1, 0, 100}, 256, 1},
                     {{1, 0, 7}, 256, 1}};
  for (PackingObjective objective :
       {PackingObjective::Area, PackingObjective::Latency,
        PackingObjective::Noise}) {
    problem.objective = objective;
    problem.tiles = {{200, 156, 0}, {256, 200, 0}};
    auto places = pack(problem);
    ASSERT_TRUE(places);
    expectValid(problem, *places);
    EXPECT_EQ((*places)[0].core + (*places)[1].core, 5);
    // A third one fits the larger part of the damaged core, a fourth nowhere.
    problem.tiles.push_back({200, 155, 0});
    places = pack(problem);
    ASSERT_TRUE(places);
    expectValid(problem, *places);
    EXPECT_EQ((*places)[2].core, 1);
    problem.tiles.push_back({200, 155, 0});
    EXPECT_FALSE(pack(problem));
  }
}

TEST(Packing, IsDeterministic) {
  for (PackingObjective objective :
       {PackingObjective::Area, PackingObjective::Latency}) {
    PackingProblem problem = randomProblem(7, 300, 256);
    problem.objective = objective;
    auto first = pack(problem), second = pack(problem);
    ASSERT_TRUE(first && second);
    for (size_t i = 0; i < first->size(); ++i) {
      EXPECT_EQ((*first)[i].core, (*second)[i].core);
      EXPECT_EQ((*first)[i].row, (*second)[i].row);
      EXPECT_EQ((*first)[i].column, (*second)[i].column);
    }
  }
}

TEST(Packing, TakesTilesOfTheWholeArray) {
  PackingProblem problem{256, 255, 4, PackingObjective::Area, {}, {}};
  problem.tiles.assign(4, {256, 255, 0});
  auto places = pack(problem);
  ASSERT_TRUE(places);
  expectValid(problem, *places);
  EXPECT_EQ(packingLowerBound(problem.tiles, 256, 255), 4);
}

TEST(Packing, RefusesATileLargerThanTheArray) {
  PackingProblem problem{256, 255, 4, PackingObjective::Area, {}, {}};
  problem.tiles = {{256, 256, 0}};
  EXPECT_FALSE(pack(problem));
}

TEST(Packing, HasNoRoomWithoutCores) {
  PackingProblem problem{256, 256, 0, PackingObjective::Area, {}, {}};
  EXPECT_TRUE(pack(problem)->empty());
  problem.tiles = {{1, 1, 0}};
  EXPECT_FALSE(pack(problem));
}

TEST(Packing, LeavesPlacedTilesAlone) {
  for (PackingObjective objective :
       {PackingObjective::Area, PackingObjective::Latency}) {
    // A cross in the middle of core 0 leaves its four corners.
    PackingProblem problem{256, 256, 1, objective, {}, {}};
    problem.placed = {{{0, 0, 100}, 100, 56},
                      {{0, 100, 0}, 56, 256},
                      {{0, 156, 100}, 100, 56}};
    problem.tiles.assign(4, {100, 100, 0});
    auto places = pack(problem);
    ASSERT_TRUE(places);
    expectValid(problem, *places);
    problem.tiles.push_back({1, 1, 0});
    EXPECT_FALSE(pack(problem));
  }
}

TEST(Packing, SpreadsTilesForLatency) {
  PackingProblem problem{256, 256, 8, PackingObjective::Latency, {}, {}};
  problem.tiles.assign(8, {10, 10, 0});
  auto places = pack(problem);
  ASSERT_TRUE(places);
  EXPECT_EQ(countCores(*places), 8);
  problem.objective = PackingObjective::Area;
  EXPECT_EQ(countCores(*pack(problem)), 1);
}

TEST(Packing, SharesCoresEvenlyForLatency) {
  // Two matrices of 6 tiles on 4 cores: three tiles a core, and never all of
  // one matrix.
  PackingProblem problem{256, 256, 4, PackingObjective::Latency, {}, {}};
  for (int64_t i = 0; i < 12; ++i)
    problem.tiles.push_back({64, 64, 0, i / 6});
  auto places = pack(problem);
  ASSERT_TRUE(places);
  expectValid(problem, *places);
  std::map<int64_t, std::vector<int64_t>> matrices;
  for (size_t i = 0; i < 12; ++i)
    matrices[(*places)[i].core].push_back(problem.tiles[i].step);
  EXPECT_EQ(matrices.size(), 4u);
  for (const auto &[core, list] : matrices) {
    EXPECT_EQ(list.size(), 3u);
    EXPECT_THAT(list, testing::Contains(0));
    EXPECT_THAT(list, testing::Contains(1));
  }
}

TEST(Packing, SharesCoresBetweenPhasesForLatency) {
  // Six tiles of two phases on three cores each, and one of both on a fourth.
  PackingProblem problem{256, 256, 8, PackingObjective::Latency, {}, {}};
  for (int64_t i = 0; i < 6; ++i)
    problem.tiles.push_back({64, 64, /*phase=*/i / 3});
  problem.tiles.push_back({64, 64, everyPhase});
  auto places = pack(problem);
  ASSERT_TRUE(places);
  expectValid(problem, *places);
  EXPECT_EQ(countCores(*places), 4);
  for (size_t i = 0; i < 7; ++i)
    for (size_t k = 0; k < i; ++k) {
      if (i / 3 == k / 3 || i == 6) {
        EXPECT_NE((*places)[i].core, (*places)[k].core) << i << " " << k;
      }
    }
}

TEST(Packing, KeepsAwayFromPlacedTilesOfThePhase) {
  PackingProblem problem{256, 256, 2, PackingObjective::Latency, {}, {}};
  problem.placed = {{{0, 0, 0}, 10, 10, /*phase=*/1}};
  problem.tiles = {{10, 10, /*phase=*/0}, {10, 10, /*phase=*/1}};
  auto places = pack(problem);
  ASSERT_TRUE(places);
  EXPECT_EQ((*places)[0].core, 0);
  EXPECT_EQ((*places)[1].core, 1);
}

TEST(Packing, PutsImportantTilesOnGoodCores) {
  PackingProblem problem{256, 256, 4, PackingObjective::Noise, {}, {}};
  problem.grades = {2, 0, 1, 0};
  for (double importance : {1.0, 4.0, 2.0, 3.0})
    problem.tiles.push_back({200, 200, 0, 0, importance});
  auto places = pack(problem);
  ASSERT_TRUE(places);
  expectValid(problem, *places);
  std::vector<int64_t> cores;
  for (const TilePlace &place : *places)
    cores.push_back(place.core);
  EXPECT_THAT(cores, testing::ElementsAre(0, 1, 2, 3));
  // Small ones share the best core.
  problem.tiles.assign(4, {128, 128, 0, 0, 1});
  places = pack(problem);
  ASSERT_TRUE(places);
  for (const TilePlace &place : *places)
    EXPECT_EQ(place.core, 1);
}

TEST(Packing, FitsForLatencyWhatFitsForArea) {
  // On as few cores as possible spreading often leaves no room for the last
  // tiles; then the tiles are packed as for the area objective.
  for (unsigned seed = 0; seed < 20; ++seed) {
    PackingProblem problem = randomProblem(seed, 50, 200);
    problem.cores = countCores(*pack(problem));
    problem.objective = PackingObjective::Latency;
    auto places = pack(problem);
    ASSERT_TRUE(places);
    expectValid(problem, *places);
  }
}

/// Pairs of tiles on one core that are of different copies of one matrix.
static int64_t countMeetings(const PackingProblem &problem,
                             const std::vector<TilePlace> &places) {
  std::vector<std::pair<int64_t, SharedCopy>> all;
  for (const PlacedTile &tile : problem.placed)
    all.emplace_back(tile.place.core, tile.shared);
  for (size_t i = 0; i < places.size(); ++i)
    all.emplace_back(places[i].core, problem.tiles[i].shared);
  int64_t meetings = 0;
  for (size_t i = 0; i < all.size(); ++i)
    for (size_t k = 0; k < i; ++k)
      meetings += all[i].first == all[k].first &&
                  all[i].second.isApartFrom(all[k].second);
  return meetings;
}

TEST(Packing, KeepsSharedCopiesApart) {
  for (PackingObjective objective :
       {PackingObjective::Area, PackingObjective::Latency,
        PackingObjective::Noise}) {
    // Three copies of two tiles, one of a tile beside, and two of another
    // matrix, one of which has its place; all would fit one core.
    PackingProblem problem{256, 256, 8, objective, {}, {}};
    for (int64_t i = 0; i < 6; ++i)
      problem.tiles.push_back(
          {10, 10, 0, 0, 1, {/*matrix=*/0, /*copy=*/i / 2}});
    problem.tiles.push_back({10, 10, 0, 0, 1});
    problem.placed = {{{0, 0, 0}, 10, 10, 0, 0, {/*matrix=*/1, /*copy=*/0}}};
    problem.tiles.push_back({10, 10, 0, 0, 1, {/*matrix=*/1, /*copy=*/1}});
    auto places = pack(problem);
    ASSERT_TRUE(places);
    expectValid(problem, *places);
    EXPECT_EQ(countMeetings(problem, *places), 0);
    EXPECT_NE(places->back().core, 0);
    if (objective == PackingObjective::Area) {
      EXPECT_EQ(countCores(*places), 3);
    }
  }
}

TEST(Packing, LetsSharedCopiesMeetWhenCoresAreShort) {
  for (PackingObjective objective :
       {PackingObjective::Area, PackingObjective::Latency,
        PackingObjective::Noise}) {
    PackingProblem problem{256, 256, 2, objective, {}, {}};
    for (int64_t copy = 0; copy < 4; ++copy)
      problem.tiles.push_back({100, 100, 0, 0, 1, {/*matrix=*/0, copy}});
    auto places = pack(problem);
    ASSERT_TRUE(places);
    expectValid(problem, *places);
    EXPECT_EQ(countCores(*places), 2);
  }
  // Halves and quarters of two copies, without room for any of them apart.
  PackingProblem problem{256, 256, 1, PackingObjective::Area, {}, {}};
  problem.tiles = {{256, 128, 0, 0, 0, {0, 0}},
                   {128, 128, 0, 0, 0, {1, 0}},
                   {128, 128, 0, 0, 0, {1, 1}}};
  EXPECT_TRUE(pack(problem));
}

TEST(Packing, KeepsManySharedCopiesApart) {
  // Matrices of one to three tiles in one to four copies, on more cores than
  // one copy of each takes, below and above what the thorough search is for.
  for (size_t matrices : {40, 1500}) {
    std::mt19937 random(1);
    auto draw = [&](int64_t first, int64_t last) {
      return first + static_cast<int64_t>(random() % (last - first + 1));
    };
    PackingProblem problem{256, 256, 100000, PackingObjective::Area, {}, {}};
    for (size_t matrix = 0; matrix < matrices; ++matrix) {
      const int64_t tiles = draw(1, 3), copies = draw(1, 4);
      for (int64_t tile = 0; tile < tiles; ++tile) {
        const int64_t rows = draw(1, 100), columns = draw(1, 100);
        for (int64_t copy = 0; copy < copies; ++copy)
          problem.tiles.push_back(
              {rows, columns, 0, 0, 0, {static_cast<int64_t>(matrix), copy}});
      }
    }
    auto places = pack(problem);
    ASSERT_TRUE(places);
    expectValid(problem, *places);
    EXPECT_EQ(countMeetings(problem, *places), 0);
    EXPECT_LE(countCores(*places), 1.1 * packingLowerBound(problem) + 1);
  }
}

TEST(Overlap, IsFoundOnTheSameCoreOnly) {
  PlacedTile tile{{0, 10, 10}, 5, 5};
  auto overlaps = [&](int64_t core, int64_t row, int64_t column) {
    return findOverlap({tile, {{core, row, column}, 5, 5}}).has_value();
  };
  EXPECT_TRUE(overlaps(0, 10, 10));
  EXPECT_TRUE(overlaps(0, 14, 14));
  EXPECT_TRUE(overlaps(0, 6, 6));
  EXPECT_TRUE(overlaps(0, 6, 14));
  EXPECT_TRUE(overlaps(0, 14, 6));
  EXPECT_FALSE(overlaps(1, 10, 10));
  EXPECT_FALSE(overlaps(0, 15, 10));
  EXPECT_FALSE(overlaps(0, 5, 10));
  EXPECT_FALSE(overlaps(0, 10, 15));
  EXPECT_FALSE(overlaps(0, 10, 5));
}

TEST(Overlap, AgreesWithComparingAllPairs) {
  std::mt19937 random(3);
  std::uniform_int_distribution<int64_t> at(0, 40), size(1, 6), core(0, 1);
  for (int round = 0; round < 300; ++round) {
    std::vector<PlacedTile> tiles;
    for (int i = 0; i < 8; ++i)
      tiles.push_back(
          {{core(random), at(random), at(random)}, size(random), size(random)});
    bool expected = false;
    for (const PlacedTile &a : tiles)
      for (const PlacedTile &b : tiles)
        expected |= &a != &b && a.place.core == b.place.core &&
                    a.place.row < b.place.row + b.rows &&
                    b.place.row < a.place.row + a.rows &&
                    a.place.column < b.place.column + b.columns &&
                    b.place.column < a.place.column + a.columns;
    EXPECT_EQ(findOverlap(tiles).has_value(), expected);
  }
}
