//===- WorkCounter.cpp - The digital work of operations -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts multiply-adds, elementary functions and other values.
//
//===----------------------------------------------------------------------===//

#include "Estimate/WorkCounter.h"

#include "AIMC/Utils/DigitalWork.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace aimc;

/// Whether a digital machine computes `op` by a series or a table.
static bool isElementaryFunction(Operation *op) {
  return isa_and_nonnull<math::MathDialect>(op->getDialect()) &&
         !isa<math::AbsFOp, math::FmaOp>(op);
}

/// Adds `count` results of `op`, which is no product.
static void addResults(Operation *op, int64_t count, WorkCount &work) {
  (isElementaryFunction(op) ? work.elementaryFunctions : work.values) += count;
}

WorkCount WorkCounter::count(ProgramOp program) {
  auto [entry, isNew] = workOfProgram.try_emplace(program);
  if (!isNew)
    return entry->second;
  WorkCount work;
  for (Operation &op : program.getBody().front().without_terminator()) {
    // Constants and copies compute nothing.
    if (isa<arith::ConstantOp, vector::BroadcastOp, ConcatenateOp>(op))
      continue;
    auto widthOf = [](Value row) {
      auto type = dyn_cast<VectorType>(row.getType());
      return type ? type.getNumElements() : 1;
    };
    if (auto product = dyn_cast<ProductOp>(op))
      work.multiplyAdds +=
          widthOf(product.getInput()) * widthOf(product.getResult());
    else if (auto sum = dyn_cast<vector::ReductionOp>(op))
      work.values += widthOf(sum.getVector());
    else
      addResults(&op, widthOf(op.getResult(0)), work);
  }
  return entry->second = work;
}

/// The work of `op`, an operation on tensors, for each row.
static FailureOr<WorkCount> countWork(Operation *op) {
  auto refuse = [&] {
    return op->emitOpError("expects sizes that are known but for the rows of "
                           "the batch, but got a dynamic one");
  };
  WorkCount work;
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp) {
    auto type = dyn_cast_or_null<RankedTensorType>(
        op->getNumResults() == 1 ? op->getResult(0).getType() : Type());
    if (!type || !OpTrait::hasElementwiseMappableTraits(op))
      return work;
    int64_t values = 1;
    for (int64_t size : type.getShape().drop_front(type.getRank() ? 1 : 0)) {
      if (ShapedType::isDynamic(size))
        return refuse();
      values *= size;
    }
    addResults(op, values, work);
    return work;
  }
  const bool isProduct = isMatrixProduct(linalgOp);
  SmallVector<Operation *> body;
  for (Operation &nested : linalgOp.getBlock()->without_terminator())
    if (!isa<arith::ConstantOp, linalg::IndexOp>(nested))
      body.push_back(&nested);
  if (body.empty())
    return work;
  // The rows of the batch are the first dimension of the result.
  AffineMap map = linalgOp.getIndexingMapsArray().back();
  AffineExpr batch = map.getNumResults() ? map.getResult(0) : AffineExpr();
  int64_t iterations = 1;
  for (auto [loop, size] : llvm::enumerate(linalgOp.getStaticLoopRanges())) {
    if (batch && batch.isFunctionOfDim(loop))
      continue;
    if (ShapedType::isDynamic(size))
      return refuse();
    iterations *= size;
  }
  // A matrix product is a multiply and an add, one multiply-add.
  if (isProduct) {
    work.multiplyAdds = iterations;
    return work;
  }
  for (Operation *nested : body)
    addResults(nested, iterations, work);
  return work;
}

/// The work of attention for each row of its result, as if there were as many
/// keys as queries: each key adds to a sum of D x (dv + 1) values, each query
/// multiplies with it and divides.
template <typename OpTy> static WorkCount countAttention(OpTy op) {
  auto getColumns = [](Value matrix) {
    return cast<ShapedType>(matrix.getType()).getDimSize(1);
  };
  int64_t heads = op.getHeads(), features = getColumns(op.getQueries());
  int64_t values = getColumns(op.getValues()) / heads, sums = values + 1;
  WorkCount work;
  work.multiplyAdds = heads * 2 * features * sums;
  work.values = heads * values;
  // The largest log scale, the difference to it, its exponential, its product
  // with the values.
  if (op.getLogScale()) {
    work.values += heads * (2 + sums);
    work.elementaryFunctions += heads;
  }
  return work;
}

WorkCount WorkCounter::count(AttentionOp op) { return countAttention(op); }

WorkCount WorkCounter::count(RtAttentionOp op) { return countAttention(op); }

/// The work of an exact kernel: one elementary function a result where the
/// kernel has one, and the rest as multiply-adds.
WorkCount WorkCounter::count(GramOp op) {
  WorkCount work;
  if (op.getKernel() != Kernel::linear)
    work.elementaryFunctions =
        cast<ShapedType>(op.getInit().getType()).getDimSize(1);
  work.multiplyAdds = op.countValues() - work.elementaryFunctions;
  return work;
}

FailureOr<WorkCount> WorkCounter::count(DigitalOp digital) {
  WorkCount work;
  for (Operation &op : digital.getBody().front().without_terminator()) {
    FailureOr<WorkCount> added = countWork(&op);
    if (failed(added))
      return failure();
    work.add(*added);
  }
  return work;
}
