//===- DeferRows.cpp - Features that attention computes -----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-defer-rows: marks the calls whose rows attention may compute as it reads
// them.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/Transforms/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Utils/MemRefUtils.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"

namespace aimc {
#define GEN_PASS_DEF_AIMCDEFERROWSPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

/// The buffer that `view` shows values of.
static Value getBuffer(Value view) {
  return memref::skipViewLikeOps(cast<MemrefValue>(view));
}

/// Whether only `producer` and `attention` use a buffer that is made here.
static bool isBetween(Value output, Operation *producer, Operation *attention) {
  return output.getDefiningOp<memref::AllocOp>() &&
         llvm::all_of(output.getUsers(), [&](Operation *user) {
           return user == producer || user == attention ||
                  isa<memref::DeallocOp, memref::DimOp>(user);
         });
}

/// Whether `op` writes none of `inputs`. What frees one can move.
static bool keeps(Operation *op, const llvm::SetVector<Value> &inputs) {
  if (isa<memref::AllocOp, memref::DeallocOp>(op) || isPure(op))
    return true;
  auto effects = dyn_cast<MemoryEffectOpInterface>(op);
  if (!effects || op->getNumRegions() != 0)
    return false;
  SmallVector<MemoryEffects::EffectInstance> found;
  effects.getEffects(found);
  return llvm::all_of(found, [&](const MemoryEffects::EffectInstance &effect) {
    if (isa<MemoryEffects::Read>(effect.getEffect()))
      return true;
    return effect.getValue() && !inputs.contains(getBuffer(effect.getValue()));
  });
}

/// Lets `attention` compute what `call` gives, if it can.
static void defer(RtMvmDigitalOp call, RtAttentionOp attention) {
  if (call->getBlock() != attention->getBlock() ||
      !call->isBeforeInBlock(attention))
    return;
  if (!llvm::all_of(call.getOutputs(), [&](Value output) {
        return isBetween(output, call, attention);
      }))
    return;
  llvm::SetVector<Value> inputs;
  inputs.insert(getBuffer(call.getInput()));
  for (Value other : call.getOthers())
    inputs.insert(getBuffer(other));
  // Of one that attention writes, rows would be read too late.
  if (inputs.contains(getBuffer(attention.getOutput())))
    return;
  SmallVector<Operation *> deallocs;
  for (Operation *op = call->getNextNode(); op != attention.getOperation();
       op = op->getNextNode()) {
    if (!keeps(op, inputs))
      return;
    if (auto dealloc = dyn_cast<memref::DeallocOp>(op);
        dealloc && inputs.contains(getBuffer(dealloc.getMemref())))
      deallocs.push_back(op);
  }
  call.setDeferred(1);
  for (Operation *dealloc : llvm::reverse(deallocs))
    dealloc->moveAfter(attention);
}

namespace {
struct DeferRowsPass : public aimc::impl::AIMCDeferRowsPassBase<DeferRowsPass> {
  void runOnOperation() override {
    getOperation().walk([](RtAttentionOp attention) {
      // Rows of several heads are not in the order in which they are read.
      if (attention.getHeads() != 1)
        return;
      llvm::SetVector<RtMvmDigitalOp> calls;
      for (Value features : {attention.getQueries(), attention.getKeys()})
        for (Operation *user : features.getUsers())
          if (auto call = dyn_cast<RtMvmDigitalOp>(user);
              call && llvm::is_contained(call.getOutputs(), features))
            calls.insert(call);
      for (RtMvmDigitalOp call : calls)
        defer(call, attention);
    });
  }
};
} // namespace
