//===- ModelVerifier.h - Checks before programming --------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What must hold before a device may trust a model's tables.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_MODELVERIFIER_H
#define AIMC_RUNTIME_DEVICES_MODELVERIFIER_H

#include "aimc/Runtime/ABI.h"
#include "aimc/Runtime/TargetDescription.h"

#include <string>

namespace aimc::runtime {

/// One sentence if `model` is of another ABI version, or nothing. Reads nothing
/// else of it, since another version may have another layout.
std::string verifyVersion(const aimc_model &model);

/// One sentence if the entry, the name, the tables or the parameters of
/// `model`, of this ABI version, cannot be used, or nothing. What is in the
/// tables of matrices and programs is not read.
std::string verifyInterface(const aimc_model &model);

/// What is wrong with a `model` of this ABI version, as one sentence, or
/// nothing. Checked are its interface; that each matrix is finite and covered
/// exactly once by its tiles; that placed tiles do not overlap and, if `target`
/// is given, stand inside its cores and arrays; and the row programs.
std::string verifyModel(const aimc_model &model,
                        const TargetDescription *target);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_MODELVERIFIER_H
