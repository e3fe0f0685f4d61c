//===- AccumulateImpl.h - Sums of scaled rows in FP64 -----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernel of the samplers' orthogonalisation; included by the engines after
// a Vector*.h.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_ACCUMULATEIMPL_H
#define AIMC_RUNTIME_KERNELS_ACCUMULATEIMPL_H

#include <stdint.h>

namespace aimc::runtime {
namespace {

/// As many FP64 lanes as fit the registers of the FP32 ones, at least two.
constexpr int DoubleLanes = Lanes < 4 ? 2 : Lanes / 2;
typedef double Doubles __attribute__((vector_size(DoubleLanes * 8)));

/// `Vectors` vectors of y, held in registers over all terms.
template <int Vectors>
inline void accumulateColumns(double *y, const double *factors, const double *x,
                              int64_t stride, int64_t terms) {
  Doubles sums[Vectors];
  __builtin_memcpy(sums, y, sizeof sums);
  for (int64_t t = 0; t < terms; ++t) {
    for (int v = 0; v < Vectors; ++v) {
      Doubles values;
      __builtin_memcpy(&values, x + v * DoubleLanes, sizeof values);
      sums[v] += factors[t] * values;
    }
    x += stride;
  }
  __builtin_memcpy(y, sums, sizeof sums);
}

void accumulate(double *y, int64_t count, const double *factors,
                const double *x, int64_t stride, int64_t terms) {
  constexpr int Vectors = 8;
  int64_t j = 0;
  for (; j + Vectors * DoubleLanes <= count; j += Vectors * DoubleLanes)
    accumulateColumns<Vectors>(y + j, factors, x + j, stride, terms);
  for (; j + DoubleLanes <= count; j += DoubleLanes)
    accumulateColumns<1>(y + j, factors, x + j, stride, terms);
  for (; j < count; ++j) {
    double sum = y[j];
    for (int64_t t = 0; t < terms; ++t)
      sum += factors[t] * x[t * stride + j];
    y[j] = sum;
  }
}

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_ACCUMULATEIMPL_H
