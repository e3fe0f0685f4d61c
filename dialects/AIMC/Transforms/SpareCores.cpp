//===- SpareCores.cpp - Copies on spare cores -----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The stages of a module, what limits them, and the remarks on their copies.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Transforms/SpareCores.h"

#include "Analysis/Copies.h"
#include "Analysis/Packing.h"
#include "Estimate/ModuleTasks.h"

#include "mlir/IR/Remarks.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace aimc;

/// A number of picoseconds.
static std::string shown(double time) {
  return llvm::formatv("{0:F1} ns", time * 1e-3).str();
}

/// The copies that the cores of a matrix's pin have room for, a core for each
/// of `tiles`; no limit without a pin.
static int64_t countPinned(const MatrixTiles &matrix, int64_t tiles,
                           const runtime::TargetDescription &target) {
  WeightsOp weights = matrix.getWeights();
  if (!weights.isPinned())
    return CopiedStage().most;
  const int64_t chip = *weights.getPinChip();
  const int64_t working =
      llvm::count_if(*weights.getPinCores(), [&](auto core) {
        return llvm::none_of(target.device.defects.cores,
                             [&](const auto &dead) {
                               return dead.chip == chip && dead.core == core;
                             });
      });
  return std::max<int64_t>(working / tiles, 1);
}

namespace {
/// What of a chip takes longest, and how long, in picoseconds.
struct Limit {
  StringRef unit; ///< empty: nothing has work
  double time = 0;
};

class SpareCores {
public:
  SpareCores(ModuleOp module, const runtime::TargetDescription &target,
             int64_t count, StringRef pass)
      : module(module), target(target), count(count), pass(pass) {}

  LogicalResult shareOut(const TileGrids &grids, const ChosenMatrices &chosen,
                         CopyCounts &counts);

private:
  /// A stage for each matrix with tiles.
  void addStages(const TileGrids &grids, const ChosenMatrices &chosen,
                 const ModuleLoads &loads);

  /// The unit of the chips that takes longest for a vector, with the units of
  /// as many chips as `cores` are on.
  Limit findLimit(const ModuleLoads &loads, int64_t cores) const;

  void remarkShare(const MatrixTiles &matrix, const CopiedStage &before,
                   const CopiedStage &after) const;

  /// Says what is the slowest after all, and so why there are no more copies.
  void remarkRest(const CopyShares &shares, const Limit &limit) const;

  /// What follows the number of spare cores that are left.
  std::string explainRest(const CopyShares &shares, const Limit &limit) const;

  ModuleOp module;
  const runtime::TargetDescription &target;
  const int64_t count;
  const StringRef pass;
  std::vector<CopiedStage> stages;
  std::vector<const MatrixTiles *> matrices; ///< of the stages
  std::vector<TileSize> sizes; ///< of the tiles of one copy of each matrix
  int64_t taken = 0; ///< cores of copies that are there, beyond one of each
};
} // namespace

void SpareCores::addStages(const TileGrids &grids, const ChosenMatrices &chosen,
                           const ModuleLoads &loads) {
  for (const MatrixTiles &matrix : grids.getMatrices()) {
    if (!matrix.isTiled())
      continue;
    // Averaged copies are used together. Those chosen are not, even if no use
    // says so yet.
    const bool shared = matrix.shared || chosen.contains(&matrix);
    ArrayRef<TileOp> tiles = matrix.tiles;
    if (shared)
      tiles = matrix.getTilesOfCopy();
    CopiedStage stage;
    stage.cores = tiles.size();
    stage.copies = shared ? matrix.copies : 1;
    stage.most = countPinned(matrix, stage.cores, target);
    stage.fixed = !chosen.contains(&matrix);
    stage.time = loads.matrices.lookup(matrix.getWeights().getSymNameAttr());
    for (TileOp tile : tiles)
      sizes.push_back({tile.getRows(), tile.getColumns(), 0});
    taken += (stage.copies - 1) * stage.cores;
    stages.push_back(stage);
    matrices.push_back(&matrix);
  }
}

LogicalResult SpareCores::shareOut(const TileGrids &grids,
                                   const ChosenMatrices &chosen,
                                   CopyCounts &counts) {
  FailureOr<ModuleLoads> loads = collectLoads(module, target);
  if (failed(loads))
    return failure();
  addStages(grids, chosen, *loads);
  const int64_t working =
      target.cores() * target.chips -
      static_cast<int64_t>(target.device.defects.cores.size());
  const int64_t needed = packingLowerBound(sizes, target.array.usableRows,
                                           target.array.usableColumns);
  if (count > working - needed)
    return emitError(module.getLoc())
           << pass << " expects 'spare-cores' to be at most "
           << std::max<int64_t>(working - needed, 0) << ", as target '"
           << target.name << "' has " << working
           << " cores that work and one copy of each matrix takes at least "
           << needed << ", but got " << count;
  const Limit limit = findLimit(*loads, needed + count);
  const std::vector<CopiedStage> before = stages;
  const CopyShares shares =
      shareSpareCores(stages, std::max<int64_t>(count - taken, 0), limit.time);
  for (const auto &[stage, was, matrix] :
       llvm::zip_equal(stages, before, matrices)) {
    if (stage.copies == was.copies)
      continue;
    counts[matrix] = stage.copies;
    remarkShare(*matrix, was, stage);
  }
  remarkRest(shares, limit);
  return success();
}

Limit SpareCores::findLimit(const ModuleLoads &loads, int64_t cores) const {
  const int64_t chips =
      std::min<int64_t>(target.chips, llvm::divideCeil(cores, target.cores()));
  Limit limit;
  for (const auto &[unit, load] : llvm::zip_equal(target.units, loads.units)) {
    const double time = static_cast<double>(load) / static_cast<double>(chips);
    if (time > limit.time)
      limit = {unit.name, time};
  }
  return limit;
}

void SpareCores::remarkShare(const MatrixTiles &matrix,
                             const CopiedStage &before,
                             const CopiedStage &after) const {
  remark::analysis(matrix.getWeights().getLoc(),
                   remark::RemarkOpts::name("Throughput").category(pass))
      << remark::add("@{0} is a slow stage: {1} a vector, {2} with {3} copies; "
                     "spare cores taken: {4}",
                     matrix.getWeights().getSymName(), shown(before.interval()),
                     shown(after.interval()), after.copies,
                     (after.copies - before.copies) * before.cores);
}

std::string SpareCores::explainRest(const CopyShares &shares,
                                    const Limit &limit) const {
  if (taken > count)
    return llvm::formatv("copies that are there take {0} cores, more than {1}",
                         taken, count)
        .str();
  if (shares.slowest) {
    const CopiedStage &stage = stages[*shares.slowest];
    std::string text =
        llvm::formatv("@{0} takes longest, {1}",
                      matrices[*shares.slowest]->getWeights().getSymName(),
                      shown(stage.interval()))
            .str();
    if (stage.fixed)
      return text + ", and was not chosen for copies";
    if (stage.copies >= stage.most)
      return text + ", and its pin has no core for a further copy";
    return text +
           llvm::formatv("; cores for a further copy: {0}", stage.cores).str();
  }
  if (limit.unit.empty())
    return "no product is left to speed up";
  return llvm::formatv("unit '{0}' of the chips takes longest, {1}, which no "
                       "copy of a matrix shortens",
                       limit.unit, shown(limit.time))
      .str();
}

void SpareCores::remarkRest(const CopyShares &shares,
                            const Limit &limit) const {
  remark::analysis(module->getLoc(),
                   remark::RemarkOpts::name("SpareCores").category(pass))
      << remark::add("{0} of {1} spare cores are left: {2}", shares.left, count,
                     explainRest(shares, limit));
}

LogicalResult aimc::shareOutSpareCores(ModuleOp module, const TileGrids &grids,
                                       const ChosenMatrices &chosen,
                                       const runtime::TargetDescription &target,
                                       int64_t spareCores, StringRef pass,
                                       CopyCounts &counts) {
  return SpareCores(module, target, spareCores, pass)
      .shareOut(grids, chosen, counts);
}
