//===- Report.h - What a run tells ------------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The findings of a run and their two forms: lines of text, or one JSON object.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_RUNNER_REPORT_H
#define AIMC_LIB_RUNTIME_RUNNER_REPORT_H

#include "Runtime/Runner/Measures.h"
#include "aimc/Runtime/Context.h"
#include "aimc/Runtime/Runner.h"

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace aimc::runtime {

/// A result that is shown because nobody asked for anything else.
struct ShownResult {
  Sizes sizes;
  int64_t count = 0;         ///< of values
  std::vector<float> values; ///< empty if there are too many
};

/// What was found on one chip.
struct ChipFindings {
  uint64_t programSeed = 0, readSeed = 0;
  Accuracy accuracy;
  Difference toExact;                ///< on devices other than exact
  std::vector<Difference> toCompare; ///< one for each --compare
  std::optional<double> kernelError; ///< if asked for, and K is not 0
  Statistics statistics;
  double runSeconds = 0; ///< spent in the device
};

/// What was found on the same chips without an effect.
struct ReducedFindings {
  std::string without;
  std::vector<ChipFindings> chips;
};

/// What was found in all.
struct Findings {
  int64_t rows = 0;
  int64_t kernelRows = 0; ///< those that the kernel error is of
  std::string mode;       ///< operating mode of the chip; empty on exact
  std::vector<ChipFindings> chips;
  std::vector<ReducedFindings> budget; ///< if asked for
  ChipFindings exact;                  ///< of the exact device, with a budget
  std::vector<ShownResult> results;
  std::vector<uint64_t> notFinite; ///< values of each result, on all chips
  double totalSeconds = 0;
};

/// The JSON object of `--json`, with a newline.
std::string jsonReport(const Findings &findings, const RunOptions &options);

/// Lines of text: findings to `out`, times and counts to `err`.
void textReport(const Findings &findings, const RunOptions &options,
                std::ostream &out, std::ostream &err);

/// A measure of a chip; nothing where it is not defined.
struct Measure {
  const char *name;    ///< as a field of JSON
  const char *title;   ///< as the head of a column
  const char *pattern; ///< how to print it
  std::optional<double> (*get)(const ChipFindings &chip);
};

/// The measures that the options ask for.
std::vector<Measure> measuresOf(const RunOptions &options);

/// The spread of a measure over those chips for which it is defined.
Spread spreadOver(const std::vector<ChipFindings> &chips,
                  const Measure &measure);

/// Adds mean, deviation and interval of a measure under its name.
void addSpread(nlohmann::ordered_json &report, const Measure &measure,
               const std::vector<ChipFindings> &chips);

/// A number as printf's `pattern` prints it, or "not available".
std::string format(const char *pattern, std::optional<double> value);

/// Warnings of sites whose converters clip more than a hundredth of the values,
/// or make zeros of more than all but a hundredth, a sentence each: such a
/// range changes what a model computes.
std::vector<std::string> clippingWarnings(const Findings &findings);

/// Warnings of programs in FP16 with values beyond its largest one, a sentence
/// each: they are infinite, and what follows them may be NaN.
std::vector<std::string> overflowWarnings(const Findings &findings);

/// Warnings of results with values that are infinite or NaN, a sentence each.
std::vector<std::string> notFiniteWarnings(const Findings &findings,
                                           const aimc_model &model);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_RUNNER_REPORT_H
