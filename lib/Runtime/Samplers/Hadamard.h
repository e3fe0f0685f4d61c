//===- Hadamard.h - Rows of Hadamard products -------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Structured orthogonal matrices, row by row.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_SAMPLERS_HADAMARD_H
#define AIMC_RUNTIME_SAMPLERS_HADAMARD_H

#include "Runtime/Random/Normal.h"

#include <cstdint>
#include <vector>

namespace aimc::runtime {

/// The least power of two that is at least `size`, 1 <= size <= 2^30.
int64_t nextPowerOfTwo(int64_t size);

/// Replaces `values`, a power of two of them, by their product with the
/// Hadamard matrix of entries +1 and -1, in Sylvester's order.
void hadamardTransform(std::vector<double> &values);

/// An orthogonal p x p matrix with rows of length sqrt(p), from the orthonormal
/// Hadamard matrix H and diagonals D of random signs.
class HadamardProduct {
public:
  /// Draws the signs of block number `block`. `structured`: sqrt(p) (D1 H)(D2
  /// H)(D3 H), else sqrt(p) D1 H D2. `size` is p, a power of two.
  HadamardProduct(StreamKey key, int64_t block, int64_t size, bool structured);

  /// Fills `row`, p values, with row number `index`. All sums are of integers:
  /// exact for p <= 2^26.
  void getRow(int64_t index, std::vector<double> &row) const;

private:
  int64_t size;
  bool structured;
  /// The diagonals, D1 first.
  std::vector<std::vector<double>> signs;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_SAMPLERS_HADAMARD_H
