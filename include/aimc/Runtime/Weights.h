//===- Weights.h - Weights in a file beside a program -------------*- C -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a program emitted with its weights in a side file loads them by.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_WEIGHTS_H
#define AIMC_RUNTIME_WEIGHTS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Reads the file `name` in the folder of the program or shared library that
/// holds the object at `anchor` into memory, which it keeps for the life of the
/// process, and checks the size in bytes and the SHA-256 (lower-case
/// hexadecimal) of what was read. Later calls for the same file and checksum
/// give the same values, whatever has become of the file. Returns the values,
/// FP32 in the byte order of the machine, or a null pointer after an error
/// (aimc_last_error).
const float *aimc_load_weights(const void *anchor, const char *name,
                               uint64_t size, const char *sha256);

#ifdef __cplusplus
}
#endif

#endif // AIMC_RUNTIME_WEIGHTS_H
