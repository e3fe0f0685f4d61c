//===- Samplers.cpp - Random directions and offsets -----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Streams: projections are keyed by the sampler, rows, blocks or coordinates by
// their number.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Samplers.h"

#include "Runtime/Kernels/FloatingPoint.h"
#include "Runtime/Random/Normal64.h"
#include "Runtime/Random/NormalQuantile.h"
#include "Runtime/Samplers/Hadamard.h"
#include "Runtime/Samplers/Halton.h"
#include "Runtime/Samplers/Orthogonal.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

using namespace aimc::runtime;

namespace {

/// The numbers of the samplers in the keys of their streams.
enum class Sampler : uint32_t { Rff, Orf, Sorf, Hadamard, Qmc };

StreamKey streamOf(const aimc_projection &p, Sampler sampler) {
  return deriveStream(p.seed, Effect::Projection,
                      static_cast<uint32_t>(sampler));
}

/// Lengths of rows: chi draws, or all the constant.
class RowNorms {
public:
  RowNorms(const aimc_projection &p, int64_t degrees)
      : key(deriveStream(p.seed, Effect::RowNorms)), gaussian(degrees),
        chi(p.chi_row_norms) {}

  /// chi(degrees) is the length of a Gaussian vector of its own.
  double get(int64_t row) {
    if (!chi)
      return std::sqrt(static_cast<double>(gaussian.size()));
    normals64(key, row, gaussian.size(), gaussian.data());
    double square = 0;
    for (double value : gaussian)
      square += value * value;
    return std::sqrt(square);
  }

private:
  StreamKey key;
  std::vector<double> gaussian;
  bool chi;
};

void writeRow(const double *row, int64_t count, double scale, float *omega) {
  for (int64_t i = 0; i < count; ++i)
    omega[i] = static_cast<float>(row[i] * scale);
}

bool sampleGaussian(const aimc_projection &p, double scale, float *omega) {
  const StreamKey key = streamOf(p, Sampler::Rff);
  std::vector<double> row(p.inputs);
  for (int64_t r = 0; r < p.features; ++r) {
    truncatedNormals64(key, r, p.inputs, p.truncation, row.data());
    writeRow(row.data(), p.inputs, scale, omega + r * p.inputs);
  }
  return true;
}

bool sampleOrthogonal(const aimc_projection &p, double scale, float *omega) {
  const StreamKey key = streamOf(p, Sampler::Orf);
  RowNorms norms(p, p.inputs);
  std::string error;
  const Engine &engine = *findEngine("auto", error);
  std::vector<double> block(std::min(p.features, p.inputs) * p.inputs);
  for (int64_t first = 0; first < p.features; first += p.inputs) {
    const int64_t rows = std::min(p.inputs, p.features - first);
    for (int64_t r = 0; r < rows; ++r)
      normals64(key, first + r, p.inputs, block.data() + r * p.inputs);
    std::vector<double> signs(rows, 1);
    if (!p.haar)
      signs = householderSigns(rows, p.inputs, block);
    if (!orthonormaliseRows(engine, rows, p.inputs, block.data()))
      return false;
    for (int64_t r = 0; r < rows; ++r)
      writeRow(&block[r * p.inputs], p.inputs,
               signs[r] * norms.get(first + r) * scale,
               omega + (first + r) * p.inputs);
  }
  return true;
}

bool sampleHadamard(const aimc_projection &p, double scale, bool structured,
                    float *omega) {
  const StreamKey key =
      streamOf(p, structured ? Sampler::Sorf : Sampler::Hadamard);
  const int64_t size = nextPowerOfTwo(p.inputs);
  RowNorms norms(p, size);
  const double length = std::sqrt(static_cast<double>(size));
  std::vector<double> row(size);
  for (int64_t first = 0; first < p.features; first += size) {
    const HadamardProduct product(key, first / size, size, structured);
    const int64_t rows = std::min(size, p.features - first);
    for (int64_t r = 0; r < rows; ++r) {
      product.getRow(r, row);
      writeRow(row.data(), p.inputs, norms.get(first + r) / length * scale,
               omega + (first + r) * p.inputs);
    }
  }
  return true;
}

bool sampleHalton(const aimc_projection &p, double scale, float *omega) {
  const StreamKey key = streamOf(p, Sampler::Qmc);
  const std::vector<int64_t> primes = firstPrimes(p.inputs);
  for (int64_t i = 0; i < p.inputs; ++i) {
    const HaltonCoordinate coordinate(key, i, primes[i]);
    for (int64_t r = 0; r < p.features; ++r)
      omega[r * p.inputs + i] =
          static_cast<float>(normalQuantile64(coordinate.get(r)) * scale);
  }
  return true;
}

/// Whether the members that all samplers share are in their ranges.
bool isValid(const aimc_projection &p) {
  return p.sampler && p.features >= 1 && p.inputs >= 1 &&
         p.inputs <= (int64_t{1} << 30) && p.features <= INT64_MAX / p.inputs &&
         p.gamma > 0 && p.gamma <= 1e60;
}

bool sample(const aimc_projection &p, float *omega) {
  const double scale = std::sqrt(2 * p.gamma);
  const std::string_view name = p.sampler;
  const bool unbounded = p.truncation == HUGE_VAL;
  const auto isFlag = [](int value) { return value == 0 || value == 1; };
  if (name == "rff")
    return p.truncation >= 0.1 && p.chi_row_norms == 0 && p.haar == 0 &&
           sampleGaussian(p, scale, omega);
  if (name == "orf")
    return unbounded && isFlag(p.chi_row_norms) && isFlag(p.haar) &&
           sampleOrthogonal(p, scale, omega);
  if (name == "sorf" || name == "hadamard")
    return unbounded && isFlag(p.chi_row_norms) && p.haar == 0 &&
           sampleHadamard(p, scale, name == "sorf", omega);
  return name == "qmc" && unbounded && p.chi_row_norms == 0 && p.haar == 0 &&
         sampleHalton(p, scale, omega);
}

} // namespace

int aimc_sample_projection(const aimc_projection *projection, float *omega) {
  if (!projection || !omega || !isValid(*projection))
    return 0;
  const DefaultFloatingPoint floatingPoint;
  try {
    return sample(*projection, omega);
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
