//===- CountProducts.cpp - A tool of somebody else ------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers a module to the aimc dialect with the installed libraries and counts
// its products.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "Pipelines/Pipelines.h"
#include "Pipelines/Registration.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/raw_ostream.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  aimc::registerDialects(registry);
  mlir::MLIRContext context(registry);
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::parseSourceFile<mlir::ModuleOp>(argc > 1 ? argv[1] : "-", &context);
  if (!module)
    return 1;
  mlir::PassManager manager(&context);
  aimc::buildStages(manager, aimc::Stage::AIMC, {});
  if (failed(manager.run(*module)))
    return 1;
  int products = 0, projections = 0;
  module->walk([&](aimc::MvmOp op) {
    ++products;
    projections += op.getRole() == aimc::Role::projection;
  });
  llvm::outs() << "products: " << products
               << ", of random projections: " << projections << "\n";
  return 0;
}
