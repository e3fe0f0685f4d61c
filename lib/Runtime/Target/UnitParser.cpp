//===- UnitParser.cpp - Reading the digital units of a target -------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The section `digital_units`.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Target/SectionParsers.h"

#include <algorithm>

using namespace aimc::runtime;
using nlohmann::json;

static const std::vector<std::string> &instructionNames() {
  static const std::vector<std::string> names = {
#define AIMC_INSTRUCTION(enumerator, name, mlir, operands) name,
#include "aimc/Runtime/RuntimeTable.def"
  };
  return names;
}

static DigitalUnit readUnit(ObjectReader &target, const json &value,
                            const std::string &path) {
  ObjectReader object(target.reading, value, path,
                      {"name", "attached", "count", "operations", "provenance",
                       "source", "time_per_value", "energy_per_value"});
  DigitalUnit unit;
  unit.name = object.text("name");
  unit.attached = object.oneOf("attached", {"core", "chip"});
  unit.count = object.integer("count", 1, 65536);
  const json &list = object.at("operations");
  std::string listPath = object.pathOf("operations");
  if (!list.is_array() || list.empty())
    target.reading.fail(listPath, "a non-empty array of instructions",
                        list.is_array() ? "an empty one" : shown(list));
  for (size_t i = 0; i < list.size() && !target.reading.failed(); ++i) {
    std::string where = listPath + "[" + std::to_string(i) + "]";
    std::string name = object.checkedName(list[i], where, instructionNames());
    if (std::find(unit.operations.begin(), unit.operations.end(), name) !=
        unit.operations.end())
      target.reading.fail(where, "an instruction not listed before",
                          shown(list[i]));
    unit.operations.push_back(name);
  }
  unit.origin = object.origin();
  object.record("count", unit.count, "1", unit.origin);
  unit.timePerValue = object.figure("time_per_value", "ns", notNegative);
  unit.energyPerValue = object.figure("energy_per_value", "pJ", notNegative);
  return unit;
}

std::vector<DigitalUnit> aimc::runtime::readUnits(ObjectReader &target) {
  std::vector<DigitalUnit> units;
  const json &list = target.at("digital_units");
  if (!list.is_array() || list.empty() || list.size() > 64)
    target.reading.fail("digital_units", "an array of 1 to 64 digital units",
                        list.is_array()
                            ? std::to_string(list.size()) + " of them"
                            : shown(list));
  for (size_t i = 0; i < list.size() && !target.reading.failed(); ++i) {
    std::string path = "digital_units[" + std::to_string(i) + "]";
    DigitalUnit unit = readUnit(target, list[i], path);
    for (const DigitalUnit &other : units)
      if (other.name == unit.name)
        target.reading.fail(path + ".name", "a name no other digital unit has",
                            shown(json(unit.name)));
    units.push_back(std::move(unit));
  }
  return units;
}
