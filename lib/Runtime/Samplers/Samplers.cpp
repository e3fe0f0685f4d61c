//===- Samplers.cpp - Random directions and offsets -----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Streams: projections are keyed by the sampler, rows by their number.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Samplers.h"

#include "Runtime/Kernels/FloatingPoint.h"
#include "Runtime/Random/Normal64.h"
#include "Runtime/Samplers/Orthogonal.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

using namespace aimc::runtime;

namespace {

void sampleGaussian(int64_t features, int64_t inputs, double scale,
                    uint64_t seed, float *omega) {
  const StreamKey key = deriveStream(seed, Effect::Projection, 0);
  std::vector<double> row(inputs);
  for (int64_t r = 0; r < features; ++r) {
    normals64(key, r, inputs, row.data());
    for (int64_t i = 0; i < inputs; ++i)
      omega[r * inputs + i] = static_cast<float>(row[i] * scale);
  }
}

bool sampleOrthogonal(int64_t features, int64_t inputs, double scale,
                      uint64_t seed, float *omega) {
  const StreamKey key = deriveStream(seed, Effect::Projection, 1);
  const StreamKey normKey = deriveStream(seed, Effect::RowNorms);
  std::string error;
  const Engine &engine = *findEngine("auto", error);
  std::vector<double> block(std::min(features, inputs) * inputs);
  std::vector<double> gaussian(inputs);
  for (int64_t first = 0; first < features; first += inputs) {
    const int64_t rows = std::min(inputs, features - first);
    for (int64_t r = 0; r < rows; ++r)
      normals64(key, first + r, inputs, block.data() + r * inputs);
    if (!orthonormaliseRows(engine, rows, inputs, block.data()))
      return false;
    for (int64_t r = 0; r < rows; ++r) {
      // chi(d): the length of a Gaussian vector of its own.
      normals64(normKey, first + r, inputs, gaussian.data());
      double square = 0;
      for (double value : gaussian)
        square += value * value;
      const double length = std::sqrt(square) * scale;
      for (int64_t i = 0; i < inputs; ++i)
        omega[(first + r) * inputs + i] =
            static_cast<float>(block[r * inputs + i] * length);
    }
  }
  return true;
}

} // namespace

int aimc_sample_projection(const char *sampler, int64_t features,
                           int64_t inputs, double gamma, uint64_t seed,
                           float *omega) {
  if (!sampler || !omega || features < 1 || inputs < 1 || inputs > INT32_MAX ||
      features > INT64_MAX / inputs || !(gamma > 0) || !(gamma <= 1e60))
    return 0;
  const DefaultFloatingPoint floatingPoint;
  const double scale = std::sqrt(2 * gamma);
  try {
    const std::string_view name = sampler;
    if (name == "rff") {
      sampleGaussian(features, inputs, scale, seed, omega);
      return 1;
    }
    return name == "orf" &&
           sampleOrthogonal(features, inputs, scale, seed, omega);
  } catch (const std::exception &) {
    return 0;
  }
}

int aimc_sample_offsets(int64_t features, uint64_t seed, float *offsets) {
  if (features < 1 || !offsets)
    return 0;
  const DefaultFloatingPoint floatingPoint;
  constexpr float BelowTwoPi = 0x1.921fb4p+2f;
  const StreamKey key = deriveStream(seed, Effect::Offsets);
  for (int64_t i = 0; i < features; ++i) {
    const double angle = uniform64(key, i) * 0x1.921fb54442d18p+2;
    offsets[i] = std::min(static_cast<float>(angle), BelowTwoPi);
  }
  return 1;
}
