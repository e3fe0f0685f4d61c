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
    bool right = classes == 1
                     ? (scores[0] > 0) == (labels[row] == 1)
                     : std::max_element(scores, scores + classes) - scores ==
                           labels[row];
    correct += right;
  }
  rows += count;
}

std::optional<double> Accuracy::value() const {
  if (rows == 0)
    return std::nullopt;
  return double(correct) / double(rows);
}

void Difference::add(const float *values, const float *reference,
                     int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    double difference = std::fabs(double(values[i]) - double(reference[i]));
    double magnitude = std::fabs(double(reference[i]));
    squaredDifference += difference * difference;
    squaredReference += magnitude * magnitude;
    // In this order a NaN is kept.
    largestDifference =
        difference <= largestDifference ? largestDifference : difference;
    largestReference =
        magnitude <= largestReference ? largestReference : magnitude;
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
  if (values.size() > 1)
    spread.deviation = std::sqrt(squares / double(values.size() - 1));
  return spread;
}
