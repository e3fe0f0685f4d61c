//===- AttentionCall.cpp - The call of attention --------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Checks of its shapes. Digital work runs on the host, whatever the device.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/ContextImpl.h"

#include "Runtime/Kernels/Tensor.h"

#include <algorithm>

using namespace aimc::runtime;

/// The rows of `tensor` that each of `sequences` has for each of `heads`; sets
/// `error` where they do not divide.
static int64_t lengthOf(const aimc_tensor &tensor, const char *name,
                        int64_t sequences, int64_t heads, std::string &error) {
  const int64_t rows = tensor.sizes[0];
  const bool fits = sequences
                        ? rows % sequences == 0 && rows / sequences % heads == 0
                        : rows == 0;
  if (fits)
    return sequences ? rows / sequences / heads : 0;
  error = std::string("attention expects ") + name + " with rows that " +
          std::to_string(sequences) + " sequences" +
          (heads > 1 ? " of " + std::to_string(heads) + " heads" : "") +
          " share evenly, but got " + std::to_string(rows);
  return 0;
}

std::string
aimc::runtime::verifyAttention(const AttentionArguments &arguments) {
  const auto [unit, heads, causal, sequences, queries, keys, values, logScale,
              mask, output] = arguments;
  if (!unit)
    return "attention expects the name of a digital unit, but got a null "
           "pointer";
  if (heads < 1)
    return "attention expects at least 1 head, but got " +
           std::to_string(heads);
  if (causal != 0 && causal != 1)
    return "attention expects 'causal' to be 0 or 1, but got " +
           std::to_string(causal);
  if (sequences < 0)
    return "attention expects 0 or more sequences, but got " +
           std::to_string(sequences);
  if (!queries || !values)
    return "attention expects tensors, but got a null pointer";
  const auto check = [](const aimc_tensor *tensor, const char *name,
                        int64_t rows, int64_t width) {
    return checkTensor(tensor, {"attention", nullptr, name}, rows, width);
  };

  std::string error = check(queries, "queries", -1, queries->sizes[1]);
  if (error.empty())
    error = check(values, "values", -1, values->sizes[1]);
  if (!error.empty())
    return error;
  if (values->sizes[1] < heads || values->sizes[1] % heads)
    return "attention expects values with columns that " +
           std::to_string(heads) + " heads share evenly, but got " +
           std::to_string(values->sizes[1]);
  const int64_t queryCount =
      lengthOf(*queries, "queries", sequences, heads, error);
  if (!error.empty())
    return error;
  const int64_t keyCount = lengthOf(*values, "values", sequences, 1, error);
  if (!error.empty())
    return error;
  if (causal && queryCount != keyCount)
    return "attention expects as many queries as keys in causal sequences, but "
           "got " +
           std::to_string(queryCount) + " and " + std::to_string(keyCount);
  error = check(keys, "keys", values->sizes[0] * heads, queries->sizes[1]);
  if (error.empty() && logScale)
    error = check(logScale, "log_scale", keys->sizes[0], 1);
  if (error.empty() && mask)
    error = check(mask, "mask", values->sizes[0], 1);
  if (error.empty())
    error = check(output, "output", sequences * queryCount, values->sizes[1]);
  if (!error.empty())
    return error;
  for (const aimc_tensor *input : {queries, keys, values, logScale, mask})
    if (input && overlaps(*input, *output))
      return "attention expects an output apart from its inputs, but got one "
             "that overlaps them";
  return {};
}

static bool isSame(const aimc_tensor *a, const aimc_tensor *b) {
  return a && b && a->aligned + a->offset == b->aligned + b->offset;
}

static bool givesTensor(const DeferredCall &call, const aimc_tensor *tensor) {
  return std::any_of(
      call.outputs.begin(), call.outputs.end(),
      [&](const aimc_tensor &output) { return isSame(&output, tensor); });
}

/// Takes the deferred calls that give tensors of an attention: of one that
/// gives the queries alone, or the keys with their log scales alone, rows are
/// computed when `request` wants them; others are run as a whole, as all are
/// for several heads, whose rows are read in another order. One sentence on an
/// error, or nothing.
std::string aimc_context::takeDeferred(const AttentionArguments &arguments,
                                       AttentionRequest &request) {
  const auto [unit, heads, causal, sequences, queries, keys, values, logScale,
              mask, output] = arguments;
  for (auto next = deferredCalls.begin(); next != deferredCalls.end();) {
    const bool givesQueries = givesTensor(*next, queries);
    const bool givesKeys = givesTensor(*next, keys);
    const bool givesScales = givesTensor(*next, logScale);
    const bool givesOthers =
        givesTensor(*next, values) || givesTensor(*next, mask);
    if (!givesQueries && !givesKeys && !givesScales && !givesOthers) {
      ++next;
      continue;
    }
    const auto call = std::make_shared<const DeferredCall>(std::move(*next));
    next = deferredCalls.erase(next);
    const size_t outputs = call->outputs.size();
    const bool isPlain = heads == 1 && !givesOthers;
    if (isPlain && givesQueries && !givesKeys && !givesScales && outputs == 1)
      request.computeQueries = computeRowsOf(call, *queries);
    else if (isPlain && givesKeys && !givesQueries &&
             givesScales == (logScale != nullptr) &&
             outputs == (givesScales ? 2 : 1))
      request.computeKeys = computeRowsOf(call, *keys);
    else if (std::string error =
                 runRows(*call, 0, call->input.sizes[0], call->outputs.data());
             !error.empty())
      return error;
  }
  return {};
}

/// What computes rows of a call that gives `features` and, if it gives more,
/// log scales.
ComputeRows
aimc_context::computeRowsOf(std::shared_ptr<const DeferredCall> call,
                            const aimc_tensor &features) {
  return [this, call = std::move(call), features](int64_t first, int64_t count,
                                                  const aimc_tensor &rows,
                                                  const aimc_tensor *scales) {
    std::vector<aimc_tensor> outputs;
    for (const aimc_tensor &output : call->outputs)
      outputs.push_back(isSame(&output, &features) ? rows : *scales);
    return runRows(*call, first, count, outputs.data());
  };
}

std::string aimc_context::attention(const AttentionArguments &arguments) {
  if (std::string error = verifyAttention(arguments); !error.empty())
    return error;
  AttentionRequest request = {
      arguments.sequences, arguments.heads, arguments.causal != 0,
      *arguments.queries,  *arguments.keys, *arguments.values,
      arguments.logScale,  arguments.mask,  *arguments.output};
  if (std::string error = takeDeferred(arguments, request); !error.empty())
    return error;
  // What computes rows has its own share of the time.
  double others =
      counts.mvmSeconds + counts.digitalSeconds + counts.fusedSeconds;
  double seconds = 0;
  std::string error;
  {
    const Timer timer(seconds);
    error = computeAttention(engine, workers, request, attentionMemory);
  }
  others =
      counts.mvmSeconds + counts.digitalSeconds + counts.fusedSeconds - others;
  counts.digitalSeconds += std::max(seconds - others, 0.0);
  return error;
}
