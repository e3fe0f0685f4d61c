//===- Pipelines.cpp - The stages of the compiler -------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which passes make up each stage.
//
//===----------------------------------------------------------------------===//

#include "Pipelines/Pipelines.h"

#include "AIMC/IR/AIMC.h"
#include "AIMC/Transforms/Passes.h"
#include "Conversion/Passes.h"
#include "Kernel/Transforms/Passes.h"
#include "Pipelines/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace aimc;

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static constexpr llvm::StringLiteral stageNames[] = {
    "kernel",     "aimc",   "split",     "tiled",
    "calibrated", "placed", "scheduled", "runtime"};

llvm::StringRef aimc::stringifyStage(Stage stage) {
  return stageNames[static_cast<int>(stage)];
}

std::optional<Stage> aimc::symbolizeStage(llvm::StringRef name) {
  const auto *found = llvm::find(stageNames, name);
  if (found == std::end(stageNames))
    return std::nullopt;
  return static_cast<Stage>(found - std::begin(stageNames));
}

std::string aimc::getStageNames() {
  return llvm::join(llvm::ArrayRef(stageNames), ", ");
}

Stage aimc::getReachedStage(ModuleOp module) {
  Stage reached =
      module->hasAttr(scheduleAttrName) ? Stage::Scheduled : Stage::Kernel;
  module.walk([&](Operation *op) {
    Stage stage = Stage::Kernel;
    if (op->getName().getStringRef().starts_with("aimc.rt."))
      stage = Stage::Runtime;
    else if (auto tile = dyn_cast<TileOp>(op))
      stage = tile.isPlaced() ? Stage::Placed : Stage::Tiled;
    else if (auto mvm = dyn_cast<MvmOp>(op))
      stage = mvm.getInputRange() ? Stage::Calibrated : Stage::AIMC;
    else if (auto attention = dyn_cast<AttentionOp>(op))
      stage = attention.getUnit() ? Stage::Split : Stage::AIMC;
    else if (isa<DigitalOp, ProgramOp>(op))
      stage = Stage::Split;
    else if (isa<WeightsOp>(op))
      stage = Stage::AIMC;
    reached = std::max(reached, stage);
  });
  return reached;
}

//===----------------------------------------------------------------------===//
// Stages
//===----------------------------------------------------------------------===//

/// Inlines, and drops what no public function uses.
static void buildKernelStage(OpPassManager &manager,
                             const CompileOptions &options) {
  // Before the canonicalization that inlining does.
  manager.addPass(createAIMCVerifyCastsPass());
  manager.addPass(createInlinerPass());
  manager.addPass(createSymbolDCEPass());
  if (!options.target.empty() || !options.mode.empty()) {
    AIMCSetTargetPassOptions target;
    target.target = options.target;
    target.mode = options.mode;
    manager.addPass(createAIMCSetTargetPass(target));
  }
  kernel::KernelSampleProjectionsPassOptions projections;
  projections.seed = options.omegaSeed;
  manager.addPass(kernel::createKernelSampleProjectionsPass(projections));
}

static void buildAIMCStage(OpPassManager &manager) {
  manager.addPass(createConvertKernelToAIMCPass());
  manager.addPass(createAIMCLegalizeBodiesPass());
  manager.addPass(createAIMCFlattenBatchesPass());
  manager.addPass(createConvertLinalgToAIMCPass());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
}

static void buildTiledStage(OpPassManager &manager,
                            const CompileOptions &options) {
  AIMCTilePassOptions tile;
  tile.objective = options.tileObjective;
  tile.errorBudget = options.tileErrorBudget;
  manager.addPass(createAIMCTilePass(tile));
  AIMCReplicatePassOptions replicate;
  replicate.mode = options.copyMode;
  replicate.copies = options.copies;
  replicate.spareCores = options.spareCores;
  llvm::append_range(replicate.matrices, options.copiedMatrices);
  manager.addPass(createAIMCReplicatePass(replicate));
}

static void buildCalibratedStage(OpPassManager &manager,
                                 const CompileOptions &options) {
  // Without either the target's default ranges hold; convert-aimc-to-runtime
  // says so for each product.
  if (options.ranges.empty() && options.rule.empty())
    return;
  AIMCCalibratePassOptions calibrate;
  calibrate.ranges = options.ranges;
  calibrate.rule = options.rule;
  calibrate.report = options.calibrationReport;
  calibrate.percentile = options.percentile;
  calibrate.k = options.k;
  manager.addPass(createAIMCCalibratePass(calibrate));
}

void aimc::buildFolding(OpPassManager &manager) {
  manager.addPass(createAIMCOutlineDigitalPass());
  manager.addPass(createAIMCFoldNmpuPass());
}

static void buildRuntimeStage(OpPassManager &manager) {
  buildFolding(manager);
  manager.addPass(createAIMCBufferizePass());
  manager.addPass(createConvertAIMCToRuntimePass());
  manager.addPass(createAIMCFuseCallsPass());
  manager.addPass(createAIMCDeferRowsPass());
}

void aimc::buildStage(OpPassManager &manager, Stage stage,
                      const CompileOptions &options) {
  switch (stage) {
  case Stage::Kernel:
    return buildKernelStage(manager, options);
  case Stage::AIMC:
    return buildAIMCStage(manager);
  case Stage::Split: {
    AIMCSplitPassOptions split;
    split.readout = options.readout;
    split.projection = options.projection;
    manager.addPass(createAIMCSplitPass(split));
    return;
  }
  case Stage::Tiled:
    return buildTiledStage(manager, options);
  case Stage::Calibrated:
    return buildCalibratedStage(manager, options);
  case Stage::Placed: {
    AIMCPlacePassOptions place;
    place.objective = options.objective;
    manager.addPass(createAIMCPlacePass(place));
    return;
  }
  case Stage::Scheduled: {
    AIMCSchedulePassOptions schedule;
    schedule.kind = options.schedule;
    manager.addPass(createAIMCSchedulePass(schedule));
    return;
  }
  case Stage::Runtime:
    return buildRuntimeStage(manager);
  }
}

void aimc::buildStages(OpPassManager &manager, Stage last,
                       const CompileOptions &options) {
  for (int stage = 0; stage <= static_cast<int>(last); ++stage)
    buildStage(manager, static_cast<Stage>(stage), options);
}

void aimc::registerCompilePipeline() {
  // Not a PassPipelineRegistration, which cannot refuse the name of a stage.
  auto build = [](OpPassManager &manager, StringRef text,
                  function_ref<LogicalResult(const Twine &)> emitError)
      -> LogicalResult {
    CompileOptions options;
    if (failed(options.parseFromString(text)))
      return failure();
    std::optional<Stage> last = symbolizeStage(options.stopAfter);
    if (!last)
      return emitError("expects 'stop-after' to be one of " + getStageNames() +
                       ", but got '" + options.stopAfter + "'");
    buildStages(manager, *last, options);
    return success();
  };
  registerPassPipeline(
      "aimc-compile", "Run the stages of the compiler: " + getStageNames(),
      build, [](function_ref<void(const mlir::detail::PassOptions &)> handler) {
        handler(CompileOptions());
      });
}
