//===- AIMC.cpp - The aimc dialect -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registration of the dialect; verifiers of weights, tiles, products and
// digital regions.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"

#include "AIMC/IR/Verification.h"
#include "Analysis/ModuloSchedule.h"
#include "Analysis/Packing.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Transforms/InliningUtils.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace aimc;

#include "AIMC/IR/AIMCDialect.cpp.inc"
#include "AIMC/IR/AIMCEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "AIMC/IR/AIMCAttributes.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "AIMC/IR/AIMCTypes.cpp.inc"
#define GET_OP_CLASSES
#include "AIMC/IR/AIMCOps.cpp.inc"

namespace {
/// Prints the long target once, at the top of a module.
struct AIMCAsmInterface : public OpAsmDialectInterface {
  using OpAsmDialectInterface::OpAsmDialectInterface;
  AliasResult getAlias(Attribute attr, raw_ostream &os) const final {
    if (auto target = dyn_cast<TargetAttr>(attr)) {
      os << "target_" << target.getName();
      return AliasResult::FinalAlias;
    }
    return AliasResult::NoAlias;
  }
};
} // namespace

namespace {
/// Sites, arguments and results are of their function; what compares sizes may
/// stand in any.
struct AIMCInlinerInterface : public DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;
  bool isLegalToInline(Operation *op, Region *, bool, IRMapping &) const final {
    return isa<VerifySizeOp>(op);
  }
};
} // namespace

void AIMCDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "AIMC/IR/AIMCAttributes.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "AIMC/IR/AIMCTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "AIMC/IR/AIMCOps.cpp.inc"
      >();
  addInterfaces<AIMCAsmInterface, AIMCInlinerInterface>();
}

LogicalResult ScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                   ScheduleKind, int64_t interval,
                                   int64_t latency) {
  // (C1), (C2)
  if (interval < 1)
    return emitError() << "expects an interval of at least 1 ps, but got "
                       << interval;
  if (latency < 0)
    return emitError() << "expects a latency that is not negative, but got "
                       << latency;
  // (C3)
  if (std::max(interval, latency) > mostTime)
    return emitError() << "expects an interval and a latency of at most "
                       << mostTime << " ps, but got " << interval << " and "
                       << latency;
  return success();
}

LogicalResult SlotAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               int64_t start, int64_t end) {
  // (C1), (C2)
  if (start < 0)
    return emitError() << "expects a start that is not negative, but got "
                       << start;
  if (end < start)
    return emitError() << "expects an end that is not before the start "
                       << start << ", but got " << end;
  // (C3)
  if (end > mostTime)
    return emitError() << "expects an end of at most " << mostTime
                       << " ps, but got " << end;
  return success();
}

LogicalResult AIMCDialect::verifyOperationAttribute(Operation *op,
                                                    NamedAttribute attribute) {
  StringRef name = attribute.getName();
  Attribute value = attribute.getValue();
  auto expectValue = [&](bool isOfType, StringRef type) -> LogicalResult {
    if (isOfType)
      return success();
    return op->emitOpError("expects '")
           << name << "' to be " << type << ", but got " << value;
  };
  if (name == slotAttrName) {
    if (!isa<MvmOp, DigitalOp, AttentionOp, GramOp, ExecuteOp>(op))
      return op->emitOpError("expects '")
             << name << "' on a product or digital work, but got it on '"
             << op->getName() << "'";
    return expectValue(isa<SlotAttr>(value), "an #aimc.slot");
  }
  if (name != targetAttrName && name != objectiveAttrName &&
      name != scheduleAttrName)
    return op->emitOpError("expects no attribute '")
           << name << "' of the aimc dialect, whose module attributes are '"
           << targetAttrName << "', '" << objectiveAttrName << "' and '"
           << scheduleAttrName << "'";
  if (!isa<ModuleOp>(op))
    return op->emitOpError("expects '")
           << name << "' on a module, but got it on '" << op->getName() << "'";
  if (name == scheduleAttrName)
    return expectValue(isa<ScheduleAttr>(value), "an #aimc.schedule");
  if (name == objectiveAttrName)
    return expectValue(isa<StringAttr>(value), "a string");
  return expectValue(isa<TargetAttr>(value), "an #aimc.target");
}

//===----------------------------------------------------------------------===//
// Constant matrices
//===----------------------------------------------------------------------===//

ArrayRef<float> aimc::getMatrixData(ElementsAttr value,
                                    std::vector<float> &storage) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
    ArrayRef<char> data = resource.getRawHandle().getBlob()->getData();
    return ArrayRef<float>(reinterpret_cast<const float *>(data.data()),
                           data.size() / sizeof(float));
  }
  auto dense = cast<DenseElementsAttr>(value);
  if (!dense.isSplat()) {
    ArrayRef<char> data = dense.getRawData();
    return ArrayRef<float>(reinterpret_cast<const float *>(data.data()),
                           data.size() / sizeof(float));
  }
  storage.assign(dense.getNumElements(), dense.getSplatValue<float>());
  return storage;
}

LogicalResult aimc::verifyData(Operation *op, ElementsAttr value) {
  auto resource = dyn_cast<DenseResourceElementsAttr>(value);
  if (!resource) {
    if (isa<DenseElementsAttr>(value))
      return success();
    return op->emitOpError("expects dense or dense_resource values, but got ")
           << value;
  }
  StringRef key = resource.getRawHandle().getKey();
  AsmResourceBlob *blob = resource.getRawHandle().getBlob();
  if (!blob)
    return op->emitOpError("expects the data of resource '")
           << key << "', but got none";
  ShapedType type = value.getShapedType();
  size_t bytes = type.getNumElements() * sizeof(float);
  if (blob->getData().size() != bytes)
    return op->emitOpError("expects ")
           << bytes << " bytes in resource '" << key << "' for " << type
           << ", but got " << blob->getData().size();
  if (reinterpret_cast<uintptr_t>(blob->getData().data()) % alignof(float))
    return op->emitOpError("expects the data of resource '")
           << key << "' to be aligned to 4 bytes, but got a lower alignment";
  return success();
}

// (C1) to (C4) of `aimc.weights`, which hold for `aimc.rt.matrix` as well.
LogicalResult aimc::verifyMatrix(Operation *op, ElementsAttr value) {
  auto type = dyn_cast<RankedTensorType>(value.getShapedType());
  // (C1)
  if (!type || type.getRank() != 2 || !type.getElementType().isF32() ||
      !type.hasStaticShape() || type.getNumElements() == 0)
    return op->emitOpError("expects a matrix of f32 with static, positive "
                           "sizes, but got ")
           << value.getShapedType();
  // (C2), (C3)
  if (failed(verifyData(op, value)))
    return failure();
  // (C4)
  std::vector<float> storage;
  ArrayRef<float> data;
  if (auto dense = dyn_cast<DenseElementsAttr>(value); dense && dense.isSplat())
    data = storage = {dense.getSplatValue<float>()};
  else
    data = getMatrixData(value, storage);
  for (auto [index, element] : llvm::enumerate(data))
    if (!std::isfinite(element))
      return op->emitOpError("expects finite values, but got ")
             << (std::isnan(element) ? "nan" : "inf") << " at row "
             << index / type.getDimSize(1) << ", column "
             << index % type.getDimSize(1);
  return success();
}

LogicalResult WeightsOp::verify() {
  // (C1) to (C4)
  if (failed(verifyMatrix(*this, getValue())))
    return failure();
  auto emitPlainError = [&] {
    // Without the note that prints the operation: that would be the matrix.
    return mlir::emitError(getLoc())
           << "'" << getOperationName() << "' op expects ";
  };
  // (C5)
  if (std::optional<APFloat> importance = getImportance();
      importance && (!importance->isFinite() || importance->isNegative())) {
    SmallString<16> text;
    importance->toString(text);
    return emitPlainError() << "an importance that is finite and not negative, "
                               "but got "
                            << text;
  }
  // (C6)
  if (getPinChip().has_value() != getPinCores().has_value())
    return emitPlainError()
           << "'pin' with chip and cores, but got a part of it";
  if (!isPinned())
    return success();
  llvm::SmallDenseSet<int64_t> cores;
  ArrayRef<int64_t> pinned = *getPinCores();
  for (int64_t core : pinned)
    if (core < 0 || !cores.insert(core).second)
      return emitPlainError()
             << "'pin' to different cores of 0 and above, but got core " << core
             << (core < 0 ? "" : " twice");
  if (*getPinChip() < 0 || cores.empty())
    return emitPlainError()
           << "'pin' to a chip of 0 and above and at least one core, but got "
              "chip "
           << *getPinChip() << " and " << cores.size() << " cores";
  // (C7)
  TargetAttr attribute = TargetAttr::lookup(*this);
  if (!attribute)
    return success();
  const runtime::TargetDescription &target = attribute.getTarget();
  int64_t last = *llvm::max_element(pinned);
  if (*getPinChip() < target.chips && last < target.cores())
    return success();
  return emitPlainError() << "'pin' to one of " << target.chips << " chips of "
                          << target.cores() << " cores of target '"
                          << target.name << "', but got chip " << *getPinChip()
                          << ", core " << last;
}

LogicalResult RtMatrixOp::verify() {
  // (C1)
  if (failed(verifyMatrix(*this, getValue())))
    return failure();
  // (C2)
  std::optional<DenseIntElementsAttr> tiles = getTiles();
  ShapedType table = tiles ? tiles->getType() : ShapedType();
  if (tiles && (table.getRank() != 2 || table.getDimSize(1) != 8))
    return emitOpError("expects 'tiles' with 8 columns, but got ") << table;
  // (C3)
  int64_t count = tiles ? table.getDimSize(0) : 0;
  auto verifyCopies = [&](StringRef name, int64_t copies) -> LogicalResult {
    if (copies >= 1 && count % copies == 0 && (copies == 1 || count > 0))
      return success();
    return emitOpError("expects '")
           << name
           << "' to be at least 1 and to divide the number of tiles, but got "
           << copies << " of " << count;
  };
  if (failed(verifyCopies("average", getAveragedCopies())) ||
      failed(verifyCopies("share", getSharingCopies())))
    return failure();
  if (getAveragedCopies() > 1 && getSharingCopies() > 1)
    return emitOpError("expects 'average' or 'share', but got both, ")
           << getAveragedCopies() << " and " << getSharingCopies();
  int64_t copies = countCopies();
  if (!tiles)
    return success();
  auto type = cast<RankedTensorType>(getValue().getShapedType());
  int64_t covered = 0;
  std::vector<PlacedTile> rectangles;
  SmallVector<int32_t> values(tiles->getValues<int32_t>());
  size_t valuesOfCopy = values.size() / copies;
  for (size_t i = 0; i < valuesOfCopy; i += 8) {
    int64_t row = values[i], column = values[i + 1], rows = values[i + 2],
            columns = values[i + 3];
    if (row < 0 || column < 0 || rows <= 0 || columns <= 0 ||
        row + rows > type.getDimSize(0) ||
        column + columns > type.getDimSize(1))
      return emitOpError("expects tile ")
             << i / 8 << " inside the matrix of " << type.getDimSize(0) << "x"
             << type.getDimSize(1) << ", but got rows [" << row << ", "
             << row + rows << "), columns [" << column << ", "
             << column + columns << ")";
    covered += rows * columns;
    rectangles.push_back({{/*core=*/0, row, column}, rows, columns});
  }
  if (covered != type.getNumElements())
    return emitOpError("expects 'tiles' to cover ")
           << type.getNumElements() << " weights, but got " << covered;
  if (auto overlap = findOverlap(rectangles))
    return emitOpError("expects 'tiles' to cover each weight once, but tiles ")
           << overlap->first << " and " << overlap->second << " overlap";
  // (C4)
  for (size_t i = valuesOfCopy; i < values.size(); i += 8) {
    ArrayRef<int32_t> rectangle = ArrayRef(values).slice(i, 4);
    ArrayRef<int32_t> first = ArrayRef(values).slice(i % valuesOfCopy, 4);
    if (rectangle != first)
      return emitOpError("expects tile ")
             << i / 8 << " to be cut as tile " << i % valuesOfCopy / 8
             << " of the first copy, [" << first << "], but got [" << rectangle
             << "]";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// aimc.tile
//===----------------------------------------------------------------------===//

LogicalResult TileOp::verify() {
  // (C3)
  if (getIndex().size() != 2 || getIndex()[0] < 0 || getIndex()[1] < 0)
    return emitOpError("expects 'index' of two values that are not negative");
  if (getCopy() < 0)
    return emitOpError("expects 'copy' not to be negative, but got ")
           << getCopy();
  // (C2)
  if (getRow() < 0 || getColumn() < 0 || getRows() <= 0 || getColumns() <= 0)
    return emitOpError("expects a rectangle that is not empty, but got rows(")
           << getRow() << ", " << getRows() << ") columns(" << getColumn()
           << ", " << getColumns() << ")";
  auto parts = {getChip(), getCore(), getCoreRow(), getCoreColumn()};
  if (llvm::count_if(parts, [](auto part) { return part.has_value(); }) % 4)
    return emitOpError(
        "expects chip, core, row and column together, but got a part of them");
  for (std::optional<int64_t> part : parts)
    if (part && *part < 0)
      return emitOpError("expects a place that is not negative, but got ")
             << *part;
  TargetAttr attribute = TargetAttr::lookup(*this);
  if (!attribute)
    return success();
  // (C4), (C5)
  const runtime::TargetDescription &target = attribute.getTarget();
  const runtime::Array &array = target.array;
  if (getRows() > array.usableRows || getColumns() > array.usableColumns)
    return emitOpError("expects at most ")
           << array.usableRows << "x" << array.usableColumns
           << " cells, the usable array of target '" << target.name
           << "', but got " << getRows() << "x" << getColumns();
  if (!isPlaced())
    return success();
  if (*getChip() >= target.chips || *getCore() >= target.cores())
    return emitOpError("expects one of ")
           << target.chips << " chips of " << target.cores()
           << " cores of target '" << target.name << "', but got chip "
           << *getChip() << ", core " << *getCore();
  // As differences, which cannot overflow.
  if (getRows() > array.rows - *getCoreRow() ||
      getColumns() > array.columns - *getCoreColumn())
    return emitOpError("expects the tile inside an array of ")
           << array.rows << "x" << array.columns << ", but got " << getRows()
           << "x" << getColumns() << " at (" << *getCoreRow() << ", "
           << *getCoreColumn() << ")";
  return success();
}

/// Looks up an `aimc.weights` symbol for `op`; null after an error.
static WeightsOp lookupWeights(Operation *op, FlatSymbolRefAttr name,
                               SymbolTableCollection &symbols) {
  auto weights = symbols.lookupNearestSymbolFrom<WeightsOp>(op, name);
  if (!weights)
    op->emitOpError("expects ")
        << name << " to be an 'aimc.weights', but there is none of this name";
  return weights;
}

/// Adds a note at the declaration of `weights`.
static LogicalResult noteWeights(InFlightDiagnostic diag, WeightsOp weights) {
  diag.attachNote(weights.getLoc())
      << "weights declared here as " << weights.getType();
  return diag;
}

LogicalResult TileOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // (C1)
  WeightsOp weights = lookupWeights(*this, getWeightsAttr(), symbols);
  if (!weights)
    return failure();
  // (C2), as differences, which cannot overflow.
  if (getRows() > weights.getRows() - getRow() ||
      getColumns() > weights.getColumns() - getColumn())
    return noteWeights(emitOpError("expects a rectangle inside the matrix, but "
                                   "got rows(")
                           << getRow() << ", " << getRows() << ") columns("
                           << getColumn() << ", " << getColumns() << ")",
                       weights);
  return success();
}

//===----------------------------------------------------------------------===//
// aimc.mvm
//===----------------------------------------------------------------------===//

std::string aimc::printSize(int64_t size) {
  return ShapedType::isDynamic(size) ? "?" : std::to_string(size);
}

bool aimc::compatible(int64_t lhs, int64_t rhs) {
  return ShapedType::isDynamic(lhs) || ShapedType::isDynamic(rhs) || lhs == rhs;
}

LogicalResult aimc::verifyDestinations(DestinationStyleOpInterface op) {
  if (op.hasPureBufferSemantics()) {
    if (op->getNumResults() != 0)
      return op->emitOpError("expects no results on buffers, but got ")
             << op->getNumResults();
    return success();
  }
  if (!op.hasPureTensorSemantics())
    return op->emitOpError(
        "expects operands that are all tensors or all buffers, but got both");
  ValueRange inits = op.getDpsInits();
  if (inits.size() != op->getNumResults())
    return op->emitOpError("expects ")
           << inits.size() << " results, one for each init, but got "
           << op->getNumResults();
  if (inits.getTypes() != op->getResultTypes())
    return op->emitOpError("expects results of the types of the inits, but "
                           "got ")
           << op->getResultTypes();
  return success();
}

LogicalResult MvmOp::verify() {
  // (C8)
  if (failed(verifyDestinations(*this)))
    return failure();
  // (C5)
  if (getSite() < 0)
    return emitOpError("expects 'site' not to be negative, but got ")
           << getSite();
  // (C6)
  if (std::optional<ArrayRef<int64_t>> grid = getGrid())
    if (grid->size() != 2 || (*grid)[0] <= 0 || (*grid)[1] <= 0)
      return emitOpError("expects 'grid' of two positive sizes, but got [")
             << *grid << "]";
  // (C9)
  auto verifyCopies = [&](StringRef name,
                          std::optional<int64_t> copies) -> LogicalResult {
    if (copies && *copies < 2)
      return emitOpError("expects '")
             << name << "' to be at least 2, but got " << *copies;
    return success();
  };
  if (failed(verifyCopies("average", getAveragedCopies())) ||
      failed(verifyCopies("share", getSharingCopies())))
    return failure();
  if (getAveragedCopies() && getSharingCopies())
    return emitOpError("expects 'average' or 'share', but got both, ")
           << *getAveragedCopies() << " and " << *getSharingCopies();
  // (C7)
  auto verifyRange = [&](StringRef name,
                         std::optional<APFloat> range) -> LogicalResult {
    if (range && (!range->isFinite() || range->isNegative() || range->isZero()))
      return emitOpError("expects '")
             << name << "' to be finite and greater than 0, but got "
             << range->convertToFloat();
    return success();
  };
  if (failed(verifyRange("input_range", getInputRange())) ||
      failed(verifyRange("output_range", getOutputRange())))
    return failure();
  // (C4)
  auto input = cast<ShapedType>(getInput().getType());
  auto init = cast<ShapedType>(getInit().getType());
  if (!compatible(input.getDimSize(0), init.getDimSize(0)))
    return emitOpError("expects 'init' with ")
           << input.getDimSize(0) << " rows to match those of 'input', but got "
           << init.getDimSize(0);
  return success();
}

LogicalResult MvmOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // (C1)
  WeightsOp weights = lookupWeights(*this, getWeightsAttr(), symbols);
  if (!weights)
    return failure();
  // (C2)
  int64_t columns = cast<ShapedType>(getInput().getType()).getDimSize(1);
  if (columns != weights.getRows())
    return noteWeights(emitOpError("expects 'input' with ")
                           << weights.getRows()
                           << " columns to match the rows of the matrix, but "
                           << "got " << printSize(columns),
                       weights);
  // (C3)
  columns = cast<ShapedType>(getInit().getType()).getDimSize(1);
  if (columns != weights.getColumns())
    return noteWeights(emitOpError("expects 'init' with ")
                           << weights.getColumns()
                           << " columns to match those of the matrix, but got "
                           << printSize(columns),
                       weights);
  return success();
}

void aimc::addBufferEffects(
    DestinationStyleOpInterface op,
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<BaseMemRefType>(operand.get().getType()))
      continue;
    if (op.isDpsInit(&operand))
      effects.emplace_back(MemoryEffects::Write::get(), &operand);
    else
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
  }
}

void MvmOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  effects.emplace_back(MemoryEffects::Read::get(),
                       CrossbarCellsResource::get());
  addBufferEffects(*this, effects);
}

//===----------------------------------------------------------------------===//
// aimc.weights_value
//===----------------------------------------------------------------------===//

LogicalResult WeightsValueOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // (C1)
  WeightsOp weights = lookupWeights(*this, getWeightsAttr(), symbols);
  if (!weights)
    return failure();
  // (C2)
  if (getResult().getType() != weights.getType())
    return noteWeights(emitOpError("expects a result of the type of the "
                                   "matrix, but got ")
                           << getResult().getType(),
                       weights);
  return success();
}

//===----------------------------------------------------------------------===//
// aimc.digital
//===----------------------------------------------------------------------===//

LogicalResult DigitalOp::verify() {
  // (C1)
  auto yield = cast<YieldOp>(getBody().front().getTerminator());
  if (yield.getOperandTypes() != getResultTypes())
    return emitOpError("expects to yield values of types ")
           << getResultTypes() << ", but got " << yield.getOperandTypes();
  // (C2)
  return verifyUnit(*this, getUnit());
}

//===----------------------------------------------------------------------===//
// aimc.execute
//===----------------------------------------------------------------------===//

LogicalResult ExecuteOp::verify() {
  // (C2), as every program has a result.
  if (getInits().empty())
    return emitOpError("expects at least one init, but got none");
  // (C4)
  if (failed(verifyDestinations(*this)))
    return failure();
  // (C3)
  int64_t rows = ShapedType::kDynamic;
  for (Value operand : getOperands()) {
    int64_t size = cast<ShapedType>(operand.getType()).getDimSize(0);
    if (!compatible(rows, size))
      return emitOpError("expects ")
             << rows << " rows in all operands, but got " << size;
    if (!ShapedType::isDynamic(size))
      rows = size;
  }
  return success();
}

LogicalResult ExecuteOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // (C1)
  auto program =
      symbols.lookupNearestSymbolFrom<ProgramOp>(*this, getProgramAttr());
  if (!program)
    return emitOpError("expects ")
           << getProgramAttr()
           << " to be an 'aimc.program', but there is none of this name";
  // (C2)
  return verifyProgramOperands(*this, program, getInputs(), getInits());
}

void ExecuteOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addBufferEffects(*this, effects);
}
