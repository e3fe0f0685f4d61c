//===- Print.cpp - The estimate as a table or JSON -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints the estimate of a module.
//
//===----------------------------------------------------------------------===//

#include "Estimate/ModuleEstimate.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"

#include <algorithm>
#include <optional>

using namespace aimc;

/// Cores that hold a tile of `matrix`.
static int64_t countCores(const EstimatedMatrix &matrix) {
  llvm::DenseSet<int64_t> cores;
  for (const EstimatedTile &tile : matrix.tiles)
    cores.insert(tile.core);
  return cores.size();
}

/// Tera-operations per second from nanoseconds, or per second and watt from
/// nanojoules, with two operations a multiply-add; nothing without work.
static std::optional<double> getTops(const Estimate &cost, double per) {
  if (per <= 0 || cost.multiplyAdds == 0)
    return std::nullopt;
  return 2e-3 * static_cast<double>(cost.multiplyAdds) / per;
}

void aimc::printTable(const ModuleEstimate &estimate, int64_t vectors,
                      llvm::raw_ostream &os) {
  const Estimate &cost = estimate.cost;
  os << "target " << estimate.target << ", " << estimate.mode << "\n\n";

  size_t width = 6;
  for (const EstimatedMatrix &matrix : estimate.matrices)
    width = std::max(width, matrix.name.size());
  auto name = [&](llvm::StringRef text) {
    return llvm::left_justify(text, width);
  };
  os << name("matrix")
     << "      rows   columns    copies     tiles     cores      uses\n";
  for (const EstimatedMatrix &matrix : estimate.matrices) {
    os << name(matrix.name);
    for (int64_t value : {matrix.rows, matrix.columns, matrix.copies,
                          static_cast<int64_t>(matrix.tiles.size()),
                          countCores(matrix), matrix.uses})
      os << llvm::format("%10lld", static_cast<long long>(value));
    os << "\n";
  }
  os << "\ntiles           " << cost.tiles << " on " << cost.cores << " of "
     << cost.coresAvailable << " cores\n"
     << "utilisation     "
     << llvm::format("%.1f %% of the cells of these cores, %.1f %% of all\n\n",
                     100 * cost.utilisation, 100 * cost.chipUtilisation);

  auto line = [&](llvm::StringRef what, double time, double energy) {
    os << llvm::left_justify(what, 16)
       << llvm::format("%12.6g ns %12.6g nJ", time, energy);
  };
  os << "per vector              time          energy\n";
  line("crossbars", cost.mvmTime, cost.mvmEnergy);
  os << "  " << cost.activations << " activations, " << cost.multiplyAdds
     << " multiply-adds\n";
  for (const UnitEstimate &unit : cost.units) {
    line("unit " + unit.unit, unit.time, unit.energy);
    os << "  " << unit.values << " values\n";
  }
  line("all", cost.latency(), cost.energy());
  os << "\n";
  if (vectors != 1) {
    line(std::to_string(vectors) + " vectors",
         cost.latency() * static_cast<double>(vectors),
         cost.energy() * static_cast<double>(vectors));
    os << "\n";
  }
  if (auto tops = getTops(cost, cost.mvmTime))
    os << llvm::format("\ncrossbars alone %8.4g TOPS %8.4g TOPS/W\n", *tops,
                       getTops(cost, cost.mvmEnergy).value_or(0))
       << llvm::format("all             %8.4g TOPS %8.4g TOPS/W\n",
                       getTops(cost, cost.latency()).value_or(0),
                       getTops(cost, cost.energy()).value_or(0));
  os << "\nassumptions\n";
  for (const std::string &text : estimate.assumptions)
    os << "- " << text << "\n";
}

void aimc::printJson(const ModuleEstimate &estimate, int64_t vectors,
                     llvm::raw_ostream &os) {
  const Estimate &cost = estimate.cost;
  llvm::json::OStream json(os, /*IndentSize=*/2);
  auto tops = [&](llvm::StringRef key, double per) {
    std::optional<double> value = getTops(cost, per);
    json.attribute(key, value ? llvm::json::Value(*value)
                              : llvm::json::Value(nullptr));
  };
  json.object([&] {
    json.attribute("target", estimate.target);
    json.attribute("mode", estimate.mode);
    json.attributeArray("matrices", [&] {
      for (const EstimatedMatrix &matrix : estimate.matrices)
        json.object([&] {
          json.attribute("name", matrix.name);
          json.attribute("rows", matrix.rows);
          json.attribute("columns", matrix.columns);
          json.attribute("copies", matrix.copies);
          json.attribute("tiles", static_cast<int64_t>(matrix.tiles.size()));
          json.attribute("cores", countCores(matrix));
          json.attribute("uses", matrix.uses);
        });
    });
    json.attribute("tiles", cost.tiles);
    json.attribute("cores", cost.cores);
    json.attribute("cores_available", cost.coresAvailable);
    json.attribute("utilisation", cost.utilisation);
    json.attribute("chip_utilisation", cost.chipUtilisation);
    json.attribute("activations", cost.activations);
    json.attribute("multiply_adds", cost.multiplyAdds);
    json.attribute("mvm_time_ns", cost.mvmTime);
    json.attribute("mvm_energy_nj", cost.mvmEnergy);
    json.attribute("digital_time_ns", cost.digitalTime);
    json.attribute("digital_energy_nj", cost.digitalEnergy);
    json.attribute("latency_ns", cost.latency());
    json.attribute("energy_nj", cost.energy());
    json.attributeArray("units", [&] {
      for (const UnitEstimate &unit : cost.units)
        json.object([&] {
          json.attribute("unit", unit.unit);
          json.attribute("values", unit.values);
          json.attribute("time_ns", unit.time);
          json.attribute("energy_nj", unit.energy);
        });
    });
    tops("mvm_tops", cost.mvmTime);
    tops("mvm_tops_per_watt", cost.mvmEnergy);
    tops("tops", cost.latency());
    tops("tops_per_watt", cost.energy());
    json.attribute("vectors", vectors);
    json.attribute("total_time_ns",
                   cost.latency() * static_cast<double>(vectors));
    json.attribute("total_energy_nj",
                   cost.energy() * static_cast<double>(vectors));
    json.attributeArray("assumptions", [&] {
      for (const std::string &text : estimate.assumptions)
        json.value(text);
    });
  });
  os << "\n";
}
