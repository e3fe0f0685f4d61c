//===- ErrorBudget.h - Which effect costs what ------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a chip would compute without one of its error sources, for each of them.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_RUNNER_ERRORBUDGET_H
#define AIMC_LIB_RUNTIME_RUNNER_ERRORBUDGET_H

#include "Runtime/Runner/Report.h"

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>
#include <string>
#include <vector>

namespace aimc::runtime {

/// The effects that the model's target has when `without` are left out, in the
/// order of Effects.def. `model` has a target that can be read.
std::vector<std::string>
presentEffects(const aimc_model &model,
               const std::vector<std::string> &without);

/// The budget as an array of objects: all effects first, then the chip without
/// each, then the exact device.
nlohmann::ordered_json jsonBudget(const Findings &findings,
                                  const RunOptions &options);

/// The budget as a table.
void textBudget(const Findings &findings, const RunOptions &options,
                std::ostream &out);

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_RUNNER_ERRORBUDGET_H
