//===- FunctionPrinter.h - Functions of a module in C++ ---------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints the functions of a module of runtime calls as functions of C++.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_TARGET_CPP_FUNCTIONPRINTER_H
#define AIMC_LIB_TARGET_CPP_FUNCTIONPRINTER_H

#include "AIMC/IR/RuntimeCalls.h"
#include "Target/Cpp/CppTables.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/StringMap.h"

#include <optional>
#include <string>

namespace aimc {

/// The C++ type of a value, or nothing when it has none.
std::optional<llvm::StringRef> getCppType(mlir::Type type);

/// Prints the functions of a module.
class FunctionPrinter {
public:
  FunctionPrinter(CppNames &names, llvm::raw_ostream &os)
      : names(names), os(os) {}

  /// Gives every function, matrix and program a name, and says what the latter
  /// are by the tables of `model`.
  void declare(mlir::ModuleOp module, const aimc_model &model);
  /// Prints the positions of matrices and programs in their tables.
  void printIndices(mlir::ModuleOp module);
  /// Declares functions, so that they can call each other.
  void printDeclarations(llvm::ArrayRef<mlir::func::FuncOp> functions);
  mlir::LogicalResult printFunction(mlir::func::FuncOp func);
  /// Prints the closure of a model that runs `entry`.
  void printRun(mlir::func::FuncOp entry, llvm::StringRef name);

private:
  mlir::LogicalResult printBlock(mlir::Block &block);
  mlir::LogicalResult printOperation(mlir::Operation &op);
  mlir::LogicalResult printArith(mlir::Operation &op);
  mlir::LogicalResult printCall(mlir::Operation &op, const RuntimeCall &call);
  /// Declares an array of `numbers` for an argument of a call and adds its size
  /// and name to `arguments`.
  void printNumbers(llvm::StringRef argument,
                    llvm::ArrayRef<std::string> numbers,
                    llvm::SmallVectorImpl<std::string> &arguments);
  mlir::LogicalResult printAlloc(mlir::memref::AllocOp op);
  mlir::LogicalResult printView(mlir::memref::ReinterpretCastOp op);
  mlir::LogicalResult printFor(mlir::scf::ForOp op);
  mlir::LogicalResult printFuncCall(mlir::func::CallOp op);

  void printSignature(mlir::func::FuncOp func, llvm::StringRef tail);
  llvm::raw_ostream &line() { return os << std::string(indent, ' '); }
  /// Names a value after its kind, say buffer3, and gives the name.
  std::string define(mlir::Value value);
  /// Says in a comment what the matrices and programs of a call are.
  void printDescription(mlir::Operation &op, const RuntimeCall &call);
  std::string get(mlir::Value value) const { return values.lookup(value); }
  /// Declares `value` and opens its initialization.
  llvm::raw_ostream &declareValue(mlir::Value value);

  CppNames &names;
  llvm::raw_ostream &os;
  llvm::DenseMap<mlir::StringAttr, std::string> symbols;
  /// Of matrices and programs, for comments.
  llvm::DenseMap<mlir::StringAttr, std::string> descriptions;
  llvm::DenseMap<mlir::Value, std::string> values;
  llvm::StringMap<int> counters;
  int indent = 0;
};

} // namespace aimc

#endif // AIMC_LIB_TARGET_CPP_FUNCTIONPRINTER_H
