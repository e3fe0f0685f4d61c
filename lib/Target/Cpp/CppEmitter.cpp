//===- CppEmitter.cpp - Models as C++ programs ----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The closed set of a compiled module is small enough to print it straight:
// runtime calls, allocations, views, shape arithmetic, loops.
//
//===----------------------------------------------------------------------===//

#include "Target/Cpp/CppEmitter.h"

#include "AIMC/IR/AIMC.h"
#include "AIMC/IR/RuntimeCalls.h"
#include "Execution/ModelTables.h"
#include "Target/Cpp/CppTables.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/FormatVariadic.h"

#include <charconv>

using namespace mlir;
using namespace aimc;
using llvm::formatv;

namespace {
/// Prints the functions of a module.
class FunctionPrinter {
public:
  FunctionPrinter(CppNames &names, llvm::raw_ostream &os)
      : names(names), os(os) {}

  /// Gives every function, matrix and program a name, and says what the latter
  /// are by the tables of `model`.
  void declare(ModuleOp module, const aimc_model &model);
  /// Prints the positions of matrices and programs in their tables.
  void printIndices(ModuleOp module);
  /// Declares functions, so that they can call each other.
  void printDeclarations(llvm::ArrayRef<func::FuncOp> functions);
  LogicalResult printFunction(func::FuncOp func);
  /// Prints the closure of a model that runs `entry`.
  void printRun(func::FuncOp entry, llvm::StringRef name);

private:
  LogicalResult printBlock(Block &block);
  LogicalResult printOperation(Operation &op);
  LogicalResult printArith(Operation &op);
  LogicalResult printCall(Operation &op, const RuntimeCall &call);
  /// Declares an array of `numbers` for an argument of a call and adds its size
  /// and name to `arguments`.
  void printNumbers(llvm::StringRef argument, ArrayRef<std::string> numbers,
                    SmallVectorImpl<std::string> &arguments);
  LogicalResult printAlloc(memref::AllocOp op);
  LogicalResult printView(memref::ReinterpretCastOp op);
  LogicalResult printFor(scf::ForOp op);
  LogicalResult printFuncCall(func::CallOp op);

  void printSignature(func::FuncOp func, llvm::StringRef tail);
  llvm::raw_ostream &line() { return os << std::string(indent, ' '); }
  /// Names a value after its kind, say buffer3, and gives the name.
  std::string define(Value value);
  /// Says in a comment what the matrices and programs of a call are.
  void printDescription(Operation &op, const RuntimeCall &call);
  std::string get(Value value) const { return values.lookup(value); }
  /// Declares `value` and opens its initialization.
  llvm::raw_ostream &declareValue(Value value);

  CppNames &names;
  llvm::raw_ostream &os;
  llvm::DenseMap<StringAttr, std::string> symbols;
  /// Of matrices and programs, for comments.
  llvm::DenseMap<StringAttr, std::string> descriptions;
  llvm::DenseMap<Value, std::string> values;
  llvm::StringMap<int> counters;
  int indent = 0;
};
} // namespace

/// The C++ type of a value, or nothing when it has none.
static std::optional<llvm::StringRef> getCppType(Type type) {
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

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

/// Verifies that a module holds nothing but what is printed.
static LogicalResult verifyModule(ModuleOp module) {
  for (Operation &op : *module.getBody()) {
    if (isa<RtMatrixOp, ProgramOp>(op))
      continue;
    auto func = dyn_cast<func::FuncOp>(op);
    if (!func || func.isDeclaration())
      return op.emitOpError("has no C++ form");
    if (func.getNumArguments() == 0 ||
        !isa<ContextType>(func.getArgumentTypes().front()))
      return func.emitError("expects function '")
             << func.getName()
             << "' to take the context; lower to runtime calls first";
  }
  return success();
}

/// Verifies that a function can be declared.
static LogicalResult verifySignature(func::FuncOp func) {
  for (Type type :
       llvm::concat<const Type>(func.getArgumentTypes(), func.getResultTypes()))
    if (!getCppType(type))
      return func.emitError("expects arguments and results with a C++ form in "
                            "function '")
             << func.getName() << "', but got " << type;
  return success();
}

/// The functions that `entry` calls, and those that these call.
static llvm::SetVector<func::FuncOp> getCallees(ModuleOp module,
                                                func::FuncOp entry) {
  SymbolTable symbols(module);
  llvm::SetVector<func::FuncOp> callees;
  auto addCallees = [&](func::FuncOp func) {
    func.walk([&](func::CallOp call) {
      callees.insert(symbols.lookup<func::FuncOp>(call.getCallee()));
    });
  };
  addCallees(entry);
  for (size_t i = 0; i < callees.size(); ++i)
    addCallees(callees[i]);
  return callees;
}

FailureOr<CppParts> aimc::printCppParts(ModuleOp module,
                                        const CppOptions &options,
                                        llvm::raw_ostream *blob) {
  if (failed(verifyModule(module)))
    return failure();
  FailureOr<func::FuncOp> entry = findEntry(module, options.entry);
  if (failed(entry))
    return failure();
  FailureOr<std::unique_ptr<ModelTables>> tables =
      ModelTables::create(module, *entry);
  if (failed(tables))
    return failure();
  CppParts parts;
  parts.tables = std::move(*tables);
  const aimc_model &model = parts.getModel();
  CppWeights weights(model);
  if (blob)
    weights.write(*blob);
  parts.weightsSize = weights.getSize();
  parts.weightsSum = weights.getChecksum();

  CppNames names;
  llvm::raw_string_ostream functions(parts.functionText), data(parts.tableText),
      function(parts.modelText);
  FunctionPrinter printer(names, functions);
  printer.declare(module, model);
  printer.printIndices(module);
  llvm::SetVector<func::FuncOp> callees = getCallees(module, *entry);
  if (failed(verifySignature(*entry)) ||
      !llvm::all_of(callees, [](func::FuncOp callee) {
        return succeeded(verifySignature(callee));
      }))
    return failure();
  printer.printDeclarations(callees.getArrayRef());
  // What the entry does not reach would be code that nothing uses.
  for (auto func : module.getOps<func::FuncOp>())
    if ((func == *entry || callees.contains(func)) &&
        failed(printer.printFunction(func)))
      return failure();
  std::string run = names.make("run_", entry->getName());
  printer.printRun(*entry, run);
  CppTables printed(model, options, weights, names, data);
  printed.printTables();
  printed.printModel(function, run);
  parts.modelFunction = printed.getModelFunction();
  parts.weightsSymbol = printed.getWeightsSymbol();
  return parts;
}

void aimc::printCppHeaders(llvm::StringRef text, llvm::raw_ostream &os) {
  static const std::pair<const char *, std::vector<const char *>> headers[] = {
      {"algorithm", {"std::max", "std::min"}},
      {"cstdint", {"int64_t", "int32_t"}},
      {"limits", {"std::numeric_limits"}}};
  std::string lines;
  for (const auto &[header, names] : headers)
    if (llvm::any_of(names,
                     [&](const char *name) { return text.contains(name); }))
      lines += "#include <" + std::string(header) + ">\n";
  os << "\n" << lines << (lines.empty() ? "" : "\n");
}

void aimc::printCppFunctions(const CppParts &parts, llvm::raw_ostream &os) {
  if (llvm::StringRef(parts.functionText).contains("allocate("))
    os << R"(/// A buffer of its own. The runtime reports one that could not be had.
aimc_tensor allocate(aimc_context *context, int64_t rows, int64_t columns) {
  float *data = static_cast<float *>(aimc_allocate(context, rows, columns));
  return {data, data, 0, {rows, columns}, {columns, 1}};
}

)";
  if (llvm::StringRef(parts.functionText).contains("= view("))
    os << R"(/// Rows and columns of a buffer, in its memory; strides are from one of them to
/// the next.
aimc_tensor view(const aimc_tensor &buffer, int64_t offset, int64_t rows,
                 int64_t columns, int64_t rowStride, int64_t columnStride) {
  return {buffer.allocated,
          buffer.aligned,
          offset,
          {rows, columns},
          {rowStride, columnStride}};
}

)";
  os << parts.functionText << "} // namespace\n\n" << parts.modelText;
}

LogicalResult aimc::emitCpp(ModuleOp module, const CppOptions &options,
                            llvm::raw_ostream &os, llvm::raw_ostream *blob) {
  // Everything first, so that an error leaves nothing half printed.
  FailureOr<CppParts> parts = printCppParts(module, options, blob);
  if (failed(parts))
    return failure();
  const aimc_model &model = parts->getModel();
  os << "// The model '" << escapeCpp(model.name)
     << "' of the AIMC compiler. Generated; "
     << "do not edit.\n\n"
     << "#include \"aimc/Runtime/ABI.h\"\n";
  if (options.main)
    os << "#include \"aimc/Runtime/Main.h\"\n";
  if (options.weights == WeightStorage::SideFile && model.matrix_count != 0)
    os << "#include \"aimc/Runtime/Weights.h\"\n";
  printCppHeaders(parts->tableText + parts->functionText, os);
  os << "namespace {\n\n" << parts->tableText;
  printCppFunctions(*parts, os);
  if (options.main)
    os << "\nint main(int argc, char **argv) {\n"
       << "  return aimc_main(argc, argv, " << parts->modelFunction << "());\n"
       << "}\n";
  return success();
}
