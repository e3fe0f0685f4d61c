//===- Main.cpp - Command line of a compiled program ------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parses the command line of an emitted program and runs its model.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Main.h"
#include "aimc/Runtime/Files.h"
#include "aimc/Runtime/Model.h"
#include "aimc/Runtime/Runner.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <exception>
#include <filesystem>
#include <iostream>

using namespace aimc::runtime;

int aimc_main(int argc, char **argv, const aimc_model *model) {
  std::string tool = argc > 0 ? std::filesystem::path(argv[0]).filename() : "";
  if (tool.empty())
    tool = "aimc";
  // What gave no model has left its error.
  if (!model) {
    std::cerr << tool << ": error: " << aimc_last_error() << "\n";
    return 1;
  }
  removeTemporaryFilesOnSignals();
  try {
    RunOptions options;
    CLI::App app("Runs a model compiled by the AIMC compiler.", tool);
    app.set_version_flag("--version", versionText(tool),
                         "Print the versions of all parts and exit");
    addRunOptions(app, options, /*compilerTool=*/false);
    if (std::optional<int> code =
            parseCommandLine(app, tool, argc, argv, std::cout, std::cerr))
      return *code;
    if (options.omegaSeed) {
      std::cerr << tool
                << ": error: --omega-seed expects a module that samples its "
                   "projections, but those of a compiled program are fixed\n";
      return 1;
    }
    return runModel(*model, options, tool, std::cout, std::cerr);
  } catch (const std::exception &exception) {
    // The caller may be C.
    std::cerr << tool << ": error: " << exception.what() << "\n";
    return 1;
  }
}
