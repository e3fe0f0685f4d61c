//===- Calibration.cpp - Ranges from a run --------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same as `aimc-run --collect-ranges`, and as runs on the simulator, in
// this process.
//
//===----------------------------------------------------------------------===//

#include "Calibration.h"

#include "Execution/Jit.h"

#include "aimc/Runtime/Files.h"
#include "aimc/Runtime/Runner.h"

#include "mlir/Pass/PassManager.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <iostream>
#include <limits>
#include <sstream>

using namespace mlir;
using namespace aimc;

LogicalResult aimc::collectRanges(Driver &driver, ModuleOp module,
                                  const CompileOptions &options,
                                  const std::string &entry,
                                  const std::vector<std::string> &inputs,
                                  const std::string &ranges) {
  OwningOpRef<ModuleOp> copy = module.clone();
  if (failed(driver.run(*copy, [&](OpPassManager &manager) {
        buildStage(manager, Stage::Runtime, options);
      })))
    return failure();
  FailureOr<std::unique_ptr<JitModel>> model = JitModel::create(*copy, entry);
  if (failed(model))
    return failure();
  for (const std::string &input : inputs) {
    std::string error;
    auto reader = runtime::MatrixReader::open(input, error);
    // What cannot be read is told by the run.
    if (reader && reader->rows() == 0) {
      driver.fail("expects at least one row to calibrate with, but got none "
                  "in '" +
                  input + "'");
      return failure();
    }
  }
  runtime::RunOptions run;
  run.inputs = inputs;
  run.inputOption = "--calibrate";
  run.collectRanges = ranges;
  // The report of this run is not what the tool was asked for; its errors are.
  std::ostringstream report, messages;
  if (runtime::runModel((*model)->getModel(), run, "aimcc", report, messages) ==
      0)
    return success();
  std::cerr << messages.str();
  return failure();
}

/// The error to exact of `module` on the simulator with the ranges of a rule.
static FailureOr<double>
measureRule(Driver &driver, ModuleOp module, const std::string &entry,
            const std::vector<std::string> &inputs,
            llvm::function_ref<void(OpPassManager &)> build) {
  OwningOpRef<ModuleOp> copy = module.clone();
  if (failed(driver.run(*copy, build)))
    return failure();
  FailureOr<std::unique_ptr<JitModel>> model = JitModel::create(*copy, entry);
  if (failed(model))
    return failure();
  runtime::RunOptions run;
  run.inputs = inputs;
  run.inputOption = "--calibrate";
  run.device = "simulator";
  run.json = true;
  std::ostringstream report, messages;
  if (runtime::runModel((*model)->getModel(), run, "aimcc", report, messages) !=
      0) {
    std::cerr << messages.str();
    return failure();
  }
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(report.str());
  if (!value) {
    driver.fail("expects JSON of a run, but got: " +
                llvm::toString(value.takeError()));
    return failure();
  }
  const llvm::json::Object *object = value->getAsObject();
  std::optional<double> error =
      object ? object->getNumber("relative_error_to_exact") : std::nullopt;
  // An output that is not finite, or exact ones of 0, have none.
  return error && std::isfinite(*error)
             ? *error
             : std::numeric_limits<double>::infinity();
}

FailureOr<std::string>
aimc::chooseRule(Driver &driver, ModuleOp module, const CompileOptions &options,
                 const std::string &entry,
                 const std::vector<std::string> &inputs) {
  std::string best;
  double least = std::numeric_limits<double>::infinity();
  CompileOptions trial;
  trial.copyOptionValuesFrom(options);
  trial.calibrationReport = std::string();
  for (const char *rule : {"mse", "max", "percentile", "k-sigma"}) {
    trial.rule = std::string(rule);
    FailureOr<double> error =
        measureRule(driver, module, entry, inputs, [&](OpPassManager &manager) {
          for (Stage stage : {Stage::Calibrated, Stage::Placed,
                              Stage::Scheduled, Stage::Runtime})
            buildStage(manager, stage, trial);
        });
    if (failed(error))
      return failure();
    llvm::errs() << "aimcc: rule " << rule << ": relative error to exact "
                 << llvm::format("%.4g", *error) << "\n";
    if (best.empty() || *error < least) {
      best = rule;
      least = *error;
    }
  }
  llvm::errs() << "aimcc: ranges by rule " << best << "\n";
  return best;
}
