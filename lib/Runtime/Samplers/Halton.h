//===- Halton.h - Quasi-random points ---------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Points that fill the unit cube more evenly than random ones.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_SAMPLERS_HALTON_H
#define AIMC_RUNTIME_SAMPLERS_HALTON_H

#include "Runtime/Random/Normal.h"

#include <cstdint>
#include <vector>

namespace aimc::runtime {

/// The first `count` primes, ascending.
std::vector<int64_t> firstPrimes(int64_t count);

/// One coordinate of a Halton sequence in a prime base, each digit replaced by
/// a random permutation of its own, which breaks the correlation of large bases
/// and makes each point uniform (A. B. Owen, A randomized Halton algorithm in
/// R, arXiv 1706.02808, 2017).
class HaltonCoordinate {
public:
  /// Draws the permutations of coordinate number `coordinate`.
  HaltonCoordinate(StreamKey key, int64_t coordinate, int64_t base);

  /// Coordinate of point `index` >= 0, in (0, 1).
  double get(uint64_t index) const;

private:
  int64_t base;
  /// One a digit, the most significant of the fraction first, until less than
  /// 2^-53 is left.
  std::vector<std::vector<int32_t>> permutations;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_SAMPLERS_HALTON_H
