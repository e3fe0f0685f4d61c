//===- AIMCToRuntime.cpp - Products and programs become calls -------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// convert-aimc-to-runtime: one call per product and per program, one matrix
// with a constant table of tiles per set of weights. The result is the closed
// set that the JIT and the emitters take.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/IR/RuntimeCalls.h"
#include "AIMC/Utils/BufferRows.h"
#include "Conversion/AIMCToRuntime/Views.h"
#include "Conversion/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <limits>

namespace aimc {
#define GEN_PASS_DEF_CONVERTAIMCTORUNTIMEPASS
#include "Conversion/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

/// Whether `func` takes the context already, which makes it a runtime function.
static bool takesContext(func::FuncOp func) {
  return func.getNumArguments() != 0 &&
         isa<ContextType>(func.getArgumentTypes().front());
}

//===----------------------------------------------------------------------===//
// What can be lowered
//===----------------------------------------------------------------------===//

/// Verifies that `op` is part of the closed set or becomes part of it.
static LogicalResult verifyLowerable(Operation *op) {
  if (auto copy = dyn_cast<memref::CopyOp>(op);
      copy && cast<ShapedType>(copy.getSource().getType()).getRank() != 2)
    return op->emitOpError("expects to copy matrices, but got ")
           << copy.getSource().getType();
  if (isa<memref::GetGlobalOp>(op))
    return op->emitError(
        "expects a value that depends on the arguments, but got a "
        "constant that is used as a whole");
  if (lookupRuntimeCall(op) || isBufferView(op) ||
      isa<InputSizeOp, SetOutputSizeOp, VerifySizeOp, func::FuncOp,
          func::ReturnOp, func::CallOp, memref::AllocOp, memref::DeallocOp,
          memref::DimOp, memref::CastOp, memref::CopyOp, scf::ForOp,
          scf::YieldOp>(op))
    return success();
  if (auto attention = dyn_cast<AttentionOp>(op);
      attention && !attention.getUnit())
    return op->emitOpError("expects the digital unit that computes it, but got "
                           "none; run aimc-split first");
  if (isa<AttentionOp, ExecuteOp, GramOp, LoadOp, MvmOp>(op)) {
    if (cast<DestinationStyleOpInterface>(op).hasPureBufferSemantics())
      return success();
    return op->emitOpError("expects buffers when lowered to runtime calls, but "
                           "got tensors; bufferize first");
  }
  // Shape arithmetic alone: no values of a model are computed outside calls.
  if (isa<arith::ArithDialect>(op->getDialect()) &&
      llvm::all_of(op->getResultTypes(), [](Type type) {
        return type.isIndex() || type.isInteger(1);
      }))
    return success();
  return op->emitOpError("has no runtime call");
}

/// Verifies the arguments and results of a function that tools call.
static LogicalResult verifyEntry(func::FuncOp func) {
  auto verify = [&](StringRef what, ArrayRef<Type> types) -> LogicalResult {
    for (auto [index, type] : llvm::enumerate(types)) {
      auto shaped = dyn_cast<ShapedType>(type);
      if (!shaped || !shaped.hasRank() || shaped.getRank() != 2 ||
          !shaped.getElementType().isF32() || shaped.isDynamicDim(1))
        return func.emitError("expects ")
               << what << " " << index << " of public function '"
               << func.getName() << "' to be a matrix of f32 with a static "
               << "number of columns, but got " << type;
    }
    return success();
  };
  if (func.getNumResults() == 0)
    return func.emitError("expects results of public function '")
           << func.getName() << "', but got none";
  if (failed(verify("argument", func.getArgumentTypes())))
    return failure();
  return verify("result", func.getResultTypes());
}

/// Verifies that `func` frees no argument and returns buffers of its own, each
/// once: the tools that call it free arguments and results.
static LogicalResult verifyOwnership(func::FuncOp func) {
  auto isArgument = [&](Value buffer) {
    return llvm::is_contained(func.getArguments(), buffer);
  };
  DenseMap<Value, Operation *> freed;
  WalkResult result = func.walk([&](memref::DeallocOp op) {
    Value buffer = getViewedBuffer(op.getMemref());
    freed[buffer] = op;
    if (!isArgument(buffer))
      return WalkResult::advance();
    op.emitOpError("expects a buffer of function '")
        << func.getName() << "', but got its argument, which its caller frees";
    return WalkResult::interrupt();
  });
  if (result.wasInterrupted())
    return failure();
  result = func.walk([&](func::ReturnOp op) {
    DenseSet<Value> returned;
    for (auto [index, operand] : llvm::enumerate(op.getOperands())) {
      if (!isa<MemRefType>(operand.getType()))
        continue;
      Value buffer = getViewedBuffer(operand);
      StringRef got;
      if (isArgument(buffer))
        got = "an argument, which its caller frees";
      else if (freed.contains(buffer))
        got = "one that is freed";
      else if (!returned.insert(buffer).second)
        got = "that of another result";
      if (got.empty())
        continue;
      op.emitOpError("expects result ")
          << index << " of public function '" << func.getName()
          << "' to be a buffer of its own, but got " << got;
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct ConvertAIMCToRuntime
    : public aimc::impl::ConvertAIMCToRuntimePassBase<ConvertAIMCToRuntime> {
  void runOnOperation() override;

private:
  /// Turns the weights and their tiles into runtime matrices. Fails when a
  /// product uses other copies than there are, or two products use those of a
  /// matrix each in another way.
  LogicalResult convertMatrices();
  /// Gives `func` the context, and those that it calls.
  void addContext(func::FuncOp func);
  /// Turns the operations of `func` into calls.
  void convertFunction(func::FuncOp func);
  /// The range set on a product, else the default of the converter.
  FloatAttr getRange(MvmOp op, FloatAttr range,
                     runtime::Converter runtime::TargetDescription::*converter,
                     StringRef name);
};
} // namespace

void ConvertAIMCToRuntime::runOnOperation() {
  ModuleOp module = getOperation();
  SmallVector<func::FuncOp> functions;
  for (auto func : module.getOps<func::FuncOp>()) {
    if (takesContext(func)) {
      if (func.isPublic() && failed(verifyOwnership(func)))
        return signalPassFailure();
      continue;
    }
    if (func.isDeclaration()) {
      func.emitError("expects function '")
          << func.getName() << "' to have a body, but got a declaration";
      return signalPassFailure();
    }
    if (func.isPublic() && failed(verifyEntry(func)))
      return signalPassFailure();
    if (func.walk([](Operation *op) { return WalkResult(verifyLowerable(op)); })
            .wasInterrupted())
      return signalPassFailure();
    if (func.isPublic() && failed(verifyOwnership(func)))
      return signalPassFailure();
    functions.push_back(func);
  }
  if (failed(convertMatrices()))
    return signalPassFailure();
  for (func::FuncOp func : functions)
    addContext(func);
  if (failed(resolveViews(module)))
    return signalPassFailure();
  for (func::FuncOp func : functions)
    convertFunction(func);
}

/// The table of tiles of a matrix on crossbars, copy by copy; null when it has
/// no tiles and no product uses it there.
static DenseIntElementsAttr
getTable(WeightsOp weights, MutableArrayRef<TileOp> tiles, bool multiplied) {
  // The order in which partial sums are added.
  llvm::sort(tiles, [](TileOp lhs, TileOp rhs) {
    return std::make_tuple(lhs.getCopy(), lhs.getRow(), lhs.getColumn()) <
           std::make_tuple(rhs.getCopy(), rhs.getRow(), rhs.getColumn());
  });
  SmallVector<int32_t> table;
  for (TileOp tile : tiles)
    for (int64_t value :
         {tile.getRow(), tile.getColumn(), tile.getRows(), tile.getColumns(),
          tile.getChip().value_or(-1), tile.getCore().value_or(-1),
          tile.getCoreRow().value_or(-1), tile.getCoreColumn().value_or(-1)})
      table.push_back(value);
  // A matrix on crossbars that is not cut is one tile of any size.
  if (table.empty() && multiplied)
    for (int64_t value :
         {int64_t(0), int64_t(0), weights.getRows(), weights.getColumns(),
          int64_t(-1), int64_t(-1), int64_t(-1), int64_t(-1)})
      table.push_back(value);
  if (table.empty())
    return {};
  auto type = RankedTensorType::get({static_cast<int64_t>(table.size() / 8), 8},
                                    IntegerType::get(weights.getContext(), 32));
  return DenseIntElementsAttr::get(type, table);
}

LogicalResult ConvertAIMCToRuntime::convertMatrices() {
  ModuleOp module = getOperation();
  SymbolTable symbols(module);
  llvm::DenseMap<StringAttr, SmallVector<TileOp>> tiles;
  llvm::DenseMap<StringAttr, int64_t> copies;
  for (auto tile : module.getOps<TileOp>()) {
    StringAttr name = tile.getWeightsAttr().getAttr();
    tiles[name].push_back(tile);
    int64_t &count = copies[name];
    count = std::max(count, tile.getCopy() + 1);
  }
  llvm::DenseSet<StringAttr> multiplied;
  // The first product that uses several copies, which says how.
  llvm::DenseMap<StringAttr, MvmOp> firstUses;
  llvm::DenseMap<StringAttr, SmallVector<Operation *>> digital;
  WalkResult result = module.walk([&](Operation *op) -> WalkResult {
    if (auto mvm = dyn_cast<MvmOp>(op)) {
      StringAttr name = mvm.getWeightsAttr().getAttr();
      multiplied.insert(name);
      int64_t &count = copies[name];
      count = std::max<int64_t>(count, 1);
      if (mvm.countCopies() != count)
        return mvm.emitOpError("expects an average over the copies of ")
               << mvm.getWeightsAttr() << ", " << count
               << ", or that they share the vectors, but got "
               << mvm.countCopies();
      if (count == 1)
        return WalkResult::advance();
      MvmOp first = firstUses.try_emplace(name, mvm).first->second;
      if (first.getSharingCopies() != mvm.getSharingCopies()) {
        auto rule = [](MvmOp use) {
          return use.getSharingCopies() ? "share" : "average";
        };
        InFlightDiagnostic diag = mvm.emitOpError("expects ")
                                  << rule(first) << " as another product with "
                                  << mvm.getWeightsAttr() << ", but got "
                                  << rule(mvm);
        diag.attachNote(first.getLoc()) << "the other product is here";
        return diag;
      }
    } else if (auto product = dyn_cast<ProductOp>(op)) {
      digital[product.getWeightsAttr().getAttr()].push_back(product);
    } else if (auto load = dyn_cast<LoadOp>(op)) {
      digital[load.getWeightsAttr().getAttr()].push_back(load);
    }
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();

  for (auto weights : llvm::make_early_inc_range(module.getOps<WeightsOp>())) {
    StringAttr name = weights.getSymNameAttr();
    SmallVector<TileOp> &parts = tiles[name];
    DenseIntElementsAttr table =
        getTable(weights, parts, multiplied.contains(name));
    ElementsAttr value = weights.getValue();
    MvmOp use = firstUses.lookup(name);
    const bool shares = use && use.getSharingCopies();
    OpBuilder builder(weights);
    symbols.remove(weights);
    auto matrix = RtMatrixOp::create(
        builder, weights.getLoc(), name, value,
        builder.getI64IntegerAttr(table && !shares ? copies[name] : 1),
        builder.getI64IntegerAttr(table && shares ? copies[name] : 1), table);
    symbols.insert(matrix, Block::iterator(weights));
    // What crossbars and a digital unit both use is held by each of them.
    if (auto users = digital.find(name); table && users != digital.end()) {
      auto copy = RtMatrixOp::create(
          builder, weights.getLoc(),
          builder.getStringAttr(name.getValue() + "_digital"), value,
          builder.getI64IntegerAttr(1), builder.getI64IntegerAttr(1),
          DenseIntElementsAttr());
      symbols.insert(copy, Block::iterator(weights));
      auto symbol = FlatSymbolRefAttr::get(copy.getSymNameAttr());
      for (Operation *user : users->second) {
        if (auto product = dyn_cast<ProductOp>(user))
          product.setWeightsAttr(symbol);
        else
          cast<LoadOp>(user).setWeightsAttr(symbol);
      }
    }
    weights.erase();
    for (TileOp tile : parts)
      tile.erase();
  }
  return success();
}

void ConvertAIMCToRuntime::addContext(func::FuncOp func) {
  (void)func.insertArgument(0, ContextType::get(&getContext()), {},
                            func.getLoc());
  Value context = func.getArgument(0);
  func.walk([&](func::CallOp call) {
    call.getOperandsMutable().assign(llvm::to_vector(llvm::concat<Value>(
        SmallVector<Value>{context}, llvm::to_vector(call.getOperands()))));
  });
}

namespace {
/// Makes the index of the first vector of each batch of a function, once for
/// batches of one number of rows, and in a loop that of the iteration.
class FirstVectors {
public:
  explicit FirstVectors(func::FuncOp func) : func(func) {}

  /// For a call at the insertion point of `builder` on `batch`.
  Value get(OpBuilder &builder, Value batch);

private:
  Value getOutsideLoops(OpBuilder &builder, Value batch);

  func::FuncOp func;
  Value ofEntries;               ///< one vector an entry of the inputs
  DenseMap<Value, Value> ofRows; ///< by the batch
};
} // namespace

Value FirstVectors::get(OpBuilder &builder, Value batch) {
  Value first = getOutsideLoops(builder, batch);
  SmallVector<scf::ForOp> loops;
  for (Operation *op = builder.getInsertionBlock()->getParentOp(); op != func;
       op = op->getParentOp())
    if (auto loop = dyn_cast<scf::ForOp>(op))
      loops.push_back(loop);
  for (auto [depth, loop] : llvm::enumerate(llvm::reverse(loops)))
    first = RtFirstVectorInLoopOp::create(
        builder, loop.getLoc(), builder.getIndexType(), func.getArgument(0),
        builder.getI64IntegerAttr(depth), first, loop.getInductionVar());
  return first;
}

/// The same, in all iterations of all loops.
Value FirstVectors::getOutsideLoops(OpBuilder &builder, Value batch) {
  // Each row of a first input that is a matrix is an entry of the data set.
  bool hasEntries = func.isPublic() && func.getNumArguments() > 1 &&
                    isa<MemRefType>(func.getArgumentTypes()[1]) &&
                    !func.getArgAttr(1, sizesAttrName);
  if (hasEntries &&
      getBufferRows(batch) == getBufferRows(func.getArgument(1))) {
    if (!ofEntries) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(&func.getBody().front());
      ofEntries = RtFirstVectorOp::create(
          builder, func.getLoc(), builder.getIndexType(), func.getArgument(0));
    }
    return ofEntries;
  }
  Location loc = batch.getLoc();
  Value &first = ofRows[batch];
  if (!first) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointAfterValue(batch);
    // A view knows its rows.
    auto view = batch.getDefiningOp<memref::ReinterpretCastOp>();
    Value rows = getValueOrCreateConstantIndexOp(
        builder, loc,
        view ? view.getMixedSizes().front()
             : memref::getMixedSize(builder, loc, batch, 0));
    first = RtFirstVectorOfOp::create(builder, loc, builder.getIndexType(),
                                      func.getArgument(0), rows);
  }
  return first;
}

void ConvertAIMCToRuntime::convertFunction(func::FuncOp func) {
  Value context = func.getArgument(0);
  OpBuilder builder(func.getBody());
  FirstVectors firstVectors(func);
  func.walk([&](Operation *op) {
    builder.setInsertionPoint(op);
    if (auto mvm = dyn_cast<MvmOp>(op)) {
      FloatAttr inputRange =
          getRange(mvm, mvm.getInputRangeAttr(),
                   &runtime::TargetDescription::dac, "input");
      FloatAttr outputRange =
          getRange(mvm, mvm.getOutputRangeAttr(),
                   &runtime::TargetDescription::adc, "output");
      RtMvmOp::create(builder, op->getLoc(), context, mvm.getWeightsAttr(),
                      mvm.getSiteAttr(), inputRange, outputRange,
                      firstVectors.get(builder, mvm.getInput()), mvm.getInput(),
                      mvm.getInit());
    } else if (auto execute = dyn_cast<ExecuteOp>(op)) {
      RtDigitalOp::create(builder, op->getLoc(), context,
                          execute.getProgramAttr(),
                          firstVectors.get(builder, execute.getInits().front()),
                          execute.getInputs(), execute.getInits());
    } else if (auto gram = dyn_cast<GramOp>(op)) {
      FloatAttr gamma = gram.getGammaAttr();
      RtGramOp::create(builder, op->getLoc(), context, gram.getKernelAttr(),
                       gamma ? gamma : builder.getF64FloatAttr(0), gram.getX(),
                       gram.getY(), gram.getInit());
    } else if (auto load = dyn_cast<LoadOp>(op)) {
      RtLoadOp::create(builder, op->getLoc(), context, load.getWeightsAttr(),
                       load.getInit());
    } else if (auto attention = dyn_cast<AttentionOp>(op)) {
      RtAttentionOp::create(builder, op->getLoc(), context,
                            attention.getUnitAttr(), attention.getHeadsAttr(),
                            builder.getI64IntegerAttr(attention.getCausal()),
                            attention.getSequences(), attention.getQueries(),
                            attention.getKeys(), attention.getValues(),
                            attention.getLogScale(), attention.getMask(),
                            attention.getInit());
    } else if (auto copy = dyn_cast<memref::CopyOp>(op)) {
      RtCopyOp::create(builder, op->getLoc(), context, copy.getSource(),
                       copy.getTarget());
    } else if (auto size = dyn_cast<InputSizeOp>(op)) {
      size.replaceAllUsesWith(
          RtInputSizeOp::create(builder, op->getLoc(), builder.getIndexType(),
                                context, size.getInputAttr(),
                                size.getDimensionAttr())
              .getResult());
    } else if (auto size = dyn_cast<SetOutputSizeOp>(op)) {
      RtSetOutputSizeOp::create(builder, op->getLoc(), context,
                                size.getOutputAttr(), size.getDimensionAttr(),
                                size.getSize());
    } else if (auto size = dyn_cast<VerifySizeOp>(op)) {
      RtVerifySizeOp::create(builder, op->getLoc(), context, size.getOf(),
                             size.getSize(), size.getExpected());
    } else {
      return;
    }
    op->erase();
  });
}

FloatAttr ConvertAIMCToRuntime::getRange(
    MvmOp op, FloatAttr range,
    runtime::Converter runtime::TargetDescription::*converter, StringRef name) {
  if (range)
    return range;
  double value = std::numeric_limits<double>::infinity();
  if (TargetAttr target = TargetAttr::lookup(op)) {
    const runtime::Converter &description = target.getTarget().*converter;
    // An ideal converter has no range, but the parts beside it have units.
    if (description.ideal) {
      value = 1;
    } else {
      value = description.defaultRange;
      remark::missed(
          op.getLoc(),
          remark::RemarkOpts::name("default-range").category("aimc-calibrate"))
          << llvm::formatv("site {0} of '{1}' is not calibrated; its {2} range "
                           "is the target's default, {3}",
                           op.getSite(), op.getWeights(), name,
                           llvm::format("%g", value))
                 .str();
    }
  }
  return FloatAttr::get(Float32Type::get(&getContext()), value);
}
