//===- Inputs.cpp - Arguments of a run, block by block --------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Opening, checking and cutting the inputs.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Runner/Inputs.h"

#include "Runtime/Devices/Sizes.h"
#include "Runtime/Runner/Blocks.h"

#include <algorithm>

using namespace aimc::runtime;

/// "x (n x 64)".
static std::string shownParameter(const aimc_parameter &parameter) {
  return std::string(parameter.name) + " (" + shownSizes(parameter) + ")";
}

Sizes aimc::runtime::arraySizes(const MatrixReader &reader,
                                const aimc_parameter &parameter) {
  Sizes sizes = reader.shape();
  const size_t rank = sizesOf(parameter).size();
  if (sizes.size() == 1 && rank == 2)
    sizes.push_back(1);
  else if (sizes.size() == 2 && sizes[1] == 1 && rank == 1)
    sizes.pop_back();
  return sizes;
}

std::unique_ptr<Inputs> Inputs::open(const aimc_model &model,
                                     const RunOptions &options,
                                     std::string &error) {
  const std::vector<std::string> &names = options.inputs;
  if (int64_t(names.size()) != model.input_count) {
    std::string list;
    for (int64_t i = 0; i < model.input_count; ++i)
      list += (i ? ", " : "") + shownParameter(model.inputs[i]);
    error = "'" + std::string(model.name) + "' expects " +
            std::to_string(model.input_count) + " of " + options.inputOption +
            (list.empty() ? "" : " (" + list + ")") + ", but got " +
            std::to_string(names.size());
    return nullptr;
  }
  auto inputs = std::make_unique<Inputs>();
  bool streamed = takesBlocks(model);
  for (int64_t i = 0; i < model.input_count; ++i) {
    const aimc_parameter &parameter = model.inputs[i];
    std::unique_ptr<MatrixReader> reader = MatrixReader::open(names[i], error);
    if (!reader)
      return nullptr;
    auto fail = [&](const char *what, int64_t expected, int64_t got) {
      error = names[i] + ": expects " + std::to_string(expected) + " " + what +
              " for argument " + shownParameter(parameter) + ", but got " +
              std::to_string(got);
      return nullptr;
    };
    const Sizes sizes = arraySizes(*reader, parameter);
    const Sizes expected = sizesOf(parameter);
    if (sizes.size() != expected.size())
      return fail("dimensions", int64_t(expected.size()),
                  int64_t(sizes.size()));
    if (!parameter.sizes) {
      if (reader->columns() != parameter.width)
        return fail("columns", parameter.width, reader->columns());
      if (parameter.rows >= 0 && reader->rows() != parameter.rows)
        return fail("rows", parameter.rows, reader->rows());
    } else {
      for (size_t d = 0; d < sizes.size(); ++d)
        if (expected[d] >= 0 && sizes[d] != expected[d])
          return fail(("entries along dimension " + std::to_string(d)).c_str(),
                      expected[d], sizes[d]);
    }
    inputs->readers.push_back(std::move(reader));
    inputs->sizes.push_back(sizes);
    inputs->widths.push_back(parameter.width);
    streamed = streamed && sizes[0] == inputs->sizes[0][0];
  }
  if (streamed)
    inputs->blockRows = blockRowsOf(model, options.blockRows);
  return inputs;
}

bool Inputs::next(Block &block, std::string &error) {
  block.first = done;
  block.rows = streamed() ? std::min(blockRows, rows() - done) : rows();
  block.values.resize(readers.size());
  block.tensors.clear();
  block.sizes = sizes;
  for (size_t i = 0; i < readers.size(); ++i) {
    MatrixReader &reader = *readers[i];
    int64_t count = streamed() ? block.rows : reader.rows();
    if (streamed())
      block.sizes[i][0] = count;
    std::vector<float> &values = block.values[i];
    if (!reader.read(count, values, error))
      return false;
    // No pointer of a tensor is null, even if it holds nothing.
    values.reserve(1);
    const int64_t width = widths[i];
    block.tensors.push_back({values.data(),
                             values.data(),
                             0,
                             {int64_t(values.size()) / width, width},
                             {width, 1}});
  }
  done += block.rows;
  ended = done >= rows();
  return true;
}
