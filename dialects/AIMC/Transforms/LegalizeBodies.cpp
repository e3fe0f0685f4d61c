//===- LegalizeBodies.cpp - Bodies in instructions of the runtime ---------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-legalize-bodies: writes what models and exporters compute on tensors in
// the operations that digital units have instructions for.
//
// Truth values become numbers: 1 and 0, whose product is "and", whose maximum
// is "or". They stay within bodies, so operations on tensors of truth values
// are first fused into their users.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/Transforms/Passes.h"
#include "AIMC/Utils/DigitalWork.h"
#include "AIMC/Utils/Matrices.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <cmath>
#include <limits>

namespace aimc {
#define GEN_PASS_DEF_AIMCLEGALIZEBODIESPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

/// The number that `value`, used in the body of a linalg operation, always is.
static std::optional<double> getNumber(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    if (auto op =
            dyn_cast<linalg::LinalgOp>(argument.getOwner()->getParentOp()))
      value = op->getOperand(argument.getArgNumber());
  if (auto fill = value.getDefiningOp<linalg::FillOp>())
    value = fill.getInputs().front();
  APFloat number(0.0f);
  if (matchPattern(value, m_ConstantFloat(&number)))
    return number.convertToDouble();
  APInt integer;
  if (matchPattern(value, m_ConstantInt(&integer)) &&
      integer.getSignificantBits() <= 32)
    return static_cast<double>(integer.getSExtValue());
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Truth values
//===----------------------------------------------------------------------===//

namespace {
/// Creates numbers in place of truth values, in the body of one operation.
class TruthBuilder {
public:
  explicit TruthBuilder(Operation *user) : builder(user), loc(user->getLoc()) {}

  /// A number that is not 0 where `truth`, of type i1, holds; the number is 0
  /// where `isNegated` is set instead. Null when it has no such form.
  Value createCondition(Value truth, bool &isNegated);

  /// 1 where `truth` holds, else 0; null when it has no such form.
  Value createNumber(Value truth);

private:
  Value createConstant(double value) {
    return arith::ConstantOp::create(builder, loc,
                                     builder.getF32FloatAttr(value));
  }
  Value createComparison(arith::CmpFPredicate predicate, Value a, Value b);

  OpBuilder builder;
  Location loc;
};
} // namespace

/// 1 where the ordered `predicate` holds of `a` and `b`.
Value TruthBuilder::createComparison(arith::CmpFPredicate predicate, Value a,
                                     Value b) {
  switch (predicate) {
  case arith::CmpFPredicate::OEQ:
    return EqualOp::create(builder, loc, a, b);
  case arith::CmpFPredicate::OGT:
    return GreaterOp::create(builder, loc, a, b);
  case arith::CmpFPredicate::OGE:
    return GreaterEqualOp::create(builder, loc, a, b);
  case arith::CmpFPredicate::OLT:
    return GreaterOp::create(builder, loc, b, a);
  case arith::CmpFPredicate::OLE:
    return GreaterEqualOp::create(builder, loc, b, a);
  case arith::CmpFPredicate::ONE: {
    Value more = GreaterOp::create(builder, loc, a, b);
    Value less = GreaterOp::create(builder, loc, b, a);
    return arith::MaximumFOp::create(builder, loc, more, less);
  }
  case arith::CmpFPredicate::ORD: {
    Value isNumber = EqualOp::create(builder, loc, a, a);
    Value other = EqualOp::create(builder, loc, b, b);
    return arith::MulFOp::create(builder, loc, isNumber, other);
  }
  default:
    return createConstant(predicate == arith::CmpFPredicate::AlwaysTrue);
  }
}

/// The predicate that holds where `predicate`, which holds of NaN, does not.
static std::optional<arith::CmpFPredicate>
getInverse(arith::CmpFPredicate predicate) {
  switch (predicate) {
  case arith::CmpFPredicate::UEQ:
    return arith::CmpFPredicate::ONE;
  case arith::CmpFPredicate::UGT:
    return arith::CmpFPredicate::OLE;
  case arith::CmpFPredicate::UGE:
    return arith::CmpFPredicate::OLT;
  case arith::CmpFPredicate::ULT:
    return arith::CmpFPredicate::OGE;
  case arith::CmpFPredicate::ULE:
    return arith::CmpFPredicate::OGT;
  case arith::CmpFPredicate::UNE:
    return arith::CmpFPredicate::OEQ;
  case arith::CmpFPredicate::UNO:
    return arith::CmpFPredicate::ORD;
  default:
    return std::nullopt;
  }
}

Value TruthBuilder::createCondition(Value truth, bool &isNegated) {
  Operation *op = truth.getDefiningOp();
  if (auto negation = dyn_cast_or_null<arith::XOrIOp>(op))
    for (unsigned i : {0, 1})
      if (matchPattern(negation->getOperand(i), m_One())) {
        isNegated = !isNegated;
        return createCondition(negation->getOperand(1 - i), isNegated);
      }
  if (auto compare = dyn_cast_or_null<arith::CmpFOp>(op)) {
    if (!compare.getLhs().getType().isF32())
      return {};
    arith::CmpFPredicate predicate = compare.getPredicate();
    if (std::optional<arith::CmpFPredicate> inverse = getInverse(predicate)) {
      isNegated = !isNegated;
      predicate = *inverse;
    }
    return createComparison(predicate, compare.getLhs(), compare.getRhs());
  }
  APInt constant;
  if (matchPattern(truth, m_ConstantInt(&constant)))
    return createConstant(!constant.isZero());
  if (!isa_and_nonnull<arith::AndIOp, arith::OrIOp, arith::XOrIOp,
                       arith::SelectOp>(op))
    return {};
  SmallVector<Value, 3> numbers;
  for (Value operand : op->getOperands()) {
    numbers.push_back(createNumber(operand));
    if (!numbers.back())
      return {};
  }
  if (isa<arith::AndIOp>(op))
    return arith::MulFOp::create(builder, loc, numbers[0], numbers[1]);
  if (isa<arith::OrIOp>(op))
    return arith::MaximumFOp::create(builder, loc, numbers[0], numbers[1]);
  if (isa<arith::XOrIOp>(op))
    return math::AbsFOp::create(
        builder, loc,
        arith::SubFOp::create(builder, loc, numbers[0], numbers[1]));
  return SelectOp::create(builder, loc, numbers[0], numbers[1], numbers[2]);
}

Value TruthBuilder::createNumber(Value truth) {
  if (!truth.getType().isInteger(1))
    return {};
  bool isNegated = false;
  Value number = createCondition(truth, isNegated);
  if (number && isNegated)
    number = arith::SubFOp::create(builder, loc, createConstant(1.0), number);
  return number;
}

/// The maximum of a and b in place of `a > b or either is NaN ? a : b`, or
/// null. They are the same when b is a constant that is neither NaN nor -0.
static Value rewriteMaximum(arith::SelectOp select) {
  auto compare = select.getCondition().getDefiningOp<arith::CmpFOp>();
  if (!compare || compare.getPredicate() != arith::CmpFPredicate::UGT ||
      compare.getLhs() != select.getTrueValue() ||
      compare.getRhs() != select.getFalseValue())
    return {};
  std::optional<double> bound = getNumber(compare.getRhs());
  if (!bound || std::isnan(*bound) || (*bound == 0 && std::signbit(*bound)))
    return {};
  OpBuilder builder(select);
  return arith::MaximumFOp::create(builder, select.getLoc(), compare.getLhs(),
                                   compare.getRhs());
}

/// `select` of numbers by a truth value as a selection by a number, or null.
static Value rewriteSelection(arith::SelectOp select) {
  if (Value maximum = rewriteMaximum(select))
    return maximum;
  bool isNegated = false;
  Value condition =
      TruthBuilder(select).createCondition(select.getCondition(), isNegated);
  if (!condition)
    return {};
  Value values[] = {select.getTrueValue(), select.getFalseValue()};
  OpBuilder builder(select);
  return SelectOp::create(builder, select.getLoc(), condition,
                          values[isNegated], values[!isNegated]);
}

//===----------------------------------------------------------------------===//
// Powers and roots
//===----------------------------------------------------------------------===//

/// `base` to the constant power `exponent`, by products and roots, or null.
static Value createPower(OpBuilder &builder, Location loc, Value base,
                         Value exponent) {
  std::optional<double> number = getNumber(exponent);
  if (!number)
    return {};
  auto createOne = [&]() -> Value {
    return arith::ConstantOp::create(builder, loc,
                                     builder.getF32FloatAttr(1.0f));
  };
  double size = std::abs(*number);
  Value power;
  if (size == 0.5) {
    power = math::SqrtOp::create(builder, loc, base);
  } else if (size != std::floor(size) || size > 16) {
    return {};
  } else {
    // By repeated squares.
    Value square = base;
    for (int rest = static_cast<int>(size); rest; rest /= 2) {
      if (rest % 2)
        power =
            power ? arith::MulFOp::create(builder, loc, power, square) : square;
      if (rest > 1)
        square = arith::MulFOp::create(builder, loc, square, square);
    }
    if (!power)
      return createOne();
  }
  if (*number < 0)
    return arith::DivFOp::create(builder, loc, createOne(), power);
  return power;
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

/// What computes the same as `op`, an operation on numbers of a body, by
/// instructions; null when there is nothing to replace, or no form.
static Value rewriteScalar(Operation *op) {
  if (op->getNumResults() != 1 || !op->getResult(0).getType().isF32())
    return {};
  OpBuilder builder(op);
  Location loc = op->getLoc();
  auto createConstant = [&](double value) -> Value {
    return arith::ConstantOp::create(builder, loc,
                                     builder.getF32FloatAttr(value));
  };
  if (auto select = dyn_cast<arith::SelectOp>(op))
    return rewriteSelection(select);
  if (isa<arith::UIToFPOp>(op))
    return TruthBuilder(op).createNumber(op->getOperand(0));
  if (auto rsqrt = dyn_cast<math::RsqrtOp>(op)) {
    Value root = math::SqrtOp::create(builder, loc, rsqrt.getOperand());
    return arith::DivFOp::create(builder, loc, createConstant(1.0), root);
  }
  if (isa<math::PowFOp, math::FPowIOp>(op))
    return createPower(builder, loc, op->getOperand(0), op->getOperand(1));
  if (auto exponential = dyn_cast<math::ExpM1Op>(op)) {
    // exp(x) - 1 = tanh(x/2) (exp(x) + 1), without cancellation.
    Value x = exponential.getOperand();
    Value half = arith::MulFOp::create(builder, loc, x, createConstant(0.5));
    Value power = math::ExpOp::create(builder, loc, x);
    Value sum = arith::AddFOp::create(builder, loc, power, createConstant(1.0));
    Value tangent = math::TanhOp::create(builder, loc, half);
    return arith::MulFOp::create(builder, loc, tangent, sum);
  }
  return {};
}

/// Whether `op` may have a form that `rewriteScalar` finds, or computes truth
/// values.
static bool mayHaveForm(Operation *op) {
  return isa<math::RsqrtOp, math::PowFOp, math::FPowIOp, math::ExpM1Op,
             arith::SelectOp, arith::UIToFPOp, arith::CmpFOp>(op) ||
         llvm::any_of(op->getResultTypes(), [](Type type) {
           return getElementTypeOrSelf(type).isInteger(1);
         });
}

/// Replaces `softmax` by its maximum, exponentials of differences, their sum,
/// and quotients.
static void rewriteSoftmax(linalg::SoftmaxOp softmax) {
  OpBuilder builder(softmax);
  Location loc = softmax.getLoc();
  Value input = softmax.getInput(), output = softmax.getOutput();
  auto type = cast<RankedTensorType>(input.getType());
  unsigned rank = type.getRank(), dimension = softmax.getDimension();
  AffineMap all = builder.getMultiDimIdentityMap(rank);
  AffineMap others = all.dropResult(dimension);
  SmallVector<utils::IteratorType> loops(rank, utils::IteratorType::parallel);

  using Body = function_ref<Value(OpBuilder &, ValueRange)>;
  auto create = [&](ValueRange inputs, Value init, ArrayRef<AffineMap> maps,
                    Body body) -> Value {
    return linalg::GenericOp::create(
               builder, loc, init.getType(), inputs, init, maps, loops,
               [&](OpBuilder &nested, Location, ValueRange arguments) {
                 linalg::YieldOp::create(nested, loc, body(nested, arguments));
               })
        .getResult(0);
  };
  // One value for those along `dimension`.
  auto createJoined = [&](Value values, double start, Body body) {
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(builder, loc, input);
    sizes.erase(sizes.begin() + dimension);
    Value empty =
        tensor::EmptyOp::create(builder, loc, sizes, type.getElementType());
    Value number = arith::ConstantOp::create(
        builder, loc, builder.getFloatAttr(type.getElementType(), start));
    Value init =
        linalg::FillOp::create(builder, loc, number, empty).getResult(0);
    loops[dimension] = utils::IteratorType::reduction;
    Value joined = create(values, init, {all, others}, body);
    loops[dimension] = utils::IteratorType::parallel;
    return joined;
  };
  Value largest = createJoined(
      input, -std::numeric_limits<double>::infinity(),
      [&](OpBuilder &body, ValueRange arguments) -> Value {
        return arith::MaximumFOp::create(body, loc, arguments[1], arguments[0]);
      });
  Value exponentials =
      create({input, largest}, output, {all, others, all},
             [&](OpBuilder &body, ValueRange arguments) -> Value {
               Value difference =
                   arith::SubFOp::create(body, loc, arguments[0], arguments[1]);
               return math::ExpOp::create(body, loc, difference);
             });
  Value sum = createJoined(
      exponentials, 0.0, [&](OpBuilder &body, ValueRange arguments) -> Value {
        return arith::AddFOp::create(body, loc, arguments[1], arguments[0]);
      });
  Value quotients = create({exponentials, sum}, output, {all, others, all},
                           [&](OpBuilder &body, ValueRange arguments) -> Value {
                             return arith::DivFOp::create(
                                 body, loc, arguments[0], arguments[1]);
                           });
  softmax->replaceAllUsesWith(ValueRange(quotients));
  softmax.erase();
}

/// Turns `ops` into `linalg.generic` operations, which bodies can be changed
/// and fused in, and fuses those that give truth values into their users.
static void fuseTruth(MLIRContext *context, ArrayRef<Operation *> ops) {
  RewritePatternSet patterns(context);
  linalg::populateElementwiseToLinalgConversionPatterns(patterns);
  linalg::populateLinalgNamedOpsGeneralizationPatterns(patterns);
  linalg::populateElementwiseOpsFusionPatterns(patterns, [](OpOperand *use) {
    return getElementTypeOrSelf(use->get()).isInteger(1);
  });
  // It only fails to converge, and then what is left has errors of its own.
  (void)applyOpPatternsGreedily(
      ops, std::move(patterns),
      GreedyRewriteConfig()
          .setStrictness(GreedyRewriteStrictness::ExistingAndNewOps)
          .enableFolding(false));
}

namespace {
struct LegalizeBodiesPass
    : public aimc::impl::AIMCLegalizeBodiesPassBase<LegalizeBodiesPass> {
  using AIMCLegalizeBodiesPassBase::AIMCLegalizeBodiesPassBase;

  void runOnOperation() override;

private:
  /// Calls `visit` on the operations outside of digital regions.
  void walk(function_ref<void(Operation *)> visit) {
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isa<DigitalOp, ProgramOp>(op))
        return WalkResult::skip();
      visit(op);
      return WalkResult::advance();
    });
  }
};
} // namespace

void LegalizeBodiesPass::runOnOperation() {
  SmallVector<linalg::SoftmaxOp> softmaxes;
  SmallVector<Operation *> unusual;
  walk([&](Operation *op) {
    if (auto softmax = dyn_cast<linalg::SoftmaxOp>(op)) {
      if (softmax.hasPureTensorSemantics())
        softmaxes.push_back(softmax);
    } else if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op)) {
      if (linalgOp.hasPureTensorSemantics() &&
          llvm::any_of(linalgOp.getBlock()->without_terminator(),
                       [](Operation &nested) { return mayHaveForm(&nested); }))
        unusual.push_back(op);
    } else if (OpTrait::hasElementwiseMappableTraits(op) && mayHaveForm(op) &&
               llvm::all_of(op->getResultTypes(),
                            llvm::IsaPred<RankedTensorType>)) {
      unusual.push_back(op);
    }
  });
  for (linalg::SoftmaxOp softmax : softmaxes)
    rewriteSoftmax(softmax);
  if (!unusual.empty())
    fuseTruth(&getContext(), unusual);

  SmallVector<Operation *> scalars, replaced;
  walk([&](Operation *op) {
    if (isa_and_nonnull<linalg::LinalgOp>(op->getParentOp()) && mayHaveForm(op))
      scalars.push_back(op);
  });
  for (Operation *op : scalars)
    if (Value value = rewriteScalar(op)) {
      op->getResult(0).replaceAllUsesWith(value);
      replaced.push_back(op);
    }
  eraseDead(replaced);
}
