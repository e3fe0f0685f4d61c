//===- Context.cpp - A model on a device ----------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Creation and runs of a context.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/ContextImpl.h"

#include "Runtime/Devices/ModelVerifier.h"
#include "Runtime/Devices/Sizes.h"
#include "Runtime/Kernels/FloatingPoint.h"
#include "Runtime/Kernels/Tensor.h"
#include "aimc/Runtime/TargetEffects.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <set>

using namespace aimc::runtime;

namespace {

std::string verifyOptions(const ContextOptions &options) {
  const bool plugin = isPlugin(options.device);
  if (options.device != "exact" && options.device != "simulator" && !plugin)
    return "expects device 'exact', 'simulator' or a plug-in PATH.so, but got "
           "'" +
           options.device + "'";
  if (!plugin && !options.deviceOptions.empty())
    return "expects a plug-in to take the device option '" +
           options.deviceOptions[0].first + "', but got device '" +
           options.device + "'";
  if (options.threads < 1)
    return "expects at least 1 thread, but got " +
           std::to_string(options.threads);
  if (!(options.time >= 0) || !std::isfinite(options.time))
    return "expects a finite time of 0 s or more, but got " +
           std::to_string(options.time);
  if (options.device == "exact" && options.time != 0)
    return "time expects device simulator or a plug-in, but got 'exact', whose "
           "weights do not age";
  if (options.device == "exact" && !options.mode.empty())
    return "mode expects device simulator or a plug-in, but got 'exact', whose "
           "results do not depend on it";
  if (!options.without.empty() && options.device != "simulator")
    return "expects device 'simulator' to leave out effects, but got '" +
           options.device + "'";
  if (options.recorder && options.device != "exact")
    return "expects device 'exact' to record ranges, but got '" +
           options.device + "'";
  return {};
}

/// Gives each output memory of its own: a function that returns one value twice
/// may return one buffer twice. Returns one sentence on an error, or nothing.
std::string separateOutputs(std::vector<aimc_tensor> &outputs) {
  if (outputs.size() < 2)
    return {};
  std::set<float *> allocations;
  for (aimc_tensor &output : outputs) {
    if (!output.allocated || allocations.insert(output.allocated).second)
      continue;
    const int64_t rows = output.sizes[0], columns = output.sizes[1];
    // The tensor exists, so its size does not overflow.
    const size_t bytes = static_cast<size_t>(rows * columns) * sizeof(float);
    float *copy = static_cast<float *>(std::malloc(std::max<size_t>(bytes, 1)));
    if (!copy)
      return "expects memory for an output, but got none for " +
             std::to_string(bytes) + " bytes";
    copyRows(output, 0, rows, copy);
    output = {copy, copy, 0, {rows, columns}, {columns, 1}};
    allocations.insert(copy);
  }
  return {};
}

} // namespace

bool aimc::runtime::isPlugin(const std::string &device) {
  const size_t end = device.size();
  return device.find('/') != std::string::npos ||
         (end > 3 && device.compare(end - 3, 3, ".so") == 0);
}

std::unique_ptr<Context> Context::create(const aimc_model &model,
                                         const ContextOptions &options,
                                         std::string &error) {
  const DefaultFloatingPoint floatingPoint;
  try {
    if (error = verifyOptions(options); !error.empty())
      return nullptr;
    const Engine *engine = findEngine(options.engine, error);
    if (!engine)
      return nullptr;
    // Nothing else of the model may be read before its version is known.
    if (error = verifyVersion(model); !error.empty())
      return nullptr;
    std::optional<TargetDescription> target;
    if (model.target) {
      target = TargetDescription::parse(model.target, error);
      if (target && !options.mode.empty() &&
          !(error = target->selectMode(options.mode)).empty()) {
        error = "target '" + target->name + "' " + error;
        return nullptr;
      }
      if (target)
        target = withoutEffects(std::move(*target), options.without, error);
      if (!target)
        return nullptr;
    }
    if (error = verifyModel(model, target ? &*target : nullptr); !error.empty())
      return nullptr;
    auto context = std::make_unique<aimc_context>(model, options,
                                                  std::move(target), *engine);
    if (error = context->program(); !error.empty())
      return nullptr;
    return context;
  } catch (const std::exception &exception) {
    error = std::string("expects to program the model, but got '") +
            exception.what() + "'";
    return nullptr;
  }
}

aimc_context::aimc_context(const aimc_model &model,
                           const ContextOptions &options,
                           std::optional<TargetDescription> target,
                           const Engine &engine)
    : model(model), options(options), target(std::move(target)), engine(engine),
      workers(options.threads) {
  counts.engine = engine.name;
}

/// The format that the runtime computes `program` in: on the simulator that of
/// the unit, else FP32. One sentence on an error, or nothing.
std::string aimc_context::findFormat(const aimc_program &program,
                                     NumberFormat &format) const {
  if (!target || options.device != "simulator" || !program.unit)
    return {};
  for (const DigitalUnit &unit : target->units)
    if (unit.name == program.unit)
      format = unit.format;
  if (format.kind != NumberFormat::Kind::FixedPoint)
    return {};
  for (int32_t i = 0; i < program.instruction_count; ++i)
    if (program.instructions[i].opcode == AIMC_FIXED_POINT)
      return {};
  return std::string("program '") + program.name + "' of fixed-point unit '" +
         program.unit +
         "' expects to be folded (aimc-fold-nmpu), but has no 'fixed_point'";
}

std::string aimc_context::program() {
  const Timer timer(counts.programSeconds);
  for (int64_t i = 0; i < model.output_count; ++i)
    sizesOfOutputs.push_back(sizesOf(model.outputs[i]));
  digitalMatrices.resize(model.matrix_count);
  for (int64_t i = 0; i < model.matrix_count; ++i) {
    const aimc_matrix &matrix = model.matrices[i];
    if (!matrix.tile_count)
      digitalMatrices[i] = PackedMatrix(engine, matrix.weights, matrix.columns,
                                        matrix.rows, matrix.columns);
  }
  programs.reserve(model.program_count);
  for (int64_t i = 0; i < model.program_count; ++i) {
    NumberFormat format;
    if (std::string text = findFormat(model.programs[i], format); !text.empty())
      return text;
    programs.emplace_back(model.programs[i], engine, digitalMatrices, format);
    if (format.kind == NumberFormat::Kind::FP16) {
      overflowPlaces[i] = counts.overflows.size();
      counts.overflows.push_back(
          {model.programs[i].name, model.programs[i].unit});
    }
  }
  const DeviceSetup setup = {
      model, target ? &*target : nullptr, options, engine, workers, &counts};
  std::string deviceError;
  if (options.device == "exact")
    device = createExactDevice(setup);
  else if (options.device == "simulator")
    device = createSimulator(setup, deviceError);
  else
    device = createPluginDevice(setup, deviceError);
  return deviceError;
}

bool aimc_context::run(const std::vector<aimc_tensor> &inputs,
                       uint64_t firstVectorOfRun,
                       std::vector<aimc_tensor> &outputs,
                       std::string &errorOfRun) {
  matrixSizes.resize(inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i)
    matrixSizes[i].assign(inputs[i].sizes, inputs[i].sizes + 2);
  return run(inputs, matrixSizes, firstVectorOfRun, outputs, resultSizes,
             errorOfRun);
}

/// One sentence on what is wrong with `tensor`, the matrix of an array of
/// `sizes`, or nothing.
static std::string checkArray(const aimc_tensor &tensor, const Sizes &sizes,
                              const aimc_parameter &parameter,
                              const char *kind) {
  const TensorName name = {kind, parameter.name, nullptr};
  int64_t rows = parameter.rows;
  if (parameter.sizes)
    if (std::string error = checkSizes(parameter, name.text(), sizes, rows);
        !error.empty())
      return error;
  return checkTensor(&tensor, name, rows, parameter.width);
}

bool aimc_context::run(const std::vector<aimc_tensor> &inputs,
                       const std::vector<Sizes> &inputSizesOfRun,
                       uint64_t firstVectorOfRun,
                       std::vector<aimc_tensor> &outputs,
                       std::vector<Sizes> &outputSizesOfRun,
                       std::string &errorOfRun) {
  // Vectors keep their memory from run to run: a model may take a microsecond.
  outputs.clear();
  errorOfRun.clear();
  const auto fail = [&](const std::string &text) {
    outputSizesOfRun.clear();
    errorOfRun = text;
    return false;
  };
  if (inputs.size() != static_cast<size_t>(model.input_count) ||
      inputSizesOfRun.size() != inputs.size())
    return fail("expects " + std::to_string(model.input_count) +
                " inputs, but got " + std::to_string(inputs.size()));
  for (size_t i = 0; i < inputs.size(); ++i)
    if (std::string text =
            checkArray(inputs[i], inputSizesOfRun[i], model.inputs[i], "input");
        !text.empty())
      return fail(text);
  firstVector = firstVectorOfRun;
  inputSizes = inputSizesOfRun;
  outputSizes = sizesOfOutputs;
  error.clear();
  outputs.assign(model.output_count, aimc_tensor{});
  buffers.beginRun();
  deferredCalls.clear();
  model.run(model.user, this, inputs.data(), outputs.data());
  for (size_t i = 0; error.empty() && i < outputs.size(); ++i) {
    error = checkArray(outputs[i], outputSizes[i], model.outputs[i], "output");
    if (error.empty() && !model.outputs[i].sizes)
      outputSizes[i][0] = outputs[i].sizes[0];
  }
  if (error.empty())
    error = separateOutputs(outputs);
  if (error.empty()) {
    outputSizesOfRun = outputSizes;
    return true;
  }
  release(outputs);
  return fail(error);
}

void aimc_context::release(std::vector<aimc_tensor> &outputs) noexcept {
  for (auto output = outputs.begin(); output != outputs.end(); ++output)
    if (std::none_of(outputs.begin(), output, [&](const aimc_tensor &before) {
          return before.allocated == output->allocated;
        }))
      buffers.release(output->allocated);
  outputs.clear();
}

std::string aimc_context::setOutputSize(int64_t output, int64_t dimension,
                                        int64_t size) {
  if (output < 0 || output >= model.output_count)
    return "set_output_size expects an output from 0 to " +
           std::to_string(model.output_count - 1) + ", but got " +
           std::to_string(output);
  const aimc_parameter &parameter = model.outputs[output];
  const auto name = [&] {
    return std::string("set_output_size of '") + parameter.name + "'";
  };
  const int64_t rank = parameter.sizes ? parameter.rank : 0;
  if (dimension < 0 || dimension >= rank)
    return name() + " expects one of " + std::to_string(rank) +
           " sizes of an array, but got " + std::to_string(dimension);
  if (size < 0)
    return name() + " expects a size of 0 or more, but got " +
           std::to_string(size);
  outputSizes[output][dimension] = size;
  return {};
}

/// One sentence on a use of a matrix that the model does not have, or nothing.
std::string aimc_context::verifyMvm(const MvmRequest &request) const {
  if (request.matrix < 0 || request.matrix >= model.matrix_count)
    return "mvm expects a matrix from 0 to " +
           std::to_string(model.matrix_count - 1) + ", but got " +
           std::to_string(request.matrix);
  const aimc_matrix &matrix = model.matrices[request.matrix];
  const auto name = [&] { return std::string("mvm of '") + matrix.name + "'"; };
  if (!matrix.tile_count)
    return name() +
           " expects a matrix with tiles, but got one in digital memory";
  if (request.site < 0)
    return name() + " expects a site of 0 or more, but got " +
           std::to_string(request.site);
  if (!(request.inputRange > 0) || !(request.outputRange > 0))
    return name() + " expects ranges above 0, but got " +
           std::to_string(request.inputRange) + " and " +
           std::to_string(request.outputRange);
  return {};
}

std::string aimc_context::mvm(const MvmRequest &request) {
  if (std::string text = verifyMvm(request); !text.empty())
    return text;
  const aimc_matrix &matrix = model.matrices[request.matrix];
  if (std::string text = checkTensor(
          &request.input, {"mvm of", matrix.name, "input"}, -1, matrix.rows);
      !text.empty())
    return text;
  if (std::string text =
          checkTensor(&request.output, {"mvm of", matrix.name, "output"},
                      request.input.sizes[0], matrix.columns);
      !text.empty())
    return text;
  if (overlaps(request.input, request.output))
    return std::string("mvm of '") + matrix.name +
           "' expects an output apart from its input, but got one that "
           "overlaps it";
  const Timer timer(counts.mvmSeconds);
  counts.mvms += static_cast<uint64_t>(request.input.sizes[0]) *
                 static_cast<uint64_t>(tilesOfVector(matrix));
  return device->mvm(request);
}

std::string aimc_context::digital(int64_t index, uint64_t firstVectorOfCall,
                                  int64_t inputCount, const aimc_tensor *inputs,
                                  int64_t outputCount,
                                  const aimc_tensor *outputs) {
  if (index < 0 || index >= model.program_count)
    return "digital expects a program from 0 to " +
           std::to_string(model.program_count - 1) + ", but got " +
           std::to_string(index);
  const aimc_program &program = model.programs[index];
  const auto name = [&] {
    return std::string("program '") + program.name + "'";
  };
  if (inputCount != program.input_count || outputCount != program.output_count)
    return name() + " expects " + std::to_string(program.input_count) +
           " inputs and " + std::to_string(program.output_count) +
           " outputs, but got " + std::to_string(inputCount) + " and " +
           std::to_string(outputCount);
  int64_t rows = -1;
  const auto check = [&](const char *kind, const aimc_tensor *tensors,
                         int64_t i, int64_t width) {
    std::string text =
        checkTensor(tensors ? &tensors[i] : nullptr,
                    {"program", program.name, kind, i}, rows, width);
    if (text.empty())
      rows = tensors[i].sizes[0];
    return text;
  };
  for (int64_t i = 0; i < inputCount; ++i)
    if (std::string text = check("input", inputs, i, program.widths[i]);
        !text.empty())
      return text;
  for (int64_t i = 0; i < outputCount; ++i)
    if (std::string text =
            check("output", outputs, i, program.widths[program.outputs[i]]);
        !text.empty())
      return text;
  for (int64_t i = 0; i < outputCount; ++i) {
    for (int64_t j = 0; j < inputCount; ++j)
      if (overlaps(outputs[i], inputs[j]) &&
          !overlapsByRows(outputs[i], inputs[j]))
        return name() +
               " expects outputs apart from its inputs or in their "
               "rows, but got output " +
               std::to_string(i) + " across rows of input " + std::to_string(j);
    for (int64_t j = 0; j < i; ++j)
      if (overlaps(outputs[i], outputs[j]))
        return name() + " expects outputs apart from each other, but got " +
               std::to_string(j) + " and " + std::to_string(i) +
               " that overlap";
  }
  const Timer timer(counts.digitalSeconds);
  return runProgram({index, firstVectorOfCall, inputs, outputs});
}

std::string aimc_context::runProgram(const DigitalRequest &request) {
  if (device->runs(request.program))
    return device->digital(request);
  const RoundedValues rounded =
      programs[request.program].run(workers, request.inputs, request.outputs);
  if (const auto place = overflowPlaces.find(request.program);
      place != overflowPlaces.end()) {
    counts.overflows[place->second].values += rounded.values;
    counts.overflows[place->second].overflowed += rounded.overflowed;
  }
  return {};
}
