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

#include "AIMC/IR/Schedule.h"
#include "AIMC/IR/TileGrid.h"
#include "AIMC/Transforms/Mapping.h"
#include "AIMC/Transforms/Passes.h"
#include "AIMC/Transforms/SpareCores.h"

#include "mlir/IR/Remarks.h"

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

/// Whether a use of `matrix` says what its copies are for. Before the uses have
/// a grid none may.
static bool saysRule(const MatrixTiles &matrix) {
  return llvm::any_of(matrix.uses, [](MvmOp use) {
    return use.getAveragedCopies() || use.getSharingCopies();
  });
}

namespace {
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
    ChosenMatrices chosen;
    SmallVector<RtMatrixOp> lowered;
    if (failed(choose(*grids, chosen, lowered)))
      return signalPassFailure();
    // One copy is what there is; a module that has copies keeps them.
    if (copies == 1 && spareCores == 0)
      return;
    if (failed(verifyLowered(lowered)))
      return signalPassFailure();
    for (const MatrixTiles *matrix : chosen)
      if (failed(verifyMatrix(*matrix)))
        return signalPassFailure();
    CopyCounts counts;
    for (const MatrixTiles *matrix : chosen)
      counts[matrix] = spareCores > 0 ? matrix->copies : copies;
    if (spareCores > 0 &&
        failed(shareOutSpareCores(module, *grids, chosen, target, spareCores,
                                  getArgument(), counts)))
      return signalPassFailure();
    // Copies without room may be too many to create.
    auto copiesOf = [&](const MatrixTiles &matrix) -> int64_t {
      auto it = counts.find(&matrix);
      return it == counts.end() ? matrix.copies : it->second;
    };
    if (failed(verifyRoom(*grids, target, copiesOf)))
      return signalPassFailure();
    SymbolTable symbols(module);
    for (const MatrixTiles *matrix : chosen)
      if (counts[matrix] > matrix->copies ||
          (matrix->copies > 1 && !saysRule(*matrix)))
        replicate(*matrix, counts[matrix], symbols);
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

  /// Gathers the matrices that spare cores are for when the option names none:
  /// any slow stage that can have such copies.
  void chooseForSpareCores(const TileGrids &grids, ChosenMatrices &chosen) {
    for (const MatrixTiles &matrix : grids.getMatrices()) {
      if (matrix.uses.empty())
        continue;
      if (matrix.copies <= 1 || matrix.shared || !saysRule(matrix)) {
        chosen.insert(&matrix);
        continue;
      }
      remark::missed(
          matrix.getWeights().getLoc(),
          remark::RemarkOpts::name("Throughput").category(getArgument()))
          << remark::add(
                 "@{0} gets no spare cores: its {1} copies are averaged",
                 matrix.getWeights().getSymName(), matrix.copies);
    }
  }

  /// Gathers the matrices that the option names, each once, and of those named
  /// by a symbol the ones that are runtime matrices by now.
  LogicalResult choose(const TileGrids &grids, ChosenMatrices &chosen,
                       SmallVectorImpl<RtMatrixOp> &lowered) {
    ModuleOp module = getOperation();
    SmallVector<std::string> words(matrices.begin(), matrices.end());
    const bool isNamed = !words.empty();
    const bool isAsked = copies > 1 || spareCores > 0;
    if (words.empty() && spareCores > 0) {
      chooseForSpareCores(grids, chosen);
      return success();
    }
    if (words.empty())
      words.push_back("projection");
    for (StringRef word : words) {
      StringRef name = word;
      if (name.consume_front("@")) {
        StringAttr symbol = StringAttr::get(&getContext(), name);
        if (auto matrix = dyn_cast_or_null<RtMatrixOp>(
                SymbolTable::lookupSymbolIn(module, symbol))) {
          lowered.push_back(matrix);
          continue;
        }
        const MatrixTiles *matrix = grids.lookup(symbol);
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
      bool anyOfRole = false;
      for (const MatrixTiles &matrix : grids.getMatrices())
        if (llvm::any_of(matrix.uses,
                         [&](MvmOp use) { return use.getRole() == *role; })) {
          chosen.insert(&matrix);
          anyOfRole = true;
        }
      // Of which role those of the runtime are is not known any more.
      if (isAsked && isNamed && !anyOfRole &&
          module.getOps<RtMatrixOp>().empty())
        return emitError(module.getLoc(), "aimc-replicate expects a matrix on "
                                          "crossbars of role ")
               << word << ", but there is none";
      if (isAsked && chosen.size() == before)
        remark::missed(
            module.getLoc(),
            remark::RemarkOpts::name("Replicate").category(getArgument()))
            << remark::add("no other matrix on crossbars is of role {0}", word);
    }
    return success();
  }

  /// Fails when the matrices are lowered to the runtime's, which get no copies
  /// any more, and are not as asked for: each of `named`, or if there are none
  /// at least one, and none that has copies of the other mode. Of which role
  /// they are is not known any more.
  LogicalResult verifyLowered(ArrayRef<RtMatrixOp> named) {
    auto countWanted = [&](RtMatrixOp matrix) -> int64_t {
      return isForThroughput() ? matrix.getSharingCopies()
                               : matrix.getAveragedCopies();
    };
    auto isAsAsked = [&](RtMatrixOp matrix) {
      const int64_t count = countWanted(matrix);
      return spareCores > 0 ? count > 1 : count == copies;
    };
    if (!named.empty()) {
      for (RtMatrixOp matrix : named)
        if (!isAsAsked(matrix))
          return emitLowered(matrix);
      return success();
    }
    RtMatrixOp first;
    bool anyAsAsked = false;
    for (auto matrix : getOperation().getOps<RtMatrixOp>()) {
      if (!matrix.getTiles())
        continue;
      if (matrix.countCopies() > 1 && countWanted(matrix) <= 1)
        return emitLowered(matrix);
      anyAsAsked |= isAsAsked(matrix);
      if (!first)
        first = matrix;
    }
    return anyAsAsked || !first ? success() : emitLowered(first);
  }

  /// The error that a runtime matrix is not as asked for. Always fails.
  LogicalResult emitLowered(RtMatrixOp matrix) {
    InFlightDiagnostic diag = emitError(matrix.getLoc())
                              << "'" << matrix.getOperationName()
                              << "' op expects ";
    if (spareCores == 0)
      diag << copies.getValue() << " ";
    diag << "copies " << (isForThroughput() ? "that share the vectors " : "")
         << "for aimc-replicate, but got " << matrix.countCopies();
    if (isForThroughput() && matrix.getAveragedCopies() > 1)
      diag << " that are averaged";
    if (!isForThroughput() && matrix.getSharingCopies() > 1)
      diag << " that share the vectors";
    return diag << ", which runtime calls cannot change";
  }

  /// Fails when `matrix` has no tiles, or copies that are not as asked for.
  LogicalResult verifyMatrix(const MatrixTiles &matrix) {
    StringRef name = matrix.getWeights().getSymName();
    if (!matrix.isTiled())
      return emitWeightsError(matrix.getWeights())
             << "expects tiles of @" << name
             << " to copy, but there are none (aimc-tile adds them where a "
                "product is on crossbars)";
    if (saysRule(matrix) && matrix.shared != isForThroughput()) {
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

  /// Makes `count` copies of `matrix`.
  void replicate(const MatrixTiles &matrix, int64_t count,
                 SymbolTable &symbols) {
    createCopies(matrix, count, symbols);
    for (MvmOp use : matrix.uses) {
      use.setGrid(ArrayRef<int64_t>{matrix.gridRows, matrix.gridColumns});
      if (isForThroughput())
        use.setSharingCopies(count);
      else
        use.setAveragedCopies(count);
    }
    WeightsOp weights = matrix.getWeights();
    remark::passed(
        weights.getLoc(),
        remark::RemarkOpts::name("Replicate").category(getArgument()))
        << remark::add("@{0} of {1}x{2} is programmed in {3} copies of {4} "
                       "tiles, {5}",
                       weights.getSymName(), weights.getRows(),
                       weights.getColumns(), count,
                       matrix.getTilesOfCopy().size(),
                       isForThroughput() ? "which share the vectors"
                                         : "whose products are averaged");
  }
};
} // namespace
