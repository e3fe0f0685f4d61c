//===- RowFactors.cpp - Rows of matrices per input vector -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Views keep the number of values; products and digital work keep rows. Loops
// are counted by their bounds, where these are constants.
//
//===----------------------------------------------------------------------===//

#include "Estimate/RowFactors.h"

#include "AIMC/IR/AIMC.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace aimc;

double aimc::countIterations(Operation *op) {
  double iterations = 1;
  for (auto loop = op->getParentOfType<scf::ForOp>(); loop;
       loop = loop->getParentOfType<scf::ForOp>())
    if (std::optional<llvm::APInt> trips = loop.getStaticTripCount())
      iterations *= trips->roundToDouble(/*isSigned=*/false);
  return iterations;
}

Operation *aimc::findUncountedLoop(ModuleOp module) {
  Operation *found = nullptr;
  module.walk([&](LoopLikeOpInterface loop) {
    const bool takesTime =
        loop->walk([](Operation *op) {
              return op->getDialect() && isa<AIMCDialect>(op->getDialect())
                         ? WalkResult::interrupt()
                         : WalkResult::advance();
            })
            .wasInterrupted();
    auto counted = dyn_cast<scf::ForOp>(loop.getOperation());
    if (takesTime && (!counted || !counted.getStaticTripCount()))
      found = loop;
    return found ? WalkResult::interrupt() : WalkResult::advance();
  });
  return found;
}

LogicalResult aimc::verifyIterations(ModuleOp module) {
  constexpr double most = 1 << 24;
  return failure(module
                     .walk([&](scf::ForOp loop) {
                       const double iterations =
                           countIterations(loop.getBody()->getTerminator());
                       if (iterations <= most)
                         return WalkResult::advance();
                       loop.emitOpError("expects at most ")
                           << static_cast<int64_t>(most)
                           << " iterations with those of loops around it, but "
                              "got more";
                       return WalkResult::interrupt();
                     })
                     .wasInterrupted());
}

/// The product of the sizes of `value` that are known, without the rows of a
/// matrix.
static double getStaticSize(Value value) {
  double size = 1;
  ArrayRef<int64_t> shape = cast<ShapedType>(value.getType()).getShape();
  for (int64_t each : shape.size() == 2 ? shape.drop_front() : shape)
    if (!ShapedType::isDynamic(each))
      size *= static_cast<double>(each);
  return size;
}

/// The values from row to row of a view.
static double getRowStride(memref::ReinterpretCastOp view) {
  int64_t stride = view.getType().getStridesAndOffset().first.front();
  return ShapedType::isDynamic(stride) || stride <= 0
             ? getStaticSize(view.getResult())
             : static_cast<double>(stride);
}

std::optional<double> RowFactors::getRows(Value matrix) {
  std::optional<double> values = getValues(matrix);
  if (!values)
    return std::nullopt;
  return *values / getStaticSize(matrix);
}

std::optional<double> RowFactors::getValues(Value value) {
  if (auto [entry, isNew] = known.try_emplace(value, std::nullopt); !isNew)
    return entry->second;
  return known[value] = computeValues(value);
}

std::optional<double> RowFactors::computeValues(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op) {
    auto argument = cast<BlockArgument>(value);
    if (auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp()))
      return getValues(loop.getTiedLoopInit(argument)->get());
    return getStaticSize(value);
  }
  if (isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp, tensor::CastOp,
          memref::CastOp>(op))
    return getValues(op->getOperand(0));
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    std::optional<double> values = getValues(slice.getSource());
    if (!values)
      return std::nullopt;
    return *values * getStaticSize(value) / getStaticSize(slice.getSource());
  }
  if (auto view = dyn_cast<memref::ReinterpretCastOp>(op)) {
    std::optional<double> values = getValues(view.getSource());
    if (!values)
      return std::nullopt;
    return *values / getRowStride(view) * getStaticSize(value);
  }
  if (isa<memref::AllocOp>(op))
    return getWrittenValues(value);
  std::optional<double> rows = getRowsOfResult(op);
  if (!rows)
    return std::nullopt;
  return *rows * getStaticSize(value);
}

/// The rows of the results of `op`, which computes matrices.
std::optional<double> RowFactors::getRowsOfResult(Operation *op) {
  auto divide = [](std::optional<double> rows, int64_t heads) {
    return rows ? std::optional(*rows / static_cast<double>(heads)) : rows;
  };
  if (auto attention = dyn_cast<AttentionOp>(op))
    return divide(getRows(attention.getQueries()), attention.getHeads());
  if (auto attention = dyn_cast<RtAttentionOp>(op))
    return divide(getRows(attention.getQueries()), attention.getHeads());
  // Others have the rows of what they read.
  std::optional<double> rows;
  op->walk([&](Operation *nested) {
    for (OpOperand &operand : nested->getOpOperands()) {
      auto destination = dyn_cast<DestinationStyleOpInterface>(nested);
      auto type = dyn_cast<ShapedType>(operand.get().getType());
      bool isRead = !destination || !destination.isDpsInit(&operand);
      bool isOutside =
          op == nested ||
          !op->isAncestor(operand.get().getParentRegion()->getParentOp());
      if (isRead && isOutside && type && type.hasRank() &&
          type.getRank() == 2 && !rows)
        rows = getRows(operand.get());
    }
  });
  return rows;
}

/// The values of a buffer by what is written to it.
std::optional<double> RowFactors::getWrittenValues(Value buffer) {
  for (OpOperand &use : buffer.getUses()) {
    Operation *user = use.getOwner();
    if (auto view = dyn_cast<memref::ReinterpretCastOp>(user)) {
      if (std::optional<double> values = getWrittenValues(view.getResult()))
        return *values / getStaticSize(view.getResult()) * getRowStride(view);
      continue;
    }
    auto effects = dyn_cast<MemoryEffectOpInterface>(user);
    SmallVector<MemoryEffects::EffectInstance> instances;
    if (effects)
      effects.getEffectsOnValue(buffer, instances);
    bool isWritten = llvm::any_of(instances, [](auto &instance) {
      return isa<MemoryEffects::Write>(instance.getEffect());
    });
    if (!isWritten)
      continue;
    if (std::optional<double> rows = getRowsOfResult(user))
      return *rows * getStaticSize(buffer);
  }
  return std::nullopt;
}
