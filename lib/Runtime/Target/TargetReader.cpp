//===- TargetReader.cpp - Checked fields of a target description ----------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each field is checked where it is read. Fields that nobody reads are errors,
// so that a misspelt one is not silently ignored.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Target/TargetReader.h"

#include <algorithm>

using namespace aimc::runtime;
using nlohmann::json;

/// "a, b or c".
std::string aimc::runtime::listOf(const std::vector<std::string> &names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  return text;
}

/// How a value is shown in a message: as in the file, cut to a short length.
std::string aimc::runtime::shown(const json &value) {
  if (value.is_object())
    return "an object";
  if (value.is_array())
    return "an array";
  std::string text = value.dump(-1, ' ', /*ensure_ascii=*/true,
                                json::error_handler_t::replace);
  return text.size() <= 60 ? text : text.substr(0, 57) + "...";
}

ObjectReader::ObjectReader(Reading &reading, const json &value,
                           std::string path,
                           const std::vector<const char *> &known)
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
      reading.error = known.size() == 1 ? "expects the field "
                                        : "expects one of the fields ";
      reading.error += listOf({known.begin(), known.end()});
      // Escaped, but in single quotes as in the other messages.
      std::string name = json(pathOf(item.key())).dump(-1, ' ', true);
      name.front() = name.back() = '\'';
      reading.error += ", but got " + name;
      reading.place = pathOf(item.key());
      reading.isAtName = true;
      return;
    }
}

const json &ObjectReader::at(const char *field) {
  static const json none;
  if (reading.failed())
    return none;
  auto found = value.find(field);
  if (found != value.end())
    return *found;
  reading.failMissing(pathOf(field), path);
  return none;
}

int64_t ObjectReader::integer(const char *field, int64_t low, int64_t high) {
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
                           : "an integer from " + std::to_string(low) + " to " +
                                 std::to_string(high),
               shown(found));
  return low;
}

double ObjectReader::checkedNumber(const json &found, const std::string &where,
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

std::vector<double> ObjectReader::checkedNumbers(const json &list,
                                                 const std::string &path,
                                                 size_t least, size_t most,
                                                 Bounds bounds) {
  std::vector<double> numbers;
  if (!list.is_array() || list.size() < least || list.size() > most) {
    reading.fail(path,
                 "an array of " +
                     (least == most ? "" : std::to_string(least) + " to ") +
                     std::to_string(most) + " numbers",
                 list.is_array() ? std::to_string(list.size()) + " of them"
                                 : shown(list));
    return numbers;
  }
  for (size_t i = 0; i < list.size(); ++i)
    numbers.push_back(
        checkedNumber(list[i], path + "[" + std::to_string(i) + "]", bounds));
  return numbers;
}

std::string ObjectReader::text(const char *field) {
  const json &found = at(field);
  if (reading.failed())
    return {};
  if (found.is_string() && !found.get_ref<const std::string &>().empty())
    return found.get<std::string>();
  reading.fail(pathOf(field), "a non-empty string",
               found == "" ? "an empty one" : shown(found));
  return {};
}

std::string ObjectReader::checkedName(const json &found,
                                      const std::string &where,
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

Origin ObjectReader::origin() {
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

Figure ObjectReader::figure(const char *field, const char *unit,
                            Bounds bounds) {
  ObjectReader object(reading, at(field), pathOf(field),
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

void ObjectReader::record(const char *field, const Figure &figure) {
  if (!reading.failed())
    reading.figures.push_back({pathOf(field), figure});
}
