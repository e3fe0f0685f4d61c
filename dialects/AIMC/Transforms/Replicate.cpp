//===- Replicate.cpp - Program matrices several times ---------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-replicate: copies of the tiles of a matrix, whose products are averaged.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/TileGrid.h"
#include "AIMC/Transforms/Mapping.h"
#include "AIMC/Transforms/Passes.h"
#include "AIMC/Transforms/Schedule.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/SetVector.h"

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
  OpBuilder builder(matrix.getWeights().getContext());
  Operation *last = matrix.tiles.back();
  for (int64_t copy = 1; copy < copies; ++copy)
    for (TileOp tile : matrix.tiles) {
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
struct ReplicatePass : public aimc::impl::AIMCReplicatePassBase<ReplicatePass> {
  using AIMCReplicatePassBase::AIMCReplicatePassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<TargetAttr> attribute = requireTarget(module, getArgument());
    if (failed(attribute))
      return signalPassFailure();
    if (copies < 1) {
      emitError(module.getLoc(),
                "aimc-replicate expects 'copies' to be at least 1, but got ")
          << copies.getValue();
      return signalPassFailure();
    }
    FailureOr<TileGrids> grids = TileGrids::compute(module);
    if (failed(grids))
      return signalPassFailure();
    llvm::SetVector<const MatrixTiles *> chosen;
    if (failed(choose(*grids, chosen)))
      return signalPassFailure();
    // One copy is what there is; a module that has copies keeps them.
    if (copies == 1)
      return;
    if (failed(verifyNotLowered()))
      return signalPassFailure();
    for (const MatrixTiles *matrix : chosen)
      if (failed(verifyMatrix(*matrix)))
        return signalPassFailure();
    // Copies without room may be too many to create.
    auto copiesOf = [&](const MatrixTiles &matrix) -> int64_t {
      return chosen.contains(&matrix) ? copies : matrix.copies;
    };
    if (failed(verifyRoom(*grids, attribute->getTarget(), copiesOf)))
      return signalPassFailure();
    SymbolTable symbols(module);
    for (const MatrixTiles *matrix : chosen)
      if (matrix->copies == 1)
        replicate(*matrix, symbols);
    dropSchedule(module);
  }

private:
  /// Gathers the matrices that the option names, each once.
  LogicalResult choose(const TileGrids &grids,
                       llvm::SetVector<const MatrixTiles *> &chosen) {
    ModuleOp module = getOperation();
    SmallVector<std::string> words(matrices.begin(), matrices.end());
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
      if (copies > 1 && chosen.size() == before)
        remark::missed(
            module.getLoc(),
            remark::RemarkOpts::name("Replicate").category(getArgument()))
            << remark::add("no other matrix on crossbars is of role {0}", word);
    }
    return success();
  }

  /// Fails when the matrices are lowered to the runtime's, which get no copies
  /// any more, and none of them has this number already.
  LogicalResult verifyNotLowered() {
    RtMatrixOp first;
    for (auto matrix : getOperation().getOps<RtMatrixOp>()) {
      if (!matrix.getTiles())
        continue;
      if (matrix.getAveragedCopies() == copies)
        return success();
      if (!first)
        first = matrix;
    }
    if (!first)
      return success();
    return emitError(first.getLoc())
           << "'" << first.getOperationName() << "' op expects "
           << copies.getValue() << " copies for aimc-replicate, but got "
           << first.getAveragedCopies()
           << ", which runtime calls cannot change";
  }

  /// Fails when `matrix` has no tiles, or another number of copies already.
  LogicalResult verifyMatrix(const MatrixTiles &matrix) {
    StringRef name = matrix.getWeights().getSymName();
    if (!matrix.isTiled())
      return emitWeightsError(matrix.getWeights())
             << "expects tiles of @" << name
             << " to copy, but there are none (aimc-tile adds them where a "
                "product is on crossbars)";
    if (matrix.copies != 1 && matrix.copies != copies)
      return emitWeightsError(matrix.getWeights())
             << "expects 1 or " << copies.getValue() << " copies of @" << name
             << " for aimc-replicate, but got " << matrix.copies;
    return success();
  }

  void replicate(const MatrixTiles &matrix, SymbolTable &symbols) {
    createCopies(matrix, copies, symbols);
    for (MvmOp use : matrix.uses) {
      use.setGrid(ArrayRef<int64_t>{matrix.gridRows, matrix.gridColumns});
      use.setAveragedCopies(copies);
    }
    WeightsOp weights = matrix.getWeights();
    remark::passed(
        weights.getLoc(),
        remark::RemarkOpts::name("Replicate").category(getArgument()))
        << remark::add("@{0} of {1}x{2} is programmed in {3} copies of {4} "
                       "tiles, whose products are averaged",
                       weights.getSymName(), weights.getRows(),
                       weights.getColumns(), copies.getValue(),
                       matrix.tiles.size());
  }
};
} // namespace
