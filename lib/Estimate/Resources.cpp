//===- Resources.cpp - Resources and buffers by number --------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names as messages have them, and bytes by number format.
//
//===----------------------------------------------------------------------===//

#include "Estimate/Resources.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MathExtras.h"

using namespace aimc;
using runtime::DigitalUnit;
using runtime::NumberFormat;
using runtime::TargetDescription;

/// "chip 0, core 3".
static std::string describeCore(int64_t core, const TargetDescription &target) {
  return "chip " + std::to_string(core / target.cores()) + ", core " +
         std::to_string(core % target.cores());
}

std::string aimc::describeResource(int64_t resource,
                                   const TargetDescription &target) {
  if (resource < 0)
    return "unit '" + target.units[-1 - resource].name + "'";
  static const char *const names[] = {"the input link", "the crossbar",
                                      "the local unit"};
  return std::string(names[resource % resourcesOfCore]) + " of " +
         describeCore(resource / resourcesOfCore, target);
}

std::string aimc::describeBuffer(int64_t buffer,
                                 const TargetDescription &target) {
  return buffer < 0 ? "unit '" + target.units[-1 - buffer].name + "'"
                    : describeCore(buffer, target);
}

int64_t aimc::countBytes(const DigitalUnit &unit) {
  switch (unit.format.kind) {
  case NumberFormat::Kind::FP32:
    return 4;
  case NumberFormat::Kind::FP16:
    return 2;
  case NumberFormat::Kind::FixedPoint:
    return llvm::divideCeil(unit.format.valueBits, 8);
  }
  llvm_unreachable("unknown number format");
}

int64_t aimc::countBytes(const runtime::Converter &adc) {
  return adc.ideal ? 4 : llvm::divideCeil(adc.bits, 8);
}
