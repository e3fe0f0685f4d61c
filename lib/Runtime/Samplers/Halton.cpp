//===- Halton.cpp - Quasi-random points -----------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Digits are summed from the least on, so that small ones are not lost.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Samplers/Halton.h"

#include "Runtime/Random/Normal64.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace aimc::runtime {

std::vector<int64_t> firstPrimes(int64_t count) {
  std::vector<int64_t> primes;
  const auto isPrime = [&](int64_t n) {
    for (int64_t prime : primes) {
      if (prime * prime > n)
        break;
      if (n % prime == 0)
        return false;
    }
    return true;
  };
  for (int64_t n = 2; static_cast<int64_t>(primes.size()) < count; ++n)
    if (isPrime(n))
      primes.push_back(n);
  return primes;
}

HaltonCoordinate::HaltonCoordinate(StreamKey key, int64_t coordinate,
                                   int64_t base)
    : base(base) {
  uint64_t draws = 0;
  const auto drawBelow = [&](int64_t bound) {
    const double u =
        uniform64(key, static_cast<uint64_t>(coordinate) << 32 | draws++);
    return std::min(static_cast<int64_t>(u * static_cast<double>(bound)),
                    bound - 1);
  };
  for (double left = 1; left > 0x1p-53; left /= static_cast<double>(base)) {
    std::vector<int32_t> &permutation = permutations.emplace_back(base);
    std::iota(permutation.begin(), permutation.end(), 0);
    for (int64_t i = base - 1; i > 0; --i)
      std::swap(permutation[i], permutation[drawBelow(i + 1)]);
  }
}

double HaltonCoordinate::get(uint64_t index) const {
  std::vector<int32_t> digits;
  digits.reserve(permutations.size());
  for (const std::vector<int32_t> &permutation : permutations) {
    digits.push_back(permutation[index % base]);
    index /= base;
  }
  double u = 0;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit)
    u = (u + *digit) / static_cast<double>(base);
  return std::clamp(u, 0x1p-54, 1 - 0x1p-53);
}

} // namespace aimc::runtime
