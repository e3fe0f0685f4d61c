//===- ThreadWorkersTest.cpp - Threads of the C++ library -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The workers of a runtime that a compiler alone has built. They have the name
// of the others, so the source is compiled here in a namespace of its own.
//
//===----------------------------------------------------------------------===//

#define runtime standalone_runtime
#include "Runtime/Standalone/ThreadWorkers.cpp"
#undef runtime

#include <gtest/gtest.h>

#include <stdexcept>

using aimc::standalone_runtime::Workers;

TEST(ThreadWorkers, VisitEachItemOnce) {
  for (int threads : {1, 2, 1000})
    for (int64_t n : {0, 1, 7, 1000}) {
      Workers workers(threads);
      std::vector<int> visits(n);
      std::atomic<bool> isSlot{true};
      workers.run(n, 3, [&](int64_t first, int64_t count, int slot) {
        isSlot = isSlot && slot >= 0 && slot < workers.threads() && count <= 3;
        for (int64_t i = first; i < first + count; ++i)
          ++visits[i];
      });
      EXPECT_TRUE(isSlot);
      EXPECT_EQ(visits, std::vector<int>(n, 1));
    }
}

TEST(ThreadWorkers, HandOnExceptions) {
  Workers workers(4);
  EXPECT_THROW(workers.run(100, 1,
                           [](int64_t, int64_t, int) {
                             throw std::runtime_error("no");
                           }),
               std::runtime_error);
}
