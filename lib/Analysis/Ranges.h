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

/// How a converter rounds to its steps.
enum class Rounding { Nearest, TowardZero };

/// The expected squared error of clipping at `range` and of rounding to
/// 2^(bits-1) - 1 steps of each sign. Exact for values that are uniform inside
/// a bin. `range` > 0, `bits` >= 2.
double expectedSquaredError(const RecordedValues &values, double range,
                            int bits, Rounding rounding = Rounding::Nearest);

/// The range, at most the largest magnitude, with the least
/// `expectedSquaredError` plus `noise`·range²: noise behind a converter costs
/// more the larger the range is. 0 when all values are 0.
double mseRange(const RecordedValues &values, int bits, double noise,
                Rounding rounding = Rounding::Nearest);

} // namespace aimc

#endif // AIMC_LIB_ANALYSIS_RANGES_H
