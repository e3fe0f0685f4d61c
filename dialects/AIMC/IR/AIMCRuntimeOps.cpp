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

/// The declaration `name` of a `kind` for `op`; emits an error when there is
/// none.
template <typename Declaration>
static FailureOr<Declaration> lookUp(Operation *op, FlatSymbolRefAttr name,
                                     StringRef kind,
                                     SymbolTableCollection &symbols) {
  if (auto found = symbols.lookupNearestSymbolFrom<Declaration>(op, name))
    return found;
  return op->emitOpError("expects ") << name << " to be an '" << kind
                                     << "', but there is none of this name";
}

/// Verifies that `value`, operand `name` of `op`, has `size` columns, as
/// `matrix` wants it.
static LogicalResult verifyColumns(Operation *op, RtMatrixOp matrix,
                                   StringRef name, Value value, int64_t size) {
  int64_t columns = cast<ShapedType>(value.getType()).getDimSize(1);
  if (columns == size)
    return success();
  InFlightDiagnostic diag = op->emitOpError("expects '")
                            << name << "' with " << size << " columns, but got "
                            << columns;
  diag.attachNote(matrix.getLoc())
      << "matrix declared here as " << matrix.getValue().getShapedType();
  return diag;
}

LogicalResult RtMvmOp::verifySymbolUses(SymbolTableCollection &symbols) {
  FailureOr<RtMatrixOp> matrix = lookUp<RtMatrixOp>(
      *this, getMatrixAttr(), RtMatrixOp::getOperationName(), symbols);
  if (failed(matrix))
    return failure();
  ShapedType type = matrix->getValue().getShapedType();
  if (failed(verifyColumns(*this, *matrix, "input", getInput(),
                           type.getDimSize(0))))
    return failure();
  return verifyColumns(*this, *matrix, "output", getOutput(),
                       type.getDimSize(1));
}

LogicalResult RtDigitalOp::verifySymbolUses(SymbolTableCollection &symbols) {
  FailureOr<ProgramOp> program = lookUp<ProgramOp>(
      *this, getProgramAttr(), ProgramOp::getOperationName(), symbols);
  if (failed(program))
    return failure();
  return verifyProgramOperands(*this, *program, getInputs(), getOutputs());
}

LogicalResult RtMvmDigitalOp::verifySymbolUses(SymbolTableCollection &symbols) {
  FailureOr<RtMatrixOp> matrix = lookUp<RtMatrixOp>(
      *this, getMatrixAttr(), RtMatrixOp::getOperationName(), symbols);
  if (failed(matrix))
    return failure();
  ShapedType type = matrix->getValue().getShapedType();
  if (failed(verifyColumns(*this, *matrix, "input", getInput(),
                           type.getDimSize(0))))
    return failure();
  // Widths of the values that the numbers mean.
  SmallVector<int64_t> widths = {type.getDimSize(1)};
  for (Value other : getOthers())
    widths.push_back(cast<ShapedType>(other.getType()).getDimSize(1));
  ArrayRef<int64_t> operands = getProgramOperands();
  for (auto name : getPrograms().getAsRange<FlatSymbolRefAttr>()) {
    FailureOr<ProgramOp> program =
        lookUp<ProgramOp>(*this, name, ProgramOp::getOperationName(), symbols);
    if (failed(program))
      return failure();
    ArrayRef<Type> inputs = program->getFunctionType().getInputs();
    if (operands.size() < inputs.size())
      return emitOpError("expects ") << inputs.size() << " operands of " << name
                                     << ", but got " << operands.size();
    for (auto [index, number, input] :
         llvm::enumerate(operands.take_front(inputs.size()), inputs)) {
      if (number < 0 || number >= static_cast<int64_t>(widths.size()))
        return emitOpError("expects operands of ")
               << name << " from 0 to " << widths.size() - 1 << ", but got "
               << number;
      int64_t length = cast<VectorType>(input).getDimSize(0);
      if (widths[number] != length)
        return emitOpError("expects ")
               << length << " columns in operand " << index << " of " << name
               << ", but got " << widths[number];
    }
    operands = operands.drop_front(inputs.size());
    for (Type result : program->getFunctionType().getResults())
      widths.push_back(cast<VectorType>(result).getDimSize(0));
  }
  if (!operands.empty())
    return emitOpError("expects ")
           << getProgramOperands().size() - operands.size()
           << " operands of its programs, but got "
           << getProgramOperands().size();
  ArrayRef<int64_t> results = getProgramResults();
  if (results.size() != getOutputs().size())
    return emitOpError("expects one output a result, ")
           << results.size() << ", but got " << getOutputs().size();
  for (auto [index, number, output] : llvm::enumerate(results, getOutputs())) {
    if (number < 0 || number >= static_cast<int64_t>(widths.size()) ||
        (number > 0 && number <= static_cast<int64_t>(getOthers().size())) ||
        llvm::is_contained(results.take_front(index), number))
      return emitOpError("expects as results the product and outputs of "
                         "programs, each once, but got ")
             << number;
    int64_t columns = cast<ShapedType>(output.getType()).getDimSize(1);
    if (columns != widths[number])
      return emitOpError("expects ") << widths[number] << " columns in output "
                                     << index << ", but got " << columns;
  }
  return success();
}
