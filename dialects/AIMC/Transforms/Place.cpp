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
#include "AIMC/Transforms/Placement.h"

#include "mlir/IR/Remarks.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringSwitch.h"

namespace aimc {
#define GEN_PASS_DEF_AIMCPLACEPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

namespace {
struct PlacePass : public aimc::impl::AIMCPlacePassBase<PlacePass> {
  using AIMCPlacePassBase::AIMCPlacePassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<TargetAttr> attribute = requireTarget(module, getArgument());
    if (failed(attribute))
      return signalPassFailure();
    auto known = llvm::StringSwitch<std::optional<PackingObjective>>(objective)
                     .Case("area", PackingObjective::Area)
                     .Case("latency", PackingObjective::Latency)
                     .Case("noise", PackingObjective::Noise)
                     .Default(std::nullopt);
    if (!known) {
      emitError(module.getLoc(),
                "aimc-place expects 'objective' to be area, latency or noise, "
                "but got '")
          << objective << "'";
      return signalPassFailure();
    }
    FailureOr<TileGrids> grids = TileGrids::compute(module);
    if (failed(grids))
      return signalPassFailure();
    SmallVector<const MatrixTiles *> changed;
    for (const MatrixTiles &matrix : grids->getMatrices())
      if (llvm::any_of(matrix.tiles,
                       [](TileOp tile) { return !tile.isPlaced(); }))
        changed.push_back(&matrix);
    Placement placement(attribute->getTarget(), *known);
    if (failed(placement.collect(module, *grids)))
      return signalPassFailure();
    bool isForArea = false;
    std::optional<std::vector<TilePlace>> places =
        pack(placement.problem, &isForArea);
    if (!places) {
      (void)emitFirstWithoutRoom(placement);
      return signalPassFailure();
    }
    if (isForArea && *known != PackingObjective::Area)
      remark::missed(module.getLoc(),
                     remark::RemarkOpts::name("Place").category(getArgument()))
          << remark::add("no packing for {0} has room for all tiles, so they "
                         "are packed for area",
                         objective.getValue());
    if (placement.hasNewPlaces())
      module->setAttr(objectiveAttrName,
                      StringAttr::get(&getContext(), objective));
    placement.setPlaces(*places);
    report(placement, *places);
    for (const MatrixTiles *matrix : changed)
      warnOfMeetings(*matrix);
  }

private:
  /// Emits the error at the first matrix that does not fit beside the ones
  /// before it.
  static LogicalResult emitFirstWithoutRoom(const Placement &placement) {
    std::vector<size_t> ends;
    for (const Placement::Matrix &matrix : placement.matrices)
      ends.push_back(matrix.end);
    std::vector<TilePlace> places;
    const size_t fitting = countFitting(placement.problem, ends, places);
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
    const MatrixTiles &matrix = *placement.matrices[fitting].matrix;
    return emitNoRoom(matrix, matrix.copies, matrix.getTilesOfCopy().size(),
                      placement.target, problem.cores - cores.size(), cells,
                      packingLowerBound(problem),
                      llvm::any_of(placement.matrices, [](const auto &each) {
                        return each.matrix->copies > 1;
                      }));
  }

  /// A warning when copies of `matrix` that share the vectors lie on one core:
  /// they take turns there, for nothing.
  static void warnOfMeetings(const MatrixTiles &matrix) {
    if (!matrix.shared)
      return;
    llvm::DenseMap<std::pair<int64_t, int64_t>, TileOp> first;
    for (TileOp tile : matrix.tiles) {
      auto [entry, isNew] =
          first.try_emplace({*tile.getChip(), *tile.getCore()}, tile);
      if (isNew || entry->second.getCopy() == tile.getCopy())
        continue;
      WeightsOp weights = matrix.getWeights();
      InFlightDiagnostic diag =
          emitWarning(weights.getLoc())
          << "copies " << entry->second.getCopy() << " and " << tile.getCopy()
          << " of @" << weights.getSymName()
          << ", which share the vectors, lie on one core, " << *tile.getCore()
          << " of chip " << *tile.getChip()
          << ", and so gain no time over one copy there";
      diag.attachNote() << (weights.isPinned() ? "more cores in 'pin'"
                                               : "more cores")
                        << " or fewer copies (aimc-replicate) would help";
      return;
    }
  }

  /// A remark on each matrix that was placed.
  void report(const Placement &placement, ArrayRef<TilePlace> places) {
    for (const auto &[matrix, begin, end] : placement.matrices) {
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
