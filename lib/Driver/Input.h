//===- Input.h - Files that tools read --------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Modules before they are parsed.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_DRIVER_INPUT_H
#define AIMC_LIB_DRIVER_INPUT_H

#include "llvm/ADT/StringRef.h"

#include <memory>
#include <string>

namespace llvm {
class MemoryBuffer;
} // namespace llvm

namespace aimc {

/// Brackets of any kind around each other in the text of a module, and minus
/// signs in a row, are at most this many.
inline constexpr int deepestNesting = 256;

/// The bracket or minus sign of `text` that nests deeper than `deepestNesting`,
/// or null. Comments and strings do not count; bytecode has none.
///
/// The parser recurses, and would run out of stack some thousands deep.
const char *findTooDeep(llvm::StringRef text);

/// Opens the module, text or bytecode, of the file at `path` (-: standard
/// input). Null after an error on standard error: `tool: error: …`, or
/// `file:line:col: error: …` when it nests too deep to be parsed.
std::unique_ptr<llvm::MemoryBuffer> openModule(const std::string &tool,
                                               llvm::StringRef path);

} // namespace aimc

#endif // AIMC_LIB_DRIVER_INPUT_H
