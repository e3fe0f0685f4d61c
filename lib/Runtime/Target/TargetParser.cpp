//===- TargetParser.cpp - Reading a target description --------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// JSON to TargetDescription: the fields of the whole chip, and the sections in
// their order.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Target/SectionParsers.h"
#include "Runtime/Target/SyntaxCheck.h"
#include "aimc/Runtime/TargetFile.h"

using namespace aimc::runtime;
using nlohmann::json;

static Array readArray(ObjectReader &target) {
  ObjectReader object(target.reading, target.at("array"),
                      target.pathOf("array"),
                      {"rows", "columns", "usable_rows", "usable_columns",
                       "segment_resistance", "provenance", "source"});
  Array array;
  array.rows = object.integer("rows", 1, 16384);
  array.columns = object.integer("columns", 1, 16384);
  array.usableRows = object.integer("usable_rows", 1, array.rows);
  array.usableColumns = object.integer("usable_columns", 1, array.columns);
  array.origin = object.origin();
  object.record("rows", array.rows, "1", array.origin);
  object.record("columns", array.columns, "1", array.origin);
  object.record("usable_rows", array.usableRows, "1", array.origin);
  object.record("usable_columns", array.usableColumns, "1", array.origin);
  if (object.has("segment_resistance"))
    array.segmentResistance =
        object.figure("segment_resistance", "ohm", {0, 1e6, /*open=*/true})
            .value;
  return array;
}

static void readCoreGrid(ObjectReader &target, TargetDescription &result) {
  ObjectReader object(target.reading, target.at("core_grid"),
                      target.pathOf("core_grid"),
                      {"rows", "columns", "provenance", "source"});
  result.coreRows = object.integer("rows", 1, 256);
  result.coreColumns = object.integer("columns", 1, 256);
  result.coreOrigin = object.origin();
  object.record("rows", result.coreRows, "1", result.coreOrigin);
  object.record("columns", result.coreColumns, "1", result.coreOrigin);
}

std::optional<TargetDescription> TargetDescription::parse(std::string_view text,
                                                          std::string &error) {
  TextPlace ignored;
  return parseTarget(text, error, ignored);
}

std::optional<TargetDescription>
aimc::runtime::parseTarget(std::string_view text, std::string &error,
                           TextPlace &place) {
  error = checkSyntax(text, place);
  if (!error.empty())
    return std::nullopt;
  // With `allow_exceptions` off the JSON library does not throw; running out of
  // memory is the only exception left.
  const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);

  Reading reading;
  ObjectReader object(reading, document, "",
                      {"schema", "name", "summary", "array", "core_grid",
                       "chips", "area", "static_power", "core_buffer", "dac",
                       "adc", "device", "digital_units", "links", "mode",
                       "modes"});
  TargetDescription target;
  object.integer("schema", targetSchemaVersion, targetSchemaVersion);
  target.name = object.text("name");
  target.summary = object.text("summary");
  target.array = readArray(object);
  readCoreGrid(object, target);
  target.chips = object.integer("chips", 1, 65536);
  target.area = object.optionalFigure("area", "mm2", positive);
  target.staticPower = object.optionalFigure("static_power", "mW", notNegative);
  target.coreBuffer = object.optionalFigure("core_buffer", "B", notNegative);
  target.dac = readDac(object);
  target.adc = readAdc(object, target);
  target.device = readDevice(object);
  target.units = readUnits(object);
  // Such a unit works on the counts of an ADC.
  for (size_t i = 0; i < target.units.size(); ++i) {
    const NumberFormat &format = target.units[i].format;
    if (format.kind != NumberFormat::Kind::FixedPoint)
      continue;
    const std::string path = "digital_units[" + std::to_string(i) + "]";
    if (target.dac.ideal || target.adc.ideal)
      reading.fail(path + ".format",
                   "converters with steps for a fixed-point unit",
                   "an ideal one");
    else if (format.valueBits < target.adc.bits)
      reading.fail(path + ".fixed_point.value_bits",
                   "at least the " + std::to_string(target.adc.bits) +
                       " bits of the ADC",
                   std::to_string(format.valueBits));
  }
  target.links = readLinks(object);
  readModes(object, target);
  checkDefects(reading, target);
  if (target.array.segmentResistance > 0 && target.device.kind == "ideal")
    reading.fail("array.segment_resistance", "a device with conductances",
                 "an ideal one");
  if (reading.failed()) {
    error = reading.error;
    place = reading.placeIn(text);
    return std::nullopt;
  }
  target.figures = std::move(reading.figures);
  return target;
}
