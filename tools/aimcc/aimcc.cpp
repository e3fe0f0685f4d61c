//===- aimcc.cpp - The compiler driver ------------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a module of any stage to any later stage, an estimate, C++, a shared
// library or a program.
//
//===----------------------------------------------------------------------===//

#include "Arguments.h"
#include "Compilation.h"
#include "Driver/Driver.h"
#include "Driver/Output.h"
#include "SignalHold.h"

#include "aimc/Runtime/TargetFile.h"

#include <CLI/CLI.hpp>

using namespace aimc;

/// Prints the JSON of a target, or writes it to a file.
static int printTarget(Driver &driver, const std::string &name,
                       const std::string &file) {
  std::string error, text;
  runtime::TextPlace place;
  if (!runtime::loadTarget(name, error, place, &text))
    return driver.failAt(name, place, error);
  if (!llvm::StringRef(text).ends_with("\n"))
    text += '\n';
  std::unique_ptr<Output> output =
      Output::create(file.empty() ? "-" : file, error);
  return output && output->commit(text, error) ? 0 : driver.fail(error);
}

int main(int argc, char **argv) {
  installSignalHandlers();
  Driver driver("aimcc");
  CLI::App app("Compiles a module for a chip.", "aimcc");
  Arguments arguments;
  addOptions(app, arguments);
  if (std::optional<int> code = driver.parseCommandLine(app, argc, argv))
    return *code;
  if (!arguments.printTarget.empty()) {
    for (const CLI::Option *option : app.get_options())
      if (option->count() && option->get_name() != "--print-target" &&
          option->get_name() != "--output")
        return driver.fail("--print-target expects --output alone beside it, "
                           "but got " +
                           option->get_name());
    return printTarget(driver, arguments.printTarget, arguments.output);
  }
  if (std::string text = checkArguments(app, arguments); !text.empty())
    return driver.fail(text);
  return Compilation(driver, arguments, argv[0]).run();
}
