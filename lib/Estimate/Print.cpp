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
#include "llvm/Support/FormatVariadic.h"
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

/// A line of operations per time and, where it is known, per energy.
static void printTops(llvm::StringRef name, const Estimate &cost, double time,
                      double energy, llvm::raw_ostream &os) {
  os << llvm::left_justify(name, 16)
     << llvm::format("%8.4g TOPS", getTops(cost, time).value_or(0));
  if (std::optional<double> efficiency = getTops(cost, energy))
    os << llvm::format(" %8.4g TOPS/W\n", *efficiency);
  else
    os << ", no energy known\n";
}

/// The most cores that a table has a line each for.
static constexpr size_t mostCoresListed = 8;

/// How much of each core is in use, or of the least and the most used.
static void printCores(const Estimate &cost, double cellsOfCore,
                       llvm::raw_ostream &os) {
  if (cost.coreUses.empty())
    return;
  if (cost.coreUses.size() <= mostCoresListed) {
    os << "\n      core     tiles    cells, %   crossbar, ns  local unit, ns\n";
    for (const CoreUse &use : cost.coreUses)
      os << llvm::format("%10lld%10lld%12.1f%15.6g%16.6g\n",
                         static_cast<long long>(use.core),
                         static_cast<long long>(use.tiles),
                         100 * static_cast<double>(use.cells) / cellsOfCore,
                         use.crossbarTime, use.unitTime);
    return;
  }
  auto [least, most] = std::minmax_element(
      cost.coreUses.begin(), cost.coreUses.end(),
      [](const CoreUse &a, const CoreUse &b) { return a.cells < b.cells; });
  for (auto [what, use] :
       {std::pair("least used", least), std::pair("most used ", most)})
    os << what
       << llvm::format("      core %lld, %lld tiles, %.1f %% of its cells\n",
                       static_cast<long long>(use->core),
                       static_cast<long long>(use->tiles),
                       100 * static_cast<double>(use->cells) / cellsOfCore);
}

/// Vectors per second when a vector takes `time` ns; nothing without work.
static std::optional<double> getThroughput(double time) {
  if (time <= 0)
    return std::nullopt;
  return 1e9 / time;
}

/// Vectors one by one, and pipelined: by what each kind of resource alone would
/// allow, and by the busiest.
static void printThroughput(const Estimate &cost, llvm::raw_ostream &os) {
  os << "\nthroughput      busy per vector\n";
  auto line = [&](const std::string &what, double time) {
    if (auto rate = getThroughput(time))
      os << llvm::left_justify(what, 16)
         << llvm::format("%12.6g ns %12.6g vectors/s", time, *rate);
  };
  for (const auto &[kind, time] : cost.busy) {
    line("  " + kind, time);
    os << "\n";
  }
  if (cost.interval > 0) {
    line("pipelined", cost.interval);
    os << llvm::format(", %.6g nJ each, limited by ", cost.pipelinedEnergy())
       << cost.busiest << "\n";
  }
  if (cost.latency() > 0) {
    line("one by one", cost.latency());
    os << llvm::format(", %.6g nJ each\n", cost.energy());
  }
}

/// What each buffer holds at most, or the fullest of many, and all together.
static void printBuffers(const std::vector<BufferEstimate> &buffers,
                         llvm::raw_ostream &os) {
  auto line = [&](const std::string &what, int64_t values, int64_t bytes) {
    os << llvm::left_justify(what, 18)
       << llvm::format("%12lld%12lld", static_cast<long long>(values),
                       static_cast<long long>(bytes));
  };
  auto list = [&](const BufferEstimate &buffer) {
    line("  " + buffer.name, buffer.values, buffer.bytes);
    if (buffer.capacity)
      os << llvm::format("%12lld\n", static_cast<long long>(*buffer.capacity));
    else
      os << "  no capacity given\n";
  };
  os << "\nbuffers, at most       values       bytes    capacity\n";
  int64_t values = 0, bytes = 0;
  for (const BufferEstimate &buffer : buffers) {
    values += buffer.values;
    bytes += buffer.bytes;
    if (buffers.size() <= mostCoresListed)
      list(buffer);
  }
  if (buffers.size() > mostCoresListed)
    list(
        *std::max_element(buffers.begin(), buffers.end(),
                          [](const BufferEstimate &a, const BufferEstimate &b) {
                            return a.bytes < b.bytes;
                          }));
  line("  all " + std::to_string(buffers.size()), values, bytes);
  os << "\n";
}

/// How often a time or an energy of the chips fits into that of a baseline:
/// above 1 the chips are better. Nothing is known where that of the chips is 0.
static std::optional<double> getRatio(double baseline, double chips) {
  if (chips <= 0)
    return std::nullopt;
  return baseline / chips;
}

/// A column of `width` with a ratio.
static void printRatio(std::optional<double> ratio, unsigned width,
                       llvm::raw_ostream &os) {
  std::string text = ratio ? "" : "unknown";
  if (ratio)
    llvm::raw_string_ostream(text) << llvm::format("%.4g x", *ratio);
  os << llvm::right_justify(text, width);
}

static void printBaselines(const ModuleEstimate &estimate,
                           llvm::raw_ostream &os) {
  if (estimate.baselines.empty())
    return;
  const WorkCount &work = estimate.work;
  os << "\nthe same work on digital machines, " << work.multiplyAdds
     << " multiply-adds, " << work.elementaryFunctions
     << " elementary functions, " << work.values << " other values\n"
     << "                   products            all         energy    speed of "
        "the chips   energy\n";
  for (const runtime::Baseline &baseline : estimate.baselines) {
    BaselineEstimate cost = estimateBaseline(work, baseline);
    os << llvm::left_justify(baseline.name, 12)
       << llvm::format("%12.5g ns%12.5g ns%12.5g nJ", cost.productTime,
                       cost.time, cost.energy);
    printRatio(getRatio(cost.time, estimate.cost.interval), 18, os);
    printRatio(getRatio(cost.energy, estimate.cost.pipelinedEnergy()), 12, os);
    os << "\n";
  }
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
    os << (matrix.shared ? "  vectors shared\n" : "\n");
  }
  os << "\ntiles           " << cost.tiles << " on " << cost.cores << " of "
     << cost.coresAvailable << " cores\n"
     << "lower bound     " << cost.coresNeeded << " cores\n"
     << "utilisation     "
     << llvm::format("%.1f %% of the cells of these cores, %.1f %% of all\n",
                     100 * cost.utilisation, 100 * cost.chipUtilisation);
  printCores(cost, estimate.cellsOfCore, os);

  auto line = [&](llvm::StringRef what, double time, double energy) {
    os << llvm::left_justify(what, 16)
       << llvm::format("%12.6g ns %12.6g nJ", time, energy);
  };
  auto part = [&](llvm::StringRef what, std::optional<double> energy,
                  const std::string &note = "") {
    os << llvm::left_justify(what, 16) << "               ";
    if (energy)
      os << llvm::format(" %12.6g nJ", *energy) << note << "\n";
    else
      os << "    not given\n";
  };
  os << "\nper vector              time          energy\n";
  line("crossbars", cost.mvmTime, cost.mvmEnergy);
  os << "  " << cost.activations << " activations, " << cost.multiplyAdds
     << " multiply-adds\n";
  part("  array", cost.arrayEnergy);
  part("  DAC", cost.dacEnergy);
  part("  ADC", cost.adcEnergy);
  for (const UnitEstimate &unit : cost.units) {
    line("unit " + unit.unit, unit.time, unit.energy);
    os << "  " << unit.values << " values\n";
  }
  if (cost.linkEnergy) {
    line("links", cost.linkTime, *cost.linkEnergy);
    os << "\n";
  } else {
    os << llvm::left_justify("links", 16)
       << llvm::format("%12.6g ns    not given\n", cost.linkTime);
  }
  if (cost.staticPower) {
    part("static power", cost.staticEnergy(cost.latency()),
         llvm::formatv("  {0} mW", *cost.staticPower).str());
  } else {
    part("static power", std::nullopt);
  }
  line("all", cost.latency(), cost.energy());
  os << "\n";
  if (vectors != 1) {
    line(std::to_string(vectors) + " vectors",
         cost.latency() * static_cast<double>(vectors),
         cost.energy() * static_cast<double>(vectors));
    os << "\n";
  }
  printThroughput(cost, os);
  if (estimate.schedule)
    os << llvm::left_justify("scheduled", 16)
       << llvm::format("%12.6g ns %12.6g vectors/s, ",
                       estimate.schedule->interval,
                       getThroughput(estimate.schedule->interval).value_or(0))
       << estimate.schedule->kind
       << llvm::format(", latency %.6g ns with transfers\n",
                       estimate.schedule->latency);
  if (estimate.buffers)
    printBuffers(*estimate.buffers, os);
  if (cost.area)
    os << llvm::format("\narea            %.6g mm2 of the chips in use\n",
                       *cost.area);
  if (getTops(cost, cost.mvmTime)) {
    os << "\n";
    printTops("crossbars alone", cost, cost.mvmTime, cost.mvmEnergy, os);
    printTops("all", cost, cost.latency(), cost.energy(), os);
    printTops("all, pipelined", cost, cost.interval, cost.pipelinedEnergy(),
              os);
  }
  printBaselines(estimate, os);
  os << "\nassumptions\n";
  for (const std::string &text : estimate.assumptions)
    os << "- " << text << "\n";
}

static void
printBuffers(const std::optional<std::vector<BufferEstimate>> &buffers,
             llvm::json::OStream &json) {
  if (!buffers) {
    json.attribute("buffers", nullptr);
    return;
  }
  int64_t values = 0, bytes = 0;
  for (const BufferEstimate &buffer : *buffers) {
    values += buffer.values;
    bytes += buffer.bytes;
  }
  json.attributeObject("buffers", [&] {
    json.attribute("values", values);
    json.attribute("bytes", bytes);
    json.attributeArray("held", [&] {
      for (const BufferEstimate &buffer : *buffers)
        json.object([&] {
          json.attribute("buffer", buffer.name);
          json.attribute("values", buffer.values);
          json.attribute("bytes", buffer.bytes);
          json.attribute("capacity_bytes",
                         buffer.capacity ? llvm::json::Value(*buffer.capacity)
                                         : llvm::json::Value(nullptr));
        });
    });
  });
}

void aimc::printJson(const ModuleEstimate &estimate, int64_t vectors,
                     llvm::raw_ostream &os) {
  const Estimate &cost = estimate.cost;
  llvm::json::OStream json(os, /*IndentSize=*/2);
  auto optional = [&](llvm::StringRef key, std::optional<double> value) {
    json.attribute(key, value ? llvm::json::Value(*value)
                              : llvm::json::Value(nullptr));
  };
  auto tops = [&](llvm::StringRef key, double per) {
    optional(key, getTops(cost, per));
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
          json.attribute("vectors_shared", matrix.shared);
          json.attribute("tiles", static_cast<int64_t>(matrix.tiles.size()));
          json.attribute("cores", countCores(matrix));
          json.attribute("uses", matrix.uses);
        });
    });
    json.attribute("tiles", cost.tiles);
    json.attribute("cores", cost.cores);
    json.attribute("cores_available", cost.coresAvailable);
    json.attribute("lower_bound_cores", cost.coresNeeded);
    json.attribute("utilisation", cost.utilisation);
    json.attribute("chip_utilisation", cost.chipUtilisation);
    json.attribute("activations", cost.activations);
    json.attribute("multiply_adds", cost.multiplyAdds);
    json.attribute("mvm_time_ns", cost.mvmTime);
    json.attribute("mvm_energy_nj", cost.mvmEnergy);
    json.attributeObject("energy_by_part_nj", [&] {
      optional("array", cost.arrayEnergy);
      optional("dac", cost.dacEnergy);
      optional("adc", cost.adcEnergy);
      json.attribute("digital", cost.digitalEnergy);
      optional("link", cost.linkEnergy);
      optional("static", cost.staticPower
                             ? std::optional(cost.staticEnergy(cost.latency()))
                             : std::nullopt);
    });
    json.attribute("link_time_ns", cost.linkTime);
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
    tops("pipelined_tops", cost.interval);
    tops("pipelined_tops_per_watt", cost.pipelinedEnergy());
    optional("throughput_per_s", getThroughput(cost.latency()));
    optional("pipelined_throughput_per_s", getThroughput(cost.interval));
    json.attribute("pipelined_interval_ns", cost.interval);
    json.attribute("pipelined_energy_nj", cost.pipelinedEnergy());
    json.attribute("limited_by", cost.busiest);
    if (estimate.schedule)
      json.attributeObject("schedule", [&] {
        json.attribute("kind", estimate.schedule->kind);
        json.attribute("interval_ns", estimate.schedule->interval);
        json.attribute("latency_ns", estimate.schedule->latency);
      });
    else
      json.attribute("schedule", nullptr);
    printBuffers(estimate.buffers, json);
    json.attributeArray("busy", [&] {
      for (const auto &[kind, time] : cost.busy)
        json.object([&, &kind = kind, &time = time] {
          json.attribute("resource", kind);
          json.attribute("time_ns", time);
          optional("throughput_per_s", getThroughput(time));
        });
    });
    optional("area_mm2", cost.area);
    json.attributeObject("work", [&] {
      json.attribute("multiply_adds", estimate.work.multiplyAdds);
      json.attribute("elementary_functions", estimate.work.elementaryFunctions);
      json.attribute("values", estimate.work.values);
    });
    json.attributeArray("baselines", [&] {
      for (const runtime::Baseline &baseline : estimate.baselines)
        json.object([&] {
          BaselineEstimate of = estimateBaseline(estimate.work, baseline);
          json.attribute("name", baseline.name);
          json.attribute("product_time_ns", of.productTime);
          json.attribute("time_ns", of.time);
          json.attribute("energy_nj", of.energy);
          optional("speed_of_chips", getRatio(of.time, cost.interval));
          optional("energy_over_chips",
                   getRatio(of.energy, cost.pipelinedEnergy()));
        });
    });
    json.attributeArray("core_uses", [&] {
      for (const CoreUse &use : cost.coreUses)
        json.object([&] {
          json.attribute("core", use.core);
          json.attribute("tiles", use.tiles);
          json.attribute("utilisation",
                         static_cast<double>(use.cells) / estimate.cellsOfCore);
          json.attribute("crossbar_time_ns", use.crossbarTime);
          json.attribute("unit_time_ns", use.unitTime);
        });
    });
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
