//===- Bufferize.cpp - From tensors to buffers ----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-bufferize: upstream's bufferization with the settings of this project.
//
//===----------------------------------------------------------------------===//

#include "Pipelines/Passes.h"

#include "mlir/Conversion/BufferizationToMemRef/BufferizationToMemRef.h"
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace aimc {
#define GEN_PASS_DEF_AIMCBUFFERIZEPASS
#include "Pipelines/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

namespace {
class BufferizePass : public aimc::impl::AIMCBufferizePassBase<BufferizePass> {
public:
  void runOnOperation() override;

private:
  /// The passes, built once: the textual form of a pipeline must not depend on
  /// the module.
  LogicalResult initialize(MLIRContext *) override;
  OpPassManager pipeline{ModuleOp::getOperationName()};
};
} // namespace

LogicalResult BufferizePass::initialize(MLIRContext *) {
  pipeline = OpPassManager(ModuleOp::getOperationName());
  pipeline.addPass(bufferization::createEmptyTensorEliminationPass());
  bufferization::OneShotBufferizePassOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  pipeline.addPass(bufferization::createOneShotBufferizePass(options));
  pipeline.addPass(createCanonicalizerPass());
  pipeline.addPass(createCSEPass());
  bufferization::buildBufferDeallocationPipeline(pipeline);
  pipeline.addPass(createConvertBufferizationToMemRefPass());
  pipeline.addPass(createCanonicalizerPass());
  pipeline.addNestedPass<func::FuncOp>(
      bufferization::createOptimizeAllocationLivenessPass());
  return success();
}

/// Whether `func` still computes on tensors.
static bool hasTensors(func::FuncOp func) {
  auto isTensor = [](Type type) { return isa<TensorType>(type); };
  return llvm::any_of(func.getFunctionType().getInputs(), isTensor) ||
         llvm::any_of(func.getFunctionType().getResults(), isTensor) ||
         func.walk([&](Operation *op) {
               return llvm::any_of(op->getResultTypes(), isTensor)
                          ? WalkResult::interrupt()
                          : WalkResult::advance();
             })
             .wasInterrupted();
}

/// A copy of `tensor` in a buffer of its own.
static Value createCopy(OpBuilder &builder, Location loc, Value tensor) {
  return bufferization::AllocTensorOp::create(
      builder, loc, cast<RankedTensorType>(tensor.getType()),
      /*dynamicSizes=*/ValueRange(), /*copy=*/tensor);
}

/// Gives each result of `func` a buffer of its own: its caller frees them all.
static void separateResults(func::FuncOp func) {
  func.walk([](func::ReturnOp op) {
    OpBuilder builder(op);
    llvm::SmallPtrSet<Value, 4> returned;
    for (OpOperand &operand : op->getOpOperands()) {
      if (!isa<RankedTensorType>(operand.get().getType()))
        continue;
      Value source = operand.get();
      while (isa_and_nonnull<tensor::CastOp, tensor::ExpandShapeOp,
                             tensor::CollapseShapeOp, tensor::ExtractSliceOp>(
          source.getDefiningOp()))
        source = source.getDefiningOp()->getOperand(0);
      if (!returned.insert(source).second)
        operand.set(createCopy(builder, op.getLoc(), operand.get()));
    }
  });
}

/// Makes `loop` keep each value that it carries in one buffer, as upstream asks
/// for: what an iteration yields is copied to where the next one reads it.
/// Upstream drops the copy when both are the same.
static void keepBuffers(scf::ForOp loop) {
  Operation *yield = loop.getBody()->getTerminator();
  OpBuilder builder(yield);
  SmallVector<std::pair<OpOperand *, Value>> carried;
  for (auto [operand, argument] :
       llvm::zip_equal(yield->getOpOperands(), loop.getRegionIterArgs()))
    if (isa<RankedTensorType>(argument.getType()) && operand.get() != argument)
      carried.push_back({&operand, argument});
  // Of several values one could be overwritten before it is read.
  if (carried.size() > 1)
    for (auto [operand, argument] : carried)
      operand->set(createCopy(builder, yield->getLoc(), operand->get()));
  for (auto [operand, argument] : carried)
    operand->set(bufferization::MaterializeInDestinationOp::create(
                     builder, yield->getLoc(), argument.getType(),
                     operand->get(), argument)
                     .getResult());
}

void BufferizePass::runOnOperation() {
  ModuleOp module = getOperation();
  if (llvm::none_of(module.getOps<func::FuncOp>(), hasTensors))
    return;
  // The inputs belong to the caller, who may use them again.
  auto writable = StringAttr::get(
      &getContext(), bufferization::BufferizationDialect::kWritableAttrName);
  for (auto func : module.getOps<func::FuncOp>())
    if (func.isPublic() && !func.isDeclaration())
      for (unsigned i = 0; i < func.getNumArguments(); ++i)
        if (isa<TensorType>(func.getArgumentTypes()[i]))
          func.setArgAttr(i, writable, BoolAttr::get(&getContext(), false));
  module.walk(separateResults);
  module.walk(keepBuffers);
  if (failed(runPipeline(pipeline, module)))
    signalPassFailure();
}
