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

#include <iosfwd>
#include <string>
#include <vector>

namespace aimc::runtime {

/// A result that is shown because nobody asked for anything else.
struct ShownResult {
  int64_t rows = 0, columns = 0;
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

/// What was found in all.
struct Findings {
  int64_t rows = 0;
  int64_t kernelRows = 0; ///< those that the kernel error is of
  std::vector<ChipFindings> chips;
  std::vector<ShownResult> results;
  double totalSeconds = 0;
};

/// The JSON object of `--json`, with a newline.
std::string jsonReport(const Findings &findings, const RunOptions &options);

/// Lines of text: findings to `out`, times and counts to `err`.
void textReport(const Findings &findings, const RunOptions &options,
                std::ostream &out, std::ostream &err);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_RUNNER_REPORT_H
