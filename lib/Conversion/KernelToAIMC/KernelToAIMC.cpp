//===- KernelToAIMC.cpp - Kernel methods to products ----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// convert-kernel-to-aimc: a feature map is a projection on crossbars and a
// digital nonlinearity; attention has one for queries and one for keys; an
// exact kernel is digital work.
//
//===----------------------------------------------------------------------===//

#include "Conversion/KernelToAIMC/KernelToAIMC.h"

#include "AIMC/Utils/Matrices.h"
#include "AIMC/Utils/Rows.h"
#include "Conversion/KernelToAIMC/Constants.h"
#include "Conversion/KernelToAIMC/Features.h"
#include "Conversion/KernelToAIMC/Projection.h"
#include "Conversion/Passes.h"
#include "Kernel/IR/Kernel.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace aimc {
#define GEN_PASS_DEF_CONVERTKERNELTOAIMCPASS
#include "Conversion/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

namespace {
/// Lowers a feature map with constant Ω: the product with Ωᵀ on crossbars, then
/// the nonlinearity in digital operations.
struct ConvertFeatures : public OpRewritePattern<kernel::FeaturesOp> {
  ConvertFeatures(MLIRContext *context, Matrices &matrices)
      : OpRewritePattern(context), matrices(matrices) {}

  LogicalResult matchAndRewrite(kernel::FeaturesOp op,
                                PatternRewriter &rewriter) const override {
    Value input =
        loadConstant(rewriter, op.getLoc(), matrices, op.getInput(), "inputs");
    Value projection = input ? createProjection(rewriter, op.getLoc(), matrices,
                                                op.getOmega(), input)
                             : Value();
    if (!projection)
      return rewriter.notifyMatchFailure(op, "omega is not constant or has no "
                                             "valid data");
    DigitalBuilder digital(rewriter, op.getLoc());
    FeatureMap map = {op.getMap(), op.getOmega().getType().getDimSize(0),
                      op.getOffset(), op.getEffectiveEpsilon()};
    bool isStable = op.getStabiliser().value_or(kernel::Stabiliser::none) ==
                    kernel::Stabiliser::row;
    Value result = createFeatures(digital, map, isStable, input, projection);
    // The batch may be static on one side only.
    if (result.getType() != op.getType())
      result =
          tensor::CastOp::create(rewriter, op.getLoc(), op.getType(), result);
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  Matrices &matrices;
};

/// The kernel of the same name.
Kernel getKernel(kernel::Kernel kernel) {
  switch (kernel) {
  case kernel::Kernel::rbf:
    return Kernel::rbf;
  case kernel::Kernel::arccos0:
    return Kernel::arccos0;
  case kernel::Kernel::arccos1:
    return Kernel::arccos1;
  case kernel::Kernel::arccos2:
    return Kernel::arccos2;
  case kernel::Kernel::linear:
    return Kernel::linear;
  case kernel::Kernel::softmax:
    return Kernel::softmax;
  }
  llvm_unreachable("unknown kernel");
}

/// Lowers an exact kernel. Constant operands become weights, stored once, and
/// are loaded.
struct ConvertGram : public OpRewritePattern<kernel::GramOp> {
  ConvertGram(MLIRContext *context, Matrices &matrices)
      : OpRewritePattern(context), matrices(matrices) {}

  LogicalResult matchAndRewrite(kernel::GramOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value operands[] = {op.getX(), op.getY()};
    const StringRef names[] = {"inputs", "points"};
    for (auto [operand, name] : llvm::zip_equal(operands, names)) {
      operand = loadConstant(rewriter, loc, matrices, operand, name);
      if (!operand)
        return rewriter.notifyMatchFailure(op, "the points have no valid data");
    }
    Value init = createEmpty(rewriter, loc, operands[0],
                             op.getY().getType().getDimSize(0));
    Value result =
        GramOp::create(rewriter, loc, init.getType(), /*unit=*/nullptr,
                       KernelAttr::get(getContext(), getKernel(op.getKernel())),
                       op.getGammaAttr(), operands[0], operands[1], init)
            .getResult();
    if (result.getType() != op.getType())
      result = tensor::CastOp::create(rewriter, loc, op.getType(), result);
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  Matrices &matrices;
};

struct ConvertKernelToAIMCPass
    : public aimc::impl::ConvertKernelToAIMCPassBase<ConvertKernelToAIMCPass> {
  using ConvertKernelToAIMCPassBase::ConvertKernelToAIMCPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<Operation *> sources;
    DenseSet<Attribute> verified;
    auto verify = [&](Operation *op, ValueRange omegas) {
      for (Value omega : omegas) {
        std::optional<ConstantMatrix> matrix = matchConstantMatrix(omega);
        if (!matrix)
          return refuse(op, omega);
        sources.push_back(omega.getDefiningOp());
        if (verified.insert(matrix->value).second &&
            failed(verifyMatrix(matrix->source, matrix->value)))
          return failure();
      }
      return success();
    };
    WalkResult checked = module.walk([&](Operation *op) {
      if (auto features = dyn_cast<kernel::FeaturesOp>(op))
        return WalkResult(verify(op, features.getOmega()));
      if (auto attention = dyn_cast<kernel::AttentionOp>(op))
        return WalkResult(verify(op, attention.getOmegas()));
      return WalkResult::advance();
    });
    if (checked.wasInterrupted())
      return signalPassFailure();
    checked = module.walk([&](Operation *op) {
      for (Value operand : getBatches(op)) {
        std::optional<ConstantMatrix> constant = matchConstantRows(operand);
        if (!constant)
          continue;
        sources.push_back(operand.getDefiningOp());
        if (verified.insert(constant->value).second &&
            failed(verifyMatrix(constant->source, constant->value)))
          return WalkResult::interrupt();
      }
      return WalkResult::advance();
    });
    if (checked.wasInterrupted())
      return signalPassFailure();

    Matrices matrices(module);
    RewritePatternSet patterns(&getContext());
    populateKernelToAIMCPatterns(patterns, matrices);
    walkAndApplyPatterns(module, std::move(patterns));
    eraseDead(sources);
  }

private:
  /// The operands of a kernel operation that are batches of rows.
  static SmallVector<Value> getBatches(Operation *op) {
    if (auto features = dyn_cast<kernel::FeaturesOp>(op))
      return {features.getInput()};
    if (auto gram = dyn_cast<kernel::GramOp>(op))
      return {gram.getX(), gram.getY()};
    auto attention = dyn_cast<kernel::AttentionOp>(op);
    if (!attention)
      return {};
    SmallVector<Value> batches = {attention.getQuery(), attention.getKey(),
                                  attention.getValue()};
    if (attention.getMask())
      batches.push_back(attention.getMask());
    return batches;
  }

  /// Emits at an Ω that is not constant.
  static LogicalResult refuse(Operation *op, Value omega) {
    InFlightDiagnostic diag =
        op->emitOpError("expects a constant 'omega', but got a value that is "
                        "not known when compiling");
    diag.attachNote(omega.getLoc())
        << (omega.getDefiningOp<kernel::ProjectionOp>()
                ? "omega is drawn here; run kernel-sample-projections first"
                : "omega comes from here");
    return diag;
  }
};
} // namespace

void aimc::populateKernelToAIMCPatterns(RewritePatternSet &patterns,
                                        Matrices &matrices) {
  patterns.add<ConvertFeatures, ConvertGram>(patterns.getContext(), matrices);
  populateAttentionPatterns(patterns, matrices);
}
