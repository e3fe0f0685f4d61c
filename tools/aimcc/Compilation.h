//===- Compilation.h - One run of aimcc -------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a module and the command line to files.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TOOLS_AIMCC_COMPILATION_H
#define AIMC_TOOLS_AIMCC_COMPILATION_H

#include "Arguments.h"
#include "Driver/Output.h"
#include "ProgramBuilder.h"
#include "ProjectFolder.h"

#include "mlir/IR/BuiltinOps.h"

#include <memory>
#include <string>

namespace aimc {

/// One compilation.
class Compilation {
public:
  Compilation(Driver &driver, const Arguments &arguments, const char *argv0)
      : driver(driver), arguments(arguments), argv0(argv0) {}

  /// Returns the exit code.
  int run();

private:
  bool checkFiles();
  int openOutputs();
  int lower(mlir::ModuleOp module);
  void warnOfDefaultRanges(mlir::ModuleOp module);
  mlir::LogicalResult checkFixedPoint(mlir::ModuleOp module);
  int emit(mlir::ModuleOp module);
  int emitCppFile(mlir::ModuleOp module);
  bool commitBoth(llvm::StringRef bytes, llvm::StringRef blob);
  int emitProgram(mlir::ModuleOp module);
  int emitProject(mlir::ModuleOp module);
  int emitMapping(mlir::ModuleOp module);
  int emitEstimate(mlir::ModuleOp module);
  /// Ends with an error of the project's libraries.
  int finish(bool good) { return good ? 0 : driver.fail(error); }

  Driver &driver;
  const Arguments &arguments;
  const char *argv0;
  std::string error;
  TemporaryFolder folder;
  ProjectFolder project;
  std::string runtimeSources; ///< that a project gets a copy of
  std::unique_ptr<Output> output, weights;
  std::string weightsName; ///< of the side file, without its folder
};

} // namespace aimc

#endif // AIMC_TOOLS_AIMCC_COMPILATION_H
