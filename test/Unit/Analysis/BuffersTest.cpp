//===- BuffersTest.cpp - What waits between tasks ---------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Closed forms of small schedules, random ones against a count of every moment.
//
//===----------------------------------------------------------------------===//

#include "Analysis/Buffers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <random>

using namespace aimc;

namespace {

/// A task of one phase on resource `resource` with a result of `values` values
/// of two bytes in buffer `buffer`.
Task makeTask(int64_t resource, int64_t duration, int64_t buffer,
              int64_t values, std::vector<TaskInput> inputs = {}) {
  return {std::move(inputs),
          {{0, duration, {resource}}},
          duration,
          {{{{buffer, values, 2 * values}}}}};
}

/// The bytes of each buffer at each moment of the 12 vectors after which all
/// repeats where parts are of every vector, every second, third or fourth one.
std::map<int64_t, int64_t> countEveryMoment(const std::vector<Task> &tasks,
                                            const ModuloSchedule &schedule) {
  const int64_t vectors = 12, period = vectors * schedule.interval;
  const auto lifetimes = findLifetimes(tasks, schedule.starts);
  std::map<int64_t, std::vector<int64_t>> held;
  for (size_t i = 0; i < tasks.size(); ++i)
    for (size_t result = 0; result < tasks[i].results.size(); ++result)
      for (const HeldPart &part : tasks[i].results[result].parts)
        for (int64_t v = part.first; v < vectors; v += part.every)
          for (int64_t t = 0; t < lifetimes[i][result]; ++t) {
            std::vector<int64_t> &of = held[part.buffer];
            of.resize(period);
            of[(schedule.starts[i] + tasks[i].latency + t +
                v * schedule.interval) %
               period] += part.bytes;
          }
  std::map<int64_t, int64_t> most;
  for (const auto &[buffer, moments] : held)
    most[buffer] = *std::max_element(moments.begin(), moments.end());
  return most;
}

} // namespace

/// Of a chain with unequal times, each result waits for the one task behind it:
/// ⌈lifetime / interval⌉ vectors.
TEST(Buffers, Chain) {
  // Ends at 3, 9 (a delay of 1) and 11; nothing takes the last result.
  const std::vector<Task> tasks = {makeTask(0, 3, 10, 100),
                                   makeTask(1, 5, 11, 7, {{0, 1}}),
                                   makeTask(2, 2, 12, 1, {{1, 0}})};
  const ModuloSchedule schedule = schedulePipelined(tasks);
  ASSERT_EQ(schedule.interval, 5);
  EXPECT_EQ(findLifetimes(tasks, schedule.starts),
            (std::vector<std::vector<int64_t>>{{6}, {2}, {0}}));
  for (int64_t interval : {1, 2, 3, 5, 6, 7, 100}) {
    const std::vector<BufferUse> uses =
        findBufferUses(tasks, schedule.starts, interval);
    ASSERT_EQ(uses.size(), 2u);
    EXPECT_EQ(uses[0].buffer, 10);
    EXPECT_EQ(uses[0].values, 100 * ((6 + interval - 1) / interval));
    EXPECT_EQ(uses[0].bytes, 2 * uses[0].values);
    EXPECT_EQ(uses[0].task, 0u);
    EXPECT_EQ(uses[1].buffer, 11);
    EXPECT_EQ(uses[1].values, 7 * ((2 + interval - 1) / interval));
    EXPECT_EQ(uses[1].task, 1u);
  }
}

TEST(Buffers, CountsVectors) {
  EXPECT_EQ(countVectors(0, 5), 0);
  EXPECT_EQ(countVectors(1, 5), 1);
  EXPECT_EQ(countVectors(5, 5), 1);
  EXPECT_EQ(countVectors(6, 5), 2);
  EXPECT_EQ(countVectors(50, 5), 10);
}

/// The last of several tasks decides, whichever comes first in the list; each
/// result has its own.
TEST(Buffers, SeveralTakers) {
  Task source = makeTask(0, 2, 10, 100);
  source.results.push_back({{{11, 3, 3}}});
  const std::vector<Task> tasks = {source, makeTask(1, 9, 12, 1, {{0, 0, 0}}),
                                   makeTask(2, 4, 12, 1, {{0, 0, 0}}),
                                   makeTask(3, 4, 12, 1, {{0, 0, 1}})};
  // Ends at 2, 11, 24 and 16.
  const std::vector<int64_t> starts = {0, 2, 20, 12};
  EXPECT_EQ(findLifetimes(tasks, starts),
            (std::vector<std::vector<int64_t>>{{22, 14}, {0}, {0}, {0}}));
  const std::vector<BufferUse> uses = findBufferUses(tasks, starts, 10);
  ASSERT_EQ(uses.size(), 2u);
  EXPECT_EQ(uses[0].values, 300);
  EXPECT_EQ(uses[0].result, 0u);
  EXPECT_EQ(uses[1].values, 6);
  EXPECT_EQ(uses[1].result, 1u);
}

/// What one buffer holds at different times is not added up.
TEST(Buffers, TimesApart) {
  const std::vector<Task> tasks = {makeTask(0, 3, 10, 100),
                                   makeTask(0, 5, 10, 30, {{0, 0}}),
                                   makeTask(0, 2, 10, 1, {{1, 0}})};
  const ModuloSchedule inOrder = scheduleInOrder(tasks);
  ASSERT_EQ(inOrder.interval, 10);
  // 100 from 3 to 8, 30 from 8 to 10.
  std::vector<BufferUse> uses = findBufferUses(tasks, inOrder.starts, 10);
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_EQ(uses[0].values, 100);
  // Every 4: 100 twice from 3 to 4, 30 from 0 to 2, both modulo 4.
  uses = findBufferUses(tasks, inOrder.starts, 4);
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_EQ(uses[0].values, 200);
  // Every 3: 100 twice from 0 to 2, 30 from 2 to 1.
  uses = findBufferUses(tasks, inOrder.starts, 3);
  EXPECT_EQ(uses[0].values, 230);
  EXPECT_EQ(uses[0].task, 0u);
}

/// Copies that share the vectors have buffers of their own, in each of which is
/// every n-th vector; the unit behind them holds them all.
TEST(Buffers, CopiesTakeTurns) {
  for (int64_t copies : {1, 2, 3, 5}) {
    Task product = {{}, {}, 6, {{}}};
    for (int64_t copy = 0; copy < copies; ++copy) {
      product.phases.push_back({0, 6, {copy}, copies, copy});
      product.results[0].parts.push_back({copy, 8, 8, copies, copy});
    }
    const std::vector<Task> tasks = {product,
                                     makeTask(100, 1, 100, 4, {{0, 11}}),
                                     makeTask(101, 1, 101, 1, {{1, 0}})};
    const ModuloSchedule schedule = schedulePipelined(tasks);
    ASSERT_EQ(schedule.interval, (6 + copies - 1) / copies);
    const std::vector<BufferUse> uses =
        findBufferUses(tasks, schedule.starts, schedule.interval);
    ASSERT_EQ(uses.size(), static_cast<size_t>(copies) + 1);
    for (int64_t copy = 0; copy < copies; ++copy)
      EXPECT_EQ(uses[copy].values,
                8 * countVectors(12, copies * schedule.interval));
    EXPECT_EQ(uses.back().values, 4);
  }
}

/// A longer interval holds fewer vectors; one after another the least.
TEST(Buffers, CapacityLengthensTheInterval) {
  // Held for 24: 5 vectors with the interval 5.
  const std::vector<Task> tasks = {makeTask(0, 5, 10, 4),
                                   makeTask(1, 4, 11, 1, {{0, 20}})};
  const ModuloSchedule fastest = schedulePipelined(tasks);
  ASSERT_EQ(fastest.interval, 5);
  for (int64_t vectors : {1, 2, 3, 4, 5, 6}) {
    const BufferCapacities capacities = {{10, 8 * vectors}, {99, 0}};
    const ModuloSchedule schedule =
        schedulePipelined(tasks, [&](const ModuloSchedule &found) {
          return !findOverflow(tasks, found.starts, found.interval, capacities);
        });
    EXPECT_FALSE(
        findOverflow(tasks, schedule.starts, schedule.interval, capacities));
    // Below 16 the search tries each interval, then each second one.
    const int64_t least = std::max<int64_t>((24 + vectors - 1) / vectors, 5);
    EXPECT_GE(schedule.interval, least);
    EXPECT_LE(schedule.interval, least + least / 16);
  }
  const ModuloSchedule inOrder = scheduleInOrder(tasks);
  const std::optional<BufferUse> over =
      findOverflow(tasks, inOrder.starts, inOrder.interval, {{10, 7}});
  ASSERT_TRUE(over);
  EXPECT_EQ(over->buffer, 10);
  EXPECT_EQ(over->bytes, 8);
  EXPECT_EQ(over->values, 4);
  EXPECT_EQ(over->task, 0u);
  EXPECT_FALSE(findOverflow(tasks, inOrder.starts, inOrder.interval, {}));
}

/// Times as no chip has them, in a schedule by hand, are counted all the same.
TEST(Buffers, LargeTimes) {
  const int64_t late = std::numeric_limits<int64_t>::max() - 4;
  std::vector<Task> tasks = {makeTask(0, 4, 10, 1000),
                             makeTask(1, 4, 11, 1, {{0, 0}})};
  const BufferCapacities capacities = {{10, int64_t(1) << 60}};
  EXPECT_TRUE(findOverflow(tasks, {0, late}, 1, capacities));
  EXPECT_FALSE(findOverflow(tasks, {0, late}, late, capacities));
  std::vector<BufferUse> uses = findBufferUses(tasks, {0, late}, late / 2);
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_EQ(uses[0].values, 3000);
  // With turns that are longer than can be counted: no less than there is.
  tasks[0].results[0].parts[0].every = 8;
  tasks[0].results[0].parts[0].first = 7;
  uses = findBufferUses(tasks, {0, late}, late / 2);
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_GE(uses[0].values, 1000);
  uses = findBufferUses(tasks, {0, 4}, late);
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_EQ(uses[0].values, 1000);
}

TEST(Buffers, OfNothing) {
  EXPECT_TRUE(findBufferUses({}, {}, 1).empty());
  // Results without values, and none.
  EXPECT_TRUE(
      findBufferUses({makeTask(0, 1, 0, 0), {{{0, 0}}, {}, 1}}, {0, 1}, 2)
          .empty());
}

TEST(Buffers, RandomOnesHold) {
  std::mt19937 random(3);
  auto draw = [&](int64_t most) {
    return static_cast<int64_t>(random() % (most + 1));
  };
  int exact = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const bool takesTurns = draw(1);
    std::vector<Task> tasks(1 + draw(9));
    for (size_t i = 0; i < tasks.size(); ++i) {
      for (int64_t input = draw(2); i > 0 && input > 0; --input)
        tasks[i].inputs.push_back(
            {size_t(draw(int64_t(i) - 1)), draw(9), size_t(draw(1))});
      tasks[i].phases.push_back({0, draw(6), {draw(2)}});
      tasks[i].latency = draw(9);
      tasks[i].results.resize(2);
      for (TaskResult &result : tasks[i].results)
        for (int64_t part = 0; part <= draw(2); ++part) {
          const int64_t every = takesTurns ? 1 + draw(3) : 2;
          result.parts.push_back(
              {draw(2), draw(5), draw(9), every, draw(every - 1)});
        }
    }
    const ModuloSchedule schedule = schedulePipelined(tasks);
    const auto most = countEveryMoment(tasks, schedule);
    std::map<int64_t, int64_t> found;
    for (const BufferUse &use :
         findBufferUses(tasks, schedule.starts, schedule.interval))
      found[use.buffer] = use.bytes;
    for (const auto &[buffer, bytes] : most) {
      // Turns of one length are counted exactly, others at least.
      if (takesTurns)
        EXPECT_GE(found[buffer], bytes) << trial;
      else
        EXPECT_EQ(found[buffer], bytes) << trial;
      exact += found[buffer] == bytes;
    }
  }
  EXPECT_GT(exact, 300);
}
