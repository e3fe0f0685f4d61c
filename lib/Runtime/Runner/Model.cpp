//===- Model.cpp - Running a compiled model from C ------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A context behind a C interface: arrays in, arrays out, in blocks of rows
// where the model takes them. No exception leaves a call.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Model.h"

#include "Runtime/Devices/ModelVerifier.h"
#include "Runtime/Devices/Sizes.h"
#include "Runtime/Kernels/Tensor.h"
#include "Runtime/Runner/Blocks.h"
#include "Runtime/Runner/LastError.h"
#include "Runtime/Runner/OptionTexts.h"
#include "aimc/Runtime/Context.h"
#include "aimc/Runtime/TargetDescription.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <thread>

using namespace aimc::runtime;

struct aimc_instance {
  const aimc_model &model;
  std::unique_ptr<Context> context;
  std::string description;
  std::mutex mutex; ///< of the context: one run at a time
};

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

namespace {
/// The last error of a thread. `shown` is `sentence`, or a literal.
struct LastError {
  std::string sentence;
  const char *shown = "";
};
} // namespace

static LastError &lastError() noexcept {
  thread_local LastError error;
  return error;
}

static constexpr const char *OutOfMemory = "expects more memory than there is";

void aimc::runtime::setLastError(const char *start, const char *rest) noexcept {
  LastError &error = lastError();
  try {
    error.sentence = start;
    error.sentence += rest;
    error.shown = error.sentence.c_str();
  } catch (...) {
    error.shown = OutOfMemory;
  }
}

void aimc::runtime::clearLastError() noexcept { lastError().shown = ""; }

const char *aimc_last_error(void) { return lastError().shown; }

/// Calls `body`, which gives one sentence on an error or nothing; whether it
/// went well.
template <typename Body> static bool guard(Body body) noexcept {
  clearLastError();
  try {
    const std::string error = body();
    if (error.empty())
      return true;
    setLastError(error.c_str());
  } catch (const std::bad_alloc &) {
    setLastError(OutOfMemory);
  } catch (const std::exception &exception) {
    setLastError("cannot run the model: ", exception.what());
  } catch (...) {
    setLastError("cannot run the model: an exception of unknown type");
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Instances
//===----------------------------------------------------------------------===//

static std::string describe(const aimc_model &model) {
  const auto describeAll = [](int64_t count, const aimc_parameter *parameters) {
    auto list = nlohmann::json::array();
    for (int64_t i = 0; i < count; ++i)
      list.push_back(
          {{"name", parameters[i].name}, {"sizes", sizesOf(parameters[i])}});
    return list;
  };
  nlohmann::json target;
  std::string ignored;
  // The context has read it without an error.
  if (model.target)
    target = TargetDescription::parse(model.target, ignored)->name;
  return nlohmann::json{
      {"name", model.name},
      {"target", target},
      {"inputs", describeAll(model.input_count, model.inputs)},
      {"outputs", describeAll(model.output_count, model.outputs)}}
      // JSON is UTF-8, and names need not be.
      .dump(/*indent=*/-1, ' ', /*ensure_ascii=*/false,
            nlohmann::json::error_handler_t::replace);
}

uint32_t aimc_interface_version(void) { return AIMC_INTERFACE_VERSION; }

/// The options of a context; one sentence on an error, or nothing.
static std::string takeOptions(const aimc_options &given,
                               ContextOptions &setup) {
  // Nothing else may be read before this is known.
  if (given.version != AIMC_INTERFACE_VERSION)
    return "expects options of version " +
           std::to_string(AIMC_INTERFACE_VERSION) +
           " of aimc/Runtime/Model.h (AIMC_OPTIONS_INIT), but got " +
           std::to_string(given.version);
  if (given.threads < 0 || given.threads > MostThreads)
    return "threads expects 0, for as many as the machine has, to " +
           std::to_string(MostThreads) + ", but got " +
           std::to_string(given.threads);
  if (!(given.time >= 0) || !(given.time <= LongestTime))
    return "time expects a number of seconds from 0 to 1e12, but got " +
           std::to_string(given.time);
  if (given.device)
    setup.device = given.device;
  setup.programSeed = given.program_seed;
  setup.readSeed = given.read_seed;
  setup.time = given.time;
  setup.threads = given.threads
                      ? given.threads
                      : std::clamp(int(std::thread::hardware_concurrency()), 1,
                                   MostThreads);
  if (given.mode)
    setup.mode = given.mode;
  for (const char *const *option = given.device_option; option && *option;
       ++option)
    if (std::string error = addDeviceOption(*option, setup.deviceOptions);
        !error.empty())
      return "device_option " + error;
  if (given.without)
    if (std::string error = takeEffects(given.without, setup.without);
        !error.empty())
      return "without " + error;
  if (given.engine)
    setup.engine = given.engine;
  return {};
}

aimc_instance *aimc_create(const aimc_model *model,
                           const aimc_options *options) {
  if (!model) {
    // What gave no model has left its error.
    if (!*aimc_last_error())
      setLastError("expects a model, but got a null pointer");
    return nullptr;
  }
  aimc_instance *instance = nullptr;
  guard([&]() -> std::string {
    // Nothing else of the model may be read before this is known.
    if (std::string error = verifyVersion(*model); !error.empty())
      return error;
    if (std::string error = verifyInterface(*model); !error.empty())
      return error;
    ContextOptions setup;
    if (std::string error =
            takeOptions(options ? *options : aimc_options(), setup);
        !error.empty())
      return error;
    std::string error;
    std::unique_ptr<Context> context = Context::create(*model, setup, error);
    if (!context)
      return error;
    instance =
        new aimc_instance{*model, std::move(context), describe(*model), {}};
    return {};
  });
  return instance;
}

void aimc_destroy(aimc_instance *instance) { delete instance; }

const char *aimc_describe(const aimc_instance *instance) {
  clearLastError();
  if (instance)
    return instance->description.c_str();
  setLastError("expects an instance, but got a null pointer");
  return nullptr;
}

void aimc_free_result(aimc_result *result) {
  if (!result)
    return;
  std::free(result->values);
  *result = {};
}

//===----------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------===//

namespace {
/// One call of aimc_run.
class ArrayRun {
public:
  ArrayRun(aimc_instance &instance, const aimc_argument *arguments,
           aimc_result *results)
      : model(instance.model), context(*instance.context), arguments(arguments),
        results(results), made(model.output_count) {
    for (int64_t i = 0; i < model.output_count; ++i)
      made[i] = !results[i].values && results[i].rank == 0;
  }

  /// One sentence on an error, or nothing.
  std::string run(uint64_t firstVector);
  /// Whether that was an error of the device rather than of the call.
  bool deviceFailed() const { return failed; }
  /// Frees what was made for results, after an error.
  void release() {
    for (int64_t i = 0; i < model.output_count; ++i)
      if (made[i])
        aimc_free_result(&results[i]);
  }

private:
  std::string checkArguments();
  std::string checkOverlaps() const;
  std::string takeResult(int64_t index, const Sizes &sizes);
  std::string runRows(int64_t first, int64_t count, bool whole,
                      uint64_t firstVector);

  const aimc_model &model;
  Context &context;
  const aimc_argument *arguments;
  aimc_result *results;
  std::vector<bool> made; ///< whether the run makes the values of a result
  std::vector<Sizes> argumentSizes;
  bool failed = false;
};
} // namespace

std::string ArrayRun::checkArguments() {
  for (int64_t i = 0; i < model.input_count; ++i) {
    const aimc_argument &argument = arguments[i];
    const std::string name =
        std::string("input '") + model.inputs[i].name + "'";
    const Sizes expected = sizesOf(model.inputs[i]);
    if (argument.rank < 0 || argument.rank > AIMC_MAX_RANK ||
        size_t(argument.rank) != expected.size())
      return name + " expects an array of " + shownSizes(model.inputs[i]) +
             ", but got one of " + std::to_string(argument.rank) +
             " dimensions";
    Sizes &sizes = argumentSizes.emplace_back(argument.sizes,
                                              argument.sizes + argument.rank);
    int64_t count = 1;
    for (size_t d = 0; d < sizes.size(); ++d) {
      if (sizes[d] < 0 || (expected[d] >= 0 && sizes[d] != expected[d]) ||
          __builtin_mul_overflow(count, sizes[d], &count))
        return name + " expects an array of " + shownSizes(model.inputs[i]) +
               ", but got one of " + shownSizes(sizes);
    }
    if (!argument.values && count > 0)
      return name + " expects " + std::to_string(count) +
             " values, but got a null pointer";
    for (int64_t v = 0; v < count; ++v)
      if (!std::isfinite(argument.values[v])) {
        const int64_t width = model.inputs[i].width;
        return name + " expects finite values, but got " +
               std::to_string(argument.values[v]) + " in row " +
               std::to_string(v / width) + ", column " +
               std::to_string(v % width);
      }
  }
  return {};
}

/// Rows are written before others are read, and each result is written whole.
std::string ArrayRun::checkOverlaps() const {
  struct Span {
    std::string name;
    uintptr_t first, last;
  };
  std::vector<Span> spans;
  const auto add = [&](std::string name, const float *values,
                       const int64_t *sizes, int32_t rank) {
    uint64_t bytes = sizeof(float);
    bool fits = values && rank >= 0 && rank <= AIMC_MAX_RANK;
    for (int32_t d = 0; fits && d < rank; ++d)
      fits = sizes[d] > 0 && !__builtin_mul_overflow(bytes, sizes[d], &bytes);
    const auto first = reinterpret_cast<uintptr_t>(values);
    // Other sizes than a result has are an error of their own.
    if (fits && bytes - 1 <= UINTPTR_MAX - first)
      spans.push_back({std::move(name), first, first + (bytes - 1)});
  };
  for (int64_t i = 0; i < model.input_count; ++i)
    add(std::string("input '") + model.inputs[i].name + "'",
        arguments[i].values, arguments[i].sizes, arguments[i].rank);
  for (int64_t i = 0; i < model.output_count; ++i) {
    const std::string name =
        std::string("output '") + model.outputs[i].name + "'";
    const size_t count = spans.size();
    add(name, results[i].values, results[i].sizes, results[i].rank);
    for (size_t other = 0; count < spans.size() && other < count; ++other)
      if (spans[other].first <= spans[count].last &&
          spans[count].first <= spans[other].last)
        return name + " expects memory of its own, but got some of " +
               spans[other].name;
  }
  return {};
}

/// Makes or checks the array of result `index`.
std::string ArrayRun::takeResult(int64_t index, const Sizes &sizes) {
  aimc_result &result = results[index];
  if (!made[index]) {
    const bool isEmpty = std::count(sizes.begin(), sizes.end(), 0) > 0;
    if (!result.values && !isEmpty)
      return std::string("output '") + model.outputs[index].name +
             "' expects an array of " + shownSizes(sizes) +
             ", but got a null pointer";
    if (size_t(result.rank) == sizes.size() &&
        std::equal(sizes.begin(), sizes.end(), result.sizes))
      return {};
    return std::string("output '") + model.outputs[index].name +
           "' expects an array of " + shownSizes(sizes) + ", but got one of " +
           (result.rank >= 0 && result.rank <= AIMC_MAX_RANK
                ? shownSizes(Sizes(result.sizes, result.sizes + result.rank))
                : std::to_string(result.rank) + " dimensions");
  }
  if (sizes.size() > AIMC_MAX_RANK)
    return "expects results of at most 16 dimensions, but got " +
           std::to_string(sizes.size());
  size_t bytes = sizeof(float);
  for (int64_t size : sizes)
    if (__builtin_mul_overflow(bytes, size_t(size), &bytes))
      throw std::bad_alloc();
  result.values = static_cast<float *>(std::malloc(std::max<size_t>(bytes, 1)));
  if (!result.values)
    throw std::bad_alloc();
  result.rank = int32_t(sizes.size());
  std::copy(sizes.begin(), sizes.end(), result.sizes);
  return {};
}

namespace {
/// Gives outputs back at its end.
struct OutputRelease {
  Context &context;
  std::vector<aimc_tensor> &outputs;
  ~OutputRelease() { context.release(outputs); }
};
} // namespace

/// Runs `count` rows from `first` on, or all there is if `whole`.
std::string ArrayRun::runRows(int64_t first, int64_t count, bool whole,
                              uint64_t firstVector) {
  std::vector<aimc_tensor> inputs, outputs;
  std::vector<Sizes> sizes = argumentSizes, outputSizes;
  float nothing = 0; // no pointer of a tensor is null, even to no values
  for (int64_t i = 0; i < model.input_count; ++i) {
    const int64_t width = model.inputs[i].width;
    int64_t rows = count;
    if (whole) {
      rows = 1;
      for (int64_t size : sizes[i])
        rows *= size;
      rows /= std::max<int64_t>(width, 1);
    } else {
      sizes[i][0] = count;
    }
    // Inputs are read alone.
    float *values = const_cast<float *>(arguments[i].values);
    values = values ? values + first * width : &nothing;
    inputs.push_back({values, values, 0, {rows, width}, {width, 1}});
  }
  std::string error;
  if (!context.run(inputs, sizes, firstVector + uint64_t(first), outputs,
                   outputSizes, error)) {
    failed = context.deviceFailed();
    return error;
  }
  const OutputRelease release = {context, outputs};
  for (int64_t i = 0; i < model.output_count; ++i) {
    const aimc_tensor &output = outputs[i];
    if (error.empty() && !whole && output.sizes[0] != count)
      error = "result " + std::to_string(i) + " of '" + model.name +
              "' expects a row for each of the " + std::to_string(count) +
              " input rows, but got " + std::to_string(output.sizes[0]);
    if (error.empty() && whole)
      error = takeResult(i, outputSizes[i]);
    if (error.empty())
      copyRows(output, 0, output.sizes[0],
               results[i].values + first * model.outputs[i].width);
  }
  return error;
}

std::string ArrayRun::run(uint64_t firstVector) {
  if (std::string error = checkArguments(); !error.empty())
    return error;
  if (std::string error = checkOverlaps(); !error.empty())
    return error;
  bool cut = takesBlocks(model);
  for (const Sizes &sizes : argumentSizes)
    cut &= sizes[0] == argumentSizes[0][0];
  if (!cut)
    return runRows(0, 0, /*whole=*/true, firstVector);
  const int64_t rows = argumentSizes[0][0];
  for (int64_t i = 0; i < model.output_count; ++i)
    if (std::string error = takeResult(i, {rows, model.outputs[i].width});
        !error.empty())
      return error;
  const int64_t block = blockRowsOf(model, DefaultBlockRows);
  for (int64_t first = 0; first < rows; first += block)
    if (std::string error = runRows(first, std::min(block, rows - first),
                                    /*whole=*/false, firstVector);
        !error.empty())
      return error;
  return {};
}

int aimc_run(aimc_instance *instance, uint64_t first_vector,
             const aimc_argument *arguments, aimc_result *results) {
  int code = AIMC_FAILED_RUN; // also of an exception
  const auto wrongCall = [&](std::string error) {
    code = AIMC_WRONG_CALL;
    return error;
  };
  const bool isDone = guard([&]() -> std::string {
    if (!instance)
      return wrongCall("expects an instance, but got a null pointer");
    if (first_vector > uint64_t{MostFirstVector})
      return wrongCall("first_vector expects 0 to " +
                       std::to_string(MostFirstVector) + ", but got " +
                       std::to_string(first_vector));
    const aimc_model &model = instance->model;
    if (!arguments && model.input_count > 0)
      return wrongCall("expects " + std::to_string(model.input_count) +
                       " arguments, but got a null pointer");
    if (!results && model.output_count > 0)
      return wrongCall("expects " + std::to_string(model.output_count) +
                       " results, but got a null pointer");
    const std::lock_guard<std::mutex> lock(instance->mutex);
    ArrayRun run(*instance, arguments, results);
    std::string error;
    try {
      error = run.run(first_vector);
    } catch (...) {
      run.release();
      throw;
    }
    if (error.empty())
      return {};
    run.release();
    return run.deviceFailed() ? error : wrongCall(std::move(error));
  });
  return isDone ? 0 : code;
}
