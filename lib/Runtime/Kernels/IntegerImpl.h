//===- IntegerImpl.h - Products of 16-bit integers --------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rounding to integers and products of pairs of them, held in registers as in
// ProductImpl.h; included by the engines after it and ConvertersImpl.h.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_INTEGERIMPL_H
#define AIMC_RUNTIME_KERNELS_INTEGERIMPL_H

#include "Runtime/Kernels/Engine.h"

namespace aimc::runtime {
namespace {

void roundToIntegers(const IntegerRequest &request, uint32_t *out,
                     const float *in, int64_t count) {
  const F scale = set(request.scale), limit = set(request.limit);
  forVectors(count, [&](int64_t i, int lanes) {
    F v = loadLanes(in + i, lanes);
    if (request.factors)
      v = mul(v, loadLanes(request.factors + i, lanes));
    if (request.magnitudes)
      v = ofBits(andI(bits(v), setI(~0u >> 1)));
    v = clamp(mul(v, scale), limit);
    v = select(unordered(v, v), set(0.0f), v);
    const I shifted = bits(add(v, set(RoundingOffset)));
    storeIntegers(out, i, subI(shifted, setI(0x4b400000)));
  });
}

/// What a product takes of its weights.
enum class IntegerPart { All, Magnitudes, Positive, Negative };

template <IntegerPart Part> inline I partOf(I pairs) {
  if (Part == IntegerPart::All)
    return pairs;
  if (Part == IntegerPart::Magnitudes)
    return absolutePairs(pairs);
  const I positive = positivePairs(pairs);
  // No half of the magnitudes is below that of the positive part.
  return Part == IntegerPart::Positive ? positive
                                       : subI(absolutePairs(pairs), positive);
}

template <int Rows, int Vectors, IntegerPart Part>
inline void multiplyIntegerBlock(const IntegerProductRequest &request,
                                 const uint32_t *panel, int64_t row,
                                 int64_t column, int lastLanes) {
  I sums[Rows][Vectors];
  AIMC_UNROLL
  for (int r = 0; r < Rows; ++r) {
    AIMC_UNROLL
    for (int v = 0; v < Vectors; ++v)
      sums[r][v] = setI(0);
  }
  const uint32_t *x = request.x + row * request.xStride;
  const int64_t xStride = request.xStride, pairs = request.pairs;
  for (int64_t p = 0; p < pairs; ++p) {
    I weights[Vectors];
    AIMC_UNROLL
    for (int v = 0; v < Vectors; ++v)
      weights[v] = partOf<Part>(loadI(panel + v * Lanes));
    panel += Vectors * Lanes;
    AIMC_UNROLL
    for (int r = 0; r < Rows; ++r) {
      const I input = setI(x[r * xStride]);
      AIMC_UNROLL
      for (int v = 0; v < Vectors; ++v)
        sums[r][v] = addPairs(sums[r][v], input, weights[v]);
    }
    ++x;
  }
  AIMC_UNROLL
  for (int r = 0; r < Rows; ++r) {
    const F unit = set(request.unit * request.factors[row + r]);
    float *y = request.y + (row + r) * request.yStride + column;
    AIMC_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      const F result = mul(unit, ofSigned(sums[r][v]));
      if (v == Vectors - 1 && lastLanes != Lanes)
        storeFirst(y + v * Lanes, result, lastLanes);
      else
        store(y + v * Lanes, result);
    }
  }
}

template <IntegerPart Part, int Rows, int Vectors>
inline void multiplyIntegerRows(const IntegerProductRequest &request,
                                const uint32_t *panel, int64_t row, int rows,
                                int64_t column, int vectors, int lastLanes) {
  if constexpr (Vectors > 1) {
    if (vectors < Vectors)
      return multiplyIntegerRows<Part, Rows, Vectors - 1>(
          request, panel, row, rows, column, vectors, lastLanes);
  }
  if constexpr (Rows > 1) {
    if (rows < Rows)
      return multiplyIntegerRows<Part, Rows - 1, Vectors>(
          request, panel, row, rows, column, vectors, lastLanes);
  }
  multiplyIntegerBlock<Rows, Vectors, Part>(request, panel, row, column,
                                            lastLanes);
}

template <IntegerPart Part>
inline void multiplyIntegerPart(const IntegerProductRequest &request) {
  constexpr int64_t PanelColumns = ProductVectors * Lanes;
  for (int64_t column = 0; column < request.columns; column += PanelColumns) {
    const int64_t rest = request.columns - column;
    const int64_t width = rest < PanelColumns ? rest : PanelColumns;
    const int vectors = (int)((width + Lanes - 1) / Lanes);
    const int lastLanes = (int)(width - (vectors - 1) * Lanes);
    const uint32_t *panel = request.weights + column * request.pairs;
    const int64_t blocks = (request.n + ProductRows - 1) / ProductRows;
    int64_t row = 0;
    for (int64_t b = 0; b < blocks; ++b) {
      const int rows = (int)((request.n - row) / (blocks - b));
      multiplyIntegerRows<Part, ProductRows, ProductVectors>(
          request, panel, row, rows, column, vectors, lastLanes);
      row += rows;
    }
  }
}

void multiplyIntegers(const IntegerProductRequest &request) {
  if (request.part == WeightPart::Positive)
    multiplyIntegerPart<IntegerPart::Positive>(request);
  else if (request.part == WeightPart::Negative)
    multiplyIntegerPart<IntegerPart::Negative>(request);
  else if (request.magnitudes)
    multiplyIntegerPart<IntegerPart::Magnitudes>(request);
  else
    multiplyIntegerPart<IntegerPart::All>(request);
}

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_INTEGERIMPL_H
