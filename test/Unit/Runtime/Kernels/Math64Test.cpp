//===- Math64Test.cpp - Elementary functions in FP64 ------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Accuracy against the C library in long double, and the ends of the range.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/Math64.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace aimc::runtime;

namespace {

constexpr double Infinity = std::numeric_limits<double>::infinity();

TEST(Math64, Exponential) {
  for (int i = -200000; i <= 200000; ++i) {
    const double x = i * 0x1.b3p-9;
    if (x < -708 || x > 709)
      continue;
    const long double exact = std::exp(static_cast<long double>(x));
    ASSERT_NEAR(static_cast<double>(exponential64(x) / exact), 1, 4e-16) << x;
  }
  EXPECT_EQ(exponential64(0), 1);
  EXPECT_EQ(exponential64(-Infinity), 0);
  EXPECT_EQ(exponential64(-746), 0);
  EXPECT_GT(exponential64(-744), 0);
  EXPECT_EQ(exponential64(Infinity), Infinity);
  EXPECT_EQ(exponential64(710), Infinity);
  EXPECT_LT(exponential64(709.5), Infinity);
  EXPECT_TRUE(std::isnan(exponential64(std::nan(""))));
}

TEST(Math64, ArcCosine) {
  for (int i = -100000; i <= 100000; ++i) {
    const double x = i * 1e-5;
    const long double exact = std::acos(static_cast<long double>(x));
    ASSERT_NEAR(arcCosine64(x), static_cast<double>(exact), 1e-15) << x;
    // Small angles keep their digits.
    if (exact > 0) {
      ASSERT_NEAR(static_cast<double>(arcCosine64(x) / exact), 1, 1e-15) << x;
    }
  }
  const double pi = std::acos(-1.0);
  EXPECT_EQ(arcCosine64(1), 0);
  EXPECT_EQ(arcCosine64(0), pi / 2);
  EXPECT_EQ(arcCosine64(-1), pi);
  EXPECT_TRUE(std::isnan(arcCosine64(std::nan(""))));
}

} // namespace
