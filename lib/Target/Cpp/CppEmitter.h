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

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace aimc {

/// Where an emitted program keeps the weights of its matrices.
enum class WeightStorage {
  Embed,    ///< as numbers in the source
  SideFile, ///< in a file beside the program, checked when it is loaded
  Incbin,   ///< in the program, put there by the assembler from a file
};

/// How a program is emitted.
struct CppOptions {
  std::string entry; ///< public function to run; empty: the only one
  bool main = true;  ///< with a `main`
  WeightStorage weights = WeightStorage::Embed;
  /// Name of the file of weights, as the program or the assembler opens it.
  std::string weightsFile;
};

/// Prints `module` to `os`, and the weights to `blob` unless they are embedded:
/// all matrices in their order, FP32, little-endian, each at a multiple of 64
/// bytes. An operation without a C++ form is an error at that operation.
mlir::LogicalResult emitCpp(mlir::ModuleOp module, const CppOptions &options,
                            llvm::raw_ostream &os, llvm::raw_ostream *blob);

/// Registers `--aimc-to-cpp` and its options for aimc-translate.
void registerToCppTranslation();

} // namespace aimc

#endif // AIMC_LIB_TARGET_CPP_CPPEMITTER_H
