//===- Schedule.h - Slots of operations -------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What all that changes the mapping does to a schedule.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_IR_SCHEDULE_H
#define AIMC_DIALECTS_AIMC_IR_SCHEDULE_H

#include "mlir/IR/BuiltinOps.h"

namespace aimc {

/// Takes the schedule and all slots off `module`, as whatever changes its
/// mapping does: they do not fit any more.
void dropSchedule(mlir::ModuleOp module);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_IR_SCHEDULE_H
