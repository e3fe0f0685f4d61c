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

/// Which weights of a matrix take part in a product.
enum class WeightPart {
  All,      ///< w
  Positive, ///< max(w, 0)
  Negative, ///< max(-w, 0)
};

/// Terms of a chain in products with matrices in digital memory. Chains run
/// side by side, and rounding errors grow with their length instead of the
/// depth.
constexpr int64_t ChainTerms = 64;

/// From row to row of a panel of `columns` columns for vectors of
/// `vectorColumns`: whole vectors, or 4, 8, ... columns if that is less than
/// one, so that a narrow matrix takes little memory.
constexpr int64_t packedWidth(int64_t columns, int64_t vectorColumns) {
  for (int64_t width = 4; width < vectorColumns; width *= 2)
    if (columns <= width)
      return width;
  return (columns + vectorColumns - 1) / vectorColumns * vectorColumns;
}

/// y (n x columns) from x (n x depth) and packed weights: each element is one
/// chain fma(x[k], w[k], sum) over ascending k, or the sum of one for each
/// ChainTerms of them, added in ascending order. Columns of y are contiguous.
struct ProductRequest {
  const float *x;
  int64_t xStride; ///< elements from row to row
  int64_t xStep;   ///< elements from column to column
  /// Panels of `panelColumns` columns: panel p holds w[k][p * panelColumns + j]
  /// at k * width + j, where `width` is that of `packedWidth`. A vector can be
  /// read behind the last row.
  const float *weights;
  int64_t depth, columns;
  float *y;
  int64_t yStride;
  int64_t n;
  ProductMode mode;
  WeightPart part = WeightPart::All;
  bool inChains = false; ///< of ChainTerms; the mode is Store then
};

/// y = x w for a block of rows, one row a lane: input k of the rows stands at
/// x + k * lanes, column c of the results at y + c * lanes, with lanes =
/// vectors * vectorColumns. Each element is one chain fma(x[k], w[k], sum) over
/// ascending k.
struct LaneProductRequest {
  const float *x;
  const float *weights;       ///< packed `rows` x `columns`, see ProductRequest
  int64_t rows, columns;      ///< of the whole matrix
  int64_t firstRow, depth;    ///< the rows of it that are used
  int64_t firstColumn, count; ///< the columns of it that are used
  float *y;
  int64_t vectors; ///< 1 to laneVectors
  ProductMode mode;
};

/// Values of a block of rows, one row a lane; or anything else that is computed
/// lane by lane, say the columns of one row.
struct LaneOperand {
  const float *data; ///< value j of the rows stands at data + j * stride
  int64_t stride;
  bool isScalar; ///< one number for all rows
};

/// A function of values with what stands before and behind it.
struct LaneMapRequest {
  int32_t opcode;
  LaneOperand before; ///< data are null where there is none
  LaneOperand after;  ///< a scalar; likewise
  bool subtracts;
};

/// A digital-to-analog converter applied to inputs.
struct DacRequest {
  float range;  ///< full scale, > 0
  float levels; ///< steps on either side, 2^(bits - 1) - 1; 0: ideal
  /// A random word a value for stochastic rounding, of which as many can be
  /// read as fill vectors; null: to the nearest even or toward zero.
  const uint32_t *random = nullptr;
  /// Rounding: toward zero but for a 2^-22th of the value, by which a whole
  /// number of steps may seem smaller; else to the nearest even.
  bool towardZero = false;
};

/// Numbers of a fixed-point format: i / steps for integers i in [low, high].
struct FixedPointGrid {
  float steps; ///< a power of two up to 2^10
  float low, high;
};

/// Those of a fixed-point unit; see NumberFormat.
struct FixedPointNumbers {
  FixedPointGrid values; ///< of the count and of the result; steps are 1
  FixedPointGrid scales, offsets;
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
  const float *factors = nullptr; ///< of each column, at last; null: none
  bool towardZero = false;        ///< rounding, as that of a DAC
  /// Magnitude beyond which a bit line's sum, with its noise, does not grow.
  float saturation = __builtin_inff();
  /// Factor and offset (in units of the range) of each column's converter, and
  /// what is known of them, to be taken away digitally; null: 1 and 0.
  const float *gains = nullptr, *offsets = nullptr;
  const float *gainEstimates = nullptr, *offsetEstimates = nullptr;
  /// The transfer curve in units of the range: u - cubic u^3, or through
  /// `tableSize` >= 2 values at equal distances from -1 to 1.
  float cubic = 0;
  const float *table = nullptr;
  int32_t tableSize = 0;
  /// 1, or 4 conversions of positive sums whose results are added with the
  /// signs + - - +: inputs of both signs times weights of either. The sums of a
  /// phase stand `phaseStride` elements after those of the one before, the
  /// normals `normalsStride`.
  int phases = 1;
  int64_t phaseStride = 0, normalsStride = 0;
};

/// A `Curve` of DeviceModel.h in FP32.
struct CurveRequest {
  float threshold;     ///< the polynomial holds from here on
  bool power;          ///< below it: parameters[0] x^parameters[1], else the
  float parameters[2]; ///< logarithm parameters[0] + parameters[1] ln x,
  float bounds[2];     ///< within the bounds
  const float *coefficients;
  int64_t coefficientCount;
  const float *points, *values; ///< of a table, if there are any
  int64_t pointCount;
};

/// How weights become the conductances of one polarity.
struct ProgrammingRequest {
  float largestWeight;  ///< becomes the largest conductance; > 0
  float maxConductance; ///< uS, as all that follow
  float sign;           ///< 1 or -1: the weights that this polarity holds
  float levelSteps;     ///< steps from 0 to the largest; 0: any conductance
  float low, high;      ///< bounds of conductances, 0 <= low < high
  CurveRequest error;   ///< mean distance from the target
  CurveRequest noise;   ///< standard deviation
  /// From the second attempt on: the distance from the target up to which a
  /// conductance stays as it is; negative in the first attempt.
  float tolerance;
};

/// What becomes of programmed weights by the time of a read.
struct AgingRequest {
  /// Drift: w *= exp(-logTime |mean(x) + deviation(x) xi|), where x is what
  /// the device on w's side was meant to have: max(sign(w) target /
  /// largestTarget, 0).
  float logTime;
  float largestTarget; ///< > 0
  CurveRequest driftMean, driftDeviation;
  /// Low-frequency noise: w *= max(1 + scale q(x) xi, 0) for x = |w| /
  /// largestWeight as programmed.
  float scale;
  float largestWeight; ///< > 0
  CurveRequest noise;  ///< q
};

/// Variance of a weight from read to read.
struct VarianceRequest {
  float perWeight;    ///< factor of |w|
  float perSquare;    ///< factor of (q(x) w)^2
  CurveRequest noise; ///< q
  float largestWeight;
};

/// How values become integers of 16 bits.
struct IntegerRequest {
  float scale;          ///< factor
  float limit;          ///< largest magnitude, an integer below 2^15
  const float *factors; ///< of each value, before all else; null: none
  bool magnitudes;      ///< of |v| instead of v
};

/// y = x w with pairs of 16-bit integers, exact but for its units.
struct IntegerProductRequest {
  const uint32_t *x; ///< pairs of inputs, the first in the low half
  int64_t xStride;   ///< words from row to row
  /// Pairs of weights of a column, in panels as those of ProductRequest.
  const uint32_t *weights;
  int64_t pairs, columns;
  float unit;           ///< factor of all results
  const float *factors; ///< of each row, besides
  bool magnitudes;      ///< |w| instead of w, if all weights take part
  float *y;
  int64_t yStride;
  int64_t n;
  WeightPart part = WeightPart::All;
};

/// The kernels of one instruction set.
struct Engine {
  const char *name;
  int panelColumns;
  int vectorColumns;
  int laneVectors; ///< vectors of rows that lane kernels take at most
  int laneInputs;  ///< inputs of a block of rows that they keep in the cache

  void (*product)(const ProductRequest &request);

  /// out[i] = opcode(a[i]) for the opcodes with one operand of equal width.
  void (*unary)(int32_t opcode, float *out, const float *a, int64_t count);

  /// out[i] = opcode(a[i * aStep], b[i * bStep]); steps are 0 or 1.
  void (*binary)(int32_t opcode, float *out, const float *a, int64_t aStep,
                 const float *b, int64_t bStep, int64_t count);

  void (*laneProduct)(const LaneProductRequest &request);

  /// out[j] = opcode(a[j], b[j]) for `count` values of a block of rows, one row
  /// a lane; `out` may take the place of an operand that has no other stride.
  void (*laneBinary)(int32_t opcode, float *out, const LaneOperand &a,
                     const LaneOperand &b, int64_t count, int64_t vectors);

  /// out[j] = opcode(a[j] + before[j]) * after[j] for opcodes with one operand;
  /// a subtraction instead of the sum if `subtracts`, and neither where there
  /// are no data. Each step is rounded.
  void (*laneMap)(const LaneMapRequest &request, float *out, const float *a,
                  int64_t count, int64_t vectors);

  /// Puts `count` rows of `width` contiguous values, `stride` apart, one a
  /// lane. Lanes behind the last row repeat it.
  void (*laneTranspose)(float *out, const float *rows, int64_t stride,
                        int64_t count, int64_t width, int64_t vectors);

  /// AIMC_SUM or AIMC_ROW_MAXIMUM over `count` >= 1 values of a block of rows
  /// in ascending order, or on from `out`.
  void (*laneReduce)(int32_t opcode, float *out, const float *a, int64_t count,
                     int64_t vectors, bool continues);

  /// out[i] = b[i * bStep] where a[i * aStep] is not 0, else c[i * cStep];
  /// steps are 0 or 1.
  void (*select)(float *out, const float *a, int64_t aStep, const float *b,
                 int64_t bStep, const float *c, int64_t cStep, int64_t count);

  /// out[i] = a[i * aStep] * b[i * bStep] + c[i * cStep], steps 0 or 1. With
  /// `numbers` of a fixed-point unit a, b and c are rounded to the nearest of
  /// its numbers, ties to even, and saturated, and the result to the integer
  /// floor(result + 1/2) and saturated as well; NaN stays.
  void (*fixedPoint)(const FixedPointNumbers *numbers, float *out,
                     const float *a, int64_t aStep, const float *b,
                     int64_t bStep, const float *c, int64_t cStep,
                     int64_t count);

  /// Rounds values to IEEE binary16, to the nearest even; from 65520 on they
  /// are infinite. NaN stays.
  void (*roundToHalf)(float *values, int64_t count);

  /// The largest of `count` >= 1 values; the quiet NaN 0x7fc00000 if any is
  /// NaN, +0 above -0.
  float (*largest)(const float *a, int64_t count);

  /// out[i] = x_i . y for `n` rows x_i of `depth` values: chain c of 16 takes
  /// the products k with k mod 16 = c in ascending order, with zeros up to a
  /// multiple of 16; then halves of the chains are added to halves.
  void (*dot)(float *out, const float *x, int64_t xStride, int64_t n,
              const float *y, int64_t depth);

  /// y[j] = the chain fma(factors[t], x[t * stride + j], sum) over ascending t
  /// below `rows`, for j below `count`; or y[j] plus it if `adds`.
  void (*weightedRows)(float *y, const float *factors, const float *x,
                       int64_t stride, int64_t rows, int64_t count, bool adds);

  /// out[i] = clamp(rint(in[i] / range * levels), +-levels) / levels; for the
  /// ideal converter in[i] / range.
  void (*dac)(const DacRequest &request, float *out, const float *in,
              int64_t count);

  /// For each phase, with c = clamp(sums[i] + noise * normals[i],
  /// +-saturation), a = c * gains[i] + offsets[i] * range, bent by the transfer
  /// curve at clamp(a, +-range) if there is one, and r = range / levels:
  /// q = rint(a / r) * r; their signed sum, less offsetEstimates[i] * range (of
  /// one phase) and over gainEstimates[i], is Q;
  /// y[i] (+)= clamp(Q, +-range) * inputRange * largestWeight, times factors[i]
  /// if there are any. The ideal converter has q = a and does not clamp Q.
  void (*adc)(const AdcRequest &request, float *y, const float *sums,
              int64_t count);

  /// How many values have a magnitude above `limit`; NaN has not.
  int64_t (*countBeyond)(const float *a, int64_t count, float limit);

  /// Conductances g = clamp(max(t + sigma(x) xi, 0), bounds) for the targets x
  /// = max(sign w / largestWeight, 0), in steps if there are levels, and t = x
  /// maxConductance.
  void (*programConductances)(const ProgrammingRequest &request,
                              float *conductances, const float *weights,
                              const float *normals, int64_t count);

  /// weights[i] = (positive[i] - negative[i]) / maxConductance.
  void (*joinConductances)(float *weights, const float *positive,
                           const float *negative, float maxConductance,
                           int64_t count);

  /// Drift, if there are variates for it, then low-frequency noise, if there
  /// are variates for it.
  void (*ageWeights)(const AgingRequest &request, float *weights,
                     const float *targets, const float *driftNormals,
                     const float *noiseNormals, int64_t count);

  /// variances[i] = perWeight |w| + perSquare (q(x) w)^2, where w is the weight
  /// now and x = |programmed| / largestWeight.
  void (*readVariances)(const VarianceRequest &request, float *variances,
                        const float *weights, const float *programmed,
                        int64_t count);

  /// sums[i] += sqrt(deviation^2 + variances[i]) normals[i].
  void (*addReadNoise)(float deviation, const float *variances,
                       const float *normals, float *sums, int64_t count);

  /// What a wire leaves of the sums: sums[i] -= c drops[i] with a = factor
  /// currents[i] and c = a (a (.05 a - .2) + .5) for a <= 1.52775869, c =
  /// 3/2 (1 - tanh(sqrt a) / sqrt a) beyond; for c >= 1 sums[i] = (3 - 2 c)
  /// (sums[i] - drops[i]).
  void (*subtractVoltageDrop)(float factor, const float *currents,
                              const float *drops, float *sums, int64_t count);

  /// Integer number i of `out` is rint(clamp(in[i] * scale, +-limit)), to the
  /// nearest even; 0 for NaN. Writes whole vectors.
  void (*roundToIntegers)(const IntegerRequest &request, uint32_t *out,
                          const float *in, int64_t count);

  void (*integerProduct)(const IntegerProductRequest &request);

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
