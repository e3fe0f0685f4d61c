//===- Packing.h - Tiles into core arrays -----------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two-dimensional packing of tiles into the crossbars of equal cores, without
// rotation: rows are word lines and columns bit lines.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ANALYSIS_PACKING_H
#define AIMC_LIB_ANALYSIS_PACKING_H

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace aimc {

/// The phase of tiles that may be in use in every phase.
inline constexpr int64_t everyPhase = -1;

/// Which copy of a matrix a tile belongs to when each vector goes to one of
/// several copies. A core does one thing at a time, so two copies on one core
/// are no faster than one.
struct SharedCopy {
  int64_t matrix = -1; ///< its number, 0 and above; -1: no copies that share
  int64_t copy = 0;

  /// Whether the tiles should be on different cores.
  bool isApartFrom(const SharedCopy &other) const {
    return matrix >= 0 && matrix == other.matrix && copy != other.copy;
  }
};

/// A tile that needs a place.
struct TileSize {
  int64_t rows, columns; ///< cells, both positive
  /// For the latency objective: tiles of one phase may be in use at the same
  /// time, those of different phases, of 0 and above, never are.
  int64_t phase;
  /// In the phase, for the latency objective: tiles of one step begin at the
  /// same time, those of different steps follow each other.
  int64_t step = 0;
  /// For the noise objective: how much an error of a cell weighs.
  double importance = 0;
  SharedCopy shared = {};
};

/// A place of a tile: the core and the cell of the tile's first weight.
struct TilePlace {
  int64_t core, row, column;
};

/// A tile that has its place already. It may lie outside the usable part.
struct PlacedTile {
  TilePlace place;
  int64_t rows, columns;
  int64_t phase = 0, step = 0; ///< as of a TileSize
  SharedCopy shared = {};      ///< as of a TileSize
};

/// What a packing is good for. Under each objective, tiles of different copies
/// of a matrix that share the vectors lie on different cores, as long as any
/// core without another copy has room.
enum class PackingObjective {
  /// As few cores as the search finds.
  Area,
  /// Tiles of one phase lie apart as long as there are cores, wide tiles first;
  /// then the core with the least load of the phase, by the number of tiles and
  /// their columns, if possible one without tiles of the same step. Tiles of
  /// other phases share cores.
  Latency,
  /// Tiles in descending order of importance, each on the core of the best
  /// grade that has room.
  Noise,
};

/// A packing to be found.
struct PackingProblem {
  int64_t rows, columns; ///< usable cells of a core, from cell (0, 0) on
  int64_t cores;         ///< number of cores; 0 and above
  PackingObjective objective = PackingObjective::Area;
  std::vector<PlacedTile> placed;
  std::vector<TileSize> tiles;
  /// Cells that no tile may take; they may overlap. A core without tiles does
  /// not count as used for them, and is the last to be taken.
  std::vector<PlacedTile> blocked = {};
  /// For the noise objective: the grade of each core, 0 the best, below 256;
  /// empty when all are of grade 0.
  std::vector<int64_t> grades = {};
};

/// Finds a place for each of `problem.tiles`, in their order; nothing when the
/// search finds none. Deterministic.
///
/// Guillotine packing, best area fit, biggest tiles first (Jylänki, A Thousand
/// Ways to Pack the Bin, 2010, section 2): free spaces are kept by size, so a
/// tile is placed in O(rows log tiles) whatever the number of cores; a tile of
/// a shared copy may also look at each core with another copy. The area
/// objective takes the best of several orders and ways to cut, and up to
/// `maxSearchedTiles` tiles that of `searchPacking` (PackingSearch.h) where it
/// needs fewer cores or keeps more copies apart. For another objective tiles
/// that were left without a place come first in a next attempt; where all fail,
/// it is packed for area. `isForArea` tells whether it was. Where no packing
/// that keeps copies apart is found, it is packed without that.
std::optional<std::vector<TilePlace>> pack(const PackingProblem &problem,
                                           bool *isForArea = nullptr);

/// Two of `tiles`, as positions in ascending order, that share a cell of a
/// core; nothing when there are none. O(n log n).
std::optional<std::pair<size_t, size_t>>
findOverlap(const std::vector<PlacedTile> &tiles);

/// A number of cores that no packing of `tiles` into empty cores of `rows` by
/// `columns` can go below, by dual feasible functions of the sides
/// (PackingBound.cpp). Tiles larger than a core count as one of its size.
int64_t packingLowerBound(const std::vector<TileSize> &tiles, int64_t rows,
                          int64_t columns);

/// The same of all tiles of `problem`, placed ones included, wherever copies of
/// a matrix lie.
int64_t packingLowerBound(const PackingProblem &problem);

} // namespace aimc

#endif // AIMC_LIB_ANALYSIS_PACKING_H
