//===- Calibration.h - Ranges from a run ------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `aimcc --calibrate` does before the ranges are set: it records them, and
// tries rules for them.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TOOLS_AIMCC_CALIBRATION_H
#define AIMC_TOOLS_AIMCC_CALIBRATION_H

#include "Driver/Driver.h"
#include "Pipelines/Pipelines.h"

#include <string>
#include <vector>

namespace aimc {

/// Runs the tiled `module` on device `exact` with the files `inputs` and writes
/// the ranges at each product to `ranges`. The module stays as it is. Errors
/// are told on standard error.
mlir::LogicalResult collectRanges(Driver &driver, mlir::ModuleOp module,
                                  const CompileOptions &options,
                                  const std::string &entry,
                                  const std::vector<std::string> &inputs,
                                  const std::string &ranges);

/// The rule for ranges with which the tiled `module`, run on device simulator
/// on the files `inputs`, is nearest to the exact one; `options.ranges` are
/// those recorded on them. The error of each rule is told on standard error.
/// The module stays as it is.
mlir::FailureOr<std::string> chooseRule(Driver &driver, mlir::ModuleOp module,
                                        const CompileOptions &options,
                                        const std::string &entry,
                                        const std::vector<std::string> &inputs);

} // namespace aimc

#endif // AIMC_TOOLS_AIMCC_CALIBRATION_H
