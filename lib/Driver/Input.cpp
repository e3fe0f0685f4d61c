//===- Input.cpp - Files that tools read ----------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One pass over the characters, which knows no more of the syntax than
// brackets, strings and comments.
//
//===----------------------------------------------------------------------===//

#include "Driver/Input.h"

#include "mlir/Bytecode/BytecodeReader.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>

using namespace aimc;

/// The end of the string that begins at the quote `at`.
static const char *skipString(const char *at, const char *end) {
  for (++at; at < end && *at != '"' && *at != '\n'; ++at)
    if (*at == '\\' && at + 1 < end)
      ++at;
  return std::min(at, end);
}

const char *aimc::findTooDeep(llvm::StringRef text) {
  int depth = 0, signs = 0;
  const char *end = text.end();
  for (const char *at = text.begin(); at < end; ++at) {
    char next = at + 1 < end ? at[1] : '\0';
    switch (*at) {
    case '"':
      at = skipString(at, end);
      break;
    case '/':
      if (next == '/')
        at = std::find(at, end, '\n');
      break;
    case '(':
    case '[':
    case '{':
      ++depth;
      break;
    case '<':
      // Not of a comparison.
      depth += next != '=';
      break;
    case ')':
    case ']':
    case '}':
      depth = std::max(depth - 1, 0);
      break;
    case '>':
      if (next != '=')
        depth = std::max(depth - 1, 0);
      break;
    case '-':
      if (next == '>')
        ++at;
      else
        ++signs;
      break;
    default:
      break;
    }
    if (at == end)
      break;
    if (*at != '-' && !llvm::isSpace(*at))
      signs = 0;
    if (depth > deepestNesting || signs > deepestNesting)
      return at;
  }
  return nullptr;
}

std::unique_ptr<llvm::MemoryBuffer> aimc::openModule(const std::string &tool,
                                                     llvm::StringRef path) {
  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> file = mlir::openInputFile(path, &error);
  if (!file) {
    llvm::errs() << tool << ": error: " << error << "\n";
    return nullptr;
  }
  if (mlir::isBytecode(*file))
    return file;
  llvm::StringRef text = file->getBuffer();
  const char *deep = findTooDeep(text);
  if (!deep)
    return file;
  llvm::StringRef before = text.take_front(deep - text.begin());
  size_t lineStart = before.rfind('\n') + 1;
  llvm::errs() << file->getBufferIdentifier() << ":" << before.count('\n') + 1
               << ":" << before.size() - lineStart + 1
               << ": error: expects at most " << deepestNesting
               << " brackets around each other and signs in a row, but got "
                  "more\n";
  return nullptr;
}
