//===- ChainProductImpl.h - Products in chains, of few rows -----*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products whose chains of ChainTerms terms are computed side by side, since
// one after the other they would wait for themselves when there are no rows to
// take turns; included by the engines after a Vector*.h.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_CHAINPRODUCTIMPL_H
#define AIMC_RUNTIME_KERNELS_CHAINPRODUCTIMPL_H

#include "Runtime/Kernels/Engine.h"

namespace aimc::runtime {
namespace {

/// Up to so many rows are few.
constexpr int FewRows = 2;

/// `Chains` chains that follow each other, side by side, of one row of
/// contiguous inputs with a panel of `Vectors` vectors and `Width` elements
/// from row to row; their results are added to the sums in ascending order.
/// `Terms` is known where chains are whole, so that all distances are
/// constants.
template <int Chains, int Vectors, int Width, int64_t Terms = 0>
inline void multiplyChains(const float *x, const float *panel,
                           F (&sums)[Vectors], int64_t rest = Terms) {
  F chains[Chains][Vectors];
  AIMC_UNROLL
  for (int c = 0; c < Chains; ++c) {
    AIMC_UNROLL
    for (int v = 0; v < Vectors; ++v)
      chains[c][v] = set(0.0f);
  }
  const int64_t terms = Terms ? Terms : rest;
  for (int64_t k = 0; k < terms; ++k) {
    AIMC_UNROLL
    for (int c = 0; c < Chains; ++c) {
      const F input = set(x[c * Terms]);
      AIMC_UNROLL
      for (int v = 0; v < Vectors; ++v)
        chains[c][v] = fma(input, load(panel + c * Terms * Width + v * Lanes),
                           chains[c][v]);
    }
    ++x;
    panel += Width;
  }
  AIMC_UNROLL
  for (int c = 0; c < Chains; ++c) {
    AIMC_UNROLL
    for (int v = 0; v < Vectors; ++v)
      sums[v] = add(sums[v], chains[c][v]);
  }
}

/// The same for `chains` <= Chains whole ones.
template <int Vectors, int Width, int Chains>
inline void multiplyWholeChains(const float *x, const float *panel,
                                F (&sums)[Vectors], int chains) {
  if constexpr (Chains > 0) {
    if (chains == Chains)
      multiplyChains<Chains, Vectors, Width, ChainTerms>(x, panel, sums);
    else
      multiplyWholeChains<Vectors, Width, Chains - 1>(x, panel, sums, chains);
  }
}

/// Chains side by side: enough to fill the units while each waits for itself. A
/// panel of vectors of one lane has enough of its own.
constexpr int ChainsAtOnce = Lanes == 1 ? 1 : ProductRows < 8 ? ProductRows : 8;

/// `Vectors` vectors of whole chains that follow each other, one chain a quad,
/// of one row of contiguous inputs with a panel of four columns; the last
/// vector has `lastChains`. Their results are added to `sum`, whose first quad
/// counts, in ascending order. `Groups` are the Quads of the engine; a
/// parameter, so that nothing is made of it where vectors have none.
template <typename Groups, int Vectors>
inline void multiplyQuads(const float *x, const float *panel, F &sum,
                          int lastChains) {
  constexpr int Width = 4, Count = Groups::Count;
  // Where there is no further chain, the last one is computed again.
  int64_t inputs[Vectors][Count], weights[Vectors][Count];
  AIMC_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    AIMC_UNROLL
    for (int q = 0; q < Count; ++q) {
      const int chain = v < Vectors - 1 || q < lastChains ? q : lastChains - 1;
      inputs[v][q] = (v * Count + chain) * ChainTerms;
      weights[v][q] = inputs[v][q] * Width;
    }
  }
  F chains[Vectors];
  AIMC_UNROLL
  for (int v = 0; v < Vectors; ++v)
    chains[v] = set(0.0f);
  for (int64_t k = 0; k < ChainTerms; k += 4) {
    AIMC_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      const F input = Groups::load(x + k, inputs[v]);
      const F repeated[4] = {
          Groups::template repeat<0>(input), Groups::template repeat<1>(input),
          Groups::template repeat<2>(input), Groups::template repeat<3>(input)};
      AIMC_UNROLL
      for (int part = 0; part < 4; part += Count) {
        F rows[Count];
        AIMC_UNROLL
        for (int q = 0; q < Count; ++q)
          rows[q] = load(panel + (k + part) * Width + weights[v][q]);
        Groups::transpose(rows);
        AIMC_UNROLL
        for (int q = 0; q < Count; ++q)
          chains[v] = fma(repeated[part + q], rows[q], chains[v]);
      }
    }
  }
  const auto addChains = [&](F vector, int count) {
    sum = add(sum, vector);
    if (count > 1)
      sum = add(sum, Groups::template front<1>(vector));
    if constexpr (Count > 2) {
      if (count > 2)
        sum = add(sum, Groups::template front<2>(vector));
      if (count > 3)
        sum = add(sum, Groups::template front<3>(vector));
    }
  };
  AIMC_UNROLL
  for (int v = 0; v < Vectors; ++v)
    addChains(chains[v], v < Vectors - 1 ? Count : lastChains);
}

template <typename Groups, int Vectors>
inline void multiplyQuadVectors(const float *x, const float *panel, F &sum,
                                int vectors, int lastChains) {
  if constexpr (Vectors > 0) {
    if (vectors == Vectors)
      multiplyQuads<Groups, Vectors>(x, panel, sum, lastChains);
    else
      multiplyQuadVectors<Groups, Vectors - 1>(x, panel, sum, vectors,
                                               lastChains);
  }
}

/// The product of one row with `chains` whole chains of a panel of four
/// columns, added to the first quad of `sum`.
template <typename Groups>
inline void multiplyInQuads(const float *x, const float *panel, F &sum,
                            int64_t chains) {
  constexpr int64_t VectorsAtOnce = 4;
  int64_t vectors = (chains + Groups::Count - 1) / Groups::Count;
  // Groups of nearly equal size.
  for (int64_t groups = (vectors + VectorsAtOnce - 1) / VectorsAtOnce; groups;
       --groups) {
    const int64_t own = vectors / groups;
    const int64_t count =
        chains < own * Groups::Count ? chains : own * Groups::Count;
    multiplyQuadVectors<Groups, VectorsAtOnce>(
        x, panel, sum, (int)own, (int)(count - (own - 1) * Groups::Count));
    x += count * ChainTerms;
    panel += count * ChainTerms * 4;
    chains -= count;
    vectors -= own;
  }
}

/// One row times a panel of `Vectors` vectors, of which the last has
/// `lastLanes` columns, in chains.
template <int Vectors, int Width>
inline void multiplyRowInChains(const float *x, const float *panel,
                                int64_t depth, float *y, int lastLanes) {
  F sums[Vectors];
  AIMC_UNROLL
  for (int v = 0; v < Vectors; ++v)
    sums[v] = set(-0.0f); // whose sum with the first chain is that chain
  int64_t chains = depth / ChainTerms;
  if constexpr (Width == 4 && Lanes > Width) {
    multiplyInQuads<Quads>(x, panel, sums[0], chains);
    x += chains * ChainTerms;
    panel += chains * ChainTerms * Width;
    chains = 0;
  }
  // Groups of nearly equal size.
  for (int64_t groups = (chains + ChainsAtOnce - 1) / ChainsAtOnce; groups;
       --groups) {
    const int64_t count = chains / groups;
    multiplyWholeChains<Vectors, Width, ChainsAtOnce>(x, panel, sums,
                                                      (int)count);
    x += count * ChainTerms;
    panel += count * ChainTerms * Width;
    chains -= count;
  }
  if (depth % ChainTerms || depth == 0)
    multiplyChains<1, Vectors, Width>(x, panel, sums, depth % ChainTerms);
  AIMC_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    if (v == Vectors - 1 && lastLanes != Lanes)
      storeFirst(y + v * Lanes, sums[v], lastLanes);
    else
      store(y + v * Lanes, sums[v]);
  }
}

template <int Vectors>
inline void multiplyVectorsInChains(const float *x, const float *panel,
                                    int64_t depth, float *y, int lastLanes,
                                    int vectors) {
  if constexpr (Vectors > 0) {
    if (vectors == Vectors)
      multiplyRowInChains<Vectors, Vectors * Lanes>(x, panel, depth, y,
                                                    lastLanes);
    else
      multiplyVectorsInChains<Vectors - 1>(x, panel, depth, y, lastLanes,
                                           vectors);
  }
}

/// One row times a panel of less than a vector, `Width` wide or wider.
template <int Width>
inline void multiplyNarrowInChains(const float *x, const float *panel,
                                   int64_t depth, float *y, int columns) {
  if constexpr (Width < Lanes) {
    if (columns <= Width)
      multiplyRowInChains<1, Width>(x, panel, depth, y, columns);
    else
      multiplyNarrowInChains<2 * Width>(x, panel, depth, y, columns);
  }
}

/// The product in chains for few rows, where one chain after the other would
/// wait for itself.
inline void multiplyFewRows(const ProductRequest &request) {
  constexpr int64_t PanelColumns = ProductVectors * Lanes;
  for (int64_t column = 0; column < request.columns; column += PanelColumns) {
    const int64_t rest = request.columns - column;
    const int64_t width = rest < PanelColumns ? rest : PanelColumns;
    const int vectors = (int)((width + Lanes - 1) / Lanes);
    const float *panel = request.weights + column * request.depth;
    for (int64_t row = 0; row < request.n; ++row) {
      const float *x = request.x + row * request.xStride;
      float *y = request.y + row * request.yStride + column;
      if (packedWidth(width, Lanes) < Lanes)
        multiplyNarrowInChains<4>(x, panel, request.depth, y, (int)width);
      else
        multiplyVectorsInChains<ProductVectors>(
            x, panel, request.depth, y, (int)(width - (vectors - 1) * Lanes),
            vectors);
    }
  }
}

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_CHAINPRODUCTIMPL_H
