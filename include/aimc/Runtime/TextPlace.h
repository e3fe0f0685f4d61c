//===- TextPlace.h - Where something stands in a text -----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Line and column of an error in a description.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_TEXTPLACE_H
#define AIMC_RUNTIME_TEXTPLACE_H

#include <cstdint>
#include <string>

namespace aimc::runtime {

/// A place in a text, counted from 1, columns in bytes; line 0: nowhere in it.
struct TextPlace {
  int64_t line = 0, column = 0;
};

/// "file:line:column", as errors begin.
inline std::string shownPlace(const std::string &file, TextPlace place) {
  return file + ":" + std::to_string(place.line) + ":" +
         std::to_string(place.column);
}

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_TEXTPLACE_H
