//===- RectanglesTest.cpp - Tests of the search for overlaps --------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sweep against the comparison of all pairs.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Rectangles.h"

#include <gtest/gtest.h>

#include <random>

using namespace aimc::runtime;

namespace {

bool overlap(const Rectangle &a, const Rectangle &b) {
  return a.row < b.row + b.rows && b.row < a.row + a.rows &&
         a.column < b.column + b.columns && b.column < a.column + a.columns;
}

TEST(Rectangles, FindsAnOverlapWhereThereIsOne) {
  std::mt19937 generator(1);
  const auto below = [&](int64_t bound) {
    return static_cast<int64_t>(generator() % bound);
  };
  int with = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    std::vector<Rectangle> rectangles;
    for (int64_t id = 0; id < 2 + trial % 6; ++id)
      rectangles.push_back(
          {below(10), below(10), 1 + below(4), 1 + below(4), id});
    bool expected = false;
    for (const Rectangle &a : rectangles)
      for (const Rectangle &b : rectangles)
        expected |= a.id < b.id && overlap(a, b);
    const auto found = findOverlap(rectangles);
    ASSERT_EQ(found.has_value(), expected) << "trial " << trial;
    if (found) {
      ++with;
      EXPECT_NE(found->first, found->second);
      EXPECT_TRUE(overlap(rectangles[found->first], rectangles[found->second]));
    }
  }
  // Both cases were met often.
  EXPECT_GT(with, 500);
  EXPECT_LT(with, 2500);
}

} // namespace
