//===- Workers.h - Threads over blocks of rows ------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thread pool that cuts a range of rows into blocks. How it is cut never
// changes a result, since rows are independent of each other.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_WORKERS_H
#define AIMC_RUNTIME_KERNELS_WORKERS_H

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <tbb/cache_aligned_allocator.h>
#include <tbb/task_arena.h>

namespace aimc::runtime {

/// FP32 values that start on a cache line.
using Buffer = std::vector<float, tbb::cache_aligned_allocator<float>>;

/// A fixed number of threads.
class Workers {
public:
  /// `threads` >= 1; the calling thread is one of them.
  explicit Workers(int threads);
  ~Workers();

  int threads() const { return threadCount; }

  /// Work on items first .. first + count - 1 by the thread with number `slot`,
  /// 0 <= slot < threads().
  using Task = std::function<void(int64_t first, int64_t count, int slot)>;

  /// Runs `task` over 0 .. n - 1 in blocks of at most `block` items.
  void run(int64_t n, int64_t block, const Task &task);

  /// `block` items at most, fewer if threads would idle otherwise.
  int64_t balancedBlock(int64_t n, int64_t block) const;

private:
  int threadCount;
  std::unique_ptr<tbb::task_arena> arena;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_WORKERS_H
