//===- ModuloSchedule.cpp - When tasks run, vector after vector -----------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keeps for each resource when it is taken, as times from 0 to the interval.
//
//===----------------------------------------------------------------------===//

#include "Analysis/ModuloSchedule.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <unordered_map>

using namespace aimc;

namespace {
/// The reservations of all resources for one interval.
class ReservationTable {
public:
  explicit ReservationTable(int64_t interval) : interval(interval) {}

  /// How much later a phase that takes `resource` from `time` on must begin at
  /// least, because of what it meets; 0 if it meets nothing.
  int64_t findShift(int64_t resource, int64_t time, int64_t duration) const {
    auto it = table.find(resource);
    if (it == table.end())
      return 0;
    const int64_t begin = fold(time), end = begin + duration;
    const Spans<Busy> &spans = it->second.busy;
    auto met = findMet(spans, begin, std::min(end, interval));
    if (met == spans.end() && end > interval)
      met = findMet(spans, 0, end - interval);
    if (met == spans.end())
      return 0;
    const int64_t shift = fold(met->second.end - begin);
    return shift == 0 ? interval : shift;
  }

  /// The task that has `resource` within this time, or nothing.
  std::optional<size_t> findTask(int64_t resource, int64_t time,
                                 int64_t duration) const {
    auto it = table.find(resource);
    if (it == table.end())
      return std::nullopt;
    const int64_t begin = fold(time), end = begin + duration;
    const Spans<Taken> &spans = it->second.taken;
    auto met = findMet(spans, begin, std::min(end, interval));
    if (met == spans.end() && end > interval)
      met = findMet(spans, 0, end - interval);
    if (met == spans.end())
      return std::nullopt;
    return met->second.task;
  }

  /// Takes `resource`, which is free then.
  void reserve(int64_t resource, int64_t time, int64_t duration, size_t task) {
    const int64_t begin = fold(time), end = begin + duration;
    Reservations &of = table[resource];
    add(of, begin, std::min(end, interval), task);
    if (end > interval)
      add(of, 0, end - interval, task);
  }

private:
  struct Taken {
    int64_t end;
    size_t task;
  };
  struct Busy {
    int64_t end;
  };
  /// Times from 0 to the interval that do not overlap, by where they begin.
  template <typename T> using Spans = std::map<int64_t, T>;
  struct Reservations {
    Spans<Taken> taken; ///< by tasks
    Spans<Busy> busy;   ///< the same, joined where they touch
  };

  /// The first of `spans` that meets the time from `begin` to `end`.
  template <typename T>
  static typename Spans<T>::const_iterator findMet(const Spans<T> &spans,
                                                   int64_t begin, int64_t end) {
    auto it = spans.upper_bound(begin);
    if (it != spans.begin() && std::prev(it)->second.end > begin)
      return std::prev(it);
    return it != spans.end() && it->first < end ? it : spans.end();
  }

  static void add(Reservations &of, int64_t begin, int64_t end, size_t task) {
    of.taken[begin] = {end, task};
    auto next = of.busy.find(end);
    if (next != of.busy.end()) {
      end = next->second.end;
      of.busy.erase(next);
    }
    auto after = of.busy.lower_bound(begin);
    if (after != of.busy.begin() && std::prev(after)->second.end == begin)
      std::prev(after)->second.end = end;
    else
      of.busy[begin] = {end};
  }

  /// `time` modulo the interval, from 0 on.
  int64_t fold(int64_t time) const {
    const int64_t rest = time % interval;
    return rest < 0 ? rest + interval : rest;
  }

  int64_t interval;
  std::unordered_map<int64_t, Reservations> table;
};
} // namespace

/// When all that `task` depends on is there, and its first phase not before 0.
static int64_t findEarliest(const std::vector<Task> &tasks, size_t task,
                            const std::vector<int64_t> &starts) {
  int64_t earliest = 0;
  for (const TaskPhase &phase : tasks[task].phases)
    earliest = std::max(earliest, -phase.offset);
  for (const TaskInput &input : tasks[task].inputs)
    earliest = std::max(earliest, starts[input.task] +
                                      tasks[input.task].latency + input.delay);
  return earliest;
}

static int64_t findLatency(const std::vector<Task> &tasks,
                           const std::vector<int64_t> &starts) {
  int64_t latency = 0;
  for (size_t i = 0; i < tasks.size(); ++i)
    latency = std::max(latency, starts[i] + tasks[i].latency);
  return latency;
}

/// The end of a task and of all its phases.
static int64_t findEnd(const Task &task, int64_t start) {
  int64_t end = start + task.latency;
  for (const TaskPhase &phase : task.phases)
    end = std::max(end, start + phase.offset + phase.duration);
  return end;
}

ModuloSchedule aimc::scheduleInOrder(const std::vector<Task> &tasks) {
  ModuloSchedule result;
  int64_t end = 0;
  for (size_t i = 0; i < tasks.size(); ++i) {
    // Phases before the start come after what is before them too.
    int64_t lead = 0;
    for (const TaskPhase &phase : tasks[i].phases)
      lead = std::max(lead, -phase.offset);
    result.starts.push_back(
        std::max(findEarliest(tasks, i, result.starts), end + lead));
    end = findEnd(tasks[i], result.starts.back());
  }
  result.latency = findLatency(tasks, result.starts);
  result.interval = std::max<int64_t>(end, 1);
  return result;
}

int64_t aimc::findLeastInterval(const std::vector<Task> &tasks) {
  std::unordered_map<int64_t, int64_t> loads;
  int64_t most = 1;
  for (const Task &task : tasks)
    for (const TaskPhase &phase : task.phases)
      for (int64_t resource : phase.resources)
        most = std::max(most, loads[resource] += phase.duration);
  return most;
}

/// The start of task `index` at `earliest` or as little later as finds all its
/// resources free; nothing when an interval is not enough.
static std::optional<int64_t> findStart(const Task &task, int64_t earliest,
                                        int64_t interval,
                                        const ReservationTable &table) {
  int64_t start = earliest;
  bool isFree = false;
  while (!isFree) {
    isFree = true;
    for (const TaskPhase &phase : task.phases) {
      if (phase.duration == 0)
        continue;
      for (int64_t resource : phase.resources)
        while (int64_t shift = table.findShift(resource, start + phase.offset,
                                               phase.duration)) {
          start += shift;
          isFree = false;
          if (start - earliest >= interval)
            return std::nullopt;
        }
    }
  }
  return start;
}

static std::optional<ModuloSchedule>
scheduleWithInterval(const std::vector<Task> &tasks, int64_t interval) {
  ModuloSchedule result;
  result.interval = interval;
  ReservationTable table(interval);
  for (size_t i = 0; i < tasks.size(); ++i) {
    std::optional<int64_t> start = findStart(
        tasks[i], findEarliest(tasks, i, result.starts), interval, table);
    if (!start)
      return std::nullopt;
    result.starts.push_back(*start);
    for (const TaskPhase &phase : tasks[i].phases)
      if (phase.duration > 0)
        for (int64_t resource : phase.resources)
          table.reserve(resource, *start + phase.offset, phase.duration, i);
  }
  // Two phases of one task may still meet each other, an interval apart.
  if (findConflict(tasks, result.starts, interval))
    return std::nullopt;
  result.latency = findLatency(tasks, result.starts);
  return result;
}

ModuloSchedule aimc::schedulePipelined(const std::vector<Task> &tasks) {
  ModuloSchedule inOrder = scheduleInOrder(tasks);
  for (int64_t interval = findLeastInterval(tasks); interval < inOrder.interval;
       interval += interval / 16 + 1)
    if (auto result = scheduleWithInterval(tasks, interval))
      return *result;
  return inOrder;
}

std::optional<ScheduleConflict>
aimc::findConflict(const std::vector<Task> &tasks,
                   const std::vector<int64_t> &starts, int64_t interval) {
  ReservationTable table(interval);
  for (size_t i = 0; i < tasks.size(); ++i) {
    for (const TaskInput &input : tasks[i].inputs) {
      const int64_t earliest =
          starts[input.task] + tasks[input.task].latency + input.delay;
      if (starts[i] < earliest)
        return ScheduleConflict{i, input.task, std::nullopt, earliest};
    }
    for (const TaskPhase &phase : tasks[i].phases) {
      if (phase.duration == 0)
        continue;
      for (int64_t resource : phase.resources) {
        // Longer than the interval, it meets the same of the next vector.
        if (phase.duration > interval)
          return ScheduleConflict{i, i, resource, 0};
        const int64_t time = starts[i] + phase.offset;
        if (auto other = table.findTask(resource, time, phase.duration))
          return ScheduleConflict{i, *other, resource, 0};
        table.reserve(resource, time, phase.duration, i);
      }
    }
  }
  return std::nullopt;
}
