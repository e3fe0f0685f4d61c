//===- FoldNmpu.cpp - Scales and offsets in fixed point ---------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-fold-nmpu: programs of fixed-point units become one scale and offset a
// column, in the numbers of the unit.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/IR/TileGrid.h"
#include "AIMC/Transforms/Mapping.h"
#include "AIMC/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include "llvm/Support/Format.h"

#include <cmath>

namespace aimc {
#define GEN_PASS_DEF_AIMCFOLDNMPUPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;
using runtime::DigitalUnit;
using runtime::NumberFormat;

namespace {
/// A row as a function of the program's input x: scale x + offset by column,
/// or what of it is above 0. A constant row has no scale.
struct Folded {
  std::vector<double> scale, offset;
  bool relu = false;

  bool isConstant() const { return scale.empty(); }
};

/// Numbers of a format: multiples of 2^-fractionBits.
struct Grid {
  double low, high;
  int fractionBits;

  double nearest(double value) const {
    return std::nearbyint(std::ldexp(value, fractionBits)) /
           std::ldexp(1, fractionBits);
  }
};

struct FoldNmpuPass : public aimc::impl::AIMCFoldNmpuPassBase<FoldNmpuPass> {
  void runOnOperation() override;

private:
  LogicalResult fold(ExecuteOp execute);
  /// The program of `execute` alone.
  ProgramOp takeProgram(ExecuteOp execute);
  /// What a count of the ADC at each column of `use` is, in units of its
  /// result.
  FailureOr<std::vector<double>> findUnits(ExecuteOp execute, MvmOp use);
  /// Follows the program to its results.
  FailureOr<std::vector<Folded>> follow(ProgramOp program);
  LogicalResult followInstruction(Operation &op,
                                  DenseMap<Value, Folded> &values);
  /// The row that `result`, folded, has in the unit's numbers.
  FailureOr<Value> build(OpBuilder &builder, ProgramOp program,
                         Operation *yield, const Folded &result,
                         ArrayRef<double> units, const NumberFormat &format);

  const TileGrids *grids = nullptr;
  const runtime::TargetDescription *target = nullptr;
  SymbolTableCollection symbols;
  DenseMap<Operation *, unsigned> executions; ///< of each program
};
} // namespace

static const DigitalUnit *findUnit(const runtime::TargetDescription &target,
                                   StringRef name) {
  for (const DigitalUnit &unit : target.units)
    if (unit.name == name)
      return &unit;
  return nullptr;
}

void FoldNmpuPass::runOnOperation() {
  ModuleOp module = getOperation();
  TargetAttr attribute = TargetAttr::lookup(module);
  // Without a target, or without such a unit, there is nothing to fold.
  if (!attribute)
    return;
  target = &attribute.getTarget();
  SmallVector<ExecuteOp> executes;
  module.walk([&](ExecuteOp execute) {
    auto program = symbols.lookupNearestSymbolFrom<ProgramOp>(
        execute, execute.getProgramAttr());
    ++executions[program];
    const DigitalUnit *unit = findUnit(*target, program.getUnit());
    if (!unit || unit->format.kind != NumberFormat::Kind::FixedPoint)
      return;
    // A program that is folded stays as it is.
    if (program.getBody().front().getOps<FixedPointOp>().empty())
      executes.push_back(execute);
  });
  if (executes.empty())
    return;
  FailureOr<TileGrids> computed = TileGrids::compute(module);
  if (failed(computed))
    return signalPassFailure();
  grids = &*computed;
  for (ExecuteOp execute : executes)
    if (failed(fold(execute)))
      return signalPassFailure();
}

ProgramOp FoldNmpuPass::takeProgram(ExecuteOp execute) {
  auto program = symbols.lookupNearestSymbolFrom<ProgramOp>(
      execute, execute.getProgramAttr());
  if (executions[program] == 1)
    return program;
  --executions[program];
  // The ranges before another execution may be others.
  SymbolTable &table = symbols.getSymbolTable(program->getParentOp());
  auto copy = cast<ProgramOp>(program->clone());
  table.insert(copy, std::next(Block::iterator(program)));
  executions[copy] = 1;
  execute.setProgramAttr(FlatSymbolRefAttr::get(copy.getSymNameAttr()));
  return copy;
}

LogicalResult FoldNmpuPass::fold(ExecuteOp execute) {
  auto program = symbols.lookupNearestSymbolFrom<ProgramOp>(
      execute, execute.getProgramAttr());
  auto refuse = [&](const Twine &got) {
    return execute.emitOpError("expects one input on fixed-point unit '")
           << program.getUnit() << "', the result of a product on crossbars, "
           << "but got " << got;
  };
  if (execute.getInputs().size() != 1)
    return refuse(Twine(execute.getInputs().size()));
  Value input = execute.getInputs().front();
  while (auto cast = input.getDefiningOp<tensor::CastOp>())
    input = cast.getSource();
  auto use = input.getDefiningOp<MvmOp>();
  if (!use)
    return refuse("another value");
  FailureOr<std::vector<double>> units = findUnits(execute, use);
  if (failed(units))
    return failure();
  FailureOr<std::vector<Folded>> results = follow(program);
  if (failed(results))
    return failure();

  program = takeProgram(execute);
  Block &block = program.getBody().front();
  Operation *yield = block.getTerminator();
  const NumberFormat &format = findUnit(*target, program.getUnit())->format;
  OpBuilder builder(yield);
  SmallVector<Value> rows;
  for (const Folded &result : *results) {
    FailureOr<Value> row =
        build(builder, program, yield, result, *units, format);
    if (failed(row))
      return failure();
    rows.push_back(*row);
  }
  yield->setOperands(rows);
  for (Operation &op :
       llvm::make_early_inc_range(llvm::reverse(block.without_terminator())))
    if (op.use_empty())
      op.erase();
  return success();
}

FailureOr<std::vector<double>> FoldNmpuPass::findUnits(ExecuteOp execute,
                                                       MvmOp use) {
  auto range = [&](FloatAttr set, const runtime::Converter &converter) {
    return set ? set.getValueAsDouble() : converter.defaultRange;
  };
  if (target->adc.ideal || (target->dac.ideal && !use.getInputRange()))
    return execute.emitOpError("expects converters with ranges before "
                               "fixed-point unit '")
           << symbols
                  .lookupNearestSymbolFrom<ProgramOp>(execute,
                                                      execute.getProgramAttr())
                  .getUnit()
           << "', but target '" << target->name << "' has ideal ones";
  const MatrixTiles *matrix = grids->lookup(use.getWeightsAttr().getAttr());
  if (!matrix->isTiled() || matrix->gridRows != 1) {
    InFlightDiagnostic diag = execute.emitOpError(
        "expects a matrix in one row of tiles, whose counts a fixed-point unit "
        "sees, but got ");
    if (matrix->isTiled())
      diag << matrix->gridRows << " rows of tiles";
    else
      diag << "one without tiles";
    diag.attachNote(use.getLoc()) << "the product";
    return diag;
  }
  const double levels = std::ldexp(1, target->adc.bits - 1) - 1;
  const double count = range(use.getOutputRangeAttr(), target->adc) / levels *
                       range(use.getInputRangeAttr(), target->dac);
  WeightsOp weights = matrix->getWeights();
  std::vector<float> storage;
  ArrayRef<float> data = getMatrixData(weights.getValue(), storage);
  std::vector<double> units(weights.getColumns());
  for (TileOp tile : matrix->tiles) {
    double largest = 0;
    for (int64_t i = 0; i < static_cast<int64_t>(tile.getRows()); ++i)
      for (float weight : data.slice(
               (tile.getRow() + i) * weights.getColumns() + tile.getColumn(),
               tile.getColumns()))
        largest = std::max(largest, std::fabs(static_cast<double>(weight)));
    // Without a weight all counts are 0, whatever their unit.
    for (int64_t j = 0; j < static_cast<int64_t>(tile.getColumns()); ++j)
      units[tile.getColumn() + j] = count * (largest > 0 ? largest : 1);
  }
  return units;
}

//===----------------------------------------------------------------------===//
// Folding
//===----------------------------------------------------------------------===//

FailureOr<std::vector<Folded>> FoldNmpuPass::follow(ProgramOp program) {
  Block &block = program.getBody().front();
  DenseMap<Value, Folded> values;
  int64_t columns =
      cast<VectorType>(block.getArgument(0).getType()).getDimSize(0);
  values[block.getArgument(0)] = {std::vector<double>(columns, 1),
                                  std::vector<double>(columns, 0), false};
  for (Operation &op : block.without_terminator())
    if (failed(followInstruction(op, values)))
      return failure();
  std::vector<Folded> results;
  for (Value value : block.getTerminator()->getOperands()) {
    if (values[value].isConstant())
      return program.emitOpError("expects results of the input on fixed-point "
                                 "unit '")
             << program.getUnit() << "', but got a constant";
    results.push_back(values[value]);
  }
  return results;
}

LogicalResult FoldNmpuPass::followInstruction(Operation &op,
                                              DenseMap<Value, Folded> &values) {
  auto refuse = [&](const Twine &why) {
    return op.emitOpError("expects an instruction that folds into a scale and "
                          "an offset, but got ")
           << why;
  };
  auto type = dyn_cast<VectorType>(op.getResult(0).getType());
  const size_t columns = type ? type.getDimSize(0) : 0;
  Folded &result = values[op.getResult(0)];
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    std::vector<float> storage;
    ArrayRef<float> data =
        getMatrixData(cast<ElementsAttr>(constant.getValue()), storage);
    result.offset.assign(data.begin(), data.end());
    return success();
  }
  // Copied, since the map may move them.
  SmallVector<Folded, 2> operands;
  for (Value operand : op.getOperands())
    operands.push_back(values.lookup(operand));
  Folded &folded = values[op.getResult(0)];
  if (isa<vector::BroadcastOp>(op)) {
    if (!operands[0].isConstant())
      return refuse("a number for all columns");
    folded.offset.assign(columns, operands[0].offset.front());
    return success();
  }
  if (!isa<arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::DivFOp,
           arith::NegFOp, arith::MaximumFOp>(op))
    return refuse("'" + op.getName().getStringRef() + "'");
  if (llvm::all_of(operands, [](const Folded &f) { return f.isConstant(); }))
    return refuse("constants alone");

  const bool swapped = operands.front().isConstant();
  const Folded &x = operands[swapped];
  const bool unary = operands.size() == 1;
  if (!unary && !operands[!swapped].isConstant())
    return refuse("two rows that depend on the input");
  const std::vector<double> none(columns, 0);
  const std::vector<double> &c = unary ? none : operands[!swapped].offset;
  folded = x;
  if (isa<arith::MaximumFOp>(op)) {
    if (llvm::any_of(c, [](double value) { return value != 0; }))
      return refuse("a maximum with another value than 0");
    folded.relu = true;
    return success();
  }
  for (size_t j = 0; j < columns; ++j) {
    double factor = 1, term = 0;
    if (isa<arith::NegFOp>(op))
      factor = -1;
    else if (isa<arith::MulFOp>(op))
      factor = c[j];
    else if (isa<arith::DivFOp>(op))
      factor = 1 / c[j];
    else if (isa<arith::AddFOp>(op))
      term = c[j];
    else
      factor = swapped ? -1 : 1, term = swapped ? c[j] : -c[j];
    if (isa<arith::DivFOp>(op) && (swapped || c[j] == 0))
      return refuse(swapped ? "a division by a row that depends on the input"
                            : "a division by 0");
    // What is above 0 stays so when it is multiplied by a positive number.
    if (x.relu && (factor < 0 || term != 0))
      return refuse("a negative factor or a term behind the ReLU");
    folded.scale[j] *= factor;
    folded.offset[j] = folded.offset[j] * factor + term;
  }
  return success();
}

FailureOr<Value> FoldNmpuPass::build(OpBuilder &builder, ProgramOp program,
                                     Operation *yield, const Folded &result,
                                     ArrayRef<double> units,
                                     const NumberFormat &format) {
  const int64_t columns = units.size();
  const double largest = std::ldexp(1, format.valueBits - 1) - 1;
  const int scaleBits = format.scaleIntegerBits + format.scaleFractionBits;
  const Grid scales = {0,
                       (std::ldexp(1, scaleBits) - 1) /
                           std::ldexp(1, format.scaleFractionBits),
                       format.scaleFractionBits};
  const double bound = std::ldexp(1, format.offsetIntegerBits - 1);
  const Grid offsets = {-bound,
                        bound - std::ldexp(1, -format.offsetFractionBits),
                        format.offsetFractionBits};
  // The unit of the results: nothing saturates that the ADC lets through, and
  // each scale and offset is in its range.
  double unit = 0;
  for (int64_t j = 0; j < columns; ++j) {
    const double scale = std::fabs(result.scale[j]) * units[j];
    const double offset = std::fabs(result.offset[j]);
    unit = std::max({unit, scale + offset / largest, scale / scales.high,
                     offset / offsets.high});
  }
  if (!(unit > 0) || !std::isfinite(unit))
    return yield->emitOpError("expects results on fixed-point unit '")
           << program.getUnit() << "' that are finite and not all 0, but got "
           << (unit == 0 ? "zeros" : "others");
  SmallVector<float> inverses, scaleRow, offsetRow;
  for (int64_t j = 0; j < columns; ++j) {
    const double scale = result.scale[j] * units[j] / unit;
    const double nearest = scales.nearest(scale);
    if (scale < 0 || (scale != 0 && nearest == 0))
      return yield->emitOpError("expects column ")
             << j << " on fixed-point unit '" << program.getUnit()
             << "' to have a scale of "
             << llvm::formatv(
                    "{0}",
                    llvm::format("%g", std::ldexp(0.5, -scales.fractionBits)))
             << " to " << llvm::formatv("{0}", llvm::format("%g", scales.high))
             << " in units of its count and of the results, or 0, but got "
             << llvm::formatv("{0}", llvm::format("%g", scale))
             << llvm::formatv(" (gain {0}, count {1}, result {2})",
                              llvm::format("%g", result.scale[j]),
                              llvm::format("%g", units[j]),
                              llvm::format("%g", unit));
    inverses.push_back(static_cast<float>(1 / units[j]));
    scaleRow.push_back(static_cast<float>(nearest));
    offsetRow.push_back(
        static_cast<float>(offsets.nearest(result.offset[j] / unit)));
  }

  Location loc = yield->getLoc();
  auto type = VectorType::get({columns}, builder.getF32Type());
  auto constant = [&](ArrayRef<float> row) {
    return arith::ConstantOp::create(builder, loc,
                                     DenseElementsAttr::get(type, row));
  };
  Value x = program.getBody().front().getArgument(0);
  Value counts = arith::MulFOp::create(builder, loc, x, constant(inverses));
  Value y = FixedPointOp::create(builder, loc, type, counts, constant(scaleRow),
                                 constant(offsetRow));
  if (result.relu)
    y = arith::MaximumFOp::create(builder, loc, y, constant({0.0f}));
  return arith::MulFOp::create(builder, loc, y,
                               constant({static_cast<float>(unit)}))
      .getResult();
}
