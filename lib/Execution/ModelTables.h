//===- ModelTables.h - The tables of a compiled model -----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a module of runtime calls to an `aimc_model`: matrices, row programs,
// and the signature of the entry function. The JIT runs these tables, the
// emitter prints them, so both hold the same.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_EXECUTION_MODELTABLES_H
#define AIMC_LIB_EXECUTION_MODELTABLES_H

#include "aimc/Runtime/ABI.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace aimc {

/// The public function `name` of a module of any level; when `name` is empty,
/// the only public function. Emits an error that lists the public functions
/// when there is no such function.
mlir::FailureOr<mlir::func::FuncOp> findEntry(mlir::ModuleOp module,
                                              llvm::StringRef name);

/// The tables of a module of runtime calls. Weights and constants are not
/// copied: they stay with the module's context, which must outlive the tables.
class ModelTables {
public:
  /// Builds the tables, matrices and programs in their order of declaration.
  /// `entry` is a function of `module` that takes the context. Emits an error
  /// at what cannot be put into a table.
  static mlir::FailureOr<std::unique_ptr<ModelTables>>
  create(mlir::ModuleOp module, mlir::func::FuncOp entry);

  ModelTables(const ModelTables &) = delete;
  ModelTables &operator=(const ModelTables &) = delete;

  /// The model; `run` and `user` are null until the caller sets them.
  aimc_model &getModel() { return model; }
  const aimc_model &getModel() const { return model; }

private:
  ModelTables() = default;
  friend class ModelTablesBuilder;

  /// What a program's pointers point to.
  struct Program {
    std::vector<const float *> constants;
    std::vector<aimc_instruction> instructions;
    std::vector<int32_t> widths;
    std::vector<int32_t> outputs;
  };

  aimc_model model = {};
  std::deque<std::string> strings;
  std::deque<std::vector<float>> floats;
  std::deque<std::vector<aimc_tile>> tiles;
  std::deque<Program> programData;
  std::vector<aimc_matrix> matrices;
  std::vector<aimc_program> programs;
  std::deque<std::vector<int64_t>> sizes;
  std::vector<aimc_parameter> inputs, outputs;
};

} // namespace aimc

#endif // AIMC_LIB_EXECUTION_MODELTABLES_H
