//===- SyntaxCheck.h - Whether a text is proper JSON ------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the tree of values of the JSON library no longer shows.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_TARGET_SYNTAXCHECK_H
#define AIMC_LIB_RUNTIME_TARGET_SYNTAXCHECK_H

#include "aimc/Runtime/TextPlace.h"

#include <string>
#include <string_view>

namespace aimc::runtime {

/// Checks syntax, numbers beyond the range of a double, fields given twice, and
/// nesting deeper than 16 levels. Returns one sentence on the first error and
/// sets its place, or nothing.
std::string checkSyntax(std::string_view text, TextPlace &place);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_TARGET_SYNTAXCHECK_H
