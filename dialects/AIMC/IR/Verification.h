//===- Verification.h - Checks shared by several operations -*- C++ -*-===//
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

#ifndef AIMC_DIALECTS_AIMC_IR_VERIFICATION_H
#define AIMC_DIALECTS_AIMC_IR_VERIFICATION_H

#include "AIMC/IR/AIMC.h"

namespace aimc {

/// A size as text; `?` when it is not known.
std::string printSize(int64_t size);

/// Whether two sizes can be equal, as far as known.
bool compatible(int64_t lhs, int64_t rhs);

/// Verifies that the target of the enclosing module, if any, has a digital unit
/// of this name; emits at `op`.
mlir::LogicalResult verifyUnit(mlir::Operation *op, llvm::StringRef unit);

/// Verifies that `inputs` and `inits` of `op` have the number and widths of the
/// arguments and results of `program`; emits at `op`.
mlir::LogicalResult verifyProgramOperands(mlir::Operation *op,
                                          ProgramOp program,
                                          mlir::ValueRange inputs,
                                          mlir::ValueRange inits);

/// Verifies that operands are all tensors, with one result of the type of each
/// init, or all buffers, without results; emits at `op`.
mlir::LogicalResult verifyDestinations(mlir::DestinationStyleOpInterface op);

/// Adds the effects of a destination-style op on buffers: it reads inputs and
/// writes destinations.
void addBufferEffects(mlir::DestinationStyleOpInterface op,
                      llvm::SmallVectorImpl<mlir::SideEffects::EffectInstance<
                          mlir::MemoryEffects::Effect>> &effects);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_IR_VERIFICATION_H
