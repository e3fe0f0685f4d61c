//===- ModuleEstimate.cpp - What a module costs on its target -*- C++ -*-===//
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
#include "AIMC/Utils/DigitalWork.h"
#include "Estimate/RowFactors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
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

  /// The work of a program, counted once for each program.
  WorkCount countWork(ProgramOp program);

  /// The work of a digital region for one row of its batch.
  FailureOr<WorkCount> countWork(DigitalOp digital);

  LogicalResult addCall(Operation *call, FlatSymbolRefAttr name);

  /// Adds the work of `op`, `count` for each row that it computes.
  void addWork(Operation *op, StringRef unit, const WorkCount &count) {
    WorkCount all;
    all.add(count, rows.get(op));
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
  llvm::DenseMap<Operation *, WorkCount> workOfProgram;
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
      uses += rows.get(use);
    entry.uses = std::llround(uses);
    entry.copies = matrix.copies;
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
  entry.copies = matrix.getAveragedCopies();
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

/// Whether a digital machine computes `op` by a series or a table.
static bool isElementaryFunction(Operation *op) {
  return isa_and_nonnull<math::MathDialect>(op->getDialect()) &&
         !isa<math::AbsFOp, math::FmaOp>(op);
}

/// Adds `count` results of `op`, which is no product.
static void addResults(Operation *op, int64_t count, WorkCount &work) {
  (isElementaryFunction(op) ? work.elementaryFunctions : work.values) += count;
}

WorkCount Collector::countWork(ProgramOp program) {
  auto [entry, isNew] = workOfProgram.try_emplace(program);
  if (!isNew)
    return entry->second;
  WorkCount work;
  for (Operation &op : program.getBody().front().without_terminator()) {
    // Constants and copies compute nothing.
    if (isa<arith::ConstantOp, vector::BroadcastOp, ConcatenateOp>(op))
      continue;
    auto widthOf = [](Value row) {
      auto type = dyn_cast<VectorType>(row.getType());
      return type ? type.getNumElements() : 1;
    };
    if (auto product = dyn_cast<ProductOp>(op))
      work.multiplyAdds +=
          widthOf(product.getInput()) * widthOf(product.getResult());
    else if (auto sum = dyn_cast<vector::ReductionOp>(op))
      work.values += widthOf(sum.getVector());
    else
      addResults(&op, widthOf(op.getResult(0)), work);
  }
  return entry->second = work;
}

/// The work of `op`, an operation on tensors, for each row.
static FailureOr<WorkCount> countWork(Operation *op) {
  auto refuse = [&] {
    return op->emitOpError("expects sizes that are known but for the rows of "
                           "the batch, but got a dynamic one");
  };
  WorkCount work;
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp) {
    auto type = dyn_cast_or_null<RankedTensorType>(
        op->getNumResults() == 1 ? op->getResult(0).getType() : Type());
    if (!type || !OpTrait::hasElementwiseMappableTraits(op))
      return work;
    int64_t values = 1;
    for (int64_t size : type.getShape().drop_front(type.getRank() ? 1 : 0)) {
      if (ShapedType::isDynamic(size))
        return refuse();
      values *= size;
    }
    addResults(op, values, work);
    return work;
  }
  const bool isProduct = isMatrixProduct(linalgOp);
  SmallVector<Operation *> body;
  for (Operation &nested : linalgOp.getBlock()->without_terminator())
    if (!isa<arith::ConstantOp, linalg::IndexOp>(nested))
      body.push_back(&nested);
  if (body.empty())
    return work;
  // The rows of the batch are the first dimension of the result.
  AffineMap map = linalgOp.getIndexingMapsArray().back();
  AffineExpr batch = map.getNumResults() ? map.getResult(0) : AffineExpr();
  int64_t iterations = 1;
  for (auto [loop, size] : llvm::enumerate(linalgOp.getStaticLoopRanges())) {
    if (batch && batch.isFunctionOfDim(loop))
      continue;
    if (ShapedType::isDynamic(size))
      return refuse();
    iterations *= size;
  }
  // A matrix product is a multiply and an add, one multiply-add.
  if (isProduct) {
    work.multiplyAdds = iterations;
    return work;
  }
  for (Operation *nested : body)
    addResults(nested, iterations, work);
  return work;
}

/// The work of attention for each row of its result, as if there were as many
/// keys as queries: each key adds to a sum of D x (dv + 1) values, each query
/// multiplies with it and divides.
template <typename OpTy> static WorkCount countWorkOfAttention(OpTy op) {
  auto getColumns = [](Value matrix) {
    return cast<ShapedType>(matrix.getType()).getDimSize(1);
  };
  int64_t heads = op.getHeads(), features = getColumns(op.getQueries());
  int64_t values = getColumns(op.getValues()) / heads, sums = values + 1;
  WorkCount work;
  work.multiplyAdds = heads * 2 * features * sums;
  work.values = heads * values;
  // The largest log scale, the difference to it, its exponential, its product
  // with the values.
  if (op.getLogScale()) {
    work.values += heads * (2 + sums);
    work.elementaryFunctions += heads;
  }
  return work;
}

/// The work of an exact kernel: one elementary function a result where the
/// kernel has one, and the rest as multiply-adds.
static WorkCount countWorkOfGram(GramOp op) {
  WorkCount work;
  if (op.getKernel() != Kernel::linear)
    work.elementaryFunctions =
        cast<ShapedType>(op.getInit().getType()).getDimSize(1);
  work.multiplyAdds = op.countValues() - work.elementaryFunctions;
  return work;
}

FailureOr<WorkCount> Collector::countWork(DigitalOp digital) {
  WorkCount work;
  for (Operation &op : digital.getBody().front().without_terminator()) {
    FailureOr<WorkCount> added = ::countWork(&op);
    if (failed(added))
      return failure();
    work.add(*added);
  }
  return work;
}

LogicalResult Collector::addCall(Operation *call, FlatSymbolRefAttr name) {
  auto program = symbols.lookup<ProgramOp>(name.getAttr());
  if (!program)
    return call->emitOpError("expects ")
           << name
           << " to be an 'aimc.program', but there is none of this name";
  addWork(call, program.getUnit(), countWork(program));
  return success();
}

LogicalResult Collector::run() {
  if (failed(addTiledMatrices()))
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
    if (auto product = dyn_cast<RtMvmOp>(op)) {
      auto it = runtimeMatrices.find(product.getMatrixAttr().getAttr());
      if (it != runtimeMatrices.end())
        runtimeUses[it->second] += rows.get(op);
    } else if (auto digital = dyn_cast<DigitalOp>(op)) {
      FailureOr<WorkCount> count = countWork(digital);
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
      addWork(op, *attention.getUnit(), countWorkOfAttention(attention));
    } else if (auto call = dyn_cast<RtAttentionOp>(op)) {
      addWork(op, call.getUnit(), countWorkOfAttention(call));
    } else if (auto gram = dyn_cast<GramOp>(op)) {
      if (!gram.getUnit()) {
        gram.emitOpError("expects a digital unit, but has none (aimc-split "
                         "gives it)");
        return WalkResult::interrupt();
      }
      addWork(op, *gram.getUnit(), countWorkOfGram(gram));
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
  result.work = collector.digital;
  result.work.multiplyAdds += result.cost.multiplyAdds;
  result.matrices = std::move(collector.matrices);
  result.assumptions = describeAssumptions(target);
  return result;
}
