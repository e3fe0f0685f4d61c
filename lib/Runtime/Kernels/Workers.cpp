//===- Workers.cpp - Threads over blocks of rows --------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// On oneTBB.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/Workers.h"

#include <tbb/blocked_range.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>

namespace aimc::runtime {

struct Workers::Arena : tbb::task_arena {
  using tbb::task_arena::task_arena;
};

// More threads than the machine runs at once would only wait.
Workers::Workers(int threads)
    : threadCount(std::min(threads, tbb::info::default_concurrency())) {
  if (threadCount > 1)
    arena = std::make_unique<Arena>(threadCount);
}

Workers::~Workers() = default;

void Workers::runBlocks(int64_t n, int64_t block, const Task &task) {
  const int64_t blocks = (n + block - 1) / block;
  const auto runBlock = [&](int64_t b, int slot) {
    const int64_t first = b * block;
    task(first, std::min(block, n - first), slot);
  };
  if (!arena || blocks < 2) {
    for (int64_t b = 0; b < blocks; ++b)
      runBlock(b, 0);
    return;
  }
  arena->execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<int64_t>(0, blocks),
        [&](const tbb::blocked_range<int64_t> &range) {
          for (int64_t b = range.begin(); b != range.end(); ++b)
            runBlock(b, tbb::this_task_arena::current_thread_index());
        },
        tbb::simple_partitioner());
  });
}

} // namespace aimc::runtime
