//===- Copies.h - Copies of slow stages for throughput ----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Vectors pass through the stages of a pipeline, the slowest of which sets the
// interval from a vector to the next. A stage in N copies that share the
// vectors takes 1/N of its time. Spare cores go to the copies that help most.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ANALYSIS_COPIES_H
#define AIMC_LIB_ANALYSIS_COPIES_H

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace aimc {

/// A stage of a pipeline.
struct CopiedStage {
  double time = 0;    ///< of one copy, per vector; not negative
  int64_t cores = 0;  ///< that a further copy takes; at least 1
  int64_t copies = 1; ///< that share the vectors so far
  bool fixed = false; ///< gets no further copies
  /// Copies that there is a place for.
  int64_t most = std::numeric_limits<int64_t>::max();

  double interval() const { return time / static_cast<double>(copies); }
};

/// Where the spare cores went.
struct CopyShares {
  int64_t left = 0; ///< of the spare cores
  /// The slowest stage in the end, the first of several; nothing: none takes
  /// longer than what no copy makes faster.
  std::optional<size_t> slowest;
};

/// Gives copies to the slowest of `stages`, the first of several, one after
/// another, until the slowest one is fixed or has its most, or `spare` cores
/// are too few for a copy of it, or until none takes longer than `limit`, which
/// no copy makes shorter. Copies that did not shorten the interval, as another
/// stage is as slow, are taken back. No other copies for as many cores give a
/// shorter interval. O(copies log stages).
CopyShares shareSpareCores(std::vector<CopiedStage> &stages, int64_t spare,
                           double limit);

} // namespace aimc

#endif // AIMC_LIB_ANALYSIS_COPIES_H
