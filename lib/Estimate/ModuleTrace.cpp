//===- ModuleTrace.cpp - The schedule of a module as a trace --------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Events of the Trace Event Format, which trace viewers show.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "Estimate/ModuleEstimate.h"
#include "Estimate/ModuleTasks.h"
#include "Estimate/Resources.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace aimc;

/// What an event is called.
static std::string getName(Operation *op) {
  if (auto product = dyn_cast<MvmOp>(op))
    return ("@" + product.getWeights() + " site " +
            std::to_string(product.getSite()))
        .str();
  if (auto execute = dyn_cast<ExecuteOp>(op))
    return ("@" + execute.getProgram()).str();
  return op->getName().getStringRef().str();
}

LogicalResult aimc::printTrace(ModuleOp module, llvm::raw_ostream &os) {
  TargetAttr attribute = TargetAttr::lookup(module);
  auto schedule = module->getAttrOfType<ScheduleAttr>(scheduleAttrName);
  if (!attribute || !schedule)
    return emitError(module.getLoc(), "expects a module with a target and '")
           << scheduleAttrName << "' to trace, but got none";
  const runtime::TargetDescription &target = attribute.getTarget();
  FailureOr<ModuleTasks> tasks = collectTasks(module, target);
  if (failed(tasks))
    return failure();
  llvm::MapVector<int64_t, int64_t> threads;
  llvm::json::OStream json(os);
  bool hasSlots = true;
  json.object([&] {
    json.attribute("displayTimeUnit", "ns");
    json.attributeArray("traceEvents", [&] {
      for (auto [op, task] : llvm::zip_equal(tasks->operations, tasks->tasks)) {
        auto slot = op->getAttrOfType<SlotAttr>(slotAttrName);
        if (!slot) {
          hasSlots = false;
          continue;
        }
        const std::string name = getName(op);
        for (const TaskPhase &phase : task.phases) {
          // The first vector has the first turn.
          if (phase.duration == 0 || phase.first != 0)
            continue;
          for (int64_t resource : phase.resources) {
            const int64_t thread =
                threads.try_emplace(resource, threads.size()).first->second;
            // The format counts microseconds.
            json.object([&] {
              json.attribute("name", name);
              json.attribute("ph", "X");
              json.attribute("pid", 0);
              json.attribute("tid", thread);
              json.attribute(
                  "ts",
                  static_cast<double>(slot.getStart() + phase.offset) * 1e-6);
              json.attribute("dur", static_cast<double>(phase.duration) * 1e-6);
            });
          }
        }
      }
      for (auto [resource, thread] : threads)
        json.object([&, resource = resource, thread = thread] {
          json.attribute("name", "thread_name");
          json.attribute("ph", "M");
          json.attribute("pid", 0);
          json.attribute("tid", thread);
          json.attributeObject("args", [&] {
            json.attribute("name", describeResource(resource, target));
          });
        });
    });
  });
  os << "\n";
  if (!hasSlots)
    return emitError(module.getLoc(), "expects an '")
           << slotAttrName
           << "' of each operation to trace, but some have none";
  return success();
}
