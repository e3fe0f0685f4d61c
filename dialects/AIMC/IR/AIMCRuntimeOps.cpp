//===- AIMCRuntimeOps.cpp - Verifiers of the runtime calls -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The operations themselves are generated from RuntimeTable.json.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/IR/Verification.h"

using namespace mlir;
using namespace aimc;

LogicalResult RtMvmOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto matrix =
      symbols.lookupNearestSymbolFrom<RtMatrixOp>(*this, getMatrixAttr());
  if (!matrix)
    return emitOpError("expects ")
           << getMatrixAttr()
           << " to be an 'aimc.rt.matrix', but there is none of this name";
  auto type = cast<RankedTensorType>(matrix.getValue().getShapedType());
  auto verify = [&](StringRef name, Value value,
                    int64_t size) -> LogicalResult {
    int64_t columns = cast<ShapedType>(value.getType()).getDimSize(1);
    if (columns == size)
      return success();
    InFlightDiagnostic diag = emitOpError("expects '")
                              << name << "' with " << size
                              << " columns, but got " << columns;
    diag.attachNote(matrix.getLoc()) << "matrix declared here as " << type;
    return diag;
  };
  if (failed(verify("input", getInput(), type.getDimSize(0))))
    return failure();
  return verify("output", getOutput(), type.getDimSize(1));
}

LogicalResult RtDigitalOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto program =
      symbols.lookupNearestSymbolFrom<ProgramOp>(*this, getProgramAttr());
  if (!program)
    return emitOpError("expects ")
           << getProgramAttr()
           << " to be an 'aimc.program', but there is none of this name";
  return verifyProgramOperands(*this, program, getInputs(), getOutputs());
}
