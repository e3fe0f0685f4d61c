//===- Normal64.h - Normal variates in FP64 ---------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Draws for the samplers: functions of a stream and a counter, as in Normal.h,
// with their own elementary functions, since a C library's may differ in their
// last bits.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_RANDOM_NORMAL64_H
#define AIMC_RUNTIME_RANDOM_NORMAL64_H

#include "Runtime/Random/Normal.h"

namespace aimc::runtime {

/// ln x of a positive normal x, to a few units of the last place.
double logarithm64(double x);

/// A value in [0, 1), a multiple of 2^-53.
double uniform64(StreamKey key, uint64_t index);

/// Fills a row with N(0, 1) values: value i depends on (key, row, i) alone.
/// Box-Muller on 53-bit uniform values; the largest magnitude is 8.66.
void normals64(StreamKey key, uint64_t row, int64_t count, double *values);

/// The same, but values beyond +-`bound` > 0 are drawn again until they are
/// within: the truncated normal distribution. Values within it are those of
/// `normals64`.
void truncatedNormals64(StreamKey key, uint64_t row, int64_t count,
                        double bound, double *values);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_RANDOM_NORMAL64_H
