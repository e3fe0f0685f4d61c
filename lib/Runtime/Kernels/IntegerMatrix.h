//===- IntegerMatrix.h - Weights rounded to integers ------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products of which some 12 bits are enough, at half the cost of those in FP32.
// Sums of integers are exact, so their bits do not depend on the engine.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_INTEGERMATRIX_H
#define AIMC_RUNTIME_KERNELS_INTEGERMATRIX_H

#include "Runtime/Kernels/PackedMatrix.h"

namespace aimc::runtime {

/// Integers of 16 bits, two to a word as the kernels take them.
using IntegerBuffer = std::vector<uint32_t, CacheAlignedAllocator<uint32_t>>;

/// A matrix in steps of its largest magnitude over `steps()`.
class IntegerMatrix {
public:
  IntegerMatrix() = default;

  /// Rounds the values of `matrix`, those that are not finite to 0 (NaN) or to
  /// the largest magnitude.
  IntegerMatrix(const Engine &engine, const PackedMatrix &matrix);

  /// The largest integer of which no sum of products over `rows` rows can
  /// leave 32 bits: 2896 for 256 rows.
  static int64_t stepsFor(int64_t rows);
  int64_t steps() const { return stepsFor(rowCount); }

  int64_t rows() const { return rowCount; }

  /// Words of a vector of `rows()` integers, rounded up to whole vectors.
  int64_t wordsOfVector() const;

  /// y (n x columns) from x (n x rows, each row of `wordsOfVector()` words,
  /// magnitudes up to `steps()`), or with |w| instead of w for `magnitudes`;
  /// row i is multiplied by `factors[i]`. In the units of the weights.
  /// Of weights of one sign both are the same.
  void multiply(const uint32_t *x, int64_t n, const float *factors,
                bool magnitudes, float *y, int64_t yStride,
                WeightPart part = WeightPart::All) const;

private:
  const Engine *engine = nullptr;
  int64_t rowCount = 0, columnCount = 0;
  float unit = 0; ///< of the integers
  IntegerBuffer panels;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_INTEGERMATRIX_H
