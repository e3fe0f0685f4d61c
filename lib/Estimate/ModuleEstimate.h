//===- ModuleEstimate.h - What a module costs on its target -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads what the estimate of lib/Analysis needs from a module, and prints it as
// a table or as JSON.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ESTIMATE_MODULEESTIMATE_H
#define AIMC_LIB_ESTIMATE_MODULEESTIMATE_H

#include "Analysis/Estimate.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

#include <optional>
#include <string>

namespace aimc {

/// When the vectors of a module run, by its `aimc.schedule`.
struct ScheduleEstimate {
  std::string kind;    ///< layer-by-layer or cross-layer
  double interval = 0; ///< ns, from a vector to the next
  double latency = 0;  ///< ns, with transfers from task to task
};

/// What results wait in, by the `aimc.slot` of operations.
struct BufferEstimate {
  std::string name;   ///< "chip 0, core 3" or "unit 'global'"
  int64_t values = 0; ///< the most at a time
  int64_t bytes = 0;  ///< of these, in the number format of where they are
  std::optional<int64_t> capacity; ///< bytes; nothing: the target tells none
};

/// The estimate of a module.
struct ModuleEstimate {
  std::string target, mode;
  double cellsOfCore = 0;                ///< of an array, usable or not
  std::vector<EstimatedMatrix> matrices; ///< those on crossbars
  Estimate cost;                         ///< of one vector
  WorkCount work; ///< per vector, on crossbars too; of one copy
  /// Nothing without one. With one across layers the interval of `cost` is its.
  std::optional<ScheduleEstimate> schedule;
  /// Those that hold something, cores after units; nothing without slots.
  std::optional<std::vector<BufferEstimate>> buffers;
  std::vector<runtime::Baseline> baselines; ///< to compare with
  std::vector<std::string> assumptions;
};

/// Estimates a module whose tiles are placed, of any stage from then on.
/// Digital work is counted in `aimc.digital` regions and in row programs, once
/// for each use. Emits an error and fails without a target, when a tile is not
/// placed or a digital region holds work whose size is not known.
mlir::FailureOr<ModuleEstimate> estimateModule(mlir::ModuleOp module);

/// Adds the baselines of these names or files to compare with, all built-in
/// ones without any, none for the one name "none". Returns one sentence on
/// error.
std::string addBaselines(std::vector<std::string> names,
                         ModuleEstimate &estimate);

/// Prints the schedule of a module that has one as events of the Trace Event
/// Format: for the first vector, one for each resource that an operation takes.
/// Emits an error and fails when the module has none.
mlir::LogicalResult printTrace(mlir::ModuleOp module, llvm::raw_ostream &os);

/// Prints the estimate for `vectors` vectors, one after another, as a table.
void printTable(const ModuleEstimate &estimate, int64_t vectors,
                llvm::raw_ostream &os);

/// Prints the same as one JSON object with the members `target`, `mode`,
/// `matrices` (`name`, `rows`, `columns`, `copies`, whether they share
/// the vectors, `vectors_shared`, `tiles` of all copies, `cores`, `uses`),
/// `tiles`, `cores`, `cores_available`, `lower_bound_cores`, `utilisation` and
/// `chip_utilisation` (0 to 1); per vector `activations`, `multiply_adds`,
/// `mvm_time_ns`, `mvm_energy_nj`, `energy_by_part_nj` (`array`, `dac`, `adc`,
/// `digital`, `link`, `static`, null where the target does not tell),
/// `link_time_ns`, `digital_time_ns`, `digital_energy_nj`, `latency_ns`,
/// `energy_nj` and `units` (`unit`, `values`, `time_ns`, `energy_nj`);
/// `mvm_tops` and `mvm_tops_per_watt` of the arrays alone, `tops` and
/// `tops_per_watt` as achieved by one vector after another, with `pipelined_`
/// before them by vectors that overlap, two operations a multiply-add, null
/// when nothing is on crossbars; `throughput_per_s`,
/// `pipelined_throughput_per_s`, `pipelined_interval_ns`,
/// `pipelined_energy_nj`, `limited_by`, `schedule` (`kind`, `interval_ns`,
/// `latency_ns`, or null without one), `buffers` (the most `values` and
/// `bytes`, in all and of each that is `held`, `buffer` by name, with its
/// `capacity_bytes`, null where the target does not tell; or null without
/// slots), and how long each kind of resource is
/// `busy` (`resource`, `time_ns`, `throughput_per_s`); `area_mm2` of the chips
/// in use, or null; `work` (`multiply_adds`, `elementary_functions`, `values`)
/// and `baselines` (`name`, `product_time_ns`, `time_ns`, `energy_nj`, and how
/// often the chips' pipelined interval and energy fit into them:
/// `speed_of_chips`, `energy_over_chips`); `core_uses` (`core`, `tiles`,
/// `utilisation`, `crossbar_time_ns`, `unit_time_ns`) of the cores with tiles;
/// `vectors`, `total_time_ns` and `total_energy_nj`; `assumptions`.
void printJson(const ModuleEstimate &estimate, int64_t vectors,
               llvm::raw_ostream &os);

} // namespace aimc

#endif // AIMC_LIB_ESTIMATE_MODULEESTIMATE_H
