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

Converter aimc::runtime::readConverter(ObjectReader &target,
                                       const char *field) {
  Converter converter;
  const json &value = target.at(field);
  if (isIdeal(value)) {
    // An ideal converter has no figures.
    ObjectReader object(target.reading, value, target.pathOf(field), {"ideal"});
    if (!target.reading.failed() && object.at("ideal") != true)
      target.reading.fail(object.pathOf("ideal"), "true",
                          shown(object.at("ideal")));
    converter.ideal = true;
    return converter;
  }
  ObjectReader object(target.reading, value, target.pathOf(field),
                      {"bits", "default_range", "provenance", "source"});
  converter.bits = int(object.integer("bits", 2, 16));
  converter.defaultRange =
      object.number("default_range", {0, 1e6, /*open=*/true});
  converter.origin = object.origin();
  object.record("bits", converter.bits, "bit", converter.origin);
  object.record("default_range", converter.defaultRange, "1", converter.origin);
  return converter;
}
