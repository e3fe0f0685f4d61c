//===- YardstickAvx512.cpp - Random features by hand ----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For AVX-512, sixteen lanes.
//
//===----------------------------------------------------------------------===//

namespace {
constexpr int Lanes = 16;
constexpr int Vectors = 4;  // of rows
constexpr int Features = 4; // for which the registers hold sums
} // namespace

#include "YardstickImpl.h"

void aimc::runtime::bench::runYardstickAvx512(const RandomFeatures &model,
                                              const float *x, int64_t n,
                                              float *y) {
  runBest(model, x, n, y);
}
