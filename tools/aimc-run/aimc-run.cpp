//===- aimc-run.cpp - Run a module ----------------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Executes a module of any stage: lowers what is left, compiles it in memory
// and runs it on a device, with the options of every compiled program.
//
//===----------------------------------------------------------------------===//

#include "Driver/Driver.h"
#include "Driver/Version.h"
#include "Execution/Jit.h"
#include "Pipelines/Pipelines.h"

#include "AIMC/IR/AIMC.h"

#include "aimc/Runtime/Files.h"
#include "aimc/Runtime/Runner.h"

#include "mlir/Pass/PassManager.h"

#include <CLI/CLI.hpp>
#include <iostream>

using namespace mlir;
using namespace aimc;

/// Adds what is left to do for a run on `device`. On `exact` tiles and places
/// change no more than the order of additions, so that each stage can be
/// checked against the others; only recorded ranges are those of tiles.
static void buildPasses(OpPassManager &manager, const CompileOptions &compile,
                        const runtime::RunOptions &run, bool hasTarget) {
  bool simulated = run.device != "exact";
  bool tiled = simulated || (hasTarget && !run.collectRanges.empty());
  for (Stage stage : {Stage::Kernel, Stage::AIMC, Stage::Split})
    buildStage(manager, stage, compile);
  if (tiled)
    buildStage(manager, Stage::Tiled, compile);
  if (simulated)
    for (Stage stage : {Stage::Calibrated, Stage::Placed, Stage::Scheduled})
      buildStage(manager, stage, compile);
  buildStage(manager, Stage::Runtime, compile);
}

int main(int argc, char **argv) {
  Driver driver("aimc-run");
  runtime::removeTemporaryFilesOnSignals();
  CLI::App app("Runs a module of any stage on a device.", "aimc-run");
  std::string model;
  app.add_option("MODEL", model,
                 "Module, text or bytecode; - is standard input");
  runtime::RunOptions options;
  runtime::addRunOptions(app, options, /*compilerTool=*/true);
  SplitOptions split;
  addSplitOptions(app, split);
  app.set_version_flag("--version", getVersionText("aimc-run"));
  Driver::addCompilerOptions(app);
  if (std::optional<int> code = driver.parseCommandLine(app, argc, argv))
    return *code;
  if (model.empty())
    return driver.fail("expects a module to run, but got none");

  OwningOpRef<ModuleOp> module = driver.load(model);
  if (!module)
    return 1;
  if (failed(findEntry(*module, options.entry)))
    return 1;
  bool hasTarget = TargetAttr::lookup(*module) != nullptr;
  if (!hasTarget && options.device != "exact")
    return driver.fail("expects a module with a target for device '" +
                       options.device +
                       "', but got one without; without a target only "
                       "device 'exact' runs");
  if (options.omegaSeed && !Driver::samplesProjections(*module))
    return driver.fail("--omega-seed expects a module that samples its "
                       "projections, but those of this module are fixed");

  CompileOptions compile;
  compile.readout = split.readout;
  compile.projection = split.projection;
  if (options.omegaSeed)
    compile.omegaSeed = static_cast<int64_t>(*options.omegaSeed);
  if (failed(driver.run(*module, [&](OpPassManager &manager) {
        buildPasses(manager, compile, options, hasTarget);
      })))
    return 1;
  FailureOr<std::unique_ptr<JitModel>> compiled =
      JitModel::create(*module, options.entry);
  if (failed(compiled))
    return 1;
  return runtime::runModel((*compiled)->getModel(), options, "aimc-run",
                           std::cout, std::cerr);
}
