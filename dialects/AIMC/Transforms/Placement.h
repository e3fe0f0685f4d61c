//===- Placement.h - The tiles of a module as a packing problem -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What has a place, what needs one, and what cores are like. Cores are numbered
// through all chips.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_TRANSFORMS_PLACEMENT_H
#define AIMC_DIALECTS_AIMC_TRANSFORMS_PLACEMENT_H

#include "AIMC/IR/TileGrid.h"
#include "Analysis/Packing.h"

#include "llvm/ADT/DenseMap.h"

namespace aimc {

/// The tiles of a module as a packing problem.
class Placement {
public:
  /// Tiles of one matrix that need places: `tiles[begin]` up to `tiles[end]`.
  struct Matrix {
    const MatrixTiles *matrix;
    size_t begin, end;
  };

  Placement(const runtime::TargetDescription &target,
            PackingObjective objective);

  /// Gathers the tiles of `module`. Fails when a product's matrix has no tiles,
  /// when placed tiles overlap or lie on defects, and when pinned tiles have no
  /// room on the cores they are pinned to.
  mlir::LogicalResult collect(mlir::ModuleOp module, const TileGrids &grids);

  /// Whether tiles have got places or will get them.
  bool hasNewPlaces() const { return hasPinned || !tiles.empty(); }

  /// Sets the places of the tiles that `problem` asks for.
  void setPlaces(llvm::ArrayRef<TilePlace> places);

  const runtime::TargetDescription &target;
  PackingProblem problem;
  /// The tiles of `problem.tiles`.
  std::vector<TileOp> tiles;
  std::vector<Matrix> matrices;

private:
  /// Tiles, or cells that no tile may take, by core.
  using TilesOfCores = llvm::DenseMap<int64_t, std::vector<PlacedTile>>;

  bool hasPinned = false;

  /// Where the tile lies already.
  PlacedTile getPlace(TileOp tile) const;
  mlir::LogicalResult verifyPlaced(llvm::ArrayRef<TileOp> placed);
  mlir::LogicalResult placePinned();
  /// Packs the tiles of matrices that are pinned to the same cores, beside
  /// those in `placedOn`, to which it adds them, and around the cells in
  /// `blockedOn`.
  mlir::LogicalResult placeGroup(llvm::ArrayRef<Matrix> group,
                                 TilesOfCores &placedOn,
                                 const TilesOfCores &blockedOn);
  void setPlace(TileOp tile, const TilePlace &place);
};

/// How many of the first matrices of `problem` fit, of which number i has the
/// tiles before `ends[i]` that no other before it has. All of them do not.
/// `places` gets those of the tiles of the ones that fit. By bisection, with as
/// many packings as the number has bits.
size_t countFitting(const PackingProblem &problem, llvm::ArrayRef<size_t> ends,
                    std::vector<TilePlace> &places);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_TRANSFORMS_PLACEMENT_H
