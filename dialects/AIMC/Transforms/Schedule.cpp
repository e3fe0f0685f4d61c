//===- Schedule.cpp - Say when each operation runs ------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-schedule: slots for products and digital work, and their verification.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/Schedule.h"
#include "AIMC/IR/AIMC.h"
#include "AIMC/Transforms/Mapping.h"
#include "AIMC/Transforms/Passes.h"
#include "Estimate/ModuleTasks.h"
#include "Estimate/Resources.h"
#include "Estimate/RowFactors.h"

#include "mlir/IR/Remarks.h"

namespace aimc {
#define GEN_PASS_DEF_AIMCSCHEDULEPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

namespace {
struct SchedulePass : public aimc::impl::AIMCSchedulePassBase<SchedulePass> {
  using AIMCSchedulePassBase::AIMCSchedulePassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<TargetAttr> attribute = requireTarget(module, getArgument());
    if (failed(attribute))
      return signalPassFailure();
    if (!kind.empty() && kind != "cross-layer" && kind != "layer-by-layer") {
      emitError(module.getLoc(), "aimc-schedule expects 'kind' to be "
                                 "cross-layer or layer-by-layer, but got '")
          << kind << "'";
      return signalPassFailure();
    }
    auto schedule = module->getAttrOfType<ScheduleAttr>(scheduleAttrName);
    const bool isOfOtherKind =
        schedule && !kind.empty() && schedule.getKind() != getKind();
    // Calls have no slots; what is left of the schedule is on the module.
    if (!module.getOps<RtMatrixOp>().empty() || hasCalls()) {
      if (!isOfOtherKind)
        return;
      emitError(module.getLoc(), "aimc-schedule expects kind ")
          << (schedule.getKind() == ScheduleKind::cross_layer
                  ? "cross-layer"
                  : "layer-by-layer")
          << ", which the runtime calls were scheduled in, but got " << kind;
      return signalPassFailure();
    }
    if (isOfOtherKind) {
      dropSchedule(module);
      schedule = {};
    }
    const runtime::TargetDescription &target = attribute->getTarget();
    FailureOr<ModuleTasks> tasks = collectTasks(module, target);
    if (failed(tasks))
      return signalPassFailure();
    for (Operation *op : tasks->operations)
      if (!schedule && op->hasAttr(slotAttrName)) {
        op->emitOpError("expects a slot in a module with '")
            << scheduleAttrName << "' alone, but the module has none";
        return signalPassFailure();
      }
    if (!schedule) {
      if (failed(write(*tasks, target)))
        signalPassFailure();
      return;
    }
    if (failed(verify(*tasks, schedule, target)))
      signalPassFailure();
  }

private:
  ScheduleKind getKind() const {
    return kind == "layer-by-layer" ? ScheduleKind::layer_by_layer
                                    : ScheduleKind::cross_layer;
  }

  bool hasCalls() {
    return getOperation()
        .walk([](Operation *op) {
          return op->getName().getStringRef().starts_with("aimc.rt.")
                     ? WalkResult::interrupt()
                     : WalkResult::advance();
        })
        .wasInterrupted();
  }

  /// What is too much for a buffer of the target at these times, or nothing.
  static std::optional<BufferUse>
  findOverflow(const ModuleTasks &tasks, const std::vector<int64_t> &starts,
               int64_t interval) {
    return aimc::findOverflow(tasks.tasks, starts, interval, tasks.capacities);
  }

  LogicalResult write(const ModuleTasks &tasks,
                      const runtime::TargetDescription &target) {
    ModuleOp module = getOperation();
    if (Operation *loop = findUncountedLoop(module))
      emitWarning(loop->getLoc(),
                  "the schedule has one iteration of this loop, "
                  "whose number is not known before it runs");
    const bool acrossLayers = getKind() == ScheduleKind::cross_layer;
    auto fits = [&](const ModuloSchedule &found) {
      return !findOverflow(tasks, found.starts, found.interval);
    };
    ModuloSchedule schedule = acrossLayers
                                  ? schedulePipelined(tasks.tasks, fits)
                                  : scheduleInOrder(tasks.tasks);
    // What is left of the search is one vector after another.
    if (std::optional<BufferUse> over =
            findOverflow(tasks, schedule.starts, schedule.interval))
      return emitOverflow(tasks, schedule.starts, *over,
                          "even with one vector after another", target);
    for (auto [op, task, start] :
         llvm::zip_equal(tasks.operations, tasks.tasks, schedule.starts))
      op->setAttr(slotAttrName,
                  SlotAttr::get(&getContext(), start, start + task.latency));
    module->setAttr(scheduleAttrName,
                    ScheduleAttr::get(&getContext(), getKind(),
                                      schedule.interval, schedule.latency));
    remark::passed(module.getLoc(),
                   remark::RemarkOpts::name("Schedule").category(getArgument()))
        << remark::add("{0} tasks, a vector each {1} ps, which takes {2} ps, "
                       "on target '{3}'",
                       tasks.tasks.size(), schedule.interval, schedule.latency,
                       target.name);
    return success();
  }

  LogicalResult verify(const ModuleTasks &tasks, ScheduleAttr schedule,
                       const runtime::TargetDescription &target) {
    std::vector<int64_t> starts;
    int64_t latency = 0;
    for (auto [op, task] : llvm::zip_equal(tasks.operations, tasks.tasks)) {
      auto slot = op->getAttrOfType<SlotAttr>(slotAttrName);
      // (C1)
      if (!slot)
        return op->emitOpError("expects an '")
               << slotAttrName << "' in a module with '" << scheduleAttrName
               << "', but got none";
      // (C2)
      if (slot.getEnd() - slot.getStart() != task.latency)
        return op->emitOpError("expects a slot of ")
               << task.latency << " ps on target '" << target.name
               << "', but got one of " << slot.getEnd() - slot.getStart();
      starts.push_back(slot.getStart());
      latency = std::max(latency, slot.getEnd());
    }
    if (std::optional<ScheduleConflict> conflict =
            findConflict(tasks.tasks, starts, schedule.getInterval()))
      return emitConflict(tasks, starts, *conflict, target);
    // (C7)
    if (schedule.getKind() == ScheduleKind::layer_by_layer &&
        failed(verifyInOrder(tasks, starts, schedule)))
      return failure();
    // (C6)
    if (std::optional<BufferUse> over =
            findOverflow(tasks, starts, schedule.getInterval()))
      return emitOverflow(tasks, starts, *over, "at a time", target);
    // (C5)
    if (latency != schedule.getLatency())
      return emitError(getOperation().getLoc())
             << "'" << scheduleAttrName << "' expects the latency " << latency
             << " of the last slot, but got " << schedule.getLatency();
    return success();
  }

  /// (C7)
  LogicalResult verifyInOrder(const ModuleTasks &tasks,
                              const std::vector<int64_t> &starts,
                              ScheduleAttr schedule) {
    if (std::optional<ScheduleConflict> overlap =
            findOverlapInTime(tasks.tasks, starts)) {
      InFlightDiagnostic diag =
          tasks.operations[overlap->task]->emitOpError("expects a start at ")
          << overlap->earliest
          << " ps or later in a schedule layer by layer, when the operation "
             "before it has ended, but got "
          << starts[overlap->task];
      diag.attachNote(tasks.operations[overlap->other]->getLoc())
          << "the other operation is here";
      return diag;
    }
    const int64_t least = findIntervalInOrder(tasks.tasks, starts);
    if (schedule.getInterval() >= least)
      return success();
    return emitError(getOperation().getLoc())
           << "'" << scheduleAttrName << "' expects an interval of at least "
           << least
           << " layer by layer, when the vector before has ended, but got "
           << schedule.getInterval();
  }

  /// An error at the operation whose result takes most of a buffer that is too
  /// small, with a note at the last one that takes it.
  static LogicalResult emitOverflow(const ModuleTasks &tasks,
                                    llvm::ArrayRef<int64_t> starts,
                                    const BufferUse &over, StringRef when,
                                    const runtime::TargetDescription &target) {
    InFlightDiagnostic diag =
        tasks.operations[over.task]->emitOpError("expects at most ")
        << tasks.capacities.at(over.buffer) << " bytes in the buffer of "
        << describeBuffer(over.buffer, target) << ' ' << when << ", but got "
        << over.bytes << " (" << over.values << " values)";
    std::optional<size_t> last;
    int64_t lastEnd = 0;
    for (const auto &[i, task] : llvm::enumerate(tasks.tasks))
      for (const TaskInput &input : task.inputs)
        if (input.task == over.task && input.result == over.result &&
            (!last || starts[i] + task.latency > lastEnd)) {
          last = i;
          lastEnd = starts[i] + task.latency;
        }
    // What is held waits for something.
    diag.attachNote(tasks.operations[*last]->getLoc())
        << "the last operation that takes it is here";
    return diag;
  }

  /// Whether some vectors take other resources than others.
  static bool takesTurns(const Task &task) {
    return llvm::any_of(task.phases,
                        [](const TaskPhase &phase) { return phase.every > 1; });
  }

  LogicalResult emitConflict(const ModuleTasks &tasks,
                             const std::vector<int64_t> &starts,
                             const ScheduleConflict &conflict,
                             const runtime::TargetDescription &target) {
    Operation *op = tasks.operations[conflict.task];
    InFlightDiagnostic diag = op->emitOpError("expects ");
    if (conflict.resource && conflict.task == conflict.other &&
        takesTurns(tasks.tasks[conflict.task]))
      // (C4)
      return diag << describeResource(*conflict.resource, target)
                  << " to be free, but another vector has it then";
    if (conflict.resource && conflict.task == conflict.other)
      // (C4)
      return diag << describeResource(*conflict.resource, target)
                  << " for no longer than the interval of the schedule, but "
                     "takes it longer";
    if (conflict.resource)
      // (C4)
      diag << describeResource(*conflict.resource, target)
           << " to be free, but another operation has it then";
    else
      // (C3)
      diag << "a start at " << conflict.earliest
           << " ps or later, when its inputs are there, but got "
           << starts[conflict.task];
    diag.attachNote(tasks.operations[conflict.other]->getLoc())
        << "the other operation is here";
    return diag;
  }
};
} // namespace
