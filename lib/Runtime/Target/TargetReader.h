//===- TargetReader.h - Checked fields of a target description --*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads fields of JSON objects; the first thing that is wrong is kept, told by
// the path of its field. The sections of a description are read with it.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_TARGET_TARGETREADER_H
#define AIMC_LIB_RUNTIME_TARGET_TARGETREADER_H

#include "Runtime/Target/JsonWalker.h"
#include "aimc/Runtime/TargetDescription.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace aimc::runtime {

/// "a, b or c".
std::string listOf(const std::vector<std::string> &names);

/// How a value is shown in a message: as in the file, cut to a short length.
std::string shown(const nlohmann::json &value);

/// The reading of one description: holds the first error.
struct Reading {
  std::string error;
  std::string place;     ///< path of the field that it is at; empty: of all
  bool isAtName = false; ///< whether it is at the name and not the value
  std::vector<NamedFigure> figures;

  bool failed() const { return !error.empty(); }
  void fail(const std::string &path, const std::string &expected,
            const std::string &got) {
    if (failed())
      return;
    error = "field '" + path + "' expects " + expected + ", but got " + got;
    place = path;
  }
  /// A field that must be in the object at `parent` is not.
  void failMissing(const std::string &path, const std::string &parent) {
    if (failed())
      return;
    error = "expects field '" + path + "', but got none";
    place = parent;
  }

  /// Where the error is in the text that was read.
  TextPlace placeIn(std::string_view text) const {
    return findField(text, place, isAtName);
  }
};

/// Bounds of a number; `open` excludes the lower one.
struct Bounds {
  double low, high;
  bool open = false;
};

/// Positive figures; the upper bound keeps products of them finite.
constexpr Bounds positive = {0, 1e12, /*open=*/true};
constexpr Bounds notNegative = {0, 1e12};

/// Reads the fields of one object. After an error every getter returns a
/// default value and does nothing.
class ObjectReader {
public:
  /// `value` must outlive the object. `known` are the fields it may have.
  ObjectReader(Reading &reading, const nlohmann::json &value, std::string path,
               const std::vector<const char *> &known);

  std::string pathOf(const std::string &field) const {
    return path.empty() ? field : path + "." + field;
  }

  bool has(const char *field) const {
    return !reading.failed() && value.contains(field);
  }

  /// The value of a field that must be there; null after an error.
  const nlohmann::json &at(const char *field);

  int64_t integer(const char *field, int64_t low, int64_t high);

  double number(const char *field, Bounds bounds) {
    return checkedNumber(at(field), pathOf(field), bounds);
  }

  double checkedNumber(const nlohmann::json &found, const std::string &where,
                       Bounds bounds);

  /// An array of `least` to `most` numbers.
  std::vector<double> numbers(const char *field, size_t least, size_t most,
                              Bounds bounds) {
    return checkedNumbers(at(field), pathOf(field), least, most, bounds);
  }

  std::vector<double> checkedNumbers(const nlohmann::json &list,
                                     const std::string &path, size_t least,
                                     size_t most, Bounds bounds);

  /// A string that is not empty.
  std::string text(const char *field);

  std::string oneOf(const char *field, const std::vector<std::string> &names) {
    return checkedName(at(field), pathOf(field), names);
  }

  std::string checkedName(const nlohmann::json &found, const std::string &where,
                          const std::vector<std::string> &names);

  /// `provenance` (required) and `source` (may be left out).
  Origin origin();

  /// A field that is an object of value, unit, provenance and source.
  Figure figure(const char *field, const char *unit, Bounds bounds);

  /// The same of a field that may be left out.
  std::optional<Figure> optionalFigure(const char *field, const char *unit,
                                       Bounds bounds) {
    if (!has(field))
      return std::nullopt;
    return figure(field, unit, bounds);
  }

  /// Lists the value of a field among the figures of the target.
  void record(const char *field, const Figure &figure);
  void record(const char *field, double number, const char *unit,
              const Origin &origin) {
    record(field, Figure{number, unit, origin.provenance, origin.source});
  }

  Reading &reading;

private:
  const nlohmann::json &value;
  std::string path;
};

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_TARGET_TARGETREADER_H
