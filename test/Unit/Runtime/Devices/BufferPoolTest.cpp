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
#include "../Support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

/// The address sanitizer has operators of its own, by which it tells what does
/// not belong together.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ADDRESS_SANITIZER
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define HAS_ADDRESS_SANITIZER
#endif

#ifndef HAS_ADDRESS_SANITIZER
/// Whether memory of `operator new` of this thread is at an end.
static thread_local bool isMemoryAtEnd = false;

void *operator new(size_t bytes) {
  void *memory = isMemoryAtEnd ? nullptr : std::malloc(bytes ? bytes : 1);
  if (!memory)
    throw std::bad_alloc();
  return memory;
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, size_t) noexcept { std::free(memory); }
#endif

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

#ifndef HAS_ADDRESS_SANITIZER
TEST(BufferPool, TakesNoMemoryForWhatItKeeps) {
  BufferPool pool;
  pool.beginRun();
  void *first = pool.allocate(4096);
  pool.release(first);
  isMemoryAtEnd = true;
  EXPECT_EQ(pool.allocate(4096), first);
  bool hasThrown = false;
  try {
    pool.allocate(1 << 20);
  } catch (const std::bad_alloc &) {
    hasThrown = true;
  }
  isMemoryAtEnd = false;
  EXPECT_TRUE(hasThrown);
  void *second = pool.allocate(1 << 20);
  // To give back what is in use takes no memory either.
  isMemoryAtEnd = true;
  pool.release(first);
  pool.release(second);
  isMemoryAtEnd = false;
  EXPECT_EQ(pool.allocate(1 << 20), second);
  pool.release(second);
}

TEST(BufferPool, ARunOfFewRowsTakesNoMemory) {
  const int32_t columns = 100;
  const std::vector<float> offsets = randomValues(columns, 1);
  const float *constants[] = {offsets.data()};
  const aimc_instruction instructions[] = {{AIMC_ADD, 2, {0, 1, -1}, -1},
                                           {AIMC_COSINE, 3, {2, -1, -1}, -1},
                                           {AIMC_PRODUCT, 4, {3, -1, -1}, 1}};
  const int32_t widths[] = {columns, columns, columns, columns, 3};
  const int32_t outputs[] = {4};
  TestModel model(
      {{"x", -1, 20, 0, nullptr}}, {{"y", -1, 3, 0, nullptr}},
      [&](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
        const int64_t rows = in[0].sizes[0], program = 0, operand = 0,
                      result = 1;
        auto *y = static_cast<float *>(aimc_allocate(context, rows, 3));
        out[0] = {y, y, 0, {rows, 3}, {3, 1}};
        aimc_mvm_digital(context, 0, 1, &program, 0, 1.0f, 1.0f, 1, &operand, 1,
                         &result, 0, aimc_first_vector(context), in, 0, nullptr,
                         1, out);
      });
  model.addMatrix(20, columns, randomValues(20 * columns, 2),
                  cutTiles(20, columns, 20, 64));
  model.addMatrix(columns, 3, randomValues(columns * 3, 3), {});
  model.addProgram(
      {"p", "unit", 1, 1, constants, 3, instructions, widths, 1, outputs});
  std::string error;
  auto context = Context::create(model.get(), {}, error);
  ASSERT_TRUE(context) << error;
  std::vector<float> x = randomValues(20, 4);
  const std::vector<aimc_tensor> inputs = {view(x, 20)};
  std::vector<aimc_tensor> results;
  // The first run makes room.
  ASSERT_TRUE(context->run(inputs, 0, results, error)) << error;
  context->release(results);
  isMemoryAtEnd = true;
  const bool wentWell = context->run(inputs, 0, results, error);
  context->release(results);
  isMemoryAtEnd = false;
  EXPECT_TRUE(wentWell) << error;
}
#endif

TEST(BufferPool, TakesBuffersBackInAnyOrder) {
  BufferPool pool;
  std::vector<void *> first, second;
  pool.beginRun();
  for (int i = 0; i < 300; ++i)
    first.push_back(pool.allocate(1000));
  for (int i = 0; i < 300; ++i) // 7 has no divisor with 300
    pool.release(first[7 * i % 300]);
  pool.beginRun();
  for (int i = 0; i < 300; ++i)
    second.push_back(pool.allocate(1000));
  EXPECT_EQ(std::set<void *>(second.begin(), second.end()),
            std::set<void *>(first.begin(), first.end()));
  for (void *buffer : second)
    pool.release(buffer);
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

TEST(BufferPool, ReleasedOutputsAreUsedAgain) {
  TestModel model(
      {{"x", -1, 1, 0, nullptr}}, {{"y", -1, 100, 0, nullptr}},
      [&](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
        const int64_t rows = in[0].sizes[0];
        auto *memory = static_cast<float *>(aimc_allocate(context, rows, 100));
        std::fill_n(memory, rows * 100, 0.0f);
        out[0] = {memory, memory, 0, {rows, 100}, {100, 1}};
      });
  std::string error;
  const auto context = Context::create(model.get(), {}, error);
  ASSERT_TRUE(context) << error;
  std::vector<float> x(50);
  std::vector<aimc_tensor> outputs;
  ASSERT_TRUE(context->run({view(x, 1)}, 0, outputs, error)) << error;
  float *memory = outputs[0].allocated;
  context->release(outputs);
  EXPECT_TRUE(outputs.empty());
  ASSERT_TRUE(context->run({view(x, 1)}, 0, outputs, error)) << error;
  EXPECT_EQ(outputs[0].allocated, memory);
  // Of two outputs that share memory both are released.
  outputs.push_back(outputs[0]);
  context->release(outputs);
  EXPECT_TRUE(outputs.empty());
}

// Sizes whose product wraps to few bytes, or to none.
TEST(BufferPool, NoMemoryForSizesThatOverflow) {
  const int64_t large = int64_t(1) << 62;
  std::vector<bool> hasMemory;
  TestModel model(
      {{"x", -1, 1, 0, nullptr}}, {{"y", -1, 1, 0, nullptr}},
      [&](aimc_context *context, const aimc_tensor *, aimc_tensor *out) {
        const std::vector<std::pair<int64_t, int64_t>> sizes = {
            {large / 4, 16}, {large, 4}, {large + 1, 4},
            {-1, 1},         {1, -1},    {3, 5}};
        for (const auto &[rows, columns] : sizes) {
          void *memory = aimc_allocate(context, rows, columns);
          hasMemory.push_back(memory);
          aimc_release(context, memory);
        }
        out[0] = TestModel::allocate(1, 1);
      });
  std::string error;
  const auto context = Context::create(model.get(), {}, error);
  ASSERT_TRUE(context) << error;
  std::vector<float> x(1);
  runContext(*context, {view(x, 1)}, 0, error);
  EXPECT_EQ(error, "");
  EXPECT_EQ(hasMemory,
            (std::vector<bool>{false, false, false, false, false, true}));
}
