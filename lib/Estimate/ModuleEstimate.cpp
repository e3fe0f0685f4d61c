//===- ModuleEstimate.cpp - What a module costs on its target -------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gathers matrices, tiles and digital work from a module.
//
//===----------------------------------------------------------------------===//

#include "Estimate/ModuleEstimate.h"

#include "AIMC/IR/AIMC.h"
#include "AIMC/IR/TileGrid.h"
#include "Estimate/ModuleTasks.h"
#include "Estimate/Resources.h"
#include "Estimate/RowFactors.h"
#include "Estimate/WorkCounter.h"

#include "llvm/ADT/MapVector.h"

#include <cmath>

using namespace mlir;
using namespace aimc;

namespace {
/// Gathers what is estimated.
class Collector {
public:
  Collector(ModuleOp module, const runtime::TargetDescription &target)
      : module(module), target(target), symbols(module) {}

  LogicalResult run();

  std::vector<EstimatedMatrix> matrices;
  std::vector<UnitWork> work;
  WorkCount digital; ///< that of `work`

private:
  /// Matrices as `aimc.weights` and `aimc.tile`.
  LogicalResult addTiledMatrices();

  /// A matrix as runtime calls have it, with its table of tiles.
  LogicalResult addRuntimeMatrix(RtMatrixOp matrix);

  LogicalResult addCall(Operation *call, FlatSymbolRefAttr name);

  /// Adds the work of `op`, `count` for each row that it computes, in all
  /// iterations of loops around it.
  void addWork(Operation *op, StringRef unit, const WorkCount &count) {
    WorkCount all;
    all.add(count, rows.getOfAllIterations(op));
    if (all.total())
      work.push_back({unit.str(), all.total()});
    digital.add(all);
  }

  int64_t getCore(int64_t chip, int64_t core) const {
    return chip * target.cores() + core;
  }

  ModuleOp module;
  const runtime::TargetDescription &target;
  SymbolTable symbols;
  RowFactors rows;
  WorkCounter counter;
};
} // namespace

LogicalResult Collector::addTiledMatrices() {
  FailureOr<TileGrids> grids = TileGrids::compute(module);
  if (failed(grids))
    return failure();
  for (const MatrixTiles &matrix : grids->getMatrices()) {
    WeightsOp weights = matrix.getWeights();
    if (!matrix.uses.empty() && !matrix.isTiled()) {
      MvmOp use = matrix.uses.front();
      return use.emitOpError("expects tiles of @")
             << weights.getSymName()
             << ", but there are none (aimc-tile adds them)";
    }
    if (!matrix.isTiled())
      continue;
    EstimatedMatrix &entry = matrices.emplace_back();
    entry.name = weights.getSymName();
    entry.rows = weights.getRows();
    entry.columns = weights.getColumns();
    double uses = 0;
    for (MvmOp use : matrix.uses)
      uses += rows.getOfAllIterations(use);
    entry.uses = std::llround(uses);
    entry.copies = matrix.copies;
    entry.shared = matrix.shared;
    for (TileOp tile : matrix.tiles) {
      if (!tile.isPlaced())
        return tile.emitOpError("expects a place on a core, but has none "
                                "(aimc-place gives it)");
      entry.tiles.push_back({getCore(*tile.getChip(), *tile.getCore()),
                             tile.getRows(), tile.getColumns()});
    }
  }
  return success();
}

LogicalResult Collector::addRuntimeMatrix(RtMatrixOp matrix) {
  std::optional<DenseIntElementsAttr> tiles = matrix.getTiles();
  // A matrix without tiles is in digital memory.
  if (!tiles)
    return success();
  auto type = cast<RankedTensorType>(matrix.getValue().getShapedType());
  EstimatedMatrix &entry = matrices.emplace_back();
  entry.name = matrix.getSymName();
  entry.rows = type.getDimSize(0);
  entry.columns = type.getDimSize(1);
  entry.uses = 0;
  entry.copies = matrix.countCopies();
  entry.shared = matrix.getSharingCopies() > 1;
  SmallVector<int32_t> table(tiles->getValues<int32_t>());
  for (size_t i = 0; i < table.size(); i += 8) {
    int32_t rows = table[i + 2], columns = table[i + 3];
    int32_t chip = table[i + 4], core = table[i + 5];
    if (chip < 0 || core < 0 || chip >= target.chips || core >= target.cores())
      return emitError(matrix.getLoc())
             << "'" << matrix.getOperationName() << "' op expects tile "
             << i / 8 << " on one of " << target.chips << " chips of "
             << target.cores() << " cores of target '" << target.name
             << "', but got chip " << chip << ", core " << core;
    entry.tiles.push_back({getCore(chip, core), rows, columns});
  }
  return success();
}

LogicalResult Collector::addCall(Operation *call, FlatSymbolRefAttr name) {
  auto program = symbols.lookup<ProgramOp>(name.getAttr());
  if (!program)
    return call->emitOpError("expects ")
           << name
           << " to be an 'aimc.program', but there is none of this name";
  addWork(call, program.getUnit(), counter.count(program));
  return success();
}

LogicalResult Collector::run() {
  if (failed(verifyIterations(module)) || failed(addTiledMatrices()))
    return failure();
  llvm::DenseMap<StringAttr, size_t> runtimeMatrices;
  llvm::DenseMap<size_t, double> runtimeUses;
  for (auto matrix : module.getOps<RtMatrixOp>()) {
    size_t count = matrices.size();
    if (failed(addRuntimeMatrix(matrix)))
      return failure();
    if (matrices.size() > count)
      runtimeMatrices[matrix.getSymNameAttr()] = count;
  }
  WalkResult result = module.walk([&](Operation *op) -> WalkResult {
    const auto addUse = [&](FlatSymbolRefAttr matrix) {
      auto it = runtimeMatrices.find(matrix.getAttr());
      if (it != runtimeMatrices.end())
        runtimeUses[it->second] += rows.getOfAllIterations(op);
    };
    if (auto product = dyn_cast<RtMvmOp>(op)) {
      addUse(product.getMatrixAttr());
    } else if (auto fused = dyn_cast<RtMvmDigitalOp>(op)) {
      addUse(fused.getMatrixAttr());
      for (auto program : fused.getPrograms().getAsRange<FlatSymbolRefAttr>())
        if (failed(addCall(op, program)))
          return WalkResult::interrupt();
    } else if (auto digital = dyn_cast<DigitalOp>(op)) {
      FailureOr<WorkCount> count = counter.count(digital);
      if (failed(count))
        return WalkResult::interrupt();
      addWork(op, digital.getUnit(), *count);
    } else if (auto attention = dyn_cast<AttentionOp>(op)) {
      if (!attention.getUnit()) {
        attention.emitOpError(
            "expects a digital unit, but has none (aimc-split "
            "gives it)");
        return WalkResult::interrupt();
      }
      addWork(op, *attention.getUnit(), WorkCounter::count(attention));
    } else if (auto call = dyn_cast<RtAttentionOp>(op)) {
      addWork(op, call.getUnit(), WorkCounter::count(call));
    } else if (auto gram = dyn_cast<GramOp>(op)) {
      if (!gram.getUnit()) {
        gram.emitOpError("expects a digital unit, but has none (aimc-split "
                         "gives it)");
        return WalkResult::interrupt();
      }
      addWork(op, *gram.getUnit(), WorkCounter::count(gram));
    } else if (isa<RtGramOp>(op)) {
      op->emitOpError("expects a digital unit to estimate, but a runtime call "
                      "has none; estimate an earlier stage");
      return WalkResult::interrupt();
    } else if (auto execute = dyn_cast<ExecuteOp>(op)) {
      return WalkResult(addCall(op, execute.getProgramAttr()));
    } else if (auto call = dyn_cast<RtDigitalOp>(op)) {
      return WalkResult(addCall(op, call.getProgramAttr()));
    }
    return WalkResult::advance();
  });
  for (auto [matrix, uses] : runtimeUses)
    matrices[matrix].uses = std::llround(uses);
  return failure(result.wasInterrupted());
}

std::string aimc::addBaselines(std::vector<std::string> names,
                               ModuleEstimate &estimate) {
  if (names.empty())
    names = runtime::Baseline::builtinNames();
  if (names == std::vector<std::string>{"none"})
    return {};
  for (const std::string &name : names) {
    std::string error;
    std::optional<runtime::Baseline> baseline =
        runtime::Baseline::load(name, error);
    if (!baseline)
      return error;
    for (const runtime::Baseline &other : estimate.baselines)
      if (other.name == baseline->name)
        return "expects each baseline once, but got '" + baseline->name +
               "' twice";
    describeBaseline(*baseline, estimate.assumptions);
    estimate.baselines.push_back(std::move(*baseline));
  }
  return {};
}

/// Whether a buffer may be too small for a schedule.
static bool hasBufferSizes(const runtime::TargetDescription &target) {
  return target.coreBuffer ||
         llvm::any_of(target.units, [](const runtime::DigitalUnit &unit) {
           return unit.buffer.has_value();
         });
}

/// Adds what results wait in to `estimate` when all operations have slots and
/// their results are values: later stages have buffers of the host for them.
static LogicalResult addBuffers(ModuleOp module, ScheduleAttr schedule,
                                const runtime::TargetDescription &target,
                                ModuleEstimate &estimate) {
  const bool hasSlots = module
                            .walk([](Operation *op) {
                              return op->hasAttr(slotAttrName)
                                         ? WalkResult::interrupt()
                                         : WalkResult::advance();
                            })
                            .wasInterrupted();
  if (!hasSlots)
    return success();
  FailureOr<ModuleTasks> tasks = collectTasks(module, target);
  if (failed(tasks))
    return failure();
  std::vector<int64_t> starts;
  for (Operation *op : tasks->operations) {
    auto slot = op->getAttrOfType<SlotAttr>(slotAttrName);
    if (!slot || op->getNumResults() == 0)
      return success();
    starts.push_back(slot.getStart());
  }
  estimate.buffers.emplace();
  for (const BufferUse &use :
       findBufferUses(tasks->tasks, starts, schedule.getInterval())) {
    BufferEstimate &buffer = estimate.buffers->emplace_back();
    buffer.name = describeBuffer(use.buffer, target);
    buffer.values = use.values;
    buffer.bytes = use.bytes;
    if (auto it = tasks->capacities.find(use.buffer);
        it != tasks->capacities.end())
      buffer.capacity = it->second;
  }
  return success();
}

FailureOr<ModuleEstimate> aimc::estimateModule(ModuleOp module) {
  TargetAttr attribute = TargetAttr::lookup(module);
  if (!attribute)
    return emitError(module.getLoc(),
                     "expects a module with a target, but got one "
                     "without '")
           << targetAttrName << "'";
  const runtime::TargetDescription &target = attribute.getTarget();
  Collector collector(module, target);
  if (failed(collector.run()))
    return failure();
  ModuleEstimate result;
  result.target = target.name;
  result.mode = target.mode;
  result.cellsOfCore =
      static_cast<double>(target.array.rows) * target.array.columns;
  result.cost = estimate(collector.matrices, collector.work, target);
  if (auto schedule = module->getAttrOfType<ScheduleAttr>(scheduleAttrName)) {
    const bool acrossLayers = schedule.getKind() == ScheduleKind::cross_layer;
    // Picoseconds.
    result.schedule = {acrossLayers ? "cross-layer" : "layer-by-layer",
                       static_cast<double>(schedule.getInterval()) * 1e-3,
                       static_cast<double>(schedule.getLatency()) * 1e-3};
    if (failed(addBuffers(module, schedule, target, result)))
      return failure();
    // It counts whole picoseconds.
    if (acrossLayers && result.schedule->interval > result.cost.interval + 1e-3)
      result.cost.busiest = hasBufferSizes(target)
                                ? "the schedule, with transfers and buffers"
                                : "the schedule, with transfers";
    if (acrossLayers)
      result.cost.interval =
          std::max(result.cost.interval, result.schedule->interval);
  }
  result.work = collector.digital;
  result.work.multiplyAdds += result.cost.multiplyAdds;
  result.matrices = std::move(collector.matrices);
  result.assumptions = describeAssumptions(target);
  if (llvm::any_of(result.matrices,
                   [](const EstimatedMatrix &each) { return each.shared; }))
    result.assumptions.emplace_back(
        "vectors come one after another, so copies that share them take equal "
        "parts, in loops on average; each vector takes the time and energy of "
        "one copy, though its rows may meet several");
  if (findUncountedLoop(module))
    result.assumptions.emplace_back(
        "a loop counts once if its number of iterations is not known before "
        "it runs");
  return result;
}
