//===- RangeRecorder.h - Ranges at the uses of matrices ---------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Records what the converters of each mvm site would see, for the calibration
// of their ranges.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_RANGERECORDER_H
#define AIMC_RUNTIME_RANGERECORDER_H

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace aimc::runtime {

/// A histogram of magnitudes whose bins double in width until the largest value
/// fits; equal values give equal histograms in whatever order they come.
class Histogram {
public:
  static constexpr int64_t Bins = 4096;

  /// Counts a finite value.
  void add(float value);
  void add(const Histogram &other);

  uint64_t count() const { return total; }
  float largest() const { return maximum; }

  /// A power of two; 1 if there are only zeros.
  double binWidth() const;

  /// Counts of |value| in [i, i + 1) * binWidth(), without zeros at the end.
  std::vector<uint64_t> counts() const;

private:
  /// Doubles the bins' width until it is 2^`newExponent`.
  void widen(int newExponent);

  uint64_t total = 0;
  float maximum = 0;
  /// The smallest subnormal value fills the upper half of the bins.
  int exponent = -160;
  std::vector<uint64_t> bins;
};

/// Values of one kind at one site.
struct RangeStatistics {
  Histogram histogram;
  double sum = 0, squares = 0;
};

/// Records over all runs of a context on device `exact`.
class RangeRecorder {
public:
  /// Sums over the values of one input vector and of its outputs.
  struct Vector {
    double inputSum = 0, inputSquares = 0, outputSum = 0, outputSquares = 0;
  };

  /// Adds what one mvm saw. Called with the vectors in order, so that the sums
  /// do not depend on how they are cut into batches.
  ///
  /// \param input values of the inputs
  /// \param output partial sums of all tiles, each over the largest weight of
  ///        its tile
  void record(int64_t site, const std::string &matrix,
              const std::vector<Vector> &vectors, const Histogram &input,
              const Histogram &output);

  /// {"version": 1, "sites": [{"site", "matrix", "vectors", "input": {"count",
  /// "max", "mean", "deviation", "bin_width", "histogram"}, "output": ...}]} by
  /// ascending site; `max` and the histogram are of magnitudes, `deviation` is
  /// the standard deviation. Values that are not finite are left out.
  std::string toJson() const;

private:
  struct Site {
    std::string matrix;
    uint64_t vectors = 0;
    RangeStatistics input, output;
  };
  std::map<int64_t, Site> sites;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_RANGERECORDER_H
