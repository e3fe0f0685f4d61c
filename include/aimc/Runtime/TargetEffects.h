//===- TargetEffects.h - Error sources of a target --------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The error sources of a chip by name, and the description of a chip without
// some of them. The simulator has no switches: leaving out an effect is a run
// on the edited description.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_TARGETEFFECTS_H
#define AIMC_RUNTIME_TARGETEFFECTS_H

#include "aimc/Runtime/TargetDescription.h"

#include <optional>
#include <string>
#include <vector>

namespace aimc::runtime {

/// An error source, as docs/Numerics.md describes it.
struct TargetEffect {
  const char *name;    ///< say "programming_noise"
  const char *summary; ///< what it is, for help texts
  /// Whether a chip has it.
  bool (*isPresent)(const TargetDescription &target);
  /// Makes the chip one without it.
  void (*remove)(TargetDescription &target);
};

/// All effects in the order of the signal's way through the chip.
const std::vector<TargetEffect> &targetEffects();

/// `target` without the effects of these names; those it does not have change
/// nothing. The figures for reports (`figures`) stay those that were read. On
/// an unknown name returns nothing and sets `error` to one sentence.
std::optional<TargetDescription>
withoutEffects(TargetDescription target, const std::vector<std::string> &names,
               std::string &error);

/// What is wrong with these names, as one sentence without a subject
/// ("expects one of ..., but got 'x'"), or nothing.
std::string checkEffects(const std::vector<std::string> &names);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_TARGETEFFECTS_H
