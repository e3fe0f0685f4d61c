//===- BufferizableOpInterfaceImpl.cpp - Tensors to buffers ---------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// External models of `BufferizableOpInterface`.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Transforms/BufferizableOpInterfaceImpl.h"

#include "AIMC/IR/AIMC.h"

#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace aimc;
using namespace mlir::bufferization;

namespace {
/// `aimc.mvm`, `aimc.execute` and `aimc.attention` overwrite their inits whole:
/// an init is written and never read, so that a `tensor.empty` needs no copy.
template <typename OpTy>
struct OverwritingOpModel
    : public DstBufferizableOpInterfaceExternalModel<OverwritingOpModel<OpTy>,
                                                     OpTy> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const AnalysisState &state) const {
    return !cast<DestinationStyleOpInterface>(op).isDpsInit(&operand);
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    auto destination = cast<DestinationStyleOpInterface>(op);
    if (destination.hasPureBufferSemantics())
      return success();
    SmallVector<Value> buffers, inits;
    for (OpOperand &operand : op->getOpOperands()) {
      if (!isa<TensorType>(operand.get().getType())) {
        buffers.push_back(operand.get());
        continue;
      }
      FailureOr<Value> buffer =
          getBuffer(rewriter, operand.get(), options, state);
      if (failed(buffer))
        return failure();
      buffers.push_back(*buffer);
      if (destination.isDpsInit(&operand))
        inits.push_back(*buffer);
    }
    rewriter.setInsertionPoint(op);
    mlir::clone(rewriter, op, TypeRange(), buffers);
    replaceOpWithBufferizedValues(rewriter, op, inits);
    return success();
  }
};
} // namespace

void aimc::registerBufferizableOpInterfaceExternalModels(
    DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, AIMCDialect *) {
    MvmOp::attachInterface<OverwritingOpModel<MvmOp>>(*context);
    AttentionOp::attachInterface<OverwritingOpModel<AttentionOp>>(*context);
    ExecuteOp::attachInterface<OverwritingOpModel<ExecuteOp>>(*context);
    GramOp::attachInterface<OverwritingOpModel<GramOp>>(*context);
    LoadOp::attachInterface<OverwritingOpModel<LoadOp>>(*context);
  });
}
