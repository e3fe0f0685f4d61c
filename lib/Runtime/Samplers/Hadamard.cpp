//===- Hadamard.cpp - Rows of Hadamard products ---------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A row of a product is its transpose times a unit vector: H is symmetric, so
// that is k fast transforms.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Samplers/Hadamard.h"

#include <cstddef>

namespace aimc::runtime {

int64_t nextPowerOfTwo(int64_t size) {
  int64_t power = 1;
  while (power < size)
    power *= 2;
  return power;
}

void hadamardTransform(std::vector<double> &values) {
  const std::size_t size = values.size();
  for (std::size_t half = 1; half < size; half *= 2)
    for (std::size_t first = 0; first < size; first += 2 * half)
      for (std::size_t i = first; i < first + half; ++i) {
        const double sum = values[i] + values[i + half];
        values[i + half] = values[i] - values[i + half];
        values[i] = sum;
      }
}

HadamardProduct::HadamardProduct(StreamKey key, int64_t block, int64_t size,
                                 bool structured)
    : size(size), structured(structured),
      signs(structured ? 3 : 2, std::vector<double>(size)) {
  for (std::size_t factor = 0; factor < signs.size(); ++factor)
    for (int64_t i = 0; i < size; ++i) {
      // 128 signs of each counter.
      const RandomWords words = randomWords(
          key, static_cast<uint32_t>(i / 128), static_cast<uint32_t>(factor),
          static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32));
      const uint32_t bit = words.words[i % 128 / 32] >> (i % 32) & 1;
      signs[factor][i] = bit ? -1 : 1;
    }
}

void HadamardProduct::getRow(int64_t index, std::vector<double> &row) const {
  const auto applySigns = [&](const std::vector<double> &diagonal) {
    for (int64_t i = 0; i < size; ++i)
      row[i] *= diagonal[i];
  };
  row.assign(size, 0);
  row[index] = 1;
  applySigns(signs[0]);
  hadamardTransform(row);
  applySigns(signs[1]);
  if (!structured)
    return;
  hadamardTransform(row);
  applySigns(signs[2]);
  hadamardTransform(row);
  // sqrt(p) of three factors p^(-1/2).
  for (double &value : row)
    value /= static_cast<double>(size);
}

} // namespace aimc::runtime
