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

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <vector>

namespace aimc::runtime {

/// Allocates on cache lines.
template <typename T> struct CacheAlignedAllocator {
  using value_type = T;
  static constexpr std::align_val_t Alignment{64};

  CacheAlignedAllocator() = default;
  template <typename U>
  CacheAlignedAllocator(const CacheAlignedAllocator<U> &) {}

  T *allocate(std::size_t count) {
    return static_cast<T *>(::operator new(count * sizeof(T), Alignment));
  }
  void deallocate(T *values, std::size_t) {
    ::operator delete(values, Alignment);
  }
  bool operator==(const CacheAlignedAllocator &) const { return true; }
  bool operator!=(const CacheAlignedAllocator &) const { return false; }
};

/// FP32 values that start on a cache line.
using Buffer = std::vector<float, CacheAlignedAllocator<float>>;

/// Makes room for `size` values in a vector that is reused from call to call.
template <typename Values> auto *reserve(Values &values, int64_t size) {
  if (values.size() < static_cast<size_t>(size))
    values.resize(size);
  return values.data();
}

/// A fixed number of threads. They compute in the floating-point modes of the
/// thread that first gave them work, which oneTBB hands on.
class Workers {
public:
  /// `threads` >= 1, at most as many as the machine runs at once; the calling
  /// thread is one of them.
  explicit Workers(int threads);
  ~Workers();

  int threads() const { return threadCount; }

  /// Work on items first .. first + count - 1 by the thread with number `slot`,
  /// 0 <= slot < threads().
  using Task = std::function<void(int64_t first, int64_t count, int slot)>;

  /// Runs `task` over 0 .. n - 1 in blocks of at most `block` items.
  template <typename Function>
  void run(int64_t n, int64_t block, const Function &task) {
    // A single block is what a batch of few rows is: nothing is made for it.
    if (n > block)
      runBlocks(n, block, std::cref(task));
    else if (n > 0)
      task(0, n, 0);
  }

  /// A block of at most `block` items such that all threads get about as many.
  int64_t balancedBlock(int64_t n, int64_t block) const {
    if (n <= block && threadCount == 1) // without divisions
      return std::max<int64_t>(n, 1);
    const int64_t least = (n + block - 1) / block;
    const int64_t blocks =
        (least + threadCount - 1) / threadCount * threadCount;
    return std::max<int64_t>(1,
                             (n + blocks - 1) / std::max<int64_t>(blocks, 1));
  }

private:
  void runBlocks(int64_t n, int64_t block, const Task &task);

  int threadCount;
  struct Arena;
  std::unique_ptr<Arena> arena; ///< none for one thread
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_WORKERS_H
