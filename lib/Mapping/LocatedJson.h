//===- LocatedJson.h - JSON whose values know their place -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values of a JSON text with the offset at which each begins, so that an error
// in what they mean can be told at its line.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_MAPPING_LOCATEDJSON_H
#define AIMC_LIB_MAPPING_LOCATEDJSON_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aimc {

/// A value and where it begins.
struct LocatedJson {
  enum class Kind { Null, Boolean, Integer, Number, Text, Array, Object };
  Kind kind = Kind::Null;
  size_t offset = 0;   ///< of its first character in the text
  int64_t integer = 0; ///< of an Integer
  double number = 0;   ///< of an Integer and a Number
  std::string text;    ///< of a Text
  /// Of an Array, and with names, in the order of the text, of an Object.
  std::vector<LocatedJson> items;
  std::vector<std::string> names;

  /// The field of that name, or null.
  const LocatedJson *find(std::string_view name) const;

  /// The value as an error shows it, shortened.
  std::string shown() const;

  /// Reads a text. On an error returns nothing and sets `error` to a sentence,
  /// `offset` to its place.
  static std::optional<LocatedJson> parse(std::string_view text,
                                          std::string &error, size_t &offset);
};

/// The line and the column, both from 1, of an offset.
std::pair<unsigned, unsigned> lineAndColumn(std::string_view text,
                                            size_t offset);

} // namespace aimc

#endif // AIMC_LIB_MAPPING_LOCATEDJSON_H
