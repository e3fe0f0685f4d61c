//===- Schedule.cpp - Slots of operations ---------------------------------===//
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

#include "AIMC/IR/Schedule.h"

#include "AIMC/IR/AIMC.h"

using namespace mlir;

void aimc::dropSchedule(ModuleOp module) {
  if (!module->removeAttr(scheduleAttrName))
    return;
  module.walk([](Operation *op) { op->removeAttr(slotAttrName); });
}
