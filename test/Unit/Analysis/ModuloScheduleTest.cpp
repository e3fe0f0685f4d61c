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

/// Whether no resource is taken twice, moment for moment, by the 12 vectors
/// after which all repeats where each resource is taken by every vector, every
/// second, third or fourth one.
bool isFreeOfCollisions(const std::vector<Task> &tasks,
                        const ModuloSchedule &schedule) {
  const int64_t vectors = 12;
  std::map<std::pair<int64_t, int64_t>, int> taken;
  for (size_t i = 0; i < tasks.size(); ++i)
    for (const TaskPhase &phase : tasks[i].phases)
      for (int64_t resource : phase.resources)
        for (int64_t vector = phase.first; vector < vectors;
             vector += phase.every)
          for (int64_t t = 0; t < phase.duration; ++t) {
            const int64_t time = schedule.starts[i] + phase.offset + t +
                                 vector * schedule.interval;
            if (taken[{resource, time % (vectors * schedule.interval)}]++)
              return false;
          }
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

/// Copies that take turns divide the time of a stage; the one of another stage
/// then sets the interval, and so does a resource that all vectors take.
TEST(ModuloSchedule, CopiesTakeTurns) {
  auto makeCopies = [](int64_t copies, int64_t duration,
                       std::vector<TaskInput> inputs = {}) {
    Task task = {std::move(inputs), {}, duration};
    for (int64_t copy = 0; copy < copies; ++copy)
      task.phases.push_back({0, duration, {10 + copy}, copies, copy});
    return task;
  };
  for (int64_t copies : {1, 2, 3, 4, 100}) {
    const std::vector<Task> tasks = {makeTask(0, 3),
                                     makeCopies(copies, 12, {{0, 0}})};
    const ModuloSchedule result = schedulePipelined(tasks);
    EXPECT_EQ(result.interval, std::max<int64_t>((12 + copies - 1) / copies, 3))
        << copies;
    // A vector takes as long as with one copy.
    EXPECT_EQ(result.latency, 15);
    EXPECT_FALSE(findConflict(tasks, result.starts, result.interval));
    EXPECT_EQ(findConflict(tasks, result.starts, 1).has_value(), true);
  }
  // Two copies on one core take it twice in two intervals.
  Task together = makeCopies(2, 6);
  together.phases[1].resources = together.phases[0].resources;
  EXPECT_EQ(schedulePipelined({together}).interval, 6);
  // 100 and 3 repeat together after 300 vectors, which are too many to keep
  // apart: then the core is as if every vector took it.
  Task hundred = makeCopies(100, 6), three = makeCopies(3, 6);
  for (Task *task : {&hundred, &three})
    task->phases.resize(1);
  EXPECT_EQ(schedulePipelined({hundred, three}).interval, 12);
  // 4 and 3 are not: in 12 vectors 3 times 6 and 4 times 6, whichever is first.
  Task four = makeCopies(4, 6);
  four.phases.resize(1);
  EXPECT_EQ(findLeastInterval({four, three}), 4);
  EXPECT_EQ(findLeastInterval({three, four}), 4);
}

/// Copies on few cores, whose turns leave holes, are no slower than one copy.
TEST(ModuloSchedule, TurnsAreNoSlowerThanNone) {
  // Of copies that lie on two cores, the last two on the second one.
  for (int64_t copies = 1; copies <= 200; ++copies) {
    Task task = {{}, {}, 133000 + 240000};
    for (int64_t copy = 0; copy < copies; ++copy) {
      const int64_t core = copy < copies - 2 ? 0 : 1;
      task.phases.push_back({0, 133000, {core}, copies, copy});
      task.phases.push_back({293000, 80000, {2 + core}, copies, copy});
    }
    EXPECT_LE(schedulePipelined({task}).interval, 133000) << copies;
  }
}

/// What is found is not a sixteenth above what there is room for.
TEST(ModuloSchedule, IntervalGoesDownAgain) {
  // The second phase meets the first one of the next vector below 134000.
  const std::vector<Task> tasks = {
      {{}, {{0, 100000, {0}}, {133000, 1000, {0}}}, 134000},
      makeTask(1, 50000)};
  const ModuloSchedule result = schedulePipelined(tasks);
  EXPECT_FALSE(findConflict(tasks, result.starts, result.interval));
  int64_t least = findLeastInterval(tasks);
  EXPECT_EQ(least, 101000);
  while (findConflict(tasks, {0, 0}, least))
    ++least;
  EXPECT_EQ(least, 134000);
  EXPECT_LE(result.interval, least + least / 1000);
}

/// Times and turns up to the longest ones are counted without overflow.
TEST(ModuloSchedule, LongTimesAreWhole) {
  const int64_t every = int64_t(1) << 40;
  Task task = {{}, {{0, 10, {0}, every, every / 2}, {10, 3, {0}, every}}, 13};
  EXPECT_FALSE(findConflict({task}, {mostTime - 1}, mostTime));
  // Turns of so many copies count as if every vector had them.
  task.phases[1].offset = 5;
  EXPECT_TRUE(findConflict({task}, {mostTime - 1}, mostTime));
  // Turns of fewer are kept apart.
  for (TaskPhase &phase : task.phases)
    phase.every = 1 << 16;
  task.phases[0].first = (1 << 16) - 1;
  EXPECT_FALSE(findConflict({task}, {mostTime - 7}, mostTime));
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

TEST(ModuloSchedule, OverlapsInTimeAreFound) {
  // The second begins 2 before its start, the third may be anywhere.
  std::vector<Task> tasks = {
      makeTask(0, 3), {{}, {{-2, 2, {1}}, {0, 4, {2}}}, 4}, makeTask(3, 1)};
  EXPECT_FALSE(findOverlapInTime(tasks, {0, 5, 9}));
  EXPECT_EQ(findIntervalInOrder(tasks, {0, 5, 9}), 10);
  // In another order, and with a pause before the first.
  EXPECT_FALSE(findOverlapInTime(tasks, {10, 15, 8}));
  EXPECT_EQ(findIntervalInOrder(tasks, {10, 15, 8}), 11);
  std::optional<ScheduleConflict> overlap = findOverlapInTime(tasks, {0, 4, 9});
  ASSERT_TRUE(overlap);
  EXPECT_EQ(overlap->task, 1u);
  EXPECT_EQ(overlap->other, 0u);
  EXPECT_EQ(overlap->earliest, 5);
  overlap = findOverlapInTime(tasks, {0, 5, 2});
  ASSERT_TRUE(overlap);
  EXPECT_EQ(overlap->task, 2u);
  EXPECT_EQ(overlap->other, 0u);
  EXPECT_EQ(overlap->earliest, 3);
  const ModuloSchedule inOrder = scheduleInOrder(tasks);
  EXPECT_FALSE(findOverlapInTime(tasks, inOrder.starts));
  EXPECT_EQ(findIntervalInOrder(tasks, inOrder.starts), inOrder.interval);
  EXPECT_FALSE(findOverlapInTime({}, {}));
  EXPECT_EQ(findIntervalInOrder({}, {}), 1);
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
        const int64_t every = 1 + draw(3);
        tasks[i].phases.push_back(
            {offset, duration, {draw(2), 3 + draw(2)}, every, draw(every - 1)});
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
