//===- ProductUnits.h - What works beside crossbars -------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The digital units that a product passes through, and what they and the links
// do with the sums of its tiles. Estimates and schedules count the same.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ANALYSIS_PRODUCTUNITS_H
#define AIMC_LIB_ANALYSIS_PRODUCTUNITS_H

#include "aimc/Runtime/TargetDescription.h"

#include <cstdint>

namespace aimc {

/// The unit that the outputs of a core pass through, or null.
const runtime::DigitalUnit *
findCoreUnit(const runtime::TargetDescription &target);

/// The fastest unit of the chip that adds, or null.
const runtime::DigitalUnit *
findAddingUnit(const runtime::TargetDescription &target);

/// From the first value into a unit to the first one out of it, ns.
double getDelay(const runtime::DigitalUnit &unit);

/// ns that the units of one core take for the values of `columns` outputs.
double getCoreUnitTime(const runtime::DigitalUnit &unit, int64_t columns);

/// Values that an adding unit makes of the `sums` outputs of all tiles that one
/// vector uses: results of `columns`, which are divided too when copies are
/// `averaged`.
int64_t countAddedValues(int64_t sums, int64_t columns, bool averaged);

/// How often the `sums` outputs of the tiles that one vector uses, on `cores`
/// cores, pass a link to become results of `columns`: parts of rows, of
/// averaged copies too; those on one core need none.
int64_t countPassedSums(int64_t sums, int64_t columns, int64_t cores);

} // namespace aimc

#endif // AIMC_LIB_ANALYSIS_PRODUCTUNITS_H
