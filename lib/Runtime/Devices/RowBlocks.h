//===- RowBlocks.h - Blocks of rows for tile products -----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How the rows of a batch are cut for the products with a matrix.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_ROWBLOCKS_H
#define AIMC_RUNTIME_DEVICES_ROWBLOCKS_H

#include "Runtime/Kernels/Workers.h"

namespace aimc::runtime {

/// Runs `task` over blocks of rows: high enough that the weights, which each
/// block reads anew, are used often; a multiple of the rows the product kernels
/// hold (12 and 6) where threads allow it.
template <typename Function>
void forRowBlocks(Workers &workers, int64_t rows, const Function &task) {
  constexpr int64_t Largest = 252, Multiple = 12;
  const int64_t block = workers.balancedBlock(rows, Largest);
  workers.run(rows, (block + Multiple - 1) / Multiple * Multiple, task);
}

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_ROWBLOCKS_H
