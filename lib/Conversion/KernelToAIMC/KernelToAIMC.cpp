//===- KernelToAIMC.cpp - Feature maps to products -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// convert-kernel-to-aimc: a feature map is a projection on crossbars and a
// digital nonlinearity.
//
//===----------------------------------------------------------------------===//

#include "Conversion/KernelToAIMC/KernelToAIMC.h"

#include "AIMC/Utils/Matrices.h"
#include "AIMC/Utils/Rows.h"
#include "Conversion/Passes.h"
#include "Kernel/IR/Kernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

#include <cmath>

namespace aimc {
#define GEN_PASS_DEF_CONVERTKERNELTOAIMCPASS
#include "Conversion/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

/// Creates an element-wise operation on the batch `input`, n x c, and the rows
/// `rows`, each of length c.
static Value
createElementwise(OpBuilder &builder, Location loc, Value input,
                  ValueRange rows,
                  function_ref<Value(OpBuilder &, ValueRange)> createBody) {
  MLIRContext *context = builder.getContext();
  AffineMap batch = AffineMap::getMultiDimIdentityMap(2, context);
  AffineMap row = AffineMap::get(2, 0, builder.getAffineDimExpr(1));
  SmallVector<AffineMap> maps = {batch};
  maps.append(rows.size(), row);
  maps.push_back(batch);
  SmallVector<Value> inputs = {input};
  llvm::append_range(inputs, rows);
  auto type = cast<RankedTensorType>(input.getType());
  Value init = createEmpty(builder, loc, input, type.getDimSize(1));
  SmallVector<utils::IteratorType> iterators(2, utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             builder, loc, init.getType(), inputs, init, maps, iterators,
             [&](OpBuilder &body, Location bodyLoc, ValueRange arguments) {
               linalg::YieldOp::create(body, bodyLoc,
                                       createBody(body, arguments));
             })
      .getResult(0);
}

/// Creates `scale`·Function(`projection`).
template <typename Function>
static Value createScaled(OpBuilder &builder, Location loc, Value projection,
                          double scale) {
  Value factor = arith::ConstantOp::create(
      builder, loc, builder.getF32FloatAttr(static_cast<float>(scale)));
  return createElementwise(
      builder, loc, projection, {},
      [&](OpBuilder &body, ValueRange arguments) -> Value {
        Value value = Function::create(body, loc, arguments[0]);
        return arith::MulFOp::create(body, loc, value, factor);
      });
}

namespace {
/// Lowers a feature map with constant Ω: the product with Ωᵀ on crossbars, then
/// the offset, which a unit at the core can add, then cosine, sine and scale.
struct ConvertFeatures : public OpRewritePattern<kernel::FeaturesOp> {
  ConvertFeatures(MLIRContext *context, Matrices &matrices)
      : OpRewritePattern(context), matrices(matrices) {}

  LogicalResult matchAndRewrite(kernel::FeaturesOp op,
                                PatternRewriter &rewriter) const override {
    std::optional<ConstantMatrix> omega = matchConstantMatrix(op.getOmega());
    if (!omega)
      return rewriter.notifyMatchFailure(op, "omega is not constant");
    // Rows of Ω are directions; rows of weights are inputs.
    FailureOr<FlatSymbolRefAttr> weights =
        matrices.getSymbol(*omega, /*transpose=*/true, "omega");
    if (failed(weights))
      return rewriter.notifyMatchFailure(op, "omega has no valid data");

    Location loc = op.getLoc();
    int64_t features = op.getOmega().getType().getDimSize(0);
    Value init = createEmpty(rewriter, loc, op.getInput(), features);
    Value projection =
        MvmOp::create(rewriter, loc, init.getType(), *weights,
                      rewriter.getI64IntegerAttr(matrices.takeSite()),
                      RoleAttr::get(getContext(), Role::projection),
                      /*analog=*/nullptr, /*grid=*/nullptr,
                      /*input_range=*/nullptr,
                      /*output_range=*/nullptr, op.getInput(), init)
            .getResult();
    Value result;
    switch (op.getMap()) {
    case kernel::Map::rbf: {
      double scale = 1.0 / std::sqrt(static_cast<double>(features));
      Value cosine =
          createScaled<math::CosOp>(rewriter, loc, projection, scale);
      Value sine = createScaled<math::SinOp>(rewriter, loc, projection, scale);
      result = tensor::ConcatOp::create(rewriter, loc, /*dim=*/1,
                                        ValueRange{cosine, sine});
      break;
    }
    case kernel::Map::rbf_phase: {
      double scale = std::sqrt(2.0 / static_cast<double>(features));
      Value phase = createElementwise(
          rewriter, loc, projection, op.getOffset(),
          [&](OpBuilder &body, ValueRange arguments) -> Value {
            return arith::AddFOp::create(body, loc, arguments[0], arguments[1]);
          });
      result = createScaled<math::CosOp>(rewriter, loc, phase, scale);
      break;
    }
    }
    // The batch may be static on one side only.
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
    WalkResult checked = module.walk([&](kernel::FeaturesOp op) {
      std::optional<ConstantMatrix> omega = matchConstantMatrix(op.getOmega());
      if (!omega) {
        InFlightDiagnostic diag =
            op.emitOpError("expects a constant 'omega', but got a value that "
                           "is not known when compiling");
        Value value = op.getOmega();
        diag.attachNote(value.getLoc())
            << (value.getDefiningOp<kernel::ProjectionOp>()
                    ? "omega is drawn here; run kernel-sample-projections first"
                    : "omega comes from here");
        return WalkResult::interrupt();
      }
      sources.push_back(op.getOmega().getDefiningOp());
      return verified.insert(omega->value).second &&
                     failed(verifyMatrix(omega->source, omega->value))
                 ? WalkResult::interrupt()
                 : WalkResult::advance();
    });
    if (checked.wasInterrupted())
      return signalPassFailure();

    Matrices matrices(module);
    RewritePatternSet patterns(&getContext());
    populateKernelToAIMCPatterns(patterns, matrices);
    walkAndApplyPatterns(module, std::move(patterns));
    eraseDead(sources);
  }
};
} // namespace

void aimc::populateKernelToAIMCPatterns(RewritePatternSet &patterns,
                                        Matrices &matrices) {
  patterns.add<ConvertFeatures>(patterns.getContext(), matrices);
}
