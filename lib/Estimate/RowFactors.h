//===- RowFactors.h - Rows of matrices per input vector ---------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model may cut each row that it is given into several, as the heads of
// attention, and work on them in loops: the cost of a vector counts them all.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ESTIMATE_ROWFACTORS_H
#define AIMC_LIB_ESTIMATE_ROWFACTORS_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/DenseMap.h"

#include <optional>

namespace aimc {

/// The loops around `op` that run it a number of times that is known,
/// multiplied; one that is not counts as once (findUncountedLoop).
double countIterations(mlir::Operation *op);

/// A loop around some operation of `module` that takes time, whose number of
/// iterations is not known before it runs; null if there is none.
mlir::Operation *findUncountedLoop(mlir::ModuleOp module);

/// Emits an error at a loop of `module` whose operations run more than 2^24
/// times for each time that the function runs: sums of their cost would not
/// stay whole numbers.
mlir::LogicalResult verifyIterations(mlir::ModuleOp module);

/// How many rows an operation works on for each row of the arguments, which are
/// all taken to have as many. Sizes are followed through views, products and
/// digital work, on tensors and on the buffers of runtime calls.
class RowFactors {
public:
  /// The rows of the matrices that `op` computes, or writes, for each row of
  /// the arguments; 1 where they come from what is not known.
  double get(mlir::Operation *op) { return getRowsOfResult(op).value_or(1); }

  /// The same of all iterations of the loops around `op`.
  double getOfAllIterations(mlir::Operation *op) {
    return get(op) * countIterations(op);
  }

private:
  /// The values of a tensor or buffer for each row of the arguments; nothing
  /// while they are being followed, or when they come from what is not known.
  std::optional<double> getValues(mlir::Value value);
  std::optional<double> computeValues(mlir::Value value);
  std::optional<double> getRows(mlir::Value matrix);
  std::optional<double> getWrittenValues(mlir::Value buffer);
  std::optional<double> getRowsOfResult(mlir::Operation *op);

  llvm::DenseMap<mlir::Value, std::optional<double>> known;
};

} // namespace aimc

#endif // AIMC_LIB_ESTIMATE_ROWFACTORS_H
