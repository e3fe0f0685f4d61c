//===- Blocks.h - Runs in blocks of rows ------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which models can be run in blocks of rows, and how long the blocks are: the
// same for files and for arrays in memory.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_RUNNER_BLOCKS_H
#define AIMC_LIB_RUNTIME_RUNNER_BLOCKS_H

#include "aimc/Runtime/ABI.h"

namespace aimc::runtime {

/// Rows of a block unless values are wide.
inline constexpr int64_t DefaultBlockRows = 4096;

/// Whether rows of `model` can be run apart from each other, if all inputs have
/// the same number of them: every argument and result is a matrix of any number
/// of rows, and no row of a result depends on other rows.
bool takesBlocks(const aimc_model &model);

/// Rows of a block, at most `most`: what one value of the model takes for them
/// is 64 MB, or 256 rows if those are more, which the products need to be fast.
int64_t blockRowsOf(const aimc_model &model, int64_t most);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_RUNNER_BLOCKS_H
