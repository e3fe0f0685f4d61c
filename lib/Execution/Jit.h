//===- Jit.h - Models compiled in memory ------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An `aimc_model` whose entry function LLVM compiles in this process.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_EXECUTION_JIT_H
#define AIMC_LIB_EXECUTION_JIT_H

#include "Execution/ModelTables.h"

#include "mlir/IR/OwningOpRef.h"

namespace mlir {
class ExecutionEngine;
} // namespace mlir

namespace aimc {

/// A model that runs in this process. The calls it makes are those of the
/// runtime library the tool is linked with.
class JitModel {
public:
  /// Compiles the public function `entry` (empty: the only one) of a module of
  /// runtime calls. `module` becomes LLVM. Weights stay with its context, which
  /// must outlive the model. Errors are emitted.
  static mlir::FailureOr<std::unique_ptr<JitModel>>
  create(mlir::ModuleOp module, llvm::StringRef entry);
  ~JitModel();

  const aimc_model &getModel() const { return tables->getModel(); }

private:
  JitModel();
  static void run(void *user, aimc_context *context, const aimc_tensor *inputs,
                  aimc_tensor *outputs);

  std::unique_ptr<ModelTables> tables;
  std::unique_ptr<mlir::ExecutionEngine> engine;
  /// Takes pointers to its arguments.
  void (*function)(void **) = nullptr;
};

} // namespace aimc

#endif // AIMC_LIB_EXECUTION_JIT_H
