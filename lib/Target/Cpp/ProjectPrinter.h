//===- ProjectPrinter.h - The files of a project ----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints the files of a project one by one: sources, what builds them, and what
// people read.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_TARGET_CPP_PROJECTPRINTER_H
#define AIMC_LIB_TARGET_CPP_PROJECTPRINTER_H

#include "Target/Cpp/CppProject.h"
#include "Target/Cpp/CppSignature.h"

#include <map>
#include <string>

namespace aimc {

/// Prints the files of one project.
class ProjectPrinter {
public:
  ProjectPrinter(const CppParts &parts, const CppProjectOptions &options);

  std::string printHeader();
  std::string printSource();
  std::string printTables();
  std::string printAssembly();
  std::string printCMake();
  std::string printScript();
  std::string printExports();
  std::string printReadme();
  /// `text` with the words between @ signs replaced; two are one of them.
  std::string fill(llvm::StringRef text) const;
  /// Lines of a documentation comment, or of another, broken at 80 columns.
  static std::string comment(unsigned indent, llvm::StringRef text,
                             llvm::StringRef start = "///");
  bool hasWeights() const { return model.matrix_count != 0; }

private:
  std::string describeArrays(unsigned indent) const;
  std::string printParameters(llvm::StringRef head, bool isMethod,
                              unsigned indent, llvm::StringRef tail) const;
  std::string printMethod() const;
  std::string describeChip() const;

  const CppParts &parts;
  const aimc_model &model;
  const CppProjectOptions &options;
  CppSignature signature;
  std::map<std::string, std::string, std::less<>> words;
};

} // namespace aimc

#endif // AIMC_LIB_TARGET_CPP_PROJECTPRINTER_H
