//===- CalibrationReport.cpp - What ranges of converters cost -------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The report as JSON and as a table.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Transforms/CalibrationReport.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace aimc;

Quantiser aimc::quantiserOf(const runtime::Converter &converter,
                            int conversions) {
  Rounding rounding = converter.rounding == "toward_zero" ? Rounding::TowardZero
                      : converter.rounding == "stochastic"
                          ? Rounding::Stochastic
                          : Rounding::Nearest;
  return {converter.bits, rounding, conversions};
}

ReportedConverter aimc::reportConverter(const RecordedValues &values,
                                        const runtime::Converter &converter,
                                        int conversions, double range,
                                        double unit) {
  ReportedConverter result;
  result.range = range;
  // Zeros are neither clipped nor rounded.
  if (converter.ideal || values.max == 0)
    return result;
  result.clipped = clippedFraction(values, range * unit);
  result.squaredError =
      expectedSquaredError(values, range * unit,
                           quantiserOf(converter, conversions)) /
      (unit * unit);
  result.loss =
      expectedLoss(values, range * unit, quantiserOf(converter, conversions)) /
      (unit * unit);
  return result;
}

static void writeConverter(llvm::json::OStream &json, llvm::StringRef name,
                           double range, const ReportedConverter *converter) {
  json.attributeObject(name, [&] {
    json.attribute("range", range);
    if (!converter)
      return;
    json.attribute("clipped", converter->clipped);
    json.attribute("mean_square_error", converter->squaredError);
  });
}

static void writeSite(llvm::json::OStream &json, const ReportedSite &site) {
  const ReportedData *data = site.data ? &*site.data : nullptr;
  json.object([&] {
    json.attribute("site", site.site);
    json.attribute("matrix", site.matrix);
    json.attribute("rule", site.rule);
    if (data)
      json.attribute("vectors", data->vectors);
    writeConverter(json, "input", site.inputRange,
                   data ? &data->input : nullptr);
    writeConverter(json, "output", site.outputRange,
                   data ? &data->output : nullptr);
    if (!data)
      return;
    json.attributeObject("product", [&] {
      json.attribute("mean_square_error", data->total());
      json.attribute("from_input", data->fromInput);
      json.attribute("from_output", data->fromOutput);
      json.attribute("from_both", data->fromBoth);
      json.attribute("from_noise", data->fromNoise);
    });
  });
}

static void writeTable(llvm::raw_ostream &os,
                       const std::vector<ReportedSite> &sites) {
  os << "site  matrix        rule        input range    clipped  MS error  "
        "output range    clipped  MS error  product MS error\n";
  for (const ReportedSite &site : sites) {
    const ReportedData *data = site.data ? &*site.data : nullptr;
    const auto converter = [&](double range, const ReportedConverter *found) {
      os << llvm::format("  %11.5g", range);
      if (found)
        os << llvm::format("  %7.3f %%  %8.3g", 100 * found->clipped,
                           found->squaredError);
      else
        os << "          -         -";
    };
    os << llvm::format("%-4lld  %-12s  %-10s",
                       static_cast<long long>(site.site), site.matrix.c_str(),
                       site.rule.c_str());
    converter(site.inputRange, data ? &data->input : nullptr);
    os << ' '; // "output" is longer than "input".
    converter(site.outputRange, data ? &data->output : nullptr);
    if (data)
      os << llvm::format("  %16.3g", data->total());
    else
      os << "                 -";
    os << "\n";
  }
}

llvm::Error
aimc::writeCalibrationReport(llvm::StringRef file,
                             const std::vector<ReportedSite> &sites) {
  return llvm::writeToOutput(file, [&](llvm::raw_ostream &os) {
    if (!file.ends_with(".json")) {
      writeTable(os, sites);
      return llvm::Error::success();
    }
    llvm::json::OStream json(os, /*IndentSize=*/2);
    json.object([&] {
      json.attribute("version", 1);
      json.attributeArray("sites", [&] {
        for (const ReportedSite &site : sites)
          writeSite(json, site);
      });
    });
    os << "\n";
    return llvm::Error::success();
  });
}
