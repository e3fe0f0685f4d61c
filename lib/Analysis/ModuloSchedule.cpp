//===- ModuloSchedule.cpp - When tasks run, vector after vector -----------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keeps for each resource when it is taken, as times from 0 to its period,
// which is as many intervals as vectors pass until the same ones have it again.
//
//===----------------------------------------------------------------------===//

#include "Analysis/ModuloSchedule.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_map>

using namespace aimc;

namespace {
/// After how many intervals the table of each resource repeats.
class Periods {
public:
  explicit Periods(const std::vector<Task> &tasks) {
    for (const Task &task : tasks)
      for (const TaskPhase &phase : task.phases)
        for (int64_t resource : phase.resources)
          turns[resource].add(phase.every);
    for (const auto &[resource, turn] : turns)
      longest = std::max(longest, turn.get());
  }

  int64_t of(int64_t resource) const { return turns.at(resource).get(); }
  int64_t getLongest() const { return longest; }

  /// How often `phase` takes a resource of the period `period` in it.
  static int64_t count(const TaskPhase &phase, int64_t period) {
    return std::max<int64_t>(period / phase.every, 1);
  }

private:
  /// Multiples above this one are too many to reserve.
  static constexpr int64_t mostVectors = 64;
  /// Longer turns count as if every vector had them, so that periods of
  /// intervals up to `mostTime` stay whole numbers.
  static constexpr int64_t mostTurns = int64_t(1) << 16;

  struct Turns {
    int64_t multiple = 1; ///< of all turns; 0: above `mostVectors`
    int64_t divisor = 0;  ///< of all turns

    void add(int64_t every) {
      divisor = std::gcd(divisor, every);
      const int64_t factor = every / std::gcd(multiple, every);
      multiple = factor <= mostVectors && multiple * factor <= mostVectors
                     ? multiple * factor
                     : 0;
    }
    int64_t get() const {
      if (multiple > 0)
        return multiple;
      return divisor <= mostTurns ? divisor : 1;
    }
  };

  std::unordered_map<int64_t, Turns> turns;
  int64_t longest = 1;
};

/// The reservations of all resources for one interval.
class ReservationTable {
public:
  ReservationTable(const Periods &periods, int64_t interval)
      : periods(periods), interval(interval) {}

  /// How long a period of `resource` is.
  int64_t getPeriod(int64_t resource) const {
    return periods.of(resource) * interval;
  }

  /// How much later `phase` of a task at `start` must begin at least, because
  /// of what it meets on `resource`; 0 if it meets nothing.
  int64_t findShift(int64_t resource, const TaskPhase &phase,
                    int64_t start) const {
    auto it = table.find(resource);
    if (it == table.end())
      return 0;
    const int64_t period = getPeriod(resource);
    int64_t shift = 0;
    forEach(resource, phase, start, [&](int64_t begin, int64_t end) {
      const auto met = findMet(it->second.busy, begin, end, period);
      if (shift != 0 || met == it->second.busy.end())
        return;
      shift = fold(met->second.end - begin, period);
      if (shift == 0)
        shift = period;
    });
    return shift;
  }

  /// The task that has `resource` within the time of `phase`, or nothing.
  std::optional<size_t> findTask(int64_t resource, const TaskPhase &phase,
                                 int64_t start) const {
    auto it = table.find(resource);
    if (it == table.end())
      return std::nullopt;
    std::optional<size_t> task;
    forEach(resource, phase, start, [&](int64_t begin, int64_t end) {
      const Spans<Taken> &spans = it->second.taken;
      const auto met = findMet(spans, begin, end, getPeriod(resource));
      if (!task && met != spans.end())
        task = met->second.task;
    });
    return task;
  }

  /// Takes `resource`, which is free then.
  void reserve(int64_t resource, const TaskPhase &phase, int64_t start,
               size_t task) {
    const int64_t period = getPeriod(resource);
    Reservations &of = table[resource];
    forEach(resource, phase, start, [&](int64_t begin, int64_t end) {
      add(of, begin, std::min(end, period), task);
      if (end > period)
        add(of, 0, end - period, task);
    });
  }

private:
  /// Calls `function` with each time at which `phase` takes `resource` in a
  /// period; it may end after the period.
  template <typename Function>
  void forEach(int64_t resource, const TaskPhase &phase, int64_t start,
               Function function) const {
    const int64_t vectors = periods.of(resource);
    const int64_t count = Periods::count(phase, vectors);
    for (int64_t i = 0; i < count; ++i) {
      const int64_t vector = (phase.first + i * phase.every) % vectors;
      const int64_t begin =
          fold(start + phase.offset + vector * interval, getPeriod(resource));
      function(begin, begin + phase.duration);
    }
  }

  struct Taken {
    int64_t end;
    size_t task;
  };
  struct Busy {
    int64_t end;
  };
  /// Times from 0 to the period that do not overlap, by where they begin.
  template <typename T> using Spans = std::map<int64_t, T>;
  struct Reservations {
    Spans<Taken> taken; ///< by tasks
    Spans<Busy> busy;   ///< the same, joined where they touch
  };

  /// The first of `spans` that meets the time from `begin` to `end`, which may
  /// be after the end of the period.
  template <typename T>
  static typename Spans<T>::const_iterator
  findMet(const Spans<T> &spans, int64_t begin, int64_t end, int64_t period) {
    const auto met = findMet(spans, begin, std::min(end, period));
    return met == spans.end() && end > period ? findMet(spans, 0, end - period)
                                              : met;
  }

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

  /// `time` modulo `period`, from 0 on.
  static int64_t fold(int64_t time, int64_t period) {
    const int64_t rest = time % period;
    return rest < 0 ? rest + period : rest;
  }

  const Periods &periods;
  const int64_t interval;
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

/// How long before the start of a task its first phase begins.
static int64_t getLead(const Task &task) {
  int64_t lead = 0;
  for (const TaskPhase &phase : task.phases)
    lead = std::max(lead, -phase.offset);
  return lead;
}

std::optional<ScheduleConflict>
aimc::findOverlapInTime(const std::vector<Task> &tasks,
                        const std::vector<int64_t> &starts) {
  std::vector<size_t> order(tasks.size());
  std::iota(order.begin(), order.end(), 0);
  auto getTimes = [&](size_t task) {
    return std::pair(starts[task] - getLead(tasks[task]),
                     findEnd(tasks[task], starts[task]));
  };
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return getTimes(a) < getTimes(b);
  });
  for (size_t i = 1; i < order.size(); ++i) {
    // Up to here none overlaps, so the one before ends last.
    const int64_t end = getTimes(order[i - 1]).second;
    if (getTimes(order[i]).first < end)
      return ScheduleConflict{order[i], order[i - 1], std::nullopt,
                              end + getLead(tasks[order[i]])};
  }
  return std::nullopt;
}

int64_t aimc::findIntervalInOrder(const std::vector<Task> &tasks,
                                  const std::vector<int64_t> &starts) {
  int64_t begin = std::numeric_limits<int64_t>::max(), end = 0;
  for (size_t i = 0; i < tasks.size(); ++i) {
    begin = std::min(begin, starts[i] - getLead(tasks[i]));
    end = std::max(end, findEnd(tasks[i], starts[i]));
  }
  return tasks.empty() ? 1 : std::max<int64_t>(end - begin, 1);
}

ModuloSchedule aimc::scheduleInOrder(const std::vector<Task> &tasks) {
  ModuloSchedule result;
  int64_t end = 0;
  for (size_t i = 0; i < tasks.size(); ++i) {
    // Phases before the start come after what is before them too.
    result.starts.push_back(std::max(findEarliest(tasks, i, result.starts),
                                     end + getLead(tasks[i])));
    end = findEnd(tasks[i], result.starts.back());
  }
  result.latency = findLatency(tasks, result.starts);
  result.interval = std::max<int64_t>(end, 1);
  return result;
}

int64_t aimc::findLeastInterval(const std::vector<Task> &tasks) {
  const Periods periods(tasks);
  std::unordered_map<int64_t, int64_t> loads; ///< of a period
  int64_t most = 1;
  for (const Task &task : tasks)
    for (const TaskPhase &phase : task.phases)
      for (int64_t resource : phase.resources) {
        const int64_t period = periods.of(resource);
        const int64_t load =
            (loads[resource] += phase.duration * Periods::count(phase, period));
        most = std::max(most, (load + period - 1) / period);
      }
  return most;
}

/// The start of task `index` at `earliest` or as little later as finds all its
/// resources free; nothing when waiting for `longest` is not enough.
static std::optional<int64_t> findStart(const Task &task, int64_t earliest,
                                        int64_t longest,
                                        const ReservationTable &table) {
  int64_t start = earliest;
  bool isFree = false;
  while (!isFree) {
    isFree = true;
    for (const TaskPhase &phase : task.phases) {
      if (phase.duration == 0)
        continue;
      for (int64_t resource : phase.resources)
        while (int64_t shift = table.findShift(resource, phase, start)) {
          start += shift;
          isFree = false;
          if (start - earliest >= longest)
            return std::nullopt;
        }
    }
  }
  return start;
}

static std::optional<ModuloSchedule>
scheduleWithInterval(const std::vector<Task> &tasks, const Periods &periods,
                     int64_t interval) {
  ModuloSchedule result;
  result.interval = interval;
  ReservationTable table(periods, interval);
  for (size_t i = 0; i < tasks.size(); ++i) {
    std::optional<int64_t> start =
        findStart(tasks[i], findEarliest(tasks, i, result.starts),
                  periods.getLongest() * interval, table);
    if (!start)
      return std::nullopt;
    result.starts.push_back(*start);
    for (const TaskPhase &phase : tasks[i].phases)
      if (phase.duration > 0)
        for (int64_t resource : phase.resources)
          table.reserve(resource, phase, *start, i);
  }
  result.latency = findLatency(tasks, result.starts);
  return result;
}

/// `tasks` as if every vector took the resources of all turns. Turns that take
/// the same resource at the same time of a task take it once.
static std::vector<Task> withoutTurns(std::vector<Task> tasks) {
  for (Task &task : tasks) {
    std::set<std::tuple<int64_t, int64_t, int64_t>> taken;
    for (TaskPhase &phase : task.phases) {
      if (phase.every == 1)
        continue;
      phase.every = 1;
      phase.first = 0;
      auto isTaken = [&](int64_t resource) {
        return !taken.emplace(phase.offset, phase.duration, resource).second;
      };
      phase.resources.erase(std::remove_if(phase.resources.begin(),
                                           phase.resources.end(), isTaken),
                            phase.resources.end());
    }
  }
  return tasks;
}

/// A schedule of a shorter interval than `best` for which there is room, or
/// `best`. Once there is room, the interval goes down again towards the last
/// one that had none.
static ModuloSchedule
findShorter(const std::vector<Task> &tasks, ModuloSchedule best,
            const std::function<bool(const ModuloSchedule &)> &accepts) {
  const Periods periods(tasks);
  auto attempt = [&](int64_t interval) {
    auto result = scheduleWithInterval(tasks, periods, interval);
    const bool isFound = result && accepts(*result);
    if (isFound)
      best = std::move(*result);
    return isFound;
  };
  const int64_t least = findLeastInterval(tasks);
  int64_t failed = least - 1;
  for (int64_t interval = least; interval < best.interval;
       interval += interval / 16 + 1) {
    if (attempt(interval))
      break;
    failed = interval;
  }
  // A thousandth more is as good.
  while (best.interval - failed > best.interval / 1024 + 1) {
    const int64_t middle = failed + (best.interval - failed) / 2;
    if (!attempt(middle))
      failed = middle;
  }
  return best;
}

ModuloSchedule aimc::schedulePipelined(
    const std::vector<Task> &tasks,
    const std::function<bool(const ModuloSchedule &)> &accepts) {
  auto holds = [&](const ModuloSchedule &found) {
    return !findConflict(tasks, found.starts, found.interval) &&
           (!accepts || accepts(found));
  };
  ModuloSchedule best = scheduleInOrder(tasks);
  // What has room without turns has it with them, so copies that take turns
  // never make the interval longer.
  if (Periods(tasks).getLongest() > 1)
    best = findShorter(withoutTurns(tasks), std::move(best), holds);
  return findShorter(tasks, std::move(best), holds);
}

std::optional<ScheduleConflict>
aimc::findConflict(const std::vector<Task> &tasks,
                   const std::vector<int64_t> &starts, int64_t interval) {
  const Periods periods(tasks);
  ReservationTable table(periods, interval);
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
        // Longer than that, it meets the same of the next vector it is for.
        if (phase.duration * Periods::count(phase, periods.of(resource)) >
            table.getPeriod(resource))
          return ScheduleConflict{i, i, resource, 0};
        if (auto other = table.findTask(resource, phase, starts[i]))
          return ScheduleConflict{i, *other, resource, 0};
        table.reserve(resource, phase, starts[i], i);
      }
    }
  }
  return std::nullopt;
}
