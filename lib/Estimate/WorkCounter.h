//===- WorkCounter.h - The digital work of operations -----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How much a digital unit computes for each row of what an operation gives.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ESTIMATE_WORKCOUNTER_H
#define AIMC_LIB_ESTIMATE_WORKCOUNTER_H

#include "AIMC/IR/AIMC.h"
#include "Analysis/Estimate.h"

#include "llvm/ADT/DenseMap.h"

namespace aimc {

/// Counts the work of operations, each for one row of its results.
class WorkCounter {
public:
  /// Counted once for each program.
  WorkCount count(ProgramOp program);

  /// Emits an error and fails when a size other than that of the batch is not
  /// known.
  mlir::FailureOr<WorkCount> count(DigitalOp digital);

  static WorkCount count(AttentionOp op);
  static WorkCount count(RtAttentionOp op);
  static WorkCount count(GramOp op);

private:
  llvm::DenseMap<mlir::Operation *, WorkCount> workOfProgram;
};

} // namespace aimc

#endif // AIMC_LIB_ESTIMATE_WORKCOUNTER_H
