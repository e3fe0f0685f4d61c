//===- KernelToAIMC.cpp - Feature maps to products -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// convert-kernel-to-aimc: a feature map is a projection on crossbars and a
// digital nonlinearity; an exact kernel is digital work.
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
#include <limits>

namespace aimc {
#define GEN_PASS_DEF_CONVERTKERNELTOAIMCPASS
#include "Conversion/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

namespace {
/// Creates digital operations on batches at one location.
class DigitalBuilder {
public:
  using Body = function_ref<Value(OpBuilder &, ValueRange)>;

  DigitalBuilder(OpBuilder &builder, Location loc)
      : builder(builder), loc(loc) {}

  Value createConstant(double value) {
    return arith::ConstantOp::create(
        builder, loc, builder.getF32FloatAttr(static_cast<float>(value)));
  }

  /// An element-wise operation on the batch `input`, n x c, and `others`: rows
  /// of length c or batches of one column.
  Value createElementwise(Value input, ValueRange others, Body body) {
    SmallVector<AffineMap> maps = {getBatchMap()};
    for (Value other : others)
      maps.push_back(cast<RankedTensorType>(other.getType()).getRank() == 1
                         ? getRowMap()
                         : getColumnMap());
    maps.push_back(getBatchMap());
    SmallVector<Value> inputs = {input};
    llvm::append_range(inputs, others);
    auto type = cast<RankedTensorType>(input.getType());
    return createGeneric(inputs,
                         createEmpty(builder, loc, input, type.getDimSize(1)),
                         maps, utils::IteratorType::parallel, body);
  }

  /// `scale`·Function(`input`).
  template <typename Function> Value createScaled(Value input, double scale) {
    Value factor = createConstant(scale);
    return createElementwise(
        input, {}, [&](OpBuilder &body, ValueRange arguments) -> Value {
          Value value = Function::create(body, loc, arguments[0]);
          return arith::MulFOp::create(body, loc, value, factor);
        });
  }

  /// Joins the values of each row of `input`, n x c, to `start` by `body`; its
  /// second argument is what has been joined so far. The result is n x 1.
  Value createReduction(Value input, double start, Body body) {
    Value empty = createEmpty(builder, loc, input, 1);
    Value init =
        linalg::FillOp::create(builder, loc, createConstant(start), empty)
            .getResult(0);
    return createGeneric(input, init, {getBatchMap(), getColumnMap()},
                         utils::IteratorType::reduction, body);
  }

  /// start + factor·‖x‖² of each row x of `input`, n x 1.
  Value createSquaredNorm(Value input, double factor, double start) {
    Value scale = createConstant(factor);
    return createReduction(
        input, start, [&](OpBuilder &body, ValueRange arguments) -> Value {
          Value x = arguments[0];
          Value square = arith::MulFOp::create(body, loc, x, x);
          Value scaled = arith::MulFOp::create(body, loc, square, scale);
          return arith::AddFOp::create(body, loc, arguments[1], scaled);
        });
  }

  /// [`lhs` | `rhs`].
  Value createPair(Value lhs, Value rhs) {
    return tensor::ConcatOp::create(builder, loc, /*dim=*/1,
                                    ValueRange{lhs, rhs});
  }

private:
  AffineMap getBatchMap() {
    return AffineMap::getMultiDimIdentityMap(2, builder.getContext());
  }
  AffineMap getRowMap() {
    return AffineMap::get(2, 0, builder.getAffineDimExpr(1));
  }
  AffineMap getColumnMap() {
    return AffineMap::get(
        2, 0, {builder.getAffineDimExpr(0), builder.getAffineConstantExpr(0)},
        builder.getContext());
  }

  Value createGeneric(ValueRange inputs, Value init, ArrayRef<AffineMap> maps,
                      utils::IteratorType columns, Body body) {
    SmallVector<utils::IteratorType> iterators = {utils::IteratorType::parallel,
                                                  columns};
    return linalg::GenericOp::create(
               builder, loc, init.getType(), inputs, init, maps, iterators,
               [&](OpBuilder &nested, Location, ValueRange arguments) {
                 linalg::YieldOp::create(nested, loc, body(nested, arguments));
               })
        .getResult(0);
  }

  OpBuilder &builder;
  Location loc;
};
} // namespace

/// max(`value`, 0), NaN for NaN.
static Value createRelu(OpBuilder &builder, Location loc, Value value,
                        Value zero) {
  return arith::MaximumFOp::create(builder, loc, value, zero);
}

/// `softmax_pos`: the factors stand in the exponents. The largest exponent of a
/// row is max|Ωx| with the factors, which subtracting it cancels.
static Value createPositiveFeatures(DigitalBuilder &digital, Location loc,
                                    kernel::FeaturesOp op, Value projection) {
  bool isStable = op.getStabiliser().value_or(kernel::Stabiliser::none) ==
                  kernel::Stabiliser::row;
  double directions = op.getOmega().getType().getDimSize(0);
  Value shift;
  if (isStable)
    shift = digital.createReduction(
        projection, -std::numeric_limits<double>::infinity(),
        [&](OpBuilder &body, ValueRange arguments) -> Value {
          Value size = math::AbsFOp::create(body, loc, arguments[0]);
          return arith::MaximumFOp::create(body, loc, arguments[1], size);
        });
  else
    shift = digital.createSquaredNorm(op.getInput(), -0.5,
                                      -0.5 * std::log(2.0 * directions));
  auto createExponential = [&](bool isNegative) {
    return digital.createElementwise(
        projection, shift, [&](OpBuilder &body, ValueRange arguments) -> Value {
          Value exponent = arguments[0];
          if (isNegative)
            exponent = arith::NegFOp::create(body, loc, exponent);
          if (isStable)
            exponent = arith::SubFOp::create(body, loc, exponent, arguments[1]);
          else
            exponent = arith::AddFOp::create(body, loc, exponent, arguments[1]);
          return math::ExpOp::create(body, loc, exponent);
        });
  };
  Value positive = createExponential(false);
  return digital.createPair(positive, createExponential(true));
}

/// `softmax_trig`: exp(‖x‖²/2 - log(m)/2) times cosine and sine.
static Value createTrigonometricFeatures(DigitalBuilder &digital, Location loc,
                                         kernel::FeaturesOp op,
                                         Value projection) {
  double directions = op.getOmega().getType().getDimSize(0);
  Value exponent = digital.createSquaredNorm(op.getInput(), 0.5,
                                             -0.5 * std::log(directions));
  Value factor = digital.createElementwise(
      exponent, {}, [&](OpBuilder &body, ValueRange arguments) -> Value {
        return math::ExpOp::create(body, loc, arguments[0]);
      });
  Value cosine = digital.createElementwise(
      projection, factor, [&](OpBuilder &body, ValueRange arguments) -> Value {
        Value value = math::CosOp::create(body, loc, arguments[0]);
        return arith::MulFOp::create(body, loc, value, arguments[1]);
      });
  Value sine = digital.createElementwise(
      projection, factor, [&](OpBuilder &body, ValueRange arguments) -> Value {
        Value value = math::SinOp::create(body, loc, arguments[0]);
        return arith::MulFOp::create(body, loc, value, arguments[1]);
      });
  return digital.createPair(cosine, sine);
}

/// The features of `op` from its `projection` xΩᵀ.
static Value createFeatures(OpBuilder &builder, kernel::FeaturesOp op,
                            Value projection) {
  Location loc = op.getLoc();
  DigitalBuilder digital(builder, loc);
  double directions = op.getOmega().getType().getDimSize(0);
  double root = std::sqrt(2.0 / directions);
  switch (op.getMap()) {
  case kernel::Map::rbf: {
    double scale = 1.0 / std::sqrt(directions);
    Value cosine = digital.createScaled<math::CosOp>(projection, scale);
    Value sine = digital.createScaled<math::SinOp>(projection, scale);
    return digital.createPair(cosine, sine);
  }
  case kernel::Map::rbf_phase: {
    // By itself, for a unit at the core can add the offset.
    Value phase = digital.createElementwise(
        projection, op.getOffset(),
        [&](OpBuilder &body, ValueRange arguments) -> Value {
          return arith::AddFOp::create(body, loc, arguments[0], arguments[1]);
        });
    return digital.createScaled<math::CosOp>(phase, root);
  }
  case kernel::Map::arccos0:
    return digital.createScaled<StepOp>(projection, root);
  case kernel::Map::arccos1:
  case kernel::Map::arccos2: {
    Value zero = digital.createConstant(0.0);
    Value factor = digital.createConstant(root);
    return digital.createElementwise(
        projection, {}, [&](OpBuilder &body, ValueRange arguments) -> Value {
          Value value = createRelu(body, loc, arguments[0], zero);
          if (op.getMap() == kernel::Map::arccos2)
            value = arith::MulFOp::create(body, loc, value, value);
          return arith::MulFOp::create(body, loc, value, factor);
        });
  }
  case kernel::Map::softmax_pos:
    return createPositiveFeatures(digital, loc, op, projection);
  case kernel::Map::softmax_trig:
    return createTrigonometricFeatures(digital, loc, op, projection);
  case kernel::Map::relu: {
    double scale = 1.0 / std::sqrt(directions);
    Value zero = digital.createConstant(0.0);
    Value factor = digital.createConstant(scale);
    Value offset = digital.createConstant(op.getEffectiveEpsilon() * scale);
    return digital.createElementwise(
        projection, {}, [&](OpBuilder &body, ValueRange arguments) -> Value {
          Value value = createRelu(body, loc, arguments[0], zero);
          value = arith::MulFOp::create(body, loc, value, factor);
          return arith::AddFOp::create(body, loc, value, offset);
        });
  }
  }
  llvm_unreachable("unknown map");
}

namespace {
/// Lowers a feature map with constant Ω: the product with Ωᵀ on crossbars, then
/// the nonlinearity in digital operations.
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
    Value result = createFeatures(rewriter, op, projection);
    // The batch may be static on one side only.
    if (result.getType() != op.getType())
      result = tensor::CastOp::create(rewriter, loc, op.getType(), result);
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
      std::optional<ConstantMatrix> constant = matchConstantMatrix(operand);
      if (!constant)
        continue;
      FailureOr<FlatSymbolRefAttr> weights =
          matrices.getSymbol(*constant, /*transpose=*/false, name);
      if (failed(weights))
        return rewriter.notifyMatchFailure(op, "the points have no valid data");
      // Static, whatever casts are in between.
      auto type = cast<RankedTensorType>(constant->value.getShapedType());
      SmallVector<int64_t> shape(type.getShape());
      if (constant->transposed)
        std::swap(shape[0], shape[1]);
      Value init =
          tensor::EmptyOp::create(rewriter, loc, shape, type.getElementType());
      Value loaded =
          LoadOp::create(rewriter, loc, init.getType(), *weights, init)
              .getResult();
      if (loaded.getType() != operand.getType())
        loaded =
            tensor::CastOp::create(rewriter, loc, operand.getType(), loaded);
      operand = loaded;
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
    checked = module.walk([&](kernel::GramOp op) {
      for (Value operand : op->getOperands()) {
        std::optional<ConstantMatrix> constant = matchConstantMatrix(operand);
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
};
} // namespace

void aimc::populateKernelToAIMCPatterns(RewritePatternSet &patterns,
                                        Matrices &matrices) {
  patterns.add<ConvertFeatures, ConvertGram>(patterns.getContext(), matrices);
}
