//===- Output.h - Files that tools write ------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Results go to a file that appears when it is whole, or to standard output.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_DRIVER_OUTPUT_H
#define AIMC_LIB_DRIVER_OUTPUT_H

#include "aimc/Runtime/Files.h"

#include "mlir/IR/BuiltinOps.h"

#include <memory>
#include <string>

namespace aimc {

/// A file, or standard output.
class Output {
public:
  ~Output();

  /// Opens `path` (-: standard output), so that a place that cannot be written
  /// to is found before any work is done. Null and `error` otherwise. A signal
  /// that ends the tool removes what was not committed.
  static std::unique_ptr<Output> create(const std::string &path,
                                        std::string &error);

  /// Writes the whole content and gives the file its name.
  bool commit(llvm::StringRef bytes, std::string &error);

  /// Writes the whole content of a file, not standard output, that gets its
  /// name from `commit` without bytes: so that several appear together.
  bool write(llvm::StringRef bytes, std::string &error);
  bool commit(std::string &error);

private:
  std::unique_ptr<runtime::OutputFile> file; ///< null: standard output
};

/// The text of a module, or its bytecode when the text is over 1 MB and `text`
/// is not set.
std::string serializeModule(mlir::ModuleOp module, bool text);

} // namespace aimc

#endif // AIMC_LIB_DRIVER_OUTPUT_H
