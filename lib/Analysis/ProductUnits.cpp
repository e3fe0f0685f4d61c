//===- ProductUnits.cpp - What works beside crossbars -----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Units by their place and operations, counts of sums.
//
//===----------------------------------------------------------------------===//

#include "Analysis/ProductUnits.h"

#include <algorithm>

using namespace aimc;
using runtime::DigitalUnit;
using runtime::TargetDescription;

const DigitalUnit *aimc::findCoreUnit(const TargetDescription &target) {
  for (const DigitalUnit &unit : target.units)
    if (unit.attached == "core")
      return &unit;
  return nullptr;
}

const DigitalUnit *aimc::findAddingUnit(const TargetDescription &target) {
  const DigitalUnit *best = nullptr;
  for (const DigitalUnit &unit : target.units)
    if (unit.attached == "chip" &&
        std::count(unit.operations.begin(), unit.operations.end(), "add") &&
        (!best || unit.timePerValue.value < best->timePerValue.value))
      best = &unit;
  return best;
}

double aimc::getDelay(const DigitalUnit &unit) {
  return unit.delay ? unit.delay->value : 0;
}

double aimc::getCoreUnitTime(const DigitalUnit &unit, int64_t columns) {
  return unit.timePerValue.value * static_cast<double>(columns) /
         static_cast<double>(unit.count);
}

int64_t aimc::countAddedValues(int64_t sums, int64_t columns, bool averaged) {
  return sums - columns + (averaged ? columns : 0);
}

int64_t aimc::countPassedSums(int64_t sums, int64_t columns, int64_t cores) {
  return std::min((sums + columns - 1) / columns, cores) - 1;
}
