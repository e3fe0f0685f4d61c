//===- Mapping.cpp - What the mapping passes share -*- C++ -*-===//
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

#include "llvm/ADT/STLExtras.h"

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

LogicalResult aimc::emitNoRoom(const MatrixTiles &matrix, int64_t tiles,
                               const runtime::TargetDescription &target,
                               int64_t freeCores, int64_t freeCells) {
  WeightsOp weights = matrix.getWeights();
  InFlightDiagnostic diag =
      emitWeightsError(weights)
      << "expects room for @" << weights.getSymName() << " of "
      << weights.getRows() << "x" << weights.getColumns() << " in " << tiles
      << " tiles, but target '" << target.name << "' has " << target.cores()
      << " cores of " << target.array.usableRows << "x"
      << target.array.usableColumns << " on each of " << target.chips
      << " chips, of which " << freeCores << " cores are empty and "
      << freeCells << " cells are free";
  auto isUsedAs = [&](Role role) {
    return llvm::any_of(matrix.uses,
                        [&](MvmOp use) { return use.getRole() == role; });
  };
  Diagnostic &note = diag.attachNote();
  note << "more 'chips' or a larger 'array' in the target would help";
  if (isUsedAs(Role::projection))
    note << ", or fewer random features";
  if (isUsedAs(Role::readout))
    note << ", or a digital read-out (aimc-split with readout=digital)";
  return diag;
}
