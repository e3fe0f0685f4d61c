//===- Verification.h - Checks shared by several operations -----*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Internal to the dialect's verifiers.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_KERNEL_IR_VERIFICATION_H
#define AIMC_DIALECTS_KERNEL_IR_VERIFICATION_H

#include "Kernel/IR/Kernel.h"

#include <optional>

namespace aimc::kernel {

/// The value of `epsilon` where it is not given.
constexpr double defaultEpsilon = 1e-3;

/// Verifies that `epsilon` is given for map `relu` alone, finite and not
/// negative; emits at `op`.
mlir::LogicalResult verifyEpsilon(mlir::Operation *op, Map map,
                                  std::optional<llvm::APFloat> epsilon);

} // namespace aimc::kernel

#endif // AIMC_DIALECTS_KERNEL_IR_VERIFICATION_H
