//===- Yardstick.h - Random features by hand --------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a good engineer writes by hand for one machine and one model: cos(x W +
// b) R + c with features that never leave the registers. It fixes no order of
// additions, reduces arguments up to some thousand only, and knows neither
// tiles nor devices.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TEST_BENCHMARKS_PROGRAMS_YARDSTICK_H
#define AIMC_TEST_BENCHMARKS_PROGRAMS_YARDSTICK_H

#include <cstdint>

namespace aimc::runtime::bench {

/// A classifier on random features; matrices are row-major.
struct RandomFeatures {
  int64_t number; ///< tells models apart, whose weights are packed once
  int64_t inputs, features, outputs; ///< features: a multiple of 64
  const float *omega;                ///< features x inputs
  const float *offset;               ///< features
  const float *readout;   ///< features x outputs, sqrt(2 / features) included
  const float *intercept; ///< outputs
};

/// y (n x outputs) from x (n x inputs).
using Yardstick = void (*)(const RandomFeatures &model, const float *x,
                           int64_t n, float *y);

void runYardstickAvx2(const RandomFeatures &model, const float *x, int64_t n,
                      float *y);
void runYardstickAvx512(const RandomFeatures &model, const float *x, int64_t n,
                        float *y);

} // namespace aimc::runtime::bench

#endif // AIMC_TEST_BENCHMARKS_PROGRAMS_YARDSTICK_H
