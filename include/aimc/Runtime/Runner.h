//===- Runner.h - Running a model on files ----------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one implementation of what `aimc-run` and compiled programs do: read
// inputs, run a model on a device in blocks of rows, write results, and report
// accuracy, errors of values and of kernels, and times. Text for users goes to
// `out`, all else to `err`.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_RUNNER_H
#define AIMC_RUNTIME_RUNNER_H

#include "aimc/Runtime/ABI.h"
#include "aimc/Runtime/ExactKernel.h"

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace aimc::runtime {

/// What to run a model on and what to report.
struct RunOptions {
  std::vector<std::string> inputs; ///< files, in the order of the arguments
  /// What messages call the option that `inputs` were given with.
  std::string inputOption = "--input";
  std::vector<std::string> outputs; ///< .npy files, in the order of results
  std::vector<std::string> compare; ///< expected results, in their order
  std::string labels;               ///< file of labels of the first result
  /// What the first result, features of the one input, is to approximate; its
  /// error over the first 1000 rows is reported.
  std::optional<ExactKernel> kernelError;
  std::string device = "exact"; ///< exact, simulator or a plug-in's path
  /// Keys and values for a plug-in, in order, each key once.
  std::vector<std::pair<std::string, std::string>> deviceOptions;
  /// Seed of the noise whose own seed is not set. It leaves the projections as
  /// they are: a model is trained on them.
  std::optional<uint64_t> seed;
  /// Of the projections that the module samples. Who compiles the module reads
  /// it; a compiled program has no use for it.
  std::optional<uint64_t> omegaSeed;
  std::optional<uint64_t> programSeed; ///< of the programming noise
  std::optional<uint64_t> readSeed;    ///< of the noise of each MVM
  double time = 0;                     ///< seconds since programming, >= 0
  int threads = 0;                     ///< 0: as many as the machine has
  int64_t firstVector = 0; ///< index of the inputs' row 0 in the data set
  int64_t chips = 1;       ///< chips to program one after the other
  std::string engine = "auto";
  std::string mode; ///< operating mode of the target, if another
  /// Error sources of the target that are left out; device simulator alone.
  std::vector<std::string> without;
  /// Report the measures of the chip without each of its error sources too.
  bool errorBudget = false;
  bool stats = false;        ///< tell times and counts in text too
  bool json = false;         ///< report one JSON object
  std::string entry;         ///< name of the entry function, if given
  std::string collectRanges; ///< file for the ranges at each MVM site
  /// Rows run at a time, fewer where values are so wide that many rows would
  /// take much memory. Results do not depend on it.
  int64_t blockRows = 4096;

  /// The seeds of chip number `chip`, from 0.
  uint64_t programSeedOf(int64_t chip) const;
  uint64_t readSeedOf(int64_t chip) const;
};

/// Adds the options of a run to a command line (needs CLI11 to use);
/// `compilerTool` adds those that need a module instead of a program. Both
/// references must live until the command line is parsed.
void addRunOptions(CLI::App &app, RunOptions &options, bool compilerTool);

/// Parses a command line. Returns the exit code if the program is to end: 0
/// after `--help` or `--version`, 1 after an error, told as
/// `tool: error: sentence`.
std::optional<int> parseCommandLine(CLI::App &app, const std::string &tool,
                                    int argc, const char *const *argv,
                                    std::ostream &out, std::ostream &err);

/// What `--version` prints: a line each for the tool, the runtime ABI, the
/// target schema, and LLVM if a version is given.
std::string versionText(const std::string &tool,
                        std::string_view llvmVersion = {});

/// Runs `model`. If every argument and result has any number of rows and all
/// inputs have the same, they are read and run in blocks of rows, which must
/// not change a row's result (true of all calls of the ABI); else at once.
/// Returns the exit code: 0, or 1 after `tool: error: sentence`.
int runModel(const aimc_model &model, const RunOptions &options,
             const std::string &tool, std::ostream &out, std::ostream &err);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_RUNNER_H
