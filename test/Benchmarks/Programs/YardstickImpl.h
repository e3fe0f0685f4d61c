//===- YardstickImpl.h - Random features by hand ----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Over GCC's vectors of `Lanes` floats; compiled for each instruction set with
// contraction, so that a * b + c is one instruction.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TEST_BENCHMARKS_PROGRAMS_YARDSTICKIMPL_H
#define AIMC_TEST_BENCHMARKS_PROGRAMS_YARDSTICKIMPL_H

#include "Yardstick.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace aimc::runtime::bench {
namespace {

typedef float V __attribute__((vector_size(4 * Lanes)));
typedef int32_t IV __attribute__((vector_size(4 * Lanes)));

inline V loadVector(const float *p) {
  V v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

/// cos x = (-1)^n sin r of x = (n - 1/2) pi + r for |x| < 2^17, within 2 ulp or
/// 1e-7.
inline V cosine(V x) {
  const float round = 0x1.8p23f;
  const V shifted = x * 0x1.45f306p-2f + 0.5f + round;
  const V n = shifted - round - 0.5f;
  V r = x - n * 0x1.921fb6p+1f;
  r = r + n * 0x1.777a5cp-24f;
  r = r + n * 0x1.ee59dap-49f;
  const V z = r * r;
  V p = z * 0x1.5b619cp-19f - 0x1.9f422ap-13f;
  p = p * z + 0x1.110dc0p-7f;
  p = p * z - 0x1.555544p-3f;
  p = p * (z * r) + r;
  IV pattern, sign;
  std::memcpy(&pattern, &p, sizeof p);
  std::memcpy(&sign, &shifted, sizeof sign);
  pattern ^= sign << 31;
  std::memcpy(&p, &pattern, sizeof p);
  return p;
}

/// For `Vectors` vectors of rows and `Features` features at once.
template <int Vectors, int Features>
void run(const RandomFeatures &model, const float *x, int64_t n, float *y) {
  constexpr int64_t Rows = Vectors * Lanes;
  static thread_local std::vector<float> packed, transposed, sums;
  static thread_local int64_t packedNumber = -1;
  const int64_t d = model.inputs, m = model.features, c = model.outputs;
  // Weights in the order of their use, once a model.
  if (packedNumber != model.number) {
    packedNumber = model.number;
    packed.resize(d * m);
    for (int64_t f = 0; f < m; ++f)
      for (int64_t k = 0; k < d; ++k)
        packed[f / Features * Features * d + k * Features + f % Features] =
            model.omega[f * d + k];
  }
  transposed.resize(d * Rows);
  sums.resize(c * Rows);
  for (int64_t row = 0; row < n; row += Rows) {
    const int64_t count = std::min(Rows, n - row);
    for (int64_t k = 0; k < d; ++k)
      for (int64_t r = 0; r < count; ++r)
        transposed[k * Rows + r] = x[(row + r) * d + k];
    for (int64_t j = 0; j < c; ++j)
      std::fill_n(sums.data() + j * Rows, Rows, model.intercept[j]);
    for (int64_t f = 0; f < m; f += Features) {
      V acc[Features][Vectors] = {};
      const float *weights = packed.data() + f * d;
      const float *inputs = transposed.data();
      for (int64_t k = 0; k < d; ++k) {
        V in[Vectors];
#pragma GCC unroll 16
        for (int v = 0; v < Vectors; ++v)
          in[v] = loadVector(inputs + v * Lanes);
#pragma GCC unroll 16
        for (int i = 0; i < Features; ++i)
#pragma GCC unroll 16
          for (int v = 0; v < Vectors; ++v)
            acc[i][v] += in[v] * weights[i];
        inputs += Rows;
        weights += Features;
      }
#pragma GCC unroll 16
      for (int i = 0; i < Features; ++i)
#pragma GCC unroll 16
        for (int v = 0; v < Vectors; ++v)
          acc[i][v] = cosine(acc[i][v] + model.offset[f + i]);
      for (int64_t j = 0; j < c; ++j) {
        float *to = sums.data() + j * Rows;
#pragma GCC unroll 16
        for (int v = 0; v < Vectors; ++v) {
          V sum = loadVector(to + v * Lanes);
#pragma GCC unroll 16
          for (int i = 0; i < Features; ++i)
            sum += acc[i][v] * model.readout[(f + i) * c + j];
          std::memcpy(to + v * Lanes, &sum, sizeof sum);
        }
      }
    }
    for (int64_t r = 0; r < count; ++r)
      for (int64_t j = 0; j < c; ++j)
        y[(row + r) * c + j] = sums[j * Rows + r];
  }
}

/// For one row, with vectors of features.
void runRow(const RandomFeatures &model, const float *x, float *y) {
  constexpr int Width = 4; // vectors at once
  constexpr int64_t Block = Width * Lanes;
  static thread_local std::vector<float> omega, readout, sums;
  static thread_local int64_t packedNumber = -1;
  const int64_t d = model.inputs, m = model.features, c = model.outputs;
  if (packedNumber != model.number) {
    packedNumber = model.number;
    omega.resize(d * m);
    readout.resize(c * m);
    for (int64_t f = 0; f < m; ++f) {
      for (int64_t k = 0; k < d; ++k)
        omega[f / Block * Block * d + k * Block + f % Block] =
            model.omega[f * d + k];
      for (int64_t j = 0; j < c; ++j)
        readout[f / Block * Block * c + j * Block + f % Block] =
            model.readout[f * c + j];
    }
  }
  sums.assign(c * Lanes, 0.0f);
  const float *weights = omega.data(), *outer = readout.data();
  for (int64_t f = 0; f < m; f += Block) {
    V acc[Width] = {};
    for (int64_t k = 0; k < d; ++k, weights += Block)
#pragma GCC unroll 16
      for (int v = 0; v < Width; ++v)
        acc[v] += loadVector(weights + v * Lanes) * x[k];
#pragma GCC unroll 16
    for (int v = 0; v < Width; ++v)
      acc[v] = cosine(acc[v] + loadVector(model.offset + f + v * Lanes));
    for (int64_t j = 0; j < c; ++j, outer += Block) {
      V sum = loadVector(sums.data() + j * Lanes);
#pragma GCC unroll 16
      for (int v = 0; v < Width; ++v)
        sum += acc[v] * loadVector(outer + v * Lanes);
      std::memcpy(sums.data() + j * Lanes, &sum, sizeof sum);
    }
  }
  for (int64_t j = 0; j < c; ++j) {
    y[j] = model.intercept[j];
    for (int64_t lane = 0; lane < Lanes; ++lane)
      y[j] += sums[j * Lanes + lane];
  }
}

/// Inputs of a block of rows that the first-level cache holds.
constexpr int64_t LargestInputs = 8 * 1024;

void runBest(const RandomFeatures &model, const float *x, int64_t n, float *y) {
  if (n == 1)
    runRow(model, x, y);
  else if (model.inputs * Vectors * Lanes <= LargestInputs)
    run<Vectors, Features>(model, x, n, y);
  else
    run<Vectors / 2, 2 * Features>(model, x, n, y);
}

} // namespace
} // namespace aimc::runtime::bench

#endif // AIMC_TEST_BENCHMARKS_PROGRAMS_YARDSTICKIMPL_H
