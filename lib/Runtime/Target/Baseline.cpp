//===- Baseline.cpp - A digital machine to compare with -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the description of a baseline.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Baseline.h"

#include "Runtime/Target/DescriptionFile.h"
#include "Runtime/Target/SyntaxCheck.h"
#include "Runtime/Target/TargetReader.h"

using namespace aimc::runtime;
using nlohmann::json;

static BuiltinTable builtins() {
  return {"baseline", builtinBaselinesBegin(), builtinBaselinesEnd()};
}

std::vector<std::string> Baseline::builtinNames() { return builtins().names(); }

static std::optional<Baseline>
parsePlaced(std::string_view text, std::string &error, TextPlace &place) {
  error = checkSyntax(text, place);
  if (!error.empty())
    return std::nullopt;
  // With `allow_exceptions` off the JSON library does not throw.
  const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) {
    error =
        "a baseline description expects an object, but got " + shown(document);
    place = findField(text, "");
    return std::nullopt;
  }
  Reading reading;
  ObjectReader object(reading, document, "",
                      {"schema", "name", "summary", "multiply_adds", "values",
                       "elementary_functions", "power"});
  Baseline result;
  object.integer("schema", 1, 1);
  result.name = object.text("name");
  result.summary = object.text("summary");
  result.multiplyAdds = object.figure("multiply_adds", "G/s", positive);
  result.values = object.figure("values", "G/s", positive);
  result.elementaryFunctions =
      object.figure("elementary_functions", "G/s", positive);
  result.power = object.figure("power", "W", notNegative);
  if (reading.failed()) {
    error = reading.error;
    place = reading.placeIn(text);
    return std::nullopt;
  }
  return result;
}

std::optional<Baseline> Baseline::parse(std::string_view text,
                                        std::string &error) {
  TextPlace ignored;
  return parsePlaced(text, error, ignored);
}

std::optional<Baseline> Baseline::load(std::string_view nameOrPath,
                                       std::string &error) {
  std::optional<std::string> text = builtins().read(nameOrPath, error);
  if (!text)
    return std::nullopt;
  TextPlace place;
  std::optional<Baseline> result = parsePlaced(*text, error, place);
  if (!result)
    error = shownPlace(std::string(nameOrPath), place) + ": " + error;
  return result;
}
