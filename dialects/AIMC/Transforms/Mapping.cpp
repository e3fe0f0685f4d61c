//===- Mapping.cpp - What the mapping passes share ------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The precondition of a target, and the error that a matrix has no room.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Transforms/Mapping.h"

#include "Analysis/Partition.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>

using namespace mlir;
using namespace aimc;

FailureOr<TargetAttr> aimc::requireTarget(ModuleOp module, StringRef pass) {
  if (TargetAttr target = TargetAttr::lookup(module))
    return target;
  // Not at the operation, which would print the whole module.
  return emitError(module.getLoc())
         << pass << " expects a module with a target, but got one without '"
         << targetAttrName << "' (aimc-set-target adds it)";
}

LogicalResult aimc::emitNoRoom(const MatrixTiles &matrix, int64_t copies,
                               int64_t tiles,
                               const runtime::TargetDescription &target,
                               int64_t freeCores, int64_t freeCells,
                               int64_t neededCores, bool hasCopies) {
  WeightsOp weights = matrix.getWeights();
  InFlightDiagnostic diag = emitWeightsError(weights)
                            << "expects room for @" << weights.getSymName()
                            << " of " << weights.getRows() << "x"
                            << weights.getColumns() << " in ";
  if (copies > 1)
    diag << copies << " copies of ";
  diag << tiles << " tiles, but target '" << target.name << "' has "
       << target.cores() << " cores of " << target.array.usableRows << "x"
       << target.array.usableColumns << " on each of " << target.chips
       << " chips, of which " << freeCores << " cores are empty and "
       << freeCells << " cells are free";
  auto isUsedAs = [&](Role role) {
    return llvm::any_of(matrix.uses,
                        [&](MvmOp use) { return use.getRole() == role; });
  };
  Diagnostic &note = diag.attachNote();
  note << "more 'chips' or a larger 'array' in the target would help";
  if (hasCopies)
    note << ", or fewer copies (aimc-replicate)";
  if (tiles > countParts(weights.getRows(), target.array.usableRows) *
                  countParts(weights.getColumns(), target.array.usableColumns))
    note << ", or fewer tiles (aimc-tile with objective=fewest-tiles)";
  if (isUsedAs(Role::projection))
    note << ", or fewer random features, or digital projections (aimc-split "
            "with projection=digital)";
  if (isUsedAs(Role::readout))
    note << ", or a digital read-out (aimc-split with readout=digital)";
  int64_t cores = target.cores() * target.chips;
  note << "; all matrices need at least " << neededCores << " cores";
  if (neededCores > cores)
    note << ", " << neededCores - cores << " more than there are";
  return diag;
}

LogicalResult
aimc::verifyRoom(const TileGrids &grids,
                 const runtime::TargetDescription &target,
                 llvm::function_ref<int64_t(const MatrixTiles &)> copiesOf) {
  const runtime::Array &array = target.array;
  // Weights are counted in floating point, exact below 2^53.
  double cellsOfCore =
      static_cast<double>(array.usableRows) * array.usableColumns;
  double capacity = cellsOfCore * target.cores() * target.chips;
  auto cellsOf = [&](const MatrixTiles &matrix) {
    WeightsOp weights = matrix.getWeights();
    return static_cast<double>(weights.getRows()) * weights.getColumns() *
           copiesOf(matrix);
  };
  double needed = 0, used = 0;
  bool hasCopies = false;
  for (const MatrixTiles &matrix : grids.getMatrices()) {
    needed += cellsOf(matrix);
    hasCopies |= copiesOf(matrix) > 1;
  }
  for (const MatrixTiles &matrix : grids.getMatrices()) {
    int64_t copies = copiesOf(matrix);
    WeightsOp weights = matrix.getWeights();
    double cells = cellsOf(matrix);
    if (used + cells > capacity)
      return emitNoRoom(
          matrix, copies,
          countParts(weights.getRows(), array.usableRows) *
              countParts(weights.getColumns(), array.usableColumns),
          target, static_cast<int64_t>((capacity - used) / cellsOfCore),
          static_cast<int64_t>(capacity - used),
          static_cast<int64_t>(std::ceil(needed / cellsOfCore)), hasCopies);
    used += cells;
  }
  return success();
}
