//===- Driver.cpp - What the tools that compile share ---------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Modules in, passes, diagnostics.
//
//===----------------------------------------------------------------------===//

#include "Driver/Driver.h"

#include "AIMC/IR/AIMC.h"
#include "Driver/ArgumentNames.h"
#include "Driver/CompilerOptions.h"
#include "Driver/Input.h"
#include "Kernel/IR/Kernel.h"
#include "Pipelines/Pipelines.h"
#include "Pipelines/Registration.h"

#include "aimc/Runtime/Runner.h"

#include "mlir/IR/Remarks.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>
#include <iostream>

using namespace mlir;
using namespace aimc;

/// The dialects and interfaces of the project.
static DialectRegistry getRegistry() {
  DialectRegistry registry;
  registerDialects(registry);
  return registry;
}

/// Prints a diagnostic with what stands around its column, of a line that may
/// hold the constants of a whole model.
static void printDiagnostic(const llvm::SMDiagnostic &diagnostic, void *) {
  constexpr size_t longest = 240, shown = 160;
  const llvm::StringRef line = diagnostic.getLineContents();
  if (line.size() <= longest) {
    diagnostic.print(nullptr, llvm::errs());
    return;
  }
  const auto column = static_cast<size_t>(diagnostic.getColumnNo());
  const size_t start =
      std::min(column - std::min(column, shown / 2), line.size() - shown);
  const std::string before = start ? "..." : "";
  const std::string part = before + line.substr(start, shown).str() +
                           (start + shown < line.size() ? "..." : "");
  // Without a name it prints no place, whose column is that of the whole line.
  llvm::errs() << diagnostic.getFilename() << ":" << diagnostic.getLineNo()
               << ":" << column + 1 << ": ";
  llvm::SMDiagnostic(*diagnostic.getSourceMgr(), diagnostic.getLoc(), "",
                     diagnostic.getLineNo(),
                     static_cast<int>(before.size() + column - start),
                     diagnostic.getKind(), diagnostic.getMessage(), part, {})
      .print(nullptr, llvm::errs());
}

Driver::Driver(std::string tool) : tool(std::move(tool)) {
  sources.setDiagHandler(printDiagnostic);
  registerPasses();
  registerCompilerOptions();
}

Driver::~Driver() {
  // Remarks of policy final come when their engine ends, and need a handler.
  if (context)
    context->setRemarkEngine(nullptr);
}

void Driver::addCompilerOptions(CLI::App &app) {
  app.allow_extras();
  app.footer("Options of aimc-opt on remarks, printing, timing and "
             "reproducers are taken too, as --name=value; for example "
             "--remarks-filter='aimc-.*', --mlir-print-ir-after-all, "
             "--mlir-timing, --mlir-pass-pipeline-crash-reproducer=FILE.");
}

std::optional<int> Driver::parseCommandLine(CLI::App &app, int argc,
                                            const char *const *argv) {
  if (std::optional<int> code = runtime::parseCommandLine(app, tool, argc, argv,
                                                          std::cout, std::cerr))
    return code;
  std::string error;
  if (!parseCompilerOptions(tool, app.remaining(), error))
    return error.empty() ? 1 : fail(error);
  // The passes of one module do not run in parallel; threads would only cost
  // time to start.
  context = std::make_unique<MLIRContext>(getRegistry(),
                                          MLIRContext::Threading::DISABLED);
  diagnostics =
      std::make_unique<SourceMgrDiagnosticHandler>(sources, context.get());
  if (failed(enableRemarks(*context)))
    return fail("could not write remarks to the given file");
  return std::nullopt;
}

OwningOpRef<ModuleOp> Driver::load(const std::string &path) {
  std::unique_ptr<llvm::MemoryBuffer> file = openModule(tool, path);
  if (!file)
    return {};
  sources.AddNewSourceBuffer(std::move(file), llvm::SMLoc());
  auto module = parseSourceFile<ModuleOp>(sources, context.get());
  if (module)
    nameArguments(*module, sources);
  return module;
}

bool Driver::samplesProjections(ModuleOp module) {
  return module
      ->walk([](kernel::ProjectionOp) { return WalkResult::interrupt(); })
      .wasInterrupted();
}

LogicalResult Driver::run(ModuleOp module,
                          llvm::function_ref<void(OpPassManager &)> build) {
  PassManager manager(context.get());
  if (failed(applyPassManagerCLOptions(manager)))
    return failure();
  applyDefaultTimingPassManagerCLOptions(manager);
  build(manager);
  return manager.run(module);
}

void aimc::addCopies(CLI::App &app, CopyOptions &options) {
  auto addCount = [&](const std::string &name, int64_t &value, int64_t least,
                      const std::string &help) {
    app.add_option_function<std::string>(
           name,
           [name, &value, least](const std::string &text) {
             if (llvm::StringRef(text).getAsInteger(10, value) || value < least)
               throw CLI::ValidationError(
                   name + " expects an integer of at least " +
                   std::to_string(least) + ", but got '" + text + "'");
           },
           help)
        ->type_name("N");
  };
  addCount("--copies", options.copies, 1,
           "How often matrices are programmed (1)");
  addChoice(app, "--copy-mode", options.mode, {"average", "throughput"},
            "What copies are for: their products are averaged against noise, "
            "or they share the vectors (average)");
  addCount("--spare-cores", options.spareCores, 0,
           "Of --copy-mode throughput: cores for further copies of the slowest "
           "matrices (0)");
  app.add_option("--copied-matrices", options.matrices,
                 "Which matrices get copies: names as @omega and roles "
                 "projection, readout or linear, separated by commas "
                 "(projection; all of them for --spare-cores)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAMES");
}

std::string aimc::checkTarget(ModuleOp module, llvm::StringRef target) {
  if (!target.empty() || TargetAttr::lookup(module))
    return {};
  return "expects a module with a target or --target, but got neither";
}

std::string aimc::checkCopies(const CLI::App &app, const CopyOptions &options) {
  const bool hasCopies = app.count("--copies") > 0;
  const bool hasSpare = app.count("--spare-cores") > 0;
  for (const char *name : {"--copied-matrices", "--copy-mode"})
    if (app.count(name) && !hasCopies && !hasSpare)
      return std::string(name) + " expects --copies or --spare-cores";
  if (hasCopies && hasSpare)
    return "expects --copies or --spare-cores, but got both";
  if (hasSpare && options.mode != "throughput")
    return "--spare-cores expects --copy-mode throughput";
  return {};
}

void CopyOptions::apply(CompileOptions &compile) const {
  compile.copies = copies;
  compile.copyMode = mode;
  compile.spareCores = spareCores;
  for (const std::string &name : matrices)
    compile.copiedMatrices.push_back(name);
}

void aimc::addChoice(CLI::App &app, const std::string &name, std::string &value,
                     const std::vector<std::string> &words,
                     const std::string &help) {
  app.add_option_function<std::string>(
         name,
         [=, &value](const std::string &text) {
           if (!llvm::is_contained(words, text))
             throw CLI::ValidationError(name + " expects one of " +
                                        llvm::join(words, ", ") +
                                        ", but got '" + text + "'");
           value = text;
         },
         help)
      ->type_name(llvm::join(words, "|"));
}

void aimc::addSplitOptions(CLI::App &app, SplitOptions &options) {
  addChoice(app, "--readout", options.readout, {"digital", "analog"},
            "Where read-outs run that have no place (digital)");
  addChoice(app, "--projection", options.projection, {"digital", "analog"},
            "Where random projections run that have no place (analog)");
}

int Driver::fail(const llvm::Twine &message) {
  llvm::errs() << tool << ": error: " << message << "\n";
  return 1;
}

int Driver::failAt(const std::string &file, runtime::TextPlace place,
                   const llvm::Twine &message) {
  if (!place.line)
    return fail(message);
  llvm::errs() << runtime::shownPlace(file, place) << ": error: " << message
               << "\n";
  return 1;
}
