//===- LayerEstimate.cpp - How long a network takes -----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layer by layer with one copy of each, and as requested with copies that are
// chosen anew where transfers take time.
//
//===----------------------------------------------------------------------===//

#include "Estimate/LayerEstimate.h"

#include "Analysis/Estimate.h"

#include "llvm/Support/FormatVariadic.h"

using namespace aimc;

static ComparedSchedule compare(const LayerTable &table,
                                const LayerRequest &request,
                                const ProductCost &cost) {
  ComparedSchedule result;
  result.cost = cost;
  const LayerSchedule plain =
      scheduleLayers(table, cost, /*spare=*/0, /*acrossLayers=*/false);
  result.layerByLayer = plain.time;
  result.utilisationLayerByLayer = plain.utilisation;
  result.schedule =
      scheduleLayers(table, cost, request.spare, request.acrossLayers);
  return result;
}

std::optional<LayerEstimate>
aimc::estimateLayers(LayerTable table, const LayerRequest &request,
                     std::optional<runtime::TargetDescription> target,
                     std::string &error) {
  int64_t crossbars = 0;
  for (const Layer &layer : table.layers) {
    const int64_t more =
        countCrossbars(layer, request.arrayRows, request.arrayColumns);
    if (more > maximumCrossbars - crossbars) {
      error = llvm::formatv("expects a network of at most {0} crossbars, but "
                            "got more up to layer '{1}', of {2}",
                            maximumCrossbars, layer.name, more);
      return std::nullopt;
    }
    crossbars += more;
  }

  LayerEstimate result;
  result.table = std::move(table);
  result.request = request;
  ProductCost cost;
  cost.arrayRows = request.arrayRows;
  cost.arrayColumns = request.arrayColumns;
  result.free = compare(result.table, request, cost);
  if (target && target->links) {
    cost.product = target->operatingMode().mvmTime.value;
    cost.byte = target->links->timePerByte.value;
    cost.hop = target->links->timePerHop.value;
    cost.gridColumns = target->coreColumns;
    result.charged = compare(result.table, request, cost);
  }
  result.target = std::move(target);
  return result;
}

std::vector<std::string>
aimc::describeAssumptions(const LayerEstimate &estimate) {
  std::vector<std::string> result = {
      "a cycle is one product of a crossbar; layers without a matrix and, in "
      "cycles, transfers take no time",
      "rows of layers run as soon as what they need is there; copies split the "
      "positions of a row, or take rows in turn where they have one position",
      "utilisation is the time of products over that of all crossbars, the "
      "spare ones too"};
  if (!estimate.charged)
    return result;
  const runtime::TargetDescription &target = *estimate.target;
  result.push_back("with transfers, a crossbar is sent the inputs of its rows "
                   "for each product and sends its columns, 8 bits each, by "
                   "one link each way, while it computes the next");
  result.push_back("partial sums pass through the row parts of a matrix value "
                   "by value; links that several layers share do not wait, and "
                   "links between chips are as fast as those on them");
  result.push_back(describeFigure("mvm_time", target.operatingMode().mvmTime));
  result.push_back(
      describeFigure("links.time_per_byte", target.links->timePerByte));
  result.push_back(
      describeFigure("links.time_per_hop", target.links->timePerHop));
  return result;
}
