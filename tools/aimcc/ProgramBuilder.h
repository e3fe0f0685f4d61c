//===- ProgramBuilder.h - From C++ to programs ------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Calls the C++ compiler on an emitted program and links it with the runtime.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TOOLS_AIMCC_PROGRAMBUILDER_H
#define AIMC_TOOLS_AIMCC_PROGRAMBUILDER_H

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace aimc {

/// A folder for the files of one compilation, removed with them at its end, or
/// when a signal ends the tool. One at a time in a process.
class TemporaryFolder {
public:
  TemporaryFolder() = default;
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;
  ~TemporaryFolder();

  /// Makes the folder, beside the path `near` if that is given. False and
  /// `error` when that fails.
  bool create(std::string &error, llvm::StringRef near = {});
  /// Removes the folder with all that is in it, at its end at the latest.
  void remove();
  /// The path of the folder.
  const std::string &getRoot() const { return folder; }
  /// The path of a file in it. All its files are asked for here.
  std::string getPath(llvm::StringRef name) const;

private:
  std::string folder;
};

/// A program or shared library to build.
struct ProgramOptions {
  std::vector<std::string> sources; ///< paths of files of C++ and assembly
  std::string output;               ///< path of the result
  std::string flags;   ///< more flags for the compiler, separated by blanks
  bool shared = false; ///< a shared library instead of a program
};

/// Builds a program with the compiler of the environment variable CXX, else
/// `c++`. The runtime's headers and library are found from the place of this
/// tool, `argv0`. False and `error` when that fails; the compiler's own errors
/// are on standard error.
bool buildProgram(const ProgramOptions &options, const char *argv0,
                  std::string &error);

/// The folder above that of this tool, `argv0`: the prefix it is installed in,
/// or the build tree.
std::string findPrefix(const char *argv0);

/// The first of `folders`, relative to `prefix`, in which `file` exists. Empty
/// and `error` when it is in none.
std::string findFolder(llvm::StringRef prefix,
                       std::initializer_list<llvm::StringRef> folders,
                       llvm::StringRef file, std::string &error);

} // namespace aimc

#endif // AIMC_TOOLS_AIMCC_PROGRAMBUILDER_H
