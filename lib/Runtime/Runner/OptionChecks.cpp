//===- OptionChecks.cpp - Options that fit a model --------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One sentence on the first thing that is wrong.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Runner/OptionChecks.h"

#include "Runtime/Devices/Sizes.h"
#include "aimc/Runtime/Context.h"
#include "aimc/Runtime/Files.h"

#include <filesystem>

using namespace aimc::runtime;

/// Whether no file is written that is also read, or written twice.
static bool checkFiles(const RunOptions &options, std::string &error) {
  std::vector<std::string> written = options.outputs, read = options.inputs;
  if (!options.collectRanges.empty())
    written.push_back(options.collectRanges);
  read.insert(read.end(), options.compare.begin(), options.compare.end());
  if (!options.labels.empty())
    read.push_back(options.labels);
  for (size_t i = 0; i < written.size(); ++i) {
    const std::string option =
        i < options.outputs.size() ? "--output" : "--collect-ranges";
    for (const std::string &name : read)
      if (isSameFile(written[i], name)) {
        error = option +
                " expects another file than those that are read, but "
                "got '" +
                written[i] + "'";
        return false;
      }
    for (size_t j = 0; j < i; ++j) {
      auto a = splitArchiveName(written[i]), b = splitArchiveName(written[j]);
      bool areMembers = a && b && a->second != b->second;
      if (!areMembers && isSameFile(written[i], written[j])) {
        error = option +
                " expects another file than those of other results, "
                "but got '" +
                written[i] + "'";
        return false;
      }
    }
  }
  return true;
}

bool aimc::runtime::checkOptions(const aimc_model &model,
                                 const RunOptions &options,
                                 std::string &error) {
  bool simulator = options.device == "simulator";
  bool plugin = isPlugin(options.device);
  bool exact = !simulator && !plugin;
  // What a device is to those who expect another.
  auto got = [&](const char *whyNotExact, const char *whyNotPlugin) {
    return ", but got '" + options.device + "', " +
           (plugin ? whyNotPlugin : whyNotExact);
  };
  auto tooMany = [&](const char *option, size_t count) {
    if (int64_t(count) <= model.output_count)
      return false;
    error = "'" + std::string(model.name) + "' expects at most " +
            std::to_string(model.output_count) + " of " + option +
            ", one for each result, but got " + std::to_string(count);
    return true;
  };
  if (exact && options.device != "exact")
    error = "--device expects exact, simulator or a plug-in PATH.so, but got "
            "'" +
            options.device + "'";
  else if (!exact && !model.target)
    error = "device '" + options.device +
            "' expects a model with a target, but this one has none; compile "
            "it with a target such as hermes";
  else if (!plugin && !options.deviceOptions.empty())
    error = "--device-option expects a plug-in, but got device '" +
            options.device + "'";
  else if (!options.entry.empty() && options.entry != model.name)
    error = "--entry expects '" + std::string(model.name) + "', but got '" +
            options.entry + "'";
  else if (options.chips > 1 && !simulator)
    error = "--chips expects device simulator" +
            got("on which all chips are the same", "which is one device");
  else if (!simulator && (!options.without.empty() || options.errorBudget))
    error =
        std::string(options.errorBudget ? "--error-budget" : "--without") +
        " expects device simulator" +
        got("which has no effects to leave out", "whose effects are its own");
  else if (options.chips > 1 && !options.outputs.empty())
    error = "--output expects one chip, but got --chips " +
            std::to_string(options.chips);
  else if (!options.collectRanges.empty() && !exact)
    error = "--collect-ranges expects device exact, but got '" +
            options.device + "'";
  else if (!options.labels.empty() && model.output_count == 0)
    error = "--labels expects a model with a result, but this one has none";
  else if (!options.labels.empty() && model.outputs[0].sizes)
    error = "--labels expects a result of n x classes, but got one of " +
            shownSizes(model.outputs[0]);
  else if (options.kernelError && !options.labels.empty())
    error = "--kernel-error expects a model that gives features, but got "
            "--labels, which are of one that gives scores";
  else if (options.kernelError &&
           (model.input_count != 1 || model.output_count != 1))
    error = "--kernel-error expects a model with one argument and one result, "
            "but got " +
            std::to_string(model.input_count) + " and " +
            std::to_string(model.output_count);
  else if (options.kernelError &&
           (model.inputs[0].sizes || model.outputs[0].sizes))
    error = "--kernel-error expects an argument and a result with a row for "
            "each point, but got " +
            shownSizes(model.inputs[0]) + " and " +
            shownSizes(model.outputs[0]);
  else if (!tooMany("--output", options.outputs.size()))
    tooMany("--compare", options.compare.size());
  for (const std::string &name : options.outputs) {
    const auto member = splitArchiveName(name);
    if (error.empty() &&
        (member ? member->second.empty()
                : std::filesystem::path(name).extension() != ".npy"))
      error =
          "--output expects a file y.npy or y.npz:name, but got '" + name + "'";
  }
  return error.empty() && checkFiles(options, error);
}
