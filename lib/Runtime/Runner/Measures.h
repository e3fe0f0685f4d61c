//===- Measures.h - How good results are ------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sums over the rows of a run from which accuracy and errors follow. All sums
// are in the order of the rows, so they do not depend on how data is cut.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_RUNNER_MEASURES_H
#define AIMC_LIB_RUNTIME_RUNNER_MEASURES_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aimc::runtime {

/// Checks labels against scores of `classes` columns: class indices, or 0 and
/// 1, or -1 and 1, if there is one column. Errors begin with `name`.
bool checkLabels(const std::vector<int64_t> &labels, int64_t classes,
                 const std::string &name, std::string &error);

/// Share of the rows whose label is predicted: the first largest score, or
/// whether a single score is > 0. Of a row with NaN none is.
struct Accuracy {
  int64_t correct = 0, rows = 0;

  /// Adds `count` rows of scores; `labels` has one for each.
  void add(const float *scores, int64_t count, int64_t classes,
           const int64_t *labels);
  /// Nothing if there was no row.
  std::optional<double> value() const;
};

/// Difference of results y to reference values r.
struct Difference {
  double squaredDifference = 0, squaredReference = 0;
  double largestDifference = 0, largestReference = 0;

  void add(const float *values, const float *reference, int64_t count);
  /// |y - r| / |r| in the Frobenius norm; nothing if r is 0 and y is not.
  std::optional<double> relativeNorm() const;
  /// max |y - r| / max |r|; nothing if r is 0 and y is not.
  std::optional<double> relativeMaximum() const;
};

/// The t > 0 that |T| exceeds with a probability of 5 %, T of Student's
/// distribution with `freedom` >= 1 degrees of freedom.
double studentQuantile(int64_t freedom);

/// Mean and standard deviation (n - 1) of values; no deviation of one value.
struct Spread {
  std::optional<double> mean, deviation;
  /// Half the width of the interval that holds the mean of all chips with a
  /// confidence of 95 %, if the measure is normally distributed: Student's t.
  std::optional<double> confidence;
};
Spread spreadOf(const std::vector<double> &values);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_RUNNER_MEASURES_H
