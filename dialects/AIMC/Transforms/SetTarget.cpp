//===- SetTarget.cpp - Attach the hardware -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// aimc-set-target: the target description becomes part of the module.
//
//===----------------------------------------------------------------------===//

#include "AIMC/IR/AIMC.h"
#include "AIMC/IR/Schedule.h"
#include "AIMC/Transforms/Passes.h"

namespace aimc {
#define GEN_PASS_DEF_AIMCSETTARGETPASS
#include "AIMC/Transforms/Passes.h.inc"
} // namespace aimc

using namespace mlir;
using namespace aimc;

namespace {
struct SetTargetPass : public aimc::impl::AIMCSetTargetPassBase<SetTargetPass> {
  using AIMCSetTargetPassBase::AIMCSetTargetPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    TargetAttr present = TargetAttr::lookup(module);
    // The mode alone may be chosen of the target that is there.
    if (target.empty() && (mode.empty() || !present)) {
      // Not at the operation, which would print the whole module.
      emitError(module.getLoc(), "aimc-set-target expects 'target=NAME' or "
                                 "'target=FILE', but got none");
      return signalPassFailure();
    }
    FailureOr<TargetAttr> attribute = present;
    if (!target.empty())
      attribute = TargetAttr::load(target, module.getLoc());
    if (failed(attribute))
      return signalPassFailure();
    if (present && !present.isSameBut("mode", *attribute)) {
      emitError(module.getLoc(),
                "expects a module without a target or with target '")
          << attribute->getName() << "', but got one compiled for '"
          << present.getName() << "'";
      return signalPassFailure();
    }
    // Tiles and ranges stay when a target's mode is chosen again.
    TargetAttr chosen = present ? present : *attribute;
    if (!mode.empty()) {
      runtime::TargetDescription target = chosen.getTarget();
      if (std::string error = target.selectMode(mode); !error.empty()) {
        emitError(module.getLoc(), "target '")
            << chosen.getName() << "' " << error;
        return signalPassFailure();
      }
      chosen = chosen.withMode(mode);
    }
    if (present && chosen != present)
      dropSchedule(module);
    module->setAttr(targetAttrName, chosen);
  }
};
} // namespace
