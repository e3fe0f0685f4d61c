//===- Estimate.h - Time, energy and use of a chip -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a placed model costs on a target, from the figures of its description:
//
// - a use of a tile is one activation of an array, of the target's MVM time and
//   energy whatever part of the array the tile takes;
// - different cores work in parallel, activations of one core one by one;
// - uses of matrices and digital work follow each other without overlap;
// - every column of an activated tile passes once through a digital unit of its
//   core, if cores have one, which adds partial sums too; otherwise a unit of
//   the chip adds the partial sums; copies of a matrix give partial sums as
//   tiles do, and each result is once divided by their number;
// - of a matrix in several copies the multiply-adds count once, since copies do
//   no more of the model's work; cells, MVMs, time and energy are those of all;
// - an instruction of a digital unit costs the unit's time and energy for each
//   value of its result, a product for each multiply-add;
// - equal units work in parallel on equal shares.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ANALYSIS_ESTIMATE_H
#define AIMC_LIB_ANALYSIS_ESTIMATE_H

#include "aimc/Runtime/TargetDescription.h"

#include <cstdint>
#include <string>
#include <vector>

namespace aimc {

/// A tile on a core. Cores are numbered through all chips.
struct EstimatedTile {
  int64_t core, rows, columns;
};

/// A matrix on crossbars.
struct EstimatedMatrix {
  std::string name;
  int64_t rows, columns;
  int64_t uses;                     ///< products with it per vector
  std::vector<EstimatedTile> tiles; ///< of all copies
  int64_t copies = 1;               ///< that are averaged
};

/// Work of one digital unit per vector.
struct UnitWork {
  std::string unit; ///< name of a digital unit of the target
  int64_t values;   ///< results of instructions, multiply-adds of products
};

/// What all work of one digital unit takes per vector.
struct UnitEstimate {
  std::string unit;
  int64_t values = 0;
  double time = 0;   ///< ns
  double energy = 0; ///< nJ
};

/// The cost of one vector through the model, and what it takes of the chips.
struct Estimate {
  int64_t tiles = 0;
  int64_t cores = 0;               ///< cores with a tile
  int64_t coresAvailable = 0;      ///< of all chips
  double utilisation = 0;          ///< cells of tiles over those of used cores
  double chipUtilisation = 0;      ///< cells of tiles over those of all chips
  int64_t activations = 0;         ///< of arrays
  int64_t multiplyAdds = 0;        ///< on crossbars, of one copy
  double mvmTime = 0;              ///< ns
  double mvmEnergy = 0;            ///< nJ
  double digitalTime = 0;          ///< ns, sum of `units`
  double digitalEnergy = 0;        ///< nJ, sum of `units`
  std::vector<UnitEstimate> units; ///< in the order of the target

  double latency() const { return mvmTime + digitalTime; }
  double energy() const { return mvmEnergy + digitalEnergy; }
};

/// Estimates the cost of one vector. Work of units that the target does not
/// have is an error of the caller's.
Estimate estimate(const std::vector<EstimatedMatrix> &matrices,
                  const std::vector<UnitWork> &work,
                  const runtime::TargetDescription &target);

/// "NAME: VALUE UNIT, PROVENANCE (SOURCE)".
std::string describeFigure(const std::string &name,
                           const runtime::Figure &figure);

/// The assumptions above and the figures that entered, with their provenance,
/// one sentence each.
std::vector<std::string>
describeAssumptions(const runtime::TargetDescription &target);

} // namespace aimc

#endif // AIMC_LIB_ANALYSIS_ESTIMATE_H
