//===- Concurrency.h - Which products run at once -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// When products can run, as far as the values say that they use.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_TRANSFORMS_CONCURRENCY_H
#define AIMC_DIALECTS_AIMC_TRANSFORMS_CONCURRENCY_H

#include "AIMC/IR/TileGrid.h"
#include "Analysis/Packing.h"

namespace aimc {

/// When the products with a matrix run. With every operation as early as its
/// operands allow:
struct UseTime {
  /// How many attentions over whole sequences come before. These are the
  /// operations that need all rows of their operands before they give one of
  /// the result, so products before and after one never run at once, while
  /// others do, on different rows.
  int64_t phase = 0;
  /// How many products come before. Products of one step do not depend on each
  /// other.
  int64_t step = 0;
};

/// The times of the matrices of `grids`, in their order: the step of the first
/// use, and the phase of all uses if they have the same, else `everyPhase`. One
/// sweep over each function.
std::vector<UseTime> computeUseTimes(mlir::ModuleOp module,
                                     const TileGrids &grids);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_TRANSFORMS_CONCURRENCY_H
