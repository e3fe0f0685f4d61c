//===- Driver.h - What the tools that compile share -------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reading a module, running passes on it and writing it, for tools with a
// command line of their own. Errors of modules are `file:line:col: error: …`,
// others `tool: error: …`, all on standard error.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_DRIVER_DRIVER_H
#define AIMC_LIB_DRIVER_DRIVER_H

#include "aimc/Runtime/TextPlace.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/SourceMgr.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace aimc {

struct CompileOptions;

/// A tool's context.
class Driver {
public:
  explicit Driver(std::string tool);
  ~Driver();

  /// Lets `app` also take upstream's options on remarks, printing, timing and
  /// reproducers; written as --name=value.
  static void addCompilerOptions(CLI::App &app);

  /// Parses a command line with `app`, then what it left as upstream's options,
  /// and makes the context as they say; once, before all below. Returns the
  /// exit code if the tool is to end.
  std::optional<int> parseCommandLine(CLI::App &app, int argc,
                                      const char *const *argv);

  /// Reads and verifies a module, text or bytecode, of the file at `path`
  /// (-: standard input). Emits the errors; null then.
  mlir::OwningOpRef<mlir::ModuleOp> load(const std::string &path);

  /// Whether `module` samples projections, so that a seed can change them.
  static bool samplesProjections(mlir::ModuleOp module);

  /// Runs the passes that `build` adds.
  mlir::LogicalResult
  run(mlir::ModuleOp module,
      llvm::function_ref<void(mlir::OpPassManager &)> build);

  /// Prints `tool: error: message`; the exit code of a failure.
  int fail(const llvm::Twine &message);

  /// Prints `file:line:column: error: message`, or as above if the error is
  /// nowhere in the file.
  int failAt(const std::string &file, runtime::TextPlace place,
             const llvm::Twine &message);

private:
  std::string tool;
  llvm::SourceMgr sources;
  std::unique_ptr<mlir::MLIRContext> context;
  std::unique_ptr<mlir::SourceMgrDiagnosticHandler> diagnostics;
};

/// The options of aimc-replicate: --copies, --copy-mode, --spare-cores and
/// --copied-matrices.
struct CopyOptions {
  int64_t copies = 1, spareCores = 0;
  std::string mode = "average";
  std::vector<std::string> matrices;

  void apply(CompileOptions &options) const;
};
void addCopies(CLI::App &app, CopyOptions &options);

/// One sentence on options that do not go together, or nothing.
std::string checkCopies(const CLI::App &app, const CopyOptions &options);

/// One sentence if neither `module` nor the option --target, whose value is
/// `target`, gives a target; else nothing.
std::string checkTarget(mlir::ModuleOp module, llvm::StringRef target);

/// Adds an option that takes one of some words.
void addChoice(CLI::App &app, const std::string &name, std::string &value,
               const std::vector<std::string> &words, const std::string &help);

/// Where products run that are not placed yet: the options --readout and
/// --projection.
struct SplitOptions {
  std::string readout = "digital", projection = "analog";
};
void addSplitOptions(CLI::App &app, SplitOptions &options);

} // namespace aimc

#endif // AIMC_LIB_DRIVER_DRIVER_H
