//===- Baseline.h - A digital machine to compare with -----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a digital machine does in a second, at its peak, and what power it
// takes: the same work on it is what an estimate is compared with. The schema
// is what `parse` accepts, documented in docs/Estimate.md.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_BASELINE_H
#define AIMC_RUNTIME_BASELINE_H

#include "aimc/Runtime/TargetDescription.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aimc::runtime {

/// A digital machine. Rates are those of its data sheet, as if it never waited
/// for memory.
struct Baseline {
  std::string name, summary;
  Figure multiplyAdds;        ///< G/s, of products
  Figure values;              ///< G/s, of any other operation on a value
  Figure elementaryFunctions; ///< G/s, of cosines, exponentials, ...
  Figure power;               ///< W

  /// Reads a description. On error returns nothing and sets `error` to one
  /// sentence that names the field.
  static std::optional<Baseline> parse(std::string_view json,
                                       std::string &error);

  /// Reads the built-in baseline of that name, else the file at that path.
  static std::optional<Baseline> load(std::string_view nameOrPath,
                                      std::string &error);

  /// Names of the built-in baselines, sorted.
  static std::vector<std::string> builtinNames();
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_BASELINE_H
