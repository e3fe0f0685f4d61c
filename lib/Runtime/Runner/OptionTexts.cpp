//===- OptionTexts.cpp - Options that are given as texts ------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cutting the texts and checking their parts.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Runner/OptionTexts.h"

#include "aimc/Runtime/TargetEffects.h"

#include <algorithm>

namespace aimc::runtime {

std::string
addDeviceOption(const std::string &text,
                std::vector<std::pair<std::string, std::string>> &options) {
  const size_t split = text.find('=');
  if (split == std::string::npos || split == 0)
    return "expects KEY=VALUE, but got '" + text + "'";
  const std::string key = text.substr(0, split);
  for (const auto &other : options)
    if (other.first == key)
      return "expects each key once, but got '" + key + "' twice";
  options.emplace_back(key, text.substr(split + 1));
  return {};
}

std::string takeEffects(const std::string &text,
                        std::vector<std::string> &effects) {
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(',', start), text.size());
    effects.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return checkEffects(effects);
}

} // namespace aimc::runtime
