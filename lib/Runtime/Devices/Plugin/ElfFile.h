//===- ElfFile.h - Whether a shared library is whole ------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The loader maps what the headers of a library tell, also beyond the end of
// its file, and the process dies of a signal when it reads there. So the file's
// size is compared with them before.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_PLUGIN_ELFFILE_H
#define AIMC_RUNTIME_DEVICES_PLUGIN_ELFFILE_H

#include <string>

namespace aimc::runtime {

/// What a 64-bit little-endian ELF file at `path` lacks of what its headers
/// tell of it, as one sentence without a subject ("expects a whole library, but
/// got one that ends after 5000 of 16432 bytes"), or nothing: also for a file
/// that cannot be read, or of another format, which the loader refuses.
std::string checkWholeElf(const std::string &path);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_PLUGIN_ELFFILE_H
