//===- PackingSearch.h - Packings on fewer cores ----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The thorough search behind pack() for problems of a few thousand tiles.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ANALYSIS_PACKINGSEARCH_H
#define AIMC_LIB_ANALYSIS_PACKINGSEARCH_H

#include "Analysis/Packing.h"

namespace aimc {

/// Places and how many cores have tiles, placed ones included.
struct SearchedPacking {
  std::vector<TilePlace> places;
  int64_t cores;
};

/// The number of tiles up to which `searchPacking` is worth its time.
inline constexpr size_t maxSearchedTiles = 4096;

/// Finds places for the tiles of `problem` on few cores, whatever its
/// objective, without copies that share the vectors on one core; nothing when
/// the search finds none. It ends early once no core of
/// the result could be spared: `bound` cores in use. Deterministic; its time is
/// bounded by a fixed number of steps (half a second).
///
/// Free space is kept as maximal rectangles, each of which no larger empty
/// rectangle holds (Jylänki 2010, section 4). The first packing is improved by
/// taking the tiles off a few cores at a time and packing these anew in
/// another order (ruin and recreate, Schrimpf et al., Journal of Computational
/// Physics 159, 2000); a change stays when the full cores become no less full
/// (Falkenauer, Journal of Heuristics 2, 1996), until a core is empty.
std::optional<SearchedPacking> searchPacking(const PackingProblem &problem,
                                             int64_t bound);

} // namespace aimc

#endif // AIMC_LIB_ANALYSIS_PACKINGSEARCH_H
