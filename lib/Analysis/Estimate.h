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
// - in the latency, uses of matrices and digital work follow each other without
//   overlap; pipelined, a vector follows the one before as soon as the busiest
//   resource (the crossbar of a core, its digital unit, the units of a kind of
//   the chips) is free again;
// - every column of an activated tile passes once through a digital unit of its
//   core, if cores have one, which adds partial sums too; otherwise a unit of
//   the chip adds the partial sums; copies of a matrix give partial sums as
//   tiles do, and each result is once divided by their number;
// - of copies that share the vectors each takes one vector of as many as there
//   are: per vector a core with a tile of one is busy for that part of its
//   time, in the latency and the energy one copy counts, the slowest in the
//   latency;
// - partial sums go from core to core by links, one after another: a column
//   part takes the delay of a partial sum for each further core of its rows;
// - cores with tiles take static power as long as a vector takes, others none;
// - of a matrix in several copies the multiply-adds count once, since copies do
//   no more of the model's work; cells, MVMs, time and energy are those of all;
// - an instruction of a digital unit costs the unit's time and energy for each
//   value of its result, a product for each multiply-add;
// - equal units work in parallel on equal shares.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ANALYSIS_ESTIMATE_H
#define AIMC_LIB_ANALYSIS_ESTIMATE_H

#include "aimc/Runtime/Baseline.h"
#include "aimc/Runtime/TargetDescription.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aimc {

/// A tile on a core. Cores are numbered through all chips.
struct EstimatedTile {
  int64_t core, rows, columns;
};

/// What a core does per vector.
struct CoreUse {
  int64_t core = 0;
  int64_t tiles = 0;
  int64_t cells = 0;
  double crossbarTime = 0; ///< ns
  double unitTime = 0;     ///< ns, of the digital unit of the core
};

/// A matrix on crossbars.
struct EstimatedMatrix {
  std::string name;
  int64_t rows, columns;
  int64_t uses;                     ///< products with it per vector
  std::vector<EstimatedTile> tiles; ///< of all copies
  int64_t copies = 1;
  /// Whether each copy takes one vector of `copies`; else all are averaged. The
  /// tiles of a copy are then together.
  bool shared = false;
};

/// Work of one digital unit per vector.
struct UnitWork {
  std::string unit; ///< name of a digital unit of the target
  int64_t values;   ///< results of instructions, multiply-adds of products
};

/// Work per vector, wherever it is done.
struct WorkCount {
  int64_t multiplyAdds = 0;        ///< of products
  int64_t elementaryFunctions = 0; ///< cosines, exponentials, roots, ...
  int64_t values = 0;              ///< results of any other operation

  int64_t total() const { return multiplyAdds + elementaryFunctions + values; }
  /// Adds `other` `times` times, rounded to whole numbers.
  void add(const WorkCount &other, double times = 1);
};

/// What the same work takes on a digital machine.
struct BaselineEstimate {
  double productTime = 0; ///< ns, of multiply-adds
  double time = 0;        ///< ns, of all
  double energy = 0;      ///< nJ
};

/// What all work of one digital unit takes per vector.
struct UnitEstimate {
  std::string unit;
  int64_t values = 0;
  double time = 0;     ///< ns
  double energy = 0;   ///< nJ
  double busyTime = 0; ///< ns, of units of the chips, without their delay
};

/// The cost of one vector through the model, and what it takes of the chips.
struct Estimate {
  int64_t tiles = 0;
  int64_t cores = 0;          ///< cores with a tile
  int64_t coresNeeded = 0;    ///< no packing of the tiles needs fewer
  int64_t coresAvailable = 0; ///< of all chips
  double utilisation = 0;     ///< cells of tiles over those of used cores
  double chipUtilisation = 0; ///< cells of tiles over those of all chips
  int64_t activations = 0;    ///< of arrays
  int64_t multiplyAdds = 0;   ///< on crossbars, of one copy
  double mvmTime = 0;         ///< ns
  double mvmEnergy = 0;       ///< nJ
  /// Parts of `mvmEnergy`, nJ; nothing where the target does not tell them.
  std::optional<double> arrayEnergy, dacEnergy, adcEnergy;
  double linkTime = 0;              ///< ns, of partial sums
  std::optional<double> linkEnergy; ///< nJ; nothing: not told by the target
  /// Of all cores with tiles, mW; nothing: not told by the target.
  std::optional<double> staticPower;
  double digitalTime = 0;          ///< ns, sum of `units`
  double digitalEnergy = 0;        ///< nJ, sum of `units`
  std::vector<UnitEstimate> units; ///< in the order of the target
  std::vector<CoreUse> coreUses;   ///< cores with a tile, ascending
  /// How long a vector keeps the busiest of each kind of resource, those that
  /// do anything: "crossbars" and the units of the target.
  std::vector<std::pair<std::string, double>> busy;
  double interval = 0;        ///< ns, from a vector to the next, pipelined
  std::string busiest;        ///< the resource that sets `interval`
  std::optional<double> area; ///< mm2, of the chips with a tile

  double latency() const { return mvmTime + linkTime + digitalTime; }
  /// Without static power.
  double dynamicEnergy() const {
    return mvmEnergy + digitalEnergy + linkEnergy.value_or(0);
  }
  /// Static energy over `time` ns.
  double staticEnergy(double time) const {
    // mW over ns are pJ.
    return staticPower.value_or(0) * time * 1e-3;
  }
  double energy() const { return dynamicEnergy() + staticEnergy(latency()); }
  /// Of a vector among many, pipelined: static power over the interval.
  double pipelinedEnergy() const {
    return dynamicEnergy() + staticEnergy(interval);
  }
};

/// Estimates the cost of one vector. Work of units that the target does not
/// have is an error of the caller's.
Estimate estimate(const std::vector<EstimatedMatrix> &matrices,
                  const std::vector<UnitWork> &work,
                  const runtime::TargetDescription &target);

/// What `work` takes on `baseline`, one kind of operation after another.
BaselineEstimate estimateBaseline(const WorkCount &work,
                                  const runtime::Baseline &baseline);

/// "NAME: VALUE UNIT, PROVENANCE (SOURCE)".
std::string describeFigure(const std::string &name,
                           const runtime::Figure &figure);

/// Adds the figures of `baseline` and what they assume to `lines`.
void describeBaseline(const runtime::Baseline &baseline,
                      std::vector<std::string> &lines);

/// The assumptions above and the figures that entered, with their provenance,
/// one sentence each.
std::vector<std::string>
describeAssumptions(const runtime::TargetDescription &target);

} // namespace aimc

#endif // AIMC_LIB_ANALYSIS_ESTIMATE_H
