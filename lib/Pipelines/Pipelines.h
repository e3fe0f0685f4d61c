//===- Pipelines.h - The stages of the compiler -----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The compiler is a list of named stages. Every pass of a stage leaves alone
// what an earlier run has done, so a module of any stage can be given and only
// the rest is lowered; running a finished stage again changes nothing.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_PIPELINES_PIPELINES_H
#define AIMC_LIB_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassOptions.h"

#include <optional>
#include <string>

namespace mlir {
class ModuleOp;
class OpPassManager;
} // namespace mlir

namespace aimc {

/// The stages in their order; each is the state after its passes.
enum class Stage {
  Kernel,     ///< functions inlined, target set, projections sampled
  AIMC,       ///< products on named weights, digital work as linalg
  Split,      ///< each operation on crossbars or on a digital unit
  Tiled,      ///< matrices cut to the usable array, and copied
  Calibrated, ///< converter ranges set, if there are ranges or a rule
  Placed,     ///< tiles on cores
  Scheduled,  ///< when each product and each digital region runs
  Runtime,    ///< runtime calls on buffers
};

/// The name of a stage, say "kernel".
llvm::StringRef stringifyStage(Stage stage);

/// The stage of that name.
std::optional<Stage> symbolizeStage(llvm::StringRef name);

/// The names of all stages, separated by commas.
std::string getStageNames();

/// The stage that `module` has reached at least, by the operations and
/// attributes in it.
Stage getReachedStage(mlir::ModuleOp module);

/// Options of the pipeline `--aimc-compile`.
struct CompileOptions : public mlir::PassPipelineOptions<CompileOptions> {
  Option<std::string> target{
      *this, "target",
      llvm::cl::desc(
          "Built-in target or JSON file; without one, the module's")};
  Option<std::string> mode{
      *this, "mode",
      llvm::cl::desc("Operating mode of the target; without one, its own")};
  Option<std::string> stopAfter{*this, "stop-after",
                                llvm::cl::desc("Last stage to run"),
                                llvm::cl::init("runtime")};
  Option<std::string> readout{
      *this, "readout",
      llvm::cl::desc("Where products of features run: digital or analog"),
      llvm::cl::init("digital")};
  Option<int64_t> copies{*this, "copies",
                         llvm::cl::desc("Copies of each matrix that is chosen"),
                         llvm::cl::init(1)};
  Option<std::string> copyMode{
      *this, "copy-mode",
      llvm::cl::desc("What copies are for: average, against noise, or "
                     "throughput"),
      llvm::cl::init("average")};
  Option<int64_t> spareCores{
      *this, "spare-cores",
      llvm::cl::desc("Of copy-mode=throughput: cores for further copies of the "
                     "slowest matrices"),
      llvm::cl::init(0)};
  ListOption<std::string> copiedMatrices{
      *this, "copied-matrices",
      llvm::cl::desc("Matrices in copies: names as @omega and roles; "
                     "projection when there are none, all for "
                     "spare-cores")};
  Option<std::string> projection{
      *this, "projection",
      llvm::cl::desc("Where random projections run: digital or analog"),
      llvm::cl::init("analog")};
  Option<std::string> ranges{*this, "ranges",
                             llvm::cl::desc("File of recorded ranges")};
  Option<std::string> rule{
      *this, "rule",
      llvm::cl::desc("How ranges are set: max, percentile, k-sigma or mse")};
  Option<std::string> calibrationReport{
      *this, "calibration-report",
      llvm::cl::desc("File for a report of the ranges")};
  Option<double> percentile{
      *this, "percentile",
      llvm::cl::desc("Fraction of the values inside the range"),
      llvm::cl::init(0.9999)};
  Option<double> k{*this, "k",
                   llvm::cl::desc("Standard deviations inside the range"),
                   llvm::cl::init(4.0)};
  Option<std::string> tileObjective{
      *this, "tile-objective",
      llvm::cl::desc("How matrices are cut: fewest-tiles, balanced or error"),
      llvm::cl::init("fewest-tiles")};
  Option<double> tileErrorBudget{
      *this, "tile-error-budget",
      llvm::cl::desc(
          "Largest error by the voltage drop, of tile-objective=error"),
      llvm::cl::init(0.05)};
  Option<std::string> objective{
      *this, "objective", llvm::cl::desc("Placement: area, latency or noise"),
      llvm::cl::init("area")};
  Option<std::string> schedule{
      *this, "schedule",
      llvm::cl::desc("When operations run: cross-layer or layer-by-layer (that "
                     "of the module, else cross-layer)"),
      llvm::cl::init("")};
  Option<int64_t> omegaSeed{
      *this, "omega-seed",
      llvm::cl::desc("Seed of the projections; -1: their own"),
      llvm::cl::init(-1)};
};

/// Adds the passes of one stage to the pipeline of a module.
void buildStage(mlir::OpPassManager &manager, Stage stage,
                const CompileOptions &options);

/// Adds the passes of stage `runtime` that refuse what a fixed-point unit
/// cannot do; a driver that stops before that stage runs them on a copy.
void buildFolding(mlir::OpPassManager &manager);

/// Adds all stages up to `last`.
void buildStages(mlir::OpPassManager &manager, Stage last,
                 const CompileOptions &options);

/// Registers `--aimc-compile`.
void registerCompilePipeline();

} // namespace aimc

#endif // AIMC_LIB_PIPELINES_PIPELINES_H
