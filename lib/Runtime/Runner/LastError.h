//===- LastError.h - The last error of a thread -----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the calls of Model.h and the loading of weights leave for
// aimc_last_error.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_RUNNER_LASTERROR_H
#define AIMC_LIB_RUNTIME_RUNNER_LASTERROR_H

#include <string>

namespace aimc::runtime {

/// Keeps one sentence for aimc_last_error of this thread.
void setLastError(const std::string &sentence);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_RUNNER_LASTERROR_H
