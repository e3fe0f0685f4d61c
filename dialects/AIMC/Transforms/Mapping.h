//===- Mapping.h - What the mapping passes share ----------------*- C++ -*-===//
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

#ifndef AIMC_DIALECTS_AIMC_TRANSFORMS_MAPPING_H
#define AIMC_DIALECTS_AIMC_TRANSFORMS_MAPPING_H

#include "AIMC/IR/TileGrid.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace aimc {

/// The target of `module`. Emits an error that names the pass and fails when
/// there is none.
mlir::FailureOr<TargetAttr> requireTarget(mlir::ModuleOp module,
                                          llvm::StringRef pass);

/// Emits the error that `copies` copies of `matrix`, each in `tiles` tiles,
/// have no room on `target`, of which `freeCores` cores are empty and
/// `freeCells` usable cells are free, with a note on what would help, which are
/// fewer copies when `hasCopies` of this or another matrix, and on the cores
/// that all matrices need at least, `neededCores`. Always fails.
mlir::LogicalResult emitNoRoom(const MatrixTiles &matrix, int64_t copies,
                               int64_t tiles,
                               const runtime::TargetDescription &target,
                               int64_t freeCores, int64_t freeCells,
                               int64_t neededCores, bool hasCopies);

/// Fails at the first matrix with which the weights are more than all cells of
/// the target, each matrix in as many copies as `copiesOf` tells. No placement
/// could mend that.
mlir::LogicalResult
verifyRoom(const TileGrids &grids, const runtime::TargetDescription &target,
           llvm::function_ref<int64_t(const MatrixTiles &)> copiesOf);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_TRANSFORMS_MAPPING_H
