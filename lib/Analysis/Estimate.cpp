//===- Estimate.cpp - Time, energy and use of a chip ----------------------===//
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

#include "Analysis/Packing.h"
#include "Analysis/ProductUnits.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>
#include <unordered_map>

using namespace aimc;
using runtime::DigitalUnit;
using runtime::OperatingMode;
using runtime::TargetDescription;

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
  void addWork(const UnitWork &work) { later.push_back(work); }
  Estimate finish();

private:
  UnitEstimate &unitOf(const DigitalUnit &unit) {
    return units[&unit - target.units.data()];
  }

  /// What one vector uses of a matrix.
  struct Turn {
    double mvmTime = 0, unitTime = 0; ///< ns, of the slowest core
    int64_t columns = 0, cores = 0;

    void raise(const Turn &other) {
      mvmTime = std::max(mvmTime, other.mvmTime);
      unitTime = std::max(unitTime, other.unitTime);
      columns = std::max(columns, other.columns);
      cores = std::max(cores, other.cores);
    }
  };

  Turn addTurn(const EstimatedMatrix &matrix, int64_t first, int64_t count,
               int64_t turns);
  void addPartialSums(const EstimatedMatrix &matrix, int64_t columns,
                      int64_t cores);
  void charge(const DigitalUnit &unit, int64_t values);
  void findBusiest();

  /// Chips with a tile, at least one.
  int64_t countChips() const {
    std::set<int64_t> chips;
    for (const auto &[core, use] : cores)
      chips.insert(core / std::max<int64_t>(target.cores(), 1));
    return std::max<int64_t>(static_cast<int64_t>(chips.size()), 1);
  }

  const TargetDescription &target;
  const DigitalUnit *coreUnit;
  const DigitalUnit *addingUnit;
  std::vector<UnitEstimate> units;
  std::unordered_map<int64_t, CoreUse> cores;
  /// Work whose share depends on how many cores and chips are in use.
  std::vector<UnitWork> later;
  std::vector<TileSize> sizes;
  double weights = 0;
  Estimate result;
};
} // namespace

void Estimator::addMatrix(const EstimatedMatrix &matrix) {
  for (const EstimatedTile &tile : matrix.tiles) {
    CoreUse &core = cores[tile.core];
    core.core = tile.core;
    ++core.tiles;
    core.cells += tile.rows * tile.columns;
    sizes.push_back({tile.rows, tile.columns, 0});
  }
  const auto uses = static_cast<double>(matrix.uses);
  const auto tiles = static_cast<int64_t>(matrix.tiles.size());
  // A turn is what one vector uses: all tiles, or those of one copy of several.
  const int64_t turns = matrix.shared ? matrix.copies : 1;
  const int64_t tilesOfTurn = tiles / turns;
  Turn longest;
  for (int64_t turn = 0; turn < turns; ++turn)
    longest.raise(addTurn(matrix, turn * tilesOfTurn, tilesOfTurn, turns));
  const int64_t columns = longest.columns;
  result.tiles += tiles;
  result.activations += tilesOfTurn * matrix.uses;
  result.multiplyAdds += matrix.rows * matrix.columns * matrix.uses;
  result.mvmTime += longest.mvmTime * uses;
  weights += static_cast<double>(matrix.rows) * matrix.columns * matrix.copies;
  if (coreUnit) {
    // The slowest core decides the time, all of them the energy.
    UnitEstimate &entry = unitOf(*coreUnit);
    entry.values += columns * matrix.uses;
    entry.time += (longest.unitTime + getDelay(*coreUnit)) * uses;
    entry.energy += coreUnit->energyPerValue.value *
                    static_cast<double>(columns) * uses * 1e-3;
  } else if (addingUnit) {
    const int64_t values = countAddedValues(
        columns, matrix.columns, matrix.copies > 1 && !matrix.shared);
    later.push_back({addingUnit->name, values * matrix.uses});
  }
  addPartialSums(matrix, columns, longest.cores);
}

/// Adds what the `count` tiles from `first` on keep busy, which one vector of
/// `turns` uses.
Estimator::Turn Estimator::addTurn(const EstimatedMatrix &matrix, int64_t first,
                                   int64_t count, int64_t turns) {
  struct CoreLoad {
    int64_t tiles = 0, columns = 0;
  };
  std::unordered_map<int64_t, CoreLoad> loads;
  Turn turn;
  for (int64_t i = first; i < first + count; ++i) {
    const EstimatedTile &tile = matrix.tiles[i];
    CoreLoad &load = loads[tile.core];
    ++load.tiles;
    load.columns += tile.columns;
    turn.columns += tile.columns;
  }
  turn.cores = static_cast<int64_t>(loads.size());
  const double uses =
      static_cast<double>(matrix.uses) / static_cast<double>(turns);
  for (const auto &[core, load] : loads) {
    const double mvmTime =
        target.operatingMode().mvmTime.value * static_cast<double>(load.tiles);
    turn.mvmTime = std::max(turn.mvmTime, mvmTime);
    cores[core].crossbarTime += mvmTime * uses;
    if (!coreUnit)
      continue;
    const double unitTime = getCoreUnitTime(*coreUnit, load.columns);
    turn.unitTime = std::max(turn.unitTime, unitTime);
    cores[core].unitTime += unitTime * uses;
  }
  return turn;
}

/// What links take to join the `columns` sums of the tiles of a matrix to those
/// of its results.
void Estimator::addPartialSums(const EstimatedMatrix &matrix, int64_t columns,
                               int64_t cores) {
  if (!target.links || cores == 0)
    return;
  const int64_t sums = countPassedSums(columns, matrix.columns, cores);
  const auto uses = static_cast<double>(matrix.uses);
  if (target.links->partialSumDelay)
    result.linkTime +=
        target.links->partialSumDelay->value * static_cast<double>(sums) * uses;
  if (target.links->energyPerByte)
    result.linkEnergy = result.linkEnergy.value_or(0) +
                        target.links->energyPerByte->value * 1e-3 * uses *
                            static_cast<double>(sums * matrix.columns);
}

/// Work that all units of the kind share, those of cores with tiles or those of
/// chips with tiles.
void Estimator::charge(const DigitalUnit &unit, int64_t values) {
  const bool isOfCore = unit.attached == "core";
  const double parallel =
      static_cast<double>(unit.count) *
      (isOfCore ? static_cast<double>(std::max<size_t>(cores.size(), 1))
                : static_cast<double>(countChips()));
  const double time =
      static_cast<double>(values) * unit.timePerValue.value / parallel;
  UnitEstimate &entry = unitOf(unit);
  entry.values += values;
  entry.time += time + (values ? getDelay(unit) : 0);
  // pJ to nJ.
  entry.energy +=
      static_cast<double>(values) * unit.energyPerValue.value * 1e-3;
  if (!isOfCore)
    entry.busyTime += time;
  else if (&unit == coreUnit)
    for (auto &[core, use] : cores)
      use.unitTime += time;
}

/// Sets `busy`, `interval` and `busiest`; of equal ones the first.
void Estimator::findBusiest() {
  auto consider = [&](const std::string &kind, double time,
                      const std::string &name) {
    if (time > 0)
      result.busy.emplace_back(kind, time);
    if (time > result.interval) {
      result.interval = time;
      result.busiest = name;
    }
  };
  auto considerCores = [&](const std::string &kind, double CoreUse::*time,
                           const std::string &name) {
    CoreUse most;
    for (const CoreUse &use : result.coreUses)
      if (use.*time > most.*time)
        most = use;
    consider(kind, most.*time, name + " of core " + std::to_string(most.core));
  };
  considerCores("crossbars", &CoreUse::crossbarTime, "the crossbar");
  for (const UnitEstimate &unit : units) {
    const std::string kind = "unit " + unit.unit;
    if (coreUnit && unit.unit == coreUnit->name)
      considerCores(kind, &CoreUse::unitTime, "unit '" + unit.unit + "'");
    else
      consider(kind, unit.busyTime, "unit '" + unit.unit + "'");
  }
}

Estimate Estimator::finish() {
  for (const UnitWork &work : later)
    for (const DigitalUnit &unit : target.units)
      if (unit.name == work.unit)
        charge(unit, work.values);
  const OperatingMode &mode = target.operatingMode();
  const auto activations = static_cast<double>(result.activations);
  result.mvmEnergy = mode.mvmEnergy.value * activations;
  auto part = [&](const std::optional<runtime::Figure> &figure)
      -> std::optional<double> {
    if (!figure)
      return std::nullopt;
    return figure->value * activations;
  };
  result.arrayEnergy = part(mode.arrayEnergy);
  result.dacEnergy = part(mode.dacEnergy);
  result.adcEnergy = part(mode.adcEnergy);
  double cellsOfCore =
      static_cast<double>(target.array.rows) * target.array.columns;
  result.cores = static_cast<int64_t>(cores.size());
  result.coresAvailable = target.cores() * target.chips;
  result.coresNeeded = packingLowerBound(sizes, target.array.usableRows,
                                         target.array.usableColumns);
  if (result.cores)
    result.utilisation = weights / (cellsOfCore * result.cores);
  result.chipUtilisation = weights / (cellsOfCore * result.coresAvailable);
  for (const UnitEstimate &unit : units) {
    result.digitalTime += unit.time;
    result.digitalEnergy += unit.energy;
  }
  for (const auto &[core, use] : cores)
    result.coreUses.push_back(use);
  std::sort(result.coreUses.begin(), result.coreUses.end(),
            [](const CoreUse &a, const CoreUse &b) { return a.core < b.core; });
  findBusiest();
  result.units = std::move(units);
  if (target.area)
    result.area = target.area->value * static_cast<double>(countChips());
  if (target.staticPower)
    result.staticPower =
        target.staticPower->value * static_cast<double>(result.cores);
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

void WorkCount::add(const WorkCount &other, double times) {
  auto scaled = [&](int64_t count) -> int64_t {
    return std::llround(static_cast<double>(count) * times);
  };
  multiplyAdds += scaled(other.multiplyAdds);
  elementaryFunctions += scaled(other.elementaryFunctions);
  values += scaled(other.values);
}

BaselineEstimate aimc::estimateBaseline(const WorkCount &work,
                                        const runtime::Baseline &baseline) {
  // A G/s is one a nanosecond.
  BaselineEstimate result;
  result.productTime =
      static_cast<double>(work.multiplyAdds) / baseline.multiplyAdds.value;
  result.time = result.productTime +
                static_cast<double>(work.elementaryFunctions) /
                    baseline.elementaryFunctions.value +
                static_cast<double>(work.values) / baseline.values.value;
  result.energy = result.time * baseline.power.value;
  return result;
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

void aimc::describeBaseline(const runtime::Baseline &baseline,
                            std::vector<std::string> &lines) {
  lines.push_back(baseline.name + ": " + baseline.summary +
                  ", at peak rates on batches that are large enough, one kind "
                  "of operation after another, without waiting for memory");
  for (auto [name, figure] :
       {std::pair(".multiply_adds", &baseline.multiplyAdds),
        std::pair(".values", &baseline.values),
        std::pair(".elementary_functions", &baseline.elementaryFunctions),
        std::pair(".power", &baseline.power)})
    lines.push_back(describeFigure(baseline.name + name, *figure));
}

std::vector<std::string>
aimc::describeAssumptions(const TargetDescription &target) {
  std::vector<std::string> lines = {
      "a use of a tile is one activation of an array in " + target.mode +
          " mode, whatever part of the array the tile takes",
      "cores work in parallel, activations of one core one by one",
      "in the latency, products and digital work follow each other without "
      "overlap; pipelined, a vector follows the one before as soon as the "
      "busiest resource is free",
      "partial sums pass from core to core; moving other data between cores, "
      "chips and host takes no time or energy but what the figures hold",
      "cores without tiles take no power",
      "results wait where they were computed, in the number format of there, "
      "from the end of their task to the end of the last one that takes them"};
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
  auto add = [&](const std::string &name,
                 const std::optional<runtime::Figure> &figure) {
    if (figure)
      lines.push_back(describeFigure(name, *figure));
  };
  const OperatingMode &mode = target.operatingMode();
  add("mvm_time", mode.mvmTime);
  add("mvm_energy", mode.mvmEnergy);
  add("mvm_energy_parts.array", mode.arrayEnergy);
  add("mvm_energy_parts.dac", mode.dacEnergy);
  add("mvm_energy_parts.adc", mode.adcEnergy);
  for (const DigitalUnit &unit : target.units) {
    add(unit.name + ".time_per_value", unit.timePerValue);
    add(unit.name + ".delay", unit.delay);
    add(unit.name + ".energy_per_value", unit.energyPerValue);
    add(unit.name + ".buffer", unit.buffer);
  }
  if (target.links) {
    add("links.partial_sum_delay", target.links->partialSumDelay);
    add("links.energy_per_byte", target.links->energyPerByte);
  }
  add("static_power", target.staticPower);
  add("core_buffer", target.coreBuffer);
  add("area", target.area);
  return lines;
}
