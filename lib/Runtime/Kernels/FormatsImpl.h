//===- FormatsImpl.h - Number formats of digital units ----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Arithmetic in the formats of digital units, in FP32 registers; included by
// the engines after ConvertersImpl.h.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_FORMATSIMPL_H
#define AIMC_RUNTIME_KERNELS_FORMATSIMPL_H

namespace aimc::runtime {
namespace {

/// v in [low, high]; NaN stays.
inline F saturate(F v, float low, float high) {
  v = select(less(set(high), v), set(high), v);
  return select(less(v, set(low)), set(low), v);
}

/// The nearest number of the grid, ties to even.
inline F toGrid(F v, const FixedPointGrid &grid) {
  const F steps = round(mul(v, set(grid.steps)));
  return mul(saturate(steps, grid.low, grid.high), set(1.0f / grid.steps));
}

/// Sums below 1024 are multiples of 2^-10 and exact in FP32, as products are;
/// others are beyond the largest value, rounded or not.
void computeFixedPoint(const FixedPointNumbers *numbers, float *out,
                       const float *a, int64_t aStep, const float *b,
                       int64_t bStep, const float *c, int64_t cStep,
                       int64_t count) {
  const auto get = [](const float *from, int64_t step, int64_t i, int lanes) {
    return step ? loadLanes(from + i, lanes) : set(*from);
  };
  forVectors(count, [&](int64_t i, int lanes) {
    F x = get(a, aStep, i, lanes);
    F scale = get(b, bStep, i, lanes), offset = get(c, cStep, i, lanes);
    if (numbers) {
      x = toGrid(x, numbers->values);
      scale = toGrid(scale, numbers->scales);
      offset = toGrid(offset, numbers->offsets);
    }
    F y = add(mul(x, scale), offset);
    if (numbers)
      y = saturate(floor(add(y, set(0.5f))), numbers->values.low,
                   numbers->values.high);
    storeLanes(out + i, y, lanes);
  });
}

/// Below 2^-14 halves are multiples of 2^-24, the spacing of FP32 from 1/2 on;
/// above, 13 bits of the significand go.
inline F toHalf(F v) {
  const I sign = andI(bits(v), setI(1u << 31));
  const I magnitude = andI(bits(v), setI(~0u >> 1));
  const F small = sub(add(ofBits(magnitude), set(0.5f)), set(0.5f));
  const I even = andI(shiftRight<13>(magnitude), setI(1));
  const F large =
      ofBits(andI(addI(magnitude, addI(setI(0xfff), even)), setI(~0x1fffu)));
  F rounded = select(less(ofBits(magnitude), set(0x1p-14f)), small, large);
  rounded =
      select(lessEqual(set(65536.0f), rounded), set(__builtin_inff()), rounded);
  return select(unordered(v, v), v, ofBits(orI(bits(rounded), sign)));
}

void roundToHalf(float *values, int64_t count) {
  mapUnary(values, values, count, [](F v) { return toHalf(v); });
}

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_FORMATSIMPL_H
