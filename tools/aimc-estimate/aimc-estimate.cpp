//===- aimc-estimate.cpp - What a module costs on its target -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Places a module of any stage and prints its time, energy and use of the chip.
//
//===----------------------------------------------------------------------===//

#include "Driver/Driver.h"
#include "Estimate/ModuleEstimate.h"
#include "Pipelines/Pipelines.h"

#include "AIMC/IR/AIMC.h"

#include "aimc/Runtime/Files.h"
#include "aimc/Runtime/Runner.h"

#include "mlir/Pass/PassManager.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

using namespace mlir;
using namespace aimc;

/// Adds an option that takes one of two words.
static void addChoice(CLI::App &app, const std::string &name,
                      std::string &value,
                      const std::pair<std::string, std::string> &words,
                      const std::string &help) {
  app.add_option_function<std::string>(
         name,
         [=, &value](const std::string &text) {
           if (text != words.first && text != words.second)
             throw CLI::ValidationError(name + " expects " + words.first +
                                        " or " + words.second + ", but got '" +
                                        text + "'");
           value = text;
         },
         help)
      ->type_name(words.first + "|" + words.second);
}

int main(int argc, char **argv) {
  Driver driver("aimc-estimate");
  CLI::App app("Estimates time, energy and use of the chip of a module of any "
               "stage; it is placed first if it is not.",
               "aimc-estimate");
  std::string model, output = "-", targetName, objective = "area",
                     readout = "digital";
  int64_t vectors = 1;
  bool json = false;
  app.add_option("MODEL", model,
                 "Module, text or bytecode; - is standard input");
  app.add_option("--target", targetName,
                 "Built-in target or JSON file; without one, the module's");
  addChoice(app, "--objective", objective, {"area", "latency"},
            "How tiles are placed that have no place (area)");
  addChoice(app, "--readout", readout, {"digital", "analog"},
            "Where read-outs run that have no place (digital)");
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
  app.add_flag("--json", json, "Print one JSON object instead of a table");
  app.add_option("-o,--output", output,
                 "File of the result; - is standard output");
  app.set_version_flag(
      "--version", runtime::versionText("aimc-estimate", LLVM_VERSION_STRING));
  Driver::addCompilerOptions(app);
  if (std::optional<int> code = driver.parseCommandLine(app, argc, argv))
    return *code;
  if (model.empty())
    return driver.fail("expects a module to estimate, but got none");

  OwningOpRef<ModuleOp> module = driver.load(model);
  if (!module)
    return 1;
  if (targetName.empty() && !TargetAttr::lookup(*module))
    return driver.fail("expects a module with a target or --target, but got "
                       "neither");
  CompileOptions compile;
  compile.target = targetName;
  compile.objective = objective;
  compile.readout = readout;
  if (failed(driver.run(*module, [&](OpPassManager &manager) {
        buildStages(manager, Stage::Placed, compile);
      })))
    return 1;
  FailureOr<ModuleEstimate> estimate = estimateModule(*module);
  if (failed(estimate))
    return 1;

  std::string text;
  llvm::raw_string_ostream os(text);
  if (json)
    printJson(*estimate, vectors, os);
  else
    printTable(*estimate, vectors, os);
  if (output == "-") {
    llvm::outs() << text;
    llvm::outs().flush();
    if (!llvm::outs().has_error())
      return 0;
    llvm::outs().clear_error();
    return driver.fail("could not write to standard output");
  }
  std::string error;
  std::unique_ptr<runtime::OutputFile> file =
      runtime::OutputFile::create(output, error);
  if (!file || !file->write(text, error) || !file->commit(error))
    return driver.fail(error);
  return 0;
}
