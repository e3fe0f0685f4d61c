//===- TargetEffects.cpp - Error sources of a target ------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table of Effects.def, and targets without some of its rows.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/TargetEffects.h"

#include <algorithm>

namespace aimc::runtime {

namespace {

Converter idealConverter() {
  Converter converter;
  converter.ideal = true;
  return converter;
}

void removeConductanceLevels(DeviceModel &device) {
  device.conductanceLevels = 0;
  device.conductanceBounds[0] = device.conductanceBounds[1] = 0;
}

void removeGains(Converter &adc) {
  adc.gainSpread = adc.gainResidual = 0;
  adc.gains = ColumnFigures();
}

void removeOffsets(Converter &adc) {
  adc.offsetSpread = adc.offsetResidual = 0;
  adc.offsets = ColumnFigures();
}

bool hasNarrowUnit(const TargetDescription &target) {
  return std::any_of(target.units.begin(), target.units.end(),
                     [](const DigitalUnit &unit) {
                       return unit.format.kind != NumberFormat::Kind::FP32;
                     });
}

void widenUnits(TargetDescription &target) {
  for (DigitalUnit &unit : target.units)
    unit.format = NumberFormat();
}

} // namespace

const std::vector<TargetEffect> &targetEffects() {
  static const std::vector<TargetEffect> effects = {
#define AIMC_EFFECT(name, summary, present, removal)                           \
  {#name, summary, [](const TargetDescription &t) -> bool { return present; }, \
   [](TargetDescription &t) { removal; }},
#include "Runtime/Target/Effects.def"
  };
  return effects;
}

static const TargetEffect *findEffect(const std::string &name) {
  for (const TargetEffect &effect : targetEffects())
    if (name == effect.name)
      return &effect;
  return nullptr;
}

std::string checkEffects(const std::vector<std::string> &names) {
  for (const std::string &name : names) {
    if (findEffect(name))
      continue;
    std::string known;
    const std::vector<TargetEffect> &effects = targetEffects();
    for (size_t i = 0; i < effects.size(); ++i)
      known += (i == 0                    ? ""
                : i + 1 == effects.size() ? " or "
                                          : ", ") +
               std::string(effects[i].name);
    return "expects effects among " + known + ", but got '" + name + "'";
  }
  return {};
}

std::optional<TargetDescription>
withoutEffects(TargetDescription target, const std::vector<std::string> &names,
               std::string &error) {
  if (error = checkEffects(names); !error.empty())
    return std::nullopt;
  for (const std::string &name : names)
    findEffect(name)->remove(target);
  return target;
}

} // namespace aimc::runtime
