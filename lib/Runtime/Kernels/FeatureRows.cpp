//===- FeatureRows.cpp - Rows of features that attention reads ------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Windows of computed rows.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/FeatureRows.h"

#include <algorithm>

namespace aimc::runtime {

static aimc_tensor reserve(Buffer &buffer, int64_t rows, int64_t width,
                           int64_t stride) {
  buffer.resize(std::max<size_t>(buffer.size(), rows * stride));
  return {nullptr, buffer.data(), 0, {rows, width}, {stride, 1}};
}

/// The tensor of `rows` rows whose row `first` is row 0 of `window`.
static aimc_tensor numbered(aimc_tensor window, int64_t first, int64_t rows) {
  window.offset = -first * window.strides[0];
  window.sizes[0] = rows;
  return window;
}

std::string FeatureRows::want(int64_t first, int64_t count) {
  if (!compute)
    return {};
  const int64_t width = features.sizes[1], rows = features.sizes[0];
  const aimc_tensor window =
      reserve(buffers.features, count, width, strideOfFeatures(width));
  features = numbered(window, first, rows);
  if (!hasLogScale)
    return compute(first, count, window, nullptr);
  const aimc_tensor scales = reserve(buffers.logScales, count, 1, 1);
  logScale = numbered(scales, first, rows);
  return compute(first, count, window, &scales);
}

} // namespace aimc::runtime
