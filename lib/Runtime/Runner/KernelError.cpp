//===- KernelError.cpp - How well features approximate a kernel -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keeps the first rows, and compares all pairs of them.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Runner/KernelError.h"

#include <algorithm>
#include <cmath>

using namespace aimc::runtime;

void KernelError::add(const float *newX, const float *newZ, int64_t count) {
  count = std::min(count, MostRows - counted);
  x.insert(x.end(), newX, newX + count * inputs);
  z.insert(z.end(), newZ, newZ + count * features);
  counted += count;
}

/// a·b. A product of two FP32 values is exact in FP64; the sum is of eight
/// chains, so that it runs in vectors.
static double dot(const float *a, const float *b, int64_t size) {
  constexpr int64_t Lanes = 8;
  double sums[Lanes] = {};
  int64_t i = 0;
  for (; i + Lanes <= size; i += Lanes)
    for (int64_t lane = 0; lane < Lanes; ++lane)
      sums[lane] += double(a[i + lane]) * double(b[i + lane]);
  for (; i < size; ++i)
    sums[i % Lanes] += double(a[i]) * double(b[i]);
  double sum = 0;
  for (double lane : sums)
    sum += lane;
  return sum;
}

bool KernelError::compute(const ExactKernel &kernel, std::string &error) {
  if (counted == 0) {
    error = "--kernel-error expects at least one row of input, but got none";
    return false;
  }
  double squaredError = 0, squaredNorm = 0;
  for (int64_t i = 0; i < counted; ++i)
    for (int64_t j = 0; j <= i; ++j) {
      double exact =
          kernel(x.data() + i * inputs, x.data() + j * inputs, inputs);
      double difference = exact - dot(z.data() + i * features,
                                      z.data() + j * features, features);
      // Both matrices are symmetric.
      double weight = i == j ? 1 : 2;
      squaredError += weight * difference * difference;
      squaredNorm += weight * exact * exact;
    }
  if (!std::isfinite(squaredNorm)) {
    error = "--kernel-error expects inputs whose kernel '" + kernel.name() +
            "' has a finite norm, but got values that are too large for it";
    return false;
  }
  result = std::nullopt;
  if (squaredNorm > 0)
    result = std::sqrt(squaredError) / std::sqrt(squaredNorm);
  else if (squaredError == 0)
    result = 0;
  return true;
}
