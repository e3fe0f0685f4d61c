//===- ConverterParser.cpp - Reading converters of a target ---------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sections `dac` and `adc`.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Target/SectionParsers.h"

using namespace aimc::runtime;
using nlohmann::json;

/// Whether an object says of itself that it is ideal.
static bool isIdeal(const json &value) {
  return value.is_object() && value.contains("ideal");
}

/// Reads an ideal converter, which has no figures, if it is one.
static bool readIdeal(ObjectReader &target, const char *field,
                      Converter &converter) {
  const json &value = target.at(field);
  if (!isIdeal(value))
    return false;
  ObjectReader object(target.reading, value, target.pathOf(field), {"ideal"});
  if (!target.reading.failed() && object.at("ideal") != true)
    target.reading.fail(object.pathOf("ideal"), "true",
                        shown(object.at("ideal")));
  converter.ideal = true;
  return true;
}

/// Reads what both converters have.
static void readSteps(ObjectReader &object, Converter &converter,
                      const std::vector<std::string> &roundings) {
  converter.bits = int(object.integer("bits", 2, 16));
  // Ranges and their steps are FP32.
  converter.defaultRange = object.number("default_range", {1e-30, 1e6});
  if (object.has("rounding"))
    converter.rounding = object.oneOf("rounding", roundings);
  converter.origin = object.origin();
  object.record("bits", converter.bits, "bit", converter.origin);
  object.record("default_range", converter.defaultRange, "1", converter.origin);
}

Converter aimc::runtime::readDac(ObjectReader &target) {
  Converter dac;
  if (readIdeal(target, "dac", dac))
    return dac;
  ObjectReader object(target.reading, target.at("dac"), target.pathOf("dac"),
                      {"bits", "default_range", "rounding", "pulse_step",
                       "provenance", "source"});
  readSteps(object, dac, {"nearest", "stochastic", "toward_zero"});
  if (object.has("pulse_step"))
    dac.pulseStep = object.figure("pulse_step", "ns", positive).value;
  return dac;
}

/// A deviation of a column's gain or offset. Normal variates end at 6.56, so
/// that a gain stays positive.
static double readSpread(ObjectReader &object, const char *field) {
  return object.has(field) ? object.figure(field, "1", {0, 0.15}).value : 0;
}

static void readCorrection(ObjectReader &adc, Converter &converter) {
  if (!adc.has("correction"))
    return;
  if (!adc.has("gain_spread") && !adc.has("offset_spread") &&
      !adc.has("columns"))
    adc.reading.fail(adc.pathOf("correction"),
                     "gain_spread, offset_spread or columns beside it", "none");
  ObjectReader object(adc.reading, adc.at("correction"),
                      adc.pathOf("correction"),
                      {"gain_residual", "offset_residual"});
  converter.corrected = true;
  object.at("gain_residual");
  converter.gainResidual = readSpread(object, "gain_residual");
  object.at("offset_residual");
  converter.offsetResidual = readSpread(object, "offset_residual");
}

/// Numbers of `columns`: one array for all cores, or one for each core of each
/// chip.
static ColumnFigures readColumnFigures(ObjectReader &object, const char *field,
                                       const TargetDescription &description,
                                       Bounds bounds) {
  ColumnFigures figures;
  const json &list = object.at(field);
  const auto columns = static_cast<size_t>(description.array.columns);
  figures.columns = description.array.columns;
  if (!list.is_array() || list.empty() || !list[0].is_array()) {
    figures.values = object.numbers(field, columns, columns, bounds);
    return figures;
  }
  figures.cores = description.cores();
  const auto cores = static_cast<size_t>(description.chips * figures.cores);
  if (list.size() != cores)
    object.reading.fail(object.pathOf(field),
                        "an array of numbers, or one for each of " +
                            std::to_string(cores) + " cores",
                        std::to_string(list.size()) + " of them");
  for (size_t core = 0; core < cores && !object.reading.failed(); ++core) {
    const std::vector<double> row = object.checkedNumbers(
        list[core], object.pathOf(field) + "[" + std::to_string(core) + "]",
        columns, columns, bounds);
    figures.values.insert(figures.values.end(), row.begin(), row.end());
  }
  return figures;
}

static void readColumns(ObjectReader &adc, const TargetDescription &description,
                        Converter &converter) {
  if (!adc.has("columns"))
    return;
  ObjectReader object(adc.reading, adc.at("columns"), adc.pathOf("columns"),
                      {"gains", "offsets", "provenance", "source"});
  if (!object.has("gains") && !object.has("offsets"))
    adc.reading.fail(adc.pathOf("columns"), "gains or offsets", "neither");
  const Origin origin = object.origin();
  const auto read = [&](const char *field, const char *spread, Bounds bounds,
                        ColumnFigures &figures) {
    if (!object.has(field))
      return;
    if (adc.has(spread))
      adc.reading.fail(object.pathOf(field),
                       std::string("no '") + spread + "' beside 'columns'",
                       "both");
    figures = readColumnFigures(object, field, description, bounds);
    if (!adc.reading.failed())
      object.record(field, figures.values[0], "1", origin);
  };
  // A column without gain is a dead one; a correction divides by its gain.
  read("gains", "gain_spread", {0.01, 100}, converter.gains);
  read("offsets", "offset_spread", {-1, 1}, converter.offsets);
}

static TransferCurve readCurve(ObjectReader &adc) {
  TransferCurve curve;
  if (!adc.has("nonlinearity"))
    return curve;
  ObjectReader object(adc.reading, adc.at("nonlinearity"),
                      adc.pathOf("nonlinearity"),
                      {"cubic", "table", "provenance", "source"});
  if (object.has("cubic") == object.has("table"))
    adc.reading.fail(adc.pathOf("nonlinearity"), "either cubic or table",
                     object.has("cubic") ? "both" : "neither");
  const Origin origin = object.origin();
  if (object.has("cubic")) {
    // Beyond a third the curve falls before the end of the range.
    curve.cubic = object.number("cubic", {-1, 1.0 / 3});
    object.record("cubic", curve.cubic, "1", origin);
  } else if (object.has("table")) {
    curve.table = object.numbers("table", 2, 4096, {-2, 2});
    if (!adc.reading.failed())
      object.record("table", curve.table[0], "1", origin);
  }
  return curve;
}

Converter aimc::runtime::readAdc(ObjectReader &target,
                                 const TargetDescription &description) {
  Converter adc;
  if (readIdeal(target, "adc", adc))
    return adc;
  ObjectReader object(target.reading, target.at("adc"), target.pathOf("adc"),
                      {"bits", "default_range", "rounding", "gain_spread",
                       "offset_spread", "columns", "correction", "nonlinearity",
                       "saturation", "provenance", "source"});
  readSteps(object, adc, {"nearest", "toward_zero"});
  adc.gainSpread = readSpread(object, "gain_spread");
  adc.offsetSpread = readSpread(object, "offset_spread");
  readColumns(object, description, adc);
  readCorrection(object, adc);
  adc.curve = readCurve(object);
  if (object.has("saturation"))
    adc.saturation =
        object.figure("saturation", "1", {0, 1e6, /*open=*/true}).value;
  return adc;
}
