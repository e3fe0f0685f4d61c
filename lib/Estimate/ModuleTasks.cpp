//===- ModuleTasks.cpp - What of a module takes time on its target --------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns operations into tasks. Values are followed from one task to the next
// through whatever is between them.
//
//===----------------------------------------------------------------------===//

#include "Estimate/ModuleTasks.h"

#include "AIMC/IR/AIMC.h"
#include "AIMC/IR/TileGrid.h"
#include "Analysis/ProductUnits.h"
#include "Estimate/Resources.h"
#include "Estimate/RowFactors.h"
#include "Estimate/WorkCounter.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

#include <cmath>
#include <limits>
#include <map>

using namespace mlir;
using namespace aimc;
using runtime::DigitalUnit;
using runtime::TargetDescription;

namespace {
/// Where the cores of a product lie, by the sums and the differences of rows
/// and columns: their extremes give the longest way between two sets of cores.
/// Chips stand in a row.
struct Extent {
  int64_t leastSum = std::numeric_limits<int64_t>::max();
  int64_t mostSum = std::numeric_limits<int64_t>::min();
  int64_t leastDifference = std::numeric_limits<int64_t>::max();
  int64_t mostDifference = std::numeric_limits<int64_t>::min();

  void add(int64_t core, const TargetDescription &target) {
    const int64_t chip = core / target.cores(), of = core % target.cores();
    const int64_t row = of / target.coreColumns;
    const int64_t column = of % target.coreColumns + chip * target.coreColumns;
    leastSum = std::min(leastSum, row + column);
    mostSum = std::max(mostSum, row + column);
    leastDifference = std::min(leastDifference, row - column);
    mostDifference = std::max(mostDifference, row - column);
  }

  int64_t countHops(const Extent &to) const {
    return std::max({mostSum - to.leastSum, to.mostSum - leastSum,
                     mostDifference - to.leastDifference,
                     to.mostDifference - leastDifference});
  }
};

/// Gathers the tasks.
class TaskCollector {
public:
  /// Without `usesPlaces` each tile is on a core of its own, by a number alone,
  /// and there is one chip.
  TaskCollector(ModuleOp module, const TargetDescription &target,
                bool usesPlaces)
      : module(module), target(target), usesPlaces(usesPlaces),
        symbols(module) {}

  LogicalResult run();

  ModuleTasks result;

private:
  LogicalResult addMatrices();
  LogicalResult addTask(Operation *op);
  LogicalResult addTime(Operation *op);
  void addProduct(MvmOp op);
  LogicalResult addWork(Operation *op, StringRef unit, const WorkCount &work);
  LogicalResult addResults(Operation *op, const DigitalUnit &unit, Task &task);
  void addCapacities();
  void addInputs(Operation *op, int64_t sending, const Extent *extent,
                 Task &task);
  void follow(Operation *op);

  int64_t getCore(TileOp tile) {
    if (usesPlaces)
      return *tile.getChip() * target.cores() + *tile.getCore();
    return ownCores.try_emplace(tile, ownCores.size()).first->second;
  }

  /// What is too long is a whole number that `addTask` refuses.
  static int64_t toPicoseconds(double nanoseconds) {
    return std::llround(
        std::min(nanoseconds * 1e3, 2 * static_cast<double>(mostTime)));
  }

  /// What a product with a matrix takes of cores. Vectors that take turns have
  /// the times of the slowest turn.
  struct MatrixLoad {
    /// Of each turn, that of a copy, the cores, ascending.
    std::vector<std::vector<int64_t>> turns;
    /// Of each turn, the cores where columns are whole, ascending, and how
    /// many.
    std::vector<std::map<int64_t, int64_t>> results;
    Extent extent;                                        ///< of all turns
    int64_t mostTiles = 0, mostRows = 0, mostColumns = 0; ///< of a core
    int64_t columns = 0;                                  ///< of a turn
    bool averages = false;                                ///< several copies

    /// The most cores of a turn.
    int64_t countCores() const {
      size_t most = 0;
      for (const std::vector<int64_t> &cores : turns)
        most = std::max(most, cores.size());
      return static_cast<int64_t>(most);
    }
  };

  void addTurn(llvm::ArrayRef<TileOp> tiles, MatrixLoad &load);
  double countCommonIterations(Operation *op, size_t task);

  ModuleOp module;
  const TargetDescription &target;
  const bool usesPlaces;
  llvm::DenseMap<Operation *, int64_t> ownCores; ///< of tiles
  SymbolTable symbols;
  RowFactors rows;
  WorkCounter counter;
  llvm::DenseMap<StringAttr, MatrixLoad> loads;
  std::vector<int64_t> usedCores; ///< ascending
  int64_t usedChips = 1;
  /// The results that a value is made of, by task and number.
  using Sources = llvm::SmallSetVector<std::pair<size_t, size_t>, 2>;
  llvm::DenseMap<Value, Sources> sources;
  /// What an iteration of a loop has from the one before.
  llvm::DenseSet<Value> carried;
  /// Of products, by task.
  llvm::DenseMap<size_t, Extent> extents;
  int64_t allTime = 0; ///< of all tasks, one after another
};
} // namespace

LogicalResult TaskCollector::addMatrices() {
  FailureOr<TileGrids> grids = TileGrids::compute(module);
  if (failed(grids))
    return failure();
  llvm::DenseSet<int64_t> cores, chips;
  for (const MatrixTiles &matrix : grids->getMatrices()) {
    if (matrix.uses.empty() && !matrix.isTiled())
      continue;
    if (!matrix.isTiled()) {
      MvmOp use = matrix.uses.front();
      return use.emitOpError("expects tiles of @")
             << matrix.getWeights().getSymName()
             << ", but there are none (aimc-tile adds them)";
    }
    MatrixLoad &load = loads[matrix.getWeights().getSymNameAttr()];
    load.averages = matrix.copies > 1 && !matrix.shared;
    for (TileOp tile : matrix.tiles) {
      if (usesPlaces && !tile.isPlaced())
        return tile.emitOpError("expects a place on a core, but has none "
                                "(aimc-place gives it)");
      cores.insert(getCore(tile));
      chips.insert(usesPlaces ? *tile.getChip() : 0);
    }
    // The tiles of a copy are together.
    const size_t turns = matrix.shared ? matrix.copies : 1;
    const size_t tilesOfTurn = matrix.tiles.size() / turns;
    for (size_t turn = 0; turn < turns; ++turn)
      addTurn(
          llvm::ArrayRef(matrix.tiles).slice(turn * tilesOfTurn, tilesOfTurn),
          load);
  }
  usedCores.assign(cores.begin(), cores.end());
  llvm::sort(usedCores);
  usedChips = std::max<int64_t>(chips.size(), 1);
  return success();
}

/// Adds the tiles that the vectors of one turn use.
void TaskCollector::addTurn(llvm::ArrayRef<TileOp> tiles, MatrixLoad &load) {
  struct CoreLoad {
    int64_t tiles = 0, rows = 0, columns = 0;
  };
  std::map<int64_t, CoreLoad> ofCores;
  int64_t columns = 0;
  // Sums end in the last row part of the last copy.
  llvm::DenseMap<int64_t, TileOp> last;
  for (TileOp tile : tiles) {
    last[tile.getColumn()] = tile;
    CoreLoad &of = ofCores[getCore(tile)];
    ++of.tiles;
    of.rows += tile.getRows();
    of.columns += tile.getColumns();
    columns += tile.getColumns();
  }
  std::vector<int64_t> &cores = load.turns.emplace_back();
  for (const auto &[core, of] : ofCores) {
    cores.push_back(core);
    load.extent.add(core, target);
    load.mostTiles = std::max(load.mostTiles, of.tiles);
    load.mostRows = std::max(load.mostRows, of.rows);
    load.mostColumns = std::max(load.mostColumns, of.columns);
  }
  load.columns = std::max(load.columns, columns);
  std::map<int64_t, int64_t> &results = load.results.emplace_back();
  for (auto [column, tile] : last)
    results[getCore(tile)] += tile.getColumns();
}

/// How often loops around both run `op` after `task`.
double TaskCollector::countCommonIterations(Operation *op, size_t task) {
  for (auto loop = op->getParentOfType<scf::ForOp>(); loop;
       loop = loop->getParentOfType<scf::ForOp>())
    if (loop->isAncestor(result.operations[task]))
      return countIterations(loop.getBody()->getTerminator());
  return 1;
}

/// Adds what `task` of `op` waits for. A product at `extent` is sent its inputs
/// for `sending`.
void TaskCollector::addInputs(Operation *op, int64_t sending,
                              const Extent *extent, Task &task) {
  Sources from;
  op->walk([&](Operation *nested) {
    for (Value operand : nested->getOperands())
      if (auto it = sources.find(operand); it != sources.end())
        from.insert_range(it->second);
  });
  const double hop = target.links ? target.links->timePerHop.value : 0;
  for (auto [source, taken] : from) {
    auto product = extents.find(source);
    int64_t hops = 0;
    if (extent && product != extents.end())
      hops = extent->countHops(product->second);
    else if (extent || product != extents.end())
      hops = 1;
    task.inputs.push_back(
        {source,
         sending + toPicoseconds(hop * static_cast<double>(hops) *
                                 countCommonIterations(op, source)),
         taken});
  }
}

/// Values per vector of `count` for each row, where it has `rows` rows.
static int64_t countValues(int64_t count, double rows) {
  return static_cast<int64_t>(
      std::ceil(static_cast<double>(count) * rows - 1e-6));
}

/// Adds what waits of the results of `op`, which `unit` computes.
LogicalResult TaskCollector::addResults(Operation *op, const DigitalUnit &unit,
                                        Task &task) {
  const int64_t bytes = countBytes(unit);
  for (Value value : op->getResults()) {
    TaskResult &held = task.results.emplace_back();
    const int64_t columns =
        cast<RankedTensorType>(value.getType()).getDimSize(1);
    if (ShapedType::isDynamic(columns))
      return op->emitOpError("expects sizes that are known but for the rows of "
                             "the batch, but got a dynamic one");
    const int64_t values = countValues(columns, rows.get(op));
    if (unit.attached != "core") {
      const size_t index = &unit - target.units.data();
      held.parts.push_back({getBuffer(index), values, values * bytes});
      continue;
    }
    const int64_t cores = static_cast<int64_t>(usedCores.size());
    for (int64_t core : usedCores) {
      const int64_t share = llvm::divideCeil(values, cores);
      held.parts.push_back({core, share, share * bytes});
    }
  }
  return success();
}

/// Adds the sizes of the buffers that results are in.
void TaskCollector::addCapacities() {
  // More is never needed: the largest count of bytes is above it.
  auto toBytes = [](double bytes) {
    return static_cast<int64_t>(std::min(bytes, 0x1p60));
  };
  for (const auto &[index, unit] : llvm::enumerate(target.units))
    if (unit.buffer)
      result.capacities[getBuffer(index)] = toBytes(
          std::floor(unit.buffer->value) * static_cast<double>(unit.count) *
          static_cast<double>(usedChips));
  if (target.coreBuffer)
    for (int64_t core : usedCores)
      result.capacities[core] = toBytes(target.coreBuffer->value);
}

void TaskCollector::addProduct(MvmOp op) {
  const MatrixLoad &load = loads.find(op.getWeightsAttr().getAttr())->second;
  const double iterations = countIterations(op);
  const double factor = rows.get(op) * iterations;
  auto scaled = [&](double time) { return toPicoseconds(time * factor); };
  Task task;
  const int64_t columns =
      symbols.lookup<WeightsOp>(op.getWeights()).getColumns();
  const int64_t sending = target.links
                              ? scaled(target.links->timePerByte.value *
                                       static_cast<double>(load.mostRows))
                              : 0;
  addInputs(op, sending, &load.extent, task);
  auto addPhase = [&](int64_t offset, int64_t duration, CoreResource kind) {
    for (const auto &[turn, cores] : llvm::enumerate(load.turns)) {
      TaskPhase &phase = task.phases.emplace_back();
      phase.offset = offset;
      phase.duration = duration;
      phase.every = static_cast<int64_t>(load.turns.size());
      phase.first = static_cast<int64_t>(turn);
      for (int64_t core : cores)
        phase.resources.push_back(getResource(core, kind));
    }
  };
  // Arguments are there.
  if (!task.inputs.empty())
    addPhase(-sending, sending, InputLink);
  const int64_t mvm = scaled(target.operatingMode().mvmTime.value *
                             static_cast<double>(load.mostTiles));
  addPhase(0, mvm, Crossbar);
  int64_t end = mvm;
  const DigitalUnit *local = findCoreUnit(target);
  const DigitalUnit *adding = findAddingUnit(target);
  const size_t addingIndex = adding ? adding - target.units.data() : 0;
  bool isAdded = false; ///< by units of the chip
  if (local) {
    end += scaled(getDelay(*local));
    const int64_t duration = scaled(getCoreUnitTime(*local, load.mostColumns));
    addPhase(end, duration, LocalUnit);
    end += duration;
  } else if (adding) {
    const int64_t values =
        countAddedValues(load.columns, columns, load.averages);
    isAdded = values > 0;
    const int64_t duration =
        values == 0
            ? 0
            : scaled(adding->timePerValue.value * static_cast<double>(values) /
                     static_cast<double>(adding->count * usedChips));
    task.phases.push_back({end, duration, {getResource(addingIndex)}});
    end += duration;
  }
  const int64_t sums =
      countPassedSums(load.columns, columns, load.countCores());
  if (target.links && target.links->partialSumDelay)
    end += scaled(target.links->partialSumDelay->value *
                  static_cast<double>(sums));
  task.latency = end;
  TaskResult &held = task.results.emplace_back();
  auto addPart = [&](int64_t buffer, int64_t count, int64_t bytesPerValue) {
    const int64_t values = countValues(count, rows.get(op));
    return &held.parts.emplace_back(
        HeldPart{buffer, values, values * bytesPerValue});
  };
  if (isAdded) {
    addPart(getBuffer(addingIndex), columns, countBytes(*adding));
  } else {
    const int64_t bytes = local ? countBytes(*local) : countBytes(target.adc);
    for (const auto &[turn, cores] : llvm::enumerate(load.results))
      for (auto [core, count] : cores) {
        HeldPart *part = addPart(core, count, bytes);
        part->every = static_cast<int64_t>(load.results.size());
        part->first = static_cast<int64_t>(turn);
      }
  }
  // Between iterations, but not before the first one.
  if (task.inputs.empty() && iterations > 1 &&
      carried.contains(op.getInput())) {
    const auto again = std::llround(static_cast<double>(sending) *
                                    (iterations - 1) / iterations);
    addPhase(end, again, InputLink);
    task.latency += again;
  }
  extents[result.tasks.size()] = load.extent;
  result.operations.push_back(op);
  result.tasks.push_back(std::move(task));
}

LogicalResult TaskCollector::addWork(Operation *op, StringRef name,
                                     const WorkCount &work) {
  const DigitalUnit *unit = nullptr;
  for (const DigitalUnit &each : target.units)
    if (each.name == name)
      unit = &each;
  if (!unit)
    return op->emitOpError("expects one of the digital units of target '")
           << target.name << "', but got '" << name << "'";
  WorkCount all;
  all.add(work, rows.getOfAllIterations(op));
  const bool isOfCore = unit->attached == "core";
  const double parallel =
      static_cast<double>(unit->count) *
      static_cast<double>(isOfCore ? std::max<size_t>(usedCores.size(), 1)
                                   : usedChips);
  Task task;
  addInputs(op, /*sending=*/0, /*extent=*/nullptr, task);
  TaskPhase &phase = task.phases.emplace_back();
  phase.duration = toPicoseconds(static_cast<double>(all.total()) *
                                 unit->timePerValue.value / parallel);
  if (isOfCore)
    for (int64_t core : usedCores)
      phase.resources.push_back(getResource(core, LocalUnit));
  else
    phase.resources.push_back(
        getResource(static_cast<size_t>(unit - target.units.data())));
  task.latency = phase.duration;
  if (all.total() && unit->delay)
    task.latency += toPicoseconds(unit->delay->value * countIterations(op));
  if (failed(addResults(op, *unit, task)))
    return failure();
  result.operations.push_back(op);
  result.tasks.push_back(std::move(task));
  return success();
}

LogicalResult TaskCollector::addTask(Operation *op) {
  if (auto product = dyn_cast<MvmOp>(op)) {
    addProduct(product);
    return success();
  }
  if (auto digital = dyn_cast<DigitalOp>(op)) {
    FailureOr<WorkCount> work = counter.count(digital);
    if (failed(work))
      return failure();
    return addWork(op, digital.getUnit(), *work);
  }
  auto refuse = [&] {
    return op->emitOpError(
        "expects a digital unit, but has none (aimc-split gives it)");
  };
  if (auto attention = dyn_cast<AttentionOp>(op)) {
    if (!attention.getUnit())
      return refuse();
    return addWork(op, *attention.getUnit(), WorkCounter::count(attention));
  }
  if (auto gram = dyn_cast<GramOp>(op)) {
    if (!gram.getUnit())
      return refuse();
    return addWork(op, *gram.getUnit(), WorkCounter::count(gram));
  }
  auto execute = cast<ExecuteOp>(op);
  auto program = symbols.lookup<ProgramOp>(execute.getProgram());
  return addWork(op, program.getUnit(), counter.count(program));
}

/// Adds the time of the last task, of `op`, to that of all.
LogicalResult TaskCollector::addTime(Operation *op) {
  const Task &task = result.tasks.back();
  int64_t time = task.latency;
  for (const TaskPhase &phase : task.phases)
    time = std::max(time, phase.duration);
  for (const TaskInput &input : task.inputs)
    time = std::max(time, input.delay + task.latency);
  if (time > mostTime - allTime)
    return op->emitOpError("expects all operations of a vector up to it to "
                           "take at most ")
           << mostTime << " ps one after another, but got more";
  allTime += time;
  return success();
}

/// Results of what is no task are made of what its operands are.
void TaskCollector::follow(Operation *op) {
  Sources from;
  for (Value operand : op->getOperands())
    if (auto it = sources.find(operand); it != sources.end())
      from.insert_range(it->second);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    for (BlockArgument argument : loop.getRegionIterArgs()) {
      auto it = sources.find(loop.getTiedLoopInit(argument)->get());
      if (it != sources.end())
        sources[argument] = Sources(it->second);
      if (loop.getTiedLoopYieldedValue(argument)->get() != argument ||
          carried.contains(loop.getTiedLoopInit(argument)->get()))
        carried.insert(argument);
    }
  if (llvm::any_of(op->getOperands(),
                   [&](Value operand) { return carried.contains(operand); }))
    carried.insert_range(op->getResults());
  // What a region yields is what the operation gives.
  if (op->hasTrait<OpTrait::IsTerminator>() &&
      !isa<ModuleOp>(op->getParentOp()))
    for (Value outer : op->getParentOp()->getResults())
      sources[outer].insert_range(from);
  if (from.empty())
    return;
  for (Value value : op->getResults())
    sources[value].insert_range(from);
}

LogicalResult TaskCollector::run() {
  if (failed(verifyIterations(module)) || failed(addMatrices()))
    return failure();
  addCapacities();
  return failure(
      module
          .walk<WalkOrder::PreOrder>([&](Operation *op) {
            if (isa<ProgramOp>(op))
              return WalkResult::skip();
            if (!isa<MvmOp, DigitalOp, AttentionOp, GramOp, ExecuteOp>(op)) {
              follow(op);
              return WalkResult::advance();
            }
            const size_t task = result.tasks.size();
            if (failed(addTask(op)) || failed(addTime(op)))
              return WalkResult::interrupt();
            for (OpResult value : op->getResults())
              sources[value].insert({task, value.getResultNumber()});
            return WalkResult::skip();
          })
          .wasInterrupted());
}

FailureOr<ModuleTasks> aimc::collectTasks(ModuleOp module,
                                          const TargetDescription &target) {
  TaskCollector collector(module, target, /*usesPlaces=*/true);
  if (failed(collector.run()))
    return failure();
  return std::move(collector.result);
}

FailureOr<ModuleLoads> aimc::collectLoads(ModuleOp module,
                                          const TargetDescription &target) {
  TaskCollector collector(module, target, /*usesPlaces=*/false);
  if (failed(collector.run()))
    return failure();
  ModuleLoads loads;
  loads.units.resize(target.units.size());
  // No core is of two matrices.
  llvm::DenseMap<int64_t, int64_t> ofResources;
  for (const auto &[op, task] :
       llvm::zip_equal(collector.result.operations, collector.result.tasks)) {
    auto product = dyn_cast<MvmOp>(op);
    for (const TaskPhase &phase : task.phases)
      for (int64_t resource : phase.resources) {
        if (resource < 0) {
          loads.units[-1 - resource] += phase.duration;
        } else if (product) {
          int64_t &most = loads.matrices[product.getWeightsAttr().getAttr()];
          most = std::max(most, ofResources[resource] += phase.duration);
        }
      }
  }
  return loads;
}
