//===- CppTables.h - The tables of a model in C++ ---------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names, numbers and tables of an emitted program.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_TARGET_CPP_CPPTABLES_H
#define AIMC_LIB_TARGET_CPP_CPPTABLES_H

#include "Target/Cpp/CppEmitter.h"
#include "Target/Cpp/CppWeights.h"

#include "aimc/Runtime/ABI.h"

#include "llvm/ADT/StringSet.h"

namespace aimc {

/// Gives each symbol a C++ identifier of its own.
class CppNames {
public:
  /// `prefix` and the letters and digits of `name`, say weights_omega; a number
  /// follows when that is taken. Local names have no underscore, so that they
  /// are none of these.
  std::string make(llvm::StringRef prefix, llvm::StringRef name);

private:
  llvm::StringSet<> used;
};

/// The value as a C++ expression that gives back its bits (one quiet NaN for
/// all).
std::string toCpp(float value);

/// Text on one line, as in a string literal without its quotes.
std::string escapeCpp(llvm::StringRef text);

/// Text as a C++ string literal.
std::string toCppString(llvm::StringRef text);

/// Prints `head(arguments)`, a call or a declaration, from column `indent` on,
/// broken at 80 columns.
void printWrapped(llvm::raw_ostream &os, unsigned indent, llvm::StringRef head,
                  llvm::ArrayRef<std::string> arguments, llvm::StringRef tail,
                  bool isDeclaration = false);

/// Prints `head = {items};` from column `indent` on, broken at 80 columns.
void printList(llvm::raw_ostream &os, unsigned indent, llvm::StringRef head,
               llvm::ArrayRef<std::string> items);

/// Prints a comment from column `indent` on, broken at 80 columns.
void printComment(llvm::raw_ostream &os, unsigned indent, llvm::StringRef text,
                  llvm::StringRef start = "//");

/// What a matrix is: its name and size, and how it is held.
std::string describeMatrix(const aimc_matrix &matrix);

/// What a program does, as the names of its instructions.
std::string describeProgram(const aimc_program &program);

/// Prints the tables of `model` at file scope, all but its matrices, and the
/// function that makes the model of them.
class CppTables {
public:
  CppTables(const aimc_model &model, const CppOptions &options,
            const CppWeights &weights, CppNames &names, llvm::raw_ostream &os);

  /// Tiles, programs, parameters, target and, when embedded, weights.
  void printTables();
  /// The function that makes the model; `run` is the name of its closure.
  void printModel(llvm::raw_ostream &to, llvm::StringRef run);
  /// The name of that function.
  const std::string &getModelFunction() const { return modelFunction; }
  /// The name of weights that are linked in.
  const std::string &getWeightsSymbol() const { return weightsSymbol; }

private:
  void printMatrix(int64_t index);
  void printProgram(int64_t index);
  void printParameters(llvm::StringRef name, int64_t count,
                       const aimc_parameter *parameters);
  void printTarget();

  const aimc_model &model;
  const CppOptions &options;
  const CppWeights &weights;
  CppNames &names;
  llvm::raw_ostream &os;
  std::string modelFunction, weightsSymbol;
  /// Of each matrix: its embedded weights (empty: in the file) and its tiles.
  std::vector<std::pair<std::string, std::string>> matrixNames;
  /// Of each program: the row of the table of programs.
  std::vector<std::string> programRows;
};

} // namespace aimc

#endif // AIMC_LIB_TARGET_CPP_CPPTABLES_H
