//===- DigitalWork.cpp - What an operation asks of a unit -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the instructions off the bodies of linalg operations; named operations
// have bodies as well.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Utils/DigitalWork.h"

#include "AIMC/IR/AIMC.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace aimc;

StringRef aimc::getInstruction(StringRef operation) {
  return llvm::StringSwitch<StringRef>(operation)
#define AIMC_INSTRUCTION(enumerator, name, mlir, operands) .Case(mlir, name)
#include "aimc/Runtime/RuntimeTable.def"
      .Default("");
}

bool aimc::isZero(Value tensor) {
  if (auto fill = tensor.getDefiningOp<linalg::FillOp>())
    return matchPattern(fill.getInputs().front(), m_AnyZeroFloat());
  return matchPattern(tensor, m_AnyZeroFloat());
}

Operation *aimc::getReduction(linalg::LinalgOp op, unsigned index) {
  BlockArgument running = op.getRegionOutputArgs()[index];
  Operation *reduction =
      op.getBlock()->getTerminator()->getOperand(index).getDefiningOp();
  if (!isa_and_nonnull<arith::AddFOp, arith::MaximumFOp>(reduction) ||
      !running.hasOneUse() || !reduction->hasOneUse() ||
      !llvm::is_contained(reduction->getOperands(), Value(running)))
    return nullptr;
  return reduction;
}

bool aimc::isNeutral(Operation *reduction, const APFloat &start) {
  return isa<arith::AddFOp>(reduction)
             ? start.isZero()
             : start.isInfinity() && start.isNegative();
}

/// The number that all values of `tensor` are, if it is known.
static std::optional<APFloat> getSplat(Value tensor) {
  if (auto fill = tensor.getDefiningOp<linalg::FillOp>())
    tensor = fill.getInputs().front();
  APFloat value(0.0f);
  if (matchPattern(tensor, m_ConstantFloat(&value)))
    return value;
  return std::nullopt;
}

bool aimc::isMatrixProduct(linalg::LinalgOp op) {
  if (op.getNumLoops() != 3 || !linalg::isaContractionOpInterface(op))
    return false;
  auto isOf = [](Operation *binary, Value lhs, Value rhs) {
    Value first = binary->getOperand(0), second = binary->getOperand(1);
    return (first == lhs && second == rhs) || (first == rhs && second == lhs);
  };
  ArrayRef<BlockArgument> inputs = op.getRegionInputArgs();
  Value yielded = op.getBlock()->getTerminator()->getOperand(0);
  auto sum = yielded.getDefiningOp<arith::AddFOp>();
  if (!sum)
    return false;
  Value output = op.getRegionOutputArgs().front();
  auto product = (sum.getLhs() == output ? sum.getRhs() : sum.getLhs())
                     .getDefiningOp<arith::MulFOp>();
  return product && isOf(sum, output, product) &&
         isOf(product, inputs[0], inputs[1]);
}

bool aimc::isView(Operation *op) {
  return isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp,
             tensor::ExtractSliceOp>(op);
}

bool aimc::keepsRows(Operation *op) {
  if (isa<tensor::CastOp>(op))
    return true;
  if (!isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op))
    return false;
  auto source = cast<RankedTensorType>(op->getOperand(0).getType());
  auto result = cast<RankedTensorType>(op->getResult(0).getType());
  RankedTensorType wide = source.getRank() == 2 ? source : result;
  return source.getRank() + result.getRank() == 3 && wide.getDimSize(1) == 1;
}

bool aimc::isDigitalWork(Operation *op) {
  if (isa_and_nonnull<AIMCDialect>(op->getDialect()))
    return false;
  if (isa<tensor::EmptyOp, tensor::CastOp, CallOpInterface,
          RegionBranchOpInterface>(op) ||
      isView(op) || op->hasTrait<OpTrait::ConstantLike>())
    return false;
  return llvm::any_of(op->getResultTypes(), llvm::IsaPred<TensorType>);
}

/// The work of the body of `op`. Emits at `op` when an operation of it has no
/// instruction.
static LogicalResult addBody(linalg::LinalgOp op, DigitalWork &work) {
  llvm::SmallDenseSet<Operation *, 2> reductions;
  if (op.getNumReductionLoops() > 0)
    for (unsigned i = 0, e = op.getNumDpsInits(); i != e; ++i)
      reductions.insert(getReduction(op, i));
  for (Operation &nested : op.getBlock()->without_terminator()) {
    if (nested.hasTrait<OpTrait::ConstantLike>())
      continue;
    StringRef name = nested.getName().getStringRef();
    StringRef instruction = getInstruction(name);
    if (instruction.empty() || nested.getNumRegions() != 0)
      return op.emitOpError("expects a body of operations that digital units "
                            "have an instruction for, but got '")
             << name << "'";
    // A running addition to the output is a sum over the row.
    bool reduces = reductions.contains(&nested);
    if (reduces)
      instruction = isa<arith::AddFOp>(nested) ? "sum" : "row_maximum";
    work.instructions.insert(instruction);
    work.crossesColumns |= reduces;
  }
  return success();
}

/// The work of an exact kernel, as the table of `aimc.gram` has it.
static DigitalWork getGramWork(GramOp op) {
  DigitalWork work;
  work.crossesColumns = true;
  auto add = [&](ArrayRef<StringRef> instructions) {
    work.instructions.insert_range(instructions);
  };
  switch (op.getKernel()) {
  case Kernel::linear:
    add({"product"});
    break;
  case Kernel::softmax:
    add({"product", "exponential"});
    break;
  case Kernel::rbf:
    add({"subtract", "product", "multiply", "exponential"});
    break;
  case Kernel::arccos0:
  case Kernel::arccos1:
  case Kernel::arccos2:
    add({"product", "add", "subtract", "multiply", "divide", "square_root",
         "minimum", "maximum"});
    break;
  }
  return work;
}

FailureOr<DigitalWork> aimc::getDigitalWork(Operation *op) {
  if (auto gram = dyn_cast<GramOp>(op))
    return getGramWork(gram);

  for (Type type :
       llvm::concat<const Type>(op->getOperandTypes(), op->getResultTypes())) {
    auto tensor = dyn_cast<TensorType>(type);
    if (tensor && !tensor.getElementType().isF32())
      return op->emitOpError(
                 "expects values of f32 on a digital unit, but got ")
             << type;
  }

  DigitalWork work;
  if (auto attention = dyn_cast<AttentionOp>(op)) {
    for (StringRef instruction : {"product", "divide"})
      work.instructions.insert(instruction);
    if (attention.getLogScale())
      for (StringRef instruction :
           {"maximum", "subtract", "exponential", "multiply"})
        work.instructions.insert(instruction);
    work.crossesColumns = true;
    return work;
  }
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op)) {
    if (isMatrixProduct(linalgOp)) {
      work.instructions.insert("product");
      work.crossesColumns = true;
    } else if (failed(addBody(linalgOp, work))) {
      return failure();
    }
    // What an init holds joins after a product or a reduction.
    if (linalgOp.getNumReductionLoops() > 0)
      for (auto [index, init] : llvm::enumerate(linalgOp.getDpsInits())) {
        Operation *reduction = getReduction(linalgOp, index);
        std::optional<APFloat> start = getSplat(init);
        if (reduction && !(start && isNeutral(reduction, *start)))
          work.instructions.insert(
              getInstruction(reduction->getName().getStringRef()));
      }
    return work;
  }
  if (isa<tensor::ConcatOp>(op)) {
    work.instructions.insert("concatenate");
    work.crossesColumns = true;
    return work;
  }
  StringRef instruction;
  if (OpTrait::hasElementwiseMappableTraits(op))
    instruction = getInstruction(op->getName().getStringRef());
  if (instruction.empty()) {
    op->emitOpError("expects an operation that digital units have an "
                    "instruction for");
    return failure();
  }
  work.instructions.insert(instruction);
  return work;
}
