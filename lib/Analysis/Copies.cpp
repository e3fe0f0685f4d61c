//===- Copies.cpp - Copies of slow stages for throughput ------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A heap of the stages by their intervals.
//
//===----------------------------------------------------------------------===//

#include "Analysis/Copies.h"

#include <limits>
#include <queue>

using namespace aimc;

CopyShares aimc::shareSpareCores(std::vector<CopiedStage> &stages,
                                 int64_t spare, double limit) {
  const auto isFaster = [&](size_t lhs, size_t rhs) {
    const double left = stages[lhs].interval(), right = stages[rhs].interval();
    return left != right ? left < right : lhs > rhs;
  };
  std::vector<size_t> all(stages.size());
  for (size_t i = 0; i < all.size(); ++i)
    all[i] = i;
  std::priority_queue<size_t, std::vector<size_t>, decltype(isFaster)> queue(
      isFaster, std::move(all));
  CopyShares result;
  result.left = spare;
  // Copies given since the slowest stage last became faster.
  std::vector<size_t> pending;
  double longest = std::numeric_limits<double>::infinity();
  while (!queue.empty()) {
    const size_t slowest = queue.top();
    CopiedStage &stage = stages[slowest];
    if (stage.interval() < longest) {
      longest = stage.interval();
      pending.clear();
    }
    if (longest <= limit)
      return result;
    if (stage.fixed || stage.copies >= stage.most ||
        stage.cores > result.left) {
      result.slowest = slowest;
      break;
    }
    // Out of the heap while its place changes.
    queue.pop();
    result.left -= stage.cores;
    ++stage.copies;
    pending.push_back(slowest);
    queue.push(slowest);
  }
  for (size_t each : pending) {
    result.left += stages[each].cores;
    --stages[each].copies;
  }
  return result;
}
