//===- Matrices.cpp - Constant matrices and their uses -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Symbols by value, sites by number.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Utils/Matrices.h"

#include "Support/Constants.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"

#include "llvm/ADT/SmallPtrSet.h"

#include <algorithm>

using namespace mlir;
using namespace aimc;

std::optional<ConstantMatrix> aimc::matchConstantMatrix(Value matrix) {
  ConstantMatrix result;
  while (Operation *op = matrix.getDefiningOp()) {
    if (auto cast = dyn_cast<tensor::CastOp>(op)) {
      matrix = cast.getSource();
    } else if (auto transpose = dyn_cast<linalg::TransposeOp>(op)) {
      if (transpose.getPermutation() == ArrayRef<int64_t>{1, 0})
        result.transposed = !result.transposed;
      matrix = transpose.getInput();
    } else if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
      result.value = dyn_cast<ElementsAttr>(constant.getValue());
      result.source = op;
      if (!result.value || result.value.getShapedType().getRank() != 2)
        return std::nullopt;
      return result;
    } else {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

Matrices::Matrices(ModuleOp module) : module(module), symbols(module) {
  for (auto weights : module.getOps<WeightsOp>()) {
    names.try_emplace(weights.getValue(),
                      FlatSymbolRefAttr::get(weights.getSymNameAttr()));
    lastWeights = weights;
  }
  module.walk(
      [&](MvmOp mvm) { nextSite = std::max(nextSite, mvm.getSite() + 1); });
}

/// The transpose of `value`, whose data are present.
static ElementsAttr transposeMatrix(ElementsAttr value, StringRef name) {
  auto type = cast<RankedTensorType>(value.getShapedType());
  int64_t rows = type.getDimSize(0), columns = type.getDimSize(1);
  auto transposed =
      RankedTensorType::get({columns, rows}, type.getElementType());
  if (auto dense = dyn_cast<DenseElementsAttr>(value); dense && dense.isSplat())
    return dense.resizeSplat(transposed);
  std::vector<float> storage;
  ArrayRef<float> data = getMatrixData(value, storage);
  std::vector<float> result(data.size());
  // By square blocks through a small copy: whole lines of the cache are read
  // and written at once. The rows of a block of a matrix with a power of two
  // columns all lie in the same sets of the caches, where they would evict each
  // other.
  constexpr int64_t block = 32;
  float copy[block][block];
  for (int64_t r = 0; r < rows; r += block)
    for (int64_t c = 0; c < columns; c += block) {
      const int64_t height = std::min(block, rows - r);
      const int64_t width = std::min(block, columns - c);
      for (int64_t i = 0; i < height; ++i)
        for (int64_t j = 0; j < width; ++j)
          copy[j][i] = data[(r + i) * columns + c + j];
      for (int64_t j = 0; j < width; ++j)
        std::copy_n(copy[j], height, &result[(c + j) * rows + r]);
    }
  return makeConstant(transposed, std::move(result), name);
}

FailureOr<FlatSymbolRefAttr>
Matrices::getSymbol(ConstantMatrix matrix, bool transpose, StringRef name) {
  transpose ^= matrix.transposed;
  if (FlatSymbolRefAttr known =
          (transpose ? transposes : names).lookup(matrix.value))
    return known;
  if (failed(verifyMatrix(matrix.source, matrix.value)))
    return failure();

  // Readable names: omega, omega_1, omega_2.
  std::string unique = name.str();
  for (unsigned &i = suffixes[name]; symbols.lookup(unique);)
    unique = (name + "_" + Twine(++i)).str();
  ElementsAttr value = matrix.value;
  if (transpose) {
    value = transposeMatrix(value, unique);
    if (FlatSymbolRefAttr known = names.lookup(value))
      return transposes[matrix.value] = known;
  }

  OpBuilder builder(module.getContext());
  if (lastWeights)
    builder.setInsertionPointAfter(lastWeights);
  else
    builder.setInsertionPointToStart(module.getBody());
  auto weights = WeightsOp::create(builder, matrix.source->getLoc(),
                                   builder.getStringAttr(unique), value);
  symbols.insert(weights);
  lastWeights = weights;
  auto symbol = FlatSymbolRefAttr::get(weights.getSymNameAttr());
  names[value] = symbol;
  if (transpose)
    transposes[matrix.value] = symbol;
  return symbol;
}

void aimc::eraseDead(ArrayRef<Operation *> ops) {
  SmallVector<Operation *> worklist(ops);
  llvm::SmallPtrSet<Operation *, 16> erased;
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val();
    if (erased.contains(op) || !isOpTriviallyDead(op))
      continue;
    for (Value operand : op->getOperands())
      if (Operation *producer = operand.getDefiningOp())
        worklist.push_back(producer);
    // Values used inside its regions are uses as well.
    op->walk([&](Operation *nested) {
      for (Value operand : nested->getOperands())
        if (Operation *producer = operand.getDefiningOp();
            producer && !op->isProperAncestor(producer))
          worklist.push_back(producer);
    });
    op->walk([&](Operation *nested) { erased.insert(nested); });
    op->erase();
  }
}
