//===- FunctionPrinter.cpp - Functions of a module in C++ -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Signatures, allocations, views, shape arithmetic, loops.
//
//===----------------------------------------------------------------------===//

#include "Target/Cpp/FunctionPrinter.h"

#include "AIMC/IR/AIMC.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace aimc;
using llvm::formatv;

std::optional<llvm::StringRef> aimc::getCppType(Type type) {
  if (isa<ContextType>(type))
    return "aimc_context *";
  if (auto buffer = dyn_cast<MemRefType>(type);
      buffer && buffer.getRank() == 2 && buffer.getElementType().isF32())
    return "aimc_tensor ";
  if (type.isIndex())
    return "int64_t ";
  if (type.isInteger(1))
    return "bool ";
  return std::nullopt;
}

/// The C++ type of a parameter that takes such a value.
static std::string getParameterType(Type type) {
  if (isa<MemRefType>(type))
    return "const aimc_tensor &";
  return getCppType(type)->str();
}

std::string FunctionPrinter::define(Value value) {
  llvm::StringRef kind = TypeSwitch<Type, llvm::StringRef>(value.getType())
                             .Case([](MemRefType) { return "buffer"; })
                             .Case([](ContextType) { return "context"; })
                             .Default([](Type) { return "size"; });
  bool isNamed = kind == "context";
  if (value.getDefiningOp<RtFirstVectorOp>()) {
    kind = "firstVector";
    isNamed = true;
  } else if (auto dim = value.getDefiningOp<memref::DimOp>();
             dim && dim.getConstantIndex() == 0) {
    kind = "rows";
    isNamed = true;
  }
  int number = counters[kind]++;
  std::string name =
      isNamed && number == 0 ? kind.str() : kind.str() + std::to_string(number);
  values[value] = name;
  return name;
}

llvm::raw_ostream &FunctionPrinter::declareValue(Value value) {
  return line() << "const " << *getCppType(value.getType()) << define(value)
                << " = ";
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

void FunctionPrinter::declare(ModuleOp module, const aimc_model &model) {
  // The tables are in the order of the module.
  for (auto [index, op] : llvm::enumerate(module.getOps<RtMatrixOp>()))
    descriptions[op.getSymNameAttr()] = describeMatrix(model.matrices[index]);
  for (auto [index, op] : llvm::enumerate(module.getOps<ProgramOp>()))
    descriptions[op.getSymNameAttr()] = describeProgram(model.programs[index]);
  for (Operation &op : *module.getBody()) {
    auto symbol = dyn_cast<SymbolOpInterface>(op);
    if (!symbol)
      continue;
    llvm::StringRef prefix =
        TypeSwitch<Operation *, llvm::StringRef>(&op)
            .Case([](RtMatrixOp) { return "matrix_"; })
            .Case([](ProgramOp) { return "program_"; })
            .Default([](Operation *) { return "function_"; });
    symbols[symbol.getNameAttr()] = names.make(prefix, symbol.getName());
  }
}

void FunctionPrinter::printIndices(ModuleOp module) {
  auto print = [&](auto operations, llvm::StringRef what) {
    if (operations.empty())
      return;
    os << "// Positions in the table of " << what << ".\n"
       << "enum : int64_t {\n";
    for (auto [index, op] : llvm::enumerate(operations))
      os << "  " << symbols[op.getSymNameAttr()] << " = " << index << ",\n";
    os << "};\n\n";
  };
  print(module.getOps<RtMatrixOp>(), "matrices");
  print(module.getOps<ProgramOp>(), "programs");
}

void FunctionPrinter::printSignature(func::FuncOp func, llvm::StringRef tail) {
  SmallVector<std::string> parameters;
  counters.clear();
  for (BlockArgument argument : func.getArguments())
    parameters.push_back(getParameterType(argument.getType()) +
                         define(argument));
  for (auto [index, type] : llvm::enumerate(func.getResultTypes()))
    parameters.push_back(getCppType(type)->rtrim().str() + " &result" +
                         std::to_string(index));
  printWrapped(os, 0, "void " + symbols[func.getSymNameAttr()], parameters,
               tail, /*isDeclaration=*/true);
}

void FunctionPrinter::printDeclarations(
    llvm::ArrayRef<func::FuncOp> functions) {
  for (func::FuncOp func : functions) {
    printSignature(func, ";");
    os << "\n";
  }
}

LogicalResult FunctionPrinter::printFunction(func::FuncOp func) {
  if (!llvm::hasSingleElement(func.getBody()))
    return func.emitError("expects one block in function '")
           << func.getName() << "', but got "
           << func.getBody().getBlocks().size();
  printComment(os, 0,
               "Function '" + escapeCpp(func.getName()) + "' of the module.",
               "///");
  printSignature(func, " {");
  indent = 2;
  // A context or an input that no operation uses.
  for (BlockArgument argument : func.getArguments())
    if (argument.use_empty())
      line() << "(void)" << get(argument) << ";\n";
  if (failed(printBlock(func.getBody().front())))
    return failure();
  indent = 0;
  os << "}\n\n";
  return success();
}

void FunctionPrinter::printRun(func::FuncOp entry, llvm::StringRef name) {
  os << "/// Runs the entry function on arrays of arguments and results.\n";
  bool hasInputs = entry.getNumArguments() > 1;
  printWrapped(os, 0, "void " + name.str(),
               {"void *", "aimc_context *context",
                hasInputs ? "const aimc_tensor *inputs" : "const aimc_tensor *",
                "aimc_tensor *outputs"},
               " {", /*isDeclaration=*/true);
  SmallVector<std::string> arguments = {"context"};
  for (unsigned i = 0; i + 1 < entry.getNumArguments(); ++i)
    arguments.push_back("inputs[" + std::to_string(i) + "]");
  for (unsigned i = 0; i < entry.getNumResults(); ++i)
    arguments.push_back("outputs[" + std::to_string(i) + "]");
  printWrapped(os, 2, symbols[entry.getSymNameAttr()], arguments, ";");
  os << "}\n\n";
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

LogicalResult FunctionPrinter::printBlock(Block &block) {
  for (Operation &op : block)
    if (failed(printOperation(op)))
      return failure();
  return success();
}

LogicalResult FunctionPrinter::printAlloc(memref::AllocOp op) {
  MemRefType type = op.getType();
  if (!getCppType(type) || !type.getLayout().isIdentity())
    return op.emitOpError("has no C++ form for ") << type;
  auto dynamicSizes = op.getDynamicSizes().begin();
  SmallVector<std::string> sizes;
  for (int64_t size : type.getShape())
    sizes.push_back(ShapedType::isDynamic(size) ? get(*dynamicSizes++)
                                                : std::to_string(size));
  declareValue(op) << "allocate(context, " << llvm::join(sizes, ", ") << ");\n";
  return success();
}

LogicalResult FunctionPrinter::printView(memref::ReinterpretCastOp op) {
  for (Type type : {Type(op.getSource().getType()), Type(op.getType())})
    if (!getCppType(type))
      return op.emitOpError("has no C++ form for ") << type;
  SmallVector<std::string> arguments = {get(op.getSource())};
  // Offset, sizes and strides, in this order.
  const SmallVector<OpFoldResult> numbers[] = {
      op.getMixedOffsets(), op.getMixedSizes(), op.getMixedStrides()};
  for (const SmallVector<OpFoldResult> &each : numbers)
    for (OpFoldResult number : each) {
      auto value = dyn_cast<Value>(number);
      arguments.push_back(value ? get(value)
                                : std::to_string(*getConstantIntValue(number)));
    }
  std::string name = define(op.getResult());
  printWrapped(os, indent, "const aimc_tensor " + name + " = view", arguments,
               ";");
  return success();
}

LogicalResult FunctionPrinter::printFor(scf::ForOp op) {
  // Values carried from one iteration to the next.
  SmallVector<std::string> carried;
  for (auto [init, argument, result] : llvm::zip_equal(
           op.getInitArgs(), op.getRegionIterArgs(), op.getResults())) {
    if (!getCppType(argument.getType()))
      return op.emitOpError("has no C++ form for a loop-carried value of type ")
             << argument.getType();
    std::string name = define(argument);
    line() << *getCppType(argument.getType()) << name << " = " << get(init)
           << ";\n";
    values[result] = name;
    carried.push_back(name);
  }
  std::string variable = define(op.getInductionVar());
  line() << formatv("for (int64_t {0} = {1}; {0} < {2}; {0} += {3}) {{\n",
                    variable, get(op.getLowerBound()), get(op.getUpperBound()),
                    get(op.getStep()));
  indent += 2;
  for (Operation &each : op.getBody()->without_terminator())
    if (failed(printOperation(each)))
      return failure();
  // All are read before any is set.
  auto yield = cast<scf::YieldOp>(op.getBody()->getTerminator());
  SmallVector<std::string> next;
  for (auto [name, value] : llvm::zip_equal(carried, yield.getOperands())) {
    next.push_back("next" + std::to_string(counters["next"]++));
    line() << "const " << *getCppType(value.getType()) << next.back() << " = "
           << get(value) << ";\n";
  }
  for (auto [name, value] : llvm::zip_equal(carried, next))
    line() << name << " = " << value << ";\n";
  indent -= 2;
  line() << "}\n";
  return success();
}

LogicalResult FunctionPrinter::printFuncCall(func::CallOp op) {
  SmallVector<std::string> arguments;
  for (Value operand : op.getOperands())
    arguments.push_back(get(operand));
  for (Value result : op.getResults()) {
    if (!getCppType(result.getType()))
      return op.emitOpError("has no C++ form for a result of type ")
             << result.getType();
    arguments.push_back(define(result));
    line() << *getCppType(result.getType()) << arguments.back() << "{};\n";
  }
  printWrapped(os, indent, symbols.lookup(op.getCalleeAttr().getAttr()),
               arguments, ";");
  return success();
}

/// The C++ operator of an operation on sizes; empty when there is none.
static llvm::StringRef getOperator(Operation &op) {
  if (auto compare = dyn_cast<arith::CmpIOp>(op)) {
    switch (compare.getPredicate()) {
    case arith::CmpIPredicate::eq:
      return "==";
    case arith::CmpIPredicate::ne:
      return "!=";
    case arith::CmpIPredicate::slt:
      return "<";
    case arith::CmpIPredicate::sle:
      return "<=";
    case arith::CmpIPredicate::sgt:
      return ">";
    case arith::CmpIPredicate::sge:
      return ">=";
    default:
      return "";
    }
  }
  return llvm::StringSwitch<llvm::StringRef>(op.getName().getStringRef())
      .Case("arith.addi", "+")
      .Case("arith.subi", "-")
      .Case("arith.muli", "*")
      .Case("arith.divsi", "/")
      .Case("arith.remsi", "%")
      .Default("");
}

LogicalResult FunctionPrinter::printArith(Operation &op) {
  auto noForm = [&] { return op.emitOpError("has no C++ form"); };
  if (op.getNumResults() != 1 || !getCppType(op.getResult(0).getType()) ||
      isa<MemRefType>(op.getResult(0).getType()))
    return noForm();
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    auto value = cast<IntegerAttr>(constant.getValue());
    if (value.getType().isInteger(1))
      values[constant] = value.getValue().isZero() ? "false" : "true";
    else
      values[constant] = std::to_string(value.getInt());
    return success();
  }
  // Additions of truth values wrap to one bit; no form for them.
  if (!llvm::all_of(op.getOperandTypes(),
                    [](Type type) { return type.isIndex(); }) &&
      !isa<arith::SelectOp>(op))
    return noForm();
  SmallVector<std::string> operands;
  for (Value operand : op.getOperands())
    operands.push_back(get(operand));
  if (isa<arith::SelectOp>(op)) {
    declareValue(op.getResult(0))
        << operands[0] << " ? " << operands[1] << " : " << operands[2] << ";\n";
    return success();
  }
  if (isa<arith::MaxSIOp, arith::MinSIOp>(op)) {
    declareValue(op.getResult(0))
        << (isa<arith::MaxSIOp>(op) ? "std::max<int64_t>("
                                    : "std::min<int64_t>(")
        << operands[0] << ", " << operands[1] << ");\n";
    return success();
  }
  llvm::StringRef symbol = getOperator(op);
  if (symbol.empty())
    return noForm();
  declareValue(op.getResult(0))
      << operands[0] << " " << symbol << " " << operands[1] << ";\n";
  return success();
}

LogicalResult FunctionPrinter::printOperation(Operation &op) {
  if (const RuntimeCall *call = lookupRuntimeCall(&op))
    return printCall(op, *call);
  if (isa<arith::ArithDialect>(op.getDialect()))
    return printArith(op);
  return TypeSwitch<Operation *, LogicalResult>(&op)
      .Case([&](memref::AllocOp alloc) { return printAlloc(alloc); })
      .Case([&](memref::DeallocOp dealloc) {
        line() << "aimc_release(context, " << get(dealloc.getMemref())
               << ".allocated);\n";
        return success();
      })
      .Case([&](memref::DimOp dim) -> LogicalResult {
        if (!getCppType(dim.getSource().getType()))
          return dim.emitOpError("has no C++ form for ")
                 << dim.getSource().getType();
        declareValue(dim) << get(dim.getSource()) << ".sizes["
                          << get(dim.getIndex()) << "];\n";
        return success();
      })
      .Case([&](memref::CastOp cast) -> LogicalResult {
        if (!getCppType(cast.getType()))
          return cast.emitOpError("has no C++ form for ") << cast.getType();
        // A tensor says its sizes and strides itself.
        values[cast] = get(cast.getSource());
        return success();
      })
      .Case([&](memref::ReinterpretCastOp view) { return printView(view); })
      .Case([&](scf::ForOp loop) { return printFor(loop); })
      .Case([&](func::CallOp call) { return printFuncCall(call); })
      .Case([&](func::ReturnOp ret) {
        for (auto [index, value] : llvm::enumerate(ret.getOperands()))
          line() << "result" << index << " = " << get(value) << ";\n";
        return success();
      })
      .Default([](Operation *other) {
        return other->emitOpError("has no C++ form");
      });
}
