//===- PrintLayers.cpp - The schedule of a network, printed ---------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints the estimate of a layer table.
//
//===----------------------------------------------------------------------===//

#include "Estimate/LayerEstimate.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"

#include <algorithm>

using namespace aimc;
using llvm::format;

static const char *getScheduleName(const LayerRequest &request) {
  return request.acrossLayers ? "cross-layer" : "layer-by-layer";
}

/// Chips that hold the crossbars of a schedule.
static int64_t countChips(const LayerEstimate &estimate) {
  const int64_t cores = estimate.target->cores();
  return (estimate.charged->schedule.crossbarsUsed + cores - 1) / cores;
}

static void printTimes(const ComparedSchedule &compared, const char *name,
                       const char *unit, double scale, llvm::raw_ostream &os) {
  auto line = [&](llvm::StringRef what, double time, double speedup,
                  double utilisation) {
    os << llvm::left_justify(what, 28) << format("%14.10g", time * scale)
       << format("%11.2f", speedup) << format("%13.2f %%\n", 100 * utilisation);
  };
  os << llvm::left_justify("", 28) << llvm::right_justify(unit, 14)
     << "   speed-up   utilisation\n";
  line("layer by layer, one copy", compared.layerByLayer, 1,
       compared.utilisationLayerByLayer);
  line(name, compared.schedule.time, compared.speedup(),
       compared.schedule.utilisation);
}

void aimc::printTable(const LayerEstimate &estimate, llvm::raw_ostream &os) {
  const LayerRequest &request = estimate.request;
  const LayerSchedule &schedule = estimate.free.schedule;
  const char *name = getScheduleName(request);
  os << "network " << estimate.table.network << " on arrays of "
     << request.arrayRows << " x " << request.arrayColumns << ", " << name
     << ", " << request.spare << " spare\n\n";

  size_t width = 5;
  for (const Layer &layer : estimate.table.layers)
    if (layer.isOnCrossbars())
      width = std::max(width, layer.name.size());
  auto header = llvm::left_justify("layer", width);
  os << header << " crossbars    copies   products     first      last"
     << (estimate.charged ? "  copies with transfers\n" : "\n");
  for (auto [i, layer] : llvm::enumerate(estimate.table.layers)) {
    if (!layer.isOnCrossbars())
      continue;
    const LayerPlace &place = schedule.places[i];
    os << llvm::left_justify(layer.name, width)
       << format("%10lld%10lld%11lld", static_cast<long long>(place.crossbars),
                 static_cast<long long>(place.copies),
                 static_cast<long long>(layer.positions))
       << format("%10.0f%10.0f", schedule.rows[i].front().start,
                 schedule.rows[i].back().end);
    if (estimate.charged)
      os << format("%10lld", static_cast<long long>(
                                 estimate.charged->schedule.places[i].copies));
    os << "\n";
  }
  os << "\ncrossbars       " << schedule.crossbars << " of one copy, "
     << schedule.crossbarsUsed << " used\n\n";
  printTimes(estimate.free, name, "cycles", 1, os);
  if (estimate.charged) {
    const int64_t chips = countChips(estimate);
    os << "\nwith transfers, on " << chips << (chips == 1 ? " chip" : " chips")
       << " of target " << estimate.target->name << ", "
       << estimate.target->mode << "\n\n";
    printTimes(*estimate.charged, name, "us", 1e-3, os);
  } else if (estimate.target) {
    os << "\ntarget " << estimate.target->name
       << " has no links: transfers are not charged\n";
  }
  os << "\nassumptions\n";
  for (const std::string &text : describeAssumptions(estimate))
    os << "- " << text << "\n";
}

static void printLayers(const LayerTable &table, const LayerSchedule &schedule,
                        llvm::json::OStream &json) {
  json.attributeArray("layers", [&] {
    for (auto [i, layer] : llvm::enumerate(table.layers)) {
      if (!layer.isOnCrossbars())
        continue;
      json.object([&, i = i, &layer = layer] {
        json.attribute("name", layer.name);
        json.attribute("crossbars", schedule.places[i].crossbars);
        json.attribute("copies", schedule.places[i].copies);
        json.attribute("positions", layer.positions);
        json.attribute("start", schedule.rows[i].front().start);
        json.attribute("end", schedule.rows[i].back().end);
      });
    }
  });
}

void aimc::printJson(const LayerEstimate &estimate, llvm::raw_ostream &os) {
  const LayerSchedule &schedule = estimate.free.schedule;
  llvm::json::OStream json(os, /*IndentSize=*/2);
  json.object([&] {
    json.attribute("network", estimate.table.network);
    json.attribute("array_rows", estimate.request.arrayRows);
    json.attribute("array_columns", estimate.request.arrayColumns);
    json.attribute("schedule", getScheduleName(estimate.request));
    json.attribute("spare", estimate.request.spare);
    json.attribute("crossbars", schedule.crossbars);
    json.attribute("crossbars_used", schedule.crossbarsUsed);
    // Whole numbers far below 2^53.
    json.attribute("cycles_layer_by_layer",
                   static_cast<int64_t>(estimate.free.layerByLayer));
    json.attribute("cycles", static_cast<int64_t>(schedule.time));
    json.attribute("speedup", estimate.free.speedup());
    json.attribute("utilisation", schedule.utilisation);
    printLayers(estimate.table, schedule, json);
    if (estimate.target) {
      json.attribute("target", estimate.target->name);
      json.attribute("mode", estimate.target->mode);
    } else {
      json.attribute("target", nullptr);
      json.attribute("mode", nullptr);
    }
    if (estimate.charged)
      json.attributeObject("with_transfers", [&] {
        const ComparedSchedule &charged = *estimate.charged;
        json.attribute("time_ns_layer_by_layer", charged.layerByLayer);
        json.attribute("time_ns", charged.schedule.time);
        json.attribute("speedup", charged.speedup());
        json.attribute("utilisation", charged.schedule.utilisation);
        json.attribute("crossbars_used", charged.schedule.crossbarsUsed);
        json.attribute("chips", countChips(estimate));
        printLayers(estimate.table, charged.schedule, json);
      });
    else
      json.attribute("with_transfers", nullptr);
    json.attributeArray("assumptions", [&] {
      for (const std::string &text : describeAssumptions(estimate))
        json.value(text);
    });
  });
  os << "\n";
}

void aimc::printTrace(const LayerEstimate &estimate, llvm::raw_ostream &os) {
  const LayerSchedule &schedule =
      estimate.charged ? estimate.charged->schedule : estimate.free.schedule;
  // The format counts microseconds.
  const double scale = estimate.charged ? 1e-3 : 1;
  llvm::json::OStream json(os);
  json.object([&] {
    json.attribute("displayTimeUnit", "ns");
    json.attributeArray("traceEvents", [&] {
      for (auto [i, layer] : llvm::enumerate(estimate.table.layers)) {
        if (!layer.isOnCrossbars())
          continue;
        const LayerPlace &place = schedule.places[i];
        const int64_t process = static_cast<int64_t>(i);
        json.object([&, &layer = layer] {
          json.attribute("name", "process_name");
          json.attribute("ph", "M");
          json.attribute("pid", process);
          json.attributeObject("args",
                               [&] { json.attribute("name", layer.name); });
        });
        // Copies that split a row run together, those that take rows in turn
        // at different times.
        const bool inTurn = layer.width() == 1;
        for (auto [r, row] : llvm::enumerate(schedule.rows[i])) {
          const int64_t copy =
              inTurn ? static_cast<int64_t>(r) % place.copies : 0;
          json.object([&, r = static_cast<int64_t>(r), &row = row] {
            json.attribute("name", "row " + std::to_string(r));
            json.attribute("ph", "X");
            json.attribute("pid", process);
            json.attribute("tid", copy);
            json.attribute("ts", row.start * scale);
            json.attribute("dur", (row.end - row.start) * scale);
            json.attributeObject("args", [&] {
              json.attribute("first_crossbar",
                             place.first + copy * place.crossbars);
              json.attribute("crossbars",
                             place.crossbars * (inTurn ? 1 : place.copies));
            });
          });
        }
      }
    });
  });
  os << "\n";
}
