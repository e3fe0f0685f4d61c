//===- Kernel.cpp - The kernel dialect -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registration and verifiers of the kernel dialect.
//
//===----------------------------------------------------------------------===//

#include "Kernel/IR/Kernel.h"

#include "Kernel/IR/Verification.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "mlir/Transforms/InliningUtils.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace aimc::kernel;

#include "Kernel/IR/KernelDialect.cpp.inc"
#include "Kernel/IR/KernelEnums.cpp.inc"
#define GET_OP_CLASSES
#include "Kernel/IR/KernelOps.cpp.inc"

namespace {
/// All operations are values without effects, so functions of them inline.
struct KernelInlinerInterface : public DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;
  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final {
    return true;
  }
};
} // namespace

void KernelDialect::initialize() {
  addInterfaces<KernelInlinerInterface>();
  addOperations<
#define GET_OP_LIST
#include "Kernel/IR/KernelOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// kernel.projection
//===----------------------------------------------------------------------===//

/// Whether the lengths of a sampler's directions are an option.
static bool hasRowNorm(Sampler sampler) {
  return sampler == Sampler::orf || sampler == Sampler::sorf ||
         sampler == Sampler::hadamard;
}

std::optional<RowNorm> ProjectionOp::getEffectiveRowNorm() {
  if (!hasRowNorm(getSampler()))
    return std::nullopt;
  return getRowNorm().value_or(
      getSampler() == Sampler::orf ? RowNorm::chi : RowNorm::constant);
}

bool ProjectionOp::isHadamard() {
  return getSampler() == Sampler::sorf || getSampler() == Sampler::hadamard;
}

bool ProjectionOp::isHaar() {
  return getSampler() == Sampler::orf && getHaar().value_or(true);
}

LogicalResult ProjectionOp::verify() {
  RankedTensorType omega = getOmega().getType();
  // (C1)
  if (!omega.hasStaticShape() || omega.getNumElements() == 0)
    return emitOpError("expects 'omega' to have a static shape with positive "
                       "sizes, but got ")
           << omega;
  // (C2)
  if (std::optional<APFloat> gamma = getGamma();
      gamma && (!gamma->isFinite() || gamma->isNegative() || gamma->isZero()))
    return emitOpError("expects 'gamma' to be finite and greater than 0, but "
                       "got ")
           << gamma->convertToDouble();
  // (C3)
  if (Value offset = getOffset()) {
    int64_t length = cast<RankedTensorType>(offset.getType()).getDimSize(0);
    if (length != omega.getDimSize(0))
      return emitOpError("expects 'offset' of length ")
             << omega.getDimSize(0) << " to match the rows of 'omega', but got "
             << cast<RankedTensorType>(offset.getType());
  }
  // (C4)
  if (std::optional<APFloat> truncation = getTruncation()) {
    if (getSampler() != Sampler::rff)
      return emitOpError(
                 "expects 'truncation' for sampler 'rff' alone, but got "
                 "it for '")
             << stringifySampler(getSampler()) << "'";
    if (!truncation->isFinite() || truncation->convertToDouble() < 0.1)
      return emitOpError("expects 'truncation' to be finite and at least 0.1, "
                         "but got ")
             << truncation->convertToDouble();
  }
  // (C5)
  if (getRowNorm() && !hasRowNorm(getSampler()))
    return emitOpError("expects 'row_norm' for samplers 'orf', 'sorf' and "
                       "'hadamard' alone, but got it for '")
           << stringifySampler(getSampler()) << "'";
  // (C6)
  if (getHaar() && getSampler() != Sampler::orf)
    return emitOpError("expects 'haar' for sampler 'orf' alone, but got it for "
                       "'")
           << stringifySampler(getSampler()) << "'";
  return success();
}

//===----------------------------------------------------------------------===//
// kernel.features
//===----------------------------------------------------------------------===//

int64_t FeaturesOp::getFeatureCount(Map map, int64_t directions) {
  switch (map) {
  case Map::rbf:
  case Map::softmax_pos:
  case Map::softmax_trig:
    return 2 * directions;
  case Map::rbf_phase:
  case Map::arccos0:
  case Map::arccos1:
  case Map::arccos2:
  case Map::relu:
    return directions;
  }
  llvm_unreachable("unknown map");
}

double FeaturesOp::getEffectiveEpsilon() {
  std::optional<APFloat> epsilon = getEpsilon();
  return epsilon ? epsilon->convertToDouble() : defaultEpsilon;
}

LogicalResult aimc::kernel::verifyEpsilon(Operation *op, Map map,
                                          std::optional<APFloat> epsilon) {
  if (!epsilon)
    return success();
  if (map != Map::relu)
    return op->emitOpError("expects 'epsilon' for map 'relu' alone, but got it "
                           "for '")
           << stringifyMap(map) << "'";
  if (!epsilon->isFinite() || epsilon->convertToDouble() < 0)
    return op->emitOpError("expects 'epsilon' to be finite and at least 0, but "
                           "got ")
           << epsilon->convertToDouble();
  return success();
}

LogicalResult FeaturesOp::verify() {
  RankedTensorType input = getInput().getType();
  RankedTensorType omega = getOmega().getType();
  RankedTensorType result = getResult().getType();
  // (C6)
  if (!omega.hasStaticShape() || omega.getNumElements() == 0)
    return emitOpError("expects 'omega' to have a static shape with positive "
                       "sizes, but got ")
           << omega;
  if (input.isDynamicDim(1))
    return emitOpError("expects a static number of columns of 'input', but "
                       "got ")
           << input;
  if (result.isDynamicDim(1))
    return emitOpError("expects a static number of columns of 'result', but "
                       "got ")
           << result;
  int64_t features = omega.getDimSize(0);
  // (C1)
  if (input.getDimSize(1) != omega.getDimSize(1)) {
    InFlightDiagnostic diag =
        emitOpError("expects 'input' with ")
        << omega.getDimSize(1)
        << " columns to match the columns of 'omega', but got "
        << input.getDimSize(1);
    diag.attachNote(getOmega().getLoc()) << "omega defined here as " << omega;
    // A mistake of those who pad by hand.
    auto drawn = getOmega().getDefiningOp<ProjectionOp>();
    if (drawn && drawn.isHadamard() && input.getDimSize(1) > 0 &&
        omega.getDimSize(1) ==
            static_cast<int64_t>(llvm::PowerOf2Ceil(input.getDimSize(1))))
      diag.attachNote(getOmega().getLoc())
          << "sampler '" << stringifySampler(drawn.getSampler())
          << "' pads to a power of two by itself; omega has the columns of the "
             "input";
    return diag;
  }
  // (C2)
  if (!input.isDynamicDim(0) && !result.isDynamicDim(0) &&
      input.getDimSize(0) != result.getDimSize(0))
    return emitOpError("expects 'result' with ")
           << input.getDimSize(0) << " rows to match the rows of 'input', but "
           << "got " << result.getDimSize(0);
  // (C3)
  int64_t length = getFeatureCount(getMap(), features);
  if (result.getDimSize(1) != length)
    return emitOpError("expects 'result' with ")
           << length << " columns for " << features << " directions of map '"
           << stringifyMap(getMap()) << "', but got " << result.getDimSize(1);
  // (C4)
  bool needsOffset = getMap() == Map::rbf_phase;
  if (needsOffset != static_cast<bool>(getOffset()))
    return emitOpError("expects ")
           << (needsOffset ? "an 'offset'" : "no 'offset'") << " for map '"
           << stringifyMap(getMap()) << "', but got "
           << (needsOffset ? "none" : "one");
  // (C5)
  if (Value offset = getOffset()) {
    auto type = cast<RankedTensorType>(offset.getType());
    if (type.getDimSize(0) != features)
      return emitOpError("expects 'offset' of length ")
             << features << " to match the rows of 'omega', but got " << type;
  }
  // (C7)
  if (failed(verifyEpsilon(*this, getMap(), getEpsilon())))
    return failure();
  // (C8)
  if (getStabiliser() && getMap() != Map::softmax_pos)
    return emitOpError("expects 'stabiliser' for map 'softmax_pos' alone, but "
                       "got it for '")
           << stringifyMap(getMap()) << "'";
  return success();
}

/// The source of `value` if it is a cast that forgets the size of the batch
/// alone, else null.
static TypedValue<RankedTensorType> getKnownBatch(Value value) {
  auto cast = value.getDefiningOp<tensor::CastOp>();
  if (!cast)
    return {};
  auto source = dyn_cast<TypedValue<RankedTensorType>>(cast.getSource());
  auto type = llvm::cast<RankedTensorType>(value.getType());
  if (!source || source.getType().isDynamicDim(0) || !type.isDynamicDim(0) ||
      source.getType().isDynamicDim(1))
    return {};
  return source;
}

LogicalResult FeaturesOp::canonicalize(FeaturesOp op,
                                       PatternRewriter &rewriter) {
  // A cast that forgets the size of the batch moves behind the features.
  TypedValue<RankedTensorType> source = getKnownBatch(op.getInput());
  if (!source)
    return rewriter.notifyMatchFailure(op, "its input forgets no size");
  if (!op.getType().isDynamicDim(0))
    return rewriter.notifyMatchFailure(op, "the size is known");
  auto type = RankedTensorType::get(
      {source.getType().getDimSize(0), op.getType().getDimSize(1)},
      op.getType().getElementType());
  auto features = FeaturesOp::create(
      rewriter, op.getLoc(), type, op.getMapAttr(), op.getEpsilonAttr(),
      op.getStabiliserAttr(), source, op.getOmega(), op.getOffset());
  rewriter.replaceOpWithNewOp<tensor::CastOp>(op, op.getType(), features);
  return success();
}

//===----------------------------------------------------------------------===//
// kernel.gram
//===----------------------------------------------------------------------===//

LogicalResult GramOp::verify() {
  RankedTensorType x = getX().getType(), y = getY().getType();
  // (C1)
  if (x.isDynamicDim(1) || x.getDimSize(1) == 0)
    return emitOpError("expects a static, positive number of columns of 'x', "
                       "but got ")
           << x;
  if (x.getDimSize(1) != y.getDimSize(1)) {
    InFlightDiagnostic diag = emitOpError("expects 'x' and 'y' with the same "
                                          "number of columns, but got ")
                              << x << " and " << y;
    diag.attachNote(getY().getLoc()) << "y defined here as " << y;
    return diag;
  }
  // (C2)
  if (y.isDynamicDim(0) || y.getDimSize(0) == 0)
    return emitOpError("expects a static, positive number of rows of 'y', but "
                       "got ")
           << y;
  // (C3)
  RankedTensorType result = getResult().getType();
  if ((!x.isDynamicDim(0) && !result.isDynamicDim(0) &&
       x.getDimSize(0) != result.getDimSize(0)) ||
      result.getDimSize(1) != y.getDimSize(0))
    return emitOpError("expects 'result' with the rows of 'x' as rows and "
                       "those of 'y' as columns, but got ")
           << result << " for " << x << " and " << y;
  // (C4)
  bool isRbf = getKernel() == Kernel::rbf;
  std::optional<APFloat> gamma = getGamma();
  if (isRbf != gamma.has_value())
    return emitOpError("expects ")
           << (isRbf ? "a 'gamma'" : "no 'gamma'") << " for kernel '"
           << stringifyKernel(getKernel()) << "', but got "
           << (isRbf ? "none" : "one");
  if (gamma && (!gamma->isFinite() || gamma->isNegative() || gamma->isZero()))
    return emitOpError("expects 'gamma' to be finite and greater than 0, but "
                       "got ")
           << gamma->convertToDouble();
  return success();
}

LogicalResult GramOp::canonicalize(GramOp op, PatternRewriter &rewriter) {
  // A cast that forgets the size of the batch moves behind the kernel.
  TypedValue<RankedTensorType> source = getKnownBatch(op.getX());
  if (!source)
    return rewriter.notifyMatchFailure(op, "its input forgets no size");
  if (!op.getType().isDynamicDim(0))
    return rewriter.notifyMatchFailure(op, "the size is known");
  auto type = RankedTensorType::get(
      {source.getType().getDimSize(0), op.getType().getDimSize(1)},
      op.getType().getElementType());
  auto gram = GramOp::create(rewriter, op.getLoc(), type, op.getKernelAttr(),
                             op.getGammaAttr(), source, op.getY());
  rewriter.replaceOpWithNewOp<tensor::CastOp>(op, op.getType(), gram);
  return success();
}
