//===- ModelTables.cpp - The tables of a compiled model -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Serialises `aimc.rt.matrix` and `aimc.program`.
//
//===----------------------------------------------------------------------===//

#include "Execution/ModelTables.h"

#include "AIMC/IR/AIMC.h"
#include "AIMC/IR/RuntimeCalls.h"
#include "AIMC/Utils/BufferRows.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace aimc;

FailureOr<func::FuncOp> aimc::findEntry(ModuleOp module, StringRef name) {
  SmallVector<func::FuncOp> functions;
  for (auto func : module.getOps<func::FuncOp>())
    if (func.isPublic())
      functions.push_back(func);
  if (name.empty() && functions.size() == 1)
    return functions.front();
  for (func::FuncOp func : functions)
    if (func.getName() == name)
      return func;
  if (functions.empty()) {
    emitError(module.getLoc(),
              "expects a public function to run, but got none");
    return failure();
  }
  InFlightDiagnostic diag = emitError(module.getLoc(), "expects ");
  if (name.empty())
    diag << "one public function or the name of the entry, but got ";
  else
    diag << "the entry to be a public function, but got '" << name << "'; "
         << "there are ";
  llvm::interleaveComma(functions, diag, [&](func::FuncOp func) {
    diag << "'" << func.getName() << "'";
  });
  return diag;
}

//===----------------------------------------------------------------------===//
// Row programs
//===----------------------------------------------------------------------===//

namespace {
/// Opcode and number of operands of an instruction.
struct Instruction {
  int32_t opcode;
  int operands;
};

/// The length of a row; a scalar is a row of length 1.
int32_t getWidth(Type type) {
  auto row = dyn_cast<VectorType>(type);
  return row ? row.getDimSize(0) : 1;
}
} // namespace

/// Instructions of the runtime by the spelling of their MLIR operation.
static const llvm::StringMap<Instruction> &getInstructions() {
  static const llvm::StringMap<Instruction> instructions = {
#define AIMC_INSTRUCTION(opcode, name, mlir, operands)                         \
  {mlir, {opcode, operands}},
#include "aimc/Runtime/RuntimeTable.def"
  };
  return instructions;
}

namespace aimc {
/// Fills the tables.
class ModelTablesBuilder {
public:
  ModelTablesBuilder(ModelTables &tables) : tables(tables) {}

  LogicalResult build(ModuleOp module, func::FuncOp entry);

private:
  LogicalResult buildMatrix(RtMatrixOp op);
  LogicalResult buildProgram(ProgramOp op);
  LogicalResult buildParameters(func::FuncOp entry, StringRef what,
                                ArrayRef<Type> types,
                                ArrayRef<DenseI64ArrayAttr> sizes,
                                ArrayRef<StringAttr> names,
                                std::vector<aimc_parameter> &parameters);
  const char *save(StringRef text) {
    return tables.strings.emplace_back(text).c_str();
  }

  ModelTables &tables;
  llvm::DenseMap<StringAttr, int32_t> matrixIndices;
};

/// Numbers the values of one row program.
///
/// A constant of equal elements and the broadcast of a scalar are held as rows
/// of length 1, which instructions broadcast by themselves; where the length
/// matters (sums, concatenations, products, results) they are widened by a
/// product with ones.
class ProgramBuilder {
public:
  ProgramBuilder(ProgramOp op,
                 const llvm::DenseMap<StringAttr, int32_t> &matrixIndices)
      : op(op), matrixIndices(matrixIndices) {}

  LogicalResult build();

  struct Constant {
    ElementsAttr value; ///< null: ones
    int32_t width;
  };
  std::vector<Constant> constants;
  std::vector<aimc_instruction> instructions;
  std::vector<int32_t> widths, outputs;

private:
  int32_t getWidthOf(int32_t value) const { return widths[value]; }
  LogicalResult buildInstruction(Operation &operation);
  int32_t append(int32_t opcode, ArrayRef<int32_t> operands, int32_t matrix,
                 int32_t width);
  int32_t widen(int32_t value, int32_t width);

  ProgramOp op;
  const llvm::DenseMap<StringAttr, int32_t> &matrixIndices;
  llvm::DenseMap<Value, int32_t> values;
  llvm::DenseMap<int32_t, int32_t> ones; ///< width to value
};
} // namespace aimc

int32_t ProgramBuilder::append(int32_t opcode, ArrayRef<int32_t> operands,
                               int32_t matrix, int32_t width) {
  int32_t result = widths.size();
  aimc_instruction &instruction =
      instructions.emplace_back(aimc_instruction{opcode, result, {}, matrix});
  llvm::fill(instruction.operands, -1);
  llvm::copy(operands, instruction.operands);
  widths.push_back(width);
  return result;
}

int32_t ProgramBuilder::widen(int32_t value, int32_t width) {
  if (getWidthOf(value) == width)
    return value;
  return append(AIMC_MULTIPLY, {value, ones.lookup(width)}, -1, width);
}

LogicalResult ProgramBuilder::buildInstruction(Operation &operation) {
  if (auto broadcast = dyn_cast<vector::BroadcastOp>(operation)) {
    if (getWidth(broadcast.getSource().getType()) != 1)
      return operation.emitOpError("expects a row of length 1 to broadcast, "
                                   "but got ")
             << broadcast.getSource().getType();
    values[broadcast.getResult()] = values.lookup(broadcast.getSource());
    return success();
  }
  auto instruction = getInstructions().find(getInstructionSpelling(&operation));
  if (instruction == getInstructions().end() ||
      static_cast<int>(operation.getNumOperands()) !=
          instruction->second.operands ||
      operation.getNumResults() != 1)
    return operation.emitOpError("is no instruction of the runtime");
  int32_t opcode = instruction->second.opcode;
  bool needsWidth = opcode == AIMC_SUM || opcode == AIMC_ROW_MAXIMUM ||
                    opcode == AIMC_CONCATENATE || opcode == AIMC_PRODUCT;
  SmallVector<int32_t, 3> operands;
  int32_t width = 1;
  for (Value operand : operation.getOperands()) {
    operands.push_back(values.lookup(operand));
    if (needsWidth)
      operands.back() = widen(operands.back(), getWidth(operand.getType()));
    width = std::max(width, getWidthOf(operands.back()));
  }
  int32_t matrix = -1;
  if (auto product = dyn_cast<ProductOp>(operation)) {
    auto index = matrixIndices.find(product.getWeightsAttr().getAttr());
    if (index == matrixIndices.end())
      return product.emitOpError("expects ")
             << product.getWeightsAttr()
             << " to be an 'aimc.rt.matrix', but there is none of this name";
    matrix = index->second;
  }
  if (needsWidth)
    width = getWidth(operation.getResult(0).getType());
  values[operation.getResult(0)] = append(opcode, operands, matrix, width);
  return success();
}

LogicalResult ProgramBuilder::build() {
  Block &block = op.getBody().front();
  for (BlockArgument argument : block.getArguments()) {
    values[argument] = widths.size();
    widths.push_back(getWidth(argument.getType()));
  }
  // Constants are numbered before all instructions.
  for (auto constant : block.getOps<arith::ConstantOp>()) {
    ElementsAttr value;
    if (auto scalar = dyn_cast<FloatAttr>(constant.getValue());
        scalar && scalar.getType().isF32())
      value = DenseElementsAttr::get(VectorType::get({1}, scalar.getType()),
                                     scalar.getValue());
    else if (auto row = dyn_cast<ElementsAttr>(constant.getValue());
             row && row.getElementType().isF32())
      value = row;
    else
      return constant.emitOpError("expects a row of f32, but got ")
             << constant.getType();
    if (failed(verifyData(constant, value)))
      return failure();
    auto dense = dyn_cast<DenseElementsAttr>(value);
    int32_t width = dense && dense.isSplat() ? 1 : value.getNumElements();
    values[constant] = widths.size();
    constants.push_back({value, width});
    widths.push_back(width);
  }
  auto addOnes = [&](Type type) {
    int32_t width = getWidth(type);
    if (width != 1 && ones.try_emplace(width, widths.size()).second) {
      constants.push_back({ElementsAttr(), width});
      widths.push_back(width);
    }
  };
  // Which rows are narrow is known only after numbering; see what could be.
  llvm::DenseSet<Value> narrow;
  for (Operation &operation : block) {
    auto isNarrow = [&](Value value) { return narrow.contains(value); };
    if (auto constant = dyn_cast<arith::ConstantOp>(operation)) {
      if (widths[values.lookup(constant)] != getWidth(constant.getType()))
        narrow.insert(constant);
    } else if (isa<vector::BroadcastOp>(operation)) {
      narrow.insert(operation.getResult(0));
    } else if (isa<vector::ReductionOp, ConcatenateOp, ProductOp, YieldOp>(
                   operation)) {
      for (Value operand : operation.getOperands())
        if (isNarrow(operand))
          addOnes(operand.getType());
    } else if (operation.getNumResults() == 1 &&
               getWidth(operation.getResult(0).getType()) != 1 &&
               llvm::all_of(operation.getOperands(), isNarrow)) {
      narrow.insert(operation.getResult(0));
    }
  }

  for (Operation &operation : block.without_terminator())
    if (!isa<arith::ConstantOp>(operation) &&
        failed(buildInstruction(operation)))
      return failure();
  for (Value result : block.getTerminator()->getOperands())
    outputs.push_back(widen(values.lookup(result), getWidth(result.getType())));
  return success();
}

//===----------------------------------------------------------------------===//
// The tables
//===----------------------------------------------------------------------===//

LogicalResult ModelTablesBuilder::buildMatrix(RtMatrixOp op) {
  auto type = cast<RankedTensorType>(op.getValue().getShapedType());
  std::vector<float> &storage = tables.floats.emplace_back();
  aimc_matrix matrix = {};
  matrix.name = save(op.getSymName());
  matrix.rows = type.getDimSize(0);
  matrix.columns = type.getDimSize(1);
  matrix.weights = getMatrixData(op.getValue(), storage).data();
  matrix.copies = op.countCopies();
  matrix.copy_rule =
      op.getSharingCopies() > 1 ? AIMC_COPIES_SHARE : AIMC_COPIES_AVERAGE;
  if (std::optional<DenseIntElementsAttr> table = op.getTiles()) {
    SmallVector<int32_t> values(table->getValues<int32_t>());
    std::vector<aimc_tile> &tiles = tables.tiles.emplace_back();
    for (size_t i = 0; i < values.size(); i += 8)
      tiles.push_back({values[i], values[i + 1], values[i + 2], values[i + 3],
                       values[i + 4], values[i + 5], values[i + 6],
                       values[i + 7]});
    matrix.tile_count = tiles.size();
    matrix.tiles = tiles.data();
  }
  matrixIndices[op.getSymNameAttr()] = tables.matrices.size();
  tables.matrices.push_back(matrix);
  return success();
}

LogicalResult ModelTablesBuilder::buildProgram(ProgramOp op) {
  ProgramBuilder builder(op, matrixIndices);
  if (failed(builder.build()))
    return failure();
  ModelTables::Program &data = tables.programData.emplace_back();
  for (const ProgramBuilder::Constant &constant : builder.constants) {
    std::vector<float> &storage = tables.floats.emplace_back();
    if (constant.value) {
      data.constants.push_back(getMatrixData(constant.value, storage).data());
      continue;
    }
    storage.assign(constant.width, 1.0f);
    data.constants.push_back(storage.data());
  }
  data.instructions = std::move(builder.instructions);
  data.widths = std::move(builder.widths);
  data.outputs = std::move(builder.outputs);

  aimc_program program = {};
  program.name = save(op.getSymName());
  program.unit = save(op.getUnit());
  program.input_count = op.getFunctionType().getNumInputs();
  program.constant_count = data.constants.size();
  program.constants = data.constants.data();
  program.instruction_count = data.instructions.size();
  program.instructions = data.instructions.data();
  program.widths = data.widths.data();
  program.output_count = data.outputs.size();
  program.outputs = data.outputs.data();
  tables.programs.push_back(program);
  return success();
}

/// The rows of the matrix of an array of `sizes`, -1 where any.
static int64_t getArrayRows(DenseI64ArrayAttr sizes) {
  auto shape = llvm::map_to_vector(sizes.asArrayRef(), [](int64_t size) {
    return size < 0 ? ShapedType::kDynamic : size;
  });
  RankedTensorType matrix = getMatrixType(
      RankedTensorType::get(shape, Float32Type::get(sizes.getContext())));
  return matrix.isDynamicDim(0) ? -1 : matrix.getDimSize(0);
}

LogicalResult ModelTablesBuilder::buildParameters(
    func::FuncOp entry, StringRef what, ArrayRef<Type> types,
    ArrayRef<DenseI64ArrayAttr> sizes, ArrayRef<StringAttr> names,
    std::vector<aimc_parameter> &parameters) {
  for (auto [index, type] : llvm::enumerate(types)) {
    auto buffer = dyn_cast<MemRefType>(type);
    if (!buffer || buffer.getRank() != 2 || !buffer.getElementType().isF32() ||
        buffer.isDynamicDim(1))
      return entry.emitError("expects each ")
             << what << " of the entry '" << entry.getName()
             << "' to be a buffer of f32 with a static number of columns, but "
             << "got " << type;
    std::string name = what.str();
    if (names[index])
      name = names[index].str();
    else if (types.size() > 1)
      name += std::to_string(index);
    aimc_parameter parameter = {};
    parameter.name = save(name);
    parameter.rows = buffer.isDynamicDim(0) ? -1 : buffer.getDimSize(0);
    parameter.width = buffer.getDimSize(1);
    if (sizes[index]) {
      parameter.rank = sizes[index].size();
      parameter.sizes =
          tables.sizes.emplace_back(sizes[index].asArrayRef()).data();
      parameter.rows = getArrayRows(sizes[index]);
    }
    parameters.push_back(parameter);
  }
  return success();
}

/// Whether `buffer` holds a matrix of the model.
static bool isLoaded(Value buffer) {
  return llvm::any_of(buffer.getUsers(), llvm::IsaPred<RtLoadOp>);
}

/// Whether the matrix that `load` writes is the second operand of exact kernels
/// alone, whose rows are no rows of a batch.
static bool isOfKernels(RtLoadOp load) {
  return llvm::all_of(load.getOutput().getUses(), [&](OpOperand &use) {
    auto gram = dyn_cast<RtGramOp>(use.getOwner());
    return use.getOwner() == load || isa<memref::DeallocOp>(use.getOwner()) ||
           (gram && gram.getX() != load.getOutput());
  });
}

/// Whether a row of a result may depend on other rows of the arguments than the
/// one in its place.
static bool joinsRows(ModuleOp module) {
  return module
      .walk([](Operation *op) {
        auto view = dyn_cast<memref::ReinterpretCastOp>(op);
        auto gram = dyn_cast<RtGramOp>(op);
        bool isBatchCall =
            lookupRuntimeCall(op) &&
            llvm::any_of(op->getOperandTypes(), llvm::IsaPred<MemRefType>);
        auto load = dyn_cast<RtLoadOp>(op);
        bool isByRow =
            isa<RtMvmOp, RtDigitalOp, RtMvmDigitalOp, RtCopyOp>(op) ||
            (load && isOfKernels(load)) || (gram && isLoaded(gram.getY()));
        // A number of rows that is known is not that of a block.
        auto size = dyn_cast<RtVerifySizeOp>(op);
        bool knowsRows = size && (getConstantIntValue(size.getSize()) ||
                                  getConstantIntValue(size.getExpected()));
        if (knowsRows || (view && !showsRowsInPlace(view)) ||
            (isBatchCall && !isByRow))
          return WalkResult::interrupt();
        return WalkResult::advance();
      })
      .wasInterrupted();
}

LogicalResult ModelTablesBuilder::build(ModuleOp module, func::FuncOp entry) {
  for (auto matrix : module.getOps<RtMatrixOp>())
    if (failed(buildMatrix(matrix)))
      return failure();
  for (auto program : module.getOps<ProgramOp>())
    if (failed(buildProgram(program)))
      return failure();
  ArrayRef<Type> arguments = entry.getArgumentTypes();
  if (arguments.empty() || !isa<ContextType>(arguments.front()))
    return entry.emitError("expects the entry '")
           << entry.getName()
           << "' to take the context; lower to runtime calls first";
  if (entry.getNumResults() == 0)
    return entry.emitError("expects results of public function '")
           << entry.getName() << "', but got none";
  SmallVector<DenseI64ArrayAttr> inputs, outputs;
  SmallVector<StringAttr> inputNames, outputNames;
  for (unsigned i = 1; i < entry.getNumArguments(); ++i) {
    inputs.push_back(
        entry.getArgAttrOfType<DenseI64ArrayAttr>(i, sizesAttrName));
    inputNames.push_back(entry.getArgAttrOfType<StringAttr>(i, nameAttrName));
  }
  for (unsigned i = 0; i < entry.getNumResults(); ++i) {
    outputs.push_back(
        entry.getResultAttrOfType<DenseI64ArrayAttr>(i, sizesAttrName));
    outputNames.push_back(
        entry.getResultAttrOfType<StringAttr>(i, nameAttrName));
  }
  if (failed(buildParameters(entry, "input", arguments.drop_front(), inputs,
                             inputNames, tables.inputs)) ||
      failed(buildParameters(entry, "output", entry.getResultTypes(), outputs,
                             outputNames, tables.outputs)))
    return failure();

  aimc_model &model = tables.model;
  model.abi_version = AIMC_ABI_VERSION;
  model.name = save(entry.getName());
  if (TargetAttr target = TargetAttr::lookup(module))
    model.target = save(target.getJson());
  model.matrix_count = tables.matrices.size();
  model.matrices = tables.matrices.data();
  model.program_count = tables.programs.size();
  model.programs = tables.programs.data();
  model.input_count = tables.inputs.size();
  model.inputs = tables.inputs.data();
  model.output_count = tables.outputs.size();
  model.outputs = tables.outputs.data();
  model.joins_rows = joinsRows(module);
  return success();
}

FailureOr<std::unique_ptr<ModelTables>>
ModelTables::create(ModuleOp module, func::FuncOp entry) {
  std::unique_ptr<ModelTables> tables(new ModelTables());
  if (failed(ModelTablesBuilder(*tables).build(module, entry)))
    return failure();
  return tables;
}
