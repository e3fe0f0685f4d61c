//===- DigitalWork.h - What an operation asks of a digital unit -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operations on tensors as instructions of the runtime's table, by which a
// target says what its units can do.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_UTILS_DIGITALWORK_H
#define AIMC_DIALECTS_AIMC_UTILS_DIGITALWORK_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Operation.h"

#include "llvm/ADT/SetVector.h"

namespace aimc {

/// The instruction of RuntimeTable.json for the MLIR operation of this name,
/// say `cosine` for `math.cos`; empty when there is none.
llvm::StringRef getInstruction(llvm::StringRef operation);

/// Whether all values of `tensor` are zero.
bool isZero(mlir::Value tensor);

/// What joins the values of a row to output `index` of `op`, which has a
/// reduction: the addition or maximum that is all its body does with the
/// running output. Null when there is none.
mlir::Operation *getReduction(mlir::linalg::LinalgOp op, unsigned index);

/// Whether `reduction`, found by `getReduction`, leaves all values as they are
/// when it starts from `start`.
bool isNeutral(mlir::Operation *reduction, const llvm::APFloat &start);

/// Whether `op` is the product of a batch with one matrix, in any order of
/// loops and dimensions: its body adds the product of its two inputs to its
/// output and does nothing else. Upstream's contractions may also negate, round
/// or convert in their body.
bool isMatrixProduct(mlir::linalg::LinalgOp op);

/// What an operation on tensors asks of a digital unit.
struct DigitalWork {
  /// Instructions, in the order in which they are first used.
  llvm::SmallSetVector<llvm::StringRef, 4> instructions;
  /// Whether a result depends on other columns of its row, as a sum does.
  bool crossesColumns = false;
};

/// The work of `op`, which has a tensor result or is an `aimc.gram`; attention
/// counts as products and what normalises them. Emits at `op` when it has no
/// instructions, or its elements are not f32.
mlir::FailureOr<DigitalWork> getDigitalWork(mlir::Operation *op);

/// Whether `op` gives values of its operand another shape, or some of them.
bool isView(mlir::Operation *op);

/// Whether `op` leaves each row of its operand as it is, though its type may
/// change: a cast, or a number per row that becomes a column or was one.
bool keepsRows(mlir::Operation *op);

/// Whether `op` computes tensors and is no constant, size, destination, view,
/// control flow, call or operation of the aimc dialect: work that a digital
/// unit must do.
bool isDigitalWork(mlir::Operation *op);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_UTILS_DIGITALWORK_H
