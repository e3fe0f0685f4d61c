//===- Passes.h - Passes of the aimc dialect -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Declarations and registration, generated from Passes.td.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_TRANSFORMS_PASSES_H
#define AIMC_DIALECTS_AIMC_TRANSFORMS_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

#include <memory>

namespace aimc {
#define GEN_PASS_DECL
#include "AIMC/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_TRANSFORMS_PASSES_H
