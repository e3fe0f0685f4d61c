//===- FeatureRows.h - Rows of features that attention reads ----*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Features of a whole sequence, or a window of rows that are computed when they
// are wanted.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_FEATUREROWS_H
#define AIMC_RUNTIME_KERNELS_FEATUREROWS_H

#include "Runtime/Kernels/Workers.h"
#include "aimc/Runtime/ABI.h"

#include <functional>
#include <string>

namespace aimc::runtime {

/// Computes rows first .. first + count - 1 of features, and of their log
/// scales if there are any, into tensors of `count` rows. Returns one sentence
/// on an error, or nothing. Called by one thread at a time.
using ComputeRows = std::function<std::string(int64_t first, int64_t count,
                                              const aimc_tensor &features,
                                              const aimc_tensor *logScale)>;

/// From row to row of the features of keys. A power of two would put the same
/// features of all keys of a chunk into the same few sets of the cache.
constexpr int64_t strideOfFeatures(int64_t features) { return features + 16; }

/// Features and their log scales: those of the tensors, or a window of rows
/// that are computed when they are wanted, under the numbers of all rows.
class FeatureRows {
public:
  /// Memory of a window.
  struct Buffers {
    Buffer features, logScales;
  };

  /// `logScale` is null where there is none. An empty `compute` leaves the
  /// tensors as they are; else they say no more than their sizes.
  FeatureRows(const aimc_tensor &features, const aimc_tensor *logScale,
              const ComputeRows &compute, Buffers &buffers)
      : features(features), logScale(logScale ? *logScale : aimc_tensor()),
        hasLogScale(logScale), compute(compute), buffers(buffers) {}

  bool areComputed() const { return bool(compute); }

  /// Makes the window hold rows first .. first + count - 1; one sentence on an
  /// error, or nothing.
  std::string want(int64_t first, int64_t count);

  aimc_tensor features, logScale;
  const bool hasLogScale;

private:
  const ComputeRows &compute;
  Buffers &buffers;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_FEATUREROWS_H
