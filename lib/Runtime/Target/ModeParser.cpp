//===- ModeParser.cpp - Reading operating modes -----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The ways to drive an array, and the one in use.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Target/SectionParsers.h"

#include <algorithm>

using namespace aimc::runtime;
using nlohmann::json;

/// `mvm_energy_parts`, which together are no more than `mvm_energy`.
static void readParts(ObjectReader &mode, OperatingMode &result) {
  if (!mode.has("mvm_energy_parts"))
    return;
  ObjectReader parts(mode.reading, mode.at("mvm_energy_parts"),
                     mode.pathOf("mvm_energy_parts"), {"array", "dac", "adc"});
  result.arrayEnergy = parts.optionalFigure("array", "nJ", notNegative);
  result.dacEnergy = parts.optionalFigure("dac", "nJ", notNegative);
  result.adcEnergy = parts.optionalFigure("adc", "nJ", notNegative);
  double sum = 0;
  bool isWhole = true;
  for (const auto &part :
       {result.arrayEnergy, result.dacEnergy, result.adcEnergy}) {
    sum += part ? part->value : 0;
    isWhole = isWhole && part;
  }
  // Published parts are rounded.
  const double whole = result.mvmEnergy.value, tolerance = 0.01 * whole;
  if (sum > whole + tolerance || (isWhole && sum < whole - tolerance))
    mode.reading.fail(mode.pathOf("mvm_energy_parts"),
                      std::string(isWhole ? "parts of together "
                                          : "parts of together at most ") +
                          json(whole).dump() + " nJ, the mvm_energy",
                      json(sum).dump() + " nJ");
}

static OperatingMode readMode(ObjectReader &target, const json &value,
                              const std::string &path, const Converter &dac) {
  ObjectReader object(
      target.reading, value, path,
      {"name", "phases", "mvm_time", "mvm_energy", "mvm_energy_parts"});
  OperatingMode mode;
  mode.name = object.text("name");
  mode.phases = int(object.integer("phases", 1, 4));
  if (mode.phases != 1 && mode.phases != 4)
    target.reading.fail(object.pathOf("phases"), "1 or 4",
                        std::to_string(mode.phases));
  mode.mvmTime = object.figure("mvm_time", "ns", positive);
  mode.mvmEnergy = object.figure("mvm_energy", "nJ", notNegative);
  readParts(object, mode);
  const int steps = dac.ideal ? 0 : (1 << (dac.bits - 1)) - 1;
  const double pulses = mode.phases * steps * dac.pulseStep;
  if (mode.mvmTime.value < pulses)
    target.reading.fail(object.pathOf("mvm_time.value"),
                        "at least " + json(pulses).dump() + ", " +
                            std::to_string(mode.phases) + " times " +
                            std::to_string(steps) + " steps of dac.pulse_step",
                        json(mode.mvmTime.value).dump());
  return mode;
}

void aimc::runtime::readModes(ObjectReader &target,
                              TargetDescription &description) {
  const json &list = target.at("modes");
  if (!list.is_array() || list.empty() || list.size() > 16)
    target.reading.fail("modes", "an array of 1 to 16 modes",
                        list.is_array()
                            ? std::to_string(list.size()) + " of them"
                            : shown(list));
  std::vector<std::string> names;
  for (size_t i = 0; i < list.size() && !target.reading.failed(); ++i) {
    const std::string path = "modes[" + std::to_string(i) + "]";
    OperatingMode mode = readMode(target, list[i], path, description.dac);
    if (std::find(names.begin(), names.end(), mode.name) != names.end())
      target.reading.fail(path + ".name", "a name no other mode has",
                          shown(json(mode.name)));
    names.push_back(mode.name);
    description.modes.push_back(std::move(mode));
  }
  description.mode = target.oneOf("mode", names);
}
