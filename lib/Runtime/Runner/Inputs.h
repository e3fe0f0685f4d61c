//===- Inputs.h - Arguments of a run, block by block ------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Opens the input files, checks them against the entry function, and hands out
// blocks of rows.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_RUNNER_INPUTS_H
#define AIMC_LIB_RUNTIME_RUNNER_INPUTS_H

#include "aimc/Runtime/ABI.h"
#include "aimc/Runtime/Context.h"
#include "aimc/Runtime/Files.h"
#include "aimc/Runtime/Runner.h"

#include <memory>
#include <string>
#include <vector>

namespace aimc::runtime {

/// Rows [first, first + rows) of every input, or the whole of each.
struct Block {
  int64_t first = 0;
  int64_t rows = 0; ///< of the first input
  std::vector<aimc_tensor> tensors;
  std::vector<Sizes> sizes; ///< of the arrays that the tensors are
  std::vector<std::vector<float>> values; ///< what the tensors point to
};

/// The sizes of the array in a file as `parameter` takes them: n values are
/// also n x 1, and the other way round.
Sizes arraySizes(const MatrixReader &reader, const aimc_parameter &parameter);

/// The input files of one run over the data.
class Inputs {
public:
  /// Opens `inputs` of `options`, one file for each argument of `model`, and
  /// checks their sizes. Blocks have at most `blockRows` rows; a model whose
  /// rows depend on each other, or with arrays of other ranks than 2, gets one
  /// block of all.
  static std::unique_ptr<Inputs>
  open(const aimc_model &model, const RunOptions &options, std::string &error);

  /// Whether blocks are parts of the data. If so, every input has `rows()`.
  bool streamed() const { return blockRows > 0; }
  /// The leading size of the first input, 1 if there is none.
  int64_t rows() const { return sizes.empty() ? 1 : sizes[0][0]; }
  bool atEnd() const { return ended; }

  /// Reads the next block; there is at least one, if only an empty one.
  bool next(Block &block, std::string &error);

private:
  std::vector<std::unique_ptr<MatrixReader>> readers;
  std::vector<Sizes> sizes;    ///< one for each reader
  std::vector<int64_t> widths; ///< of the matrices that the model takes
  int64_t blockRows = 0;       ///< 0: all at once
  int64_t done = 0;
  bool ended = false;
};

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_RUNNER_INPUTS_H
