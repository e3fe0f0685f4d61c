//===- Calls.cpp - The calls of compiled models ---------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The C functions of Calls.h.inc. They keep the first error in the context;
// nothing is thrown into a model.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/ContextImpl.h"

#include "Runtime/Kernels/FloatingPoint.h"
#include "Runtime/Kernels/Tensor.h"
#include "Runtime/Random/Normal.h"

#include <exception>

using namespace aimc::runtime;

/// Runs a call unless there was an error before it.
template <typename Call> static void guarded(aimc_context *context, Call call) {
  if (!context->error.empty())
    return;
  const DefaultFloatingPoint floatingPoint;
  try {
    context->error = call();
  } catch (const std::exception &exception) {
    context->error = std::string("expects to run the model, but got '") +
                     exception.what() + "'";
  }
}

static std::string verifyFirstVector(int64_t firstVector) {
  if (firstVector >= 0)
    return {};
  return "expects a first vector of 0 or more, but got " +
         std::to_string(firstVector);
}

int64_t aimc_first_vector(aimc_context *context) {
  return static_cast<int64_t>(context->firstVector);
}

int64_t aimc_first_vector_of(aimc_context *context, int64_t rows) {
  int64_t first = 0;
  guarded(context, [&]() -> std::string {
    if (rows < 0)
      return "first_vector_of expects 0 or more rows, but got " +
             std::to_string(rows);
    // Entries of a model without inputs, and of empty ones, become none.
    const int64_t entries =
        context->inputSizes.empty() ? 0 : context->inputSizes[0][0];
    first = static_cast<int64_t>(context->firstVector);
    if (entries > 0 && __builtin_mul_overflow(first, rows, &first))
      return "expects fewer than 2^63 vectors, but got more";
    if (entries > 0)
      first /= entries;
    return {};
  });
  return first;
}

int64_t aimc_first_vector_in_loop(aimc_context *context, int64_t depth,
                                  int64_t first, int64_t iteration) {
  int64_t result = 0;
  guarded(context, [&]() -> std::string {
    if (depth < 0)
      return "first_vector_in_loop expects a depth of 0 or more, but got " +
             std::to_string(depth);
    if (std::string error = verifyFirstVector(first); !error.empty())
      return "first_vector_in_loop " + error;
    const auto loop = static_cast<uint64_t>(depth);
    const auto turn = static_cast<uint64_t>(iteration);
    const StreamKey key =
        deriveStream(0, Effect::LoopIteration, static_cast<uint32_t>(loop),
                     static_cast<uint32_t>(loop >> 32));
    const RandomWords random =
        randomWords(key, static_cast<uint32_t>(turn),
                    static_cast<uint32_t>(turn >> 32), 0, 0);
    const uint64_t offset =
        uint64_t{random.words[1]} << 32 | uint64_t{random.words[0]};
    result = static_cast<int64_t>((static_cast<uint64_t>(first) + offset) &
                                  ~(uint64_t{1} << 63));
    return {};
  });
  return result;
}

int64_t aimc_input_size(aimc_context *context, int64_t input,
                        int64_t dimension) {
  int64_t size = 0;
  guarded(context, [&]() -> std::string {
    const std::vector<Sizes> &sizes = context->inputSizes;
    if (input < 0 || input >= static_cast<int64_t>(sizes.size()))
      return "input_size expects an input from 0 to " +
             std::to_string(static_cast<int64_t>(sizes.size()) - 1) +
             ", but got " + std::to_string(input);
    if (dimension < 0 || dimension >= static_cast<int64_t>(sizes[input].size()))
      return "input_size expects one of " +
             std::to_string(sizes[input].size()) + " sizes, but got " +
             std::to_string(dimension);
    size = sizes[input][dimension];
    return {};
  });
  return size;
}

void aimc_set_output_size(aimc_context *context, int64_t output,
                          int64_t dimension, int64_t size) {
  guarded(context,
          [&] { return context->setOutputSize(output, dimension, size); });
}

void aimc_verify_size(aimc_context *context, const char *of, int64_t size,
                      int64_t expected) {
  guarded(context, [&]() -> std::string {
    if (!of)
      return "verify_size expects what the size counts, but got a null pointer";
    if (size == expected)
      return {};
    return "expects " + std::to_string(expected) + " " + of + ", but got " +
           std::to_string(size);
  });
}

void aimc_verify_part(aimc_context *context, int64_t offset, int64_t size,
                      int64_t stride, int64_t whole) {
  guarded(context, [&]() -> std::string {
    int64_t last = offset;
    const bool isKnown =
        size < 1 || (!__builtin_mul_overflow(size - 1, stride, &last) &&
                     !__builtin_add_overflow(last, offset, &last));
    // Without entries it may stand behind the last one.
    const int64_t end = size < 1 ? whole + 1 : whole;
    if (isKnown && size >= 0 && offset >= 0 && offset < end && last >= 0 &&
        last < end)
      return {};
    return "expects a part of " + std::to_string(whole) + " entries, but got " +
           std::to_string(size) + " from number " + std::to_string(offset) +
           " on in steps of " + std::to_string(stride);
  });
}

void aimc_mvm(aimc_context *context, int64_t matrix, int64_t site,
              float input_range, float output_range, int64_t first_vector,
              const aimc_tensor *input, const aimc_tensor *output) {
  guarded(context, [&]() -> std::string {
    if (std::string error = verifyFirstVector(first_vector); !error.empty())
      return error;
    if (!input || !output)
      return "mvm expects tensors, but got a null pointer";
    return context->mvm({matrix, site, input_range, output_range,
                         static_cast<uint64_t>(first_vector), *input, *output});
  });
}

void aimc_digital(aimc_context *context, int64_t program, int64_t first_vector,
                  int64_t inputs_count, const aimc_tensor *inputs,
                  int64_t outputs_count, const aimc_tensor *outputs) {
  guarded(context, [&]() -> std::string {
    if (std::string error = verifyFirstVector(first_vector); !error.empty())
      return error;
    return context->digital(program, static_cast<uint64_t>(first_vector),
                            inputs_count, inputs, outputs_count, outputs);
  });
}

void aimc_mvm_digital(aimc_context *context, int64_t matrix,
                      int64_t programs_count, const int64_t *programs,
                      int64_t site, float input_range, float output_range,
                      int64_t program_operands_count,
                      const int64_t *program_operands,
                      int64_t program_results_count,
                      const int64_t *program_results, int64_t deferred,
                      int64_t first_vector, const aimc_tensor *input,
                      int64_t others_count, const aimc_tensor *others,
                      int64_t outputs_count, const aimc_tensor *outputs) {
  guarded(context, [&]() -> std::string {
    if (std::string error = verifyFirstVector(first_vector); !error.empty())
      return error;
    if (!input)
      return "mvm_digital expects an input, but got a null pointer";
    if (deferred != 0 && deferred != 1)
      return "mvm_digital expects 'deferred' to be 0 or 1, but got " +
             std::to_string(deferred);
    if (outputs_count != program_results_count)
      return "mvm_digital expects one output a result, " +
             std::to_string(program_results_count) + ", but got " +
             std::to_string(outputs_count);
    return context->mvmDigital(
        {{matrix, site, input_range, output_range,
          static_cast<uint64_t>(first_vector), *input, *input},
         programs_count,
         programs,
         program_operands_count,
         program_operands,
         program_results_count,
         program_results,
         others_count,
         others,
         outputs,
         deferred});
  });
}

void aimc_attention(aimc_context *context, const char *unit, int64_t heads,
                    int64_t causal, int64_t sequences,
                    const aimc_tensor *queries, const aimc_tensor *keys,
                    const aimc_tensor *values, const aimc_tensor *log_scale,
                    const aimc_tensor *mask, const aimc_tensor *output) {
  guarded(context, [&] {
    return context->attention({unit, heads, causal, sequences, queries, keys,
                               values, log_scale, mask, output});
  });
}

void *aimc_allocate(aimc_context *context, int64_t rows, int64_t columns) {
  uint64_t bytes = 0;
  if (rows < 0 || columns < 0 ||
      __builtin_mul_overflow(static_cast<uint64_t>(rows),
                             static_cast<uint64_t>(columns), &bytes) ||
      __builtin_mul_overflow(bytes, sizeof(float), &bytes))
    return nullptr;
  void *memory = nullptr;
  guarded(context, [&]() -> std::string {
    memory = context->buffers.allocate(bytes);
    return {};
  });
  return memory;
}

void aimc_release(aimc_context *context, void *memory) {
  context->buffers.release(memory);
}

void aimc_copy(aimc_context *context, const aimc_tensor *input,
               const aimc_tensor *output) {
  guarded(context, [&]() -> std::string {
    if (!input || !output)
      return "copy expects tensors, but got a null pointer";
    if (std::string error =
            checkTensor(input, {"copy", nullptr, "input"}, -1, input->sizes[1]);
        !error.empty())
      return error;
    if (std::string error = checkTensor(output, {"copy", nullptr, "output"},
                                        input->sizes[0], input->sizes[1]);
        !error.empty())
      return error;
    const int64_t rows = input->sizes[0];
    if (rows == 0 || input->sizes[1] == 0)
      return {};
    Buffer scratch;
    // Through scratch where a row could be overwritten before it is read.
    if (overlaps(*input, *output)) {
      scratch.resize(rows * input->sizes[1]);
      copyRows(*input, 0, rows, scratch.data());
      writeRows(*output, 0, rows, scratch.data(), input->sizes[1]);
      return {};
    }
    for (int64_t row = 0; row < rows; ++row) {
      const Rows from = readRows(*input, row, 1, scratch);
      writeRows(*output, row, 1, from.data, from.stride);
    }
    return {};
  });
}

void aimc_gram(aimc_context *context, int64_t kernel, double gamma,
               const aimc_tensor *x, const aimc_tensor *y,
               const aimc_tensor *output) {
  guarded(context, [&]() -> std::string {
    std::string error;
    std::optional<ExactKernel> known =
        ExactKernel::create(kernel, gamma, error);
    if (!known)
      return "gram " + error;
    if (!x || !y || !output)
      return "gram expects tensors, but got a null pointer";
    return context->gram(*known, *x, *y, *output);
  });
}

void aimc_load(aimc_context *context, int64_t matrix,
               const aimc_tensor *output) {
  guarded(context, [&]() -> std::string {
    if (!output)
      return "load expects a tensor, but got a null pointer";
    return context->load(matrix, *output);
  });
}
