//===- Main.h - Command line of a compiled program ----------------*- C -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the `main` of an emitted program calls: the options, files and reports
// of `aimc-run`, on a model the program holds as constants.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_MAIN_H
#define AIMC_RUNTIME_MAIN_H

#include "aimc/Runtime/ABI.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Runs `model` as the options of the command line ask. Returns the exit code:
/// 0, or 1 after one sentence on standard error. A null `model` is the error
/// that the function which gave it left (aimc_last_error).
int aimc_main(int argc, char **argv, const aimc_model *model);

#ifdef __cplusplus
}
#endif

#endif // AIMC_RUNTIME_MAIN_H
