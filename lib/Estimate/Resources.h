//===- Resources.h - Resources and buffers by number ------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the tasks of a module take of the chips, and where their results wait:
// numbers, names for messages, and the bytes of values.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ESTIMATE_RESOURCES_H
#define AIMC_LIB_ESTIMATE_RESOURCES_H

#include "aimc/Runtime/TargetDescription.h"

#include <cstdint>
#include <string>

namespace aimc {

/// Resources of a core.
enum CoreResource { InputLink, Crossbar, LocalUnit, resourcesOfCore };

/// That of a core; cores are numbered through all chips. Not negative.
inline int64_t getResource(int64_t core, CoreResource kind) {
  return core * resourcesOfCore + kind;
}

/// The units of a kind of the chips, by their place in the target. Negative.
inline int64_t getResource(size_t unit) {
  return -1 - static_cast<int64_t>(unit);
}

/// The buffers of these units. That of a core has the core's number.
inline int64_t getBuffer(size_t unit) {
  return -1 - static_cast<int64_t>(unit);
}

/// The name of a resource of the tasks, say "the crossbar of chip 0, core 3".
std::string describeResource(int64_t resource,
                             const runtime::TargetDescription &target);

/// Where a buffer of the tasks is, say "chip 0, core 3" or "unit 'global'" for
/// those of all units of the kind.
std::string describeBuffer(int64_t buffer,
                           const runtime::TargetDescription &target);

/// Bytes of a value in the format of a unit.
int64_t countBytes(const runtime::DigitalUnit &unit);

/// Bytes of a sum as the ADC gives it; an ideal one gives numbers of FP32.
int64_t countBytes(const runtime::Converter &adc);

} // namespace aimc

#endif // AIMC_LIB_ESTIMATE_RESOURCES_H
