//===- OptionChecks.h - Options that fit a model ----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What can be wrong with a run before any file is read.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_RUNNER_OPTIONCHECKS_H
#define AIMC_LIB_RUNTIME_RUNNER_OPTIONCHECKS_H

#include "aimc/Runtime/Runner.h"

#include <string>

namespace aimc::runtime {

/// Whether `options` fit each other, the device and `model`, and no file is
/// written that is also read, or written twice. Sets `error` if not.
bool checkOptions(const aimc_model &model, const RunOptions &options,
                  std::string &error);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_RUNNER_OPTIONCHECKS_H
