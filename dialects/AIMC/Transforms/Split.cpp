//===- Split.cpp - What runs where -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-split: chooses a digital unit for each operation and groups the
// operations of a unit into regions.
//
// Each operation of a block has a stage: that of its latest producer, plus one
// when the producer is a product or lies on another unit. Operations of one
// stage, unit and number of rows form a region. Stages never decrease along a
// dependence and increase between different regions, so regions do not depend
// on each other in a cycle, and each is as large as that allows.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/Transforms/Passes.h"
#include "AIMC/Transforms/SplitPreparation.h"
#include "AIMC/Utils/DigitalWork.h"
#include "AIMC/Utils/Matrices.h"
#include "AIMC/Utils/Rows.h"
#include "Support/Remarks.h"

#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

namespace aimc {
#define GEN_PASS_DEF_AIMCSPLITPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

/// Whether operations inside `op` are assigned already, or are the body of one
/// operation.
static bool isClosed(Operation *op) {
  return isa<DigitalOp, ProgramOp, linalg::LinalgOp>(op);
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// Computes `mvm` digitally.
static void makeDigital(MvmOp mvm, WeightsOp weights) {
  OpBuilder builder(mvm);
  Location loc = mvm.getLoc();
  Value result = mvm.getResult();
  Value matrix = WeightsValueOp::create(builder, loc, weights.getType(),
                                        mvm.getWeightsAttr());
  Value zero =
      arith::ConstantOp::create(builder, loc, builder.getF32FloatAttr(0.0f));
  Value init = createEmpty(builder, loc, result, weights.getColumns());
  init = linalg::FillOp::create(builder, loc, zero, init).getResult(0);
  result.replaceAllUsesWith(
      linalg::MatmulOp::create(builder, loc, ValueRange{mvm.getInput(), matrix},
                               init)
          .getResult(0));
  eraseDead({mvm});
}

/// Decides which products of `module` are digital.
static void splitProducts(ModuleOp module, bool digitalReadout,
                          bool digitalProjection) {
  SymbolTableCollection symbols;
  module.walk([&](MvmOp mvm) {
    // Buffers are decided already.
    if (!mvm.getResult())
      return;
    // What was kept once stays: a module may be lowered in several steps, of
    // which the first alone was told where read-outs run.
    bool readout = mvm.getRole() == Role::readout;
    bool digital = readout
                       ? digitalReadout && !mvm.getAnalog()
                       : mvm.getRole() == Role::projection && digitalProjection;
    digital &= !mvm.getGrid();
    mvm.setAnalog(readout && !digital);
    std::string text =
        llvm::formatv("product with '{0}' at site {1} {2}: its role is {3}",
                      mvm.getWeights(), mvm.getSite(),
                      digital ? "goes to a digital unit" : "stays on crossbars",
                      stringifyRole(mvm.getRole()));
    remark::passed(mvm.getLoc(), getRemarkOptions(mvm, "aimc-split", "product"))
        << text;
    if (digital)
      makeDigital(mvm, symbols.lookupNearestSymbolFrom<WeightsOp>(
                           mvm, mvm.getWeightsAttr()));
  });
}

//===----------------------------------------------------------------------===//
// Work that belongs to no batch
//===----------------------------------------------------------------------===//

/// Whether `value` depends on the values of a batch: it is no constant, and not
/// computed from constants alone by operations of `free`.
static bool isData(Value value, const DenseSet<Operation *> &free) {
  if (!isa<TensorType>(value.getType()))
    return false;
  Operation *op = value.getDefiningOp();
  return !op ||
         !(op->hasTrait<OpTrait::ConstantLike>() ||
           isa<tensor::EmptyOp, WeightsValueOp>(op) || free.contains(op));
}

/// The operations of `module` that compute the same for every row, from
/// constants alone, for use by digital work only. They go into each region that
/// uses them.
static DenseSet<Operation *> findFreeWork(ModuleOp module) {
  DenseSet<Operation *> free;
  SmallVector<Operation *> candidates;
  module.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if ((isDigitalWork(op) || isView(op) || isa<tensor::CastOp>(op)) &&
        isPure(op) && llvm::none_of(op->getOperands(), [&](Value operand) {
          return isData(operand, free);
        })) {
      free.insert(op);
      candidates.push_back(op);
    }
    return isClosed(op) ? WalkResult::skip() : WalkResult::advance();
  });
  // Consumers come after producers, so one sweep from the end finds all whose
  // value is needed elsewhere.
  for (Operation *op : llvm::reverse(candidates))
    if (!llvm::all_of(op->getUsers(), [&](Operation *user) {
          return free.contains(user) || isDigitalWork(user);
        }))
      free.erase(op);
  return free;
}

//===----------------------------------------------------------------------===//
// Units
//===----------------------------------------------------------------------===//

namespace {
/// Where an operation of a block runs.
struct Assignment {
  /// See the head of this file.
  int64_t stage = 0;
  /// Index of the unit; nothing for what is no digital work.
  std::optional<unsigned> unit;
  Rows rows;
  /// The product whose results alone the operation uses on a unit at a core.
  Operation *product = nullptr;
  /// Whether a ReLU of a fixed-point unit is among what led to the result.
  bool hasRelu = false;

  /// Whether values pass between the two without leaving a region.
  bool isTogether(const Assignment &other) const {
    return unit && unit == other.unit && rows == other.rows;
  }
};

/// Assigns the digital work of a module to the units of its target.
class Splitter {
public:
  Splitter(ModuleOp module, TargetAttr target);

  /// Assigns and groups the work of `block`. Emits at work that no unit can do.
  LogicalResult split(Block &block);

  /// Erases the work and destinations that regions have copies of, and those
  /// that nothing uses.
  void eraseCopied();

private:
  /// Chooses the unit of `op` and sets it in `assignment`, whose rows are set.
  LogicalResult chooseUnit(Operation *op, Assignment &assignment);

  /// Chooses the unit of attention, which no region holds: its tokens depend on
  /// each other. One that is set stays, and buffers are decided already.
  LogicalResult assignUnit(AttentionOp op);

  /// The product whose results `op` would use on the unit `unit` at a core, or
  /// null when it would use anything else.
  Operation *getOnlyProduct(Operation *op, unsigned unit, const Rows &rows);

  /// Whether a ReLU of the same region leads to an operand of `op`.
  bool hasRelu(Operation *op) {
    return llvm::any_of(op->getOperands(), [&](Value operand) {
      auto known = assignments.find(operand.getDefiningOp());
      return known != assignments.end() && known->second.hasRelu;
    });
  }

  /// Why a fixed-point unit cannot do `op` behind `product`, or nothing.
  std::string refuseFixedPoint(Operation *op, MvmOp product);

  /// Sets the stage of `op`, the rest of whose assignment is known.
  void setStage(Operation *op, Assignment &assignment);

  /// Moves `ops`, of one unit and in order, into a region.
  LogicalResult createRegion(ArrayRef<Operation *> ops, unsigned unit);

  /// Whether `value` has rank 1 and is no result of the work that is split.
  bool isNumbers(Value value) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    return type && type.getRank() == 1 && isData(value, free) &&
           !assignments.lookup(value.getDefiningOp()).unit;
  }

  /// Takes the numbers per row that regions use into them, where they are made
  /// of columns again.
  void copyNumbers();

  /// Copies the free work behind `value` to the insertion point.
  Value copyFreeWork(Value value, OpBuilder &builder, IRMapping &copies);

  TargetAttr target;
  std::vector<runtime::DigitalUnit> units;
  DenseSet<Operation *> free;
  llvm::SetVector<Operation *> copied;
  /// Results of regions as tensors of rank 1, outside of them.
  SmallVector<Value> numbers;
  DenseMap<Operation *, Assignment> assignments;
};
} // namespace

Splitter::Splitter(ModuleOp module, TargetAttr target)
    : target(target), free(findFreeWork(module)) {
  if (target) {
    units = target.getTarget().units;
    return;
  }
  runtime::DigitalUnit host;
  host.name = "host";
  host.attached = "chip";
  host.operations = {
#define AIMC_INSTRUCTION(enumerator, name, mlir, operands) name,
#include "aimc/Runtime/RuntimeTable.def"
  };
  units.push_back(host);
}

Operation *Splitter::getOnlyProduct(Operation *op, unsigned unit,
                                    const Rows &rows) {
  Operation *product = nullptr;
  for (Value operand : op->getOperands()) {
    if (!isData(operand, free))
      continue;
    Operation *producer = operand.getDefiningOp();
    Operation *source = nullptr;
    if (isa_and_nonnull<MvmOp>(producer)) {
      source = producer;
    } else if (auto known = assignments.find(producer);
               producer && known != assignments.end() &&
               known->second.unit == unit && known->second.rows == rows) {
      source = known->second.product;
    }
    if (!source || (product && product != source))
      return nullptr;
    product = source;
  }
  return product;
}

std::string Splitter::refuseFixedPoint(Operation *op, MvmOp product) {
  bool hasRelu = this->hasRelu(op), fits = true;
  op->walk([&](Operation *nested) {
    if (isa<arith::NegFOp>(nested) ||
        (hasRelu && isa<arith::AddFOp, arith::SubFOp>(nested)))
      fits = false;
    hasRelu |= isa<arith::MaximumFOp>(nested);
  });
  if (!fits)
    return "has scales without a sign, and nothing but them behind a ReLU";
  const int64_t rows =
      cast<ShapedType>(product.getInput().getType()).getDimSize(1);
  if (rows > target.getTarget().array.usableRows)
    return "sees the counts of one row of tiles alone";
  if (llvm::count_if(op->getOperands(),
                     [&](Value operand) { return isData(operand, free); }) != 1)
    return "only takes a product and constants";
  return {};
}

LogicalResult Splitter::chooseUnit(Operation *op, Assignment &assignment) {
  FailureOr<DigitalWork> work = getDigitalWork(op);
  if (failed(work))
    return failure();

  // Why each unit cannot do it; empty for those that can.
  SmallVector<std::string> reasons(units.size());
  std::optional<unsigned> best;
  for (auto [index, unit] : llvm::enumerate(units)) {
    for (StringRef instruction : work->instructions)
      if (!llvm::is_contained(unit.operations, instruction))
        reasons[index] +=
            (reasons[index].empty() ? "'" : ", '") + instruction.str() + "'";
    if (!reasons[index].empty()) {
      reasons[index] = "lacks " + reasons[index];
      continue;
    }
    if (unit.attached == "core") {
      // A unit at a core sees the columns of that core's tile alone.
      if (work->crossesColumns)
        reasons[index] = "sees the columns of one core alone";
      else if (Operation *product = getOnlyProduct(op, index, assignment.rows);
               !product)
        reasons[index] = "only takes what follows one product directly";
      else if (unit.format.kind == runtime::NumberFormat::Kind::FixedPoint)
        reasons[index] = refuseFixedPoint(op, cast<MvmOp>(product));
      if (!reasons[index].empty())
        continue;
    }
    // Of equally fast units, one at the core saves moving the values.
    auto cost = [&](const runtime::DigitalUnit &each) {
      return std::make_pair(each.timePerValue.value, each.attached != "core");
    };
    if (!best || cost(unit) < cost(units[*best]))
      best = index;
  }

  auto addReasons = [&](auto &stream) {
    for (auto [unit, reason] : llvm::zip_equal(units, reasons))
      if (!reason.empty())
        stream << "; '" << unit.name << "' " << reason;
  };
  std::string instructions;
  for (StringRef instruction : work->instructions)
    instructions +=
        (instructions.empty() ? "'" : ", '") + instruction.str() + "'";
  if (!best) {
    InFlightDiagnostic diag =
        op->emitOpError("expects a digital unit that can do ")
        << (instructions.empty() ? "it" : instructions) << ", but target '"
        << (target ? target.getName() : "host") << "' has none";
    addReasons(diag);
    return diag;
  }
  assignment.unit = *best;
  if (units[*best].attached == "core") {
    assignment.product = getOnlyProduct(op, *best, assignment.rows);
    assignment.hasRelu = hasRelu(op);
    op->walk([&](arith::MaximumFOp) { assignment.hasRelu = true; });
  }

  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "'" << op->getName() << "'";
  if (!instructions.empty())
    stream << " (" << instructions << ")";
  stream << " goes to unit '" << units[*best].name << "'";
  if (target)
    stream << llvm::format(" at %g ", units[*best].timePerValue.value)
           << units[*best].timePerValue.unit << " a value";
  addReasons(stream);
  remark::passed(op->getLoc(), getRemarkOptions(op, "aimc-split", "unit"))
      << text;
  return success();
}

LogicalResult Splitter::assignUnit(AttentionOp op) {
  if (op.getUnit() || !op.getResult())
    return success();
  Assignment assignment;
  if (failed(chooseUnit(op, assignment)))
    return failure();
  op.setUnit(units[*assignment.unit].name);
  return success();
}

void Splitter::setStage(Operation *op, Assignment &assignment) {
  op->walk([&](Operation *nested) {
    for (Value operand : nested->getOperands()) {
      // The size of a column is that of its batch; see prepareSplit.
      if (operand.getType().isIndex() && keepsRows(op))
        continue;
      Operation *producer = operand.getDefiningOp();
      auto known = assignments.find(producer);
      if (!producer || known == assignments.end())
        continue;
      int64_t next =
          known->second.stage + (assignment.isTogether(known->second) ? 0 : 1);
      assignment.stage = std::max(assignment.stage, next);
    }
  });
}

LogicalResult Splitter::split(Block &block) {
  using Key = std::pair<int64_t, unsigned>;
  struct Group {
    Key key;
    Rows rows;
    SmallVector<Operation *> ops;
  };
  SmallVector<Group> groups;
  DenseMap<Key, SmallVector<unsigned>> groupsOfKey;

  for (Operation &op : block) {
    // Constants, sizes and what is copied have no place of their own.
    if (free.contains(&op) || op.hasTrait<OpTrait::ConstantLike>() ||
        isa<tensor::EmptyOp, WeightsValueOp>(op))
      continue;
    Assignment assignment;
    if (isDigitalWork(&op)) {
      if (auto type = dyn_cast<RankedTensorType>(op.getResult(0).getType());
          type && type.getRank() > 0)
        assignment.rows = getRows(op.getResult(0));
      if (failed(chooseUnit(&op, assignment)))
        return failure();
    } else if (auto attention = dyn_cast<AttentionOp>(op)) {
      if (failed(assignUnit(attention)))
        return failure();
    } else if (keepsRows(&op) && op.getOperand(0).getDefiningOp()) {
      // A cast is no work: it stays with what it casts.
      auto known = assignments.find(op.getOperand(0).getDefiningOp());
      if (known != assignments.end()) {
        assignment.unit = known->second.unit;
        assignment.rows = known->second.rows;
        assignment.product = known->second.product;
        assignment.hasRelu = known->second.hasRelu;
      }
    }
    if (auto gram = dyn_cast<GramOp>(op)) {
      // An operation of a unit by itself, between its regions.
      Assignment own;
      own.rows = {ShapedType::kDynamic, gram.getX()};
      if (failed(chooseUnit(gram, own)))
        return failure();
      gram.setUnit(units[*own.unit].name);
    }
    setStage(&op, assignment);
    if (assignment.unit) {
      Key key{assignment.stage, *assignment.unit};
      SmallVector<unsigned> &candidates = groupsOfKey[key];
      auto *found = llvm::find_if(candidates, [&](unsigned index) {
        return groups[index].rows == assignment.rows;
      });
      if (found == candidates.end()) {
        candidates.push_back(groups.size());
        found = &candidates.back();
        groups.push_back({key, assignment.rows, {}});
      }
      groups[*found].ops.push_back(&op);
    }
    assignments[&op] = assignment;
  }

  for (Group &group : groups)
    if (failed(createRegion(group.ops, group.key.second)))
      return failure();
  copyNumbers();
  if (!groups.empty())
    sortTopologically(&block);
  return success();
}

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

Value Splitter::copyFreeWork(Value value, OpBuilder &builder,
                             IRMapping &copies) {
  if (Value copy = copies.lookupOrNull(value))
    return copy;
  Operation *op = value.getDefiningOp();
  // A number per row that is no column has no form outside of a region.
  bool isColumn =
      op && isView(op) && keepsRows(op) && !assignments.lookup(op).unit;
  if (!op || !(isa<tensor::EmptyOp, WeightsValueOp>(op) || isColumn ||
               free.contains(op)))
    return value;
  for (Value operand : op->getOperands())
    copies.map(operand, copyFreeWork(operand, builder, copies));
  builder.clone(*op, copies);
  copied.insert(op);
  return copies.lookup(value);
}

LogicalResult Splitter::createRegion(ArrayRef<Operation *> ops, unsigned unit) {
  llvm::SmallPtrSet<Operation *, 16> inside(ops.begin(), ops.end());
  SmallVector<Value> results;
  for (Operation *op : ops)
    for (Value result : op->getResults()) {
      bool leaves = llvm::any_of(result.getUsers(), [&](Operation *user) {
        return !inside.contains(op->getBlock()->findAncestorOpInBlock(*user));
      });
      if (!leaves)
        continue;
      auto type = dyn_cast<RankedTensorType>(result.getType());
      if (!type || type.getRank() < 1 || type.getRank() > 2 ||
          !type.getElementType().isF32())
        return op->emitOpError("expects a batch of rows of f32 where a value "
                               "leaves digital unit '")
               << units[unit].name << "', but got " << result.getType();
      results.push_back(result);
    }

  OpBuilder builder(ops.back());
  auto types = llvm::map_to_vector(
      results, [](Value result) -> Type { return getColumnType(result); });
  auto digital =
      DigitalOp::create(builder,
                        builder.getFusedLoc(llvm::map_to_vector(
                            ops, [](Operation *op) { return op->getLoc(); })),
                        types, builder.getStringAttr(units[unit].name));
  builder.createBlock(&digital.getBody());
  YieldOp yield = YieldOp::create(builder, digital.getLoc(), results);
  IRMapping copies;
  for (Operation *op : ops) {
    op->moveBefore(yield);
    builder.setInsertionPoint(op);
    for (OpOperand &operand : op->getOpOperands()) {
      Value value = copyFreeWork(operand.get(), builder, copies);
      if (isNumbers(value) &&
          !digital.getBody().isAncestor(value.getParentRegion())) {
        OpBuilder outside(digital);
        value = createNumbers(builder, createColumn(outside, value),
                              value.getType());
      }
      operand.set(value);
    }
  }
  for (auto [index, inner] : llvm::enumerate(results)) {
    Value outer = digital.getResult(index);
    bool isNumber = outer.getType() != inner.getType();
    if (isNumber) {
      builder.setInsertionPointAfter(digital);
      outer = createNumbers(builder, outer, inner.getType());
      numbers.push_back(outer);
    }
    inner.replaceUsesWithIf(outer, [&](OpOperand &use) {
      return !digital->isProperAncestor(use.getOwner());
    });
    if (isNumber) {
      builder.setInsertionPoint(yield);
      yield.setOperand(index, createColumn(builder, inner));
    }
  }
  return success();
}

void Splitter::copyNumbers() {
  for (Value value : numbers)
    for (OpOperand &use : llvm::make_early_inc_range(value.getUses()))
      if (use.getOwner()->getParentOfType<DigitalOp>()) {
        OpBuilder builder(use.getOwner());
        use.set(builder.clone(*value.getDefiningOp())->getResult(0));
      }
  for (Value value : numbers)
    eraseDead({value.getDefiningOp()});
  numbers.clear();
}

void Splitter::eraseCopied() {
  // In any order: all that is dead goes.
  SmallVector<Operation *> ops(free.begin(), free.end());
  llvm::append_range(ops, copied);
  eraseDead(ops);
}

namespace {
struct SplitPass : public aimc::impl::AIMCSplitPassBase<SplitPass> {
  using AIMCSplitPassBase::AIMCSplitPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    for (auto [name, value] : {std::make_pair("readout", &readout),
                               std::make_pair("projection", &projection)}) {
      if (*value == "digital" || *value == "analog")
        continue;
      // Not at the operation, which would print the whole module.
      emitError(module.getLoc())
          << "aimc-split expects '" << name
          << "' to be digital or analog, but got '" << *value << "'";
      return signalPassFailure();
    }
    splitProducts(module, readout == "digital", projection == "digital");
    prepareSplit(module);

    SmallVector<Block *> blocks;
    module.walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isClosed(op))
        return WalkResult::skip();
      for (Region &region : op->getRegions())
        for (Block &block : region)
          blocks.push_back(&block);
      return WalkResult::advance();
    });
    Splitter splitter(module, TargetAttr::lookup(module));
    for (Block *block : blocks)
      if (failed(splitter.split(*block)))
        return signalPassFailure();
    splitter.eraseCopied();
  }
};
} // namespace
