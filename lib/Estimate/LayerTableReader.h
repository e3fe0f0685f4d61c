//===- LayerTableReader.h - Layer tables as JSON ----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the layers of a network from a file. The format is documented in
// docs/Schedules.md.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ESTIMATE_LAYERTABLEREADER_H
#define AIMC_LIB_ESTIMATE_LAYERTABLEREADER_H

#include "Analysis/LayerTable.h"

#include "aimc/Runtime/TextPlace.h"

#include <optional>
#include <string>
#include <string_view>

namespace aimc {

/// The most output rows that a table may have in all.
constexpr int64_t maximumLayerRows = 1000000;

/// Reads a table; its layers may stand in any order, and are brought into one
/// in which each comes after its inputs, otherwise as in the file. On error
/// returns nothing and sets `error` to one sentence that names the field, say
/// "field 'nodes[3].kernel' expects an integer from 1 to 2147483647, but got
/// 0", and `place` to where that is.
std::optional<LayerTable> parseLayerTable(std::string_view json,
                                          std::string &error,
                                          runtime::TextPlace &place);

/// Reads the table of a file. Errors that are at no line of it name it.
std::optional<LayerTable> loadLayerTable(const std::string &path,
                                         std::string &error,
                                         runtime::TextPlace &place);

} // namespace aimc

#endif // AIMC_LIB_ESTIMATE_LAYERTABLEREADER_H
