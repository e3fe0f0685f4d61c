//===- SectionParsers.h - Sections of a target description ------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function a section of the file, each in a source file of its own.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_TARGET_SECTIONPARSERS_H
#define AIMC_LIB_RUNTIME_TARGET_SECTIONPARSERS_H

#include "Runtime/Target/TargetReader.h"

namespace aimc::runtime {

/// Field `dac`.
Converter readDac(ObjectReader &target);

/// Field `adc`; `description` has its array, cores and chips already.
Converter readAdc(ObjectReader &target, const TargetDescription &description);

/// Field `modes`, and `mode`, which names one of them. An MVM takes the time of
/// its pulses from `dac` at least.
void readModes(ObjectReader &target, TargetDescription &description);

/// Field `device`.
DeviceModel readDevice(ObjectReader &target);

/// Field `defects` of the device.
Defects readDefects(ObjectReader &device);

/// Checks that the places of defects exist, once the whole target is read.
void checkDefects(Reading &reading, const TargetDescription &target);

/// Field `digital_units`.
std::vector<DigitalUnit> readUnits(ObjectReader &target);

/// Field `links`, which may be left out.
std::optional<Links> readLinks(ObjectReader &target);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_TARGET_SECTIONPARSERS_H
