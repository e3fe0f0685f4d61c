//===- Progress.h - Progress of a long run ----------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One line that is written over and over, on a terminal only.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_RUNNER_PROGRESS_H
#define AIMC_LIB_RUNTIME_RUNNER_PROGRESS_H

#include <chrono>
#include <cstdint>

namespace aimc::runtime {

/// Tells how many of `total` rows are done, when it takes more than a second
/// and standard error is a terminal.
class Progress {
public:
  explicit Progress(int64_t total);
  /// Removes the line.
  ~Progress();
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;

  void advance(int64_t rows);

private:
  using Clock = std::chrono::steady_clock;

  int64_t total, done = 0;
  bool terminal, shown = false;
  Clock::time_point next; ///< not before this is the line written again
};

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_RUNNER_PROGRESS_H
