//===- BufferPool.cpp - Memory between calls ------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Best fit among few buffers.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/BufferPool.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace aimc::runtime {

namespace {
constexpr uint64_t Alignment = 64;
} // namespace

BufferPool::~BufferPool() { shrink(0); }

void BufferPool::beginRun() {
  used.clear();
  usedBytes = 0;
}

void BufferPool::shrink(uint64_t bytes) {
  auto next = kept.begin();
  for (; next != kept.end() && keptBytes > bytes; ++next) {
    std::free(next->memory);
    keptBytes -= next->bytes;
  }
  kept.erase(kept.begin(), next);
}

void *BufferPool::allocate(uint64_t bytes) {
  if (bytes > UINT64_MAX - Alignment)
    return nullptr;
  bytes = std::max(Alignment, (bytes + Alignment - 1) / Alignment * Alignment);
  // The smallest that is large enough, but not much too large.
  auto best = kept.end();
  for (auto buffer = kept.begin(); buffer != kept.end(); ++buffer)
    if (buffer->bytes >= bytes && buffer->bytes / 2 <= bytes &&
        (best == kept.end() || buffer->bytes < best->bytes))
      best = buffer;
  if (best == kept.end()) {
    // Room for what is in use, so that giving it back needs no memory.
    kept.reserve(kept.size() + used.size() + 1);
    const uint64_t most = std::max(mostUsedBytes, usedBytes + bytes);
    shrink(most - usedBytes - bytes);
    void *memory = std::aligned_alloc(Alignment, bytes);
    if (!memory)
      return nullptr;
    kept.push_back({memory, bytes});
    keptBytes += bytes;
    best = std::prev(kept.end());
  }
  // Where there is no memory for this, the buffer is still kept.
  const Kept buffer = *best;
  used.push_back(buffer);
  kept.erase(best);
  keptBytes -= buffer.bytes;
  usedBytes += buffer.bytes;
  mostUsedBytes = std::max(mostUsedBytes, usedBytes);
  return buffer.memory;
}

void BufferPool::release(void *memory) {
  // The youngest are given back first.
  const auto entry =
      std::find_if(used.rbegin(), used.rend(),
                   [&](const Kept &buffer) { return buffer.memory == memory; });
  if (entry == used.rend())
    return std::free(memory);
  kept.push_back(*entry);
  keptBytes += entry->bytes;
  usedBytes -= entry->bytes;
  used.erase(std::next(entry).base());
}

} // namespace aimc::runtime
