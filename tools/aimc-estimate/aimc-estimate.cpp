//===- aimc-estimate.cpp - What a module costs on its target --------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Places a module of any stage and prints its time, energy and use of the chip;
// or schedules the layer table of a network.
//
//===----------------------------------------------------------------------===//

#include "Layers.h"

#include "Driver/Driver.h"
#include "Driver/Output.h"
#include "Driver/Version.h"
#include "Estimate/ModuleEstimate.h"
#include "Pipelines/Pipelines.h"

#include "aimc/Runtime/Files.h"

#include "mlir/Pass/PassManager.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

using namespace mlir;
using namespace aimc;

int main(int argc, char **argv) {
  Driver driver("aimc-estimate");
  CLI::App app("Estimates time, energy and use of the chip of a module of any "
               "stage, which is placed first if it is not, or of the layer "
               "table of a network.",
               "aimc-estimate");
  std::string model, output = "-", targetName, mode, objective = "area";
  SplitOptions split;
  int64_t vectors = 1;
  CopyOptions copies;
  std::vector<std::string> baselines;
  LayerOptions layers;
  bool json = false;
  app.add_option("MODEL", model,
                 "Module, text or bytecode; - is standard input");
  app.add_option("--target", targetName,
                 "Built-in target or JSON file; without one, the module's");
  app.add_option("--mode", mode,
                 "Operating mode of the target, say 4-phase; without one, its "
                 "own")
      ->type_name("NAME");
  addChoice(app, "--objective", objective, {"area", "latency", "noise"},
            "How tiles are placed that have no place (area)");
  addSplitOptions(app, split);
  addCopies(app, copies);
  app.add_option_function<std::string>(
         "--batch",
         [&](const std::string &text) {
           if (llvm::StringRef(text).getAsInteger(10, vectors) || vectors < 1)
             throw CLI::ValidationError("--batch expects a number of vectors "
                                        "of at least 1, but got '" +
                                        text + "'");
         },
         "Number of vectors, one after another (1)")
      ->type_name("N");
  app.add_option("--baseline", baselines,
                 "Digital machine to compare with, built-in or JSON file; "
                 "may be repeated (all built-in ones), none for no comparison")
      ->type_name("NAME|FILE");
  addLayerOptions(app, layers);
  app.add_flag("--json", json, "Print one JSON object instead of a table");
  app.add_option("-o,--output", output,
                 "File of the result; - is standard output");
  app.set_version_flag("--version", getVersionText("aimc-estimate"));
  Driver::addCompilerOptions(app);
  if (std::optional<int> code = driver.parseCommandLine(app, argc, argv))
    return *code;
  if (std::string error = checkLayerOptions(app, layers); !error.empty())
    return driver.fail(error);
  if (app.count("--layers"))
    return runLayers(driver, layers, targetName, mode, output, json);
  if (model.empty())
    return driver.fail("expects a module to estimate, but got none");
  if (std::string error = checkCopies(app, copies); !error.empty())
    return driver.fail(error);

  OwningOpRef<ModuleOp> module = driver.load(model);
  if (!module)
    return 1;
  if (std::string text = checkTarget(*module, targetName); !text.empty())
    return driver.fail(text);
  CompileOptions compile;
  compile.target = targetName;
  compile.mode = mode;
  compile.objective = objective;
  compile.readout = split.readout;
  compile.projection = split.projection;
  copies.apply(compile);
  compile.schedule = layers.schedule;
  if (failed(driver.run(*module, [&](OpPassManager &manager) {
        buildStages(manager, Stage::Scheduled, compile);
      })))
    return 1;
  FailureOr<ModuleEstimate> estimate = estimateModule(*module);
  if (failed(estimate))
    return 1;
  if (std::string error = addBaselines(baselines, *estimate); !error.empty())
    return driver.fail(error);

  std::string error;
  if (!layers.trace.empty() && runtime::isSameFile(layers.trace, output))
    return driver.fail("expects a file for --trace and another for the "
                       "result, but got '" +
                       layers.trace + "' for both");
  std::unique_ptr<Output> file = Output::create(output, error);
  if (!file)
    return driver.fail(error);
  std::string text;
  llvm::raw_string_ostream os(text);
  if (!layers.trace.empty()) {
    std::unique_ptr<Output> trace = Output::create(layers.trace, error);
    if (!trace)
      return driver.fail(error);
    if (failed(printTrace(*module, os)))
      return 1;
    if (!trace->commit(text, error))
      return driver.fail(error);
    text.clear();
  }
  if (json)
    printJson(*estimate, vectors, os);
  else
    printTable(*estimate, vectors, os);
  if (!file->commit(text, error))
    return driver.fail(error);
  return 0;
}
