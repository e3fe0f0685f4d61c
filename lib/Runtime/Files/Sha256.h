//===- Sha256.h - Checksums of files ----------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// SHA-256 (FIPS 180-4), to tell that a file of weights is the one a program was
// made with.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_FILES_SHA256_H
#define AIMC_LIB_RUNTIME_FILES_SHA256_H

#include <string>
#include <string_view>

namespace aimc::runtime {

/// The SHA-256 of `bytes` in lower-case hexadecimal.
std::string sha256(std::string_view bytes);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_FILES_SHA256_H
