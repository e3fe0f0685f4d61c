//===- TileGrid.cpp - The tiles and uses of each matrix -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sweep over the module, and the check that tiles cover their matrix.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/TileGrid.h"

#include "llvm/ADT/STLExtras.h"

#include <tuple>

using namespace mlir;
using namespace aimc;

/// Sorts the tiles of `matrix` into grid order, copy by copy, and finds the
/// size of the grid and the number of copies. Each place of the grid of each
/// copy must have exactly one tile.
static LogicalResult orderTiles(MatrixTiles &matrix) {
  std::vector<TileOp> &tiles = matrix.tiles;
  llvm::sort(tiles, [](TileOp lhs, TileOp rhs) {
    if (lhs.getCopy() != rhs.getCopy())
      return lhs.getCopy() < rhs.getCopy();
    if (lhs.getIndex() != rhs.getIndex())
      return lhs.getIndex() < rhs.getIndex();
    // Of two tiles of one place the error is at the second.
    return lhs != rhs && lhs->isBeforeInBlock(rhs);
  });
  auto inCopy = [](int64_t copy) {
    return copy ? " in copy " + std::to_string(copy) : std::string();
  };
  for (size_t i = 1; i < tiles.size(); ++i)
    if (tiles[i - 1].getIndex() == tiles[i].getIndex() &&
        tiles[i - 1].getCopy() == tiles[i].getCopy()) {
      InFlightDiagnostic diag =
          tiles[i].emitOpError("expects index [")
          << tiles[i].getIndex() << "] once" << inCopy(tiles[i].getCopy())
          << " among the tiles of @" << matrix.getWeights().getSymName()
          << ", but got it twice";
      diag.attachNote(tiles[i - 1].getLoc()) << "the other tile is here";
      return diag;
    }
  auto missing = [&](int64_t copy, int64_t row, int64_t column) {
    InFlightDiagnostic diag = emitWeightsError(matrix.getWeights())
                              << "expects a tile of index [" << row << ", "
                              << column << "]" << inCopy(copy)
                              << ", but there is none";
    diag.attachNote(tiles.front().getLoc()) << "a tile of the matrix is here";
    return diag;
  };
  // The first row of the grid says how many columns it has, the first copy how
  // many rows.
  matrix.gridColumns = llvm::count_if(tiles, [](TileOp tile) {
    return tile.getCopy() == 0 && tile.getIndex()[0] == 0;
  });
  if (matrix.gridColumns == 0)
    return missing(0, 0, 0);
  int64_t tilesOfCopy =
      llvm::count_if(tiles, [](TileOp tile) { return tile.getCopy() == 0; });
  matrix.gridRows = llvm::divideCeil(tilesOfCopy, matrix.gridColumns);
  tilesOfCopy = matrix.gridRows * matrix.gridColumns;
  // One place more than there are tiles, for a last copy that is not whole.
  for (int64_t position = 0, size = tiles.size();
       position < size || position % tilesOfCopy != 0; ++position) {
    int64_t copy = position / tilesOfCopy;
    int64_t row = position % tilesOfCopy / matrix.gridColumns;
    int64_t column = position % matrix.gridColumns;
    if (position == size || tiles[position].getCopy() != copy ||
        tiles[position].getIndex() != ArrayRef<int64_t>{row, column})
      return missing(copy, row, column);
  }
  matrix.copies = tiles.size() / tilesOfCopy;
  return success();
}

/// Verifies that the tiles of a grid cover the matrix exactly once: each starts
/// where its neighbours above and to the left end, has their sizes, and the
/// last ones end with the matrix. Those of other copies are as those of the
/// first.
static LogicalResult verifyCover(const MatrixTiles &matrix) {
  auto verifyExtent = [&](TileOp tile, StringRef what, int64_t begin,
                          int64_t size, int64_t expectedBegin,
                          int64_t expectedSize) -> LogicalResult {
    if (begin == expectedBegin && size == expectedSize)
      return success();
    InFlightDiagnostic diag = tile.emitOpError("expects ")
                              << what << "(" << expectedBegin << ", "
                              << expectedSize << "), so that the tiles of @"
                              << matrix.getWeights().getSymName()
                              << " cover it exactly once, but got " << what
                              << "(" << begin << ", " << size << ")";
    diag.attachNote(matrix.getWeights().getLoc())
        << "weights declared here as " << matrix.getWeights().getType();
    return diag;
  };
  int64_t row = 0;
  for (int64_t i = 0; i < matrix.gridRows; ++i) {
    int64_t rows = matrix.getTile(i, 0).getRows();
    if (i + 1 == matrix.gridRows)
      rows = matrix.getWeights().getRows() - row;
    int64_t column = 0;
    for (int64_t j = 0; j < matrix.gridColumns; ++j) {
      int64_t columns = matrix.getTile(0, j).getColumns();
      if (j + 1 == matrix.gridColumns)
        columns = matrix.getWeights().getColumns() - column;
      TileOp tile = matrix.getTile(i, j);
      if (failed(verifyExtent(tile, "rows", tile.getRow(), tile.getRows(), row,
                              rows)) ||
          failed(verifyExtent(tile, "columns", tile.getColumn(),
                              tile.getColumns(), column, columns)))
        return failure();
      column += columns;
    }
    row += rows;
  }
  ArrayRef<TileOp> first = matrix.getTilesOfCopy();
  for (auto [position, each] : llvm::enumerate(matrix.tiles)) {
    TileOp tile = each, cut = first[position % first.size()];
    if (failed(verifyExtent(tile, "rows", tile.getRow(), tile.getRows(),
                            cut.getRow(), cut.getRows())) ||
        failed(verifyExtent(tile, "columns", tile.getColumn(),
                            tile.getColumns(), cut.getColumn(),
                            cut.getColumns())))
      return failure();
  }
  return success();
}

/// Verifies that `use` has no `grid`, or that of the tiles of its matrix, and
/// then their copies.
static LogicalResult verifyUse(MvmOp use, const MatrixTiles &matrix) {
  std::optional<ArrayRef<int64_t>> grid = use.getGrid();
  bool isOfGrid =
      !grid || *grid == ArrayRef<int64_t>{matrix.gridRows, matrix.gridColumns};
  const bool namesCopies = use.getAveragedCopies() || use.getSharingCopies();
  bool isOfCopies =
      namesCopies || grid ? use.countCopies() == matrix.copies : true;
  if (isOfGrid && isOfCopies)
    return success();
  InFlightDiagnostic diag = use.emitOpError("expects ");
  StringRef what =
      isOfGrid ? (use.getSharingCopies() ? "share" : "average") : "grid";
  if (!matrix.isTiled())
    diag << "no " << what << ", since there are no tiles";
  else if (isOfGrid)
    diag << (use.getSharingCopies() ? "vectors shared by" : "an average over")
         << " the " << matrix.copies << " copies";
  else
    diag << "grid [" << matrix.gridRows << ", " << matrix.gridColumns << "]";
  diag << " of @" << matrix.getWeights().getSymName() << ", but got ";
  if (!isOfGrid)
    diag << "grid [" << *grid << "]";
  else if (namesCopies)
    diag << what << "(" << use.countCopies() << ")";
  else
    diag << "none";
  diag.attachNote(matrix.getWeights().getLoc()) << "weights declared here";
  return diag;
}

/// Finds whether the copies of `matrix` share the vectors; its uses agree.
static LogicalResult findRule(MatrixTiles &matrix) {
  MvmOp first;
  for (MvmOp use : matrix.uses) {
    if (!use.getAveragedCopies() && !use.getSharingCopies())
      continue;
    const bool shares = use.getSharingCopies().has_value();
    if (!first) {
      first = use;
      matrix.shared = shares;
    } else if (shares != matrix.shared) {
      auto name = [](bool shares) { return shares ? "share" : "average"; };
      InFlightDiagnostic diag =
          use.emitOpError("expects ")
          << name(matrix.shared) << " as another product with @"
          << matrix.getWeights().getSymName() << ", but got " << name(shares);
      diag.attachNote(first.getLoc()) << "the other product is here";
      return diag;
    }
  }
  return success();
}

InFlightDiagnostic aimc::emitWeightsError(WeightsOp weights) {
  return emitError(weights.getLoc())
         << "'" << weights.getOperationName() << "' op ";
}

FailureOr<TileGrids> TileGrids::compute(ModuleOp module) {
  TileGrids grids;
  std::vector<TileOp> tiles;
  std::vector<MvmOp> uses;
  module.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op != module.getOperation() && op->hasTrait<OpTrait::SymbolTable>())
      return WalkResult::skip();
    if (auto weights = dyn_cast<WeightsOp>(op)) {
      grids.positions[weights.getSymNameAttr()] = grids.matrices.size();
      grids.matrices.emplace_back().weights = weights;
    } else if (auto tile = dyn_cast<TileOp>(op)) {
      tiles.push_back(tile);
    } else if (auto use = dyn_cast<MvmOp>(op)) {
      uses.push_back(use);
    }
    return WalkResult::advance();
  });

  auto find = [&](Operation *op, FlatSymbolRefAttr name) -> MatrixTiles * {
    auto it = grids.positions.find(name.getAttr());
    if (it != grids.positions.end())
      return &grids.matrices[it->second];
    op->emitOpError("expects ")
        << name << " to be an 'aimc.weights', but there is none of this name";
    return nullptr;
  };
  for (TileOp tile : tiles) {
    MatrixTiles *matrix = find(tile, tile.getWeightsAttr());
    if (!matrix)
      return failure();
    matrix->tiles.push_back(tile);
  }
  llvm::DenseMap<int64_t, MvmOp> sites;
  for (MvmOp use : uses) {
    MatrixTiles *matrix = find(use, use.getWeightsAttr());
    if (!matrix)
      return failure();
    MvmOp first = sites.try_emplace(use.getSite(), use).first->second;
    if (first.getWeightsAttr() != use.getWeightsAttr()) {
      InFlightDiagnostic diag = use.emitOpError("expects site ")
                                << use.getSite() << " to be a use of "
                                << first.getWeightsAttr() << ", but got "
                                << use.getWeightsAttr();
      diag.attachNote(first.getLoc()) << "the other use is here";
      return diag;
    }
    matrix->uses.push_back(use);
  }

  for (MatrixTiles &matrix : grids.matrices) {
    if (matrix.isTiled() &&
        (failed(orderTiles(matrix)) || failed(verifyCover(matrix))))
      return failure();
    for (MvmOp use : matrix.uses)
      if (failed(verifyUse(use, matrix)))
        return failure();
    if (failed(findRule(matrix)))
      return failure();
  }
  return grids;
}
