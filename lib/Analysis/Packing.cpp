//===- Packing.cpp - Tiles into core arrays -------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Guillotine packing with free spaces kept by size, and the choice between
// packings.
//
//===----------------------------------------------------------------------===//

#include "Analysis/Packing.h"

#include "Analysis/PackingSearch.h"

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

  /// Spaces of one size, from the first one on that is accepted.
  struct Fit {
    const Spaces *spaces = nullptr; ///< null: no fit
    Spaces::const_iterator first = {};
  };

  /// The spaces of the size that a tile leaves the fewest cells of, of the
  /// sizes with a space that `accepts` is true of.
  template <typename Predicate>
  Fit findBestFit(int64_t rows, int64_t columns, Predicate accepts) const {
    Fit best;
    int64_t bestCells = 0;
    for (auto byRows = sizes.lower_bound(rows); byRows != sizes.end();
         ++byRows) {
      // Spaces with more rows cannot be better than this.
      if (best.spaces && byRows->first * columns >= bestCells)
        break;
      for (auto byColumns = byRows->second.lower_bound(columns);
           byColumns != byRows->second.end(); ++byColumns) {
        int64_t cells = byRows->first * byColumns->first;
        if (best.spaces && cells >= bestCells)
          break;
        const Spaces &spaces = byColumns->second;
        auto first = std::find_if(spaces.begin(), spaces.end(), accepts);
        if (first == spaces.end())
          continue;
        best = {&spaces, first};
        bestCells = cells;
        break;
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

/// A core that is in use or open for it.
struct OpenCore {
  size_t level = 0; ///< its place in the levels of a packer
  bool hasTiles = false;
  /// For the latency objective.
  std::vector<Space> spaces;
};

/// One run of the search.
class Packer {
public:
  Packer(const PackingProblem &problem, Order order, Cut cut,
         std::set<size_t> urgent = {})
      : problem(problem), order(order), cut(cut), urgent(std::move(urgent)) {}

  /// Returns whether all tiles have a place.
  bool run();

  /// The tile that `run` found no place for.
  size_t getTileWithoutPlace() const { return tileWithoutPlace; }

  std::vector<TilePlace> takePlaces() { return std::move(places); }

  /// Cores with a tile on them, placed ones included.
  int64_t getUsedCores() const { return usedCores; }

  /// New tiles on a core with another copy of their matrix.
  int64_t countMeetings() const { return meetings; }

private:
  /// The positions of the tiles in the order in which they are placed.
  std::vector<size_t> sortTiles() const;

  /// Registers the spaces around placed tiles and blocked cells.
  void addGivenCores();

  /// Puts the cores that may be opened into the order for it.
  void sortCores();

  /// Opens a core without a tile, of the grade if grades count; returns whether
  /// there is one.
  bool openCore(int64_t grade);

  /// Begins a phase: the loads of cores are those of its tiles.
  void beginPhase(int64_t phase);

  /// How much a tile of so many columns adds to the level of its core: a local
  /// unit works on its columns one after the other.
  size_t getLoad(int64_t columns) const {
    constexpr int64_t steps = 4;
    return 1 + (columns * steps - 1) / std::max(columns, problem.columns);
  }

  /// A space for `tile` at one level, or nothing; on a core with another copy
  /// of its matrix only when it may meet one.
  std::optional<Space> findSpace(const TileSize &tile, size_t level,
                                 bool mayMeet) const;

  /// A space for `tile` on an open core or on one that is opened for it.
  std::optional<Space> findOrOpenSpace(const TileSize &tile, bool mayMeet);

  /// Whether the core has a tile of another copy of the matrix.
  bool hasOtherCopy(int64_t core, const SharedCopy &shared) const;

  /// Remembers that the core has a tile of a copy.
  void addCopy(int64_t core, const SharedCopy &shared);

  /// Whether a tile that is no larger had no room on the cores of a grade.
  bool isFull(size_t grade, const TileSize &tile) const;

  /// Remembers that `tile` has no room on the cores of a grade, of which none
  /// is closed any more. Spaces only shrink, so it never has.
  void setFull(size_t grade, const TileSize &tile);

  /// Puts a tile at the first cell of `space` and cuts the rest of it in two.
  void fill(const Space &space, size_t tile);

  SpacesBySize &getLevel(size_t level) {
    if (levels.size() <= level)
      levels.resize(level + 1);
    return levels[level];
  }

  bool isFor(PackingObjective objective) const {
    return problem.objective == objective;
  }

  int64_t getGrade(int64_t core) const {
    return isFor(PackingObjective::Noise) && !problem.grades.empty()
               ? problem.grades[core]
               : 0;
  }

  const PackingProblem &problem;
  const Order order;
  const Cut cut;
  const std::set<size_t> urgent; ///< tiles that come before others
  size_t tileWithoutPlace = 0;
  std::vector<TilePlace> places;
  /// Spaces by the load of their core in the phase for the latency objective,
  /// by its grade for the noise objective; else at one level.
  std::vector<SpacesBySize> levels;
  std::map<int64_t, OpenCore> open;
  /// The spaces of cores that are not open and have blocked cells.
  std::map<int64_t, std::vector<Space>> damaged;
  /// For the noise objective, by grade: the columns from which on tiles have no
  /// room, by their rows. Without them each tile would search all grades.
  std::vector<std::vector<int64_t>> fullFromColumns;
  /// Cores that may be opened, by grade, last one first.
  std::vector<std::vector<int64_t>> closed;
  /// Tiles of a step on a core, for the latency objective.
  std::map<std::pair<int64_t, int64_t>, int64_t> loadsOfStep;
  /// New tiles of every phase, which come first.
  std::vector<size_t> inEveryPhase;
  /// By matrix and core: the shared copy that is there, -1 for several.
  std::map<std::pair<int64_t, int64_t>, int64_t> copyOnCore;
  int64_t usedCores = 0, meetings = 0;
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
  // Phases with much in them come first: what takes little fits beside.
  std::map<int64_t, int64_t> cellsOfPhase;
  if (isFor(PackingObjective::Latency))
    for (const TileSize &tile : problem.tiles)
      cellsOfPhase[tile.phase] += tile.rows * tile.columns;
  std::set<int64_t> urgentPhases;
  for (size_t position : urgent)
    urgentPhases.insert(problem.tiles[position].phase);
  auto isPhaseBefore = [&](int64_t lhs, int64_t rhs) {
    if (lhs == everyPhase || rhs == everyPhase)
      return lhs == everyPhase;
    if (urgentPhases.count(lhs) != urgentPhases.count(rhs))
      return urgentPhases.count(lhs) != 0;
    int64_t lhsCells = cellsOfPhase[lhs], rhsCells = cellsOfPhase[rhs];
    return lhsCells != rhsCells ? lhsCells > rhsCells : lhs < rhs;
  };
  // Equal tiles stay in their order.
  std::sort(sorted.begin(), sorted.end(), [&](size_t lhs, size_t rhs) {
    const TileSize &lhsTile = problem.tiles[lhs], &rhsTile = problem.tiles[rhs];
    if (isFor(PackingObjective::Latency) && lhsTile.phase != rhsTile.phase)
      return isPhaseBefore(lhsTile.phase, rhsTile.phase);
    if (!urgent.empty() && urgent.count(lhs) != urgent.count(rhs))
      return urgent.count(lhs) != 0;
    if (isFor(PackingObjective::Noise) &&
        lhsTile.importance != rhsTile.importance)
      return lhsTile.importance > rhsTile.importance;
    auto lhsKey = key(lhsTile), rhsKey = key(rhsTile);
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

void Packer::addGivenCores() {
  std::map<int64_t, std::vector<Space>> spaces;
  std::vector<Space> rest;
  auto take = [&](const PlacedTile &tile) {
    int64_t core = tile.place.core;
    auto [entry, isNew] = spaces.try_emplace(core);
    if (isNew)
      entry->second.push_back({core, 0, 0, problem.rows, problem.columns});
    rest.clear();
    for (const Space &space : entry->second)
      subtract(space, tile, rest);
    entry->second.swap(rest);
  };
  for (const PlacedTile &tile : problem.placed) {
    take(tile);
    addCopy(tile.place.core, tile.shared);
    OpenCore &core = open[tile.place.core];
    core.hasTiles = true;
    core.level = getGrade(tile.place.core);
  }
  usedCores = open.size();
  for (const PlacedTile &cells : problem.blocked)
    take(cells);
  for (auto &[number, ofCore] : spaces) {
    auto core = open.find(number);
    if (core == open.end()) {
      damaged[number] = std::move(ofCore);
      continue;
    }
    for (const Space &space : ofCore)
      getLevel(core->second.level).insert(space);
    core->second.spaces = std::move(ofCore);
  }
}

void Packer::sortCores() {
  closed.resize(1);
  // Backwards, as cores are taken from the end; those with blocked cells last.
  for (bool isDamaged : {true, false})
    for (int64_t core = problem.cores; core-- > 0;) {
      if (open.count(core) || damaged.count(core) != isDamaged)
        continue;
      size_t grade = getGrade(core);
      if (closed.size() <= grade)
        closed.resize(grade + 1);
      closed[grade].push_back(core);
    }
}

bool Packer::openCore(int64_t grade) {
  if (closed[grade].empty())
    return false;
  int64_t number = closed[grade].back();
  closed[grade].pop_back();
  OpenCore &core = open[number];
  core.level = grade;
  std::vector<Space> spaces = {{number, 0, 0, problem.rows, problem.columns}};
  if (auto found = damaged.find(number); found != damaged.end())
    spaces = found->second;
  for (const Space &space : spaces)
    getLevel(core.level).insert(space);
  if (isFor(PackingObjective::Latency))
    core.spaces = std::move(spaces);
  return true;
}

void Packer::beginPhase(int64_t phase) {
  levels.clear();
  loadsOfStep.clear();
  for (auto &[number, core] : open)
    core.level = 0;
  for (const PlacedTile &tile : problem.placed)
    if (phase == everyPhase || tile.phase == phase ||
        tile.phase == everyPhase) {
      open[tile.place.core].level += getLoad(tile.columns);
      ++loadsOfStep[{tile.place.core, tile.step}];
    }
  for (size_t position : inEveryPhase) {
    const int64_t core = places[position].core;
    open[core].level += getLoad(problem.tiles[position].columns);
    ++loadsOfStep[{core, problem.tiles[position].step}];
  }
  getLevel(0);
  for (const auto &[number, core] : open)
    for (const Space &space : core.spaces)
      getLevel(core.level).insert(space);
}

bool Packer::hasOtherCopy(int64_t core, const SharedCopy &shared) const {
  if (shared.matrix < 0)
    return false;
  auto found = copyOnCore.find({shared.matrix, core});
  return found != copyOnCore.end() && found->second != shared.copy;
}

void Packer::addCopy(int64_t core, const SharedCopy &shared) {
  if (shared.matrix < 0)
    return;
  auto [entry, isNew] =
      copyOnCore.try_emplace({shared.matrix, core}, shared.copy);
  if (!isNew && entry->second != shared.copy)
    entry->second = -1;
}

std::optional<Space> Packer::findSpace(const TileSize &tile, size_t level,
                                       bool mayMeet) const {
  auto accepts = [&](const Space &space) {
    return mayMeet || !hasOtherCopy(space.core, tile.shared);
  };
  const SpacesBySize::Fit fit =
      levels[level].findBestFit(tile.rows, tile.columns, accepts);
  if (!fit.spaces)
    return std::nullopt;
  if (!isFor(PackingObjective::Latency) || level == 0)
    return *fit.first;
  // Looking at a few cores bounds the work; they are all equally good fits.
  constexpr int64_t maxCandidates = 16;
  const Space *best = nullptr;
  int64_t bestLoad = 0, candidates = 0;
  for (auto space = fit.first; space != fit.spaces->end(); ++space) {
    if (!accepts(*space))
      continue;
    auto it = loadsOfStep.find({space->core, tile.step});
    int64_t load = it == loadsOfStep.end() ? 0 : it->second;
    if (!best || load < bestLoad) {
      best = &*space;
      bestLoad = load;
    }
    if (load == 0 || ++candidates == maxCandidates)
      break;
  }
  return *best;
}

bool Packer::isFull(size_t grade, const TileSize &tile) const {
  return grade < fullFromColumns.size() &&
         tile.columns >= fullFromColumns[grade][tile.rows];
}

void Packer::setFull(size_t grade, const TileSize &tile) {
  if (fullFromColumns.size() <= grade)
    fullFromColumns.resize(
        grade + 1, std::vector<int64_t>(problem.rows + 1, problem.columns + 1));
  std::vector<int64_t> &fullFrom = fullFromColumns[grade];
  for (int64_t rows = tile.rows;
       rows <= problem.rows && fullFrom[rows] > tile.columns; ++rows)
    fullFrom[rows] = tile.columns;
}

std::optional<Space> Packer::findOrOpenSpace(const TileSize &tile,
                                             bool mayMeet) {
  for (size_t level = 0; level < std::max(levels.size(), closed.size());
       ++level) {
    if (isFor(PackingObjective::Noise) && isFull(level, tile))
      continue;
    // Without grades all closed cores are equal, and at no load.
    do {
      if (level < levels.size())
        if (std::optional<Space> space = findSpace(tile, level, mayMeet))
          return space;
    } while (level < closed.size() && openCore(level));
    // What a copy may not take is room for others.
    if (isFor(PackingObjective::Noise) && (mayMeet || tile.shared.matrix < 0))
      setFull(level, tile);
  }
  return std::nullopt;
}

void Packer::fill(const Space &space, size_t position) {
  const TileSize &tile = problem.tiles[position];
  places[position] = {space.core, space.row, space.column};

  OpenCore &core = open[space.core];
  usedCores += !core.hasTiles;
  core.hasTiles = true;
  meetings += hasOtherCopy(space.core, tile.shared);
  addCopy(space.core, tile.shared);
  std::vector<Space> &spaces = core.spaces;
  getLevel(core.level).erase(space);
  if (isFor(PackingObjective::Latency)) {
    // The core has one tile more, so the rest of it moves up.
    spaces.erase(std::find(spaces.begin(), spaces.end(), space));
    ++loadsOfStep[{space.core, tile.step}];
    if (tile.phase == everyPhase)
      inEveryPhase.push_back(position);
    for (const Space &other : spaces)
      getLevel(core.level).erase(other);
    core.level += getLoad(tile.columns);
    for (const Space &other : spaces)
      getLevel(core.level).insert(other);
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
      getLevel(core.level).insert(rest);
      if (isFor(PackingObjective::Latency))
        spaces.push_back(rest);
    }
}

bool Packer::run() {
  places.assign(problem.tiles.size(), {-1, -1, -1});
  getLevel(0);
  addGivenCores();
  sortCores();
  std::optional<int64_t> phase;
  for (size_t position : sortTiles()) {
    const TileSize &tile = problem.tiles[position];
    tileWithoutPlace = position;
    if (tile.rows > problem.rows || tile.columns > problem.columns)
      return false;
    if (isFor(PackingObjective::Latency) && phase != tile.phase) {
      phase = tile.phase;
      beginPhase(*phase);
    }
    std::optional<Space> space = findOrOpenSpace(tile, /*mayMeet=*/false);
    if (!space && tile.shared.matrix >= 0)
      space = findOrOpenSpace(tile, /*mayMeet=*/true);
    if (!space)
      return false;
    fill(*space, position);
  }
  return true;
}

/// The cores that the copies of one matrix take when each has cores of its own,
/// at most those there are.
static int64_t countApart(const PackingProblem &problem) {
  std::map<int64_t, std::set<int64_t>> copies;
  auto add = [&](const SharedCopy &shared) {
    if (shared.matrix >= 0)
      copies[shared.matrix].insert(shared.copy);
  };
  for (const TileSize &tile : problem.tiles)
    add(tile.shared);
  for (const PlacedTile &tile : problem.placed)
    add(tile.shared);
  int64_t most = 0;
  for (const auto &[matrix, ofMatrix] : copies)
    most = std::max<int64_t>(most, ofMatrix.size());
  return std::min(most, problem.cores);
}

/// Packs for the objectives that do not count cores. Tiles that lie apart leave
/// no room for a large one that comes late, so one without a place comes first
/// in the next attempt.
static std::optional<std::vector<TilePlace>>
packUrgentFirst(const PackingProblem &problem) {
  // Attempts that keep the work for many tiles in bounds.
  constexpr size_t mostAttempts = 64, mostTiles = 1000000;
  const size_t attempts = std::clamp<size_t>(
      mostTiles / std::max<size_t>(problem.tiles.size(), 1), 1, mostAttempts);
  const Order order = problem.objective == PackingObjective::Latency
                          ? Order::Columns
                          : Order::Cells;
  std::set<size_t> urgent;
  for (size_t attempt = 0; attempt < attempts; ++attempt) {
    Packer packer(problem, order, Cut::LargestRest, urgent);
    if (packer.run())
      return packer.takePlaces();
    if (!urgent.insert(packer.getTileWithoutPlace()).second)
      break;
  }
  return std::nullopt;
}

std::optional<std::vector<TilePlace>> aimc::pack(const PackingProblem &problem,
                                                 bool *isForArea) {
  if (isForArea)
    *isForArea = problem.objective == PackingObjective::Area;
  if (problem.objective != PackingObjective::Area)
    if (auto places = packUrgentFirst(problem))
      return places;
  if (isForArea)
    *isForArea = true;

  PackingProblem area = problem;
  area.objective = PackingObjective::Area;
  int64_t bound = packingLowerBound(area);
  if (bound > problem.cores)
    return std::nullopt;
  const int64_t apart = countApart(area);
  bound = std::max(bound, apart);
  std::optional<std::vector<TilePlace>> best;
  // Copies that meet, which cost speed, then cores.
  std::pair<int64_t, int64_t> bestCost;
  for (Order order :
       {Order::Cells, Order::LongerSide, Order::Rows, Order::Columns})
    for (Cut cut : {Cut::LargestRest, Cut::ShorterRest}) {
      Packer packer(area, order, cut);
      if (!packer.run())
        continue;
      std::pair<int64_t, int64_t> cost(packer.countMeetings(),
                                       packer.getUsedCores());
      if (!best || cost < bestCost) {
        bestCost = cost;
        best = packer.takePlaces();
      }
      if (bestCost == std::pair<int64_t, int64_t>(0, bound))
        return best;
    }
  if (area.tiles.size() <= maxSearchedTiles) {
    // The search keeps all copies apart.
    std::optional<SearchedPacking> searched = searchPacking(area, bound);
    if (searched &&
        (!best || std::pair<int64_t, int64_t>(0, searched->cores) < bestCost))
      return std::move(searched->places);
  }
  if (best || apart == 0)
    return best;
  // Any room is better than none.
  for (TileSize &tile : area.tiles)
    tile.shared = {};
  for (PlacedTile &tile : area.placed)
    tile.shared = {};
  return pack(area);
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
