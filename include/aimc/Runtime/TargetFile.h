//===- TargetFile.h - Target descriptions with places of errors -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For tools that point at what is wrong in a description.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_TARGETFILE_H
#define AIMC_RUNTIME_TARGETFILE_H

#include "aimc/Runtime/TargetDescription.h"
#include "aimc/Runtime/TextPlace.h"

namespace aimc::runtime {

/// `TargetDescription::parse`, which on an error also sets `place`.
std::optional<TargetDescription>
parseTarget(std::string_view json, std::string &error, TextPlace &place);

/// `TargetDescription::load`, which on an error in a text sets `place` instead
/// of putting it before the sentence; line 0: there is no such text.
std::optional<TargetDescription> loadTarget(std::string_view nameOrPath,
                                            std::string &error,
                                            TextPlace &place,
                                            std::string *jsonText = nullptr);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_TARGETFILE_H
