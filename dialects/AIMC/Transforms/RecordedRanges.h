//===- RecordedRanges.h - The file of recorded ranges -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `aimc-run --collect-ranges` writes: the statistics of the values at the
// converters of each site.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_AIMC_TRANSFORMS_RECORDEDRANGES_H
#define AIMC_DIALECTS_AIMC_TRANSFORMS_RECORDEDRANGES_H

#include "Analysis/Ranges.h"

#include "llvm/ADT/StringRef.h"

#include <map>
#include <optional>
#include <string>

namespace aimc {

/// What was recorded at one site.
struct RecordedSite {
  std::string matrix;
  int64_t vectors = 0; ///< 0: the site was never reached
  /// Values before the DAC, and partial sums of tiles before the ADC divided
  /// by the largest weight of the tile. Only with vectors.
  RecordedValues input, output;
};

/// The sites of a file by their number.
using RecordedRanges = std::map<int64_t, RecordedSite>;

/// Reads the text of a file. On error returns nothing and sets `error` to one
/// sentence that names the field. All of the file is checked: version, types,
/// finite numbers, counts that are not negative and that the histogram adds up
/// to, and that the largest magnitude lies in the last bin.
std::optional<RecordedRanges> parseRecordedRanges(llvm::StringRef text,
                                                  std::string &error);

} // namespace aimc

#endif // AIMC_DIALECTS_AIMC_TRANSFORMS_RECORDEDRANGES_H
