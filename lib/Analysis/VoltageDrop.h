//===- VoltageDrop.h - Errors by the resistance of bit lines -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the voltage drop along bit lines costs, before a matrix is cut.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ANALYSIS_VOLTAGEDROP_H
#define AIMC_LIB_ANALYSIS_VOLTAGEDROP_H

#include "Analysis/Partition.h"

namespace aimc {

/// The voltage drop of an array as the simulator has it (docs/Numerics.md; the
/// closed form of Rasch et al., A flexible and fast PyTorch toolkit for
/// simulating training and inference on analog crossbar arrays, AICAS 2021).
class VoltageDrop {
public:
  /// An array of `rows` rows with `factor` = R·g_max, the resistance of a
  /// segment times the conductance of the largest weight, both positive.
  VoltageDrop(int64_t rows, double factor)
      : rows(static_cast<double>(rows)), factor(factor) {}

  /// Of a row-major matrix of `columns` columns whose rows are cut into
  /// `parts`, each at the first rows of an array: the root mean square of the
  /// drop over that of the products, both over all columns of all parts, with
  /// inputs of random sign and half the range. Conductances are relative to the
  /// largest weight of each part. 0 for a matrix of zeros.
  double getRelativeError(const float *weights, int64_t columns,
                          const std::vector<Part> &parts) const;

private:
  double rows, factor;
};

} // namespace aimc

#endif // AIMC_LIB_ANALYSIS_VOLTAGEDROP_H
