//===- aimc-lsp-server.cpp - Editors --------------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MLIR's language server with the project's dialects.
//
//===----------------------------------------------------------------------===//

#include "Driver/Version.h"
#include "Pipelines/Registration.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

int main(int argc, char **argv) {
  aimc::setUpLlvmCommandLine("aimc-lsp-server");
  mlir::DialectRegistry registry;
  aimc::registerDialects(registry);
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
