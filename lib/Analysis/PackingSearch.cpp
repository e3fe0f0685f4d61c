//===- PackingSearch.cpp - Packings on fewer cores ------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Maximal rectangles, and ruin and recreate on a few cores at a time.
//
//===----------------------------------------------------------------------===//

#include "Analysis/PackingSearch.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <tuple>

using namespace aimc;

/// Bounds of the time, half a second in all: rectangles that the first packings
/// look at, and tiles that are packed anew after that, for each tile and in
/// all.
static constexpr int64_t maxSteps = 50000000;
static constexpr int64_t repackedPerTile = 4000, maxRepacked = 400000;

namespace {

/// Cells of a core.
struct Rectangle {
  int64_t row, column, rows, columns;

  int64_t bottom() const { return row + rows; }
  int64_t right() const { return column + columns; }
  bool holds(const Rectangle &other) const {
    return row <= other.row && column <= other.column &&
           bottom() >= other.bottom() && right() >= other.right();
  }
  bool meets(const Rectangle &other) const {
    return row < other.bottom() && other.row < bottom() &&
           column < other.right() && other.column < right();
  }
};

/// The empty part of a core as its maximal rectangles.
using FreeSpace = std::vector<Rectangle>;

/// How the place of a tile is chosen, smallest first.
enum class Score { ShorterRest, Cells, LongerRest, FirstRow, Last = FirstRow };

/// A core with the tiles that the search has put on it.
struct Bin {
  /// Which core it is, -1 for any without a tile or defect.
  int64_t core;
  FreeSpace empty; ///< without tiles of the search
  FreeSpace space; ///< with them
  std::vector<std::pair<size_t, Rectangle>> tiles;
  int64_t cells = 0; ///< of these tiles
  /// The shared copies of tiles from before the search.
  std::vector<SharedCopy> copies = {};
};

} // namespace

/// Takes `taken` out of `space`.
static void subtract(FreeSpace &space, const Rectangle &taken) {
  FreeSpace cut;
  size_t kept = 0;
  for (const Rectangle &each : space) {
    if (!each.meets(taken)) {
      space[kept++] = each;
      continue;
    }
    auto add = [&](int64_t row, int64_t column, int64_t bottom, int64_t right) {
      if (row < bottom && column < right)
        cut.push_back({row, column, bottom - row, right - column});
    };
    add(each.row, each.column, taken.row, each.right());
    add(taken.bottom(), each.column, each.bottom(), each.right());
    add(each.row, each.column, each.bottom(), taken.column);
    add(each.row, taken.right(), each.bottom(), each.right());
  }
  space.resize(kept);
  // Only what was cut can have become a part of another rectangle.
  for (size_t i = 0; i < cut.size(); ++i) {
    bool isMaximal = true;
    for (size_t k = 0; k < kept && isMaximal; ++k)
      isMaximal = !space[k].holds(cut[i]);
    for (size_t k = 0; k < cut.size() && isMaximal; ++k)
      isMaximal =
          k == i || !cut[k].holds(cut[i]) || (k > i && cut[i].holds(cut[k]));
    if (isMaximal)
      space.push_back(cut[i]);
  }
}

/// What is minimal at the best place of a tile in `rectangle`.
static std::pair<int64_t, int64_t> scoreOf(const Rectangle &rectangle,
                                           const TileSize &tile, Score score) {
  int64_t rows = rectangle.rows - tile.rows;
  int64_t columns = rectangle.columns - tile.columns;
  switch (score) {
  case Score::ShorterRest:
    return {std::min(rows, columns), std::max(rows, columns)};
  case Score::Cells:
    return {rectangle.rows * rectangle.columns, std::min(rows, columns)};
  case Score::LongerRest:
    return {std::max(rows, columns), std::min(rows, columns)};
  case Score::FirstRow:
    return {rectangle.row + tile.rows, rectangle.column};
  }
  return {0, 0};
}

namespace {

/// A way to pack: the order of tiles, and how the place of each is chosen.
struct Way {
  Score score;
  /// Whether a tile goes to the first core with room, and not to the best place
  /// of all cores.
  bool firstFit;
};

class Search {
public:
  Search(const PackingProblem &problem, int64_t bound)
      : problem(problem), bound(bound) {}

  std::optional<SearchedPacking> run();

private:
  /// Cores with tiles or defects, as they are before the search.
  void addGivenCores();
  /// A core without anything.
  Bin makeEmptyBin() const;
  /// The tiles, biggest first in one of several senses.
  std::vector<size_t> sortTiles(int sense) const;
  /// Puts the tiles of `order` on `bins`, and with `mayOpen` on more of them;
  /// false at the first tile without room.
  bool fill(std::vector<Bin> &bins, const std::vector<size_t> &order, Way way,
            bool mayOpen);
  /// Cores with a tile, of the search or from before.
  int64_t countUsed(const std::vector<Bin> &bins) const;
  /// Whether the core has a tile of another copy of the matrix.
  bool hasOtherCopy(const Bin &bin, const SharedCopy &shared) const;
  void improve(std::vector<Bin> &bins);
  /// Turns bins without a core into cores; nothing when these do not suffice.
  std::optional<SearchedPacking>
  assignCores(const std::vector<Bin> &bins) const;
  size_t draw(size_t count) { return random() % count; }

  const PackingProblem &problem;
  const int64_t bound;
  std::vector<Bin> given;      ///< in use already
  std::vector<Bin> damaged;    ///< with keep-outs and nothing else
  std::vector<int64_t> spoilt; ///< cores that are in either, ascending
  int64_t steps = 0;           ///< rectangles looked at
  std::mt19937 random{1};
};

} // namespace

Bin Search::makeEmptyBin() const {
  Rectangle all{0, 0, problem.rows, problem.columns};
  return {-1, {all}, {all}, {}, 0};
}

void Search::addGivenCores() {
  std::map<int64_t, Bin> bins;
  std::set<int64_t> used;
  auto take = [&](const PlacedTile &tile) {
    auto [it, isNew] = bins.try_emplace(tile.place.core, makeEmptyBin());
    it->second.core = tile.place.core;
    subtract(it->second.empty,
             {tile.place.row, tile.place.column, tile.rows, tile.columns});
  };
  for (const PlacedTile &tile : problem.placed) {
    take(tile);
    used.insert(tile.place.core);
    if (tile.shared.matrix >= 0)
      bins.at(tile.place.core).copies.push_back(tile.shared);
  }
  for (const PlacedTile &cells : problem.blocked)
    take(cells);
  for (auto &[core, bin] : bins) {
    spoilt.push_back(core);
    bin.space = bin.empty;
    if (used.count(core))
      given.push_back(std::move(bin));
    else if (!bin.empty.empty())
      damaged.push_back(std::move(bin));
  }
}

std::vector<size_t> Search::sortTiles(int sense) const {
  std::vector<size_t> order(problem.tiles.size());
  std::iota(order.begin(), order.end(), 0);
  auto key = [&](size_t position) {
    const TileSize &tile = problem.tiles[position];
    int64_t longer = std::max(tile.rows, tile.columns);
    int64_t shorter = std::min(tile.rows, tile.columns);
    switch (sense) {
    case 0:
      return std::make_tuple(tile.rows * tile.columns, longer, tile.rows);
    case 1:
      return std::make_tuple(longer, shorter, tile.rows);
    case 2:
      return std::make_tuple(tile.rows, tile.columns, longer);
    case 3:
      return std::make_tuple(tile.columns, tile.rows, longer);
    default:
      return std::make_tuple(shorter, longer, tile.rows);
    }
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t lhs, size_t rhs) { return key(lhs) > key(rhs); });
  return order;
}

bool Search::hasOtherCopy(const Bin &bin, const SharedCopy &shared) const {
  return shared.matrix >= 0 &&
         (std::any_of(bin.copies.begin(), bin.copies.end(),
                      [&](const SharedCopy &other) {
                        return shared.isApartFrom(other);
                      }) ||
          std::any_of(
              bin.tiles.begin(), bin.tiles.end(), [&](const auto &tile) {
                return shared.isApartFrom(problem.tiles[tile.first].shared);
              }));
}

bool Search::fill(std::vector<Bin> &bins, const std::vector<size_t> &order,
                  Way way, bool mayOpen) {
  const size_t sound = problem.cores - spoilt.size();
  size_t opened = 0;
  for (size_t position : order) {
    const TileSize &tile = problem.tiles[position];
    auto findBest = [&](Bin **best, Rectangle &place) {
      std::pair<int64_t, int64_t> bestScore;
      for (Bin &bin : bins) {
        steps += bin.space.size();
        if (hasOtherCopy(bin, tile.shared))
          continue;
        for (const Rectangle &each : bin.space) {
          if (each.rows < tile.rows || each.columns < tile.columns)
            continue;
          auto score = scoreOf(each, tile, way.score);
          if (*best && score >= bestScore)
            continue;
          *best = &bin;
          bestScore = score;
          place = {each.row, each.column, tile.rows, tile.columns};
        }
        if (*best && way.firstFit)
          break;
      }
    };
    Bin *best = nullptr;
    Rectangle place{};
    findBest(&best, place);
    while (!best && mayOpen) {
      // Cores without defects first, then those with them, then more than there
      // are: the search may spare some.
      const bool isDamaged = opened >= sound && opened - sound < damaged.size();
      bins.push_back(isDamaged ? damaged[opened - sound] : makeEmptyBin());
      ++opened;
      findBest(&best, place);
    }
    if (!best)
      return false;
    subtract(best->space, place);
    best->tiles.emplace_back(position, place);
    best->cells += tile.rows * tile.columns;
  }
  return true;
}

int64_t Search::countUsed(const std::vector<Bin> &bins) const {
  int64_t used = given.size();
  for (size_t i = given.size(); i < bins.size(); ++i)
    used += !bins[i].tiles.empty();
  return used;
}

void Search::improve(std::vector<Bin> &bins) {
  const int64_t budget = std::min<int64_t>(
      repackedPerTile * static_cast<int64_t>(problem.tiles.size()),
      maxRepacked);
  int64_t used = countUsed(bins);
  std::vector<Bin> part;
  std::vector<size_t> chosen, order;
  std::vector<std::pair<double, size_t>> keys;
  for (int64_t work = 0; used > bound && bins.size() > 1 && work < budget;) {
    // One of the emptier cores and one to three others.
    chosen.clear();
    size_t first = draw(bins.size());
    for (int i = 0; i < 2; ++i)
      if (size_t other = draw(bins.size());
          bins[other].cells < bins[first].cells)
        first = other;
    chosen.push_back(first);
    size_t count = std::min(2 + draw(3), bins.size());
    while (chosen.size() < count)
      if (size_t other = draw(bins.size());
          std::find(chosen.begin(), chosen.end(), other) == chosen.end())
        chosen.push_back(other);
    // Full ones first: first fit keeps them full.
    std::sort(chosen.begin(), chosen.end(), [&](size_t lhs, size_t rhs) {
      return std::tie(bins[rhs].cells, lhs) < std::tie(bins[lhs].cells, rhs);
    });

    part.clear();
    keys.clear();
    double before = 0;
    const size_t sense = draw(4);
    for (size_t i : chosen) {
      const Bin &bin = bins[i];
      before += static_cast<double>(bin.cells) * bin.cells;
      part.push_back({bin.core, bin.empty, bin.empty, {}, 0, bin.copies});
      for (const auto &[position, place] : bin.tiles) {
        const TileSize &tile = problem.tiles[position];
        double rows = tile.rows, columns = tile.columns;
        double size = sense == 0   ? rows * columns
                      : sense == 1 ? std::max(rows, columns)
                      : sense == 2 ? rows
                                   : columns;
        // A factor of 0.6 to 1.4 changes the order without losing it.
        keys.emplace_back(-size * (0.6 + 0.8 * (draw(1024) / 1024.0)),
                          position);
      }
    }
    std::sort(keys.begin(), keys.end());
    order.clear();
    for (const auto &[key, position] : keys)
      order.push_back(position);
    work += order.size() + 1;
    Way way{static_cast<Score>(draw(static_cast<size_t>(Score::Last) + 1)),
            draw(2) == 0};
    if (!fill(part, order, way, /*mayOpen=*/false))
      continue;
    double after = 0;
    for (const Bin &bin : part)
      after += static_cast<double>(bin.cells) * bin.cells;
    if (after < before)
      continue;
    for (size_t i = 0; i < chosen.size(); ++i)
      bins[chosen[i]] = std::move(part[i]);
    // An empty core is spared from now on, unless it holds tiles from before.
    for (size_t i = bins.size(); i > given.size(); --i)
      if (bins[i - 1].tiles.empty())
        bins.erase(bins.begin() + (i - 1));
    used = countUsed(bins);
  }
}

std::optional<SearchedPacking>
Search::assignCores(const std::vector<Bin> &bins) const {
  std::vector<TilePlace> places(problem.tiles.size());
  int64_t next = 0;
  for (const Bin &bin : bins) {
    if (bin.tiles.empty())
      continue;
    int64_t core = bin.core;
    if (core < 0) {
      while (std::binary_search(spoilt.begin(), spoilt.end(), next))
        ++next;
      core = next++;
      if (core >= problem.cores)
        return std::nullopt;
    }
    for (const auto &[position, place] : bin.tiles)
      places[position] = {core, place.row, place.column};
  }
  return SearchedPacking{std::move(places), countUsed(bins)};
}

std::optional<SearchedPacking> Search::run() {
  for (const TileSize &tile : problem.tiles)
    if (tile.rows > problem.rows || tile.columns > problem.columns)
      return std::nullopt;
  addGivenCores();
  std::optional<std::vector<Bin>> best;
  for (int sense = 0; sense < 5; ++sense)
    for (Score score : {Score::ShorterRest, Score::Cells, Score::LongerRest})
      for (bool firstFit : {false, true}) {
        std::vector<Bin> bins = given;
        fill(bins, sortTiles(sense), {score, firstFit}, /*mayOpen=*/true);
        if (!best || countUsed(bins) < countUsed(*best))
          best = std::move(bins);
        if (countUsed(*best) <= bound)
          return assignCores(*best);
        // Many tiles get fewer ways.
        if (steps > maxSteps)
          break;
      }
  improve(*best);
  return assignCores(*best);
}

std::optional<SearchedPacking>
aimc::searchPacking(const PackingProblem &problem, int64_t bound) {
  return Search(problem, bound).run();
}
