//===- Replicate.cpp - Program matrices several times ---------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-replicate: copies of the tiles of a matrix, whose products are averaged
// or which share the vectors.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/TileGrid.h"
#include "AIMC/Transforms/Mapping.h"
#include "AIMC/Transforms/Passes.h"
#include "AIMC/Transforms/Schedule.h"
#include "Analysis/Copies.h"
#include "Analysis/Packing.h"
#include "Estimate/ModuleTasks.h"

#include "mlir/IR/Remarks.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/FormatVariadic.h"

namespace aimc {
#define GEN_PASS_DEF_AIMCREPLICATEPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

/// Adds copies of the tiles of `matrix`, after them in grid order, until there
/// are `copies`. Names that are taken get a suffix.
static void createCopies(const MatrixTiles &matrix, int64_t copies,
                         SymbolTable &symbols) {
  Operation *last = matrix.tiles.back();
  for (int64_t copy = matrix.copies; copy < copies; ++copy)
    for (TileOp tile : matrix.getTilesOfCopy()) {
      TileOp other = tile.clone();
      other.setCopy(copy);
      // The place is taken.
      other.removeChipAttr();
      other.removeCoreAttr();
      other.removeCoreRowAttr();
      other.removeCoreColumnAttr();
      other.setSymName(
          (tile.getSymName() + "_copy_" + std::to_string(copy)).str());
      symbols.insert(other, std::next(last->getIterator()));
      last = other;
    }
}

namespace {
/// A matrix that gets copies.
struct Replication {
  const MatrixTiles *matrix;
  int64_t copies;
};

struct ReplicatePass : public aimc::impl::AIMCReplicatePassBase<ReplicatePass> {
  using AIMCReplicatePassBase::AIMCReplicatePassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<TargetAttr> attribute = requireTarget(module, getArgument());
    if (failed(attribute) || failed(verifyOptions()))
      return signalPassFailure();
    const runtime::TargetDescription &target = attribute->getTarget();
    FailureOr<TileGrids> grids = TileGrids::compute(module);
    if (failed(grids))
      return signalPassFailure();
    llvm::SetVector<const MatrixTiles *> chosen;
    if (failed(choose(*grids, chosen)))
      return signalPassFailure();
    // One copy is what there is; a module that has copies keeps them.
    if (copies == 1 && spareCores == 0)
      return;
    if (failed(verifyNotLowered()))
      return signalPassFailure();
    for (const MatrixTiles *matrix : chosen)
      if (failed(verifyMatrix(*matrix)))
        return signalPassFailure();
    SmallVector<Replication> replications;
    if (spareCores > 0) {
      if (failed(shareOut(*grids, chosen, target, replications)))
        return signalPassFailure();
    } else {
      for (const MatrixTiles *matrix : chosen)
        replications.push_back({matrix, copies});
    }
    llvm::DenseMap<const MatrixTiles *, int64_t> counts;
    for (const Replication &each : replications)
      counts[each.matrix] = each.copies;
    // Copies without room may be too many to create.
    auto copiesOf = [&](const MatrixTiles &matrix) -> int64_t {
      auto it = counts.find(&matrix);
      return it == counts.end() ? matrix.copies : it->second;
    };
    if (failed(verifyRoom(*grids, target, copiesOf)))
      return signalPassFailure();
    SymbolTable symbols(module);
    for (const Replication &each : replications)
      if (each.copies > each.matrix->copies)
        replicate(each, symbols);
    dropSchedule(module);
  }

private:
  bool isForThroughput() const { return mode == "throughput"; }

  LogicalResult verifyOptions() {
    Location loc = getOperation().getLoc();
    if (mode != "average" && mode != "throughput")
      return emitError(loc, "aimc-replicate expects 'mode' to be average or "
                            "throughput, but got '")
             << mode << "'";
    if (copies < 1)
      return emitError(
                 loc,
                 "aimc-replicate expects 'copies' to be at least 1, but got ")
             << copies.getValue();
    if (spareCores < 0)
      return emitError(loc, "aimc-replicate expects 'spare-cores' not to be "
                            "negative, but got ")
             << spareCores.getValue();
    if (spareCores > 0 && copies > 1)
      return emitError(loc, "aimc-replicate expects 'copies' or 'spare-cores', "
                            "but got both");
    if (spareCores > 0 && !isForThroughput())
      return emitError(loc, "aimc-replicate expects mode=throughput for "
                            "'spare-cores', but got mode=")
             << mode;
    return success();
  }

  /// Gathers the matrices that the option names, each once.
  LogicalResult choose(const TileGrids &grids,
                       llvm::SetVector<const MatrixTiles *> &chosen) {
    ModuleOp module = getOperation();
    SmallVector<std::string> words(matrices.begin(), matrices.end());
    // Spare cores are for any slow stage.
    if (words.empty() && spareCores > 0) {
      for (const MatrixTiles &matrix : grids.getMatrices())
        if (!matrix.uses.empty())
          chosen.insert(&matrix);
      return success();
    }
    if (words.empty())
      words.push_back("projection");
    for (StringRef word : words) {
      StringRef name = word;
      if (name.consume_front("@")) {
        const MatrixTiles *matrix =
            grids.lookup(StringAttr::get(&getContext(), name));
        if (!matrix)
          return emitError(module.getLoc(), "aimc-replicate expects ")
                 << word
                 << " to be an 'aimc.weights', but there is none of this name";
        chosen.insert(matrix);
        continue;
      }
      std::optional<Role> role = symbolizeRole(word);
      if (!role)
        return emitError(module.getLoc(),
                         "aimc-replicate expects 'matrices' to be names as "
                         "@omega, or roles: projection, readout or linear, but "
                         "got '")
               << word << "'";
      size_t before = chosen.size();
      for (const MatrixTiles &matrix : grids.getMatrices())
        if (llvm::any_of(matrix.uses,
                         [&](MvmOp use) { return use.getRole() == *role; }))
          chosen.insert(&matrix);
      if ((copies > 1 || spareCores > 0) && chosen.size() == before)
        remark::missed(
            module.getLoc(),
            remark::RemarkOpts::name("Replicate").category(getArgument()))
            << remark::add("no other matrix on crossbars is of role {0}", word);
    }
    return success();
  }

  /// Fails when the matrices are lowered to the runtime's, which get no copies
  /// any more, and none of them has such copies already.
  LogicalResult verifyNotLowered() {
    RtMatrixOp first;
    for (auto matrix : getOperation().getOps<RtMatrixOp>()) {
      if (!matrix.getTiles())
        continue;
      const int64_t count = isForThroughput() ? matrix.getSharingCopies()
                                              : matrix.getAveragedCopies();
      if (spareCores > 0 ? count > 1 : count == copies)
        return success();
      if (!first)
        first = matrix;
    }
    if (!first)
      return success();
    InFlightDiagnostic diag = emitError(first.getLoc())
                              << "'" << first.getOperationName()
                              << "' op expects ";
    if (spareCores == 0)
      diag << copies.getValue() << " ";
    diag << "copies ";
    if (isForThroughput())
      diag << "that share the vectors ";
    return diag << "for aimc-replicate, but got " << first.countCopies()
                << (first.getAveragedCopies() > 1 && isForThroughput()
                        ? " that are averaged"
                        : "")
                << ", which runtime calls cannot change";
  }

  /// Fails when `matrix` has no tiles, or copies that are not as asked for.
  LogicalResult verifyMatrix(const MatrixTiles &matrix) {
    StringRef name = matrix.getWeights().getSymName();
    if (!matrix.isTiled())
      return emitWeightsError(matrix.getWeights())
             << "expects tiles of @" << name
             << " to copy, but there are none (aimc-tile adds them where a "
                "product is on crossbars)";
    // Which a use without a grid does not tell yet.
    const bool tells = llvm::any_of(matrix.uses, [](MvmOp use) {
      return use.getAveragedCopies() || use.getSharingCopies();
    });
    if (tells && matrix.shared != isForThroughput()) {
      auto shown = [](bool shared) {
        return shared ? "share the vectors" : "are averaged";
      };
      return emitWeightsError(matrix.getWeights())
             << "expects copies of @" << name << " that "
             << shown(isForThroughput()) << " for aimc-replicate, but got "
             << matrix.copies << " that " << shown(matrix.shared);
    }
    if (spareCores == 0 && matrix.copies != 1 && matrix.copies != copies)
      return emitWeightsError(matrix.getWeights())
             << "expects 1 or " << copies.getValue() << " copies of @" << name
             << " for aimc-replicate, but got " << matrix.copies;
    return success();
  }

  /// Chooses the copies that the spare cores are for, a core for each tile.
  LogicalResult shareOut(const TileGrids &grids,
                         const llvm::SetVector<const MatrixTiles *> &chosen,
                         const runtime::TargetDescription &target,
                         SmallVectorImpl<Replication> &replications) {
    FailureOr<ModuleLoads> loads = collectLoads(getOperation(), target);
    if (failed(loads))
      return failure();
    std::vector<CopiedStage> stages;
    std::vector<const MatrixTiles *> ofStages;
    std::vector<TileSize> sizes;
    int64_t taken = 0;
    for (const MatrixTiles &matrix : grids.getMatrices()) {
      if (!matrix.isTiled())
        continue;
      // Averaged copies are used together.
      ArrayRef<TileOp> tiles = matrix.tiles;
      if (matrix.shared)
        tiles = matrix.getTilesOfCopy();
      CopiedStage stage;
      stage.cores = tiles.size();
      stage.copies = matrix.shared ? matrix.copies : 1;
      stage.fixed = !chosen.contains(&matrix);
      stage.time = loads->matrices.lookup(matrix.getWeights().getSymNameAttr());
      for (TileOp tile : tiles)
        sizes.push_back({tile.getRows(), tile.getColumns(), 0});
      taken += (stage.copies - 1) * stage.cores;
      stages.push_back(stage);
      ofStages.push_back(&matrix);
    }
    const int64_t working =
        target.cores() * target.chips -
        static_cast<int64_t>(target.device.defects.cores.size());
    const int64_t needed = packingLowerBound(sizes, target.array.usableRows,
                                             target.array.usableColumns);
    if (spareCores > working - needed)
      return emitError(getOperation().getLoc(),
                       "aimc-replicate expects 'spare-cores' to be at most ")
             << std::max<int64_t>(working - needed, 0) << ", as target '"
             << target.name << "' has " << working
             << " cores that work and one copy of each matrix takes at least "
             << needed << ", but got " << spareCores.getValue();
    const auto [unit, limit] = findLimit(*loads, target, needed);
    const std::vector<CopiedStage> before = stages;
    const CopyShares shares =
        shareSpareCores(stages, spareCores - taken, limit);
    for (const auto &[stage, was, matrix] :
         llvm::zip_equal(stages, before, ofStages)) {
      if (stage.copies == was.copies)
        continue;
      replications.push_back({matrix, stage.copies});
      remarkShare(*matrix, was, stage);
    }
    remarkRest(shares, stages, ofStages, unit, limit);
    return success();
  }

  /// The unit of the chips that takes longest for a vector, and how long, with
  /// the units of as many chips as the spare cores are on; nothing and 0 when
  /// there is no work for any.
  std::pair<StringRef, double>
  findLimit(const ModuleLoads &loads, const runtime::TargetDescription &target,
            int64_t cores) {
    const int64_t chips = std::min<int64_t>(
        target.chips, llvm::divideCeil(cores + spareCores, target.cores()));
    std::pair<StringRef, double> limit = {StringRef(), 0.0};
    for (const auto &[unit, load] :
         llvm::zip_equal(target.units, loads.units)) {
      const double time =
          static_cast<double>(load) / static_cast<double>(chips);
      if (time > limit.second)
        limit = {unit.name, time};
    }
    return limit;
  }

  /// A number of picoseconds.
  static std::string shown(double time) {
    return llvm::formatv("{0:F1} ns", time * 1e-3).str();
  }

  void remarkShare(const MatrixTiles &matrix, const CopiedStage &before,
                   const CopiedStage &after) {
    remark::analysis(
        matrix.getWeights().getLoc(),
        remark::RemarkOpts::name("Throughput").category(getArgument()))
        << remark::add(
               "@{0} is a slow stage: {1} a vector, {2} with {3} copies; "
               "spare cores taken: {4}",
               matrix.getWeights().getSymName(), shown(before.interval()),
               shown(after.interval()), after.copies,
               (after.copies - before.copies) * before.cores);
  }

  /// Says what is the slowest after all, and so why there are no more copies.
  void remarkRest(const CopyShares &shares,
                  const std::vector<CopiedStage> &stages,
                  const std::vector<const MatrixTiles *> &ofStages,
                  StringRef unit, double limit) {
    std::string text;
    if (shares.slowest) {
      const CopiedStage &stage = stages[*shares.slowest];
      text = llvm::formatv("@{0} takes longest, {1}",
                           ofStages[*shares.slowest]->getWeights().getSymName(),
                           shown(stage.interval()))
                 .str();
      text += stage.fixed ? ", and was not chosen for copies"
                          : llvm::formatv("; cores for a further copy: {0}",
                                          stage.cores)
                                .str();
    } else if (!unit.empty()) {
      text = llvm::formatv("unit '{0}' of the chips takes longest, {1}, which "
                           "no copy of a matrix shortens",
                           unit, shown(limit))
                 .str();
    } else {
      text = "no product is left to speed up";
    }
    remark::analysis(
        getOperation().getLoc(),
        remark::RemarkOpts::name("SpareCores").category(getArgument()))
        << remark::add("{0} of {1} spare cores are left: {2}", shares.left,
                       spareCores.getValue(), text);
  }

  void replicate(const Replication &replication, SymbolTable &symbols) {
    const MatrixTiles &matrix = *replication.matrix;
    createCopies(matrix, replication.copies, symbols);
    for (MvmOp use : matrix.uses) {
      use.setGrid(ArrayRef<int64_t>{matrix.gridRows, matrix.gridColumns});
      if (isForThroughput())
        use.setSharingCopies(replication.copies);
      else
        use.setAveragedCopies(replication.copies);
    }
    WeightsOp weights = matrix.getWeights();
    remark::passed(
        weights.getLoc(),
        remark::RemarkOpts::name("Replicate").category(getArgument()))
        << remark::add("@{0} of {1}x{2} is programmed in {3} copies of {4} "
                       "tiles, {5}",
                       weights.getSymName(), weights.getRows(),
                       weights.getColumns(), replication.copies,
                       matrix.getTilesOfCopy().size(),
                       isForThroughput() ? "which share the vectors"
                                         : "whose products are averaged");
  }
};
} // namespace
