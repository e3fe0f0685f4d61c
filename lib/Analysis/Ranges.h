//===- Ranges.h - Full scale of a converter -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chooses the full scale of a DAC or ADC from the values it has seen. A range
// that is too small clips large values, one that is too large rounds small ones
// coarsely.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ANALYSIS_RANGES_H
#define AIMC_LIB_ANALYSIS_RANGES_H

#include <cstdint>
#include <vector>

namespace aimc {

/// Statistics of the values at one converter.
struct RecordedValues {
  int64_t count = 0;    ///< number of values, > 0
  double max = 0;       ///< largest magnitude, >= 0
  double mean = 0;      ///< of the values
  double deviation = 0; ///< standard deviation of the values, >= 0
  double binWidth = 0;  ///< > 0
  /// Number of values with a magnitude in [i, i + 1) · binWidth.
  std::vector<int64_t> histogram;
};

/// The magnitude that `fraction`, in (0, 1], of the values do not exceed, at
/// most the largest one. Values are taken to be uniform inside a bin.
double percentileRange(const RecordedValues &values, double fraction);

/// |mean| + k standard deviations, at most the largest magnitude.
double kSigmaRange(const RecordedValues &values, double k);

/// The fraction of the values whose magnitude is above `range`. Values are
/// taken to be uniform inside a bin, none above the largest one.
double clippedFraction(const RecordedValues &values, double range);

/// Whether no value has the other sign, as far as a histogram of magnitudes and
/// a mean tell: to a 1000th of the mean magnitude.
bool haveOneSign(const RecordedValues &values);

/// How a converter rounds to its steps.
enum class Rounding {
  Nearest,
  TowardZero,
  Stochastic, ///< to the step below or above, without bias
};

/// The steps of a converter.
struct Quantiser {
  int bits; ///< >= 2: 2^(bits-1) - 1 steps of each sign
  Rounding rounding = Rounding::Nearest;
  /// Above 1: each value is the sum of so many conversions of positive parts,
  /// half of which are subtracted. Each part is taken to be anywhere within a
  /// step, so that rounding, and also truncation, whose means cancel, leaves
  /// the squared error step²/12.
  int conversions = 1;
};

/// The expected squared error of clipping at `range` and of rounding. Exact for
/// values that are uniform inside a bin. `range` > 0.
double expectedSquaredError(const RecordedValues &values, double range,
                            const Quantiser &quantiser);

/// The expected product of a value and what clipping and rounding take of it:
/// about half a step times the mean magnitude for truncation, 0 for rounding
/// that is right on average. `range` > 0.
double expectedLoss(const RecordedValues &values, double range,
                    const Quantiser &quantiser);

/// The mean square of what a single conversion makes of normal noise around 0
/// of that `deviation`, >= 0.
double convertedNoise(double deviation, double range,
                      const Quantiser &quantiser);

/// Of the values, uniform inside a bin.
double meanSquare(const RecordedValues &values);

/// The range, at most the largest magnitude, with the least
/// `expectedSquaredError` plus `noise`·range²: noise behind a converter costs
/// more the larger the range is. 0 when all values are 0.
double mseRange(const RecordedValues &values, const Quantiser &quantiser,
                double noise);

} // namespace aimc

#endif // AIMC_LIB_ANALYSIS_RANGES_H
