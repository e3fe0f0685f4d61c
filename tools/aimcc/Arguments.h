//===- Arguments.h - The command line of aimcc ------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What aimcc is asked for, and whether that goes together.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TOOLS_AIMCC_ARGUMENTS_H
#define AIMC_TOOLS_AIMCC_ARGUMENTS_H

#include "Driver/Driver.h"
#include "Pipelines/Pipelines.h"

#include <string>
#include <vector>

namespace aimc {

/// What is made of a module.
enum class Emission {
  Stage,
  Mapping,
  Estimate,
  Cpp,
  Project,
  Library,
  Executable
};

/// The command line.
struct Arguments {
  std::string model, output, target, mode,
      objective = "area", schedule, weights = "embed", rule, ranges,
      calibrationReport, entry, printTarget, flags;
  /// What is made, as given and as it is.
  std::string emit = "executable";
  Emission emission = Emission::Executable;
  /// The stage that is emitted or that the emitted thing is made from.
  Stage lastStage = Stage::Runtime;
  SplitOptions split;
  std::vector<std::string> calibrate;
  double percentile = 0.9999, k = 4;
  int64_t omegaSeed = -1;
  CopyOptions copies;
  bool text = false, standalone = false;

  bool isProgram() const {
    return emission == Emission::Executable || emission == Emission::Library;
  }
};

/// Adds the options of aimcc, which set `arguments`.
void addOptions(CLI::App &app, Arguments &arguments);

/// One sentence on options that are missing or do not go together, or nothing.
std::string checkArguments(const CLI::App &app, const Arguments &arguments);

} // namespace aimc

#endif // AIMC_TOOLS_AIMCC_ARGUMENTS_H
