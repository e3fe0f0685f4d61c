//===- ReductionImpl.h - Sums and largest values of rows --------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What takes many values to one; included by the engines after
// ElementwiseImpl.h.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_REDUCTIONIMPL_H
#define AIMC_RUNTIME_KERNELS_REDUCTIONIMPL_H

#include "Runtime/Kernels/Engine.h"

namespace aimc::runtime {
namespace {

/// Halves with halves until lane 0 has the result of all lanes.
template <int Distance = Lanes / 2, typename Operation>
inline F reduceLanes(F v, Operation operation) {
  if constexpr (Distance > 0)
    return reduceLanes<Distance / 2>(operation(v, exchange<Distance>(v)),
                                     operation);
  else
    return v;
}

inline float firstLane(F v) {
  float lanes[Lanes];
  store(lanes, v);
  return lanes[0];
}

/// The largest value with NaN and signs of zeros as they must be. The maximum
/// does not depend on the order, so lanes may have chains of their own, and the
/// last vector may overlap the one before.
inline float findLargestOfAny(const float *a, int64_t count) {
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
  return firstLane(
      reduceLanes(largest, [](F x, F y) { return maximum(x, y); }));
}

float findLargest(const float *a, int64_t count) {
  if (count < Lanes)
    return findLargestOfAny(a, count);
  const F zero = set(0.0f);
  const F last = load(a + count - Lanes);
  // 0 times what is not finite makes the check NaN.
  F largest = last, check = mul(last, zero);
  for (int64_t i = 0; i + Lanes <= count; i += Lanes) {
    const F v = load(a + i);
    largest = larger(largest, v);
    check = fma(v, zero, check);
  }
  const float result =
      firstLane(reduceLanes(largest, [](F x, F y) { return larger(x, y); }));
  if (any(unordered(check, check)) || result == 0.0f)
    return findLargestOfAny(a, count);
  return result;
}

/// Chains of a dot product, whatever the lanes of the engine.
constexpr int DotChains = 16;

void computeDots(float *out, const float *x, int64_t xStride, int64_t n,
                 const float *y, int64_t depth) {
  constexpr int Vectors = DotChains / Lanes;
  for (int64_t row = 0; row < n; ++row) {
    const float *from = x + row * xStride;
    F sums[Vectors];
    AIMC_UNROLL
    for (int v = 0; v < Vectors; ++v)
      sums[v] = set(0.0f);
    int64_t k = 0;
    for (; k + DotChains <= depth; k += DotChains) {
      AIMC_UNROLL
      for (int v = 0; v < Vectors; ++v)
        sums[v] =
            fma(load(from + k + v * Lanes), load(y + k + v * Lanes), sums[v]);
    }
    if (k < depth) {
      float xRest[DotChains] = {}, yRest[DotChains] = {};
      for (int i = 0; k + i < depth; ++i) {
        xRest[i] = from[k + i];
        yRest[i] = y[k + i];
      }
      AIMC_UNROLL
      for (int v = 0; v < Vectors; ++v)
        sums[v] =
            fma(load(xRest + v * Lanes), load(yRest + v * Lanes), sums[v]);
    }
    AIMC_UNROLL
    for (int half = Vectors / 2; half > 0; half /= 2) {
      AIMC_UNROLL
      for (int v = 0; v < half; ++v)
        sums[v] = add(sums[v], sums[v + half]);
    }
    out[row] =
        firstLane(reduceLanes(sums[0], [](F a, F b) { return add(a, b); }));
  }
}

/// `Vectors` vectors of the sum, of which the last has `lastLanes` columns.
template <int Vectors>
inline void weightRows(float *y, const float *factors, const float *x,
                       int64_t stride, int64_t rows, bool adds, int lastLanes) {
  const auto loadPart = [&](const float *from, int v) {
    return v == Vectors - 1 && lastLanes != Lanes ? loadFirst(from, lastLanes)
                                                  : load(from);
  };
  F sums[Vectors];
  AIMC_UNROLL
  for (int v = 0; v < Vectors; ++v)
    sums[v] = set(0.0f);
  for (int64_t t = 0; t < rows; ++t) {
    const F factor = set(factors[t]);
    AIMC_UNROLL
    for (int v = 0; v < Vectors; ++v)
      sums[v] = fma(factor, loadPart(x + t * stride + v * Lanes, v), sums[v]);
  }
  AIMC_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    float *to = y + v * Lanes;
    if (adds)
      sums[v] = add(loadPart(to, v), sums[v]);
    if (v == Vectors - 1 && lastLanes != Lanes)
      storeFirst(to, sums[v], lastLanes);
    else
      store(to, sums[v]);
  }
}

void sumWeightedRows(float *y, const float *factors, const float *x,
                     int64_t stride, int64_t rows, int64_t count, bool adds) {
  constexpr int Vectors = 4;
  int64_t j = 0;
  for (; j + Vectors * Lanes <= count; j += Vectors * Lanes)
    weightRows<Vectors>(y + j, factors, x + j, stride, rows, adds, Lanes);
  for (; j < count; j += Lanes)
    weightRows<1>(y + j, factors, x + j, stride, rows, adds,
                  (int)(count - j < Lanes ? count - j : Lanes));
}

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_REDUCTIONIMPL_H
