//===- ProjectFolder.h - A folder that is written whole ---------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A project appears under its name when all its files are there, in place of an
// earlier one; nobody else's files are touched.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TOOLS_AIMCC_PROJECTFOLDER_H
#define AIMC_TOOLS_AIMCC_PROJECTFOLDER_H

#include "ProgramBuilder.h"

namespace aimc {

/// The folder of a project while it is written.
class ProjectFolder {
public:
  /// Makes a folder beside `path` to write to. `path` must not exist, or be
  /// empty, or hold a project of aimcc and nothing else. False and `error`
  /// otherwise.
  bool create(llvm::StringRef path, std::string &error);

  /// Where files are until `commit`.
  const TemporaryFolder &getFolder() const { return folder; }

  /// Writes a file of the project.
  bool write(llvm::StringRef name, llvm::StringRef bytes, std::string &error);

  /// Copies the folder `source` and all in it, and gives the project its name.
  /// `source` may be empty: there is none.
  bool commit(llvm::StringRef source, llvm::StringRef name, std::string &error);

private:
  TemporaryFolder folder;
  std::string path;
};

} // namespace aimc

#endif // AIMC_TOOLS_AIMCC_PROJECTFOLDER_H
