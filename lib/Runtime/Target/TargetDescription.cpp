//===- TargetDescription.cpp - Finding a target description -----*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Built-in targets by name, others from files. Reading the text itself is in
// TargetParser.cpp.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/TargetDescription.h"

#include "Runtime/Target/DescriptionFile.h"
#include "aimc/Runtime/TargetFile.h"

using namespace aimc::runtime;

static BuiltinTable builtins() {
  return {"target", builtinTargetsBegin(), builtinTargetsEnd()};
}

std::optional<std::string_view>
TargetDescription::builtin(std::string_view name) {
  return builtins().find(name);
}

std::vector<std::string> TargetDescription::builtinNames() {
  return builtins().names();
}

std::optional<TargetDescription>
TargetDescription::load(std::string_view nameOrPath, std::string &error,
                        std::string *jsonText) {
  TextPlace place;
  std::optional<TargetDescription> target =
      loadTarget(nameOrPath, error, place, jsonText);
  if (!target && place.line)
    error = shownPlace(std::string(nameOrPath), place) + ": " + error;
  return target;
}

std::optional<TargetDescription>
aimc::runtime::loadTarget(std::string_view nameOrPath, std::string &error,
                          TextPlace &place, std::string *jsonText) {
  place = {};
  std::optional<std::string> text = builtins().read(nameOrPath, error);
  if (!text)
    return std::nullopt;
  std::optional<TargetDescription> target = parseTarget(*text, error, place);
  if (target && jsonText)
    *jsonText = std::move(*text);
  return target;
}

const OperatingMode &TargetDescription::operatingMode() const {
  for (const OperatingMode &each : modes)
    if (each.name == mode)
      return each;
  static const OperatingMode plain;
  return modes.empty() ? plain : modes.front();
}

std::string TargetDescription::selectMode(const std::string &wanted) {
  std::string names;
  for (size_t i = 0; i < modes.size(); ++i) {
    if (modes[i].name == wanted) {
      mode = wanted;
      return {};
    }
    names += (i == 0                  ? ""
              : i + 1 == modes.size() ? " or "
                                      : ", ") +
             modes[i].name;
  }
  return "expects mode " + names + ", but got '" + wanted + "'";
}
