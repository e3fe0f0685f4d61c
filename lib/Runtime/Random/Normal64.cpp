//===- Normal64.cpp - Normal variates in FP64 -----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Series in fixed order; errors are a few units of the last place.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Random/Normal64.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace aimc::runtime {

namespace {

constexpr double Ln2 = 0x1.62e42fefa39efp-1;
constexpr double SqrtHalf = 0x1.6a09e667f3bcdp-1;

/// sin and cos of |r| <= pi/4 by their Taylor series.
void sineCosine(double r, double &sine, double &cosine) {
  const double z = r * r;
  sine = 1;
  for (int k = 16; k >= 2; k -= 2)
    sine = 1 - z / (k * (k + 1)) * sine;
  sine *= r;
  cosine = 1;
  for (int k = 17; k >= 1; k -= 2)
    cosine = 1 - z / (k * (k + 1)) * cosine;
}

/// The words of item `item` of row `row`, and of further attempts at it.
RandomWords draw(StreamKey key, uint64_t row, uint32_t item,
                 uint32_t attempt = 0) {
  return randomWords(key, item, attempt, static_cast<uint32_t>(row),
                     static_cast<uint32_t>(row >> 32));
}

uint64_t word64(const RandomWords &words, int half) {
  return words.words[2 * half] |
         static_cast<uint64_t>(words.words[2 * half + 1]) << 32;
}

/// Two N(0, 1) values.
void normalPair(const RandomWords &words, double values[2]) {
  // The middles of 2^52 intervals, so that u is never 0.
  const double u =
      static_cast<double>((word64(words, 0) >> 12) * 2 + 1) * 0x1p-53;
  const double radius = std::sqrt(-2 * logarithm64(u));
  // The nearest quarter turn, and the rest in [-1/8, 1/8) turns.
  const uint64_t turn = word64(words, 1);
  const uint64_t quadrant = (turn + (uint64_t{1} << 61)) >> 62;
  const int64_t rest = static_cast<int64_t>(turn - (quadrant << 62));
  double sine, cosine;
  sineCosine(static_cast<double>(rest) * 0x1.921fb54442d18p-62, sine, cosine);
  double x = cosine, y = sine;
  switch (quadrant & 3) {
  case 1:
    x = -sine, y = cosine;
    break;
  case 2:
    x = -cosine, y = -sine;
    break;
  case 3:
    x = sine, y = -cosine;
    break;
  }
  values[0] = radius * x;
  values[1] = radius * y;
}

} // namespace

double logarithm64(double x) {
  // 2 artanh((m - 1) / (m + 1)) + e ln 2 with m in [sqrt(1/2), sqrt(2)), of
  // which the series is summed.
  uint64_t pattern;
  std::memcpy(&pattern, &x, sizeof x);
  int exponent = static_cast<int>(pattern >> 52) - 1022;
  pattern = (pattern & 0xfffffffffffff) | 0x3fe0000000000000;
  double m;
  std::memcpy(&m, &pattern, sizeof m);
  if (m < SqrtHalf) {
    m *= 2;
    --exponent;
  }
  const double s = (m - 1) / (m + 1), z = s * s;
  double sum = 1.0 / 23;
  for (int k = 21; k >= 1; k -= 2)
    sum = sum * z + 1.0 / k;
  return 2 * s * sum + exponent * Ln2;
}

double uniform64(StreamKey key, uint64_t index) {
  const RandomWords words = draw(key, index, 0);
  return static_cast<double>(word64(words, 0) >> 11) * 0x1p-53;
}

void normals64(StreamKey key, uint64_t row, int64_t count, double *values) {
  for (int64_t i = 0; i < count; i += 2) {
    double pair[2];
    normalPair(draw(key, row, static_cast<uint32_t>(i / 2)), pair);
    std::copy_n(pair, std::min<int64_t>(2, count - i), values + i);
  }
}

void truncatedNormals64(StreamKey key, uint64_t row, int64_t count,
                        double bound, double *values) {
  normals64(key, row, count, values);
  for (int64_t i = 0; i < count; ++i)
    for (uint32_t attempt = 1; !(std::abs(values[i]) <= bound); ++attempt) {
      double pair[2];
      normalPair(draw(key, row, static_cast<uint32_t>(i / 2), attempt), pair);
      values[i] = pair[i % 2];
    }
}

} // namespace aimc::runtime
