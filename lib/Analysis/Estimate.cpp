//===- Estimate.cpp - Time, energy and use of a chip -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sums the target's figures over tiles and digital work.
//
//===----------------------------------------------------------------------===//

#include "Analysis/Estimate.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <unordered_map>

using namespace aimc;
using runtime::DigitalUnit;
using runtime::TargetDescription;

/// The unit that the outputs of a core pass through, or null.
static const DigitalUnit *findCoreUnit(const TargetDescription &target) {
  for (const DigitalUnit &unit : target.units)
    if (unit.attached == "core")
      return &unit;
  return nullptr;
}

/// The fastest unit of the chip that adds, or null.
static const DigitalUnit *findAddingUnit(const TargetDescription &target) {
  const DigitalUnit *best = nullptr;
  for (const DigitalUnit &unit : target.units)
    if (unit.attached == "chip" &&
        std::count(unit.operations.begin(), unit.operations.end(), "add") &&
        (!best || unit.timePerValue.value < best->timePerValue.value))
      best = &unit;
  return best;
}

namespace {
/// Adds up the cost of one vector.
class Estimator {
public:
  explicit Estimator(const TargetDescription &target)
      : target(target), coreUnit(findCoreUnit(target)),
        addingUnit(findAddingUnit(target)), units(target.units.size()) {
    for (size_t i = 0; i < units.size(); ++i)
      units[i].unit = target.units[i].name;
  }

  void addMatrix(const EstimatedMatrix &matrix);
  void addWork(const UnitWork &work);
  Estimate finish();

private:
  UnitEstimate &unitOf(const DigitalUnit &unit) {
    return units[&unit - target.units.data()];
  }

  /// Work that `parallel` units of the kind share.
  void charge(const DigitalUnit &unit, int64_t values, double parallel) {
    UnitEstimate &entry = unitOf(unit);
    entry.values += values;
    entry.time += values * unit.timePerValue.value / parallel;
    // pJ to nJ.
    entry.energy += values * unit.energyPerValue.value * 1e-3;
  }

  /// Chips with a tile, at least one.
  int64_t countChips() const {
    std::set<int64_t> chips;
    for (int64_t core : usedCores)
      chips.insert(core / std::max<int64_t>(target.cores(), 1));
    return std::max<int64_t>(static_cast<int64_t>(chips.size()), 1);
  }

  const TargetDescription &target;
  const DigitalUnit *coreUnit;
  const DigitalUnit *addingUnit;
  std::vector<UnitEstimate> units;
  std::set<int64_t> usedCores;
  /// Work whose share depends on how many cores and chips are in use.
  std::vector<UnitWork> later;
  double weights = 0;
  Estimate result;
};
} // namespace

void Estimator::addMatrix(const EstimatedMatrix &matrix) {
  struct CoreLoad {
    int64_t tiles = 0, columns = 0;
  };
  std::unordered_map<int64_t, CoreLoad> loads;
  int64_t mostTiles = 0, mostColumns = 0, columns = 0;
  for (const EstimatedTile &tile : matrix.tiles) {
    usedCores.insert(tile.core);
    CoreLoad &load = loads[tile.core];
    mostTiles = std::max(mostTiles, ++load.tiles);
    load.columns += tile.columns;
    mostColumns = std::max(mostColumns, load.columns);
    columns += tile.columns;
  }
  auto tiles = static_cast<int64_t>(matrix.tiles.size());
  result.tiles += tiles;
  result.activations += tiles * matrix.uses;
  result.multiplyAdds += matrix.rows * matrix.columns * matrix.uses;
  result.mvmTime +=
      target.operatingMode().mvmTime.value * mostTiles * matrix.uses;
  result.mvmEnergy +=
      target.operatingMode().mvmEnergy.value * tiles * matrix.uses;
  weights += static_cast<double>(matrix.rows) * matrix.columns * matrix.copies;
  if (coreUnit) {
    // The slowest core decides the time, all of them the energy.
    UnitEstimate &entry = unitOf(*coreUnit);
    entry.values += columns * matrix.uses;
    entry.time += coreUnit->timePerValue.value * mostColumns * matrix.uses /
                  coreUnit->count;
    entry.energy +=
        coreUnit->energyPerValue.value * columns * matrix.uses * 1e-3;
  } else if (addingUnit) {
    int64_t divisions = matrix.copies > 1 ? matrix.columns : 0;
    later.push_back({addingUnit->name,
                     (columns - matrix.columns + divisions) * matrix.uses});
  }
}

void Estimator::addWork(const UnitWork &work) { later.push_back(work); }

Estimate Estimator::finish() {
  for (const UnitWork &work : later)
    for (const DigitalUnit &unit : target.units)
      if (unit.name == work.unit)
        charge(unit, work.values,
               static_cast<double>(unit.count) *
                   (unit.attached == "core"
                        ? std::max<size_t>(usedCores.size(), 1)
                        : countChips()));
  double cellsOfCore =
      static_cast<double>(target.array.rows) * target.array.columns;
  result.cores = static_cast<int64_t>(usedCores.size());
  result.coresAvailable = target.cores() * target.chips;
  if (result.cores)
    result.utilisation = weights / (cellsOfCore * result.cores);
  result.chipUtilisation = weights / (cellsOfCore * result.coresAvailable);
  for (const UnitEstimate &unit : units) {
    result.digitalTime += unit.time;
    result.digitalEnergy += unit.energy;
  }
  result.units = std::move(units);
  return std::move(result);
}

Estimate aimc::estimate(const std::vector<EstimatedMatrix> &matrices,
                        const std::vector<UnitWork> &work,
                        const TargetDescription &target) {
  Estimator estimator(target);
  for (const EstimatedMatrix &matrix : matrices)
    estimator.addMatrix(matrix);
  for (const UnitWork &each : work)
    estimator.addWork(each);
  return estimator.finish();
}

std::string aimc::describeFigure(const std::string &name,
                                 const runtime::Figure &figure) {
  char value[32];
  std::snprintf(value, sizeof(value), "%g", figure.value);
  std::string text =
      name + ": " + value + " " + figure.unit + ", " + figure.provenance;
  if (!figure.source.empty())
    text += " (" + figure.source + ")";
  return text;
}

std::vector<std::string>
aimc::describeAssumptions(const TargetDescription &target) {
  std::vector<std::string> lines = {
      "a use of a tile is one activation of an array in " + target.mode +
          " mode, whatever part of the array the tile takes",
      "cores work in parallel, activations of one core one by one",
      "products and digital work follow each other without overlap, and so do "
      "vectors",
      "moving data between cores, chips and host takes no time or energy but "
      "what the figures hold"};
  if (const DigitalUnit *unit = findCoreUnit(target))
    lines.push_back("each column of an activated tile passes once through "
                    "unit '" +
                    unit->name + "' of its core, which adds partial sums");
  else if (const DigitalUnit *unit = findAddingUnit(target))
    lines.push_back("unit '" + unit->name + "' adds partial sums");
  else
    lines.emplace_back(
        "no unit of the target adds, so partial sums cost nothing");
  lines.emplace_back(
      "an instruction of a digital unit costs its time and energy "
      "per value of the result, a product per multiply-add; equal "
      "units share the work evenly");
  lines.push_back(describeFigure("mvm_time", target.operatingMode().mvmTime));
  lines.push_back(
      describeFigure("mvm_energy", target.operatingMode().mvmEnergy));
  for (const DigitalUnit &unit : target.units) {
    lines.push_back(
        describeFigure(unit.name + ".time_per_value", unit.timePerValue));
    lines.push_back(
        describeFigure(unit.name + ".energy_per_value", unit.energyPerValue));
  }
  return lines;
}
