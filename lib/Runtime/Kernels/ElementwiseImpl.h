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

/// Applies a function to a few vectors at once.
template <int N, typename Operation>
inline void applyAll(Operation operation, F (&values)[N]) {
  AIMC_UNROLL
  for (int k = 0; k < N; ++k)
    values[k] = operation(values[k]);
}

/// Functions whose steps on different vectors take turns.
struct Cosine {};
struct Sine {};
template <int N> inline void applyAll(Cosine, F (&values)[N]) {
  F results[N];
  cos(values, results);
  AIMC_UNROLL
  for (int k = 0; k < N; ++k)
    values[k] = results[k];
}
template <int N> inline void applyAll(Sine, F (&values)[N]) {
  F results[N];
  sin(values, results);
  AIMC_UNROLL
  for (int k = 0; k < N; ++k)
    values[k] = results[k];
}

template <typename Operation>
inline void mapUnary(float *out, const float *a, int64_t count,
                     Operation operation) {
  constexpr int N = 4;
  int64_t i = 0;
  for (; i + N * Lanes <= count; i += N * Lanes) {
    F values[N];
    AIMC_UNROLL
    for (int k = 0; k < N; ++k)
      values[k] = load(a + i + k * Lanes);
    applyAll(operation, values);
    AIMC_UNROLL
    for (int k = 0; k < N; ++k)
      store(out + i + k * Lanes, values[k]);
  }
  for (; i < count; i += Lanes) {
    const int rest = count - i < Lanes ? (int)(count - i) : Lanes;
    F values[1] = {loadFirst(a + i, rest)};
    applyAll(operation, values);
    storeFirst(out + i, values[0], rest);
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

/// Calls `use` with the operation of an opcode with one operand.
template <typename Use> inline void withUnary(int32_t opcode, Use use) {
  switch (opcode) {
  case AIMC_NEGATE:
    return use([](F v) { return ofBits(xorI(bits(v), setI(1u << 31))); });
  case AIMC_ABSOLUTE:
    return use([](F v) { return ofBits(andI(bits(v), setI(~0u >> 1))); });
  case AIMC_SQUARE_ROOT:
    return use([](F v) { return sqrt(v); });
  case AIMC_COSINE:
    return use(Cosine());
  case AIMC_SINE:
    return use(Sine());
  case AIMC_EXPONENTIAL:
    return use([](F v) { return exp(v); });
  case AIMC_STEP:
    return use([](F v) { return step(v); });
  case AIMC_LOGARITHM:
    return use([](F v) { return log(v); });
  case AIMC_LOGARITHM_PLUS_ONE:
    return use([](F v) { return logPlusOne(v); });
  case AIMC_HYPERBOLIC_TANGENT:
    return use([](F v) { return tanh(v); });
  case AIMC_ERROR_FUNCTION:
    return use([](F v) { return erf(v); });
  }
}

void computeUnary(int32_t opcode, float *out, const float *a, int64_t count) {
  withUnary(opcode,
            [&](auto operation) { mapUnary(out, a, count, operation); });
}

/// Calls `use` with the operation of a binary opcode.
template <typename Use> inline void withBinary(int32_t opcode, Use use) {
  switch (opcode) {
  case AIMC_ADD:
    return use([](F x, F y) { return add(x, y); });
  case AIMC_SUBTRACT:
    return use([](F x, F y) { return sub(x, y); });
  case AIMC_MULTIPLY:
    return use([](F x, F y) { return mul(x, y); });
  case AIMC_DIVIDE:
    return use([](F x, F y) { return div(x, y); });
  case AIMC_MAXIMUM:
    return use([](F x, F y) { return maximum(x, y); });
  case AIMC_MINIMUM:
    return use([](F x, F y) { return minimum(x, y); });
  case AIMC_GREATER:
    return use([](F x, F y) { return truth(less(y, x)); });
  case AIMC_GREATER_EQUAL:
    return use([](F x, F y) { return truth(lessEqual(y, x)); });
  case AIMC_EQUAL:
    return use([](F x, F y) {
      return select(lessEqual(x, y), truth(lessEqual(y, x)), set(0.0f));
    });
  }
}

void computeBinary(int32_t opcode, float *out, const float *a, int64_t aStep,
                   const float *b, int64_t bStep, int64_t count) {
  withBinary(opcode, [&](auto operation) {
    mapBinary(out, a, aStep, b, bStep, count, operation);
  });
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

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_ELEMENTWISEIMPL_H
