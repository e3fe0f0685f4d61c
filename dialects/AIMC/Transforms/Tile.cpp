//===- Tile.cpp - Cut matrices to the usable array -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-tile: each matrix that a product uses becomes a grid of tiles.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/TileGrid.h"
#include "AIMC/Transforms/Mapping.h"
#include "AIMC/Transforms/Passes.h"
#include "Analysis/Partition.h"
#include "Analysis/VoltageDrop.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

namespace aimc {
#define GEN_PASS_DEF_AIMCTILEPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

/// Creates the tiles of a matrix after it, in grid order. Names that are taken
/// get a suffix.
static void createTiles(WeightsOp weights, ArrayRef<Part> rows,
                        ArrayRef<Part> columns, SymbolTable &symbols) {
  OpBuilder builder(weights.getContext());
  Operation *last = weights;
  for (auto [i, rowPart] : llvm::enumerate(rows))
    for (auto [j, columnPart] : llvm::enumerate(columns)) {
      std::string name =
          llvm::formatv("{0}_{1}_{2}", weights.getSymName(), i, j);
      auto tile = TileOp::create(
          builder, weights.getLoc(), builder.getStringAttr(name),
          FlatSymbolRefAttr::get(weights.getSymNameAttr()),
          /*copy=*/builder.getI64IntegerAttr(0),
          builder.getDenseI64ArrayAttr(
              {static_cast<int64_t>(i), static_cast<int64_t>(j)}),
          builder.getI64IntegerAttr(rowPart.begin),
          builder.getI64IntegerAttr(rowPart.size),
          builder.getI64IntegerAttr(columnPart.begin),
          builder.getI64IntegerAttr(columnPart.size), /*chip=*/IntegerAttr(),
          /*core=*/IntegerAttr(), /*core_row=*/IntegerAttr(),
          /*core_column=*/IntegerAttr());
      symbols.insert(tile, std::next(last->getIterator()));
      last = tile;
    }
}

namespace {
struct TilePass : public aimc::impl::AIMCTilePassBase<TilePass> {
  using AIMCTilePassBase::AIMCTilePassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<TargetAttr> attribute = requireTarget(module, getArgument());
    if (failed(attribute))
      return signalPassFailure();
    if (failed(verifyOptions(attribute->getTarget())))
      return signalPassFailure();
    FailureOr<TileGrids> grids = TileGrids::compute(module);
    // The tiles of a matrix far too large may be too many to create.
    auto copiesOf = [](const MatrixTiles &matrix) {
      return matrix.uses.empty() ? matrix.copies
                                 : std::max<int64_t>(matrix.copies, 1);
    };
    if (failed(grids) ||
        failed(verifyRoom(*grids, attribute->getTarget(), copiesOf)))
      return signalPassFailure();
    const runtime::Array &array = attribute->getTarget().array;
    SymbolTable symbols(module);
    for (const MatrixTiles &matrix : grids->getMatrices()) {
      if (matrix.uses.empty())
        continue;
      int64_t gridRows = matrix.gridRows, gridColumns = matrix.gridColumns;
      WeightsOp weights = matrix.getWeights();
      if (!matrix.isTiled()) {
        std::vector<Part> rows = cut(weights.getRows(), array.usableRows);
        std::vector<Part> columns =
            cut(weights.getColumns(), array.usableColumns);
        if (objective == "error")
          keepBudget(matrix, attribute->getTarget(), rows);
        createTiles(weights, rows, columns, symbols);
        gridRows = rows.size();
        gridColumns = columns.size();
        remark::passed(weights.getLoc(),
                       remark::RemarkOpts::name("Tile").category(getArgument()))
            << remark::add("@{0} of {1}x{2} is cut into {3}x{4} tiles of up to "
                           "{5}x{6}",
                           weights.getSymName(), weights.getRows(),
                           weights.getColumns(), gridRows, gridColumns,
                           rows.front().size, columns.front().size);
      }
      for (MvmOp use : matrix.uses) {
        use.setGrid(ArrayRef<int64_t>{gridRows, gridColumns});
        if (matrix.copies > 1 && matrix.shared)
          use.setSharingCopies(matrix.copies);
        else if (matrix.copies > 1)
          use.setAveragedCopies(matrix.copies);
      }
    }
  }

private:
  LogicalResult verifyOptions(const runtime::TargetDescription &target) {
    Location loc = getOperation().getLoc();
    if (objective != "fewest-tiles" && objective != "balanced" &&
        objective != "error")
      return emitError(loc, "aimc-tile expects 'objective' to be fewest-tiles, "
                            "balanced or error, but got '")
             << objective << "'";
    if (!(errorBudget > 0))
      return emitError(loc,
                       "aimc-tile expects 'error-budget' above 0, but got ")
             << errorBudget;
    if (objective == "error" && target.array.segmentResistance == 0)
      return emitError(
                 loc,
                 "aimc-tile expects 'array.segment_resistance' of target '")
             << target.name << "' for objective=error, but it has none";
    return success();
  }

  /// The parts of `length` that fit `limit`.
  std::vector<Part> cut(int64_t length, int64_t limit) const {
    if (objective == "balanced")
      return partitionEvenly(length, limit);
    return partition(length, limit);
  }

  /// Makes more parts of the rows of `matrix` until the voltage drop is within
  /// the budget.
  void keepBudget(const MatrixTiles &matrix,
                  const runtime::TargetDescription &target,
                  std::vector<Part> &rows) {
    WeightsOp weights = matrix.getWeights();
    std::vector<float> storage;
    ArrayRef<float> data = getMatrixData(weights.getValue(), storage);
    VoltageDrop drop(target.array.rows, target.array.segmentResistance *
                                            target.device.maxConductance *
                                            1e-6);
    auto getError = [&](int64_t count) {
      rows = partition(weights.getRows(),
                       llvm::divideCeil(weights.getRows(), count));
      return drop.getRelativeError(data.data(), weights.getColumns(), rows);
    };
    // Fewer rows have less current and lie nearer to the converter, and tiles
    // of one row have no drop; doubling and then bisection finds the least
    // number of parts.
    int64_t fewest = rows.size(), enough = fewest, failing = fewest - 1;
    double error = getError(enough);
    while (error > errorBudget && enough < weights.getRows()) {
      failing = enough;
      enough = std::min(2 * enough, weights.getRows());
      error = getError(enough);
    }
    while (enough - failing > 1) {
      int64_t middle = failing + (enough - failing) / 2;
      (getError(middle) > errorBudget ? failing : enough) = middle;
    }
    error = getError(enough);
    remark::passed(weights.getLoc(),
                   remark::RemarkOpts::name("Budget").category(getArgument()))
        << remark::add(
               "@{0} has an error of {1} by the voltage drop in {2} row "
               "parts; {3} would fit",
               weights.getSymName(), llvm::formatv("{0:f4}", error).str(),
               rows.size(), fewest);
  }
};
} // namespace
