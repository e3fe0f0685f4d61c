//===- Place.cpp - Put tiles on cores -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-place: each tile gets a chip, a core and a place in its array.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/TileGrid.h"
#include "AIMC/Transforms/Mapping.h"
#include "AIMC/Transforms/Passes.h"
#include "Analysis/Packing.h"

#include "mlir/IR/Remarks.h"
#include "llvm/ADT/DenseSet.h"

namespace aimc {
#define GEN_PASS_DEF_AIMCPLACEPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

namespace {
/// The tiles of a module as a packing problem. Cores are numbered through all
/// chips.
struct Placement {
  PackingProblem problem;
  /// The tiles of `problem.placed` and `problem.tiles`.
  std::vector<TileOp> placed, tiles;
  /// The matrices of `problem.tiles`, and how many tiles there are up to the
  /// end of each.
  std::vector<const MatrixTiles *> matrices;
  std::vector<size_t> ends;
};

struct PlacePass : public aimc::impl::AIMCPlacePassBase<PlacePass> {
  using AIMCPlacePassBase::AIMCPlacePassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<TargetAttr> attribute = requireTarget(module, getArgument());
    if (failed(attribute))
      return signalPassFailure();
    if (objective != "area" && objective != "latency") {
      emitError(module.getLoc(),
                "aimc-place expects 'objective' to be area or latency, "
                "but got '")
          << objective << "'";
      return signalPassFailure();
    }
    FailureOr<TileGrids> grids = TileGrids::compute(module);
    if (failed(grids))
      return signalPassFailure();
    const runtime::TargetDescription &target = attribute->getTarget();
    Placement placement;
    if (failed(collect(*grids, target, placement)))
      return signalPassFailure();

    std::optional<std::vector<TilePlace>> places = pack(placement.problem);
    if (!places) {
      (void)emitFirstWithoutRoom(placement, target);
      return signalPassFailure();
    }
    for (auto [tile, place] : llvm::zip_equal(placement.tiles, *places)) {
      tile.setChip(place.core / target.cores());
      tile.setCore(place.core % target.cores());
      tile.setCoreRow(place.row);
      tile.setCoreColumn(place.column);
    }
    report(placement, *places);
  }

private:
  /// Gathers the tiles of the module. Fails when a product's matrix has no
  /// tiles or placed tiles overlap.
  LogicalResult collect(const TileGrids &grids,
                        const runtime::TargetDescription &target,
                        Placement &placement) {
    PackingProblem &problem = placement.problem;
    problem.rows = target.array.usableRows;
    problem.columns = target.array.usableColumns;
    problem.cores = target.cores() * target.chips;
    problem.objective = objective == "latency" ? PackingObjective::Latency
                                               : PackingObjective::Area;
    for (auto [number, matrix] : llvm::enumerate(grids.getMatrices())) {
      if (!matrix.uses.empty() && !matrix.isTiled()) {
        MvmOp use = matrix.uses.front();
        return use.emitOpError("expects tiles of @")
               << matrix.getWeights().getSymName()
               << ", but there are none (aimc-tile adds them)";
      }
      for (TileOp tile : matrix.tiles)
        if (tile.isPlaced()) {
          placement.placed.push_back(tile);
          problem.placed.push_back(
              {{*tile.getChip() * target.cores() + *tile.getCore(),
                *tile.getCoreRow(), *tile.getCoreColumn()},
               tile.getRows(),
               tile.getColumns()});
        } else {
          placement.tiles.push_back(tile);
          problem.tiles.push_back({tile.getRows(), tile.getColumns(),
                                   /*phase=*/0, static_cast<int64_t>(number)});
        }
      if (placement.ends.empty()
              ? !placement.tiles.empty()
              : placement.ends.back() < placement.tiles.size()) {
        placement.matrices.push_back(&matrix);
        placement.ends.push_back(placement.tiles.size());
      }
    }
    auto overlap = findOverlap(problem.placed);
    if (!overlap) {
      blockDeadPlaces(target, problem);
      return success();
    }
    TileOp first = placement.placed[overlap->first];
    TileOp second = placement.placed[overlap->second];
    InFlightDiagnostic diag =
        second.emitOpError("expects cells of its own, but got chip ")
        << *second.getChip() << ", core " << *second.getCore() << ", place ("
        << *second.getCoreRow() << ", " << *second.getCoreColumn()
        << "), which overlaps @" << first.getSymName();
    diag.attachNote(first.getLoc()) << "the other tile is here";
    return diag;
  }

  /// Takes the cores and columns that do not work out of the room.
  static void blockDeadPlaces(const runtime::TargetDescription &target,
                              PackingProblem &problem) {
    const runtime::Defects &defects = target.device.defects;
    for (const runtime::DeadPlace &place : defects.cores)
      problem.blocked.push_back(
          {{place.chip * target.cores() + place.core, 0, 0},
           target.array.rows,
           target.array.columns});
    for (const runtime::DeadPlace &place : defects.columns)
      problem.blocked.push_back(
          {{place.chip * target.cores() + place.core, 0, place.column},
           target.array.rows,
           1});
  }

  /// Emits the error at the first matrix that does not fit beside the ones
  /// before it.
  static LogicalResult
  emitFirstWithoutRoom(const Placement &placement,
                       const runtime::TargetDescription &target) {
    // The number of matrices that fit, by bisection: `fitting` do, `failing`
    // do not.
    size_t fitting = 0, failing = placement.matrices.size();
    std::vector<TilePlace> places;
    while (failing - fitting > 1) {
      size_t middle = fitting + (failing - fitting) / 2;
      PackingProblem part = placement.problem;
      part.tiles.resize(placement.ends[middle - 1]);
      if (auto found = pack(part)) {
        fitting = middle;
        places = std::move(*found);
      } else {
        failing = middle;
      }
    }
    const PackingProblem &problem = placement.problem;
    llvm::DenseSet<int64_t> cores;
    int64_t cells = problem.rows * problem.columns * problem.cores;
    // Dead columns of one core are different ones.
    for (const auto *list : {&problem.placed, &problem.blocked})
      for (const PlacedTile &tile : *list) {
        cores.insert(tile.place.core);
        // A tile placed by hand may reach beyond the usable cells.
        cells -=
            std::max<int64_t>(
                0, std::min(tile.rows, problem.rows - tile.place.row)) *
            std::max<int64_t>(
                0, std::min(tile.columns, problem.columns - tile.place.column));
      }
    for (auto [tile, place] : llvm::zip(problem.tiles, places)) {
      cores.insert(place.core);
      cells -= tile.rows * tile.columns;
    }
    const MatrixTiles &matrix = *placement.matrices[fitting];
    return emitNoRoom(matrix, matrix.copies, matrix.getTilesOfCopy().size(),
                      target, problem.cores - cores.size(), cells);
  }

  /// A remark on each matrix that was placed.
  void report(const Placement &placement, ArrayRef<TilePlace> places) {
    size_t begin = 0;
    for (auto [matrix, end] :
         llvm::zip_equal(placement.matrices, placement.ends)) {
      llvm::DenseSet<int64_t> cores;
      for (const TilePlace &place : places.slice(begin, end - begin))
        cores.insert(place.core);
      WeightsOp weights = matrix->getWeights();
      remark::passed(weights.getLoc(),
                     remark::RemarkOpts::name("Place").category(getArgument()))
          << remark::add("{0} tiles of @{1} are on {2} cores, the first on "
                         "core {3}",
                         end - begin, weights.getSymName(), cores.size(),
                         places[begin].core);
      begin = end;
    }
    if (placement.problem.tiles.empty())
      return;
    llvm::DenseSet<int64_t> cores;
    for (const PlacedTile &tile : placement.problem.placed)
      cores.insert(tile.place.core);
    for (const TilePlace &place : places)
      cores.insert(place.core);
    // Not at the operation, which would print the whole module.
    remark::passed(getOperation().getLoc(),
                   remark::RemarkOpts::name("Cores").category(getArgument()))
        << remark::add("tiles are on {0} cores; at least {1} are needed",
                       cores.size(), packingLowerBound(placement.problem));
  }
};
} // namespace
