//===- CppProject.h - Models as projects ------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A folder that builds a model as a library, with a C++ class and a C function
// in its header, and as a program with the command line of aimc-run.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_TARGET_CPP_CPPPROJECT_H
#define AIMC_LIB_TARGET_CPP_CPPPROJECT_H

#include "Target/Cpp/CppEmitter.h"

namespace aimc {

/// How a project is emitted.
struct CppProjectOptions {
  std::string entry; ///< public function to run; empty: the only one
  std::string name; ///< an identifier: what the names of the project begin with
  /// SideFile: loaded at run time from beside the program; else linked in.
  WeightStorage weights = WeightStorage::Object;
  /// The file of weights as the assembler or the program opens it.
  std::string weightsFile;
  bool standalone = false; ///< with the runtime's sources in the folder runtime
};

/// The texts of the files of a project, but for its weights and the runtime.
struct CppProject {
  std::string header;   ///< model.h
  std::string source;   ///< model.cpp
  std::string tables;   ///< model_tables.h
  std::string main;     ///< main.cpp
  std::string assembly; ///< model_weights.S; empty when there is none
  std::string cmake;    ///< CMakeLists.txt
  std::string script;   ///< build.sh; empty unless standalone
  std::string exports;  ///< exports.map; empty unless standalone
  std::string readme;   ///< README.md
};

/// The first line of the CMakeLists.txt of every project.
inline constexpr llvm::StringLiteral cppProjectMark =
    "# Emitted by aimcc --emit=project; do not edit.";

/// The name of a project in a folder of this name: an identifier, and none that
/// CMake keeps for itself.
std::string toCppProjectName(llvm::StringRef folder);

/// Prints `module` as a project, and its weights to `blob`.
mlir::FailureOr<CppProject> emitCppProject(mlir::ModuleOp module,
                                           const CppProjectOptions &options,
                                           llvm::raw_ostream &blob);

} // namespace aimc

#endif // AIMC_LIB_TARGET_CPP_CPPPROJECT_H
