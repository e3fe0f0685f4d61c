//===- Report.cpp - What a run tells ----------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Text and JSON from the findings of a run.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Runner/Report.h"

#include "Runtime/Devices/Sizes.h"
#include "Runtime/Runner/ErrorBudget.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <ostream>

using namespace aimc::runtime;
using nlohmann::ordered_json;

namespace {

std::optional<double> accuracyOf(const ChipFindings &chip) {
  return chip.accuracy.value();
}

std::optional<double> errorOf(const ChipFindings &chip) {
  return chip.toExact.relativeNorm();
}

std::optional<double> kernelErrorOf(const ChipFindings &chip) {
  return chip.kernelError;
}

constexpr Measure accuracyMeasure = {"accuracy", "accuracy", "%.4f",
                                     accuracyOf};
constexpr Measure kernelMeasure = {"kernel_error", "kernel error", "%.4g",
                                   kernelErrorOf};
constexpr Measure errorMeasure = {"relative_error_to_exact",
                                  "relative error to exact", "%.4g", errorOf};

/// Largest of one finding about `--compare` over chips and results; nothing if
/// one of them has none.
template <typename Get>
std::optional<double> largest(const Findings &findings, Get get) {
  double result = 0;
  for (const ChipFindings &chip : findings.chips)
    for (const Difference &difference : chip.toCompare) {
      std::optional<double> value = get(difference);
      if (!value)
        return std::nullopt;
      // A NaN stays.
      result = *value <= result ? result : *value;
    }
  return result;
}

/// Sum over the chips.
template <typename Get> auto total(const Findings &findings, Get get) {
  decltype(get(findings.chips[0])) sum = 0;
  for (const ChipFindings &chip : findings.chips)
    sum += get(chip);
  return sum;
}

ordered_json number(std::optional<double> value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

struct Times {
  double program, run, mvm, digital, fused;
};

Times timesOf(const Findings &findings) {
  auto sum = [&](auto get) { return total(findings, get); };
  return {
      sum([](const ChipFindings &c) { return c.statistics.programSeconds; }),
      sum([](const ChipFindings &c) { return c.runSeconds; }),
      sum([](const ChipFindings &c) { return c.statistics.mvmSeconds; }),
      sum([](const ChipFindings &c) { return c.statistics.digitalSeconds; }),
      sum([](const ChipFindings &c) { return c.statistics.fusedSeconds; })};
}

/// "0.9722 (350 of 360)".
std::string shownAccuracy(const Accuracy &accuracy) {
  if (accuracy.rows == 0)
    return "not available (no rows)";
  return format("%.4f", *accuracy.value()) + " (" +
         std::to_string(accuracy.correct) + " of " +
         std::to_string(accuracy.rows) + ")";
}

std::string shownSpread(const char *pattern, const Spread &spread,
                        size_t chips) {
  const std::string text = format(pattern, spread.mean) + " mean, " +
                           format(pattern, spread.deviation) +
                           " standard deviation over " + std::to_string(chips) +
                           " chips";
  if (!spread.confidence)
    return text;
  return text + ", 95 % confidence interval " +
         format(pattern, *spread.mean - *spread.confidence) + " to " +
         format(pattern, *spread.mean + *spread.confidence);
}

void printResult(const ShownResult &result, size_t index, size_t count,
                 std::ostream &out) {
  out << "result " << index << ": " << shownSizes(result.sizes);
  if (result.values.empty()) {
    out << "; save it with --output y.npy";
    if (count > 1)
      out << ", once for each result";
    out << "\n";
    return;
  }
  out << "\n";
  // Nine digits tell every FP32 value from its neighbours.
  for (int64_t i = 0; i < result.count; ++i)
    out << format("%.9g", result.values[i])
        << ((i + 1) % result.sizes.back() == 0 ? "\n" : " ");
}

} // namespace

std::string aimc::runtime::format(const char *pattern,
                                  std::optional<double> value) {
  if (!value)
    return "not available";
  char text[64];
  std::snprintf(text, sizeof(text), pattern, *value);
  return text;
}

std::vector<Measure> aimc::runtime::measuresOf(const RunOptions &options) {
  std::vector<Measure> measures = {errorMeasure};
  if (!options.labels.empty())
    measures.push_back(accuracyMeasure);
  if (options.kernelError)
    measures.push_back(kernelMeasure);
  return measures;
}

Spread aimc::runtime::spreadOver(const std::vector<ChipFindings> &chips,
                                 const Measure &measure) {
  std::vector<double> values;
  for (const ChipFindings &chip : chips)
    if (std::optional<double> value = measure.get(chip))
      values.push_back(*value);
  return spreadOf(values);
}

void aimc::runtime::addSpread(ordered_json &report, const Measure &measure,
                              const std::vector<ChipFindings> &chips) {
  const Spread spread = spreadOver(chips, measure);
  const std::string name = measure.name;
  report[name] = number(spread.mean);
  if (chips.size() == 1)
    return;
  report[name + "_standard_deviation"] = number(spread.deviation);
  report[name + "_confidence_interval"] =
      spread.confidence ? ordered_json({*spread.mean - *spread.confidence,
                                        *spread.mean + *spread.confidence})
                        : ordered_json(nullptr);
}

/// What was clipped on all chips, by site.
static std::vector<Clipping> sumClippings(const Findings &findings) {
  std::vector<Clipping> sums = findings.chips[0].statistics.clippings;
  for (size_t chip = 1; chip < findings.chips.size(); ++chip) {
    const auto &own = findings.chips[chip].statistics.clippings;
    for (size_t i = 0; i < sums.size() && i < own.size(); ++i) {
      sums[i].inputs += own[i].inputs;
      sums[i].clippedInputs += own[i].clippedInputs;
      sums[i].outputs += own[i].outputs;
      sums[i].clippedOutputs += own[i].clippedOutputs;
      sums[i].drivenInputs += own[i].drivenInputs;
      sums[i].lostInputs += own[i].lostInputs;
      sums[i].drivenOutputs += own[i].drivenOutputs;
      sums[i].lostOutputs += own[i].lostOutputs;
    }
  }
  return sums;
}

std::vector<std::string>
aimc::runtime::clippingWarnings(const Findings &findings) {
  constexpr double most = 0.01, mostLost = 0.99;
  std::vector<std::string> warnings;
  for (const Clipping &clipping : sumClippings(findings)) {
    const auto warn = [&](uint64_t clipped, uint64_t all, float range,
                          const char *values) {
      const double fraction = all ? double(clipped) / double(all) : 0;
      if (fraction > most)
        warnings.push_back("site " + std::to_string(clipping.site) + " of '" +
                           clipping.matrix + "' clips " +
                           format("%.3g", 100 * fraction) + " % of its " +
                           values + ", those beyond its range of " +
                           format("%g", double(range)));
    };
    warn(clipping.clippedInputs, clipping.inputs, clipping.inputRange,
         "inputs");
    warn(clipping.clippedOutputs, clipping.outputs, clipping.outputRange,
         "outputs");
    const auto warnOfLost = [&](uint64_t lost, uint64_t driven, float range,
                                const char *values) {
      const double fraction = driven ? double(lost) / double(driven) : 0;
      if (fraction <= mostLost)
        return false;
      warnings.push_back("site " + std::to_string(clipping.site) + " of '" +
                         clipping.matrix + "' converts " +
                         format("%.3g", 100 * fraction) + " % of its " +
                         values +
                         " to 0, as they are less than a step of its "
                         "range of " +
                         format("%g", double(range)));
      return true;
    };
    // What no input drives has no outputs.
    if (!warnOfLost(clipping.lostInputs, clipping.drivenInputs,
                    clipping.inputRange, "inputs that are not 0"))
      warnOfLost(clipping.lostOutputs, clipping.drivenOutputs,
                 clipping.outputRange, "outputs");
  }
  return warnings;
}

/// What overflowed on all chips, by program.
static std::vector<Overflow> sumOverflows(const Findings &findings) {
  std::vector<Overflow> sums = findings.chips[0].statistics.overflows;
  for (size_t chip = 1; chip < findings.chips.size(); ++chip)
    for (size_t i = 0; i < sums.size(); ++i) {
      const Overflow &own = findings.chips[chip].statistics.overflows[i];
      sums[i].values += own.values;
      sums[i].overflowed += own.overflowed;
    }
  return sums;
}

std::vector<std::string>
aimc::runtime::overflowWarnings(const Findings &findings) {
  std::vector<std::string> warnings;
  for (const Overflow &overflow : sumOverflows(findings))
    if (overflow.overflowed)
      warnings.push_back("program '" + overflow.program + "' on unit '" +
                         overflow.unit + "' makes " +
                         format("%.3g", 100 * double(overflow.overflowed) /
                                            double(overflow.values)) +
                         " % of its values infinite, those of 65520 or more, "
                         "which FP16 does not have");
  return warnings;
}

std::vector<std::string>
aimc::runtime::notFiniteWarnings(const Findings &findings,
                                 const aimc_model &model) {
  std::vector<std::string> warnings;
  for (size_t i = 0; i < findings.notFinite.size(); ++i)
    if (findings.notFinite[i])
      warnings.push_back(
          "result '" + std::string(model.outputs[i].name) + "' has " +
          std::to_string(findings.notFinite[i]) +
          " values that are not finite" +
          (findings.chips.size() > 1 ? ", on all chips together" : ""));
  return warnings;
}

static ordered_json jsonOverflows(const Findings &findings) {
  ordered_json list = ordered_json::array();
  for (const Overflow &overflow : sumOverflows(findings))
    list.push_back(
        {{"program", overflow.program},
         {"unit", overflow.unit},
         {"values", overflow.values ? ordered_json(double(overflow.overflowed) /
                                                   double(overflow.values))
                                    : ordered_json(nullptr)}});
  return list;
}

static ordered_json jsonClippings(const Findings &findings) {
  const auto fraction = [](uint64_t clipped, uint64_t all) {
    return all ? ordered_json(double(clipped) / double(all))
               : ordered_json(nullptr);
  };
  ordered_json list = ordered_json::array();
  for (const Clipping &clipping : sumClippings(findings))
    list.push_back(
        {{"site", clipping.site},
         {"matrix", clipping.matrix},
         {"inputs", fraction(clipping.clippedInputs, clipping.inputs)},
         {"outputs", fraction(clipping.clippedOutputs, clipping.outputs)},
         {"inputs_to_zero",
          fraction(clipping.lostInputs, clipping.drivenInputs)},
         {"outputs_to_zero",
          fraction(clipping.lostOutputs, clipping.drivenOutputs)}});
  return list;
}

std::string aimc::runtime::jsonReport(const Findings &findings,
                                      const RunOptions &options) {
  bool simulated = options.device == "simulator";
  bool isChip = options.device != "exact";
  ordered_json report;
  report["device"] = options.device;
  if (const PluginIdentity &plugin = findings.chips[0].statistics.plugin;
      isPlugin(options.device))
    report["plugin"] = {{"name", plugin.name},
                        {"vendor", plugin.vendor},
                        {"version", plugin.version}};
  if (isChip) {
    report["mode"] = findings.mode;
    report["time"] = options.time;
  }
  if (simulated)
    report["without"] = options.without;
  report["rows"] = findings.rows;
  if (!options.labels.empty()) {
    addSpread(report, accuracyMeasure, findings.chips);
    report["correct"] = total(
        findings, [](const ChipFindings &c) { return c.accuracy.correct; });
  }
  if (options.kernelError) {
    report["kernel"] = options.kernelError->name();
    report["kernel_rows"] = findings.kernelRows;
    addSpread(report, kernelMeasure, findings.chips);
  }
  if (isChip)
    addSpread(report, errorMeasure, findings.chips);
  if (simulated)
    report["clipped"] = jsonClippings(findings);
  if (simulated)
    report["overflowed"] = jsonOverflows(findings);
  if (options.errorBudget)
    report["error_budget"] = jsonBudget(findings, options);
  if (!options.compare.empty()) {
    report["compare_max_abs"] = number(
        largest(findings, [](const Difference &d) -> std::optional<double> {
          return d.largestDifference;
        }));
    report["compare_max_relative"] = number(largest(
        findings, [](const Difference &d) { return d.relativeMaximum(); }));
  }
  Times times = timesOf(findings);
  report["seconds"] = {
      {"program", times.program}, {"run", times.run},
      {"mvm", times.mvm},         {"digital", times.digital},
      {"fused", times.fused},     {"total", findings.totalSeconds}};
  report["mvms"] =
      total(findings, [](const ChipFindings &c) { return c.statistics.mvms; });
  report["engine"] = findings.chips[0].statistics.engine;
  report["chips"] = ordered_json::array();
  for (const ChipFindings &chip : findings.chips) {
    ordered_json entry;
    entry["program_seed"] = chip.programSeed;
    entry["read_seed"] = chip.readSeed;
    if (!options.labels.empty()) {
      entry["accuracy"] = number(chip.accuracy.value());
      entry["correct"] = chip.accuracy.correct;
    }
    if (options.kernelError)
      entry["kernel_error"] = number(chip.kernelError);
    if (isChip)
      entry["relative_error_to_exact"] = number(errorOf(chip));
    report["chips"].push_back(entry);
  }
  return report.dump(2) + "\n";
}

void aimc::runtime::textReport(const Findings &findings,
                               const RunOptions &options, std::ostream &out,
                               std::ostream &err) {
  const ChipFindings &first = findings.chips[0];
  bool several = findings.chips.size() > 1;
  if (several)
    for (const ChipFindings &chip : findings.chips) {
      out << "chip of program seed " << chip.programSeed << ":";
      if (!options.labels.empty())
        out << " accuracy " << shownAccuracy(chip.accuracy) << ",";
      if (options.kernelError)
        out << " kernel error " << format("%.4g", chip.kernelError) << ",";
      out << " relative error to exact " << format("%.4g", errorOf(chip))
          << "\n";
    }
  if (!options.labels.empty()) {
    Spread spread = spreadOver(findings.chips, accuracyMeasure);
    out << "accuracy: "
        << (several ? shownSpread("%.4f", spread, findings.chips.size())
                    : shownAccuracy(first.accuracy))
        << "\n";
  }
  if (options.kernelError) {
    Spread spread = spreadOver(findings.chips, kernelMeasure);
    out << "kernel error to " << options.kernelError->name() << ", "
        << findings.kernelRows << " of " << findings.rows << " rows: "
        << (several ? shownSpread("%.4g", spread, findings.chips.size())
                    : format("%.4g", spread.mean))
        << "\n";
  }
  if (options.device != "exact") {
    Spread spread = spreadOver(findings.chips, errorMeasure);
    out << "relative error to exact: "
        << (several ? shownSpread("%.4g", spread, findings.chips.size())
                    : format("%.4g", spread.mean))
        << "\n";
  }
  for (size_t i = 0; i < options.compare.size(); ++i) {
    Difference worst;
    for (const ChipFindings &chip : findings.chips)
      if (!(chip.toCompare[i].largestDifference <= worst.largestDifference))
        worst = chip.toCompare[i];
    out << "compare with " << options.compare[i] << ": largest difference "
        << format("%.4g", worst.largestDifference) << " ("
        << format("%.4g", worst.relativeMaximum())
        << " of the largest magnitude)\n";
  }
  if (options.errorBudget)
    textBudget(findings, options, out);
  for (size_t i = 0; i < findings.results.size(); ++i)
    printResult(findings.results[i], i, findings.results.size(), out);

  Times times = timesOf(findings);
  double vectors = double(findings.rows) * double(findings.chips.size());
  err << findings.rows << " rows in " << format("%.3f", times.run) << " s ("
      << format("%.0f", times.run > 0 ? vectors / times.run : 0) << " rows/s); "
      << format("%.3f", findings.totalSeconds) << " s in all\n";
  if (!options.stats)
    return;
  uint64_t mvms =
      total(findings, [](const ChipFindings &c) { return c.statistics.mvms; });
  if (isPlugin(options.device)) {
    const PluginIdentity &plugin = first.statistics.plugin;
    err << "device: " << plugin.name << " " << plugin.version << " of "
        << plugin.vendor << "\n";
  }
  err << "engine: " << first.statistics.engine << "\n"
      << "MVMs: " << mvms << "\n"
      << "time of programming: " << format("%.3f", times.program) << " s\n"
      << "time of MVMs: " << format("%.3f", times.mvm) << " s\n"
      << "time of digital work: " << format("%.3f", times.digital) << " s\n"
      << "time of MVMs with their digital work: " << format("%.3f", times.fused)
      << " s\n"
      << "samples/s: "
      << format("%.0f", times.run > 0 ? vectors / times.run : 0) << "\n";
}
