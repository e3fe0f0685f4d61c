//===- KernelError.h - How well features approximate a kernel ---*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The error of the Gram matrix of features against that of the exact kernel.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_RUNNER_KERNELERROR_H
#define AIMC_LIB_RUNTIME_RUNNER_KERNELERROR_H

#include "aimc/Runtime/ExactKernel.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aimc::runtime {

/// |K - ZZᵀ| / |K| in the Frobenius norm over the first rows of a run, for
/// inputs X (n x d), features Z (n x D) and K[i, j] = k(x_i, x_j). It is how
/// Büchel et al. (Nature Machine Intelligence 6, 2024) compare kernels on chip.
class KernelError {
public:
  /// Rows that count; both matrices have the square of it.
  static constexpr int64_t MostRows = 1000;

  KernelError(int64_t inputs, int64_t features)
      : inputs(inputs), features(features) {}

  /// Adds `count` rows, of which those beyond `MostRows` do not count.
  void add(const float *x, const float *z, int64_t count);
  int64_t rows() const { return counted; }

  /// Computes the error; sums are FP64 in an order of the rows and columns
  /// alone. Fails if there is no row or the norm of K is not finite.
  bool compute(const ExactKernel &kernel, std::string &error);
  /// Nothing if the norm of K is 0 and the difference is not.
  std::optional<double> value() const { return result; }

private:
  int64_t inputs, features, counted = 0;
  std::vector<float> x, z;
  std::optional<double> result;
};

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_RUNNER_KERNELERROR_H
