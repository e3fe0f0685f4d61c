//===- Buffers.cpp - What waits between tasks -----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each part of a result is some whole periods long, in which it is always
// there, and a rest, during which there is one more; the rests are swept in the
// order of time.
//
//===----------------------------------------------------------------------===//

#include "Analysis/Buffers.h"

#include <algorithm>
#include <utility>

using namespace aimc;

std::vector<std::vector<int64_t>>
aimc::findLifetimes(const std::vector<Task> &tasks,
                    const std::vector<int64_t> &starts) {
  std::vector<std::vector<int64_t>> lifetimes(tasks.size());
  for (size_t i = 0; i < tasks.size(); ++i) {
    lifetimes[i].resize(tasks[i].results.size());
    for (const TaskInput &input : tasks[i].inputs) {
      std::vector<int64_t> &of = lifetimes[input.task];
      if (input.result >= of.size())
        continue;
      const int64_t end = starts[input.task] + tasks[input.task].latency;
      of[input.result] =
          std::max(of[input.result], starts[i] + tasks[i].latency - end);
    }
  }
  return lifetimes;
}

int64_t aimc::countVectors(int64_t lifetime, int64_t interval) {
  return lifetime / interval + (lifetime % interval != 0);
}

/// Sums of bytes and values stop here: no buffer holds as much.
static constexpr int64_t tooMuch = int64_t(1) << 61;

static int64_t add(int64_t a, int64_t b) { return std::min(a + b, tooMuch); }

static int64_t multiply(int64_t a, int64_t b) {
  return b != 0 && a > tooMuch / b ? tooMuch : a * b;
}

namespace {
/// A part of a result that waits.
struct Waiting {
  int64_t buffer, every, values, bytes;
  int64_t vectors; ///< that are always there
  int64_t begin,
      end; ///< when there is one more; `end` may be in the next period
  size_t task, result;

  /// How many vectors there are at `time` of a period.
  int64_t countAt(int64_t time, int64_t period) const {
    const bool isThere = (begin <= time && time < end) || time < end - period;
    return vectors + (isThere ? 1 : 0);
  }
};

/// Something comes or goes.
struct Change {
  int64_t time, bytes, values;
};

using WaitingIterator = std::vector<Waiting>::const_iterator;
} // namespace

/// The most that those of one buffer and one period hold.
static BufferUse findMost(WaitingIterator first, WaitingIterator last,
                          int64_t period) {
  BufferUse use;
  use.buffer = first->buffer;
  std::vector<Change> changes;
  for (auto it = first; it != last; ++it) {
    use.bytes = add(use.bytes, multiply(it->vectors, it->bytes));
    use.values = add(use.values, multiply(it->vectors, it->values));
    if (it->begin == it->end)
      continue;
    changes.push_back({it->begin, it->bytes, it->values});
    if (it->end < period) {
      changes.push_back({it->end, -it->bytes, -it->values});
    } else {
      use.bytes += it->bytes;
      use.values += it->values;
      changes.push_back({it->end - period, -it->bytes, -it->values});
    }
  }
  std::sort(changes.begin(), changes.end(),
            [](const Change &a, const Change &b) { return a.time < b.time; });
  // Before the first change it is as after the last one.
  int64_t bytes = use.bytes, values = use.values, time = period - 1;
  for (size_t i = 0; i < changes.size(); ++i) {
    bytes += changes[i].bytes;
    values += changes[i].values;
    const bool isLastOfTime =
        i + 1 == changes.size() || changes[i + 1].time != changes[i].time;
    if (isLastOfTime && bytes > use.bytes) {
      use.bytes = bytes;
      use.values = values;
      time = changes[i].time;
    }
  }
  int64_t most = -1;
  for (auto it = first; it != last; ++it)
    if (const int64_t held = multiply(it->countAt(time, period), it->bytes);
        held > most) {
      most = held;
      use.task = it->task;
      use.result = it->result;
    }
  return use;
}

/// What waits, by buffer and period.
static std::vector<Waiting> findWaiting(const std::vector<Task> &tasks,
                                        const std::vector<int64_t> &starts,
                                        int64_t interval) {
  const auto lifetimes = findLifetimes(tasks, starts);
  std::vector<Waiting> all;
  for (size_t task = 0; task < tasks.size(); ++task)
    for (size_t result = 0; result < lifetimes[task].size(); ++result) {
      const int64_t lifetime = lifetimes[task][result];
      if (lifetime <= 0)
        continue;
      for (const HeldPart &part : tasks[task].results[result].parts) {
        // A period that is too long to count: as if it were of every vector.
        const bool isCounted = part.every <= tooMuch / interval;
        const int64_t every = isCounted ? part.every : 1;
        const int64_t period = every * interval;
        const int64_t first = isCounted ? part.first * interval : 0;
        const int64_t begin =
            (starts[task] + tasks[task].latency + first) % period;
        all.push_back({part.buffer, every, part.values, part.bytes,
                       lifetime / period, begin, begin + lifetime % period,
                       task, result});
      }
    }
  std::stable_sort(
      all.begin(), all.end(), [](const Waiting &a, const Waiting &b) {
        return std::pair(a.buffer, a.every) < std::pair(b.buffer, b.every);
      });
  return all;
}

std::vector<BufferUse> aimc::findBufferUses(const std::vector<Task> &tasks,
                                            const std::vector<int64_t> &starts,
                                            int64_t interval) {
  // When all of a vector has gone before the next one comes, it does not matter
  // how much later that is.
  int64_t latency = 1;
  for (size_t task = 0; task < tasks.size(); ++task)
    latency = std::max(latency, starts[task] + tasks[task].latency);
  interval = std::min(interval, latency);
  const std::vector<Waiting> all = findWaiting(tasks, starts, interval);
  std::vector<BufferUse> uses;
  int64_t mostOfPeriod = 0;
  for (auto first = all.begin(); first != all.end();) {
    auto last = std::find_if(first, all.end(), [&](const Waiting &each) {
      return each.buffer != first->buffer || each.every != first->every;
    });
    BufferUse use = findMost(first, last, first->every * interval);
    first = last;
    if (use.bytes == 0)
      continue;
    if (uses.empty() || uses.back().buffer != use.buffer) {
      mostOfPeriod = use.bytes;
      uses.push_back(use);
      continue;
    }
    BufferUse &sum = uses.back();
    sum.bytes = add(sum.bytes, use.bytes);
    sum.values = add(sum.values, use.values);
    if (use.bytes > mostOfPeriod) {
      mostOfPeriod = use.bytes;
      sum.task = use.task;
      sum.result = use.result;
    }
  }
  return uses;
}

std::optional<BufferUse>
aimc::findOverflow(const std::vector<Task> &tasks,
                   const std::vector<int64_t> &starts, int64_t interval,
                   const BufferCapacities &capacities) {
  if (capacities.empty())
    return std::nullopt;
  for (const BufferUse &use : findBufferUses(tasks, starts, interval))
    if (auto it = capacities.find(use.buffer);
        it != capacities.end() && use.bytes > it->second)
      return use;
  return std::nullopt;
}
