//===- OutlineDigital.cpp - Digital regions to row programs -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-outline-digital: each region becomes a program on one row, and its
// execution on the batch.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/Transforms/Passes.h"
#include "AIMC/Transforms/RowProgramBuilder.h"
#include "AIMC/Utils/DigitalWork.h"
#include "AIMC/Utils/Matrices.h"
#include "AIMC/Utils/Rows.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"

namespace aimc {
#define GEN_PASS_DEF_AIMCOUTLINEDIGITALPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

/// The batches that the region of `digital` uses, in the order of their uses.
static llvm::SetVector<Value> findInputs(DigitalOp digital) {
  llvm::SetVector<Value> inputs;
  digital.getBody().walk([&](Operation *op) {
    if (isa<tensor::DimOp>(op))
      return;
    for (Value operand : op->getOperands())
      if (isa<TensorType>(operand.getType()) && !isPartOfProgram(operand) &&
          !digital.getBody().isAncestor(operand.getParentRegion()))
        inputs.insert(operand);
  });
  return inputs;
}

/// Checks that `inputs` and the results of `digital` can be those of a program.
static LogicalResult verifyBatches(DigitalOp digital, ValueRange inputs) {
  int64_t rows = ShapedType::kDynamic;
  for (Value batch :
       llvm::concat<Value>(llvm::to_vector(inputs),
                           llvm::to_vector_of<Value>(digital.getResults()))) {
    auto type = dyn_cast<RankedTensorType>(batch.getType());
    if (!type || type.getRank() != 2 || !type.getElementType().isF32() ||
        type.getDimSize(1) <= 0) {
      InFlightDiagnostic diag =
          digital.emitOpError("expects batches of rows of f32 of a static, "
                              "positive length, but got ")
          << batch.getType();
      diag.attachNote(batch.getLoc()) << "this value";
      return diag;
    }
    if (type.isDynamicDim(0))
      continue;
    if (!ShapedType::isDynamic(rows) && rows != type.getDimSize(0))
      return digital.emitOpError("expects batches of the same number of rows, "
                                 "but got ")
             << rows << " and " << type.getDimSize(0);
    rows = type.getDimSize(0);
  }
  return success();
}

/// The number of rows of the result `result` of `digital`, as an index outside
/// of it; null when nothing outside tells it.
static Value createRowsOfResult(OpBuilder &builder, DigitalOp digital,
                                Value result, ValueRange inputs) {
  Location loc = digital.getLoc();
  Rows rows = getRows(result);
  if (!rows.source)
    return arith::ConstantIndexOp::create(builder, loc, rows.size);
  if (!digital.getBody().isAncestor(rows.source.getParentRegion()) &&
      rows.source != result)
    return isa<IndexType>(rows.source.getType())
               ? rows.source
               : tensor::DimOp::create(builder, loc, rows.source, 0)
                     .getResult();
  return inputs.empty() ? Value()
                        : createRowCount(builder, loc, inputs.front());
}

namespace {
/// Replaces digital regions by executions of programs of unique names.
class Outliner {
public:
  /// Emits at what has no row program.
  LogicalResult outline(DigitalOp digital);

private:
  /// A name for the program of `digital` that is free in `symbols`.
  std::string createName(DigitalOp digital, SymbolTable &symbols);

  SymbolTableCollection tables;
  /// Suffixes in use, by table and name.
  DenseMap<Operation *, llvm::StringMap<unsigned>> suffixes;
};
} // namespace

std::string Outliner::createName(DigitalOp digital, SymbolTable &symbols) {
  auto function = digital->getParentOfType<FunctionOpInterface>();
  std::string name = ((function ? function.getName() + "_" : llvm::Twine()) +
                      digital.getUnit())
                         .str();
  std::string unique = name;
  for (unsigned &i = suffixes[symbols.getOp()][name]; symbols.lookup(unique);)
    unique = name + "_" + std::to_string(++i);
  return unique;
}

LogicalResult Outliner::outline(DigitalOp digital) {
  llvm::SetVector<Value> inputs = findInputs(digital);
  if (failed(verifyBatches(digital, inputs.getArrayRef())))
    return failure();
  if (digital.getNumResults() == 0) {
    digital.erase();
    return success();
  }

  // The program stands before the function that uses it.
  Operation *table = SymbolTable::getNearestSymbolTable(digital);
  SymbolTable &symbols = tables.getSymbolTable(table);
  Operation *position = digital;
  while (position->getParentOp() != table)
    position = position->getParentOp();
  OpBuilder builder(position);
  auto toRow = [&](Value batch) -> Type {
    return VectorType::get(
        {cast<RankedTensorType>(batch.getType()).getDimSize(1)},
        builder.getF32Type());
  };
  auto program =
      ProgramOp::create(builder, digital.getLoc(), createName(digital, symbols),
                        digital.getUnit(),
                        builder.getFunctionType(
                            llvm::map_to_vector(inputs, toRow),
                            llvm::map_to_vector(digital.getResults(), toRow)));
  symbols.insert(program);
  Block *block = program.addEntryBlock();
  RowProgramBuilder rows(block);
  for (auto [input, argument] : llvm::zip_equal(inputs, block->getArguments()))
    rows.setInput(input, argument);
  Block &region = digital.getBody().front();
  for (Operation &op : region.without_terminator())
    if (failed(rows.translate(&op)))
      return failure();
  SmallVector<Value> results;
  Operation *yield = region.getTerminator();
  for (Value value : yield->getOperands()) {
    FailureOr<Value> row = rows.getRow(yield, value);
    if (failed(row))
      return failure();
    results.push_back(*row);
  }
  builder.setInsertionPointToEnd(block);
  YieldOp::create(builder, yield->getLoc(), results);

  builder.setInsertionPoint(digital);
  SmallVector<Value> inits;
  for (Value result : digital.getResults()) {
    auto type = cast<RankedTensorType>(result.getType());
    SmallVector<Value, 1> sizes;
    if (type.isDynamicDim(0)) {
      sizes.push_back(
          createRowsOfResult(builder, digital, result, inputs.getArrayRef()));
      if (!sizes.front())
        return digital.emitOpError("expects an input that tells the number of "
                                   "rows, but got none");
    }
    inits.push_back(
        tensor::EmptyOp::create(builder, digital.getLoc(), type, sizes));
  }
  auto execute =
      ExecuteOp::create(builder, digital.getLoc(), digital.getResultTypes(),
                        FlatSymbolRefAttr::get(program.getSymNameAttr()),
                        inputs.getArrayRef(), inits);
  digital->replaceAllUsesWith(execute.getResults());
  eraseDead({digital});
  return success();
}

namespace {
struct OutlineDigitalPass
    : public aimc::impl::AIMCOutlineDigitalPassBase<OutlineDigitalPass> {
  using AIMCOutlineDigitalPassBase::AIMCOutlineDigitalPassBase;

  void runOnOperation() override {
    SmallVector<DigitalOp> regions;
    WalkResult result =
        getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) {
          if (auto digital = dyn_cast<DigitalOp>(op)) {
            regions.push_back(digital);
            return WalkResult::skip();
          }
          if (!isDigitalWork(op))
            return WalkResult::advance();
          op->emitError("expects digital work inside 'aimc.digital', but got '")
              << op->getName() << "' outside; run aimc-split first";
          return WalkResult::interrupt();
        });
    if (result.wasInterrupted())
      return signalPassFailure();
    Outliner outliner;
    for (DigitalOp digital : regions)
      if (failed(outliner.outline(digital)))
        return signalPassFailure();
  }
};
} // namespace
