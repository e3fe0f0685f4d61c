//===- TemporaryFiles.h - Files that a signal removes -----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The temporary files of a process. Who owns the process may ask that a signal
// which ends it removes them: removeTemporaryFilesOnSignals of Files.h.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_FILES_TEMPORARYFILES_H
#define AIMC_RUNTIME_FILES_TEMPORARYFILES_H

#include <string>

namespace aimc::runtime {

/// Makes `path` one of them; when there are very many already, it is not.
void addTemporaryFile(const std::string &path);

/// It is none any more; does nothing when it was not.
void forgetTemporaryFile(const std::string &path);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_FILES_TEMPORARYFILES_H
