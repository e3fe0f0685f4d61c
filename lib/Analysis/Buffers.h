//===- Buffers.h - What waits between tasks ---------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How much the buffers hold while a modulo schedule runs, when vectors have
// been coming for long. A result of a task is in its buffers from the end of
// the task to the end of the last task that takes it, of each vector anew, so
// there are as many vectors of it at once as intervals begin in that time (R.
// Govindarajan, E. R. Altman, G. R. Gao, Minimizing register requirements under
// resource-constrained rate-optimal software pipelining, MICRO 1994). What no
// task takes leaves at once. While a task computes, its result is its own.
//
// A part of a result that takes turns with others is that of each n-th vector,
// so it repeats after n intervals. Parts of one buffer that repeat alike are
// counted moment by moment; of those that do not, the most of each are added,
// which may be more than there ever is.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ANALYSIS_BUFFERS_H
#define AIMC_LIB_ANALYSIS_BUFFERS_H

#include "Analysis/ModuloSchedule.h"

#include <unordered_map>

namespace aimc {

/// The most that a buffer holds at a time.
struct BufferUse {
  int64_t buffer = 0; ///< by number
  int64_t bytes = 0;
  int64_t values = 0; ///< what these are
  /// The task and its result of which most is held then.
  size_t task = 0, result = 0;
};

/// How long the results of each task are held: from its end to the end of the
/// last task that takes them, 0 where none does. `starts` keep the order of
/// dependences.
std::vector<std::vector<int64_t>>
findLifetimes(const std::vector<Task> &tasks,
              const std::vector<int64_t> &starts);

/// The most vectors of a result that are there at once when each is held for
/// `lifetime` and they come `interval` (at least 1) apart.
int64_t countVectors(int64_t lifetime, int64_t interval);

/// What each buffer holds at most, by ascending number; those that hold nothing
/// are not listed. Counts of more than 2^61 are that. In the time of a sort of
/// the parts of results.
std::vector<BufferUse> findBufferUses(const std::vector<Task> &tasks,
                                      const std::vector<int64_t> &starts,
                                      int64_t interval);

/// Bytes that buffers hold, by number; those not listed have no limit.
using BufferCapacities = std::unordered_map<int64_t, int64_t>;

/// The first buffer that holds more than it can, or nothing.
std::optional<BufferUse> findOverflow(const std::vector<Task> &tasks,
                                      const std::vector<int64_t> &starts,
                                      int64_t interval,
                                      const BufferCapacities &capacities);

} // namespace aimc

#endif // AIMC_LIB_ANALYSIS_BUFFERS_H
