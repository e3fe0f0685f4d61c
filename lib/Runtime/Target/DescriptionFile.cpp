//===- DescriptionFile.cpp - Built-in descriptions and files --------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Looks a description up by name, or reads it from a file.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Target/DescriptionFile.h"

#include <filesystem>
#include <fstream>

using namespace aimc::runtime;

/// A description is a few kilobytes; more than this is another kind of file.
static constexpr size_t maximumFileSize = 1 << 20;

std::optional<std::string_view>
BuiltinTable::find(std::string_view name) const {
  for (const BuiltinTarget *each = begin; each != end; ++each)
    if (name == each->name)
      return each->json;
  return std::nullopt;
}

std::vector<std::string> BuiltinTable::names() const {
  std::vector<std::string> result;
  for (const BuiltinTarget *each = begin; each != end; ++each)
    result.emplace_back(each->name);
  return result;
}

std::optional<std::string> BuiltinTable::read(std::string_view nameOrPath,
                                              std::string &error) const {
  if (std::optional<std::string_view> json = find(nameOrPath))
    return std::string(*json);
  std::string path(nameOrPath), text;
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
    std::string list;
    for (const std::string &name : names())
      list += (list.empty() ? "" : ", ") + name;
    error = std::string(kind) + " '" + path + "' is neither built in (" + list +
            ") nor a readable file";
    return std::nullopt;
  }
  if (text.size() > maximumFileSize) {
    error = path + ": expects a " + kind +
            " description of at most 1 MiB, but the file is larger";
    return std::nullopt;
  }
  return text;
}
