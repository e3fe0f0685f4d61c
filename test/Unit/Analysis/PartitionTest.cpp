//===- PartitionTest.cpp - Equal parts of a length -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parts are the fewest, follow each other, and differ by at most 1.
//
//===----------------------------------------------------------------------===//

#include "Analysis/Partition.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace aimc;

TEST(Partition, IsTheFewestEqualParts) {
  for (int64_t limit : {1, 2, 7, 255, 256})
    for (int64_t length = 1; length <= 1100; ++length) {
      std::vector<Part> parts = partition(length, limit);
      ASSERT_EQ(static_cast<int64_t>(parts.size()), countParts(length, limit));
      EXPECT_GE(static_cast<int64_t>(parts.size()) * limit, length);
      EXPECT_LT((static_cast<int64_t>(parts.size()) - 1) * limit, length);
      int64_t end = 0;
      for (const Part &part : parts) {
        EXPECT_EQ(part.begin, end);
        EXPECT_GE(part.size, 1);
        EXPECT_LE(part.size, limit);
        EXPECT_LE(part.size, parts.front().size);
        EXPECT_GE(part.size, parts.front().size - 1);
        end += part.size;
      }
      EXPECT_EQ(end, length);
    }
}

TEST(Partition, PutsLargerPartsFirst) {
  EXPECT_EQ(partition(257, 256), (std::vector<Part>{{0, 129}, {129, 128}}));
}

TEST(Partition, IsEmptyWithoutLengthOrLimit) {
  EXPECT_TRUE(partition(0, 4).empty());
  EXPECT_TRUE(partition(-1, 4).empty());
  EXPECT_TRUE(partition(4, 0).empty());
}

TEST(PartitionEvenly, TakesEqualPartsWhereThereAreAny) {
  auto sizes = [](int64_t length, int64_t limit) {
    std::vector<int64_t> sizes;
    int64_t end = 0;
    for (const Part &part : partitionEvenly(length, limit)) {
      EXPECT_EQ(part.begin, end);
      end += part.size;
      sizes.push_back(part.size);
    }
    EXPECT_EQ(end, length);
    return sizes;
  };
  EXPECT_EQ(sizes(256, 256), std::vector<int64_t>({256}));
  EXPECT_EQ(sizes(520, 256), std::vector<int64_t>({130, 130, 130, 130}));
  EXPECT_EQ(sizes(1000, 256), std::vector<int64_t>({250, 250, 250, 250}));
  // 2 * 257 has no divisor from 3 to 6.
  EXPECT_EQ(sizes(514, 256), std::vector<int64_t>({172, 171, 171}));
  EXPECT_EQ(sizes(3, 2), std::vector<int64_t>({1, 1, 1}));
  EXPECT_TRUE(sizes(0, 256).empty());
}
