//===- BufferPool.h - Memory between calls ----------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Buffers that a model gives back are kept for its next run: the system clears
// fresh memory page by page, which takes longer than many a product.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_BUFFERPOOL_H
#define AIMC_RUNTIME_DEVICES_BUFFERPOOL_H

#include <cstdint>
#include <vector>

namespace aimc::runtime {

/// Memory of one model. What it keeps and what is in use are together never
/// more than was in use at some time. Not thread-safe.
class BufferPool {
public:
  BufferPool() = default;
  ~BufferPool();
  BufferPool(const BufferPool &) = delete;
  BufferPool &operator=(const BufferPool &) = delete;

  /// Begins a run: what is in use belongs to others from now on.
  void beginRun();

  /// At least `bytes` bytes at a multiple of 64, null when there are none. In
  /// the run `release` takes them back, later free() may.
  void *allocate(uint64_t bytes);

  /// Takes back what `allocate` gave in this run; frees other memory. Null is
  /// nothing.
  void release(void *memory);

private:
  struct Kept {
    void *memory;
    uint64_t bytes;
  };

  /// Frees the oldest of what is kept until `bytes` of it are left.
  void shrink(uint64_t bytes);

  std::vector<Kept> kept; ///< the oldest first
  uint64_t keptBytes = 0;
  std::vector<Kept> used; ///< of this run, the oldest first
  uint64_t usedBytes = 0, mostUsedBytes = 0;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_BUFFERPOOL_H
