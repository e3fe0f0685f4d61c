//===- Concurrency.cpp - Which products run at once -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Earliest times of values, from the arguments of a function on.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Transforms/Concurrency.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace aimc;

namespace {
/// The times of the operations of a function.
class TimeSweep {
public:
  explicit TimeSweep(DenseMap<Operation *, UseTime> &ofUses) : ofUses(ofUses) {}

  /// Sweeps the blocks of `region`, whose arguments are there at `begin`;
  /// returns when all results of its operations are.
  UseTime sweep(Region &region, UseTime begin) {
    UseTime end = begin;
    for (Block &block : region) {
      for (BlockArgument argument : block.getArguments())
        times[argument] = begin;
      for (Operation &op : block)
        end = later(end, sweep(op, begin));
    }
    return end;
  }

private:
  static UseTime later(UseTime lhs, UseTime rhs) {
    return {std::max(lhs.phase, rhs.phase), std::max(lhs.step, rhs.step)};
  }

  /// Returns when the results of `op` are there, which runs from `begin` on.
  UseTime sweep(Operation &op, UseTime begin) {
    UseTime time = begin;
    for (Value operand : op.getOperands())
      time = later(time, times.lookup(operand));
    if (isa<MvmOp>(op)) {
      ofUses[&op] = time;
      ++time.step;
    } else if (auto attention = dyn_cast<AttentionOp>(op)) {
      // A causal one gives each row as soon as it has the row's own.
      time.phase += !attention.getCausal();
    }
    for (Region &region : op.getRegions())
      time = later(time, sweep(region, time));
    for (Value result : op.getResults())
      times[result] = time;
    return time;
  }

  DenseMap<Operation *, UseTime> &ofUses;
  DenseMap<Value, UseTime> times;
};
} // namespace

std::vector<UseTime> aimc::computeUseTimes(ModuleOp module,
                                           const TileGrids &grids) {
  DenseMap<Operation *, UseTime> ofUses;
  for (auto function : module.getOps<FunctionOpInterface>())
    TimeSweep(ofUses).sweep(function.getFunctionBody(), {});
  std::vector<UseTime> times;
  for (const MatrixTiles &matrix : grids.getMatrices()) {
    UseTime &time = times.emplace_back();
    for (auto [i, use] : llvm::enumerate(matrix.uses)) {
      UseTime ofUse = ofUses.lookup(use);
      if (i == 0)
        time = ofUse;
      else if (time.phase != ofUse.phase)
        time.phase = everyPhase;
      time.step = std::min(time.step, ofUse.step);
    }
  }
  return times;
}
