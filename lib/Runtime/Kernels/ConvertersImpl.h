//===- ConvertersImpl.h - Kernels of the converters -------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Digital-to-analog and analog-to-digital conversion of rows of values;
// included by the engines after a Vector*.h and ElementwiseImpl.h.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_CONVERTERSIMPL_H
#define AIMC_RUNTIME_KERNELS_CONVERTERSIMPL_H

#include "Runtime/Kernels/Engine.h"

namespace aimc::runtime {
namespace {

/// v in [-limit, limit]; NaN stays.
inline F clamp(F v, F limit) {
  return larger(sub(set(0.0f), limit), smaller(limit, v));
}

/// Calls `body` with the start and the number of lanes of each vector.
template <typename Body> inline void forVectors(int64_t count, Body body) {
  int64_t i = 0;
  for (; i + Lanes <= count; i += Lanes)
    body(i, Lanes);
  if (i < count)
    body(i, (int)(count - i));
}

inline F loadLanes(const float *from, int lanes) {
  return lanes == Lanes ? load(from) : loadFirst(from, lanes);
}
inline void storeLanes(float *to, F v, int lanes) {
  if (lanes == Lanes)
    store(to, v);
  else
    storeFirst(to, v, lanes);
}

/// The integer below v or above it, each with the probability that its distance
/// from v leaves; v itself if it is an integer. `words` are random.
inline F roundStochastically(F v, I words) {
  const F below = floor(v);
  const F uniform = mul(ofSigned(shiftRight<8>(words)), set(0x1p-24f));
  return select(less(uniform, sub(v, below)), add(below, set(1.0f)), below);
}

/// v toward zero. What is a whole number stays one: v may be below it by the
/// rounding of a full scale, of a value and of their ratio, 4 x 2^-24 of it.
inline F roundTowardZero(F v) { return truncate(fma(v, set(0x1p-22f), v)); }

void convertToAnalog(const DacRequest &request, float *out, const float *in,
                     int64_t count) {
  const F range = set(request.range), levels = set(request.levels);
  if (request.levels == 0)
    return mapUnary(out, in, count, [=](F v) { return div(v, range); });
  if (!request.random && request.towardZero)
    return mapUnary(out, in, count, [=](F v) {
      const F steps = roundTowardZero(mul(div(v, range), levels));
      return div(clamp(steps, levels), levels);
    });
  if (!request.random)
    return mapUnary(out, in, count, [=](F v) {
      const F steps = round(mul(div(v, range), levels));
      return div(clamp(steps, levels), levels);
    });
  forVectors(count, [&](int64_t i, int lanes) {
    const F v = mul(div(loadLanes(in + i, lanes), range), levels);
    const F steps =
        roundStochastically(clamp(v, levels), loadI(request.random + i));
    storeLanes(out + i, div(steps, levels), lanes);
  });
}

/// One phase, no error but noise and steps.
template <bool Quantise, typename Rounding>
inline void convertPlainly(const AdcRequest &request, float *y,
                           const float *sums, int64_t count,
                           Rounding rounding) {
  const F range = set(request.range);
  const F step = set(Quantise ? request.range / request.levels : 1.0f);
  const F noise = set(request.noise);
  const F inputRange = set(request.inputRange);
  const F weight = set(request.largestWeight);
  const bool noisy = request.normals;
  forVectors(count, [&](int64_t i, int lanes) {
    F a = loadLanes(sums + i, lanes);
    if (noisy)
      a = fma(noise, loadLanes(request.normals + i, lanes), a);
    if (Quantise)
      a = clamp(mul(rounding(div(a, step)), step), range);
    a = mul(mul(a, inputRange), weight);
    if (request.factors)
      a = mul(a, loadLanes(request.factors + i, lanes));
    if (request.add)
      a = add(loadLanes(y + i, lanes), a);
    storeLanes(y + i, a, lanes);
  });
}

/// The transfer curve at a, which is within the range.
inline F bend(const AdcRequest &request, F a, F range) {
  const F u = div(a, range);
  if (!request.table) {
    const F cubic = set(-request.cubic);
    return mul(a, fma(mul(cubic, u), u, set(1.0f)));
  }
  const F half = set((float)(request.tableSize - 1) * 0.5f);
  const F place = mul(add(u, set(1.0f)), half);
  F first = floor(place);
  const F last = set((float)(request.tableSize - 2));
  first = select(less(last, first), last, first);
  // NaN has no place in the table; it comes back with the fraction.
  first = select(unordered(first, first), set(0.0f), first);
  // 2^23 + n has n in its low bits.
  const I index = andI(bits(add(first, set(0x1p23f))), setI(0x7fffff));
  const F low = gather(request.table, index);
  const F high = gather(request.table + 1, index);
  return mul(range, fma(sub(place, first), sub(high, low), low));
}

template <bool Quantise, typename Rounding>
inline void convertWithErrors(const AdcRequest &request, float *y,
                              const float *sums, int64_t count,
                              Rounding rounding) {
  const F range = set(request.range);
  const F step = set(Quantise ? request.range / request.levels : 1.0f);
  const F noise = set(request.noise);
  const F saturation = set(request.saturation);
  const F inputRange = set(request.inputRange);
  const F weight = set(request.largestWeight);
  const bool bends = request.cubic != 0 || request.table;
  forVectors(count, [&](int64_t i, int lanes) {
    const auto get = [=](const float *from) {
      return loadLanes(from + i, lanes);
    };
    F total = set(0.0f);
    for (int phase = 0; phase < request.phases; ++phase) {
      F a = get(sums + phase * request.phaseStride);
      if (request.normals)
        a = fma(noise, get(request.normals + phase * request.normalsStride), a);
      a = clamp(a, saturation);
      if (request.gains)
        a = mul(a, get(request.gains));
      if (request.offsets)
        a = fma(get(request.offsets), range, a);
      if (bends)
        a = bend(request, clamp(a, range), range);
      if (Quantise)
        a = mul(rounding(div(a, step)), step);
      // Inputs and weights of one sign, or of two.
      const bool negative = phase == 1 || phase == 2;
      total = phase == 0 ? a : negative ? sub(total, a) : add(total, a);
    }
    // Offsets of four phases take each other away.
    if (request.offsetEstimates && request.phases == 1)
      total = sub(total, mul(get(request.offsetEstimates), range));
    if (request.gainEstimates)
      total = div(total, get(request.gainEstimates));
    if (Quantise)
      total = clamp(total, range);
    total = mul(mul(total, inputRange), weight);
    if (request.factors)
      total = mul(total, get(request.factors));
    if (request.add)
      total = add(get(y), total);
    storeLanes(y + i, total, lanes);
  });
}

template <bool Quantise, typename Rounding>
inline void convertToDigitalImpl(const AdcRequest &request, float *y,
                                 const float *sums, int64_t count,
                                 Rounding rounding) {
  const bool plain = request.phases == 1 && !request.gains &&
                     !request.offsets && !request.gainEstimates &&
                     !request.offsetEstimates && request.cubic == 0 &&
                     !request.table && request.saturation == __builtin_inff();
  if (plain)
    convertPlainly<Quantise>(request, y, sums, count, rounding);
  else
    convertWithErrors<Quantise>(request, y, sums, count, rounding);
}

void convertToDigital(const AdcRequest &request, float *y, const float *sums,
                      int64_t count) {
  const auto nearest = [](F v) { return round(v); };
  if (request.levels == 0)
    convertToDigitalImpl<false>(request, y, sums, count, nearest);
  else if (request.towardZero)
    convertToDigitalImpl<true>(request, y, sums, count,
                               [](F v) { return roundTowardZero(v); });
  else
    convertToDigitalImpl<true>(request, y, sums, count, nearest);
}

/// Lanes count in FP32, exact for as many values as there are here.
int64_t countBeyond(const float *a, int64_t count, float limit) {
  constexpr int64_t Block = int64_t{1} << 20;
  int64_t total = 0;
  for (int64_t start = 0; start < count; start += Block) {
    F sums = set(0.0f);
    forVectors(count - start < Block ? count - start : Block, [&](int64_t i,
                                                                  int lanes) {
      // Lanes that are not loaded are 0.
      const F v = loadLanes(a + start + i, lanes);
      const F magnitude = ofBits(andI(bits(v), setI(~0u >> 1)));
      sums =
          add(sums, select(less(set(limit), magnitude), set(1.0f), set(0.0f)));
    });
    float lanes[Lanes];
    store(lanes, sums);
    for (int i = 0; i < Lanes; ++i)
      total += (int64_t)lanes[i];
  }
  return total;
}

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_CONVERTERSIMPL_H
