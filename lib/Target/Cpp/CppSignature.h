//===- CppSignature.h - How an emitted function takes arrays ----*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The C function and the method of an emitted project that run its model: their
// parameters, what these are, and the arrays that the runtime gets.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_TARGET_CPP_CPPSIGNATURE_H
#define AIMC_LIB_TARGET_CPP_CPPSIGNATURE_H

#include "aimc/Runtime/ABI.h"

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace aimc {

/// What identifiers of C and C++ begin with, followed by an underscore and
/// more: the letters and digits of `text`, joined by underscores; `other` if
/// none is left. By itself it may be a keyword, a macro or a function of C.
std::string toCppIdentifier(llvm::StringRef text, llvm::StringRef other);

/// The parameters of the functions that run a model.
///
/// Where all arguments and results have a row for each vector, they share their
/// number of rows, `n`. Else each size that is not fixed is a parameter of its
/// own, and the results whose sizes follow from those of the arguments are made
/// by the run.
class CppSignature {
public:
  explicit CppSignature(const aimc_model &model);

  /// An argument or a result.
  struct Array {
    std::string name;               ///< of its parameter
    std::string shape;              ///< "n x 64", for people
    std::vector<std::string> sizes; ///< as expressions of int64_t
    std::string count;              ///< of its values, as an expression
    bool isMade = false;            ///< a result that the run makes
  };
  const std::vector<Array> &getInputs() const { return inputs; }
  const std::vector<Array> &getOutputs() const { return outputs; }
  bool makesResults() const;

  /// Of the C function, without what it begins with.
  const std::string &getFunction() const { return function; }

  /// Of the C function, without the instance and the first vector.
  std::vector<std::string> getParameters(bool isMethod) const;
  /// The parameters for sizes, in their order.
  std::vector<std::string> getSizeNames() const;
  /// What the method gives the C function of its own parameters.
  std::vector<std::string> getArguments() const;

private:
  Array describe(const aimc_parameter &parameter, const std::string &name,
                 bool isInput);

  bool shares; ///< whether rows are shared, as `n`
  std::string function;
  std::vector<Array> inputs, outputs;
  /// Of each input: the names of parameters for sizes.
  std::vector<std::vector<std::string>> sizeNames;
};

} // namespace aimc

#endif // AIMC_LIB_TARGET_CPP_CPPSIGNATURE_H
