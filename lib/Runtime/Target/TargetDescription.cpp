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

#include "Runtime/Target/BuiltinTargets.h"

#include <filesystem>
#include <fstream>

using namespace aimc::runtime;

/// A description is a few kilobytes; more than this is another kind of file.
static constexpr size_t maximumFileSize = 1 << 20;

std::optional<std::string_view>
TargetDescription::builtin(std::string_view name) {
  for (const BuiltinTarget *target = builtinTargetsBegin();
       target != builtinTargetsEnd(); ++target)
    if (name == target->name)
      return target->json;
  return std::nullopt;
}

std::vector<std::string> TargetDescription::builtinNames() {
  std::vector<std::string> names;
  for (const BuiltinTarget *target = builtinTargetsBegin();
       target != builtinTargetsEnd(); ++target)
    names.emplace_back(target->name);
  return names;
}

std::optional<TargetDescription>
TargetDescription::load(std::string_view nameOrPath, std::string &error,
                        std::string *jsonText) {
  std::string text, prefix;
  if (std::optional<std::string_view> json = builtin(nameOrPath)) {
    text = *json;
  } else {
    std::string path(nameOrPath);
    std::error_code ignored;
    std::ifstream file;
    // A directory opens like a file and fails at the first read.
    if (!std::filesystem::is_directory(path, ignored))
      file.open(path, std::ios::binary);
    if (file.is_open()) {
      text.resize(maximumFileSize + 1);
      file.read(text.data(), text.size());
      text.resize(file.gcount());
    }
    if (!file.is_open() || file.bad()) {
      std::string names;
      for (const std::string &name : builtinNames())
        names += (names.empty() ? "" : ", ") + name;
      error = "target '" + path + "' is neither built in (" + names +
              ") nor a readable file";
      return std::nullopt;
    }
    prefix = path + ": ";
    if (text.size() > maximumFileSize) {
      error = prefix + "expects a target description of at most 1 MiB, but "
                       "the file is larger";
      return std::nullopt;
    }
  }
  std::optional<TargetDescription> target = parse(text, error);
  if (!target)
    error = prefix + error;
  else if (jsonText)
    *jsonText = std::move(text);
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
