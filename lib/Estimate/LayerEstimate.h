//===- LayerEstimate.h - How long a network takes ---------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Schedules a layer table with transfers free and with the links of a target,
// and prints it as a table, as JSON or as a trace.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ESTIMATE_LAYERESTIMATE_H
#define AIMC_LIB_ESTIMATE_LAYERESTIMATE_H

#include "Analysis/LayerSchedule.h"
#include "aimc/Runtime/TargetDescription.h"

#include "llvm/Support/raw_ostream.h"

#include <optional>
#include <string>

namespace aimc {

/// The most crossbars that one copy of each layer may take, and the most spare
/// ones.
constexpr int64_t maximumCrossbars = 1000000000;

/// How a network is to be scheduled.
struct LayerRequest {
  int64_t arrayRows = 256, arrayColumns = 256;
  int64_t spare = 0; ///< crossbars for further copies, up to maximumCrossbars
  bool acrossLayers = true;
};

/// A schedule beside that of the same network layer by layer without copies, in
/// one unit of time and on the same terms for transfers.
struct ComparedSchedule {
  ProductCost cost;
  double layerByLayer = 0; ///< time without copies
  double utilisationLayerByLayer = 0;
  LayerSchedule schedule;

  double speedup() const { return layerByLayer / schedule.time; }
};

/// What a network takes.
struct LayerEstimate {
  LayerTable table;
  LayerRequest request;
  ComparedSchedule free; ///< transfers free, in cycles: one product is one
  std::optional<runtime::TargetDescription> target;
  /// On the links of the target, if it has any, in ns.
  std::optional<ComparedSchedule> charged;
};

/// Schedules `table`. A network of more than `maximumCrossbars` is an error:
/// returns nothing and sets `error` to one sentence.
std::optional<LayerEstimate>
estimateLayers(LayerTable table, const LayerRequest &request,
               std::optional<runtime::TargetDescription> target,
               std::string &error);

/// What the figures rest on, one sentence each.
std::vector<std::string> describeAssumptions(const LayerEstimate &estimate);

/// Prints the layers and the times as a table.
void printTable(const LayerEstimate &estimate, llvm::raw_ostream &os);

/// Prints one JSON object: `network`, `array_rows`, `array_columns`,
/// `schedule`, `spare`, `crossbars` (of one copy of each layer),
/// `crossbars_used`, `cycles_layer_by_layer`, `cycles`, `speedup`,
/// `utilisation`, `layers` (`name`, `crossbars`, `copies`, `positions`,
/// `start`, `end`), all with free transfers; `target`, `mode` and
/// `with_transfers` (`time_ns_layer_by_layer`, `time_ns`, `speedup`,
/// `utilisation`, `crossbars_used`, `chips`, `layers`), each null without;
/// `assumptions`.
void printJson(const LayerEstimate &estimate, llvm::raw_ostream &os);

/// Prints the schedule as events of the Trace Event Format, one a row of a
/// layer on crossbars; with transfers if there are any, else with one cycle as
/// one microsecond.
void printTrace(const LayerEstimate &estimate, llvm::raw_ostream &os);

} // namespace aimc

#endif // AIMC_LIB_ESTIMATE_LAYERESTIMATE_H
