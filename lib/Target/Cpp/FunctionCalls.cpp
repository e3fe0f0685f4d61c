//===- FunctionCalls.cpp - Calls of the runtime in C++ --------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The arguments of a call, in the order of its function.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "Target/Cpp/FunctionPrinter.h"

#include "llvm/ADT/StringExtras.h"

#include <charconv>

using namespace mlir;
using namespace aimc;

void FunctionPrinter::printNumbers(llvm::StringRef argument,
                                   ArrayRef<std::string> numbers,
                                   SmallVectorImpl<std::string> &arguments) {
  std::string name = argument.str() + std::to_string(counters[argument]++);
  arguments.push_back(std::to_string(numbers.size()));
  arguments.push_back(name);
  printList(os, indent, "static constexpr int64_t " + name + "[]", numbers);
}

void FunctionPrinter::printDescription(Operation &op, const RuntimeCall &call) {
  SmallVector<std::string> parts;
  auto add = [&](Attribute attribute) {
    parts.push_back(
        descriptions.lookup(cast<FlatSymbolRefAttr>(attribute).getAttr()));
  };
  for (const RuntimeArgumentUse &use : getRuntimeArguments(&op, call)) {
    if (use.argument.kind == RuntimeArgumentKind::Matrix ||
        use.argument.kind == RuntimeArgumentKind::Program)
      add(use.attribute);
    else if (use.argument.kind == RuntimeArgumentKind::Programs)
      llvm::for_each(cast<ArrayAttr>(use.attribute), add);
  }
  if (!parts.empty())
    printComment(os, indent, llvm::join(parts, "; "));
}

LogicalResult FunctionPrinter::printCall(Operation &op,
                                         const RuntimeCall &call) {
  printDescription(op, call);
  SmallVector<std::string> arguments = {get(op.getOperand(0))};
  SmallVector<RuntimeArgumentUse> uses = getRuntimeArguments(&op, call);
  SmallVector<std::string> arrays;
  for (const RuntimeArgumentUse &use : uses) {
    auto operands = op.getOperands().slice(use.firstOperand, use.operandCount);
    auto comment = [&] { return ("/*" + use.argument.name + "=*/").str(); };
    switch (use.argument.kind) {
    case RuntimeArgumentKind::Matrix:
    case RuntimeArgumentKind::Program:
      arguments.push_back(
          symbols.lookup(cast<FlatSymbolRefAttr>(use.attribute).getAttr()));
      break;
    case RuntimeArgumentKind::Programs: {
      SmallVector<std::string> programs;
      for (auto name :
           cast<ArrayAttr>(use.attribute).getAsRange<FlatSymbolRefAttr>())
        programs.push_back(symbols.lookup(name.getAttr()));
      printNumbers(use.argument.name, programs, arguments);
      break;
    }
    case RuntimeArgumentKind::Numbers: {
      SmallVector<std::string> numbers;
      for (int64_t number : cast<DenseI64ArrayAttr>(use.attribute).asArrayRef())
        numbers.push_back(std::to_string(number));
      printNumbers(use.argument.name, numbers, arguments);
      break;
    }
    case RuntimeArgumentKind::I64:
      arguments.push_back(
          comment() +
          std::to_string(cast<IntegerAttr>(use.attribute).getInt()));
      break;
    case RuntimeArgumentKind::F32:
      arguments.push_back(
          comment() +
          toCpp(cast<FloatAttr>(use.attribute).getValue().convertToFloat()));
      break;
    case RuntimeArgumentKind::F64: {
      // The fewest digits that give back the value.
      char text[32];
      const auto end = std::to_chars(
          text, text + sizeof text,
          cast<FloatAttr>(use.attribute).getValue().convertToDouble());
      arguments.push_back(comment() + std::string(text, end.ptr));
      break;
    }
    case RuntimeArgumentKind::Kernel:
      arguments.push_back(
          "AIMC_KERNEL_" +
          stringifyKernel(cast<KernelAttr>(use.attribute).getValue()).upper());
      break;
    case RuntimeArgumentKind::String:
      arguments.push_back(
          comment() + toCppString(cast<StringAttr>(use.attribute).getValue()));
      break;
    case RuntimeArgumentKind::Index:
      arguments.push_back(get(operands.front()));
      break;
    case RuntimeArgumentKind::Tensor:
      arguments.push_back("&" + get(operands.front()));
      break;
    case RuntimeArgumentKind::OptionalTensor:
      arguments.push_back(operands.empty() ? comment() + "nullptr"
                                           : "&" + get(operands.front()));
      break;
    case RuntimeArgumentKind::Tensors: {
      arguments.push_back(std::to_string(operands.size()));
      if (operands.empty()) {
        arguments.push_back("nullptr");
        break;
      }
      if (operands.size() == 1) {
        arguments.push_back("&" + get(operands.front()));
        break;
      }
      std::string name = use.argument.name.str() +
                         std::to_string(counters[use.argument.name]++);
      SmallVector<std::string> names;
      for (Value value : operands)
        names.push_back(get(value));
      printList(os, indent, "const aimc_tensor " + name + "[]", names);
      arguments.push_back(name);
      break;
    }
    }
  }
  std::string head = call.function;
  if (call.hasResult)
    head = "const int64_t " + define(op.getResult(0)) + " = " + head;
  printWrapped(os, indent, head, arguments, ";");
  return success();
}
