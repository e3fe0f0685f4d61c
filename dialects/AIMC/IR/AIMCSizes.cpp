//===- AIMCSizes.cpp - Arrays at the entry of a program -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sizes of arguments and results that are no matrices to their users, and
// sizes that have to agree when a program runs.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace aimc;

RankedTensorType aimc::getMatrixType(RankedTensorType type) {
  ArrayRef<int64_t> sizes = type.getShape();
  int64_t width = 1;
  if (sizes.size() > 1 && !ShapedType::isDynamic(sizes.back())) {
    width = sizes.back();
    sizes = sizes.drop_back();
  }
  int64_t rows = 1;
  for (int64_t size : sizes)
    rows = ShapedType::isDynamic(size) || ShapedType::isDynamic(rows)
               ? ShapedType::kDynamic
               : rows * size;
  return RankedTensorType::get({rows, width}, type.getElementType());
}

/// Verifies `attribute` of a value of type `type`, the `what` of function `op`.
static LogicalResult verifyAttribute(Operation *op, NamedAttribute attribute,
                                     Type type, const Twine &what) {
  if (attribute.getName() == nameAttrName) {
    auto name = dyn_cast<StringAttr>(attribute.getValue());
    if (name && !name.empty() && llvm::all_of(name.getValue(), llvm::isPrint))
      return success();
    return op->emitOpError("expects '")
           << nameAttrName << "' of " << what
           << " to be a string of printable characters, but got "
           << attribute.getValue();
  }
  if (attribute.getName() != sizesAttrName)
    return op->emitOpError("expects no attribute '")
           << attribute.getName().getValue() << "' of the aimc dialect on "
           << what << ", where its attributes are '" << sizesAttrName
           << "' and '" << nameAttrName << "'";
  auto sizes = dyn_cast<DenseI64ArrayAttr>(attribute.getValue());
  if (!sizes || sizes.empty() ||
      llvm::any_of(sizes.asArrayRef(), [](int64_t size) { return size < -1; }))
    return op->emitOpError("expects '")
           << sizesAttrName << "' of " << what
           << " to be an array of i64, each at least 0 or -1, but got "
           << attribute.getValue();
  SmallVector<int64_t> shape;
  for (int64_t size : sizes.asArrayRef())
    shape.push_back(size < 0 ? ShapedType::kDynamic : size);
  RankedTensorType expected = getMatrixType(
      RankedTensorType::get(shape, Float32Type::get(op->getContext())));
  auto matrix = dyn_cast<ShapedType>(type);
  if (!matrix || !matrix.hasRank() || matrix.getRank() != 2 ||
      matrix.getElementType() != expected.getElementType() ||
      matrix.getDimSize(1) != expected.getDimSize(1) ||
      failed(verifyCompatibleShape(matrix.getShape(), expected.getShape())))
    return op->emitOpError("expects ")
           << what << " to be a matrix like " << expected << " for the sizes "
           << sizes << ", but got " << type;
  return success();
}

LogicalResult AIMCDialect::verifyRegionArgAttribute(Operation *op, unsigned,
                                                    unsigned argument,
                                                    NamedAttribute attribute) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  for (unsigned i = 0; function && i < argument; ++i)
    if (attribute.getName() == nameAttrName &&
        function.getArgAttr(i, nameAttrName) == attribute.getValue())
      return op->emitOpError("expects arguments of different names, but got ")
             << attribute.getValue() << " for " << i << " and " << argument;
  return verifyAttribute(
      op, attribute, function ? function.getArgumentTypes()[argument] : Type(),
      "argument " + Twine(argument));
}

LogicalResult AIMCDialect::verifyRegionResultAttribute(
    Operation *op, unsigned, unsigned result, NamedAttribute attribute) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  for (unsigned i = 0; function && i < result; ++i)
    if (attribute.getName() == nameAttrName &&
        function.getResultAttr(i, nameAttrName) == attribute.getValue())
      return op->emitOpError("expects results of different names, but got ")
             << attribute.getValue() << " for " << i << " and " << result;
  return verifyAttribute(op, attribute,
                         function ? function.getResultTypes()[result] : Type(),
                         "result " + Twine(result));
}

/// Verifies that `sizes` of the `what` number `index` exist and have one number
/// `dimension`.
static LogicalResult verifyDimension(Operation *op, StringRef what,
                                     int64_t index, int64_t dimension,
                                     DenseI64ArrayAttr sizes) {
  if (!sizes)
    return op->emitOpError("expects the number of ")
           << what << " with '" << sizesAttrName << "', but got " << index;
  if (dimension < 0 || dimension >= sizes.size())
    return op->emitOpError("expects one of the sizes ")
           << sizes << ", but got number " << dimension;
  return success();
}

LogicalResult InputSizeOp::verify() {
  auto function = (*this)->getParentOfType<FunctionOpInterface>();
  DenseI64ArrayAttr sizes;
  if (function && getInput() >= 0 && getInput() < function.getNumArguments())
    sizes =
        function.getArgAttrOfType<DenseI64ArrayAttr>(getInput(), sizesAttrName);
  // (C1), (C2)
  return verifyDimension(*this, "an argument", getInput(), getDimension(),
                         sizes);
}

LogicalResult SetOutputSizeOp::verify() {
  auto function = (*this)->getParentOfType<FunctionOpInterface>();
  DenseI64ArrayAttr sizes;
  if (function && getOutput() >= 0 && getOutput() < function.getNumResults())
    sizes = function.getResultAttrOfType<DenseI64ArrayAttr>(getOutput(),
                                                            sizesAttrName);
  // (C1), (C2)
  if (failed(verifyDimension(*this, "a result", getOutput(), getDimension(),
                             sizes)))
    return failure();
  if (sizes[getDimension()] >= 0)
    return emitOpError("expects an open size, but got number ")
           << getDimension() << " of " << sizes;
  return success();
}

LogicalResult VerifySizeOp::verify() {
  // (C1)
  if (getOf().empty())
    return emitOpError("expects what the sizes count, but got an empty text");
  return success();
}

/// Whether two sizes are the same by what makes them, as far as `depth`
/// operations tell.
static bool isSame(Value lhs, Value rhs, int depth = 3) {
  if (lhs == rhs)
    return true;
  auto left = dyn_cast<OpResult>(lhs), right = dyn_cast<OpResult>(rhs);
  return depth > 0 && left && right &&
         left.getResultNumber() == right.getResultNumber() &&
         isPure(left.getOwner()) &&
         OperationEquivalence::isEquivalentTo(
             left.getOwner(), right.getOwner(),
             [depth](Value a, Value b) {
               return success(isSame(a, b, depth - 1));
             },
             /*markEquivalent=*/nullptr, OperationEquivalence::IgnoreLocations);
}

/// Whether an operation before `op` in its block compares the same sizes.
static bool isRepeated(VerifySizeOp op) {
  return llvm::any_of(op.getSize().getUsers(), [&](Operation *user) {
    auto other = dyn_cast<VerifySizeOp>(user);
    return other && other != op && other.getSize() == op.getSize() &&
           other.getExpected() == op.getExpected() &&
           other->getBlock() == op->getBlock() && other->isBeforeInBlock(op);
  });
}

LogicalResult VerifySizeOp::canonicalize(VerifySizeOp op,
                                         PatternRewriter &rewriter) {
  if (!isSame(op.getSize(), op.getExpected()) && !isRepeated(op))
    return rewriter.notifyMatchFailure(op, "the sizes may differ");
  rewriter.eraseOp(op);
  return success();
}
