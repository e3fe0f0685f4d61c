//===- Orthogonal.cpp - Orthonormal rows ----------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both products of a projection are sums of scaled rows, so that vectors of any
// length add in the same order.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Samplers/Orthogonal.h"

#include <cmath>
#include <vector>

namespace aimc::runtime {

bool orthonormaliseRows(const Engine &engine, int64_t rows, int64_t columns,
                        double *matrix) {
  // The finished rows as columns.
  std::vector<double> transposed(columns * rows);
  std::vector<double> coefficients(rows);
  for (int64_t i = 0; i < rows; ++i) {
    double *row = matrix + i * columns;
    for (int pass = 0; pass < 2; ++pass) {
      for (int64_t j = 0; j < i; ++j)
        coefficients[j] = 0;
      engine.accumulate(coefficients.data(), i, row, transposed.data(), rows,
                        columns);
      for (int64_t j = 0; j < i; ++j)
        coefficients[j] = -coefficients[j];
      engine.accumulate(row, columns, coefficients.data(), matrix, columns, i);
    }
    double square = 0;
    for (int64_t k = 0; k < columns; ++k)
      square += row[k] * row[k];
    if (!(square > 0))
      return false;
    const double norm = std::sqrt(square);
    for (int64_t k = 0; k < columns; ++k) {
      row[k] /= norm;
      transposed[k * rows + i] = row[k];
    }
  }
  return true;
}

std::vector<double> householderSigns(int64_t rows, int64_t columns,
                                     std::vector<double> matrix) {
  std::vector<double> signs(rows);
  for (int64_t i = 0; i < rows; ++i) {
    double *row = matrix.data() + i * columns;
    double square = 0;
    for (int64_t k = i + 1; k < columns; ++k)
      square += row[k] * row[k];
    // Nothing to reflect: R keeps the value, with its sign.
    if (square == 0) {
      signs[i] = std::copysign(1.0, row[i]);
      continue;
    }
    // The reflection maps the rest of the row to -sign(row[i]) times its
    // length.
    signs[i] = -std::copysign(1.0, row[i]);
    const double length = std::sqrt(row[i] * row[i] + square);
    row[i] -= signs[i] * length;
    const double scale = 2 / (row[i] * row[i] + square);
    for (int64_t j = i + 1; j < rows; ++j) {
      double *other = matrix.data() + j * columns;
      double product = 0;
      for (int64_t k = i; k < columns; ++k)
        product += row[k] * other[k];
      product *= scale;
      for (int64_t k = i; k < columns; ++k)
        other[k] -= product * row[k];
    }
  }
  return signs;
}

} // namespace aimc::runtime
