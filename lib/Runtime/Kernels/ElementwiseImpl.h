//===- ElementwiseImpl.h - Elementwise kernels ------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loops over rows of values; included by the engines after a Vector*.h,
// MathImpl.h and ActivationImpl.h.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_ELEMENTWISEIMPL_H
#define AIMC_RUNTIME_KERNELS_ELEMENTWISEIMPL_H

#include "Runtime/Kernels/Engine.h"
#include "aimc/Runtime/ABI.h"

namespace aimc::runtime {
namespace {

template <typename Operation>
inline void mapUnary(float *out, const float *a, int64_t count,
                     Operation operation) {
  int64_t i = 0;
  for (; i + Lanes <= count; i += Lanes)
    store(out + i, operation(load(a + i)));
  if (i < count) {
    const int rest = (int)(count - i);
    storeFirst(out + i, operation(loadFirst(a + i, rest)), rest);
  }
}

template <typename Operation>
inline void mapBinary(float *out, const float *a, int64_t aStep, const float *b,
                      int64_t bStep, int64_t count, Operation operation) {
  if (count <= 0)
    return;
  const F firstA = set(*a), firstB = set(*b);
  int64_t i = 0;
  if (aStep && bStep) {
    for (; i + Lanes <= count; i += Lanes)
      store(out + i, operation(load(a + i), load(b + i)));
  } else {
    for (; i + Lanes <= count; i += Lanes)
      store(out + i, operation(aStep ? load(a + i) : firstA,
                               bStep ? load(b + i) : firstB));
  }
  if (i < count) {
    const int rest = (int)(count - i);
    storeFirst(out + i,
               operation(aStep ? loadFirst(a + i, rest) : firstA,
                         bStep ? loadFirst(b + i, rest) : firstB),
               rest);
  }
}

/// IEEE 754-2019 maximum and minimum: NaN if either is, +0 above -0.
inline F maximum(F a, F b) {
  const F equal = ofBits(andI(bits(a), bits(b)));
  const F larger = select(less(a, b), b, select(less(b, a), a, equal));
  return select(unordered(a, b), quietNan(), larger);
}
inline F minimum(F a, F b) {
  const F equal = ofBits(orI(bits(a), bits(b)));
  const F smaller = select(less(a, b), a, select(less(b, a), b, equal));
  return select(unordered(a, b), quietNan(), smaller);
}

/// 1 above 0, else 0.
inline F step(F a) {
  const F zero = set(0.0f);
  return canonicalNan(select(less(zero, a), set(1.0f), zero), a);
}

/// 1 or 0.
inline F truth(M m) { return select(m, set(1.0f), set(0.0f)); }

/// The maximum does not depend on the order, so lanes may have chains of their
/// own; the last vector may overlap the one before.
float findLargest(const float *a, int64_t count) {
  F largest = set(a[0]);
  largest = maximum(largest, largest);
  if (count >= Lanes) {
    for (int64_t i = 0; i + Lanes <= count; i += Lanes)
      largest = maximum(largest, load(a + i));
    largest = maximum(largest, load(a + count - Lanes));
  } else {
    for (int64_t i = 1; i < count; ++i)
      largest = maximum(largest, set(a[i]));
  }
  float lanes[Lanes];
  store(lanes, largest);
  for (int i = 1; i < Lanes; ++i)
    largest = maximum(largest, set(lanes[i]));
  store(lanes, largest);
  return lanes[0];
}

void computeUnary(int32_t opcode, float *out, const float *a, int64_t count) {
  switch (opcode) {
  case AIMC_NEGATE:
    return mapUnary(out, a, count,
                    [](F v) { return ofBits(xorI(bits(v), setI(1u << 31))); });
  case AIMC_ABSOLUTE:
    return mapUnary(out, a, count,
                    [](F v) { return ofBits(andI(bits(v), setI(~0u >> 1))); });
  case AIMC_SQUARE_ROOT:
    return mapUnary(out, a, count, [](F v) { return sqrt(v); });
  case AIMC_COSINE:
    return mapUnary(out, a, count, [](F v) { return cos(v); });
  case AIMC_SINE:
    return mapUnary(out, a, count, [](F v) { return sin(v); });
  case AIMC_EXPONENTIAL:
    return mapUnary(out, a, count, [](F v) { return exp(v); });
  case AIMC_STEP:
    return mapUnary(out, a, count, [](F v) { return step(v); });
  case AIMC_LOGARITHM:
    return mapUnary(out, a, count, [](F v) { return log(v); });
  case AIMC_LOGARITHM_PLUS_ONE:
    return mapUnary(out, a, count, [](F v) { return logPlusOne(v); });
  case AIMC_HYPERBOLIC_TANGENT:
    return mapUnary(out, a, count, [](F v) { return tanh(v); });
  case AIMC_ERROR_FUNCTION:
    return mapUnary(out, a, count, [](F v) { return erf(v); });
  }
}

void computeBinary(int32_t opcode, float *out, const float *a, int64_t aStep,
                   const float *b, int64_t bStep, int64_t count) {
  const auto map = [&](auto operation) {
    mapBinary(out, a, aStep, b, bStep, count, operation);
  };
  switch (opcode) {
  case AIMC_ADD:
    return map([](F x, F y) { return add(x, y); });
  case AIMC_SUBTRACT:
    return map([](F x, F y) { return sub(x, y); });
  case AIMC_MULTIPLY:
    return map([](F x, F y) { return mul(x, y); });
  case AIMC_DIVIDE:
    return map([](F x, F y) { return div(x, y); });
  case AIMC_MAXIMUM:
    return map([](F x, F y) { return maximum(x, y); });
  case AIMC_MINIMUM:
    return map([](F x, F y) { return minimum(x, y); });
  case AIMC_GREATER:
    return map([](F x, F y) { return truth(less(y, x)); });
  case AIMC_GREATER_EQUAL:
    return map([](F x, F y) { return truth(lessEqual(y, x)); });
  case AIMC_EQUAL:
    return map([](F x, F y) {
      return select(lessEqual(x, y), truth(lessEqual(y, x)), set(0.0f));
    });
  }
}

void computeSelect(float *out, const float *a, int64_t aStep, const float *b,
                   int64_t bStep, const float *c, int64_t cStep,
                   int64_t count) {
  if (count <= 0)
    return;
  const F firstA = set(*a), firstB = set(*b), firstC = set(*c);
  for (int64_t i = 0; i < count; i += Lanes) {
    const int lanes = count - i < Lanes ? (int)(count - i) : Lanes;
    const auto get = [=](const float *from, int64_t step, F first) {
      return !step            ? first
             : lanes == Lanes ? load(from + i)
                              : loadFirst(from + i, lanes);
    };
    // All bits but the sign: both zeros are 0, NaN is not.
    const M chosen = nonzero(andI(bits(get(a, aStep, firstA)), setI(~0u >> 1)));
    const F value =
        select(chosen, get(b, bStep, firstB), get(c, cStep, firstC));
    if (lanes == Lanes)
      store(out + i, value);
    else
      storeFirst(out + i, value, lanes);
  }
}

/// v in [-limit, limit]; NaN stays.
inline F clamp(F v, F limit) {
  v = select(less(limit, v), limit, v);
  const F lower = sub(set(0.0f), limit);
  return select(less(v, lower), lower, v);
}

void convertToAnalog(const DacRequest &request, float *out, const float *in,
                     int64_t count) {
  const F range = set(request.range), levels = set(request.levels);
  if (request.levels == 0)
    return mapUnary(out, in, count, [=](F v) { return div(v, range); });
  mapUnary(out, in, count, [=](F v) {
    const F steps = round(mul(div(v, range), levels));
    return div(clamp(steps, levels), levels);
  });
}

template <bool Quantise>
inline void convertToDigitalImpl(const AdcRequest &request, float *y,
                                 const float *sums, int64_t count) {
  const F range = set(request.range);
  const F step = set(Quantise ? request.range / request.levels : 1.0f);
  const F noise = set(request.noise);
  const F inputRange = set(request.inputRange);
  const F weight = set(request.largestWeight);
  const bool noisy = request.normals;
  for (int64_t i = 0; i < count; i += Lanes) {
    const int lanes = count - i < Lanes ? (int)(count - i) : Lanes;
    const auto get = [=](const float *from) {
      return lanes == Lanes ? load(from + i) : loadFirst(from + i, lanes);
    };
    F a = get(sums);
    if (noisy)
      a = fma(noise, get(request.normals), a);
    if (Quantise)
      a = clamp(mul(round(div(a, step)), step), range);
    a = mul(mul(a, inputRange), weight);
    if (request.factors)
      a = mul(a, get(request.factors));
    if (request.add)
      a = add(get(y), a);
    if (lanes == Lanes)
      store(y + i, a);
    else
      storeFirst(y + i, a, lanes);
  }
}

void convertToDigital(const AdcRequest &request, float *y, const float *sums,
                      int64_t count) {
  if (request.levels == 0)
    convertToDigitalImpl<false>(request, y, sums, count);
  else
    convertToDigitalImpl<true>(request, y, sums, count);
}

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_ELEMENTWISEIMPL_H
