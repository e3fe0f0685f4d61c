//===- AIMCProgram.cpp - Row programs -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parser, printer and verifiers of `aimc.program` and the operations of its
// body.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/IR/Verification.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/FunctionImplementation.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace aimc;

//===----------------------------------------------------------------------===//
// aimc.program
//===----------------------------------------------------------------------===//

ParseResult ProgramOp::parse(OpAsmParser &parser, OperationState &result) {
  StringAttr name;
  std::string unit;
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<Type> results;
  if (parser.parseSymbolName(name, getSymNameAttrName(result.name),
                             result.attributes) ||
      parser.parseKeyword("on") || parser.parseLParen() ||
      parser.parseString(&unit) || parser.parseRParen() ||
      parser.parseArgumentList(arguments, OpAsmParser::Delimiter::Paren,
                               /*allowType=*/true) ||
      parser.parseArrow() || parser.parseLParen())
    return failure();
  if (failed(parser.parseOptionalRParen()) &&
      (parser.parseTypeList(results) || parser.parseRParen()))
    return failure();
  if (parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
      parser.parseRegion(*result.addRegion(), arguments))
    return failure();
  SmallVector<Type> types;
  for (const OpAsmParser::Argument &argument : arguments)
    types.push_back(argument.type);
  Builder &builder = parser.getBuilder();
  result.addAttribute(getUnitAttrName(result.name),
                      builder.getStringAttr(unit));
  result.addAttribute(getFunctionTypeAttrName(result.name),
                      TypeAttr::get(builder.getFunctionType(types, results)));
  return success();
}

void ProgramOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printer.printSymbolName(getSymName());
  printer << " on(\"" << getUnit() << "\") (";
  llvm::interleaveComma(
      getBody().front().getArguments(), printer,
      [&](BlockArgument argument) { printer.printRegionArgument(argument); });
  printer << ") -> (";
  llvm::interleaveComma(getFunctionType().getResults(), printer);
  printer << ")";
  printer.printOptionalAttrDictWithKeyword(
      (*this)->getAttrs(),
      {getSymNameAttrName(), getUnitAttrName(), getFunctionTypeAttrName()});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

Block *ProgramOp::addEntryBlock() {
  Block *block = &getBody().emplaceBlock();
  for (Type type : getFunctionType().getInputs())
    block->addArgument(type, getLoc());
  return block;
}

LogicalResult ProgramOp::verify() {
  // (C1)
  auto isRow = [](Type type) {
    auto row = dyn_cast<VectorType>(type);
    return row && row.getRank() == 1 && !row.isScalable() &&
           row.getElementType().isF32();
  };
  for (Type type : llvm::concat<const Type>(getFunctionType().getInputs(),
                                            getFunctionType().getResults()))
    if (!isRow(type))
      return emitOpError("expects rows of f32 in its signature, but got ")
             << type;
  if (getFunctionType().getNumResults() == 0)
    return emitOpError("expects at least one result, but got none");
  if (getBody().front().getArgumentTypes() != getFunctionType().getInputs())
    return emitOpError("expects block arguments of types ")
           << getFunctionType().getInputs() << ", but got "
           << getBody().front().getArgumentTypes();
  // (C3)
  return verifyUnit(*this, getUnit());
}

std::string aimc::getInstructionSpelling(Operation *op) {
  std::string spelling = op->getName().getStringRef().str();
  if (auto reduction = dyn_cast<vector::ReductionOp>(op))
    spelling +=
        (" <" + vector::stringifyCombiningKind(reduction.getKind()) + ">")
            .str();
  return spelling;
}

/// Whether the runtime has an instruction that is spelt so.
static bool isInstruction(StringRef name) {
  static const llvm::StringSet<> names = {
#define AIMC_INSTRUCTION(enumerator, name, mlir, operands) mlir,
#include "aimc/Runtime/RuntimeTable.def"
  };
  return names.contains(name);
}

LogicalResult ProgramOp::verifyRegions() {
  Block &block = getBody().front();
  auto yield = dyn_cast<YieldOp>(block.empty() ? nullptr : &block.back());
  // (C1)
  if (!yield)
    return emitOpError("expects to end with 'aimc.yield'");
  if (yield.getOperandTypes() != getFunctionType().getResults())
    return yield.emitOpError("expects values of types ")
           << getFunctionType().getResults() << ", but got "
           << yield.getOperandTypes();
  // (C2)
  for (Operation &op : block.without_terminator()) {
    if (isa<arith::ConstantOp, vector::BroadcastOp>(op))
      continue;
    std::string spelling = getInstructionSpelling(&op);
    if (!isInstruction(spelling))
      return op.emitOpError("expects an instruction of the runtime in a row "
                            "program, but got '")
             << spelling << "'";
    if (auto reduction = dyn_cast<vector::ReductionOp>(op);
        reduction && reduction.getAcc())
      return op.emitOpError("expects a reduction without an accumulator in a "
                            "row program");
  }
  return success();
}

LogicalResult aimc::verifyProgramOperands(Operation *op, ProgramOp program,
                                          ValueRange inputs, ValueRange inits) {
  auto verify = [&](StringRef what, ValueRange values,
                    ArrayRef<Type> rows) -> LogicalResult {
    auto note = [&](InFlightDiagnostic diag) -> LogicalResult {
      diag.attachNote(program.getLoc())
          << "program declared here with " << program.getFunctionType();
      return diag;
    };
    if (values.size() != rows.size())
      return note(op->emitOpError("expects ") << rows.size() << " " << what
                                              << ", but got " << values.size());
    for (auto [index, value, row] : llvm::enumerate(values, rows)) {
      int64_t width = cast<ShapedType>(value.getType()).getDimSize(1);
      int64_t length = cast<VectorType>(row).getDimSize(0);
      if (width != length)
        return note(
            op->emitOpError("expects ")
            << length << " columns in operand " << index << " of the " << what
            << ", but got "
            << (ShapedType::isDynamic(width) ? "?" : std::to_string(width)));
    }
    return success();
  };
  if (failed(verify("inputs", inputs, program.getFunctionType().getInputs())))
    return failure();
  return verify("outputs", inits, program.getFunctionType().getResults());
}

//===----------------------------------------------------------------------===//
// Operations of the body
//===----------------------------------------------------------------------===//

LogicalResult ConcatenateOp::verify() {
  // (C1)
  int64_t length =
      getLhs().getType().getDimSize(0) + getRhs().getType().getDimSize(0);
  if (getResult().getType().getDimSize(0) != length)
    return emitOpError("expects a result of length ")
           << length << ", but got " << getResult().getType().getDimSize(0);
  return success();
}

LogicalResult ProductOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // (C1)
  Operation *matrix = symbols.lookupNearestSymbolFrom(*this, getWeightsAttr());
  RankedTensorType type;
  if (auto weights = dyn_cast_or_null<WeightsOp>(matrix))
    type = weights.getType();
  else if (auto rtMatrix = dyn_cast_or_null<RtMatrixOp>(matrix))
    type = cast<RankedTensorType>(rtMatrix.getValue().getShapedType());
  else
    return emitOpError("expects ")
           << getWeightsAttr()
           << " to be an 'aimc.weights' or 'aimc.rt.matrix', but there is none "
              "of this name";
  // (C2)
  if (getInput().getType().getDimSize(0) != type.getDimSize(0))
    return emitOpError("expects 'input' of length ")
           << type.getDimSize(0) << " to match the rows of the matrix, but got "
           << getInput().getType().getDimSize(0);
  // (C3)
  if (getResult().getType().getDimSize(0) != type.getDimSize(1))
    return emitOpError("expects a result of length ")
           << type.getDimSize(1)
           << " to match the columns of the matrix, but got "
           << getResult().getType().getDimSize(0);
  return success();
}
