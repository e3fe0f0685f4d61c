//===- Measures.cpp - How good results are ----------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Accuracy, differences and their spread over chips.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Runner/Measures.h"

#include <algorithm>
#include <cmath>

using namespace aimc::runtime;

bool aimc::runtime::checkLabels(const std::vector<int64_t> &labels,
                                int64_t classes, const std::string &name,
                                std::string &error) {
  auto fail = [&](size_t row, const std::string &expected) {
    error = name + ": expects " + expected + ", but got " +
            std::to_string(labels[row]) + " at row " + std::to_string(row);
    return false;
  };
  bool zero = false, minus = false;
  for (size_t row = 0; row < labels.size(); ++row) {
    int64_t label = labels[row];
    zero |= label == 0;
    minus |= label == -1;
    if (classes > 1 && (label < 0 || label >= classes))
      return fail(row, "labels from 0 to " + std::to_string(classes - 1));
    if (classes == 1 && (label < -1 || label > 1 || (zero && minus)))
      return fail(row, "labels 0 and 1, or -1 and 1, for one score a row");
  }
  return true;
}

void Accuracy::add(const float *scores, int64_t count, int64_t classes,
                   const int64_t *labels) {
  for (int64_t row = 0; row < count; ++row, scores += classes) {
    // A row with a score that is no number has no class.
    const bool hasClass =
        std::none_of(scores, scores + classes,
                     [](float score) { return std::isnan(score); });
    const bool right =
        classes == 1 ? (scores[0] > 0) == (labels[row] == 1)
                     : std::max_element(scores, scores + classes) - scores ==
                           labels[row];
    correct += hasClass && right;
  }
  rows += count;
}

std::optional<double> Accuracy::value() const {
  if (rows == 0)
    return std::nullopt;
  return double(correct) / double(rows);
}

/// The larger one; NaN if either is.
static double larger(double a, double b) {
  return std::isnan(a) || a >= b ? a : b;
}

void Difference::add(const float *values, const float *reference,
                     int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    double difference = std::fabs(double(values[i]) - double(reference[i]));
    double magnitude = std::fabs(double(reference[i]));
    squaredDifference += difference * difference;
    squaredReference += magnitude * magnitude;
    largestDifference = larger(largestDifference, difference);
    largestReference = larger(largestReference, magnitude);
  }
}

/// a / b, where 0 / 0 is 0.
static std::optional<double> ratio(double a, double b) {
  if (a == 0)
    return 0;
  if (b == 0)
    return std::nullopt;
  return a / b;
}

std::optional<double> Difference::relativeNorm() const {
  return ratio(std::sqrt(squaredDifference), std::sqrt(squaredReference));
}

std::optional<double> Difference::relativeMaximum() const {
  return ratio(largestDifference, largestReference);
}

/// P(|T| <= t) of Student's distribution with `freedom` >= 1 degrees of freedom
/// (M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 26.7.3
/// and 26.7.4).
static double studentProbability(double t, int64_t freedom) {
  const double angle = std::atan(t / std::sqrt(double(freedom)));
  const double cosine = std::cos(angle), square = cosine * cosine;
  const bool odd = freedom % 2 == 1;
  double term = odd ? cosine : 1, sum = 0;
  for (int64_t k = odd ? 1 : 0; k <= freedom - 2; k += 2) {
    sum += term;
    term *= square * double(k + 1) / double(k + 2);
  }
  constexpr double pi = 3.14159265358979323846;
  const double series = std::sin(angle) * sum;
  return odd ? 2 / pi * (angle + series) : series;
}

double aimc::runtime::studentQuantile(int64_t freedom) {
  // Beyond these the quantile changes by less than 2e-5.
  freedom = std::min<int64_t>(freedom, 200000);
  double low = 1.9, high = 12.8;
  while (high - low > 1e-9) {
    const double middle = (low + high) / 2;
    (studentProbability(middle, freedom) < 0.95 ? low : high) = middle;
  }
  return (low + high) / 2;
}

Spread aimc::runtime::spreadOf(const std::vector<double> &values) {
  Spread spread;
  if (values.empty())
    return spread;
  double sum = 0, squares = 0;
  for (double value : values)
    sum += value;
  spread.mean = sum / double(values.size());
  for (double value : values)
    squares += (value - *spread.mean) * (value - *spread.mean);
  if (values.size() > 1) {
    spread.deviation = std::sqrt(squares / double(values.size() - 1));
    spread.confidence = studentQuantile(int64_t(values.size()) - 1) *
                        *spread.deviation / std::sqrt(double(values.size()));
  }
  return spread;
}
