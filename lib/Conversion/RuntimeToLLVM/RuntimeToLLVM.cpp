//===- RuntimeToLLVM.cpp - Runtime calls in LLVM --------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// convert-aimc-runtime-to-llvm: what the JIT compiles. Only sequencing is left
// to LLVM; all arithmetic is behind the calls.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/IR/RuntimeCalls.h"
#include "Conversion/Passes.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/FunctionCallUtils.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Transforms/DialectConversion.h"

namespace aimc {
#define GEN_PASS_DEF_CONVERTRUNTIMETOLLVMPASS
#include "Conversion/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

namespace {
/// Position of each matrix, and of each program, in the tables of the model.
using SymbolIndices = llvm::DenseMap<StringAttr, int64_t>;

/// A call of the C function `name` with `operands`, of whose types it is, in
/// the place of `op`.
FailureOr<LLVM::CallOp> createCall(Operation *op, StringRef name, Type result,
                                   ValueRange operands,
                                   ConversionPatternRewriter &rewriter,
                                   SymbolTableCollection &symbols) {
  FailureOr<LLVM::LLVMFuncOp> function = LLVM::lookupOrCreateFn(
      rewriter, op->getParentOfType<ModuleOp>(), name,
      llvm::to_vector(operands.getTypes()), result, /*isVarArg=*/false,
      /*isReserved=*/false, &symbols);
  if (failed(function))
    return rewriter.notifyMatchFailure(
        op, "a function of another type has the name of the call");
  return LLVM::CallOp::create(rewriter, op->getLoc(), *function, operands);
}

/// Calls the C function of an `aimc.rt` operation.
class RuntimeCallLowering : public ConversionPattern {
public:
  RuntimeCallLowering(const LLVMTypeConverter &converter,
                      const RuntimeCall &call, const SymbolIndices &indices,
                      SymbolTableCollection &symbols)
      : ConversionPattern(converter, call.operation, /*benefit=*/1,
                          &converter.getContext()),
        call(call), indices(indices), symbols(symbols) {}

  LogicalResult
  matchAndRewrite(Operation *op, ArrayRef<Value> operands,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op->getLoc();
    Type i64 = rewriter.getI64Type();
    SmallVector<Value> arguments = {operands.front()};
    for (const RuntimeArgumentUse &use : getRuntimeArguments(op, call)) {
      ArrayRef<Value> values =
          operands.slice(use.firstOperand, use.operandCount);
      switch (use.argument.kind) {
      case RuntimeArgumentKind::Matrix:
      case RuntimeArgumentKind::Program: {
        auto name = cast<FlatSymbolRefAttr>(use.attribute);
        auto index = indices.find(name.getAttr());
        if (index == indices.end())
          return rewriter.notifyMatchFailure(op, "the symbol is not declared");
        arguments.push_back(LLVM::ConstantOp::create(
            rewriter, loc, i64, rewriter.getI64IntegerAttr(index->second)));
        break;
      }
      case RuntimeArgumentKind::Programs: {
        SmallVector<int64_t> numbers;
        for (auto name :
             cast<ArrayAttr>(use.attribute).getAsRange<FlatSymbolRefAttr>()) {
          auto index = indices.find(name.getAttr());
          if (index == indices.end())
            return rewriter.notifyMatchFailure(op, "a symbol is not declared");
          numbers.push_back(index->second);
        }
        addNumbers(op, numbers, arguments, rewriter);
        break;
      }
      case RuntimeArgumentKind::Numbers:
        addNumbers(op, cast<DenseI64ArrayAttr>(use.attribute).asArrayRef(),
                   arguments, rewriter);
        break;
      case RuntimeArgumentKind::Kernel:
        arguments.push_back(LLVM::ConstantOp::create(
            rewriter, loc, i64,
            rewriter.getI64IntegerAttr(static_cast<int64_t>(
                cast<KernelAttr>(use.attribute).getValue()))));
        break;
      case RuntimeArgumentKind::I64:
      case RuntimeArgumentKind::F32:
      case RuntimeArgumentKind::F64: {
        auto value = cast<TypedAttr>(use.attribute);
        arguments.push_back(
            LLVM::ConstantOp::create(rewriter, loc, value.getType(), value));
        break;
      }
      case RuntimeArgumentKind::String:
        arguments.push_back(createString(
            op, cast<StringAttr>(use.attribute).getValue(), rewriter));
        break;
      case RuntimeArgumentKind::Index:
        arguments.push_back(values.front());
        break;
      case RuntimeArgumentKind::Tensor:
      case RuntimeArgumentKind::OptionalTensor:
        arguments.push_back(storeDescriptors(op, values, rewriter));
        break;
      case RuntimeArgumentKind::Tensors:
        arguments.push_back(LLVM::ConstantOp::create(
            rewriter, loc, i64, rewriter.getI64IntegerAttr(values.size())));
        arguments.push_back(storeDescriptors(op, values, rewriter));
        break;
      }
    }
    Type result = call.hasResult ? i64 : LLVM::LLVMVoidType::get(getContext());
    FailureOr<LLVM::CallOp> made =
        createCall(op, call.function, result, arguments, rewriter, symbols);
    if (failed(made))
      return failure();
    rewriter.replaceOp(op, *made);
    return success();
  }

private:
  /// Pointer to the characters of `text`, which end in a 0. Equal texts are one
  /// constant.
  static Value createString(Operation *op, StringRef text,
                            ConversionPatternRewriter &rewriter) {
    auto module = op->getParentOfType<ModuleOp>();
    std::string name = ("string." + text).str();
    if (auto global = module.lookupSymbol<LLVM::GlobalOp>(name))
      return LLVM::AddressOfOp::create(rewriter, op->getLoc(), global);
    return LLVM::createGlobalString(op->getLoc(), rewriter, name,
                                    text.str() + '\0', LLVM::Linkage::Internal);
  }

  /// Adds how many `numbers` there are and a pointer to a constant with them.
  /// Equal ones are one constant.
  static void addNumbers(Operation *op, ArrayRef<int64_t> numbers,
                         SmallVectorImpl<Value> &arguments,
                         ConversionPatternRewriter &rewriter) {
    Location loc = op->getLoc();
    arguments.push_back(
        LLVM::ConstantOp::create(rewriter, loc, rewriter.getI64Type(),
                                 rewriter.getI64IntegerAttr(numbers.size())));
    auto module = op->getParentOfType<ModuleOp>();
    std::string name = "numbers";
    for (int64_t number : numbers)
      name += "." + std::to_string(number);
    auto global = module.lookupSymbol<LLVM::GlobalOp>(name);
    if (!global) {
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPointToStart(module.getBody());
      global = LLVM::GlobalOp::create(
          rewriter, loc,
          LLVM::LLVMArrayType::get(rewriter.getI64Type(), numbers.size()),
          /*isConstant=*/true, LLVM::Linkage::Internal, name,
          rewriter.getI64TensorAttr(numbers));
    }
    arguments.push_back(LLVM::AddressOfOp::create(rewriter, loc, global));
  }

  /// Pointer to an array on the stack with the descriptors of the buffers
  /// `values`, which are `aimc_tensor` in C.
  static Value storeDescriptors(Operation *op, ArrayRef<Value> values,
                                ConversionPatternRewriter &rewriter) {
    Location loc = op->getLoc();
    auto pointer = LLVM::LLVMPointerType::get(rewriter.getContext());
    if (values.empty())
      return LLVM::ZeroOp::create(rewriter, loc, pointer);
    Type descriptor = values.front().getType();
    Value array;
    {
      // In the entry block, so that a call in a loop does not grow the stack.
      OpBuilder::InsertionGuard guard(rewriter);
      auto function = op->getParentOfType<FunctionOpInterface>();
      rewriter.setInsertionPointToStart(&function.getFunctionBody().front());
      Value count = LLVM::ConstantOp::create(
          rewriter, loc, rewriter.getI64IntegerAttr(values.size()));
      array = LLVM::AllocaOp::create(rewriter, loc, pointer, descriptor, count);
    }
    for (auto [index, value] : llvm::enumerate(values)) {
      Value address = array;
      if (index != 0)
        address = LLVM::GEPOp::create(
            rewriter, loc, pointer, descriptor, array,
            ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(index)});
      LLVM::StoreOp::create(rewriter, loc, value, address);
    }
    return array;
  }

  const RuntimeCall &call;
  const SymbolIndices &indices;
  SymbolTableCollection &symbols;
};

/// The context of the function around `op`, or nothing if it has none.
Value findContext(Operation *op) {
  auto function = op->getParentOfType<FunctionOpInterface>();
  if (!function || function.getNumArguments() == 0 ||
      !isa<LLVM::LLVMPointerType>(function.getArgument(0).getType()))
    return {};
  return function.getArgument(0);
}

/// Replaces an operation on buffers by a call, before upstream's patterns do.
template <typename BufferOp>
class BufferLowering : public ConvertOpToLLVMPattern<BufferOp> {
public:
  BufferLowering(const LLVMTypeConverter &converter,
                 SymbolTableCollection &symbols)
      : ConvertOpToLLVMPattern<BufferOp>(converter, /*benefit=*/2),
        symbols(symbols) {}

protected:
  SymbolTableCollection &symbols;
};

/// Takes buffers from those that the context keeps.
class AllocLowering : public BufferLowering<memref::AllocOp> {
public:
  using BufferLowering::BufferLowering;

  LogicalResult
  matchAndRewrite(memref::AllocOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    // The alignment of the runtime's buffers.
    constexpr uint64_t alignment = 64;
    Value context = findContext(op);
    if (!context || op.getAlignment().value_or(1) > alignment ||
        op.getType().getRank() != 2 || !op.getType().getElementType().isF32() ||
        !isConvertibleAndHasIdentityMaps(op.getType()))
      return rewriter.notifyMatchFailure(op, "not a buffer of the runtime");
    Location loc = op.getLoc();
    SmallVector<Value> sizes, strides;
    Value count;
    getMemRefDescriptorSizes(loc, op.getType(), adaptor.getDynamicSizes(),
                             rewriter, sizes, strides, count,
                             /*sizeInBytes=*/false);
    FailureOr<LLVM::CallOp> call = createCall(
        op, "aimc_allocate", LLVM::LLVMPointerType::get(rewriter.getContext()),
        {context, sizes[0], sizes[1]}, rewriter, symbols);
    if (failed(call))
      return failure();
    Value memory = call->getResult();
    rewriter.replaceOp(
        op, {createMemRefDescriptor(loc, op.getType(), memory, memory, sizes,
                                    strides, rewriter)});
    return success();
  }
};

/// Gives buffers back to the context.
class DeallocLowering : public BufferLowering<memref::DeallocOp> {
public:
  using BufferLowering::BufferLowering;

  LogicalResult
  matchAndRewrite(memref::DeallocOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Value context = findContext(op);
    if (!context || !isa<MemRefType>(op.getMemref().getType()))
      return rewriter.notifyMatchFailure(op, "not a buffer of the runtime");
    Value memory = MemRefDescriptor(adaptor.getMemref())
                       .allocatedPtr(rewriter, op.getLoc());
    if (failed(createCall(op, "aimc_release",
                          LLVM::LLVMVoidType::get(getContext()),
                          {context, memory}, rewriter, symbols)))
      return failure();
    rewriter.eraseOp(op);
    return success();
  }
};

struct ConvertRuntimeToLLVM
    : public aimc::impl::ConvertRuntimeToLLVMPassBase<ConvertRuntimeToLLVM> {
  void runOnOperation() override;
};
} // namespace

void ConvertRuntimeToLLVM::runOnOperation() {
  ModuleOp module = getOperation();
  MLIRContext &context = getContext();

  SymbolIndices indices;
  int64_t matrices = 0, programs = 0;
  SmallVector<func::FuncOp> functions;
  SymbolTableCollection symbols;
  for (Operation &op : *module.getBody()) {
    if (auto matrix = dyn_cast<RtMatrixOp>(op))
      indices[matrix.getSymNameAttr()] = matrices++;
    else if (auto program = dyn_cast<ProgramOp>(op))
      indices[program.getSymNameAttr()] = programs++;
    else if (auto func = dyn_cast<func::FuncOp>(op))
      functions.push_back(func);
  }
  SymbolUserMap users(symbols, module);
  for (func::FuncOp func : functions) {
    // No function of a model may take the place of malloc, say.
    auto name = StringAttr::get(&context, "model." + func.getName());
    users.replaceAllUsesWith(func, name);
    func.setSymNameAttr(name);
    // The tables of the model hold the sizes and names.
    for (StringRef attribute : {sizesAttrName, nameAttrName}) {
      for (unsigned i = 0; i < func.getNumArguments(); ++i)
        func.removeArgAttr(i, attribute);
      for (unsigned i = 0; i < func.getNumResults(); ++i)
        func.removeResultAttr(i, StringAttr::get(&context, attribute));
    }
    if (func.isPublic())
      func->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(),
                    UnitAttr::get(&context));
  }

  LLVMTypeConverter converter(&context);
  converter.addConversion([](ContextType type) {
    return LLVM::LLVMPointerType::get(type.getContext());
  });
  symbols.invalidateSymbolTable(module);
  RewritePatternSet patterns(&context);
  for (const RuntimeCall &call : getRuntimeCalls())
    patterns.add<RuntimeCallLowering>(converter, call, indices, symbols);
  patterns.add<AllocLowering, DeallocLowering>(converter, symbols);
  arith::populateArithToLLVMConversionPatterns(converter, patterns);
  cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
  populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns);
  populateFuncToLLVMConversionPatterns(converter, patterns, &symbols);
  populateSCFToControlFlowConversionPatterns(patterns);

  LLVMConversionTarget target(context);
  // The tables of the model hold them; here they are indices.
  target.addLegalOp<RtMatrixOp, ProgramOp>();
  target.markOpRecursivelyLegal<ProgramOp>();
  target.addLegalOp<ModuleOp>();
  ConversionConfig config;
  config.allowPatternRollback = false;
  if (failed(applyFullConversion(module, target, std::move(patterns), config)))
    return signalPassFailure();

  for (Operation &op : llvm::make_early_inc_range(*module.getBody()))
    if (isa<RtMatrixOp, ProgramOp>(op))
      op.erase();
  module->removeAttr(targetAttrName);
}
