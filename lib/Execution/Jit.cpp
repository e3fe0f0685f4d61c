//===- Jit.cpp - Models compiled in memory --------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The code is a sequence of calls, so it is compiled without optimization: that
// takes milliseconds, and nothing is gained by more.
//
//===----------------------------------------------------------------------===//

#include "Execution/Jit.h"

#include "Conversion/Passes.h"

#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "llvm/Support/TargetSelect.h"

using namespace mlir;
using namespace aimc;

JitModel::JitModel() = default;
JitModel::~JitModel() = default;

/// The runtime's calls by their C names.
static llvm::orc::SymbolMap
getRuntimeSymbols(llvm::orc::MangleAndInterner interner) {
  llvm::orc::SymbolMap symbols;
#define AIMC_CALL(op, name, ...)                                               \
  symbols[interner("aimc_" #name)] = {                                         \
      llvm::orc::ExecutorAddr::fromPtr(&aimc_##name),                          \
      llvm::JITSymbolFlags::Exported};
#include "aimc/Runtime/RuntimeTable.def"
  // Not operations of their own but memref.alloc and memref.dealloc.
  symbols[interner("aimc_allocate")] = {
      llvm::orc::ExecutorAddr::fromPtr(&aimc_allocate),
      llvm::JITSymbolFlags::Exported};
  symbols[interner("aimc_release")] = {
      llvm::orc::ExecutorAddr::fromPtr(&aimc_release),
      llvm::JITSymbolFlags::Exported};
  return symbols;
}

FailureOr<std::unique_ptr<JitModel>> JitModel::create(ModuleOp module,
                                                      StringRef entry) {
  FailureOr<func::FuncOp> func = findEntry(module, entry);
  if (failed(func))
    return failure();
  std::string wrapper = ("_mlir_ciface_model." + func->getName()).str();
  FailureOr<std::unique_ptr<ModelTables>> tables =
      ModelTables::create(module, *func);
  if (failed(tables))
    return failure();

  MLIRContext *context = module.getContext();
  registerBuiltinDialectTranslation(*context);
  registerLLVMDialectTranslation(*context);
  PassManager passes(context);
  passes.addPass(createConvertRuntimeToLLVMPass());
  if (failed(passes.run(module)))
    return failure();

  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  ExecutionEngineOptions options;
  options.jitCodeGenOptLevel = llvm::CodeGenOptLevel::None;
  options.enableGDBNotificationListener = false;
  options.enablePerfNotificationListener = false;
  llvm::Expected<std::unique_ptr<ExecutionEngine>> engine =
      ExecutionEngine::create(module, options);
  if (!engine) {
    emitError(module.getLoc(), "could not compile the model: ")
        << llvm::toString(engine.takeError());
    return failure();
  }
  (*engine)->registerSymbols(getRuntimeSymbols);
  auto function = (*engine)->lookupPacked(wrapper);
  if (!function) {
    emitError(module.getLoc(), "could not compile the model: ")
        << llvm::toString(function.takeError());
    return failure();
  }

  std::unique_ptr<JitModel> model(new JitModel());
  model->tables = std::move(*tables);
  model->engine = std::move(*engine);
  model->function = *function;
  model->tables->getModel().run = run;
  model->tables->getModel().user = model.get();
  return model;
}

void JitModel::run(void *user, aimc_context *context, const aimc_tensor *inputs,
                   aimc_tensor *outputs) {
  const JitModel &self = *static_cast<JitModel *>(user);
  // The results are one struct of descriptors, which is an array of tensors.
  SmallVector<const void *> values = {outputs, context};
  for (int64_t i = 0; i < self.getModel().input_count; ++i)
    values.push_back(&inputs[i]);
  SmallVector<void *> arguments;
  for (const void *&value : values)
    arguments.push_back(&value);
  self.function(arguments.data());
}
