//===- Math64.cpp - Elementary functions in FP64 ----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Taylor series of reduced arguments. Square roots and scaling by powers of two
// are exact by IEEE 754.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/Math64.h"

#include <cmath>

namespace aimc::runtime {

double exponential64(double x) {
  if (std::isnan(x))
    return x;
  // Beyond these the result is 0 and infinity.
  if (x < -746)
    x = -746;
  if (x > 710)
    x = 710;
  // x = n ln 2 + r with |r| <= ln(2) / 2; n times the first part is exact.
  const double n = std::floor(x * 0x1.71547652b82fep+0 + 0.5);
  const double r = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
  // The next term of the series is below 2^-57.
  double sum = 1;
  for (int k = 13; k >= 1; --k)
    sum = 1 + r / k * sum;
  return std::ldexp(sum, static_cast<int>(n));
}

/// The angle whose sine is s, |s| <= 0.71.
static double arcSine(double s) {
  // Half the angle, whose sine is at most 0.39.
  s /= std::sqrt(2 * (1 + std::sqrt(1 - s * s)));
  const double z = s * s;
  // The next term of the series is below 2^-59.
  double sum = 1;
  for (int k = 19; k >= 1; --k)
    sum = 1 + z * (2 * k - 1) * (2 * k - 1) / (2 * k * (2 * k + 1)) * sum;
  return 2 * s * sum;
}

double arcCosine64(double x) {
  constexpr double Pi = 0x1.921fb54442d18p+1;
  // Near 1 and -1 the angle is that of the half angle's sine, which loses no
  // digits; elsewhere that of the sine's complement.
  if (std::abs(x) <= 0.5)
    return Pi / 2 - arcSine(x);
  const double angle = 2 * arcSine(std::sqrt((1 - std::abs(x)) / 2));
  return x < 0 ? Pi - angle : angle;
}

} // namespace aimc::runtime
