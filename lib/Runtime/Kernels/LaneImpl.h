//===- LaneImpl.h - Kernels with one row a lane -----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values of a block of rows stand transposed, so that lanes are full whatever
// the width of a value, and a narrow product costs what its multiply-adds do.
// Included by the engines after ElementwiseImpl.h. An engine states how many
// vectors of rows (`LaneVectors`) and how many columns for each of them
// (`LaneColumns`) its registers hold.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_LANEIMPL_H
#define AIMC_RUNTIME_KERNELS_LANEIMPL_H

#include "Runtime/Kernels/Engine.h"

namespace aimc::runtime {
namespace {

/// Inputs that stay in the first-level cache while they meet all columns.
constexpr int LaneInputs = 8 * 1024;

/// `Vectors` vectors of rows times `Columns` neighbouring columns.
template <int Vectors, int Columns>
inline void multiplyLanes(const float *x, const float *weights,
                          int64_t weightStride, int64_t depth, float *y,
                          ProductMode mode) {
  constexpr int64_t Width = Vectors * Lanes;
  F sums[Columns][Vectors];
  AIMC_UNROLL
  for (int c = 0; c < Columns; ++c) {
    AIMC_UNROLL
    for (int v = 0; v < Vectors; ++v)
      sums[c][v] = mode == ProductMode::Continue
                       ? load(y + c * Width + v * Lanes)
                       : set(0.0f);
  }
  for (int64_t k = 0; k < depth; ++k) {
    F inputs[Vectors];
    AIMC_UNROLL
    for (int v = 0; v < Vectors; ++v)
      inputs[v] = load(x + v * Lanes);
    AIMC_UNROLL
    for (int c = 0; c < Columns; ++c) {
      const F weight = set(weights[c]);
      AIMC_UNROLL
      for (int v = 0; v < Vectors; ++v)
        sums[c][v] = fma(inputs[v], weight, sums[c][v]);
    }
    x += Width;
    weights += weightStride;
  }
  AIMC_UNROLL
  for (int c = 0; c < Columns; ++c) {
    AIMC_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      float *to = y + c * Width + v * Lanes;
      store(to,
            mode == ProductMode::Add ? add(load(to), sums[c][v]) : sums[c][v]);
    }
  }
}

/// The same for `columns` <= Columns.
template <int Vectors, int Columns>
inline void multiplyLaneColumns(const float *x, const float *weights,
                                int64_t weightStride, int64_t depth, float *y,
                                ProductMode mode, int columns) {
  if constexpr (Columns > 0) {
    if (columns == Columns)
      multiplyLanes<Vectors, Columns>(x, weights, weightStride, depth, y, mode);
    else
      multiplyLaneColumns<Vectors, Columns - 1>(x, weights, weightStride, depth,
                                                y, mode, columns);
  }
}

template <int Vectors> void multiplyLaneRows(const LaneProductRequest &r) {
  constexpr int64_t Width = Vectors * Lanes;
  constexpr int64_t PanelColumns = ProductVectors * Lanes;
  // Fewer vectors leave registers for more columns.
  constexpr int AtOnce = LaneVectors * LaneColumns / Vectors < PanelColumns
                             ? LaneVectors * LaneColumns / Vectors
                             : (int)PanelColumns;
  // With Add a chain must end before it is added, so it is not cut.
  const int64_t depthAtOnce =
      r.mode == ProductMode::Add ? r.depth : LaneInputs / Width;
  int64_t k = 0;
  do {
    const int64_t depth = r.depth - k < depthAtOnce ? r.depth - k : depthAtOnce;
    int64_t c = 0;
    while (c < r.count) {
      const int64_t column = r.firstColumn + c;
      const int64_t start = column / PanelColumns * PanelColumns;
      const int64_t rest = r.columns - start;
      const int64_t panelWidth =
          packedWidth(rest < PanelColumns ? rest : PanelColumns, Lanes);
      int64_t columns = start + panelWidth - column;
      columns = r.count - c < columns ? r.count - c : columns;
      columns = columns < AtOnce ? columns : AtOnce;
      multiplyLaneColumns<Vectors, AtOnce>(
          r.x + k * Width,
          r.weights + start * r.rows + (r.firstRow + k) * panelWidth + column -
              start,
          panelWidth, depth, r.y + c * Width,
          k ? ProductMode::Continue : r.mode, (int)columns);
      c += columns;
    }
    k += depth;
  } while (k < r.depth);
}

/// Selects the number of vectors.
template <int Vectors> void multiplyLaneVectors(const LaneProductRequest &r) {
  if constexpr (Vectors > 0) {
    if (r.vectors == Vectors)
      multiplyLaneRows<Vectors>(r);
    else
      multiplyLaneVectors<Vectors - 1>(r);
  }
}

void laneProduct(const LaneProductRequest &request) {
  multiplyLaneVectors<LaneVectors>(request);
}

/// One operand of `laneBinary`: a scalar for each value, or vectors.
template <bool IsScalar> struct LaneReader {
  const float *data;
  int64_t stride;
  void next() { data += stride; }
  F get(int64_t lane) const {
    if constexpr (IsScalar)
      return set(*data);
    else
      return load(data + lane);
  }
};

template <bool IsScalarA, bool IsScalarB, typename Operation>
inline void mapLanesOf(float *out, const LaneOperand &a, const LaneOperand &b,
                       int64_t count, int64_t lanes, Operation operation) {
  LaneReader<IsScalarA> readA = {a.data, a.stride};
  LaneReader<IsScalarB> readB = {b.data, b.stride};
  for (int64_t j = 0; j < count; ++j) {
    for (int64_t lane = 0; lane < lanes; lane += Lanes)
      store(out + lane, operation(readA.get(lane), readB.get(lane)));
    out += lanes;
    readA.next();
    readB.next();
  }
}

void laneBinary(int32_t opcode, float *out, const LaneOperand &a,
                const LaneOperand &b, int64_t count, int64_t vectors) {
  withBinary(opcode, [&](auto operation) {
    const int64_t lanes = vectors * Lanes;
    if (a.isScalar && b.isScalar)
      mapLanesOf<true, true>(out, a, b, count, lanes, operation);
    else if (a.isScalar)
      mapLanesOf<true, false>(out, a, b, count, lanes, operation);
    else if (b.isScalar)
      mapLanesOf<false, true>(out, a, b, count, lanes, operation);
    else
      mapLanesOf<false, false>(out, a, b, count, lanes, operation);
  });
}

/// out = operation(a + before) * after, or of a - before if `Subtracts`, for
/// `Vectors` vectors of each value, of which a value has `stride` elements,
/// with a `before` of its own in each lane or one for all.
template <int Vectors, bool IsScalar, bool Subtracts, typename Operation>
inline void mapLanes(const LaneMapRequest &request, float *out, const float *a,
                     int64_t count, int64_t stride, const float *before,
                     Operation operation) {
  // Without operands nothing changes with -0, or less 0, and 1.
  const float *after = request.after.data;
  for (int64_t j = 0; j < count; ++j) {
    const F factor = set(after ? after[j * request.after.stride] : 1.0f);
    const float *addends = before + j * request.before.stride;
    F values[Vectors];
    AIMC_UNROLL
    for (int v = 0; v < Vectors; ++v) {
      const F addend = !IsScalar ? load(addends + v * Lanes)
                       : before  ? set(*addends)
                                 : set(Subtracts ? 0.0f : -0.0f);
      // x - y is not x + -y where y is no number, whose sign the sum keeps.
      const F value = load(a + v * Lanes);
      values[v] = Subtracts ? sub(value, addend) : add(value, addend);
    }
    applyAll(operation, values);
    AIMC_UNROLL
    for (int v = 0; v < Vectors; ++v)
      store(out + v * Lanes, mul(values[v], factor));
    a += stride;
    out += stride;
  }
}

/// `laneMap` of a sum or of a difference.
template <bool Subtracts, typename Operation>
inline void mapAllLanes(const LaneMapRequest &request, float *out,
                        const float *a, int64_t count, int64_t vectors,
                        Operation operation) {
  const float *before = request.before.data;
  const bool isScalar = request.before.isScalar || !before;
  const int64_t stride = vectors * Lanes;
  if (isScalar && vectors == LaneVectors)
    return mapLanes<LaneVectors, true, Subtracts>(request, out, a, count,
                                                  stride, before, operation);
  for (int64_t lane = 0; lane < stride; lane += Lanes) {
    if (isScalar)
      mapLanes<1, true, Subtracts>(request, out + lane, a + lane, count, stride,
                                   before, operation);
    else
      mapLanes<1, false, Subtracts>(request, out + lane, a + lane, count,
                                    stride, before + lane, operation);
  }
}

void laneMap(const LaneMapRequest &request, float *out, const float *a,
             int64_t count, int64_t vectors) {
  withUnary(request.opcode, [&](auto operation) {
    if (request.subtracts)
      mapAllLanes<true>(request, out, a, count, vectors, operation);
    else
      mapAllLanes<false>(request, out, a, count, vectors, operation);
  });
}

void laneTranspose(float *out, const float *rows, int64_t stride, int64_t count,
                   int64_t width, int64_t vectors) {
  const int64_t lanes = vectors * Lanes;
  const auto rowOf = [=](int64_t lane) {
    return (lane < count ? lane : count - 1) * stride;
  };
  for (int64_t first = 0; first < lanes; first += Lanes) {
    // Distances of the lanes from the first, which gathers take.
    uint32_t distances[Lanes];
    const int64_t start = rowOf(first);
    bool isNear = true;
    for (int i = 0; i < Lanes; ++i) {
      const int64_t distance = rowOf(first + i) - start;
      isNear = isNear && distance >= 0 && distance < (int64_t(1) << 29);
      distances[i] = (uint32_t)distance;
    }
    const float *from = rows + start;
    float *to = out + first;
    if (isNear) {
      const I indices = loadI(distances);
      for (int64_t j = 0; j < width; ++j)
        store(to + j * lanes, gather(from + j, indices));
      continue;
    }
    for (int64_t j = 0; j < width; ++j)
      for (int i = 0; i < Lanes; ++i)
        to[j * lanes + i] = rows[rowOf(first + i) + j];
  }
}

void laneReduce(int32_t opcode, float *out, const float *a, int64_t count,
                int64_t vectors, bool continues) {
  const int64_t width = vectors * Lanes;
  for (int64_t lane = 0; lane < width; lane += Lanes) {
    const float *from = a + lane;
    int64_t j = 0;
    F result = load(continues ? out + lane : from);
    if (opcode == AIMC_SUM) {
      for (j = continues ? 0 : 1; j < count; ++j)
        result = add(result, load(from + j * width));
    } else {
      // The first with itself too: NaN becomes the quiet one.
      for (; j < count; ++j)
        result = maximum(result, load(from + j * width));
    }
    store(out + lane, result);
  }
}

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_LANEIMPL_H
