//===- CppEmitter.cpp - Models as C++ programs ----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The closed set of a compiled module is small enough to print it straight;
// here its parts become a file.
//
//===----------------------------------------------------------------------===//

#include "Target/Cpp/CppEmitter.h"

#include "AIMC/IR/AIMC.h"
#include "Execution/ModelTables.h"
#include "Target/Cpp/CppTables.h"
#include "Target/Cpp/FunctionPrinter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace aimc;

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
