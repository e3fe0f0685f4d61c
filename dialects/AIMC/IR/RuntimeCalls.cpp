//===- RuntimeCalls.cpp - The table of runtime calls ----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rows are generated from RuntimeTable.json.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/RuntimeCalls.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace aimc;

RuntimeArgument::RuntimeArgument(llvm::StringRef kind, llvm::StringRef name)
    : kind(llvm::StringSwitch<RuntimeArgumentKind>(kind)
               .Case("matrix", RuntimeArgumentKind::Matrix)
               .Case("program", RuntimeArgumentKind::Program)
               .Case("programs", RuntimeArgumentKind::Programs)
               .Case("numbers", RuntimeArgumentKind::Numbers)
               .Case("i64", RuntimeArgumentKind::I64)
               .Case("f32", RuntimeArgumentKind::F32)
               .Case("f64", RuntimeArgumentKind::F64)
               .Case("kernel", RuntimeArgumentKind::Kernel)
               .Case("string", RuntimeArgumentKind::String)
               .Case("index", RuntimeArgumentKind::Index)
               .Cases({"input", "output"}, RuntimeArgumentKind::Tensor)
               .Case("optional_input", RuntimeArgumentKind::OptionalTensor)
               .Cases({"inputs", "outputs"}, RuntimeArgumentKind::Tensors)),
      name(name) {}

ArrayRef<RuntimeCall> aimc::getRuntimeCalls() {
  static const std::vector<RuntimeCall> calls = {
#define AIMC_CALL(op, name, result, ...)                                       \
  {"aimc.rt." #name, "aimc_" #name, *result != 0, {__VA_ARGS__}},
#include "aimc/Runtime/RuntimeTable.def"
  };
  return calls;
}

const RuntimeCall *aimc::lookupRuntimeCall(Operation *op) {
  llvm::StringRef name = op->getName().getStringRef();
  const auto *call = llvm::find_if(getRuntimeCalls(), [&](const auto &each) {
    return each.operation == name;
  });
  return call == getRuntimeCalls().end() ? nullptr : call;
}

SmallVector<RuntimeArgumentUse>
aimc::getRuntimeArguments(Operation *op, const RuntimeCall &call) {
  // Without segments each variadic operand group is the only one and takes
  // what the others leave; the first segment is the context.
  ArrayRef<int32_t> segments;
  if (auto sizes = dyn_cast_or_null<DenseI32ArrayAttr>(
          op->getInherentAttr("operandSegmentSizes").value_or(Attribute())))
    segments = sizes.asArrayRef().drop_front();
  unsigned fixed = 1;
  for (const RuntimeArgument &argument : call.arguments)
    fixed += argument.kind == RuntimeArgumentKind::Index ||
             argument.kind == RuntimeArgumentKind::Tensor;

  SmallVector<RuntimeArgumentUse> uses;
  unsigned operand = 1;
  for (const RuntimeArgument &argument : call.arguments) {
    RuntimeArgumentUse use{argument, Attribute()};
    switch (argument.kind) {
    case RuntimeArgumentKind::Matrix:
    case RuntimeArgumentKind::Program:
    case RuntimeArgumentKind::Programs:
    case RuntimeArgumentKind::Numbers:
    case RuntimeArgumentKind::I64:
    case RuntimeArgumentKind::F32:
    case RuntimeArgumentKind::F64:
    case RuntimeArgumentKind::Kernel:
    case RuntimeArgumentKind::String:
      use.attribute = *op->getInherentAttr(argument.name);
      break;
    case RuntimeArgumentKind::Index:
    case RuntimeArgumentKind::Tensor:
    case RuntimeArgumentKind::OptionalTensor:
    case RuntimeArgumentKind::Tensors:
      use.firstOperand = operand;
      if (!segments.empty()) {
        use.operandCount = segments.front();
        segments = segments.drop_front();
      } else if (argument.kind == RuntimeArgumentKind::OptionalTensor ||
                 argument.kind == RuntimeArgumentKind::Tensors) {
        use.operandCount = op->getNumOperands() - fixed;
      } else {
        use.operandCount = 1;
      }
      operand += use.operandCount;
      break;
    }
    uses.push_back(use);
  }
  return uses;
}
