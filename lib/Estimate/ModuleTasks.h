//===- ModuleTasks.h - What of a module takes time --------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The products and the digital work of a placed module as tasks to schedule:
// for each how long it takes crossbars, digital units and links, and which
// buffers its results wait in.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ESTIMATE_MODULETASKS_H
#define AIMC_LIB_ESTIMATE_MODULETASKS_H

#include "Analysis/Buffers.h"
#include "aimc/Runtime/TargetDescription.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/DenseMap.h"

#include <vector>

namespace aimc {

/// The tasks of a module, one for each `aimc.mvm`, `aimc.digital`,
/// `aimc.attention`, `aimc.gram` and `aimc.execute`, in the order of the
/// module. Times are picoseconds.
struct ModuleTasks {
  std::vector<mlir::Operation *> operations; ///< of each task
  std::vector<Task> tasks;
  /// Of the buffers whose size the target tells, among those of the results.
  BufferCapacities capacities;
};

/// Gathers the tasks for one vector, with the assumptions of
/// Analysis/Estimate.h:
/// - a product drives the crossbars of all its tiles at once, the tiles of one
///   core one after another, then its columns pass through the local units of
///   its cores, and partial sums from core to core;
/// - copies that share the vectors take turns, and all take as long as the
///   slowest: all rows that a vector is cut into have one turn, while the
///   runtime gives each row the next copy, which is as many rows for each copy;
/// - in a loop an operation takes the time of all iterations at once, each
///   after the one before, and of copies that share the vectors the same turns
///   in each;
/// - other work takes all units of its kind, those of a core those of all cores
///   with tiles;
/// - what a product gets from another task is sent to the cores before it
///   begins, a stream of bytes for each core, with a hop for each core on the
///   longest way between cores, and one hop from units of the chip and to them;
///   what an iteration hands to the next one takes no hops;
/// - what a product gets from arguments is there;
/// - a result waits where it was computed, in the number format of there: of a
///   product in the buffers of the cores that have its last row parts (of
///   averaged copies those of the last copy), or in the units of the chip that
///   add the parts; of other work in all units of its kind, those of a core
///   sharing it out over the buffers of all cores with tiles. Of a loop it is
///   that of one iteration.
/// Emits an error and fails when a tile has no place, sizes are not known, a
/// loop has more than 2^24 iterations, or all tasks one after another take
/// longer than `mostTime`.
mlir::FailureOr<ModuleTasks>
collectTasks(mlir::ModuleOp module, const runtime::TargetDescription &target);

/// How long a vector keeps the resources of each matrix and those of the chips,
/// wherever tiles are placed.
struct ModuleLoads {
  /// Picoseconds of the busiest core, with a core for each tile, for vectors
  /// that use the same copy.
  llvm::DenseMap<mlir::StringAttr, int64_t> matrices;
  /// Picoseconds of all units of a kind of one chip, in the order of the
  /// target.
  std::vector<int64_t> units;
};

/// Gathers the loads, by the same tasks.
mlir::FailureOr<ModuleLoads>
collectLoads(mlir::ModuleOp module, const runtime::TargetDescription &target);

} // namespace aimc

#endif // AIMC_LIB_ESTIMATE_MODULETASKS_H
