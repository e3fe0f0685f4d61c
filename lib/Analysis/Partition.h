//===- Partition.h - Equal parts of a length -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How many rows or columns of a matrix go on each crossbar.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ANALYSIS_PARTITION_H
#define AIMC_LIB_ANALYSIS_PARTITION_H

#include <cstdint>
#include <vector>

namespace aimc {

/// Elements [begin, begin + size).
struct Part {
  int64_t begin, size;

  bool operator==(const Part &other) const {
    return begin == other.begin && size == other.size;
  }
};

/// The number of parts of at most `limit` elements that `length` needs, 0 when
/// either is not positive.
int64_t countParts(int64_t length, int64_t limit);

/// Cuts [0, length) into the fewest parts of at most `limit` elements, in
/// order. Sizes differ by at most 1, larger parts first (the split that Le
/// Gallo et al., Nature Electronics 2023, use on the HERMES chip). Empty when
/// `length` or `limit` is not positive.
std::vector<Part> partition(int64_t length, int64_t limit);

/// Cuts [0, length) into the fewest parts of one size of at most `limit`, if
/// these are at most twice those of `partition`; else as that. A prime length
/// would otherwise be cut into single elements.
std::vector<Part> partitionEvenly(int64_t length, int64_t limit);

} // namespace aimc

#endif // AIMC_LIB_ANALYSIS_PARTITION_H
