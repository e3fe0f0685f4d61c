//===- Tensor.h - Rows of strided tensors -----------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernels want the columns of a row contiguous; these helpers hand out rows
// of any `aimc_tensor` in that form.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_TENSOR_H
#define AIMC_RUNTIME_KERNELS_TENSOR_H

#include "Runtime/Kernels/Workers.h"
#include "aimc/Runtime/ABI.h"

#include <string>

namespace aimc::runtime {

/// Rows of contiguous columns, `stride` elements apart.
struct Rows {
  float *data;
  int64_t stride;
};

/// Whether the elements of each row of `tensor` are neighbours.
inline bool hasContiguousRows(const aimc_tensor &tensor) {
  return tensor.strides[1] == 1 || tensor.sizes[1] == 1;
}

/// The first element of a row.
inline float *rowOf(const aimc_tensor &tensor, int64_t row) {
  // The sum first: the offset alone may lie far before the values.
  return tensor.aligned + (tensor.offset + row * tensor.strides[0]);
}

/// Rows first .. first + count - 1 as a tensor.
inline aimc_tensor rowsOf(const aimc_tensor &tensor, int64_t first,
                          int64_t count) {
  aimc_tensor part = tensor;
  part.offset += first * tensor.strides[0];
  part.sizes[0] = count;
  return part;
}

/// Rows first .. first + count - 1 of `tensor`: in place if they are
/// contiguous, else copied to `scratch`.
Rows readRows(const aimc_tensor &tensor, int64_t first, int64_t count,
              Buffer &scratch);

/// Where rows first .. first + count - 1 of `tensor` can be computed: in place
/// or in `scratch`, from where `finishRows` writes them back.
Rows beginRows(const aimc_tensor &tensor, int64_t first, int64_t count,
               Buffer &scratch);
void finishRows(const aimc_tensor &tensor, int64_t first, int64_t count,
                const Rows &rows);

/// Copies rows first .. first + count - 1 of `tensor` to `to`, one after the
/// other.
void copyRows(const aimc_tensor &tensor, int64_t first, int64_t count,
              float *to);

/// Copies rows of contiguous columns into `tensor`.
void writeRows(const aimc_tensor &tensor, int64_t first, int64_t count,
               const float *data, int64_t stride);

/// Whether two tensors may share elements. Columns side by side of one wider
/// matrix do not.
bool overlaps(const aimc_tensor &a, const aimc_tensor &b);

/// Whether each row of `output` shares elements with the same row of `input`
/// alone, so that it may be written once that row has been read.
bool overlapsByRows(const aimc_tensor &output, const aimc_tensor &input);

/// Which tensor of which call one is: a text is made of it on an error alone.
struct TensorName {
  const char *call;   ///< say "mvm of"
  const char *quoted; ///< what stands behind it in quotes, or null
  const char *role;   ///< say "output", or null
  int64_t index = -1; ///< the number of several; -1: there is one
  std::string text() const;
};

/// One sentence on what is wrong with a tensor that should be n x `width`
/// (any n if `rows` is -1), or nothing.
std::string checkTensor(const aimc_tensor *tensor, const TensorName &name,
                        int64_t rows, int64_t width);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_TENSOR_H
