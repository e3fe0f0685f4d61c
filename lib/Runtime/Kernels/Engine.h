//===- Engine.h - Vector kernels of one instruction set ---------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All FP32 arithmetic of the runtime stands behind this table. It is written
// once over a small vector abstraction and compiled for each instruction set;
// every operation is correctly rounded and stands in a fixed order, so that the
// bits of a result are the same whatever engine computes it.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_ENGINE_H
#define AIMC_RUNTIME_KERNELS_ENGINE_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aimc::runtime {

/// What becomes of a chain's result in a product.
enum class ProductMode {
  Store,    ///< y = x w
  Continue, ///< the chains start from y instead of 0
  Add,      ///< y = y + x w
};

/// y (n x columns) from x (n x depth) and packed weights: each element is one
/// chain fma(x[k], w[k], sum) over ascending k. Columns of y are contiguous.
struct ProductRequest {
  const float *x;
  int64_t xStride; ///< elements from row to row
  int64_t xStep;   ///< elements from column to column
  /// Panels of `panelColumns` columns: panel p holds w[k][p * panelColumns + j]
  /// at k * width + j, where `width` is the panel's width; the last one is
  /// rounded up to `vectorColumns` and filled with zeros.
  const float *weights;
  int64_t depth, columns;
  float *y;
  int64_t yStride;
  int64_t n;
  ProductMode mode;
};

/// A digital-to-analog converter applied to inputs.
struct DacRequest {
  float range;  ///< full scale, > 0
  float levels; ///< steps on either side, 2^(bits - 1) - 1; 0: ideal
};

/// What becomes of the sums on a tile's bit lines.
struct AdcRequest {
  float range;          ///< full scale, > 0
  float levels;         ///< steps on either side; 0: ideal
  float noise;          ///< standard deviation of the output noise; 0: none
  const float *normals; ///< one N(0, 1) variate a column, if there is noise
  float inputRange;     ///< factors that take a sum back to the units of the
  float largestWeight;  ///< unscaled product
  bool add;             ///< y = y + partial instead of y = partial
};

/// How weights become pairs of conductances.
struct ProgrammingRequest {
  float largestWeight; ///< becomes the largest conductance; > 0
  float maxConductance;
  /// Coefficients of the noise, sigma(x) = sum of c[i] x^i.
  const float *coefficients;
  int64_t coefficientCount;
};

/// Low-frequency noise of conductances: a factor 1 + scale q(x) xi on each, for
/// the conductance x = |w| / largestWeight in units of the largest.
struct ConductanceNoiseRequest {
  float largestWeight; ///< > 0
  float scale;         ///< growth since programming
  /// q(x) = clamp(logFactor ln x + logOffset, low, high) below `threshold`,
  /// with ln x floored at ln 1e-7; above it the cubic sum of cubic[i] x^i.
  float threshold;
  float logFactor, logOffset, low, high;
  float cubic[4];
};

/// The kernels of one instruction set.
struct Engine {
  const char *name;
  int panelColumns;
  int vectorColumns;

  void (*product)(const ProductRequest &request);

  /// out[i] = opcode(a[i]) for the opcodes with one operand of equal width.
  void (*unary)(int32_t opcode, float *out, const float *a, int64_t count);

  /// out[i] = opcode(a[i * aStep], b[i * bStep]); steps are 0 or 1.
  void (*binary)(int32_t opcode, float *out, const float *a, int64_t aStep,
                 const float *b, int64_t bStep, int64_t count);

  /// out[i] = b[i * bStep] where a[i * aStep] is not 0, else c[i * cStep];
  /// steps are 0 or 1.
  void (*select)(float *out, const float *a, int64_t aStep, const float *b,
                 int64_t bStep, const float *c, int64_t cStep, int64_t count);

  /// The largest of `count` >= 1 values; the quiet NaN 0x7fc00000 if any is
  /// NaN, +0 above -0.
  float (*largest)(const float *a, int64_t count);

  /// out[i] = clamp(rint(in[i] / range * levels), +-levels) / levels; for the
  /// ideal converter in[i] / range.
  void (*dac)(const DacRequest &request, float *out, const float *in,
              int64_t count);

  /// With a = sums[i] + noise * normals[i] and r = range / levels,
  /// y[i] (+)= clamp(rint(a / r) * r, +-range) * inputRange * largestWeight;
  /// the ideal converter passes a.
  void (*adc)(const AdcRequest &request, float *y, const float *sums,
              int64_t count);

  /// Weights as programmed, 1 for the largest. With x = max(+-w /
  /// largestWeight, 0) on either side, conductances are g+- = max(x
  /// maxConductance + sigma(x) normals+-, 0) and the result is (g+ - g-) /
  /// maxConductance.
  void (*programWeights)(const ProgrammingRequest &request, float *out,
                         const float *weights, const float *positiveNormals,
                         const float *negativeNormals, int64_t count);

  /// weights[i] *= max(1 + scale q(x) normals[i], 0).
  void (*addConductanceNoise)(const ConductanceNoiseRequest &request,
                              float *weights, const float *normals,
                              int64_t count);

  /// Philox4x32-10 of 16 counters, which differ in word 0 by +0 .. +15:
  /// out[16 * j + i] is word j of counter i.
  void (*philox)(const uint32_t key[2], const uint32_t counter[4],
                 uint32_t *out);

  /// Standard normal variates `first` .. `first + count - 1` of the row that
  /// `key` and words 1 to 3 of the counter select; see Random/Normal.h.
  void (*normals)(const uint32_t key[2], const uint32_t counter[3],
                  int64_t first, int64_t count, float *out);

  /// y[j] += sum over t of factors[t] * x[t * stride + j] in FP64, `terms`
  /// terms in ascending order, each product and each sum rounded.
  void (*accumulate)(double *y, int64_t count, const double *factors,
                     const double *x, int64_t stride, int64_t terms);
};

/// The engine of that name, or for `auto` the fastest that this machine has.
/// On error returns null and sets `error` to one sentence.
const Engine *findEngine(std::string_view name, std::string &error);

/// All engines this machine can run, the slowest (`scalar`) first.
std::vector<const Engine *> availableEngines();

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_ENGINE_H
