//===- ModuloScheduleTest.cpp - When tasks run ------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Small schedules by hand, random ones against a check of every moment.
//
//===----------------------------------------------------------------------===//

#include "Analysis/ModuloSchedule.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

using namespace aimc;

namespace {

/// A task of one phase on one resource, which ends with it.
Task makeTask(int64_t resource, int64_t duration,
              std::vector<TaskInput> inputs = {}) {
  return {std::move(inputs), {{0, duration, {resource}}}, duration};
}

/// Whether no resource is taken twice, moment for moment.
bool isFreeOfCollisions(const std::vector<Task> &tasks,
                        const ModuloSchedule &schedule) {
  std::map<std::pair<int64_t, int64_t>, int> taken;
  for (size_t i = 0; i < tasks.size(); ++i)
    for (const TaskPhase &phase : tasks[i].phases)
      for (int64_t resource : phase.resources)
        for (int64_t t = 0; t < phase.duration; ++t)
          if (taken[{resource, (schedule.starts[i] + phase.offset + t) %
                                   schedule.interval}]++)
            return false;
  return true;
}

} // namespace

TEST(ModuloSchedule, OfNothing) {
  EXPECT_EQ(schedulePipelined({}).interval, 1);
  EXPECT_EQ(schedulePipelined({}).latency, 0);
}

TEST(ModuloSchedule, StagesOverlapVectors) {
  // 3, 5 and 2 long, each on a resource of its own.
  std::vector<Task> tasks = {makeTask(0, 3), makeTask(1, 5, {{0, 1}}),
                             makeTask(2, 2, {{1, 0}})};
  ModuloSchedule result = schedulePipelined(tasks);
  EXPECT_EQ(result.interval, 5);
  EXPECT_EQ(result.starts, (std::vector<int64_t>{0, 4, 9}));
  EXPECT_EQ(result.latency, 11);
  result = scheduleInOrder(tasks);
  EXPECT_EQ(result.interval, 11);
  EXPECT_EQ(result.latency, 11);
}

TEST(ModuloSchedule, IndependentTasksRunAtOnce) {
  ModuloSchedule result = schedulePipelined({makeTask(0, 4), makeTask(1, 3)});
  EXPECT_EQ(result.starts, (std::vector<int64_t>{0, 0}));
  EXPECT_EQ(result.interval, 4);
  EXPECT_EQ(scheduleInOrder({makeTask(0, 4), makeTask(1, 3)}).interval, 7);
}

TEST(ModuloSchedule, TasksOfOneResourceTakeTurns) {
  // The second one waits for another resource, and then for its turn: the first
  // of the next vector takes the resource from 8 to 12.
  std::vector<Task> tasks = {makeTask(0, 4), makeTask(1, 5, {{0, 0}}),
                             makeTask(0, 4, {{1, 0}})};
  ModuloSchedule result = schedulePipelined(tasks);
  EXPECT_EQ(result.interval, 8);
  EXPECT_EQ(result.starts, (std::vector<int64_t>{0, 4, 12}));
}

TEST(ModuloSchedule, PhasesBeforeTheStartCount) {
  Task task = makeTask(0, 4);
  task.phases.push_back({-3, 3, {1}});
  EXPECT_EQ(schedulePipelined({task}).starts.front(), 3);
  EXPECT_EQ(scheduleInOrder({task, task}).starts,
            (std::vector<int64_t>{3, 10}));
}

TEST(ModuloSchedule, ConflictsAreFound) {
  std::vector<Task> tasks = {makeTask(0, 4), makeTask(0, 4, {{0, 2}})};
  EXPECT_FALSE(findConflict(tasks, {0, 6}, 10));
  std::optional<ScheduleConflict> early = findConflict(tasks, {0, 5}, 10);
  ASSERT_TRUE(early);
  EXPECT_FALSE(early->resource);
  EXPECT_EQ(early->earliest, 6);
  // At 14 the first one of the second vector is still there.
  std::optional<ScheduleConflict> collision = findConflict(tasks, {0, 13}, 10);
  ASSERT_TRUE(collision);
  EXPECT_EQ(collision->task, 1u);
  EXPECT_EQ(collision->other, 0u);
  EXPECT_EQ(collision->resource, 0);
  // A task alone does not fit an interval shorter than itself.
  collision = findConflict({makeTask(7, 4)}, {0}, 3);
  ASSERT_TRUE(collision);
  EXPECT_EQ(collision->resource, 7);
}

TEST(ModuloSchedule, RandomOnesHold) {
  std::mt19937 random(1);
  auto draw = [&](int64_t most) {
    return static_cast<int64_t>(random() % (most + 1));
  };
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<Task> tasks(1 + draw(12));
    for (size_t i = 0; i < tasks.size(); ++i) {
      if (i > 0 && draw(2))
        tasks[i].inputs.push_back({size_t(draw(int64_t(i) - 1)), draw(3)});
      int64_t offset = -draw(3);
      for (int64_t phase = 0; phase <= draw(2); ++phase) {
        const int64_t duration = draw(6);
        tasks[i].phases.push_back({offset, duration, {draw(2), 3 + draw(2)}});
        offset += duration;
      }
      tasks[i].latency = std::max<int64_t>(offset, 0) + draw(3);
    }
    ModuloSchedule inOrder = scheduleInOrder(tasks);
    ModuloSchedule pipelined = schedulePipelined(tasks);
    for (const ModuloSchedule &each : {inOrder, pipelined}) {
      EXPECT_TRUE(isFreeOfCollisions(tasks, each)) << trial;
      EXPECT_FALSE(findConflict(tasks, each.starts, each.interval)) << trial;
    }
    EXPECT_LE(pipelined.interval, inOrder.interval);
    EXPECT_GE(pipelined.interval, findLeastInterval(tasks));
    // Hand-broken: what comes first meets itself or what it depends on.
    std::vector<int64_t> broken = pipelined.starts;
    broken.back() += 1 + draw(4);
    ModuloSchedule shifted = pipelined;
    shifted.starts = broken;
    EXPECT_EQ(isFreeOfCollisions(tasks, shifted),
              !findConflict(tasks, broken, pipelined.interval))
        << trial;
  }
}
