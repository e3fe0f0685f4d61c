//===- Schedule.h - Slots of operations -------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What passes that change the mapping do to a schedule.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_TRANSFORMS_SCHEDULE_H
#define AIMC_DIALECTS_AIMC_TRANSFORMS_SCHEDULE_H

#include "mlir/IR/BuiltinOps.h"

namespace aimc {

/// Takes the schedule and all slots off `module`, which they do not fit any
/// more.
void dropSchedule(mlir::ModuleOp module);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_TRANSFORMS_SCHEDULE_H
