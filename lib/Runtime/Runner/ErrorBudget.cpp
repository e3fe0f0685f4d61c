//===- ErrorBudget.cpp - Which effect costs what ----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One row for the chip as it is, one for the chip without each effect, one for
// the exact device; a column a measure.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Runner/ErrorBudget.h"

#include "aimc/Runtime/TargetEffects.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

using namespace aimc::runtime;
using nlohmann::ordered_json;

std::vector<std::string>
aimc::runtime::presentEffects(const aimc_model &model,
                              const std::vector<std::string> &without) {
  std::vector<std::string> names;
  std::string ignored;
  std::optional<TargetDescription> target =
      TargetDescription::parse(model.target, ignored);
  if (target)
    target = withoutEffects(std::move(*target), without, ignored);
  for (const TargetEffect &effect : targetEffects())
    if (target && effect.isPresent(*target))
      names.push_back(effect.name);
  return names;
}

ordered_json aimc::runtime::jsonBudget(const Findings &findings,
                                       const RunOptions &options) {
  const auto entry = [&](const std::vector<ChipFindings> &chips, bool exact) {
    ordered_json object = ordered_json::object();
    for (const Measure &measure : measuresOf(options))
      if (!exact || measure.get != measuresOf(options)[0].get)
        addSpread(object, measure, chips);
    return object;
  };
  ordered_json budget;
  budget["all"] = entry(findings.chips, false);
  budget["without"] = ordered_json::object();
  for (const ReducedFindings &reduced : findings.budget)
    budget["without"][reduced.without] = entry(reduced.chips, false);
  budget["exact"] = entry({findings.exact}, true);
  return budget;
}

namespace {

/// The cells of a row of the table.
std::vector<std::string> rowOf(std::string name,
                               const std::vector<ChipFindings> &chips,
                               const std::vector<Measure> &measures) {
  std::vector<std::string> row = {std::move(name)};
  for (const Measure &measure : measures) {
    const Spread spread = spreadOver(chips, measure);
    row.push_back(format(measure.pattern, spread.mean) +
                  (spread.deviation
                       ? " +- " + format(measure.pattern, spread.deviation)
                       : ""));
  }
  return row;
}

} // namespace

void aimc::runtime::textBudget(const Findings &findings,
                               const RunOptions &options, std::ostream &out) {
  const std::vector<Measure> measures = measuresOf(options);
  // What the command line leaves out, which no row has.
  std::string base;
  for (const std::string &effect : options.without)
    base += (base.empty() ? "" : ", ") + effect;
  if (findings.chips.size() > 1)
    out << "error budget, mean +- standard deviation over "
        << findings.chips.size() << " chips\n";
  std::vector<std::vector<std::string>> table = {{"error budget"}};
  for (const Measure &measure : measures)
    table[0].push_back(measure.title);
  table.push_back(rowOf(base.empty() ? "all effects" : "without " + base,
                        findings.chips, measures));
  for (const ReducedFindings &reduced : findings.budget)
    table.push_back(
        rowOf("without " + base + (base.empty() ? "" : ", ") + reduced.without,
              reduced.chips, measures));
  table.push_back(rowOf("exact device", {findings.exact}, measures));

  std::vector<size_t> widths(measures.size() + 1);
  for (const std::vector<std::string> &row : table)
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], row[i].size());
  for (const std::vector<std::string> &row : table)
    for (size_t i = 0; i < row.size(); ++i)
      out << row[i]
          << (i + 1 == row.size()
                  ? "\n"
                  : std::string(widths[i] - row[i].size() + 2, ' '));
}
