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

#include "mlir/IR/Builders.h"
#include "mlir/IR/Remarks.h"

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
        std::vector<Part> rows = partition(weights.getRows(), array.usableRows);
        std::vector<Part> columns =
            partition(weights.getColumns(), array.usableColumns);
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
        if (matrix.copies > 1)
          use.setAveragedCopies(matrix.copies);
      }
    }
  }
};
} // namespace
