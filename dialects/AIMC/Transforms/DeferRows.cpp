//===- DeferRows.cpp - Features that attention computes -------------------===//
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
#include "AIMC/Transforms/CallBuffers.h"
#include "AIMC/Transforms/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/SetVector.h"

namespace aimc {
#define GEN_PASS_DEF_AIMCDEFERROWSPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

/// Whether a buffer is made here, `attention` reads it as one operand, and
/// nothing else does.
static bool isReadOnce(Value output, Operation *producer,
                       RtAttentionOp attention) {
  int64_t reads = 0;
  for (Operation *user : output.getUsers()) {
    if (user == attention)
      ++reads;
    else if (user != producer && !isa<memref::DeallocOp, memref::DimOp>(user))
      return false;
  }
  return reads == 1 && output.getDefiningOp<memref::AllocOp>();
}

/// Whether `call` gives the queries of `attention`, or the keys and their log
/// scales, and nothing else.
static bool givesFeatures(RtMvmDigitalOp call, RtAttentionOp attention) {
  ValueRange outputs = call.getOutputs();
  SmallVector<Value> keys = {attention.getKeys()};
  if (Value scales = attention.getLogScale())
    keys.push_back(scales);
  const auto isAll = [&](ArrayRef<Value> wanted) {
    return outputs.size() == wanted.size() &&
           llvm::all_of(wanted, [&](Value value) {
             return llvm::is_contained(outputs, value);
           });
  };
  return (isAll({attention.getQueries()}) || isAll(keys)) &&
         llvm::all_of(outputs, [&](Value output) {
           return isReadOnce(output, call, attention);
         });
}

/// Lets `attention` compute what `call` gives, if it can.
static void defer(RtMvmDigitalOp call, RtAttentionOp attention) {
  if (call->getBlock() != attention->getBlock() ||
      !call->isBeforeInBlock(attention) || !givesFeatures(call, attention))
    return;
  llvm::SetVector<Value> inputs;
  inputs.insert(getBuffer(call.getInput()));
  for (Value other : call.getOthers())
    inputs.insert(getBuffer(other));
  // Of one that attention writes, rows would be read too late.
  Value result = getBuffer(attention.getOutput());
  if (llvm::any_of(inputs,
                   [&](Value input) { return mayAlias(input, result); }))
    return;
  SmallVector<Operation *> deallocs;
  for (Operation *op = call->getNextNode(); op != attention.getOperation();
       op = op->getNextNode()) {
    if (!keepsBuffers(op, /*written=*/{}, inputs))
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
