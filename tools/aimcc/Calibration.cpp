//===- Calibration.cpp - Ranges from a run --------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same as `aimc-run --collect-ranges`, in this process.
//
//===----------------------------------------------------------------------===//

#include "Calibration.h"

#include "Execution/Jit.h"

#include "aimc/Runtime/Files.h"
#include "aimc/Runtime/Runner.h"

#include "mlir/Pass/PassManager.h"

#include <iostream>
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
  run.collectRanges = ranges;
  // The report of this run is not what the tool was asked for; its errors are.
  std::ostringstream report, messages;
  if (runtime::runModel((*model)->getModel(), run, "aimcc", report, messages) ==
      0)
    return success();
  std::cerr << messages.str();
  return failure();
}
