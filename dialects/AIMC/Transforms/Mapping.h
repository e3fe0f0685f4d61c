//===- Mapping.h - What the mapping passes share -*- C++ -*-===//
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

namespace aimc {

/// The target of `module`. Emits an error that names the pass and fails when
/// there is none.
mlir::FailureOr<TargetAttr> requireTarget(mlir::ModuleOp module,
                                          llvm::StringRef pass);

/// Emits the error that `matrix` in `tiles` tiles has no room on `target`, of
/// which `freeCores` cores are empty and `freeCells` usable cells are free,
/// with a note on what would help. Always fails.
mlir::LogicalResult emitNoRoom(const MatrixTiles &matrix, int64_t tiles,
                               const runtime::TargetDescription &target,
                               int64_t freeCores, int64_t freeCells);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_TRANSFORMS_MAPPING_H
