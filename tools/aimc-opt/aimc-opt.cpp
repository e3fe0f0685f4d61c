//===- aimc-opt.cpp - Run passes on a module -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// mlir-opt with the project's dialects and passes. Only what it reads and
// writes is done here, so that a module that nests too deep is an error and a
// failed run leaves the output file as it was.
//
//===----------------------------------------------------------------------===//

#include "Driver/Input.h"
#include "Driver/Output.h"
#include "Driver/Version.h"
#include "Pipelines/Registration.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Support/LogicalResult.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"

/// Prints a sentence; the exit code of a failure.
static int fail(const std::string &error) {
  llvm::errs() << "aimc-opt: error: " << error << "\n";
  return 1;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  aimc::setUpLlvmCommandLine("aimc-opt");
  mlir::DialectRegistry registry;
  aimc::registerDialects(registry);
  aimc::registerPasses();
  auto [input, output] = mlir::registerAndParseCLIOptions(
      argc, argv, "AIMC compiler driver\n", registry);
  mlir::MlirOptMainConfig config =
      mlir::MlirOptMainConfig::createFromCLOptions();
  if (config.shouldShowDialects() || config.shouldListPasses())
    return mlir::asMainReturnCode(
        mlir::MlirOptMain(argc, argv, input, output, registry));

  std::unique_ptr<llvm::MemoryBuffer> file =
      aimc::openModule("aimc-opt", input);
  if (!file)
    return 1;
  std::string error;
  // Devices and pipes, say /dev/null, are written as they are.
  bool streams = output == "-" || (llvm::sys::fs::exists(output) &&
                                   !llvm::sys::fs::is_regular_file(output) &&
                                   !llvm::sys::fs::is_directory(output));
  if (streams) {
    std::error_code code;
    llvm::raw_fd_ostream os(output, code);
    if (code)
      return fail("cannot write '" + output + "': " + code.message());
    bool good =
        succeeded(mlir::MlirOptMain(os, std::move(file), registry, config));
    os.flush();
    if (os.has_error()) {
      error = "cannot write '" + output + "': " + os.error().message();
      os.clear_error();
      return fail(error);
    }
    return good ? 0 : 1;
  }
  std::unique_ptr<aimc::Output> whole = aimc::Output::create(output, error);
  if (!whole)
    return fail(error);
  std::string text;
  llvm::raw_string_ostream os(text);
  if (failed(mlir::MlirOptMain(os, std::move(file), registry, config)))
    return 1;
  return whole->commit(text, error) ? 0 : fail(error);
}
