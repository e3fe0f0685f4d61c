//===- FoldNmpu.cpp - Scales and offsets in fixed point ---------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-fold-nmpu: programs of fixed-point units become one scale and offset a
// column, on counts of the ADC.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/IR/TileGrid.h"
#include "AIMC/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include "llvm/ADT/StringMap.h"
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
/// A row as a function of one input x of the program: scale x + offset by
/// column, or what of it is above 0. A constant row has no input and no scale.
struct Folded {
  std::optional<unsigned> input;
  std::vector<double> scale, offset;
  bool relu = false;

  bool isConstant() const { return !input; }
};

/// What a program sees of a product.
struct Counts {
  StringRef matrix; ///< its name
  /// What one count of the ADC at each column is worth.
  std::vector<double> units;
};

/// The largest numbers of a fixed-point unit, and the spacing of its scales.
struct Limits {
  double value, scale, offset, scaleStep;

  explicit Limits(const NumberFormat &format)
      : value(std::ldexp(1, format.valueBits - 1) - 1),
        scale(std::ldexp(1, format.scaleIntegerBits) -
              std::ldexp(1, -format.scaleFractionBits)),
        offset(std::ldexp(1, format.offsetIntegerBits - 1) -
               std::ldexp(1, -format.offsetFractionBits)),
        scaleStep(std::ldexp(1, -format.scaleFractionBits)) {}
};

//===----------------------------------------------------------------------===//
// What a program computes
//===----------------------------------------------------------------------===//

/// Follows the instructions of a program.
class ProgramFolder {
public:
  explicit ProgramFolder(ProgramOp program) : program(program) {}

  /// The results of the program. (C3), (C4)
  FailureOr<std::vector<Folded>> follow();

private:
  LogicalResult follow(Operation &op);
  /// (C3) Adds what `op` does to the columns of `row`; `constant` is its other
  /// operand, and comes first if `swapped`.
  LogicalResult apply(Operation &op, Folded &row, ArrayRef<double> constant,
                      bool swapped);
  static LogicalResult refuse(Operation &op, const Twine &got) {
    return op.emitOpError("expects an instruction that folds into a scale and "
                          "an offset, but got ")
           << got;
  }

  ProgramOp program;
  DenseMap<Value, Folded> values;
};
} // namespace

FailureOr<std::vector<Folded>> ProgramFolder::follow() {
  Block &block = program.getBody().front();
  for (BlockArgument argument : block.getArguments()) {
    const size_t columns =
        cast<VectorType>(argument.getType()).getNumElements();
    values[argument] = {argument.getArgNumber(),
                        std::vector<double>(columns, 1),
                        std::vector<double>(columns, 0)};
  }
  for (Operation &op : block.without_terminator())
    if (failed(follow(op)))
      return failure();
  std::vector<Folded> results;
  for (Value value : block.getTerminator()->getOperands()) {
    const Folded &folded = values[value];
    if (folded.isConstant())
      return block.getTerminator()->emitOpError(
                 "expects results of the input on fixed-point unit '")
             << program.getUnit() << "', but got a constant";
    results.push_back(folded);
  }
  return results;
}

LogicalResult ProgramFolder::follow(Operation &op) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    Folded &row = values[op.getResult(0)];
    if (auto number = dyn_cast<FloatAttr>(constant.getValue())) {
      row.offset = {number.getValueAsDouble()};
      return success();
    }
    std::vector<float> storage;
    ArrayRef<float> data =
        getMatrixData(cast<ElementsAttr>(constant.getValue()), storage);
    row.offset.assign(data.begin(), data.end());
    return success();
  }
  // Copied, since the map may move them.
  SmallVector<Folded, 2> operands;
  for (Value operand : op.getOperands())
    operands.push_back(values.lookup(operand));
  if (isa<vector::BroadcastOp>(op)) {
    if (!operands[0].isConstant())
      return refuse(op, "a number for all columns");
    values[op.getResult(0)].offset.assign(
        cast<VectorType>(op.getResult(0).getType()).getNumElements(),
        operands[0].offset.front());
    return success();
  }
  if (!isa<arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::DivFOp,
           arith::NegFOp, arith::MaximumFOp>(op))
    return refuse(op, "'" + op.getName().getStringRef() + "'");
  if (llvm::all_of(operands,
                   [](const Folded &row) { return row.isConstant(); }))
    return refuse(op, "constants alone");
  if (llvm::none_of(operands,
                    [](const Folded &row) { return row.isConstant(); }) &&
      operands.size() > 1)
    return refuse(op, "two rows that depend on inputs");
  const bool swapped = operands.front().isConstant();
  Folded row = operands[swapped];
  ArrayRef<double> constant;
  if (operands.size() > 1)
    constant = operands[!swapped].offset;
  if (failed(apply(op, row, constant, swapped)))
    return failure();
  values[op.getResult(0)] = std::move(row);
  return success();
}

LogicalResult ProgramFolder::apply(Operation &op, Folded &row,
                                   ArrayRef<double> constant, bool swapped) {
  if (isa<arith::MaximumFOp>(op)) {
    if (llvm::any_of(constant, [](double value) { return value != 0; }))
      return refuse(op, "a maximum with another value than 0");
    row.relu = true;
    return success();
  }
  if (isa<arith::DivFOp>(op) && swapped)
    return refuse(op, "a division by a row that depends on the input");
  for (size_t j = 0; j < row.scale.size(); ++j) {
    double factor = 1, term = 0;
    if (isa<arith::NegFOp>(op)) {
      factor = -1;
    } else if (isa<arith::MulFOp>(op)) {
      factor = constant[j];
    } else if (isa<arith::DivFOp>(op)) {
      if (constant[j] == 0)
        return refuse(op, "a division by 0");
      factor = 1 / constant[j];
    } else if (isa<arith::AddFOp>(op)) {
      term = constant[j];
    } else {
      factor = swapped ? -1 : 1;
      term = swapped ? constant[j] : -constant[j];
    }
    // What is above 0 stays so when it is multiplied by a positive number.
    if (row.relu && (factor < 0 || term != 0))
      return refuse(op, "a negative factor or a term behind the ReLU");
    row.scale[j] *= factor;
    row.offset[j] = row.offset[j] * factor + term;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// What a unit sees
//===----------------------------------------------------------------------===//

/// What a count of the ADC is worth at each column of `product`. (C2)
static FailureOr<Counts> findCounts(ExecuteOp execute, MvmOp product,
                                    const MatrixTiles &matrix,
                                    const runtime::TargetDescription &target) {
  if (matrix.gridRows != 1 || product.getAveragedCopies()) {
    InFlightDiagnostic diag = execute.emitOpError(
        "expects one row of tiles, whose counts a fixed-point unit sees, but "
        "got ");
    if (matrix.gridRows != 1)
      diag << matrix.gridRows << " rows of tiles";
    else
      diag << "the mean over " << product.countCopies() << " copies";
    diag.attachNote(product.getLoc()) << "the product";
    return diag;
  }
  auto range = [](FloatAttr set, const runtime::Converter &converter) {
    return set ? set.getValueAsDouble() : converter.defaultRange;
  };
  const double levels = std::ldexp(1, target.adc.bits - 1) - 1;
  const double count = range(product.getOutputRangeAttr(), target.adc) /
                       levels * range(product.getInputRangeAttr(), target.dac);
  WeightsOp weights = matrix.getWeights();
  std::vector<float> storage;
  ArrayRef<float> data = getMatrixData(weights.getValue(), storage);
  Counts counts{product.getWeights(),
                std::vector<double>(weights.getColumns())};
  for (TileOp tile : matrix.getTilesOfCopy()) {
    const int64_t rows = tile.getRows(), columns = tile.getColumns();
    double largest = 0;
    for (int64_t i = 0; i < rows; ++i)
      for (float weight : data.slice(
               (tile.getRow() + i) * weights.getColumns() + tile.getColumn(),
               columns))
        largest = std::max(largest, std::fabs(static_cast<double>(weight)));
    // Without a weight all counts are 0, whatever they are worth.
    for (int64_t j = 0; j < columns; ++j)
      counts.units[tile.getColumn() + j] = count * (largest > 0 ? largest : 1);
  }
  return counts;
}

/// The unit of results with which no count of the ADC saturates and each scale
/// and offset is in its range, or nothing if none is. (C5)
static std::optional<double> findResultUnit(const Folded &result,
                                            const Counts &counts,
                                            const Limits &limits) {
  double unit = 0;
  auto atLeast = [&](double value) {
    // NaN, too.
    if (!(value <= unit))
      unit = value;
    return std::isfinite(value);
  };
  for (auto [gain, offset, count] :
       llvm::zip_equal(result.scale, result.offset, counts.units)) {
    const double scale = std::fabs(gain) * count, size = std::fabs(offset);
    if (!atLeast(scale + size / limits.value) ||
        !atLeast(scale / limits.scale) ||
        (size != 0 && !atLeast(size / limits.offset)))
      return std::nullopt;
  }
  return unit;
}

static std::string toText(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%g", value);
  return text;
}

/// The row that `result` is, from counts. (C5), (C6)
static FailureOr<Value> buildRow(OpBuilder &builder, ProgramOp program,
                                 Operation *yield, const Folded &result,
                                 const Counts &counts, const Limits &limits) {
  std::optional<double> unit = findResultUnit(result, counts, limits);
  const float unitOrZero = unit ? static_cast<float>(*unit) : 0;
  if (!std::isnormal(unitOrZero))
    return yield->emitOpError("expects results on fixed-point unit '")
           << program.getUnit() << "' that are finite and not all 0, but got "
           << (unit == 0.0 ? "zeros" : "others");
  SmallVector<float> inverses, scales, offsets;
  for (auto [j, gain, offset, count] :
       llvm::enumerate(result.scale, result.offset, counts.units)) {
    const double scale = gain * count / *unit;
    if (scale < 0 || (scale != 0 && scale <= limits.scaleStep / 2))
      return yield->emitOpError("expects column ")
             << j << " of '" << counts.matrix
             << "' to have a scale on fixed-point unit '" << program.getUnit()
             << "' that is 0 or above " << toText(limits.scaleStep / 2)
             << ", but got " << toText(scale) << ": gain " << toText(gain)
             << ", count " << toText(count) << ", unit of the results "
             << toText(*unit);
    inverses.push_back(static_cast<float>(1 / count));
    scales.push_back(static_cast<float>(scale));
    offsets.push_back(static_cast<float>(offset / *unit));
  }

  Location loc = yield->getLoc();
  auto type = VectorType::get({static_cast<int64_t>(scales.size())},
                              builder.getF32Type());
  auto constant = [&](ArrayRef<float> row) -> Value {
    return arith::ConstantOp::create(builder, loc,
                                     DenseElementsAttr::get(type, row));
  };
  Value x = program.getBody().front().getArgument(*result.input);
  Value count = arith::MulFOp::create(builder, loc, x, constant(inverses));
  Value scale = constant(scales), offset = constant(offsets);
  Value y = FixedPointOp::create(builder, loc, type, count, scale, offset);
  if (result.relu)
    y = arith::MaximumFOp::create(builder, loc, y, constant({0.0f}));
  return arith::MulFOp::create(builder, loc, y, constant({unitOrZero}))
      .getResult();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
/// Folds the programs of a module's fixed-point units.
class ModuleFolder {
public:
  ModuleFolder(ModuleOp module, const runtime::TargetDescription &target)
      : module(module), target(target) {}

  LogicalResult run();

private:
  LogicalResult fold(ExecuteOp execute, const TileGrids &grids,
                     const NumberFormat &format);
  ProgramOp getProgram(ExecuteOp execute) {
    return symbols.lookupNearestSymbolFrom<ProgramOp>(execute,
                                                      execute.getProgramAttr());
  }
  /// The program of `execute`, which no other operation executes from then on:
  /// the ranges before another execution may be others.
  ProgramOp takeProgram(ExecuteOp execute);

  ModuleOp module;
  const runtime::TargetDescription &target;
  SymbolTableCollection symbols;
  DenseMap<Operation *, unsigned> executions; ///< of each program
};

struct FoldNmpuPass : public aimc::impl::AIMCFoldNmpuPassBase<FoldNmpuPass> {
  void runOnOperation() override {
    // Without a target there are no such units.
    TargetAttr target = TargetAttr::lookup(getOperation());
    if (target &&
        failed(ModuleFolder(getOperation(), target.getTarget()).run()))
      signalPassFailure();
  }
};
} // namespace

LogicalResult ModuleFolder::run() {
  llvm::StringMap<const NumberFormat *> formats;
  for (const DigitalUnit &unit : target.units)
    if (unit.format.kind == NumberFormat::Kind::FixedPoint)
      formats[unit.name] = &unit.format;
  if (formats.empty())
    return success();
  SmallVector<std::pair<ExecuteOp, const NumberFormat *>> executes;
  module.walk([&](ExecuteOp execute) {
    ProgramOp program = getProgram(execute);
    ++executions[program];
    const NumberFormat *format = formats.lookup(program.getUnit());
    // A program that is folded stays as it is, and buffers are decided already.
    if (format && execute->getNumResults() != 0 &&
        program.getBody().front().getOps<FixedPointOp>().empty())
      executes.push_back({execute, format});
  });
  if (executes.empty())
    return success();
  FailureOr<TileGrids> grids = TileGrids::compute(module);
  if (failed(grids))
    return failure();
  for (auto [execute, format] : executes)
    if (failed(fold(execute, *grids, *format)))
      return failure();
  return success();
}

ProgramOp ModuleFolder::takeProgram(ExecuteOp execute) {
  ProgramOp program = getProgram(execute);
  if (executions[program] == 1)
    return program;
  --executions[program];
  SymbolTable &table = symbols.getSymbolTable(program->getParentOp());
  auto copy = cast<ProgramOp>(program->clone());
  table.insert(copy, std::next(Block::iterator(program)));
  executions[copy] = 1;
  execute.setProgramAttr(FlatSymbolRefAttr::get(copy.getSymNameAttr()));
  return copy;
}

LogicalResult ModuleFolder::fold(ExecuteOp execute, const TileGrids &grids,
                                 const NumberFormat &format) {
  ProgramOp program = getProgram(execute);
  SmallVector<Counts> inputs;
  for (Value input : execute.getInputs()) {
    while (auto cast = input.getDefiningOp<tensor::CastOp>())
      input = cast.getSource();
    // (C1)
    auto product = input.getDefiningOp<MvmOp>();
    if (!product)
      return execute.emitOpError("expects inputs of fixed-point unit '")
             << program.getUnit()
             << "' that are results of products on crossbars, but got another "
                "value";
    const MatrixTiles *matrix =
        grids.lookup(product.getWeightsAttr().getAttr());
    // Not mapped to the target yet.
    if (!matrix->isTiled())
      return success();
    FailureOr<Counts> counts = findCounts(execute, product, *matrix, target);
    if (failed(counts))
      return failure();
    inputs.push_back(std::move(*counts));
  }
  FailureOr<std::vector<Folded>> results = ProgramFolder(program).follow();
  if (failed(results))
    return failure();

  program = takeProgram(execute);
  Block &block = program.getBody().front();
  Operation *yield = block.getTerminator();
  OpBuilder builder(yield);
  SmallVector<Value> rows;
  for (const Folded &result : *results) {
    FailureOr<Value> row = buildRow(builder, program, yield, result,
                                    inputs[*result.input], Limits(format));
    if (failed(row))
      return failure();
    rows.push_back(*row);
  }
  yield->setOperands(rows);
  SmallVector<Operation *> old;
  for (Operation &op : block.without_terminator())
    old.push_back(&op);
  for (Operation *op : llvm::reverse(old))
    if (op->use_empty())
      op->erase();
  return success();
}
