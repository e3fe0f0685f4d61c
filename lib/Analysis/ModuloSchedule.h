//===- ModuloSchedule.h - When tasks run, vector after vector ---*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Modulo scheduling (B. R. Rau, Iterative Modulo Scheduling, MICRO 1994) of the
// tasks of a vector on the resources of chips: vector v does a task at the
// task's start plus v intervals. A resource does one task at a time, whichever
// vectors they are of, and a task begins when those that it depends on have
// ended. Where resources take turns, each has every n-th vector, so what takes
// it repeats after n intervals; that of several such turns after their least
// common multiple, or, where that is above 64, as if it were after their
// greatest common divisor, which may leave room unused. Times are whole, in any
// unit.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ANALYSIS_MODULOSCHEDULE_H
#define AIMC_LIB_ANALYSIS_MODULOSCHEDULE_H

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace aimc {

/// The longest time of a schedule: 70 s in picoseconds. Starts, latencies,
/// intervals and the time of all tasks together are no longer.
constexpr int64_t mostTime = int64_t(1) << 46;

/// A part of a task, during which it takes resources.
struct TaskPhase {
  int64_t offset = 0;   ///< from the start of the task; may be negative
  int64_t duration = 0; ///< not negative; 0 takes nothing
  std::vector<int64_t> resources; ///< by number, each once
  /// Only vectors `first`, `first` + `every`, ... take them.
  int64_t every = 1; ///< at least 1
  int64_t first = 0; ///< from 0 to `every` - 1
};

/// A task that another one depends on.
struct TaskInput {
  size_t task = 0;   ///< a position before that of the dependent one
  int64_t delay = 0; ///< from its end to the earliest start; not negative
  size_t result = 0; ///< which of its results it takes
};

/// A part of a result, which a buffer holds (Analysis/Buffers.h).
struct HeldPart {
  int64_t buffer = 0; ///< by number
  int64_t values = 0; ///< of a vector; not negative
  int64_t bytes = 0;  ///< that these take
  /// Only those of vectors `first`, `first` + `every`, ... are held there.
  int64_t every = 1; ///< at least 1
  int64_t first = 0; ///< from 0 to `every` - 1
};

/// What a task gives to others.
struct TaskResult {
  std::vector<HeldPart> parts;
};

/// What is done once for each vector.
struct Task {
  std::vector<TaskInput> inputs;
  std::vector<TaskPhase> phases;
  int64_t latency = 0; ///< from the start to the end; not negative
  std::vector<TaskResult> results = {}; ///< none: nothing is held of it
};

/// When tasks run.
struct ModuloSchedule {
  std::vector<int64_t> starts; ///< of the first vector, of each task
  int64_t interval = 0;        ///< from a vector to the next; at least 1
  int64_t latency = 0;         ///< of a vector, until all its tasks have ended
};

/// Something that is wrong with a schedule.
struct ScheduleConflict {
  size_t task = 0;  ///< the later one in the list
  size_t other = 0; ///< that it collides with or depends on; may be the same
  /// The resource that both take at a time; nothing: `task` begins before
  /// `other` and the delay have ended.
  std::optional<int64_t> resource;
  int64_t earliest = 0; ///< of a dependence, when `task` may begin
};

/// One task after another in their order, one vector after another.
ModuloSchedule scheduleInOrder(const std::vector<Task> &tasks);

/// Each task as soon as possible, with the least interval for which the search
/// finds room: from that of the busiest resource up, and down again to the
/// last that had none, within a thousandth; at last one vector after another.
/// Turns make it no longer than if every vector took the resources of all of
/// them. Linear in phases and resources for each interval tried. A schedule
/// that `accepts` refuses counts as no room; that of one vector after another
/// is given without asking.
ModuloSchedule schedulePipelined(
    const std::vector<Task> &tasks,
    const std::function<bool(const ModuloSchedule &)> &accepts = nullptr);

/// The longest time that a vector keeps one resource, on average over the
/// vectors of its period, at least 1: no interval can be shorter.
int64_t findLeastInterval(const std::vector<Task> &tasks);

/// The first thing that is wrong with `starts` and `interval`, or nothing.
std::optional<ScheduleConflict> findConflict(const std::vector<Task> &tasks,
                                             const std::vector<int64_t> &starts,
                                             int64_t interval);

/// The first task that begins before another that began no later has ended, or
/// nothing where one task runs after another: `earliest` is the end of `other`,
/// after what `task` does before its start.
std::optional<ScheduleConflict>
findOverlapInTime(const std::vector<Task> &tasks,
                  const std::vector<int64_t> &starts);

/// The least interval at which each vector begins when all tasks of the one
/// before it have ended.
int64_t findIntervalInOrder(const std::vector<Task> &tasks,
                            const std::vector<int64_t> &starts);

} // namespace aimc

#endif // AIMC_LIB_ANALYSIS_MODULOSCHEDULE_H
