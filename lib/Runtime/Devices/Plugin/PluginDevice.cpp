//===- PluginDevice.cpp - A device behind a plug-in -----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Calls of a plug-in in the order and with the promises of DevicePlugin.h.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Device.h"

#include "Runtime/Devices/Plugin/PluginLibrary.h"
#include "Runtime/Devices/Plugin/PluginModel.h"
#include "Runtime/Devices/Plugin/PluginText.h"
#include "Runtime/Kernels/FloatingPoint.h"
#include "Runtime/Kernels/Tensor.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <exception>
#include <limits>
#include <optional>
#include <vector>

namespace aimc::runtime {

namespace {

/// Whether rows can be handed out as they are: neighbouring columns, and rows
/// that do not share elements.
bool isPlainRows(const aimc_tensor &tensor) {
  return hasContiguousRows(tensor) &&
         (tensor.sizes[0] == 1 || tensor.strides[0] >= tensor.sizes[1]);
}

/// Fills rows with NaN, so that what a device does not write is seen.
void fillWithNaN(const Rows &rows, int64_t count, int64_t width) {
  for (int64_t n = 0; n < count; ++n)
    std::fill_n(rows.data + n * rows.stride, width,
                std::numeric_limits<float>::quiet_NaN());
}

/// All rows of a tensor for a plug-in: in place, or in `scratch`.
Rows plainRows(const aimc_tensor &tensor, bool inPlace, Buffer &scratch) {
  const int64_t rows = tensor.sizes[0], width = tensor.sizes[1];
  if (inPlace)
    return {rowOf(tensor, 0), rows == 1 ? width : tensor.strides[0]};
  scratch.resize(std::max<size_t>(scratch.size(), rows * width));
  return {scratch.data(), width};
}

class PluginDevice : public Device {
public:
  PluginDevice(const DeviceSetup &setup, const aimc_plugin &plugin)
      : plugin(plugin), model(setup.model) {}
  ~PluginDevice() override {
    if (!device)
      return;
    const DefaultFloatingPoint floatingPoint;
    try {
      plugin.close(device);
    } catch (...) {
      // It is gone whatever it throws.
    }
  }

  /// Opens it and programs the model; one sentence on an error, or nothing.
  std::string start(const DeviceSetup &setup);

  std::string mvm(const MvmRequest &request) override;
  bool runs(int64_t program) const override {
    return tables->indexOf(program) >= 0;
  }
  std::string digital(const DigitalRequest &request) override;
  bool takesWholeBatches() const override { return true; }
  bool hasFailed() const override { return !failure.empty(); }

private:
  std::string open(const DeviceSetup &setup);
  std::string findNaN(const MvmRequest &request, const Rows &x,
                      const Rows &y) const;

  /// One sentence about the device, which may have texts of its own in it.
  std::string about(const std::string &text) const {
    return std::string("device '") + plugin.name + "' " +
           lineOf(text.c_str(), text.size());
  }

  /// Keeps an error: nothing is called after it.
  std::string fail(const std::string &text) {
    failure = std::string("device '") + plugin.name + "': " + text;
    return failure;
  }

  /// Calls one of its functions; one sentence on an error, or nothing.
  template <typename Function, typename... Arguments>
  std::string call(const char *name, Function function,
                   Arguments... arguments) {
    if (!failure.empty())
      return failure;
    aimc_plugin_error error = {};
    int code = 0;
    try {
      const DefaultFloatingPoint floatingPoint;
      code = function(arguments..., &error);
    } catch (const std::exception &exception) {
      return fail(std::string("'") + name + "' throws '" +
                  lineOf(exception.what(), sizeof error.text) + "'");
    } catch (...) {
      return fail(std::string("'") + name + "' throws an exception");
    }
    if (code == 0)
      return {};
    const std::string text = lineOf(error.text, sizeof error.text);
    return fail(text.empty() ? std::string("'") + name +
                                   "' fails without a message, with code " +
                                   std::to_string(code)
                             : text);
  }

  /// Such a call and what it began.
  template <typename Function, typename... Arguments>
  std::string finish(const char *name, Function function,
                     Arguments... arguments) {
    std::string error = call(name, function, arguments...);
    if (error.empty() && plugin.synchronise)
      error = call("synchronise", plugin.synchronise, device);
    return error;
  }

  const aimc_plugin &plugin;
  const aimc_model &model;
  aimc_plugin_device *device = nullptr;
  std::optional<PluginModel> tables;
  std::string failure; ///< the first
  // Kept from call to call, so that calls of one shape allocate nothing.
  Buffer input, output;
  std::vector<Buffer> buffers;
  std::vector<aimc_plugin_rows> rows;
};

std::string PluginDevice::open(const DeviceSetup &setup) {
  std::vector<aimc_plugin_option> entries;
  for (const auto &[key, value] : setup.options.deviceOptions)
    entries.push_back({key.c_str(), value.c_str()});
  const aimc_plugin_options options = {
      sizeof options,
      static_cast<uint32_t>(setup.options.threads),
      setup.options.programSeed,
      setup.options.readSeed,
      setup.options.time,
      model.target,
      setup.target->mode.c_str(),
      entries.size(),
      entries.data()};
  std::string error = call("open", plugin.open, &options, &device);
  // A device that could not be opened is none to close.
  if (!error.empty())
    device = nullptr;
  else if (!device)
    error = about("expects 'open' to give a device, but got a null pointer");
  return error;
}

std::string PluginDevice::start(const DeviceSetup &setup) {
  if (std::string error = open(setup); !error.empty())
    return error;
  aimc_plugin_description description = {};
  description.size = sizeof description;
  if (std::string error =
          call("describe", plugin.describe, device, &description);
      !error.empty())
    return error;
  if (std::string error = verifyDescription(description, plugin.digital);
      !error.empty())
    return about(error);
  if (std::string error = verifyFit(model, description); !error.empty())
    return about(error);
  tables.emplace(model, description);
  const aimc_plugin_model &table = tables->table();
  if (plugin.verify)
    if (std::string error = call("verify", plugin.verify, device, &table);
        !error.empty())
      return error;
  for (size_t i = 0; i < table.matrix_count; ++i)
    if (table.matrices[i].tile_count)
      if (std::string error =
              finish("program", plugin.program, device, i, &table.matrices[i]);
          !error.empty())
        return error;
  for (size_t i = 0; i < table.program_count; ++i)
    if (std::string error = finish("load_program", plugin.load_program, device,
                                   i, &table.programs[i]);
        !error.empty())
      return error;
  return {};
}

std::string PluginDevice::mvm(const MvmRequest &request) {
  const int64_t vectors = request.input.sizes[0];
  if (!vectors)
    return {};
  const bool readsInPlace = isPlainRows(request.input);
  const bool writesInPlace = isPlainRows(request.output);
  const Rows x = plainRows(request.input, readsInPlace, input);
  if (!readsInPlace)
    copyRows(request.input, 0, vectors, x.data);
  const Rows y = plainRows(request.output, writesInPlace, output);
  fillWithNaN(y, vectors, request.output.sizes[1]);
  const aimc_plugin_mvm arguments = {sizeof arguments,
                                     static_cast<size_t>(request.matrix),
                                     request.site,
                                     request.inputRange,
                                     request.outputRange,
                                     request.firstVector,
                                     static_cast<size_t>(vectors),
                                     x.data,
                                     static_cast<size_t>(x.stride),
                                     y.data,
                                     static_cast<size_t>(y.stride)};
  if (std::string error = finish("mvm", plugin.mvm, device, &arguments);
      !error.empty())
    return error;
  if (std::string text = findNaN(request, x, y); !text.empty())
    return fail(text);
  if (!writesInPlace)
    writeRows(request.output, 0, vectors, y.data, y.stride);
  return {};
}

/// A NaN that no input explains, as a sentence, or nothing.
std::string PluginDevice::findNaN(const MvmRequest &request, const Rows &x,
                                  const Rows &y) const {
  const int64_t rows = request.input.sizes[1],
                columns = request.output.sizes[1];
  for (int64_t n = 0; n < request.input.sizes[0]; ++n) {
    const float *inputs = x.data + n * x.stride,
                *outputs = y.data + n * y.stride;
    const float *found =
        std::find_if(outputs, outputs + columns,
                     [](float value) { return std::isnan(value); });
    if (found != outputs + columns &&
        std::all_of(inputs, inputs + rows,
                    [](float value) { return std::isfinite(value); }))
      return std::string("gives NaN for finite inputs, in column ") +
             std::to_string(found - outputs) + " of matrix '" +
             model.matrices[request.matrix].name + "' for vector " +
             std::to_string(request.firstVector + static_cast<uint64_t>(n));
  }
  return {};
}

std::string PluginDevice::digital(const DigitalRequest &request) {
  const aimc_program &program = model.programs[request.program];
  const int32_t inputCount = program.input_count;
  const int32_t count = inputCount + program.output_count;
  const auto tensorOf = [&](int32_t i) -> const aimc_tensor & {
    return i < inputCount ? request.inputs[i] : request.outputs[i - inputCount];
  };
  const int64_t vectors = count ? tensorOf(0).sizes[0] : 0;
  if (!vectors)
    return {};
  buffers.resize(std::max<size_t>(buffers.size(), count));
  rows.clear();
  for (int32_t i = 0; i < count; ++i) {
    const aimc_tensor &tensor = tensorOf(i);
    bool inPlace = isPlainRows(tensor);
    // A plug-in may write an output before it has read all of an input.
    for (int32_t j = 0; i >= inputCount && j < inputCount; ++j)
      inPlace = inPlace && !overlaps(tensor, tensorOf(j));
    const Rows own = plainRows(tensor, inPlace, buffers[i]);
    if (i >= inputCount)
      fillWithNaN(own, vectors, tensor.sizes[1]);
    else if (!inPlace)
      copyRows(tensor, 0, vectors, own.data);
    rows.push_back({own.data, static_cast<size_t>(own.stride)});
  }
  const aimc_plugin_digital arguments = {
      sizeof arguments,
      static_cast<size_t>(tables->indexOf(request.program)),
      request.firstVector,
      static_cast<size_t>(vectors),
      rows.data(),
      rows.data() + inputCount};
  if (std::string error = finish("digital", plugin.digital, device, &arguments);
      !error.empty())
    return error;
  for (int32_t i = inputCount; i < count; ++i)
    if (rows[i].data == buffers[i].data())
      writeRows(tensorOf(i), 0, vectors, rows[i].data,
                static_cast<int64_t>(rows[i].stride));
  return {};
}

} // namespace

std::unique_ptr<Device> createPluginDevice(const DeviceSetup &setup,
                                           std::string &error) {
  // The loader runs constructors of the library, which may change how numbers
  // are rounded.
  const DefaultFloatingPoint floatingPoint;
  if (!setup.target) {
    error = "device '" + setup.options.device +
            "' expects a model with a target, but got none";
    return nullptr;
  }
  const aimc_plugin *plugin = loadPlugin(setup.options.device, error);
  if (!plugin)
    return nullptr;
  auto device = std::make_unique<PluginDevice>(setup, *plugin);
  if (error = device->start(setup); !error.empty())
    return nullptr;
  if (setup.statistics)
    setup.statistics->plugin = {plugin->name, plugin->vendor,
                                plugin->device_version};
  return device;
}

} // namespace aimc::runtime
