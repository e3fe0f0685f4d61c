//===- BlockResults.h - What a model gives for a block ----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Results of one block on a device, and those of the exact device beside it.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_RUNNER_BLOCKRESULTS_H
#define AIMC_LIB_RUNTIME_RUNNER_BLOCKRESULTS_H

#include "Runtime/Devices/Sizes.h"
#include "Runtime/Runner/Inputs.h"
#include "aimc/Runtime/Context.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace aimc::runtime {

/// Results of one block; owns what the entry function allocated.
class Results {
public:
  Results() = default;
  ~Results();
  Results(const Results &) = delete;
  Results &operator=(const Results &) = delete;

  /// Runs the model on `block`, whose first row is number `firstVector` of the
  /// data set. Returns whether it went well.
  bool run(Context &context, const Block &block, uint64_t firstVector,
           std::string &error);

  size_t count() const { return tensors.size(); }
  int64_t rows(size_t index) const { return tensors[index].sizes[0]; }
  /// The sizes of the array that a result is.
  const Sizes &sizes(size_t index) const { return arrays[index]; }

  /// The values of a result, row-major and contiguous.
  std::vector<float> values(size_t index) const;

private:
  std::vector<aimc_tensor> tensors;
  std::vector<Sizes> arrays;
};

/// What the exact device gives, computed once however many chips are compared
/// with it: a vector of values for each result of each block.
class ExactResults {
public:
  using Values = std::vector<std::vector<float>>;

  /// `runs` is how often the data will be gone through.
  bool open(const aimc_model &model, ContextOptions setup, int64_t runs,
            std::string &error);
  bool isOpen() const { return context != nullptr; }

  /// The results of block number `index`, or null after an error. They last
  /// until the next call, or for good if the data is gone through again.
  const Values *at(size_t index, const Block &block, uint64_t firstVector,
                   std::string &error);

private:
  std::unique_ptr<Context> context;
  Results results; ///< of the last run
  bool keepAll = false;
  std::deque<Values> blocks;
};

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_RUNNER_BLOCKRESULTS_H
