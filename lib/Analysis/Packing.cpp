//===- Packing.cpp - Tiles into core arrays -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Guillotine packing with free spaces kept by size.
//
//===----------------------------------------------------------------------===//

#include "Analysis/Packing.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

using namespace aimc;

namespace {

/// An empty rectangle of a core.
struct Space {
  int64_t core, row, column, rows, columns;

  bool operator<(const Space &other) const {
    return std::tie(core, row, column) <
           std::tie(other.core, other.row, other.column);
  }
  bool operator==(const Space &other) const {
    return core == other.core && row == other.row && column == other.column;
  }
};

/// Empty rectangles by rows, then columns, then core.
class SpacesBySize {
public:
  using Spaces = std::set<Space>;

  bool empty() const { return sizes.empty(); }

  void insert(const Space &space) {
    sizes[space.rows][space.columns].insert(space);
  }

  void erase(const Space &space) {
    auto byRows = sizes.find(space.rows);
    auto byColumns = byRows->second.find(space.columns);
    byColumns->second.erase(space);
    if (!byColumns->second.empty())
      return;
    byRows->second.erase(byColumns);
    if (byRows->second.empty())
      sizes.erase(byRows);
  }

  /// The spaces of the size that a tile leaves the fewest cells of, or null
  /// when it fits in none.
  const Spaces *findBestFit(int64_t rows, int64_t columns) const {
    const Spaces *best = nullptr;
    int64_t bestCells = 0;
    for (auto byRows = sizes.lower_bound(rows); byRows != sizes.end();
         ++byRows) {
      // Spaces with more rows cannot be better than this.
      if (best && byRows->first * columns >= bestCells)
        break;
      auto byColumns = byRows->second.lower_bound(columns);
      if (byColumns == byRows->second.end())
        continue;
      int64_t cells = byRows->first * byColumns->first;
      if (!best || cells < bestCells) {
        best = &byColumns->second;
        bestCells = cells;
      }
    }
    return best;
  }

private:
  std::map<int64_t, std::map<int64_t, Spaces>> sizes;
};

/// What tiles are sorted by, descending.
enum class Order { Cells, LongerSide, Rows, Columns };

/// What decides whether the rest of a space is cut below or beside a tile.
enum class Cut { LargestRest, ShorterRest };

/// One run of the search.
class Packer {
public:
  Packer(const PackingProblem &problem, Order order, Cut cut)
      : problem(problem), order(order), cut(cut) {}

  /// Returns whether all tiles have a place.
  bool run();

  std::vector<TilePlace> takePlaces() { return std::move(places); }

  /// Cores with a tile on them, placed ones included.
  int64_t getUsedCores() const { return spacesOfCore.size(); }

private:
  /// The positions of the tiles in the order in which they are placed.
  std::vector<size_t> sortTiles() const;

  /// Registers the spaces around the tiles that are placed already.
  void addPlacedTiles();

  /// The next core without a tile, or nothing.
  std::optional<Space> openCore();

  /// A space for `tile` on a core that is in use, or nothing.
  std::optional<Space> findSpace(const TileSize &tile) const;

  /// Puts a tile at the first cell of `space` and cuts the rest of it in two.
  void fill(const Space &space, size_t tile);

  /// The place of a core in `levels`.
  size_t getLevel(int64_t core) const {
    auto it = loads.find(core);
    return it == loads.end() ? 0 : it->second;
  }

  const PackingProblem &problem;
  const Order order;
  const Cut cut;
  std::vector<TilePlace> places;
  /// Spaces by the number of tiles on their core; the area objective has one
  /// level only.
  std::vector<SpacesBySize> levels;
  /// Has every core in use; for the latency objective with its spaces.
  std::map<int64_t, std::vector<Space>> spacesOfCore;
  std::map<int64_t, size_t> loads;
  /// Tiles of a matrix on a core, for the latency objective.
  std::map<std::pair<int64_t, int64_t>, int64_t> loadsOfMatrix;
  int64_t nextCore = 0;
};

} // namespace

std::vector<size_t> Packer::sortTiles() const {
  std::vector<size_t> sorted(problem.tiles.size());
  std::iota(sorted.begin(), sorted.end(), 0);
  auto key = [&](const TileSize &tile) {
    int64_t cells = tile.rows * tile.columns;
    switch (order) {
    case Order::Cells:
      return std::make_tuple(cells, tile.rows, tile.columns);
    case Order::LongerSide:
      return std::make_tuple(std::max(tile.rows, tile.columns), cells,
                             tile.rows);
    case Order::Rows:
      return std::make_tuple(tile.rows, tile.columns, cells);
    case Order::Columns:
      return std::make_tuple(tile.columns, tile.rows, cells);
    }
    return std::make_tuple(cells, tile.rows, tile.columns);
  };
  // Equal tiles stay in their order.
  std::sort(sorted.begin(), sorted.end(), [&](size_t lhs, size_t rhs) {
    auto lhsKey = key(problem.tiles[lhs]), rhsKey = key(problem.tiles[rhs]);
    return lhsKey != rhsKey ? lhsKey > rhsKey : lhs < rhs;
  });
  return sorted;
}

/// Adds the parts of `space` outside the rectangle of `tile` to `rest`.
static void subtract(const Space &space, const PlacedTile &tile,
                     std::vector<Space> &rest) {
  int64_t spaceEnd = space.row + space.rows;
  int64_t spaceRight = space.column + space.columns;
  int64_t top = std::max(space.row, tile.place.row);
  int64_t bottom = std::min(spaceEnd, tile.place.row + tile.rows);
  int64_t left = std::max(space.column, tile.place.column);
  int64_t right = std::min(spaceRight, tile.place.column + tile.columns);
  if (top >= bottom || left >= right) {
    rest.push_back(space);
    return;
  }
  auto add = [&](int64_t row, int64_t column, int64_t rows, int64_t columns) {
    if (rows > 0 && columns > 0)
      rest.push_back({space.core, row, column, rows, columns});
  };
  add(space.row, space.column, top - space.row, space.columns);
  add(bottom, space.column, spaceEnd - bottom, space.columns);
  add(top, space.column, bottom - top, left - space.column);
  add(top, right, bottom - top, spaceRight - right);
}

void Packer::addPlacedTiles() {
  std::vector<Space> rest;
  for (const PlacedTile &tile : problem.placed) {
    int64_t core = tile.place.core;
    auto [entry, isNew] = spacesOfCore.try_emplace(core);
    if (isNew)
      entry->second.push_back({core, 0, 0, problem.rows, problem.columns});
    rest.clear();
    for (const Space &space : entry->second)
      subtract(space, tile, rest);
    entry->second.swap(rest);
    if (problem.objective == PackingObjective::Latency)
      ++loads[core];
  }
  for (const auto &[core, spaces] : spacesOfCore) {
    size_t level = getLevel(core);
    if (levels.size() <= level)
      levels.resize(level + 1);
    for (const Space &space : spaces)
      levels[level].insert(space);
  }
}

std::optional<Space> Packer::openCore() {
  while (nextCore < problem.cores && spacesOfCore.count(nextCore))
    ++nextCore;
  if (nextCore >= problem.cores)
    return std::nullopt;
  Space space{nextCore, 0, 0, problem.rows, problem.columns};
  levels[0].insert(space);
  std::vector<Space> &spaces = spacesOfCore[nextCore];
  if (problem.objective == PackingObjective::Latency)
    spaces.push_back(space);
  ++nextCore;
  return space;
}

std::optional<Space> Packer::findSpace(const TileSize &tile) const {
  // Looking at a few cores bounds the work; they are all equally good fits.
  constexpr int64_t maxCandidates = 16;
  for (const SpacesBySize &level : levels) {
    const SpacesBySize::Spaces *spaces =
        level.findBestFit(tile.rows, tile.columns);
    if (!spaces)
      continue;
    if (problem.objective == PackingObjective::Area)
      return *spaces->begin();
    const Space *best = nullptr;
    int64_t bestLoad = 0, candidates = 0;
    for (const Space &space : *spaces) {
      auto it = loadsOfMatrix.find({space.core, tile.matrix});
      int64_t load = it == loadsOfMatrix.end() ? 0 : it->second;
      if (!best || load < bestLoad) {
        best = &space;
        bestLoad = load;
      }
      if (load == 0 || ++candidates == maxCandidates)
        break;
    }
    return *best;
  }
  return std::nullopt;
}

void Packer::fill(const Space &space, size_t position) {
  const TileSize &tile = problem.tiles[position];
  places[position] = {space.core, space.row, space.column};

  size_t level = getLevel(space.core);
  std::vector<Space> &spaces = spacesOfCore[space.core];
  levels[level].erase(space);
  if (problem.objective == PackingObjective::Latency) {
    // The core has one tile more, so the rest of it moves up a level.
    spaces.erase(std::find(spaces.begin(), spaces.end(), space));
    ++loadsOfMatrix[{space.core, tile.matrix}];
    for (const Space &other : spaces)
      levels[level].erase(other);
    level = ++loads[space.core];
    if (levels.size() <= level)
      levels.resize(level + 1);
    for (const Space &other : spaces)
      levels[level].insert(other);
  }

  int64_t restRows = space.rows - tile.rows;
  int64_t restColumns = space.columns - tile.columns;
  bool cutBelow = false;
  switch (cut) {
  case Cut::LargestRest:
    cutBelow = restRows * space.columns >= restColumns * space.rows;
    break;
  case Cut::ShorterRest:
    cutBelow = restRows >= restColumns;
    break;
  }
  Space below{space.core, space.row + tile.rows, space.column, restRows,
              cutBelow ? space.columns : tile.columns};
  Space beside{space.core, space.row, space.column + tile.columns,
               cutBelow ? tile.rows : space.rows, restColumns};
  for (const Space &rest : {below, beside})
    if (rest.rows > 0 && rest.columns > 0) {
      levels[level].insert(rest);
      if (problem.objective == PackingObjective::Latency)
        spaces.push_back(rest);
    }
}

bool Packer::run() {
  places.assign(problem.tiles.size(), {-1, -1, -1});
  levels.resize(1);
  addPlacedTiles();
  for (size_t position : sortTiles()) {
    const TileSize &tile = problem.tiles[position];
    if (tile.rows > problem.rows || tile.columns > problem.columns)
      return false;
    std::optional<Space> space;
    if (problem.objective == PackingObjective::Latency)
      space = openCore();
    if (!space)
      space = findSpace(tile);
    if (!space)
      space = openCore();
    if (!space)
      return false;
    fill(*space, position);
  }
  return true;
}

int64_t aimc::packingLowerBound(const std::vector<TileSize> &tiles,
                                int64_t rows, int64_t columns) {
  if (tiles.empty() || rows <= 0 || columns <= 0)
    return 0;
  // In floating point, since the cells of very many tiles may not fit 64 bits;
  // rounded down a little to stay a bound.
  double cells = 0;
  int64_t big = 0;
  for (const TileSize &tile : tiles) {
    cells += static_cast<double>(tile.rows) * tile.columns;
    big += tile.rows > rows / 2 && tile.columns > columns / 2;
  }
  double cores = cells / (static_cast<double>(rows) * columns);
  auto byCells = static_cast<int64_t>(cores * (1 - 1e-12));
  if (static_cast<double>(byCells) < cores * (1 - 1e-12))
    ++byCells;
  return std::max(byCells, big);
}

std::optional<std::vector<TilePlace>>
aimc::pack(const PackingProblem &problem) {
  if (problem.objective == PackingObjective::Latency) {
    Packer packer(problem, Order::Cells, Cut::LargestRest);
    if (packer.run())
      return packer.takePlaces();
  }

  PackingProblem area = problem;
  area.objective = PackingObjective::Area;
  int64_t bound =
      packingLowerBound(problem.tiles, problem.rows, problem.columns);
  if (bound > problem.cores)
    return std::nullopt;
  std::optional<std::vector<TilePlace>> best;
  int64_t bestCores = 0;
  for (Order order :
       {Order::Cells, Order::LongerSide, Order::Rows, Order::Columns})
    for (Cut cut : {Cut::LargestRest, Cut::ShorterRest}) {
      Packer packer(area, order, cut);
      if (!packer.run())
        continue;
      if (!best || packer.getUsedCores() < bestCores) {
        bestCores = packer.getUsedCores();
        best = packer.takePlaces();
      }
      if (bestCores == bound)
        return best;
    }
  return best;
}

std::optional<std::pair<size_t, size_t>>
aimc::findOverlap(const std::vector<PlacedTile> &tiles) {
  // Sweeps each core from its first row on. The tiles under the sweep line are
  // kept by column; as long as none overlap, a new one can only overlap its
  // neighbours.
  std::vector<size_t> sorted(tiles.size());
  std::iota(sorted.begin(), sorted.end(), 0);
  std::sort(sorted.begin(), sorted.end(), [&](size_t lhs, size_t rhs) {
    return std::tie(tiles[lhs].place.core, tiles[lhs].place.row, lhs) <
           std::tie(tiles[rhs].place.core, tiles[rhs].place.row, rhs);
  });
  std::map<int64_t, size_t> byColumn;
  std::multimap<int64_t, int64_t> columnsByEnd;
  int64_t core = -1;
  for (size_t position : sorted) {
    const PlacedTile &tile = tiles[position];
    if (tile.place.core != core) {
      byColumn.clear();
      columnsByEnd.clear();
      core = tile.place.core;
    }
    while (!columnsByEnd.empty() &&
           columnsByEnd.begin()->first <= tile.place.row) {
      byColumn.erase(columnsByEnd.begin()->second);
      columnsByEnd.erase(columnsByEnd.begin());
    }
    auto next = byColumn.lower_bound(tile.place.column);
    if (next != byColumn.end() &&
        next->first < tile.place.column + tile.columns)
      return std::minmax(position, next->second);
    if (next != byColumn.begin()) {
      auto previous = std::prev(next);
      if (previous->first + tiles[previous->second].columns > tile.place.column)
        return std::minmax(position, previous->second);
    }
    byColumn[tile.place.column] = position;
    columnsByEnd.emplace(tile.place.row + tile.rows, tile.place.column);
  }
  return std::nullopt;
}
