//===- BuiltinTargets.h - The embedded descriptions -------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tables that the build generates from the JSON files of this folder and of
// baselines.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_RUNTIME_TARGET_BUILTINTARGETS_H
#define AIMC_LIB_RUNTIME_TARGET_BUILTINTARGETS_H

namespace aimc::runtime {

/// A description as it stands in its file.
struct BuiltinTarget {
  const char *name;
  const char *json;
};

/// The built-in targets, sorted by name.
const BuiltinTarget *builtinTargetsBegin();
const BuiltinTarget *builtinTargetsEnd();

/// The built-in baselines, sorted by name.
const BuiltinTarget *builtinBaselinesBegin();
const BuiltinTarget *builtinBaselinesEnd();

} // namespace aimc::runtime

#endif // AIMC_LIB_RUNTIME_TARGET_BUILTINTARGETS_H
