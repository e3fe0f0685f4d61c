//===- Layers.cpp - Estimate of a layer table -----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From the table of a network to its schedule.
//
//===----------------------------------------------------------------------===//

#include "Layers.h"

#include "Driver/Output.h"
#include "Estimate/LayerTableReader.h"
#include "aimc/Runtime/TargetFile.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

using namespace aimc;

/// Of an array; those of a target have the same bound.
static constexpr int64_t maximumArraySize = 16384;

static bool readSize(llvm::StringRef text, int64_t least, int64_t most,
                     int64_t &value) {
  return !text.getAsInteger(10, value) && value >= least && value <= most;
}

void aimc::addLayerOptions(CLI::App &app, LayerOptions &options) {
  app.add_option("--layers", options.file,
                 "Layer table of a network, JSON, in place of a module")
      ->type_name("FILE");
  app.add_option_function<std::string>(
         "--array",
         [&](const std::string &text) {
           const auto [rows, columns] = llvm::StringRef(text).split('x');
           if (!readSize(rows, 1, maximumArraySize,
                         options.request.arrayRows) ||
               !readSize(columns, 1, maximumArraySize,
                         options.request.arrayColumns))
             throw CLI::ValidationError(
                 "--array expects ROWSxCOLUMNS, each from 1 to " +
                 std::to_string(maximumArraySize) + ", but got '" + text + "'");
           options.hasArray = true;
         },
         "Size of the crossbars for --layers; without it, the target's usable "
         "one")
      ->type_name("RxC");
  app.add_option_function<std::string>(
         "--spare",
         [&](const std::string &text) {
           if (!readSize(text, 0, maximumCrossbars, options.request.spare))
             throw CLI::ValidationError(
                 "--spare expects a number of crossbars from 0 to " +
                 std::to_string(maximumCrossbars) + ", but got '" + text + "'");
         },
         "Crossbars for further copies of slow layers of --layers (0)")
      ->type_name("N");
  addChoice(app, "--schedule", options.schedule,
            {"layer-by-layer", "cross-layer"},
            "When operations, or the layers of --layers, run (that of the "
            "module, else cross-layer)");
  app.add_option("--trace", options.trace,
                 "File for the schedule as trace events")
      ->type_name("FILE");
}

std::string aimc::checkLayerOptions(const CLI::App &app,
                                    const LayerOptions &options) {
  const bool layers = app.count("--layers") > 0;
  auto given = [&](std::initializer_list<const char *> names) {
    for (const char *name : names)
      if (app.count(name))
        return name;
    return static_cast<const char *>(nullptr);
  };
  if (!layers) {
    const char *name = given({"--array", "--spare"});
    return name ? std::string(name) + " expects --layers" : std::string();
  }
  if (const char *name =
          given({"MODEL", "--objective", "--readout", "--projection",
                 "--copies", "--copy-mode", "--spare-cores",
                 "--copied-matrices", "--batch", "--baseline"}))
    return std::string("--layers expects no ") + name + " beside it";
  if (!options.hasArray && !app.count("--target"))
    return "--layers expects --array or --target";
  if (app.count("--mode") && !app.count("--target"))
    return "--mode expects --target with --layers";
  return {};
}

int aimc::runLayers(Driver &driver, const LayerOptions &options,
                    const std::string &targetName, const std::string &mode,
                    const std::string &output, bool json) {
  std::string error;
  runtime::TextPlace place;
  std::optional<runtime::TargetDescription> target;
  if (!targetName.empty()) {
    target = runtime::loadTarget(targetName, error, place);
    if (!target)
      return driver.failAt(targetName, place, error);
    if (!mode.empty())
      error = target->selectMode(mode);
    if (!error.empty())
      return driver.fail("target '" + target->name + "' " + error);
  }
  LayerRequest request = options.request;
  request.acrossLayers = options.schedule != "layer-by-layer";
  if (!options.hasArray) {
    request.arrayRows = target->array.usableRows;
    request.arrayColumns = target->array.usableColumns;
  }
  std::optional<LayerTable> table = loadLayerTable(options.file, error, place);
  if (!table)
    return driver.failAt(options.file, place, error);
  std::optional<LayerEstimate> estimate =
      estimateLayers(std::move(*table), request, std::move(target), error);
  if (!estimate)
    return driver.fail(options.file + ": " + error);

  if (!options.trace.empty() && runtime::isSameFile(options.trace, output))
    return driver.fail("expects a file for --trace and another for the "
                       "result, but got '" +
                       options.trace + "' for both");
  std::unique_ptr<Output> trace;
  if (!options.trace.empty() && !(trace = Output::create(options.trace, error)))
    return driver.fail(error);
  std::unique_ptr<Output> file = Output::create(output, error);
  if (!file)
    return driver.fail(error);
  std::string text;
  llvm::raw_string_ostream os(text);
  if (trace) {
    printTrace(*estimate, os);
    if (!trace->commit(text, error))
      return driver.fail(error);
    text.clear();
  }
  if (json)
    printJson(*estimate, os);
  else
    printTable(*estimate, os);
  if (!file->commit(text, error))
    return driver.fail(error);
  return 0;
}
