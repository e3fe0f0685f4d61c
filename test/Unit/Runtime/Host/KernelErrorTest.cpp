//===- KernelErrorTest.cpp - Exact kernels and their errors -----*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Closed forms of kernels against the integrals they stand for and values
// worked out by hand, and the error of features of known Gram matrices.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Runner/KernelError.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

using namespace aimc::runtime;

namespace {

const double pi = std::acos(-1.0);

ExactKernel kernel(const char *text) {
  std::string error;
  std::optional<ExactKernel> kernel = ExactKernel::parse(text, error);
  EXPECT_TRUE(kernel) << error;
  return *kernel;
}

double value(const char *text, std::array<float, 2> x, std::array<float, 2> y) {
  return kernel(text)(x.data(), y.data(), 2);
}

/// 2 E[s(w·x) s(w·y)] of normal w, s(t) = max(t, 0)^order and 0^0 = 0: the
/// definition of the arc-cosine kernels. In the plane w = r (cos a, sin a), so
/// the radius gives E[r^(2 order)] = 2^order · order! and the angle is a sum.
double expectation(int order, std::array<float, 2> x, std::array<float, 2> y) {
  const int steps = 1 << 18;
  double sum = 0;
  for (int i = 0; i < steps; ++i) {
    double a = 2 * pi * (i + 0.5) / steps;
    double p = std::cos(a) * x[0] + std::sin(a) * x[1];
    double q = std::cos(a) * y[0] + std::sin(a) * y[1];
    if (p > 0 && q > 0)
      sum += std::pow(p * q, order);
  }
  const double radial[] = {1, 2, 8};
  return 2 * radial[order] * sum / steps;
}

TEST(ExactKernel, ArccosinesAreTheirIntegrals) {
  const char *names[] = {"arccos0", "arccos1", "arccos2"};
  const std::array<float, 2> rows[] = {{1, 0},      {0, 2},  {-0.5, 0.25},
                                       {3, 0.001f}, {-1, 0}, {1e-20f, 1e-20f}};
  for (int order = 0; order < 3; ++order)
    for (const auto &x : rows)
      for (const auto &y : rows) {
        double expected = expectation(order, x, y);
        EXPECT_NEAR(
            value(names[order], x, y), expected,
            1e-5 * std::pow(std::hypot(x[0], x[1]) * std::hypot(y[0], y[1]),
                            order))
            << names[order] << " (" << x[0] << ", " << x[1] << ") (" << y[0]
            << ", " << y[1] << ")";
      }
}

TEST(ExactKernel, ArccosinesOfKnownAngles) {
  // At an angle of 0: 1, |x|², 3|x|⁴; at π: 0; at π/2: 1/2, 1/π, 1/2.
  EXPECT_EQ(value("arccos0", {2, 1}, {2, 1}), 1);
  EXPECT_NEAR(value("arccos1", {2, 1}, {2, 1}), 5, 1e-12);
  EXPECT_NEAR(value("arccos2", {2, 1}, {2, 1}), 75, 1e-12);
  EXPECT_EQ(value("arccos0", {1, 0}, {-1, 0}), 0);
  EXPECT_EQ(value("arccos0", {1, 0}, {0, 1}), 0.5);
  EXPECT_NEAR(value("arccos1", {1, 0}, {0, 1}), 1 / pi, 1e-15);
  EXPECT_NEAR(value("arccos2", {1, 0}, {0, 1}), 0.5, 1e-15);
  // A zero row has features of zeros alone.
  for (const char *name : {"arccos0", "arccos1", "arccos2"}) {
    EXPECT_EQ(value(name, {0, 0}, {1, 2}), 0);
    EXPECT_EQ(value(name, {0, 0}, {0, 0}), 0);
  }
}

TEST(ExactKernel, OthersByHand) {
  EXPECT_DOUBLE_EQ(value("rbf:0.5", {1, 2}, {2, 4}), std::exp(-2.5));
  EXPECT_EQ(value("rbf:2", {3, -1}, {3, -1}), 1);
  EXPECT_EQ(value("linear", {1, 2}, {3, 4}), 11);
  EXPECT_DOUBLE_EQ(value("softmax", {0.5, -1}, {1, 2}), std::exp(-1.5));
  EXPECT_EQ(kernel("rbf:5e-2").name(), "rbf:5e-2");
}

TEST(ExactKernel, ExplainsWrongNames) {
  std::string error;
  for (const char *text : {"rbf", "rbf:", "rbf:0", "rbf:-1", "rbf:inf",
                           "rbf:nan", "rbf:1x", "rbf:x", "rbf:1:2"}) {
    EXPECT_FALSE(ExactKernel::parse(text, error));
    EXPECT_EQ(error, "expects rbf:GAMMA with a finite GAMMA > 0, but got '" +
                         std::string(text) + "'");
  }
  for (const char *text : {"", "gauss", "arccos3", "arccos0:1", "RBF:1"}) {
    EXPECT_FALSE(ExactKernel::parse(text, error));
    EXPECT_EQ(error, "expects rbf:GAMMA, arccos0, arccos1, arccos2, linear or "
                     "softmax, but got '" +
                         std::string(text) + "'");
  }
}

TEST(KernelError, IsTheRelativeDifference) {
  // K = diag(1, 4) and ZZᵀ = [[4, 2], [2, 1]]: |K - ZZᵀ|² = 9 + 2·4 + 9.
  const float x[] = {1, 0, 0, 2}, z[] = {2, 1};
  KernelError error(2, 1);
  error.add(x, z, 1);
  error.add(x + 2, z + 1, 1);
  std::string text;
  ASSERT_TRUE(error.compute(kernel("linear"), text)) << text;
  EXPECT_EQ(error.rows(), 2);
  EXPECT_DOUBLE_EQ(*error.value(), std::sqrt(26.0 / 17));
  // Features of more columns than one step of the sum, which are the inputs.
  std::vector<float> wide(3 * 11);
  for (size_t i = 0; i < wide.size(); ++i)
    wide[i] = float(i * i % 7) - 3;
  KernelError none(11, 11);
  none.add(wide.data(), wide.data(), 3);
  ASSERT_TRUE(none.compute(kernel("linear"), text)) << text;
  EXPECT_EQ(none.value(), 0);
}

TEST(KernelError, TakesTheFirstRows) {
  std::vector<float> x(1300, 1), z(1300, 1);
  std::fill(z.begin() + 1000, z.end(), 5.0f);
  KernelError error(1, 1);
  error.add(x.data(), z.data(), 700);
  error.add(x.data() + 700, z.data() + 700, 600);
  error.add(x.data(), x.data(), 1);
  std::string text;
  ASSERT_TRUE(error.compute(kernel("linear"), text)) << text;
  EXPECT_EQ(error.rows(), 1000);
  EXPECT_EQ(error.value(), 0);
}

TEST(KernelError, OfNothing) {
  std::string text;
  EXPECT_FALSE(KernelError(1, 1).compute(kernel("linear"), text));
  EXPECT_EQ(text, "--kernel-error expects at least one row of input, but got "
                  "none");
  // A kernel of zeros: an error of 0, or none that could be told.
  const float zero = 0, one = 1, large = 30;
  KernelError same(1, 1), other(1, 1), infinite(1, 1);
  same.add(&zero, &zero, 1);
  ASSERT_TRUE(same.compute(kernel("linear"), text));
  EXPECT_EQ(same.value(), 0);
  other.add(&zero, &one, 1);
  ASSERT_TRUE(other.compute(kernel("linear"), text));
  EXPECT_EQ(other.value(), std::nullopt);
  infinite.add(&large, &one, 1);
  EXPECT_FALSE(infinite.compute(kernel("softmax"), text));
  EXPECT_EQ(text, "--kernel-error expects inputs whose kernel 'softmax' has a "
                  "finite norm, but got values that are too large for it");
}

} // namespace
