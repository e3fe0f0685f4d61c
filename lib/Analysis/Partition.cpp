//===- Partition.cpp - Equal parts of a length -*- C++ -*-===//
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

#include "Analysis/Partition.h"

#include <algorithm>

using namespace aimc;

int64_t aimc::countParts(int64_t length, int64_t limit) {
  if (length <= 0 || limit <= 0)
    return 0;
  return (length - 1) / limit + 1;
}

std::vector<Part> aimc::partition(int64_t length, int64_t limit) {
  int64_t count = countParts(length, limit);
  std::vector<Part> parts;
  parts.reserve(count);
  int64_t begin = 0;
  for (int64_t i = 0; i < count; ++i) {
    int64_t size = length / count + (i < length % count);
    parts.push_back({begin, size});
    begin += size;
  }
  return parts;
}

std::vector<Part> aimc::partitionEvenly(int64_t length, int64_t limit) {
  const int64_t fewest = countParts(length, limit);
  for (int64_t count = std::max<int64_t>(fewest, 1);
       count <= 2 * fewest && count <= length; ++count)
    if (length % count == 0)
      return partition(length, length / count);
  return partition(length, limit);
}
