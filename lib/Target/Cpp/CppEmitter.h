//===- CppEmitter.h - Models as C++ programs --------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints a module of runtime calls as one C++17 file: the tables of the model,
// one function for each of its functions, and a `main` that is aimc-run for
// this model. The file needs the headers and the library of the runtime alone.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_TARGET_CPP_CPPEMITTER_H
#define AIMC_LIB_TARGET_CPP_CPPEMITTER_H

#include "Execution/ModelTables.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace aimc {

/// Where an emitted program keeps the weights of its matrices.
enum class WeightStorage {
  Embed,    ///< as numbers in the source
  SideFile, ///< in a file beside the program, checked when it is loaded
  Incbin,   ///< in the program, put there by the assembler from a file
  Object,   ///< in an object file of its own, that the program is linked with
};

/// How a program is emitted.
struct CppOptions {
  std::string entry; ///< public function to run; empty: the only one
  bool main = true;  ///< with a `main`
  WeightStorage weights = WeightStorage::Embed;
  /// Name of the file of weights, as the program or the assembler opens it.
  std::string weightsFile;
  /// Of a project: what its names begin with, and the name of its folder. Else
  /// empty: the function that gives the model is named after the entry.
  std::string project;
};

/// The parts that an emitted file or folder is put together from. They refer to
/// the module, which must outlive them.
struct CppParts {
  std::unique_ptr<ModelTables> tables;
  std::string tableText;     ///< at file scope, of constants
  std::string functionText;  ///< at file scope, of the module's functions
  std::string modelText;     ///< of the function that gives the model
  std::string modelFunction; ///< its name
  std::string weightsSymbol; ///< of weights that are linked in
  uint64_t weightsSize = 0;  ///< bytes of the file of weights
  std::string weightsSum;    ///< SHA-256 of that file

  const aimc_model &getModel() const { return tables->getModel(); }
};

/// Prints the parts of `module`, and the weights to `blob` unless it is null.
mlir::FailureOr<CppParts> printCppParts(mlir::ModuleOp module,
                                        const CppOptions &options,
                                        llvm::raw_ostream *blob);

/// Prints the headers of C++ that `text` needs.
void printCppHeaders(llvm::StringRef text, llvm::raw_ostream &os);

/// Prints the functions of `parts`, which end a namespace that is open, and the
/// function that gives the model.
void printCppFunctions(const CppParts &parts, llvm::raw_ostream &os);

/// Prints `module` to `os`, and the weights to `blob` unless they are embedded:
/// all matrices in their order, FP32, little-endian, each at a multiple of 64
/// bytes. An operation without a C++ form is an error at that operation.
mlir::LogicalResult emitCpp(mlir::ModuleOp module, const CppOptions &options,
                            llvm::raw_ostream &os, llvm::raw_ostream *blob);

/// Registers `--aimc-to-cpp` and its options for aimc-translate.
void registerToCppTranslation();

} // namespace aimc

#endif // AIMC_LIB_TARGET_CPP_CPPEMITTER_H
