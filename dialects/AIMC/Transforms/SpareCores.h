//===- SpareCores.h - Copies on spare cores ---------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How many copies of which matrices make the best use of spare cores.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_TRANSFORMS_SPARECORES_H
#define AIMC_DIALECTS_AIMC_TRANSFORMS_SPARECORES_H

#include "AIMC/IR/TileGrid.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"

namespace aimc {

/// Matrices that a pass is to copy.
using ChosenMatrices = llvm::SetVector<const MatrixTiles *>;

/// How many copies matrices get.
using CopyCounts = llvm::DenseMap<const MatrixTiles *, int64_t>;

/// Sets in `counts` how many copies of matrices of `chosen` the spare cores are
/// for: a core for each tile of a copy, the slowest matrix first. Copies that
/// share the vectors already take of the spare cores, and a matrix gets no more
/// copies than the cores of its pin have room for. Remarks of the pass `pass`
/// say why. Fails when `spareCores` are more than the target has beyond one
/// copy of each matrix, and when products have no schedule.
mlir::LogicalResult shareOutSpareCores(mlir::ModuleOp module,
                                       const TileGrids &grids,
                                       const ChosenMatrices &chosen,
                                       const runtime::TargetDescription &target,
                                       int64_t spareCores, llvm::StringRef pass,
                                       CopyCounts &counts);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_TRANSFORMS_SPARECORES_H
