//===- Blocks.cpp - Runs in blocks of rows --------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Results do not depend on blocks; memory and time do.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Runner/Blocks.h"

#include <algorithm>

using namespace aimc::runtime;

bool aimc::runtime::takesBlocks(const aimc_model &model) {
  const auto isCut = [](const aimc_parameter &parameter) {
    return !parameter.sizes && parameter.rows < 0;
  };
  return model.input_count > 0 && !model.joins_rows &&
         std::all_of(model.inputs, model.inputs + model.input_count, isCut) &&
         std::all_of(model.outputs, model.outputs + model.output_count, isCut);
}

int64_t aimc::runtime::blockRowsOf(const aimc_model &model, int64_t most) {
  constexpr int64_t Values = int64_t{1} << 24, LeastRows = 256;
  int64_t widest = 1;
  for (int64_t i = 0; i < model.input_count; ++i)
    widest = std::max(widest, model.inputs[i].width);
  for (int64_t i = 0; i < model.matrix_count; ++i)
    widest = std::max(widest, model.matrices[i].columns);
  for (int64_t i = 0; i < model.output_count; ++i)
    widest = std::max(widest, model.outputs[i].width);
  return std::min(most, std::max(LeastRows, Values / widest));
}
