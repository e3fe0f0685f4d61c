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

#include "Runtime/Kernels/ChainProductImpl.h"
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
