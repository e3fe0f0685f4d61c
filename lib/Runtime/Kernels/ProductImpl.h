//===- ProductImpl.h - Fixed-order matrix products --------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The product of a few rows with one panel of packed weights, held in registers
// throughout; included by the engines after a Vector*.h. An engine states how
// many rows (`ProductRows`) and vectors (`ProductVectors`) its registers hold.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_PRODUCTIMPL_H
#define AIMC_RUNTIME_KERNELS_PRODUCTIMPL_H

#include "Runtime/Kernels/Engine.h"

namespace aimc::runtime {
namespace {

/// Rows of a panel worked on while they stay in the first-level cache.
constexpr int64_t DepthBlock = 512;

/// One call of a micro kernel.
struct Block {
  const float *x;
  int64_t xStride, xStep;
  const float *panel;
  int64_t panelStride; ///< elements from panel to panel
  int64_t panelWidth;  ///< elements from row to row of a panel
  int64_t depth;
  float *y;
  int64_t yStride;
  int lastLanes; ///< lanes of the last vector that are columns of y
  ProductMode mode;
  uint32_t flip; ///< of the weights' bits before one sign takes part
};

/// `Rows` rows times `Panels` panels of `Vectors` vectors.
template <int Rows, int Vectors, int Panels, bool OneSign>
inline void multiplyBlock(const Block &block) {
  constexpr int Width = Vectors * Panels;
  F sums[Rows][Width];
  const auto isPartial = [&](int v) {
    return v == Width - 1 && block.lastLanes != Lanes;
  };
  const auto loadOutput = [&](int r, int v) {
    const float *from = block.y + r * block.yStride + v * Lanes;
    return isPartial(v) ? loadFirst(from, block.lastLanes) : load(from);
  };
  if (block.mode == ProductMode::Continue) {
    AIMC_UNROLL
    for (int r = 0; r < Rows; ++r) {
      AIMC_UNROLL
      for (int v = 0; v < Width; ++v)
        sums[r][v] = loadOutput(r, v);
    }
  } else {
    AIMC_UNROLL
    for (int r = 0; r < Rows; ++r) {
      AIMC_UNROLL
      for (int v = 0; v < Width; ++v)
        sums[r][v] = set(0.0f);
    }
  }

  const float *x = block.x;
  const float *panel = block.panel;
  for (int64_t k = 0; k < block.depth; ++k) {
    F weights[Width];
    AIMC_UNROLL
    for (int p = 0; p < Panels; ++p) {
      AIMC_UNROLL
      for (int v = 0; v < Vectors; ++v) {
        F w = load(panel + p * block.panelStride + v * Lanes);
        if (OneSign)
          w = larger(ofBits(xorI(bits(w), setI(block.flip))), set(0.0f));
        weights[p * Vectors + v] = w;
      }
    }
    panel += block.panelWidth;
    AIMC_UNROLL
    for (int r = 0; r < Rows; ++r) {
      const F input = set(x[r * block.xStride]);
      AIMC_UNROLL
      for (int v = 0; v < Width; ++v)
        sums[r][v] = fma(input, weights[v], sums[r][v]);
    }
    x += block.xStep;
  }

  AIMC_UNROLL
  for (int r = 0; r < Rows; ++r) {
    AIMC_UNROLL
    for (int v = 0; v < Width; ++v) {
      F sum = sums[r][v];
      if (block.mode == ProductMode::Add)
        sum = add(loadOutput(r, v), sum);
      float *to = block.y + r * block.yStride + v * Lanes;
      if (isPartial(v))
        storeFirst(to, sum, block.lastLanes);
      else
        store(to, sum);
    }
  }
}

template <bool OneSign, int Vectors, int Panels, int Rows>
inline void multiplyRows(const Block &block, int rows) {
  if constexpr (Rows > 0) {
    if (rows == Rows)
      multiplyBlock<Rows, Vectors, Panels, OneSign>(block);
    else
      multiplyRows<OneSign, Vectors, Panels, Rows - 1>(block, rows);
  }
}

template <bool OneSign, int Vectors>
inline void multiplyVectors(const Block &block, int rows, int vectors) {
  if constexpr (Vectors > 0) {
    if (vectors == Vectors)
      multiplyRows<OneSign, Vectors, 1, ProductRows>(block, rows);
    else
      multiplyVectors<OneSign, Vectors - 1>(block, rows, vectors);
  }
}

/// Panels that a few rows take at once: one alone would leave the chains of
/// dependent FMAs waiting for each other.
constexpr int FewRows = 2;
constexpr int PanelsAtOnce =
    ProductRows / FewRows < 4 ? ProductRows / FewRows : 4;

/// A few rows times 2 to `Panels` whole panels.
template <bool OneSign, int Panels>
inline void multiplyPanels(const Block &block, int rows, int panels) {
  if constexpr (Panels > 1) {
    if (panels == Panels)
      multiplyRows<OneSign, ProductVectors, Panels, FewRows>(block, rows);
    else
      multiplyPanels<OneSign, Panels - 1>(block, rows, panels);
  }
}

template <bool OneSign>
inline void multiplyPart(const ProductRequest &request) {
  constexpr int64_t PanelColumns = ProductVectors * Lanes;
  const int64_t fullPanels = request.columns / PanelColumns;
  const int64_t panelSize = request.depth * PanelColumns;
  // With Add a chain must end before it is added, so it is not cut.
  const int64_t depthBlock = request.inChains                   ? ChainTerms
                             : request.mode == ProductMode::Add ? request.depth
                                                                : DepthBlock;
  const ProductMode nextMode =
      request.inChains ? ProductMode::Add : ProductMode::Continue;
  int64_t k = 0;
  do {
    Block block;
    block.xStride = request.xStride;
    block.xStep = request.xStep;
    block.yStride = request.yStride;
    block.panelStride = panelSize;
    block.flip = request.part == WeightPart::Negative ? 0x80000000u : 0;
    block.depth =
        request.depth - k < depthBlock ? request.depth - k : depthBlock;
    block.mode = k ? nextMode : request.mode;
    int64_t column = 0;
    while (column < request.columns) {
      const int64_t panel = column / PanelColumns;
      const int64_t rest = request.columns - column;
      const int64_t width = rest < PanelColumns ? rest : PanelColumns;
      const int vectors = (int)((width + Lanes - 1) / Lanes);
      const int64_t whole = request.n <= FewRows ? fullPanels - panel : 0;
      const int panels =
          whole < 2 ? 1 : (int)(whole < PanelsAtOnce ? whole : PanelsAtOnce);
      block.panelWidth = packedWidth(width, Lanes);
      block.panel = request.weights + panel * panelSize + k * block.panelWidth;
      block.lastLanes = (int)(width - (vectors - 1) * Lanes);
      // Blocks of nearly equal height, none so low that it wastes registers.
      const int64_t blocks = (request.n + ProductRows - 1) / ProductRows;
      int64_t row = 0;
      for (int64_t b = 0; b < blocks; ++b) {
        const int rows = (int)((request.n - row) / (blocks - b));
        block.x = request.x + row * request.xStride + k * request.xStep;
        block.y = request.y + row * request.yStride + column;
        if (panels > 1)
          multiplyPanels<OneSign, PanelsAtOnce>(block, rows, panels);
        else
          multiplyVectors<OneSign, ProductVectors>(block, rows, vectors);
        row += rows;
      }
      column += panels > 1 ? panels * PanelColumns : width;
    }
    k += block.depth;
  } while (k < request.depth);
}

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

/// One row times a panel of `Vectors` vectors, of which the last has
/// `lastLanes` columns, in chains.
template <int Vectors, int Width>
inline void multiplyRowInChains(const float *x, const float *panel,
                                int64_t depth, float *y, int lastLanes) {
  F sums[Vectors];
  AIMC_UNROLL
  for (int v = 0; v < Vectors; ++v)
    sums[v] = set(-0.0f); // whose sum with the first chain is that chain
  // Groups of nearly equal size.
  int64_t chains = depth / ChainTerms;
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

void multiply(const ProductRequest &request) {
  if (request.inChains && request.n <= FewRows && request.xStep == 1)
    multiplyFewRows(request);
  else if (request.part == WeightPart::All)
    multiplyPart<false>(request);
  else
    multiplyPart<true>(request);
}

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_PRODUCTIMPL_H
