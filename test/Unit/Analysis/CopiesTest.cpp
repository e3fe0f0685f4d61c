//===- CopiesTest.cpp - Copies of slow stages -----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Spare cores go to the slowest stages, and nothing gives a shorter interval.
//
//===----------------------------------------------------------------------===//

#include "Analysis/Copies.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <random>

using namespace aimc;

namespace {

double longest(const std::vector<CopiedStage> &stages) {
  double time = 0;
  for (const CopiedStage &stage : stages)
    time = std::max(time, stage.interval());
  return time;
}

/// The shortest interval of all ways to use at most `spare` cores for stages
/// from `from` on.
double findShortest(std::vector<CopiedStage> stages, int64_t spare,
                    size_t from = 0) {
  if (from == stages.size())
    return longest(stages);
  double best = findShortest(stages, spare, from + 1);
  while (!stages[from].fixed && stages[from].cores <= spare) {
    spare -= stages[from].cores;
    ++stages[from].copies;
    best = std::min(best, findShortest(stages, spare, from + 1));
  }
  return best;
}

} // namespace

TEST(Copies, TheSlowestStageGetsThem) {
  std::vector<CopiedStage> stages = {{100, 1}, {400, 2}, {100, 1}};
  CopyShares shares = shareSpareCores(stages, 7, 0);
  // 400 becomes 200, 133 and 100. Of three stages that are as slow then, the
  // core that is left makes one faster alone.
  EXPECT_EQ(stages[0].copies, 1);
  EXPECT_EQ(stages[1].copies, 4);
  EXPECT_EQ(stages[2].copies, 1);
  EXPECT_EQ(shares.left, 1);
  EXPECT_TRUE(shares.slowest);
}

TEST(Copies, NoneWithoutUse) {
  // One stage alone has as many as there are cores.
  std::vector<CopiedStage> stages = {{10, 3}};
  EXPECT_EQ(shareSpareCores(stages, 100, 0).left, 1);
  EXPECT_EQ(stages[0].copies, 34);
  // Not below what is limited anyway.
  stages = {{10, 3}};
  CopyShares shares = shareSpareCores(stages, 100, 2.5);
  EXPECT_EQ(stages[0].copies, 4);
  EXPECT_EQ(shares.left, 91);
  EXPECT_FALSE(shares.slowest);
  // Not when a slower stage has none.
  stages = {{10, 3}, {11, 1, 1, /*fixed=*/true}};
  EXPECT_EQ(shareSpareCores(stages, 100, 0).slowest, 1u);
  EXPECT_EQ(stages[0].copies, 1);
  // Nor more than there is a place for, which the slowest stage says.
  stages = {{10, 3}, {9, 1}};
  stages[0].most = 2;
  CopyShares most = shareSpareCores(stages, 100, 0);
  EXPECT_EQ(stages[0].copies, 2);
  EXPECT_EQ(most.slowest, 0u);
  EXPECT_EQ(most.left, 96);
  // Nor for stages that do nothing, nor without stages.
  stages = {{0, 1}};
  EXPECT_EQ(shareSpareCores(stages, 5, 0).left, 5);
  stages.clear();
  EXPECT_EQ(shareSpareCores(stages, 5, 0).left, 5);
}

TEST(Copies, NoOtherWayIsFaster) {
  std::mt19937 random(1);
  auto draw = [&](int64_t most) {
    return static_cast<int64_t>(random() % (most + 1));
  };
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<CopiedStage> stages(1 + draw(3));
    for (CopiedStage &stage : stages)
      stage = {double(draw(20)), 1 + draw(3), 1 + draw(1), draw(6) == 0};
    const int64_t spare = draw(12);
    const double shortest = findShortest(stages, spare);
    std::vector<CopiedStage> copied = stages;
    const CopyShares shares = shareSpareCores(copied, spare, 0);
    EXPECT_EQ(longest(copied), shortest) << trial;
    int64_t taken = 0;
    for (size_t i = 0; i < stages.size(); ++i)
      taken += (copied[i].copies - stages[i].copies) * stages[i].cores;
    EXPECT_EQ(shares.left, spare - taken);
    // What is done is done: nothing more comes of the rest.
    std::vector<CopiedStage> again = copied;
    EXPECT_EQ(shareSpareCores(again, shares.left, 0).left, shares.left);
    for (size_t i = 0; i < stages.size(); ++i)
      EXPECT_EQ(again[i].copies, copied[i].copies) << trial;
  }
}
