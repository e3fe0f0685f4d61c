//===- Tensor.cpp - Rows of strided tensors -------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Addressing of `aimc_tensor`.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/Tensor.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

namespace aimc::runtime {

Rows readRows(const aimc_tensor &tensor, int64_t first, int64_t count,
              Buffer &scratch) {
  if (hasContiguousRows(tensor))
    return {rowOf(tensor, first), tensor.strides[0]};
  const int64_t width = tensor.sizes[1];
  scratch.resize(std::max<size_t>(scratch.size(), count * width));
  copyRows(tensor, first, count, scratch.data());
  return {scratch.data(), width};
}

Rows beginRows(const aimc_tensor &tensor, int64_t first, int64_t count,
               Buffer &scratch) {
  if (hasContiguousRows(tensor))
    return {rowOf(tensor, first), tensor.strides[0]};
  const int64_t width = tensor.sizes[1];
  scratch.resize(std::max<size_t>(scratch.size(), count * width));
  return {scratch.data(), width};
}

void finishRows(const aimc_tensor &tensor, int64_t first, int64_t count,
                const Rows &rows) {
  if (!hasContiguousRows(tensor))
    writeRows(tensor, first, count, rows.data, rows.stride);
}

void copyRows(const aimc_tensor &tensor, int64_t first, int64_t count,
              float *to) {
  const int64_t width = tensor.sizes[1];
  for (int64_t i = 0; i < count; ++i) {
    const float *from = rowOf(tensor, first + i);
    if (hasContiguousRows(tensor)) {
      to = std::copy_n(from, width, to);
      continue;
    }
    for (int64_t j = 0; j < width; ++j)
      *to++ = from[j * tensor.strides[1]];
  }
}

void writeRows(const aimc_tensor &tensor, int64_t first, int64_t count,
               const float *data, int64_t stride) {
  const int64_t width = tensor.sizes[1];
  for (int64_t i = 0; i < count; ++i) {
    float *to = rowOf(tensor, first + i);
    const float *from = data + i * stride;
    if (hasContiguousRows(tensor)) {
      std::copy_n(from, width, to);
      continue;
    }
    for (int64_t j = 0; j < width; ++j)
      to[j * tensor.strides[1]] = from[j];
  }
}

/// How far the first element of `b` is from that of `a`, if both have
/// contiguous rows at one distance that their rows do not exceed; else nothing.
static std::optional<int64_t> offsetWithinRows(const aimc_tensor &a,
                                               const aimc_tensor &b) {
  if (!hasContiguousRows(a) || !hasContiguousRows(b) ||
      a.strides[0] != b.strides[0] ||
      a.strides[0] < std::max(a.sizes[1], b.sizes[1]))
    return std::nullopt;
  // As numbers, since pointers into different arrays have no difference.
  const auto address = [](const aimc_tensor &tensor) {
    return static_cast<int64_t>(reinterpret_cast<uintptr_t>(rowOf(tensor, 0)) /
                                sizeof(float));
  };
  return address(b) - address(a);
}

bool overlaps(const aimc_tensor &a, const aimc_tensor &b) {
  if (a.sizes[0] == 0 || b.sizes[0] == 0)
    return false;
  const auto span = [](const aimc_tensor &tensor) {
    const float *low = tensor.aligned + tensor.offset;
    const float *high = low;
    for (int d = 0; d < 2; ++d) {
      const int64_t reach =
          std::max<int64_t>(tensor.sizes[d] - 1, 0) * tensor.strides[d];
      (reach < 0 ? low : high) += reach;
    }
    return std::make_pair(low, high);
  };
  const auto [aLow, aHigh] = span(a);
  const auto [bLow, bHigh] = span(b);
  const std::less<const float *> before;
  if (before(aHigh, bLow) || before(bHigh, aLow))
    return false;
  const std::optional<int64_t> offset = offsetWithinRows(a, b);
  if (!offset)
    return true;
  // Columns of `b` as seen in the rows of `a`, which repeat.
  const int64_t stride = a.strides[0];
  const int64_t column = (*offset % stride + stride) % stride;
  return column < a.sizes[1] || column + b.sizes[1] > stride;
}

bool overlapsByRows(const aimc_tensor &output, const aimc_tensor &input) {
  if (output.sizes[0] <= 1)
    return true;
  const bool sameLayout = rowOf(output, 0) == rowOf(input, 0) &&
                          output.strides[0] == input.strides[0] &&
                          output.strides[1] == input.strides[1] &&
                          output.sizes[1] == input.sizes[1];
  if (sameLayout)
    return true;
  const std::optional<int64_t> offset = offsetWithinRows(input, output);
  return offset && *offset + output.sizes[1] <= input.strides[0] &&
         *offset + input.strides[0] >= input.sizes[1];
}

std::string TensorName::text() const {
  std::string text = call;
  if (quoted)
    text += std::string(" '") + quoted + "'";
  if (role)
    text += std::string(" ") + role;
  if (index >= 0)
    text += " " + std::to_string(index);
  return text;
}

std::string checkTensor(const aimc_tensor *tensor, const TensorName &name,
                        int64_t rows, int64_t width) {
  if (!tensor)
    return name.text() + " expects a tensor, but got none";
  const int64_t n = tensor->sizes[0];
  if (n < 0 || tensor->sizes[1] != width || (rows >= 0 && n != rows))
    return name.text() + " expects a tensor of " +
           (rows >= 0 ? std::to_string(rows) : std::string("any number of")) +
           " rows and " + std::to_string(width) + " columns, but got " +
           std::to_string(n) + " x " + std::to_string(tensor->sizes[1]);
  if (!tensor->aligned && n > 0 && width > 0)
    return name.text() + " expects a tensor with values, but got a null "
                         "pointer";
  return {};
}

} // namespace aimc::runtime
