//===- Gram.cpp - Exact kernels of two batches ----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The calls of kernel machines: kernels of all pairs of rows, and the values of
// a matrix in digital memory, which the points of such a machine are.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/ContextImpl.h"
#include "Runtime/Devices/RowBlocks.h"

#include "Runtime/Kernels/Tensor.h"

using namespace aimc::runtime;

std::string aimc_context::gram(const ExactKernel &kernel, const aimc_tensor &x,
                               const aimc_tensor &y,
                               const aimc_tensor &output) {
  const std::string kernelName = kernel.name();
  const std::string name = "gram of kernel '" + kernelName + "'";
  if (std::string text = checkTensor(
          &x, {"gram of kernel", kernelName.c_str(), "x"}, -1, x.sizes[1]);
      !text.empty())
    return text;
  if (std::string text = checkTensor(
          &y, {"gram of kernel", kernelName.c_str(), "y"}, -1, x.sizes[1]);
      !text.empty())
    return text;
  if (std::string text =
          checkTensor(&output, {"gram of kernel", kernelName.c_str(), "output"},
                      x.sizes[0], y.sizes[0]);
      !text.empty())
    return text;
  if (overlaps(output, x) || overlaps(output, y))
    return name + " expects an output apart from its inputs, but got one that "
                  "overlaps them";
  const Timer timer(counts.digitalSeconds);
  const int64_t width = x.sizes[1], points = y.sizes[0];
  Buffer pointScratch;
  const Rows other = readRows(y, 0, points, pointScratch);
  forRowBlocks(workers, x.sizes[0],
               [&](int64_t first, int64_t count, int /*slot*/) {
                 Buffer inputScratch, outputScratch;
                 const Rows from = readRows(x, first, count, inputScratch);
                 const Rows to = beginRows(output, first, count, outputScratch);
                 for (int64_t row = 0; row < count; ++row)
                   for (int64_t j = 0; j < points; ++j)
                     to.data[row * to.stride + j] = static_cast<float>(
                         kernel(from.data + row * from.stride,
                                other.data + j * other.stride, width));
                 finishRows(output, first, count, to);
               });
  return {};
}

std::string aimc_context::load(int64_t index, const aimc_tensor &output) {
  if (index < 0 || index >= model.matrix_count)
    return "load expects a matrix from 0 to " +
           std::to_string(model.matrix_count - 1) + ", but got " +
           std::to_string(index);
  const aimc_matrix &matrix = model.matrices[index];
  const std::string name = std::string("load of '") + matrix.name + "'";
  if (matrix.tile_count)
    return name + " expects a matrix in digital memory, but got one with tiles";
  if (std::string text =
          checkTensor(&output, {"load of", matrix.name, "output"}, matrix.rows,
                      matrix.columns);
      !text.empty())
    return text;
  writeRows(output, 0, matrix.rows, matrix.weights, matrix.columns);
  return {};
}
