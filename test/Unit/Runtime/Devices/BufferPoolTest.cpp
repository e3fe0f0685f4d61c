//===- BufferPoolTest.cpp - Memory between calls --------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which buffers are used again. The sanitizers see leaks.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/BufferPool.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>

using namespace aimc::runtime;

TEST(BufferPool, GivesWhatWasReleasedAgain) {
  BufferPool pool;
  pool.beginRun();
  void *large = pool.allocate(1 << 20);
  void *small = pool.allocate(1000);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(large) % 64, 0u);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(small) % 64, 0u);
  std::memset(large, 1, 1 << 20);
  std::memset(small, 1, 1000);
  pool.release(large);
  pool.release(small);
  pool.beginRun();
  EXPECT_EQ(pool.allocate(1000), small);
  EXPECT_EQ(pool.allocate((1 << 20) - 64), large);
  pool.release(small);
  pool.release(large);
}

TEST(BufferPool, BuffersInUseAreApart) {
  BufferPool pool;
  pool.beginRun();
  void *first = pool.allocate(4096);
  pool.release(first);
  void *second = pool.allocate(4096), *third = pool.allocate(4096);
  EXPECT_EQ(second, first);
  EXPECT_NE(third, second);
  pool.release(second);
  pool.release(third);
}

TEST(BufferPool, DoesNotWasteLargeBuffers) {
  BufferPool pool;
  pool.beginRun();
  void *large = pool.allocate(1 << 20);
  pool.release(large);
  void *small = pool.allocate(64);
  EXPECT_NE(small, large);
  pool.release(small);
}

TEST(BufferPool, ResultsBelongToTheCaller) {
  BufferPool pool;
  pool.beginRun();
  void *result = pool.allocate(4096);
  pool.beginRun();
  void *next = pool.allocate(4096);
  EXPECT_NE(next, result);
  pool.release(next);
  std::free(result);
  // Memory of others is freed.
  pool.release(std::malloc(10));
  pool.release(nullptr);
}

TEST(BufferPool, NoMemory) {
  BufferPool pool;
  pool.beginRun();
  EXPECT_EQ(pool.allocate(UINT64_MAX), nullptr);
  EXPECT_EQ(pool.allocate(UINT64_MAX / 2), nullptr);
}
