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

namespace aimc::runtime {

/// Keeps one sentence, `start` and `rest`, for aimc_last_error of this thread;
/// where there is no memory for it, one that says so.
void setLastError(const char *start, const char *rest = "") noexcept;

/// Forgets the sentence of an earlier call.
void clearLastError() noexcept;

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_RUNNER_LASTERROR_H
