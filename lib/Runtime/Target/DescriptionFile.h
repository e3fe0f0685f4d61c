//===- DescriptionFile.h - Built-in descriptions and files ------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The text of a description that is asked for by its name or as a file.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_TARGET_DESCRIPTIONFILE_H
#define AIMC_LIB_RUNTIME_TARGET_DESCRIPTIONFILE_H

#include "Runtime/Target/BuiltinTargets.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aimc::runtime {

/// A table of built-in descriptions.
struct BuiltinTable {
  const char *kind; ///< what they are, for messages: say "target"
  const BuiltinTarget *begin, *end;

  /// The text of the one of that name, or nothing.
  std::optional<std::string_view> find(std::string_view name) const;
  std::vector<std::string> names() const;

  /// The text of the built-in one of that name, else of the file at that path.
  /// On error returns nothing and sets `error` to one sentence.
  std::optional<std::string> read(std::string_view nameOrPath,
                                  std::string &error) const;
};

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_TARGET_DESCRIPTIONFILE_H
