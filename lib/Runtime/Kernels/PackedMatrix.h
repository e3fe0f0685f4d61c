//===- PackedMatrix.h - Weights in the order of the product -----*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A matrix cut into panels of columns, so that a product reads it in one go.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_PACKEDMATRIX_H
#define AIMC_RUNTIME_KERNELS_PACKEDMATRIX_H

#include "Runtime/Kernels/Engine.h"
#include "Runtime/Kernels/Workers.h"

namespace aimc::runtime {

/// `rows` inputs by `columns` outputs, in the layout of one engine.
class PackedMatrix {
public:
  PackedMatrix() = default;

  /// A matrix of zeros.
  PackedMatrix(const Engine &engine, int64_t rows, int64_t columns);

  /// Row-major `weights` with `stride` elements from row to row.
  PackedMatrix(const Engine &engine, const float *weights, int64_t stride,
               int64_t rows, int64_t columns);

  int64_t rows() const { return rowCount; }
  int64_t columns() const { return columnCount; }

  /// All values, in the panels of ProductRequest.
  const float *data() const { return panels.data(); }

  /// Writes one row of `columns()` values.
  void setRow(int64_t row, const float *values);

  /// Reads one row of `columns()` values.
  void copyRow(int64_t row, float *values) const;

  /// Writes all columns: column c has its `rows()` values at
  /// `values + c * stride`.
  void setColumns(const float *values, int64_t stride);

  /// Rounds all values to FP16.
  void roundToHalf();

  /// y (n x columns) from x (n x rows), or added to it; see ProductRequest.
  void multiply(const float *x, int64_t xStride, int64_t n, float *y,
                int64_t yStride, ProductMode mode,
                WeightPart part = WeightPart::All) const {
    multiply(x, xStride, /*xStep=*/1, n, y, yStride, mode, part);
  }

  /// The same for an x whose columns are `xStep` elements apart, say one that
  /// is stored transposed.
  void multiply(const float *x, int64_t xStride, int64_t xStep, int64_t n,
                float *y, int64_t yStride, ProductMode mode,
                WeightPart part = WeightPart::All) const;

  /// y = x w, of which each element is the sum of one chain for each ChainTerms
  /// rows, added in ascending order.
  void multiplyInChains(const float *x, int64_t xStride, int64_t n, float *y,
                        int64_t yStride) const;

private:
  const Engine *engine = nullptr;
  int64_t rowCount = 0, columnCount = 0;
  Buffer panels;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_PACKEDMATRIX_H
