//===- aimc-translate.cpp - To other formats ------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// mlir-translate with the project's formats.
//
//===----------------------------------------------------------------------===//

#include "Driver/Version.h"
#include "Target/Cpp/CppEmitter.h"

#include "mlir/Support/LogicalResult.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"

int main(int argc, char **argv) {
  aimc::setVersionPrinter("aimc-translate");
  aimc::registerToCppTranslation();
  return mlir::failed(
      mlir::mlirTranslateMain(argc, argv, "AIMC translation driver"));
}
