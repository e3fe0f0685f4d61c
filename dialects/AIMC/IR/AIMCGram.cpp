//===- AIMCGram.cpp - Exact kernels and their points ------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers and effects of aimc.gram and aimc.load, and of the runtime calls
// that they become.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/IR/Verification.h"

using namespace mlir;
using namespace aimc;

/// Verifies the kernel, its parameter and the shapes of a Gram matrix.
static LogicalResult verifyGram(Operation *op, Kernel kernel,
                                std::optional<APFloat> gamma, Value x, Value y,
                                Value result, StringRef resultName) {
  // (C3)
  bool isRbf = kernel == Kernel::rbf;
  if (isRbf != gamma.has_value())
    return op->emitOpError("expects ")
           << (isRbf ? "a 'gamma'" : "no 'gamma'") << " for kernel '"
           << stringifyKernel(kernel) << "', but got "
           << (isRbf ? "none" : "one");
  if (gamma && (!gamma->isFinite() || gamma->isNegative() || gamma->isZero()))
    return op->emitOpError("expects 'gamma' to be finite and greater than 0, "
                           "but got ")
           << gamma->convertToDouble();
  auto xType = cast<ShapedType>(x.getType());
  auto yType = cast<ShapedType>(y.getType());
  auto resultType = cast<ShapedType>(result.getType());
  // (C1)
  if (xType.isDynamicDim(1) || xType.getDimSize(1) != yType.getDimSize(1))
    return op->emitOpError("expects 'x' and 'y' with the same, static number "
                           "of columns, but got ")
           << xType << " and " << yType;
  // (C2)
  if (yType.isDynamicDim(0) || yType.getDimSize(0) == 0)
    return op->emitOpError("expects 'y' with a static, positive number of "
                           "rows, but got ")
           << yType;
  if (!compatible(resultType.getDimSize(0), xType.getDimSize(0)) ||
      resultType.getDimSize(1) != yType.getDimSize(0))
    return op->emitOpError("expects '")
           << resultName << "' with the rows of 'x' as rows and those of 'y' "
           << "as columns, but got " << resultType << " for " << xType
           << " and " << yType;
  return success();
}

//===----------------------------------------------------------------------===//
// aimc.gram
//===----------------------------------------------------------------------===//

LogicalResult GramOp::verify() {
  // (C5)
  if (failed(verifyDestinations(*this)))
    return failure();
  // (C4)
  if (std::optional<StringRef> unit = getUnit())
    if (failed(verifyUnit(*this, *unit)))
      return failure();
  return verifyGram(*this, getKernel(), getGamma(), getX(), getY(), getInit(),
                    "init");
}

void GramOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addBufferEffects(*this, effects);
}

int64_t GramOp::countValues() {
  auto y = cast<ShapedType>(getY().getType());
  int64_t points = y.getDimSize(0), columns = y.getDimSize(1);
  switch (getKernel()) {
  case Kernel::linear:
    return points * columns;
  case Kernel::softmax:
    return points * (columns + 1);
  case Kernel::rbf:
    return points * (2 * columns + 2);
  case Kernel::arccos0:
  case Kernel::arccos1:
  case Kernel::arccos2:
    return points * (3 * columns + 24);
  }
  llvm_unreachable("unknown kernel");
}

//===----------------------------------------------------------------------===//
// aimc.load
//===----------------------------------------------------------------------===//

LogicalResult LoadOp::verify() {
  // (C3)
  return verifyDestinations(*this);
}

LogicalResult LoadOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // (C1)
  auto weights =
      symbols.lookupNearestSymbolFrom<WeightsOp>(*this, getWeightsAttr());
  if (!weights)
    return emitOpError("expects ")
           << getWeightsAttr()
           << " to be an 'aimc.weights', but there is none of this name";
  // (C2)
  auto init = cast<ShapedType>(getInit().getType());
  if (compatible(init.getDimSize(0), weights.getRows()) &&
      compatible(init.getDimSize(1), weights.getColumns()))
    return success();
  InFlightDiagnostic diag =
      emitOpError("expects 'init' of the shape of the matrix, but got ")
      << init;
  diag.attachNote(weights.getLoc())
      << "weights declared here as " << weights.getType();
  return diag;
}

void LoadOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addBufferEffects(*this, effects);
}

//===----------------------------------------------------------------------===//
// aimc.rt.gram, aimc.rt.load
//===----------------------------------------------------------------------===//

LogicalResult RtGramOp::verify() {
  std::optional<APFloat> gamma = getGamma();
  // A call always has an argument; 0 stands for none.
  if (getKernel() != Kernel::rbf && gamma->isZero())
    gamma.reset();
  return verifyGram(*this, getKernel(), gamma, getX(), getY(), getOutput(),
                    "output");
}

LogicalResult RtLoadOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto matrix =
      symbols.lookupNearestSymbolFrom<RtMatrixOp>(*this, getMatrixAttr());
  if (!matrix)
    return emitOpError("expects ")
           << getMatrixAttr()
           << " to be an 'aimc.rt.matrix', but there is none of this name";
  auto type = cast<RankedTensorType>(matrix.getValue().getShapedType());
  auto output = cast<ShapedType>(getOutput().getType());
  auto note = [&](InFlightDiagnostic diag) -> LogicalResult {
    diag.attachNote(matrix.getLoc()) << "matrix declared here as " << type;
    return diag;
  };
  if (matrix.getTiles())
    return note(emitOpError("expects a matrix in digital memory, but got one "
                            "with tiles"));
  if (!compatible(output.getDimSize(0), type.getDimSize(0)) ||
      !compatible(output.getDimSize(1), type.getDimSize(1)))
    return note(emitOpError("expects 'output' of the shape of the matrix, but "
                            "got ")
                << output);
  return success();
}
