//===- FuseCalls.cpp - Products and their programs as one -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-fuse-calls: a product and the digital programs on it become one call,
// and the buffers between them go.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/Transforms/CallBuffers.h"
#include "AIMC/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

namespace aimc {
#define GEN_PASS_DEF_AIMCFUSECALLSPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

namespace {
/// A product and the programs behind it.
class Chain {
public:
  explicit Chain(RtMvmOp mvm) : mvm(mvm) {
    numbers.insert({mvm.getOutput(), 0});
    buffers.insert(getBuffer(mvm.getOutput()));
    inputs.insert(getBuffer(mvm.getInput()));
  }

  /// Adds the programs that can be one with the product.
  void collect();

  /// Whether a buffer goes when all become one call.
  bool isWorthwhile();

  void fuse();

private:
  /// Adds `digital` if it works on values of the chain. Returns whether the
  /// chain may go on behind it.
  bool visit(RtDigitalOp digital);
  void append(RtDigitalOp digital);
  /// Whether `op` may stand before the whole chain though it is within; behind
  /// it if it frees an input.
  bool isApart(Operation *op) const {
    return keepsBuffers(op, buffers, inputs);
  }
  /// The buffers of values of the chain that are used outside of it.
  void findOutputs();

  RtMvmOp mvm;
  SmallVector<RtDigitalOp> programs;
  /// The number of the value that a buffer of the chain holds now.
  llvm::MapVector<Value, int64_t> numbers;
  SmallVector<Value> others;
  SmallVector<SmallVector<Value>> operands; ///< by program
  /// What they are views of.
  llvm::SetVector<Value> buffers, inputs;
  SmallVector<Value> outputs;
};
} // namespace

void Chain::collect() {
  for (Operation *op = mvm->getNextNode(); op; op = op->getNextNode()) {
    if (auto digital = dyn_cast<RtDigitalOp>(op)) {
      if (!visit(digital))
        return;
    } else if (!isApart(op)) {
      return;
    }
  }
}

bool Chain::visit(RtDigitalOp digital) {
  bool uses = llvm::any_of(digital.getInputs(), [&](Value input) {
    return numbers.contains(input);
  });
  if (!uses)
    return isApart(digital);
  for (Value input : digital.getInputs()) {
    if (numbers.contains(input))
      continue;
    // Another view of what the chain writes.
    if (buffers.contains(getBuffer(input)))
      return false;
  }
  for (Value output : digital.getOutputs()) {
    Value buffer = getBuffer(output);
    if (inputs.contains(buffer) ||
        (buffers.contains(buffer) && !numbers.contains(output)))
      return false;
    for (Value input : digital.getInputs())
      if (!numbers.contains(input) && getBuffer(input) == buffer)
        return false;
  }
  append(digital);
  return true;
}

void Chain::append(RtDigitalOp digital) {
  programs.push_back(digital);
  operands.emplace_back(digital.getInputs());
  for (Value input : digital.getInputs())
    if (!numbers.contains(input)) {
      inputs.insert(getBuffer(input));
      if (!llvm::is_contained(others, input))
        others.push_back(input);
    }
  // Numbers of outputs are known when all other inputs are: see fuse().
  for (Value output : digital.getOutputs()) {
    numbers[output] = 0;
    buffers.insert(getBuffer(output));
  }
}

void Chain::findOutputs() {
  llvm::DenseSet<Operation *> own(programs.begin(), programs.end());
  own.insert(mvm);
  for (auto &[value, number] : numbers) {
    bool isLocal = value.getDefiningOp<memref::AllocOp>() &&
                   llvm::all_of(value.getUsers(), [&](Operation *user) {
                     return own.contains(user) || isa<memref::DeallocOp>(user);
                   });
    if (!isLocal)
      outputs.push_back(value);
  }
}

bool Chain::isWorthwhile() {
  if (programs.empty())
    return false;
  findOutputs();
  if (outputs.empty() || outputs.size() >= numbers.size())
    return false;
  // Memory of their own: the call takes a block of rows after the other.
  llvm::DenseSet<Value> memory(inputs.begin(), inputs.end());
  return llvm::all_of(outputs, [&](Value output) {
    return memory.insert(getBuffer(output)).second;
  });
}

void Chain::fuse() {
  // Numbers: the product, other inputs, outputs of programs.
  llvm::DenseMap<Value, int64_t> current = {{mvm.getOutput(), 0}};
  llvm::DenseMap<Value, int64_t> given;
  for (auto [index, other] : llvm::enumerate(others))
    given[other] = static_cast<int64_t>(index) + 1;
  int64_t next = static_cast<int64_t>(others.size()) + 1;
  SmallVector<int64_t> operandNumbers, resultNumbers;
  SmallVector<Attribute> names;
  for (RtDigitalOp program : programs) {
    names.push_back(program.getProgramAttr());
    for (Value input : program.getInputs()) {
      auto known = current.find(input);
      operandNumbers.push_back(known != current.end() ? known->second
                                                      : given.at(input));
    }
    for (Value output : program.getOutputs())
      current[output] = next++;
  }
  for (Value output : outputs)
    resultNumbers.push_back(current.at(output));

  RtDigitalOp last = programs.back();
  OpBuilder builder(last);
  auto fused = RtMvmDigitalOp::create(
      builder, builder.getFusedLoc({mvm.getLoc(), last.getLoc()}),
      mvm.getDevice(), mvm.getMatrixAttr(), builder.getArrayAttr(names),
      mvm.getSiteAttr(), mvm.getInputRangeAttr(), mvm.getOutputRangeAttr(),
      builder.getDenseI64ArrayAttr(operandNumbers),
      builder.getDenseI64ArrayAttr(resultNumbers),
      /*deferred=*/builder.getI64IntegerAttr(0), mvm.getFirstVector(),
      mvm.getInput(), others, outputs);
  // What was freed on the way is freed behind it.
  for (Operation *op = mvm->getNextNode(); op != fused.getOperation();) {
    Operation *following = op->getNextNode();
    if (auto dealloc = dyn_cast<memref::DeallocOp>(op);
        dealloc && (inputs.contains(getBuffer(dealloc.getMemref())) ||
                    llvm::is_contained(outputs, dealloc.getMemref())))
      op->moveAfter(fused);
    op = following;
  }
  for (RtDigitalOp program : programs)
    program.erase();
  mvm.erase();
  for (auto &[value, number] : numbers) {
    if (llvm::is_contained(outputs, value))
      continue;
    for (Operation *user : llvm::make_early_inc_range(value.getUsers()))
      user->erase();
    value.getDefiningOp()->erase();
  }
}

/// Sizes of buffers are those that they are made with, and what nothing uses
/// goes, so that no such use keeps a buffer.
static void simplifySizes(ModuleOp module) {
  IRRewriter rewriter(module.getContext());
  module.walk([&](memref::DimOp dim) {
    SmallVector<OpFoldResult> sizes;
    if (succeeded(dim->fold(sizes)) && sizes.size() == 1)
      if (auto size = dyn_cast<Value>(sizes.front()))
        rewriter.replaceAllUsesWith(dim, size);
  });
  for (auto func : module.getOps<func::FuncOp>())
    (void)runRegionDCE(rewriter, func->getRegions());
}

namespace {
struct FuseCallsPass : public aimc::impl::AIMCFuseCallsPassBase<FuseCallsPass> {
  void runOnOperation() override {
    simplifySizes(getOperation());
    SmallVector<RtMvmOp> products;
    getOperation().walk([&](RtMvmOp mvm) { products.push_back(mvm); });
    for (RtMvmOp mvm : products) {
      Chain chain(mvm);
      chain.collect();
      if (chain.isWorthwhile())
        chain.fuse();
    }
    simplifySizes(getOperation());
  }
};
} // namespace
