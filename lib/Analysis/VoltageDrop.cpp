//===- VoltageDrop.cpp - Errors by the resistance of bit lines ------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Mean squares over inputs of random sign, column by column.
//
//===----------------------------------------------------------------------===//

#include "Analysis/VoltageDrop.h"

#include <algorithm>
#include <cmath>

using namespace aimc;

double VoltageDrop::getRelativeError(const float *weights, int64_t columns,
                                     const std::vector<Part> &parts) const {
  constexpr double input = 0.5;
  double drops = 0, products = 0;
  std::vector<double> magnitudes(columns), squares(columns), weighted(columns);
  for (const Part &part : parts) {
    std::fill(magnitudes.begin(), magnitudes.end(), 0);
    std::fill(squares.begin(), squares.end(), 0);
    std::fill(weighted.begin(), weighted.end(), 0);
    double largest = 0;
    for (int64_t i = 0; i < part.size; ++i) {
      const float *row = weights + (part.begin + i) * columns;
      const double rest = 1 - static_cast<double>(i) / rows;
      const double reach = 1 - rest * rest;
      for (int64_t j = 0; j < columns; ++j) {
        const double weight = std::abs(static_cast<double>(row[j]));
        largest = std::max(largest, weight);
        magnitudes[j] += weight;
        squares[j] += weight * weight;
        weighted[j] += weight * weight * reach * reach;
      }
    }
    for (int64_t j = 0; j < columns && largest > 0; ++j) {
      const double a = rows * factor * input * magnitudes[j] / largest;
      const double c = a * (a * (0.05 * a - 0.2) + 0.5);
      drops += c * c * weighted[j];
      products += squares[j];
    }
  }
  return products > 0 ? std::sqrt(drops / products) : 0;
}
