//===- CallBuffers.cpp - Buffers that runtime calls use -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Aliases by the origins of buffers.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Transforms/CallBuffers.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Utils/MemRefUtils.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

Value aimc::getBuffer(Value view) {
  return memref::skipViewLikeOps(cast<MemrefValue>(view));
}

/// Whether nothing else that is so shares memory with `buffer`.
static bool isOrigin(Value buffer) {
  if (auto argument = dyn_cast<BlockArgument>(buffer))
    return isa<FunctionOpInterface>(argument.getOwner()->getParentOp()) &&
           argument.getOwner()->isEntryBlock();
  return isa_and_nonnull<memref::AllocOp, memref::GetGlobalOp>(
      buffer.getDefiningOp());
}

/// Whether `fresh` is allocated after `old` was there: an argument of the block
/// that has the allocation, or of one around it.
static bool isAllocatedAfter(Value fresh, Value old) {
  auto alloc = fresh.getDefiningOp<memref::AllocOp>();
  auto argument = dyn_cast<BlockArgument>(old);
  return alloc && argument &&
         argument.getOwner()->findAncestorOpInBlock(*alloc.getOperation());
}

bool aimc::mayAlias(Value a, Value b) {
  if (a == b)
    return true;
  if (isOrigin(a) && isOrigin(b)) {
    auto first = a.getDefiningOp<memref::GetGlobalOp>();
    auto second = b.getDefiningOp<memref::GetGlobalOp>();
    return first && second && first.getName() == second.getName();
  }
  return !isAllocatedAfter(a, b) && !isAllocatedAfter(b, a);
}

bool aimc::keepsBuffers(Operation *op, const llvm::SetVector<Value> &written,
                        const llvm::SetVector<Value> &read) {
  if (isa<memref::AllocOp>(op) || isPure(op))
    return true;
  const auto mayBeOf = [](Value buffer, const llvm::SetVector<Value> &buffers) {
    return llvm::any_of(buffers,
                        [&](Value other) { return mayAlias(buffer, other); });
  };
  if (auto dealloc = dyn_cast<memref::DeallocOp>(op)) {
    Value buffer = getBuffer(dealloc.getMemref());
    return written.contains(buffer) || read.contains(buffer) ||
           (!mayBeOf(buffer, written) && !mayBeOf(buffer, read));
  }
  auto effects = dyn_cast<MemoryEffectOpInterface>(op);
  if (!effects || op->getNumRegions() != 0)
    return false;
  SmallVector<MemoryEffects::EffectInstance> found;
  effects.getEffects(found);
  return llvm::all_of(found, [&](const MemoryEffects::EffectInstance &effect) {
    const bool isRead = isa<MemoryEffects::Read>(effect.getEffect());
    Value value = effect.getValue();
    if (!value)
      return isRead;
    Value buffer = getBuffer(value);
    return !mayBeOf(buffer, written) && (isRead || !mayBeOf(buffer, read));
  });
}
