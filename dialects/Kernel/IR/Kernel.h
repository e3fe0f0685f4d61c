//===- Kernel.h - The kernel dialect -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernel methods on tensors: `kernel.projection` and `kernel.features`.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_KERNEL_IR_KERNEL_H
#define AIMC_DIALECTS_KERNEL_IR_KERNEL_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir {
class PatternRewriter;
} // namespace mlir

#include "Kernel/IR/KernelDialect.h.inc"
#include "Kernel/IR/KernelEnums.h.inc"
#define GET_OP_CLASSES
#include "Kernel/IR/KernelOps.h.inc"

#endif // AIMC_DIALECTS_KERNEL_IR_KERNEL_H
