//===- ThreadWorkers.cpp - Threads without oneTBB -------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In the place of Workers.cpp where the runtime is built with a compiler alone:
// the threads of the C++ library, started for each range.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/Workers.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace aimc::runtime {

struct Workers::Arena {};

// More threads than the machine runs at once would only wait.
Workers::Workers(int threads)
    : threadCount(std::min(
          threads, std::max(1, int(std::thread::hardware_concurrency())))) {}

Workers::~Workers() = default;

void Workers::runBlocks(int64_t n, int64_t block, const Task &task) {
  const int64_t blocks = (n + block - 1) / block;
  std::atomic<int64_t> next{0};
  std::exception_ptr exception;
  std::mutex mutex;
  const auto work = [&](int slot) {
    try {
      for (int64_t b; (b = next++) < blocks;)
        task(b * block, std::min(block, n - b * block), slot);
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex);
      exception = std::current_exception();
      next = blocks;
    }
  };
  // A thread starts in the floating-point modes of the one that starts it.
  std::vector<std::thread> others;
  const int64_t slots = std::min<int64_t>(threadCount, blocks);
  try {
    others.reserve(std::max<int64_t>(slots - 1, 0));
    for (int64_t slot = 1; slot < slots; ++slot)
      others.emplace_back(work, int(slot));
  } catch (...) {
    // No more threads, or memory for them, are to be had; those that are there
    // do the work, and must be waited for whatever it was.
  }
  work(0);
  for (std::thread &other : others)
    other.join();
  if (exception)
    std::rethrow_exception(exception);
}

} // namespace aimc::runtime
