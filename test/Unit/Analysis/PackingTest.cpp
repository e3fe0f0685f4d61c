//===- PackingTest.cpp - Tiles into core arrays -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Packings are valid, deterministic and close to what is possible; the latency
// objective spreads tiles.
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
    problem.tiles.push_back({rows, columns, static_cast<int64_t>(i / 10)});
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

TEST(Packing, PutsAnExactFitOnOneCore) {
  // Four tiles that fill an array exactly.
  PackingProblem problem{256, 256, 1, PackingObjective::Area, {}, {}};
  problem.tiles = {{200, 100, 0}, {56, 256, 1}, {100, 156, 2}, {100, 156, 3}};
  auto places = pack(problem);
  ASSERT_TRUE(places);
  expectValid(problem, *places);
}

TEST(Packing, IsCloseToTheBoundOnRandomTiles) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    PackingProblem problem = randomProblem(seed, 500, 128);
    auto places = pack(problem);
    ASSERT_TRUE(places);
    expectValid(problem, *places);
    int64_t bound =
        packingLowerBound(problem.tiles, problem.rows, problem.columns);
    EXPECT_LE(static_cast<double>(countCores(*places)), 1.15 * bound + 1);
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
    problem.tiles.push_back({64, 64, i / 6});
  auto places = pack(problem);
  ASSERT_TRUE(places);
  expectValid(problem, *places);
  std::map<int64_t, std::vector<int64_t>> matrices;
  for (size_t i = 0; i < 12; ++i)
    matrices[(*places)[i].core].push_back(problem.tiles[i].matrix);
  EXPECT_EQ(matrices.size(), 4u);
  for (const auto &[core, list] : matrices) {
    EXPECT_EQ(list.size(), 3u);
    EXPECT_THAT(list, testing::Contains(0));
    EXPECT_THAT(list, testing::Contains(1));
  }
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
