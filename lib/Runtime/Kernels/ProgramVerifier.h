//===- ProgramVerifier.h - Checks of row programs ---------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Models come from files; what is wrong with their programs is said before any
// of them runs.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_PROGRAMVERIFIER_H
#define AIMC_RUNTIME_KERNELS_PROGRAMVERIFIER_H

#include "aimc/Runtime/ABI.h"

#include <string>

namespace aimc::runtime {

/// What is wrong with a program, as one sentence that starts with its name, or
/// nothing. Checked are the numbering of the values, opcodes, operands, widths,
/// and that products use matrices of `model` without tiles.
std::string verifyProgram(const aimc_model &model, const aimc_program &program);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_PROGRAMVERIFIER_H
