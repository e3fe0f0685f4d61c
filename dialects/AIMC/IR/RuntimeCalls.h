//===- RuntimeCalls.h - The table of runtime calls --------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What RuntimeTable.json says of each `aimc.rt` call, for lowerings and
// emitters that treat all calls alike.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_IR_RUNTIMECALLS_H
#define AIMC_DIALECTS_AIMC_IR_RUNTIMECALLS_H

#include "AIMC/IR/AIMC.h"

namespace aimc {

/// How an argument of a runtime call is passed; see RuntimeTable.json.
enum class RuntimeArgumentKind {
  Matrix,         ///< symbol of an `aimc.rt.matrix`; its index in C
  Program,        ///< symbol of an `aimc.program`; its index in C
  Programs,       ///< symbols of programs; their number and indices in C
  Numbers,        ///< array attribute; a number and an array in C
  I64,            ///< integer attribute
  F32,            ///< attribute
  F64,            ///< attribute
  Kernel,         ///< attribute of an `aimc::Kernel`; its number in C
  String,         ///< attribute; characters up to a 0 in C
  Index,          ///< operand of type index
  Tensor,         ///< one buffer
  OptionalTensor, ///< one buffer or none; a null pointer in C
  Tensors,        ///< any number of buffers; their number and an array in C
};

/// One argument of a runtime call: its name and how it is passed.
struct RuntimeArgument {
  RuntimeArgumentKind kind;
  llvm::StringRef name;

  /// From the kind as RuntimeTable.json writes it.
  RuntimeArgument(llvm::StringRef kind, llvm::StringRef name);
};

/// One row of the table. The context is the first argument of each call and
/// not among `arguments`.
struct RuntimeCall {
  std::string operation; ///< say aimc.rt.mvm
  std::string function;  ///< say aimc_mvm
  bool hasResult;        ///< of type index
  std::vector<RuntimeArgument> arguments;
};

/// An argument of a call in the IR: an attribute, or some of its operands.
struct RuntimeArgumentUse {
  RuntimeArgument argument;
  mlir::Attribute attribute; ///< null for operands
  unsigned firstOperand = 0, operandCount = 0;
};

/// All rows of the table.
llvm::ArrayRef<RuntimeCall> getRuntimeCalls();

/// The row of the call `op`, or null when it is none.
const RuntimeCall *lookupRuntimeCall(mlir::Operation *op);

/// The arguments of the call `op` in the order of the table.
llvm::SmallVector<RuntimeArgumentUse>
getRuntimeArguments(mlir::Operation *op, const RuntimeCall &call);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_IR_RUNTIMECALLS_H
