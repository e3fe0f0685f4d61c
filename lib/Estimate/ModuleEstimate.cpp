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

private:
  /// Matrices as `aimc.weights` and `aimc.tile`.
  LogicalResult addTiledMatrices();

  /// A matrix as runtime calls have it, with its table of tiles.
  LogicalResult addRuntimeMatrix(RtMatrixOp matrix);

  /// The values that a program computes, counted once for each program.
  int64_t countValues(ProgramOp program);

  /// The values that a digital region computes for one row of its batch.
  FailureOr<int64_t> countValues(DigitalOp digital);

  LogicalResult addCall(Operation *call, FlatSymbolRefAttr name);

  /// Adds the work of `op`, `values` for each row that it computes.
  void addWork(Operation *op, StringRef unit, int64_t values) {
    if (values)
      work.push_back({unit.str(), std::llround(static_cast<double>(values) *
                                               rows.get(op))});
  }

  int64_t getCore(int64_t chip, int64_t core) const {
    return chip * target.cores() + core;
  }

  ModuleOp module;
  const runtime::TargetDescription &target;
  SymbolTable symbols;
  RowFactors rows;
  llvm::DenseMap<Operation *, int64_t> valuesOfProgram;
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

int64_t Collector::countValues(ProgramOp program) {
  auto [entry, isNew] = valuesOfProgram.try_emplace(program, 0);
  if (!isNew)
    return entry->second;
  int64_t values = 0;
  for (Operation &op : program.getBody().front().without_terminator()) {
    // Constants and copies compute nothing.
    if (isa<arith::ConstantOp, vector::BroadcastOp, ConcatenateOp>(op))
      continue;
    auto widthOf = [](Value row) {
      auto type = dyn_cast<VectorType>(row.getType());
      return type ? type.getNumElements() : 1;
    };
    if (auto product = dyn_cast<ProductOp>(op))
      values += widthOf(product.getInput()) * widthOf(product.getResult());
    else if (auto sum = dyn_cast<vector::ReductionOp>(op))
      values += widthOf(sum.getVector());
    else
      values += widthOf(op.getResult(0));
  }
  return entry->second = values;
}

/// How many values `op`, an operation on tensors, computes for each row.
static FailureOr<int64_t> countValues(Operation *op) {
  auto refuse = [&] {
    return op->emitOpError("expects sizes that are known but for the rows of "
                           "the batch, but got a dynamic one");
  };
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp) {
    auto type = dyn_cast_or_null<RankedTensorType>(
        op->getNumResults() == 1 ? op->getResult(0).getType() : Type());
    if (!type || !OpTrait::hasElementwiseMappableTraits(op))
      return 0;
    int64_t values = 1;
    for (int64_t size : type.getShape().drop_front(type.getRank() ? 1 : 0)) {
      if (ShapedType::isDynamic(size))
        return refuse();
      values *= size;
    }
    return values;
  }
  // A matrix product is a multiply and an add, one multiply-add.
  int64_t values = 1;
  if (!isMatrixProduct(linalgOp))
    values = llvm::count_if(
        linalgOp.getBlock()->without_terminator(), [](Operation &nested) {
          return !isa<arith::ConstantOp, linalg::IndexOp>(nested);
        });
  if (values == 0)
    return 0;
  // The rows of the batch are the first dimension of the result.
  AffineMap map = linalgOp.getIndexingMapsArray().back();
  AffineExpr batch = map.getNumResults() ? map.getResult(0) : AffineExpr();
  for (auto [loop, size] : llvm::enumerate(linalgOp.getStaticLoopRanges())) {
    if (batch && batch.isFunctionOfDim(loop))
      continue;
    if (ShapedType::isDynamic(size))
      return refuse();
    values *= size;
  }
  return values;
}

/// How many values attention computes for each row of its result, as if there
/// were as many keys as queries: each key adds to a sum of D x (dv + 1) values,
/// each query multiplies with it and divides.
template <typename OpTy> static int64_t countValuesOfAttention(OpTy op) {
  auto getColumns = [](Value matrix) {
    return cast<ShapedType>(matrix.getType()).getDimSize(1);
  };
  int64_t heads = op.getHeads(), features = getColumns(op.getQueries());
  int64_t values = getColumns(op.getValues()) / heads, sums = values + 1;
  int64_t ofHead = 2 * features * sums + values;
  // The largest log scale, the difference to it, its exponential, its product
  // with the values.
  if (op.getLogScale())
    ofHead += 3 + sums;
  return heads * ofHead;
}

FailureOr<int64_t> Collector::countValues(DigitalOp digital) {
  int64_t values = 0;
  for (Operation &op : digital.getBody().front().without_terminator()) {
    FailureOr<int64_t> added = ::countValues(&op);
    if (failed(added))
      return failure();
    values += *added;
  }
  return values;
}

LogicalResult Collector::addCall(Operation *call, FlatSymbolRefAttr name) {
  auto program = symbols.lookup<ProgramOp>(name.getAttr());
  if (!program)
    return call->emitOpError("expects ")
           << name
           << " to be an 'aimc.program', but there is none of this name";
  addWork(call, program.getUnit(), countValues(program));
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
      FailureOr<int64_t> values = countValues(digital);
      if (failed(values))
        return WalkResult::interrupt();
      addWork(op, digital.getUnit(), *values);
    } else if (auto attention = dyn_cast<AttentionOp>(op)) {
      if (!attention.getUnit()) {
        attention.emitOpError(
            "expects a digital unit, but has none (aimc-split "
            "gives it)");
        return WalkResult::interrupt();
      }
      addWork(op, *attention.getUnit(), countValuesOfAttention(attention));
    } else if (auto call = dyn_cast<RtAttentionOp>(op)) {
      addWork(op, call.getUnit(), countValuesOfAttention(call));
    } else if (auto gram = dyn_cast<GramOp>(op)) {
      if (!gram.getUnit()) {
        gram.emitOpError("expects a digital unit, but has none (aimc-split "
                         "gives it)");
        return WalkResult::interrupt();
      }
      addWork(op, *gram.getUnit(), gram.countValues());
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
  result.cost = estimate(collector.matrices, collector.work, target);
  result.matrices = std::move(collector.matrices);
  result.assumptions = describeAssumptions(target);
  return result;
}
