//===- BlockResults.cpp - What a model gives for a block --------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Buffers of results, and exact results that are kept for several chips.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Runner/BlockResults.h"

#include <cstdlib>

using namespace aimc::runtime;

bool Results::run(Context &context, const Block &block, uint64_t firstVector,
                  std::string &error) {
  context.release(tensors);
  return context.run(block.tensors, block.sizes, firstVector, tensors, arrays,
                     error);
}

std::vector<float> Results::values(size_t index) const {
  const aimc_tensor &tensor = tensors[index];
  std::vector<float> values;
  values.reserve(tensor.sizes[0] * tensor.sizes[1]);
  for (int64_t i = 0; i < tensor.sizes[0]; ++i)
    for (int64_t j = 0; j < tensor.sizes[1]; ++j)
      values.push_back(tensor.aligned[tensor.offset + i * tensor.strides[0] +
                                      j * tensor.strides[1]]);
  return values;
}

Results::~Results() {
  for (const aimc_tensor &tensor : tensors)
    std::free(tensor.allocated);
}

bool ExactResults::open(const aimc_model &model, ContextOptions setup,
                        int64_t runs, std::string &error) {
  setup.device = "exact";
  setup.time = 0;
  setup.mode.clear();
  setup.deviceOptions.clear();
  setup.without.clear();
  keepAll = runs > 1;
  context = Context::create(model, setup, error);
  return context != nullptr;
}

const ExactResults::Values *ExactResults::at(size_t index, const Block &block,
                                             uint64_t firstVector,
                                             std::string &error) {
  if (keepAll && index < blocks.size())
    return &blocks[index];
  if (!results.run(*context, block, firstVector, error))
    return nullptr;
  if (!keepAll)
    blocks.clear();
  Values &values = blocks.emplace_back();
  for (size_t i = 0; i < results.count(); ++i)
    values.push_back(results.values(i));
  return &values;
}
