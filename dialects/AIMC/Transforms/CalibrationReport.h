//===- CalibrationReport.h - What ranges of converters cost -----*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What aimc-calibrate reports of each product: its rule and ranges, what they
// clip of the recorded values, and the squared error that they let expect.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_TRANSFORMS_CALIBRATIONREPORT_H
#define AIMC_DIALECTS_AIMC_TRANSFORMS_CALIBRATIONREPORT_H

#include "Analysis/Ranges.h"
#include "aimc/Runtime/TargetDescription.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace aimc {

/// A range over the values that were recorded at its converter.
struct ReportedConverter {
  double range = 0;
  double clipped = 0; ///< fraction of the values beyond the range
  /// Expected one of clipping and rounding, in the square of the range's units.
  double squaredError = 0;
  /// Expected product of a value and what is taken of it, in the same units.
  double loss = 0;
};

/// The steps of a converter, `conversions` of which make up a value.
Quantiser quantiserOf(const runtime::Converter &converter, int conversions);

/// What a range does to the recorded values; nothing where an ideal converter
/// does nothing. `unit` is that of the range in units of the values.
ReportedConverter reportConverter(const RecordedValues &values,
                                  const runtime::Converter &converter,
                                  int conversions, double range, double unit);

/// What a product's ranges let expect on the data they rest on.
struct ReportedData {
  int64_t vectors = 0;
  ReportedConverter input, output;
  /// Mean-square error of an output of the product, in its units: of the DAC,
  /// of the ADC, of what both take of it at once, and of the target's output
  /// noise.
  double fromInput = 0, fromOutput = 0, fromBoth = 0, fromNoise = 0;

  double total() const { return fromInput + fromOutput + fromBoth + fromNoise; }
};

/// One product.
struct ReportedSite {
  int64_t site = 0;
  std::string matrix, rule;
  double inputRange = 0, outputRange = 0;
  std::optional<ReportedData> data; ///< none of a static rule
};

/// Writes a report to a file, `-` for standard output: JSON if its name ends in
/// `.json`, else a table. The file is whole or not there.
llvm::Error writeCalibrationReport(llvm::StringRef file,
                                   const std::vector<ReportedSite> &sites);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_TRANSFORMS_CALIBRATIONREPORT_H
