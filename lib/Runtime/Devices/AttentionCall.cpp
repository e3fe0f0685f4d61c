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

#include "Runtime/Kernels/Attention.h"
#include "Runtime/Kernels/Tensor.h"

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

std::string aimc_context::attention(const AttentionArguments &arguments) {
  if (std::string error = verifyAttention(arguments); !error.empty())
    return error;
  const Timer timer(counts.digitalSeconds);
  computeAttention(engine, workers,
                   {arguments.sequences, arguments.heads, arguments.causal != 0,
                    *arguments.queries, *arguments.keys, *arguments.values,
                    arguments.logScale, arguments.mask, *arguments.output});
  return {};
}
