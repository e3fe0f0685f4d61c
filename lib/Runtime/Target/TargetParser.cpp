//===- TargetParser.cpp - Reading a target description ----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// JSON to TargetDescription. Each field is checked where it is read, and the
// first thing that is wrong is told by the path of its field. Fields that
// nobody reads are errors, so that a misspelt one is not silently ignored.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/TargetDescription.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

using namespace aimc::runtime;
using nlohmann::json;

namespace {

/// Where an offset in a text is, as a message says it.
std::string placeOf(std::string_view text, size_t offset) {
  size_t line = 1, column = 1;
  for (char c : text.substr(0, std::min(offset, text.size()))) {
    ++column;
    if (c == '\n') {
      ++line;
      column = 1;
    }
  }
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// Checks what the tree of values no longer shows: syntax, numbers beyond the
/// range of a double, fields given twice, and too deep nesting.
class SyntaxCheck : public nlohmann::json_sax<json> {
public:
  explicit SyntaxCheck(std::string_view text) : text(text) {}

  std::string error;

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t &) override { return true; }
  bool string(string_t &) override { return true; }
  bool binary(binary_t &) override { return true; }
  bool start_object(size_t) override { return enter(); }
  bool end_object() override { return leave(); }
  bool start_array(size_t) override { return enter(); }
  bool end_array() override { return leave(); }

  bool key(string_t &name) override {
    if (fields.back().insert(name).second)
      return true;
    error = "field " + json(name).dump() + " is given twice in one object";
    return false;
  }

  bool parse_error(size_t position, const std::string &token,
                   const nlohmann::detail::exception &cause) override {
    // 406 is a number like 1e999; the rest is malformed text. `position`
    // counts the characters read, up to and with the wrong one.
    std::string place = placeOf(text, position == 0 ? 0 : position - 1);
    if (cause.id == 406)
      error = "expects numbers in the range of a double, but got '" + token +
              "' at " + place;
    else
      error = "expects valid JSON, but got " +
              (position == 0 || position > text.size()
                   ? std::string("the end of the text")
                   : "'" + printable(text[position - 1]) + "'") +
              " at " + place;
    return false;
  }

private:
  bool enter() {
    fields.emplace_back();
    if (fields.size() <= 16)
      return true;
    error = "expects at most 16 levels of nesting, but got more";
    return false;
  }
  bool leave() {
    fields.pop_back();
    return true;
  }

  /// A character that does not spoil a line of text.
  static std::string printable(char c) {
    return std::string(1, c < ' ' || c > '~' ? '?' : c);
  }

  std::string_view text;
  std::vector<std::set<std::string>> fields;
};

/// "a, b or c".
std::string listOf(const std::vector<std::string> &names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  return text;
}

const std::vector<std::string> &instructionNames() {
  static const std::vector<std::string> names = {
#define AIMC_INSTRUCTION(enumerator, name, mlir, operands) name,
#include "aimc/Runtime/RuntimeTable.def"
  };
  return names;
}

/// How a value is shown in a message: as in the file, cut to a short length.
std::string shown(const json &value) {
  if (value.is_object())
    return "an object";
  if (value.is_array())
    return "an array";
  std::string text = value.dump(-1, ' ', /*ensure_ascii=*/true,
                                json::error_handler_t::replace);
  return text.size() <= 60 ? text : text.substr(0, 57) + "...";
}

/// The reading of one description: holds the first error.
struct Reading {
  std::string error;
  std::vector<NamedFigure> figures;

  bool failed() const { return !error.empty(); }
  void fail(const std::string &path, const std::string &expected,
            const std::string &got) {
    if (!failed())
      error = "field '" + path + "' expects " + expected + ", but got " + got;
  }
};

/// Bounds of a number; `open` excludes the lower one.
struct Bounds {
  double low, high;
  bool open = false;
};

/// Reads the fields of one object. After an error every getter returns a
/// default value and does nothing.
class Object {
public:
  /// `value` must outlive the object. `known` are the fields it may have.
  Object(Reading &reading, const json &value, std::string path,
         std::initializer_list<const char *> known)
      : reading(reading), value(value), path(std::move(path)) {
    if (reading.failed())
      return;
    if (!value.is_object()) {
      if (this->path.empty())
        reading.error =
            "a target description expects an object, but got " + shown(value);
      else
        reading.fail(this->path, "an object", shown(value));
      return;
    }
    for (const auto &item : value.items())
      if (std::find(known.begin(), known.end(), item.key()) == known.end()) {
        reading.error = "field " +
                        json(pathOf(item.key())).dump(-1, ' ', true) +
                        " is unknown; expects one of ";
        std::vector<std::string> names(known.begin(), known.end());
        reading.error += listOf(names);
        // The path in single quotes as in the other messages.
        std::replace(reading.error.begin(), reading.error.end(), '"', '\'');
        return;
      }
  }

  std::string pathOf(const std::string &field) const {
    return path.empty() ? field : path + "." + field;
  }

  bool has(const char *field) const {
    return !reading.failed() && value.contains(field);
  }

  /// The value of a field that must be there; null after an error.
  const json &at(const char *field) {
    static const json none;
    if (reading.failed())
      return none;
    auto found = value.find(field);
    if (found != value.end())
      return *found;
    reading.error = "field '" + pathOf(field) + "' is missing";
    return none;
  }

  int64_t integer(const char *field, int64_t low, int64_t high) {
    const json &found = at(field);
    if (reading.failed())
      return low;
    bool inRange = found.is_number_integer();
    if (found.is_number_unsigned())
      inRange = found.get<uint64_t>() <= uint64_t(high) &&
                int64_t(found.get<uint64_t>()) >= low;
    else if (inRange)
      inRange = found.get<int64_t>() >= low && found.get<int64_t>() <= high;
    if (inRange)
      return found.get<int64_t>();
    reading.fail(pathOf(field),
                 low == high ? std::to_string(low)
                             : "an integer from " + std::to_string(low) +
                                   " to " + std::to_string(high),
                 shown(found));
    return low;
  }

  double number(const char *field, Bounds bounds) {
    return checkedNumber(at(field), pathOf(field), bounds);
  }

  double checkedNumber(const json &found, const std::string &where,
                       Bounds bounds) {
    if (reading.failed())
      return 0;
    if (found.is_number()) {
      double number = found.get<double>();
      if (number <= bounds.high &&
          (bounds.open ? number > bounds.low : number >= bounds.low))
        return number;
    }
    std::string low = json(bounds.low).dump(), high = json(bounds.high).dump();
    reading.fail(where,
                 bounds.open ? "a number > " + low + " and <= " + high
                             : "a number from " + low + " to " + high,
                 shown(found));
    return 0;
  }

  std::string text(const char *field) {
    const json &found = at(field);
    if (reading.failed())
      return {};
    if (found.is_string() && !found.get_ref<const std::string &>().empty())
      return found.get<std::string>();
    reading.fail(pathOf(field), "a non-empty string",
                 found == "" ? "an empty one" : shown(found));
    return {};
  }

  std::string oneOf(const char *field, const std::vector<std::string> &names) {
    return checkedName(at(field), pathOf(field), names);
  }

  std::string checkedName(const json &found, const std::string &where,
                          const std::vector<std::string> &names) {
    if (reading.failed())
      return {};
    if (found.is_string() &&
        std::find(names.begin(), names.end(), found) != names.end())
      return found.get<std::string>();
    reading.fail(where, (names.size() > 1 ? "one of " : "") + listOf(names),
                 shown(found));
    return {};
  }

  /// `provenance` (required) and `source` (may be left out).
  Origin origin() {
    Origin result;
    result.provenance =
        oneOf("provenance", {"measured", "published", "derived", "assumed"});
    if (has("source")) {
      const json &found = at("source");
      if (found.is_string())
        result.source = found.get<std::string>();
      else
        reading.fail(pathOf("source"), "a string", shown(found));
    }
    return result;
  }

  /// A field that is an object of value, unit, provenance and source.
  Figure figure(const char *field, const char *unit, Bounds bounds) {
    Object object(reading, at(field), pathOf(field),
                  {"value", "unit", "provenance", "source"});
    Figure result;
    result.value = object.number("value", bounds);
    result.unit = object.oneOf("unit", {unit});
    Origin origin = object.origin();
    result.provenance = origin.provenance;
    result.source = origin.source;
    record(field, result);
    return result;
  }

  /// Lists the value of a field among the figures of the target.
  void record(const char *field, const Figure &figure) {
    if (!reading.failed())
      reading.figures.push_back({pathOf(field), figure});
  }
  void record(const char *field, double number, const char *unit,
              const Origin &origin) {
    record(field, Figure{number, unit, origin.provenance, origin.source});
  }

  Reading &reading;

private:
  const json &value;
  std::string path;
};

/// Positive figures; the upper bound keeps products of them finite.
constexpr Bounds positive = {0, 1e12, /*open=*/true};
constexpr Bounds notNegative = {0, 1e12};

Array readArray(Object &target) {
  Object object(target.reading, target.at("array"), target.pathOf("array"),
                {"rows", "columns", "usable_rows", "usable_columns",
                 "provenance", "source"});
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
  return array;
}

void readCoreGrid(Object &target, TargetDescription &result) {
  Object object(target.reading, target.at("core_grid"),
                target.pathOf("core_grid"),
                {"rows", "columns", "provenance", "source"});
  result.coreRows = object.integer("rows", 1, 256);
  result.coreColumns = object.integer("columns", 1, 256);
  result.coreOrigin = object.origin();
  object.record("rows", result.coreRows, "1", result.coreOrigin);
  object.record("columns", result.coreColumns, "1", result.coreOrigin);
}

/// Whether an object says of itself that it is ideal.
bool isIdeal(const json &value) {
  return value.is_object() && value.contains("ideal");
}

Converter readConverter(Object &target, const char *field) {
  Converter converter;
  const json &value = target.at(field);
  if (isIdeal(value)) {
    // An ideal converter has no figures.
    Object object(target.reading, value, target.pathOf(field), {"ideal"});
    if (!target.reading.failed() && object.at("ideal") != true)
      target.reading.fail(object.pathOf("ideal"), "true",
                          shown(object.at("ideal")));
    converter.ideal = true;
    return converter;
  }
  Object object(target.reading, value, target.pathOf(field),
                {"bits", "default_range", "provenance", "source"});
  converter.bits = int(object.integer("bits", 2, 16));
  converter.defaultRange =
      object.number("default_range", {0, 1e6, /*open=*/true});
  converter.origin = object.origin();
  object.record("bits", converter.bits, "bit", converter.origin);
  object.record("default_range", converter.defaultRange, "1", converter.origin);
  return converter;
}

/// An array of `least` to `most` numbers.
std::vector<double> readNumbers(Object &object, const char *field, size_t least,
                                size_t most, Bounds bounds) {
  const json &list = object.at(field);
  std::string path = object.pathOf(field);
  std::vector<double> numbers;
  if (!list.is_array() || list.size() < least || list.size() > most) {
    object.reading.fail(
        path,
        "an array of " + (least == most ? "" : std::to_string(least) + " to ") +
            std::to_string(most) + " numbers",
        list.is_array() ? std::to_string(list.size()) + " of them"
                        : shown(list));
    return numbers;
  }
  for (size_t i = 0; i < list.size(); ++i)
    numbers.push_back(object.checkedNumber(
        list[i], path + "[" + std::to_string(i) + "]", bounds));
  return numbers;
}

/// Checks a polynomial of x that is a standard deviation from `low` to 1.
void checkDeviation(Object &object, const char *field,
                    const std::vector<double> &coefficients, double low) {
  for (int step = 0; step <= 100 && !object.reading.failed(); ++step) {
    double x = low + (1 - low) * step / 100, sigma = 0;
    for (size_t i = coefficients.size(); i-- > 0;)
      sigma = sigma * x + coefficients[i];
    if (sigma < 0)
      object.reading.fail(object.pathOf(field),
                          "a polynomial that is not negative from " +
                              json(low).dump() + " to 1.0",
                          json(sigma).dump() + " at " + json(x).dump());
  }
}

constexpr Bounds anyCoefficient = {-1e6, 1e6};

/// sigma_prog as coefficients of a polynomial in g / g_max.
std::vector<double> readProgrammingNoise(Object &device) {
  Object object(device.reading, device.at("programming_noise"),
                device.pathOf("programming_noise"),
                {"coefficients", "unit", "provenance", "source"});
  std::vector<double> coefficients =
      readNumbers(object, "coefficients", 1, 8, anyCoefficient);
  object.oneOf("unit", {"uS"});
  Origin origin = object.origin();
  checkDeviation(object, "coefficients", coefficients, 0);
  if (device.reading.failed())
    return {};
  object.record("coefficients", coefficients[0], "uS", origin);
  return coefficients;
}

LowFrequencyNoise readLowFrequencyNoise(Object &device) {
  Object object(device.reading, device.at("low_frequency_noise"),
                device.pathOf("low_frequency_noise"),
                {"read_time", "threshold", "logarithm", "bounds",
                 "coefficients", "unit", "provenance", "source"});
  LowFrequencyNoise noise;
  noise.readTime = object.figure("read_time", "ns", positive).value;
  noise.threshold = object.number("threshold", {0, 1});
  std::vector<double> logarithm =
      readNumbers(object, "logarithm", 2, 2, anyCoefficient);
  std::vector<double> bounds = readNumbers(object, "bounds", 2, 2, {0, 1e6});
  std::vector<double> coefficients =
      readNumbers(object, "coefficients", 4, 4, anyCoefficient);
  object.oneOf("unit", {"1"});
  Origin origin = object.origin();
  checkDeviation(object, "coefficients", coefficients, noise.threshold);
  if (device.reading.failed())
    return noise;
  if (bounds[0] > bounds[1])
    device.reading.fail(
        object.pathOf("bounds"), "a lower bound before an upper one",
        json(bounds[0]).dump() + " before " + json(bounds[1]).dump());
  std::copy(logarithm.begin(), logarithm.end(), noise.logarithm);
  std::copy(bounds.begin(), bounds.end(), noise.bounds);
  std::copy(coefficients.begin(), coefficients.end(), noise.coefficients);
  object.record("coefficients", coefficients[0], "1", origin);
  return noise;
}

DeviceModel readDevice(Object &target) {
  DeviceModel device;
  const json &value = target.at("device");
  std::string path = target.pathOf("device");
  if (value.is_object() && value.contains("kind") && value["kind"] == "ideal") {
    Object object(target.reading, value, path, {"kind"});
    device.kind = "ideal";
    return device;
  }
  Object object(target.reading, value, path,
                {"kind", "max_conductance", "reference_time",
                 "programming_noise", "low_frequency_noise", "output_noise"});
  device.kind = object.oneOf("kind", {"ideal", "hermes"});
  device.maxConductance =
      object.figure("max_conductance", "uS", {0, 1e6, /*open=*/true}).value;
  device.referenceTime =
      object.figure("reference_time", "s", {0, 1e9, /*open=*/true}).value;
  device.programmingNoise = readProgrammingNoise(object);
  device.lowFrequencyNoise = readLowFrequencyNoise(object);
  device.outputNoise = object.figure("output_noise", "1", {0, 1e6}).value;
  return device;
}

DigitalUnit readUnit(Object &target, const json &value,
                     const std::string &path) {
  Object object(target.reading, value, path,
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

void readUnits(Object &target, std::vector<DigitalUnit> &units) {
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
}

} // namespace

std::optional<TargetDescription> TargetDescription::parse(std::string_view text,
                                                          std::string &error) {
  // With a SAX handler and with `allow_exceptions` off the JSON library does
  // not throw; running out of memory is the only exception left.
  SyntaxCheck check(text);
  if (!json::sax_parse(text, &check)) {
    error = check.error;
    return std::nullopt;
  }
  const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);

  Reading reading;
  Object object(reading, document, "",
                {"schema", "name", "summary", "array", "core_grid", "chips",
                 "dac", "adc", "device", "digital_units", "mode", "mvm_time",
                 "mvm_energy"});
  TargetDescription target;
  object.integer("schema", targetSchemaVersion, targetSchemaVersion);
  target.name = object.text("name");
  target.summary = object.text("summary");
  target.array = readArray(object);
  readCoreGrid(object, target);
  target.chips = object.integer("chips", 1, 65536);
  target.dac = readConverter(object, "dac");
  target.adc = readConverter(object, "adc");
  target.device = readDevice(object);
  readUnits(object, target.units);
  target.mode = object.text("mode");
  target.mvmTime = object.figure("mvm_time", "ns", positive);
  target.mvmEnergy = object.figure("mvm_energy", "nJ", notNegative);
  if (reading.failed()) {
    error = reading.error;
    return std::nullopt;
  }
  target.figures = std::move(reading.figures);
  return target;
}
