//===- Passes.h - Passes made of upstream passes ----------------*- C++ -*-===//
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

#ifndef AIMC_LIB_PIPELINES_PASSES_H
#define AIMC_LIB_PIPELINES_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

#include <memory>

namespace aimc {
#define GEN_PASS_DECL
#include "Pipelines/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "Pipelines/Passes.h.inc"
} // namespace aimc

#endif // AIMC_LIB_PIPELINES_PASSES_H
