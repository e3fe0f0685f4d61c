//===- TileGrid.h - The tiles and uses of each matrix -----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which tiles cut a matrix and which products use it, found in one sweep over
// the module, so that passes need no look-up of symbols per tile.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_IR_TILEGRID_H
#define AIMC_DIALECTS_AIMC_IR_TILEGRID_H

#include "AIMC/IR/AIMC.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/DenseMap.h"

#include <vector>

namespace aimc {

/// A matrix, its tiles and its uses.
struct MatrixTiles {
  WeightsOp weights;
  /// Rows and columns of the tile grid; both 0 when the matrix has no tiles.
  int64_t gridRows = 0, gridColumns = 0;
  /// How many copies of the matrix the tiles hold; 0 when it has no tiles.
  int64_t copies = 0;
  /// Whether each vector goes to one of several copies, as all uses that name
  /// the copies say; else products are the mean of all.
  bool shared = false;
  /// The tiles by ascending (copy, grid row, grid column), which in a copy is
  /// also ascending (first row, first column) in the matrix. All copies are cut
  /// alike.
  std::vector<TileOp> tiles;
  /// The products that use the matrix, in the order of the module.
  std::vector<MvmOp> uses;

  WeightsOp getWeights() const { return weights; }
  bool isTiled() const { return !tiles.empty(); }
  /// The tiles of the first copy.
  llvm::ArrayRef<TileOp> getTilesOfCopy() const {
    return llvm::ArrayRef(tiles).take_front(gridRows * gridColumns);
  }
  /// A tile of the first copy.
  TileOp getTile(int64_t gridRow, int64_t gridColumn) const {
    return tiles[gridRow * gridColumns + gridColumn];
  }
};

/// The matrices of a module. The sweep is linear in operations (and sorts the
/// tiles of each matrix). Operations inside nested symbol tables are not seen:
/// they use symbols of their own.
class TileGrids {
public:
  /// Sweeps `module`. Emits an error and fails when the tiles of a copy of a
  /// matrix do not form a grid that covers it exactly once, when its copies are
  /// not cut alike, when the `grid` or the copies of a product are not those of
  /// its matrix, when one product averages its copies and another shares them,
  /// or when one site has products of two matrices.
  static mlir::FailureOr<TileGrids> compute(mlir::ModuleOp module);

  /// All matrices, in the order of the module.
  const std::vector<MatrixTiles> &getMatrices() const { return matrices; }

  /// The matrix of that name, or null.
  const MatrixTiles *lookup(mlir::StringAttr name) const {
    auto it = positions.find(name);
    return it == positions.end() ? nullptr : &matrices[it->second];
  }

private:
  std::vector<MatrixTiles> matrices;
  llvm::DenseMap<mlir::StringAttr, size_t> positions;
};

/// An error at a matrix that begins as `emitOpError` does, without the note
/// that prints the operation: that would be the whole matrix.
mlir::InFlightDiagnostic emitWeightsError(WeightsOp weights);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_IR_TILEGRID_H
