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

/// `format`, and `fixed_point`, which belongs to a format of that name.
static NumberFormat readFormat(ObjectReader &unit) {
  NumberFormat format;
  std::string name = "fp32";
  if (unit.has("format"))
    name = unit.oneOf("format", {"fp32", "fp16", "fixed_point"});
  if (name == "fp16")
    format.kind = NumberFormat::Kind::FP16;
  if (name != "fixed_point") {
    if (unit.has("fixed_point"))
      unit.reading.fail(unit.pathOf("fixed_point"),
                        "format \"fixed_point\" beside it", "another");
    return format;
  }
  format.kind = NumberFormat::Kind::FixedPoint;
  ObjectReader object(
      unit.reading, unit.at("fixed_point"), unit.pathOf("fixed_point"),
      {"value_bits", "scale_integer_bits", "scale_fraction_bits",
       "offset_integer_bits", "offset_fraction_bits", "provenance", "source"});
  format.valueBits = int(object.integer("value_bits", 2, 10));
  format.scaleIntegerBits = int(object.integer("scale_integer_bits", 0, 10));
  format.scaleFractionBits = int(object.integer("scale_fraction_bits", 0, 10));
  format.offsetIntegerBits = int(object.integer("offset_integer_bits", 1, 10));
  format.offsetFractionBits =
      int(object.integer("offset_fraction_bits", 0, 10));
  // Up to here all of it is exact in FP32.
  const int scaleBits = format.scaleIntegerBits + format.scaleFractionBits;
  if (scaleBits < 1 || scaleBits > 10)
    object.reading.fail(object.pathOf("scale_fraction_bits"),
                        "1 to 10 bits of scale in all",
                        std::to_string(scaleBits));
  const Origin origin = object.origin();
  object.record("value_bits", format.valueBits, "bit", origin);
  return format;
}

static DigitalUnit readUnit(ObjectReader &target, const json &value,
                            const std::string &path) {
  ObjectReader object(target.reading, value, path,
                      {"name", "attached", "count", "operations", "format",
                       "fixed_point", "provenance", "source", "time_per_value",
                       "delay", "energy_per_value", "buffer"});
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
  unit.format = readFormat(object);
  unit.origin = object.origin();
  object.record("count", unit.count, "1", unit.origin);
  unit.timePerValue = object.figure("time_per_value", "ns", notNegative);
  unit.delay = object.optionalFigure("delay", "ns", notNegative);
  unit.energyPerValue = object.figure("energy_per_value", "pJ", notNegative);
  unit.buffer = object.optionalFigure("buffer", "B", notNegative);
  if (unit.buffer && unit.attached == "core")
    target.reading.fail(object.pathOf("buffer"),
                        "a unit of the chip, since those of a core have its "
                        "'core_buffer'",
                        "one of a core");
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
