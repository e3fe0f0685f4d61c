//===- MappingPrinter.cpp - Mappings and their differences as text --------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Mappings as JSON for tools and line tools, and what has changed for people.
//
//===----------------------------------------------------------------------===//

#include "Mapping/MappingFile.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <map>
#include <tuple>

using namespace aimc;

static void printRegion(llvm::StringRef name, MappedRange region,
                        llvm::raw_ostream &os) {
  os << ", \"" << name << "\": [" << region[0] << ", " << region[1] << "]";
}

void aimc::printMapping(const MappingFile &mapping, llvm::raw_ostream &os) {
  // By hand and not by a library's writer, which has no line for each tile.
  auto text = [](llvm::StringRef value) {
    return llvm::formatv("{0}", llvm::json::Value(llvm::json::fixUTF8(value)))
        .str();
  };
  os << "{\n  \"target\": " << text(mapping.target)
     << ",\n  \"objective\": " << text(mapping.objective)
     << ",\n  \"cores_used\": " << mapping.coresUsed
     << ",\n  \"lower_bound_cores\": " << mapping.lowerBoundCores
     << ",\n  \"utilisation\": " << llvm::json::Value(mapping.utilisation);
  std::string shared;
  for (const MappedWeights &weights : mapping.weights)
    if (weights.shared.value_or(false))
      shared += (shared.empty() ? "" : ", ") + text(weights.name);
  // Without such replicas a mapping has the fields that others have.
  if (!shared.empty())
    os << ",\n  \"vectors_shared\": [" << shared << "]";
  os << ",\n  \"weights\": {";
  const char *separator = "\n";
  for (const MappedWeights &weights : mapping.weights) {
    os << separator << "    " << text(weights.name) << ": [";
    separator = ",\n";
    const char *tileSeparator = "\n";
    for (const MappedTile &tile : weights.tiles) {
      os << tileSeparator << "      {\"chip\": " << tile.chip
         << ", \"core\": " << tile.core << ", \"replica\": " << tile.replica;
      tileSeparator = ",\n";
      printRegion("tile_row_region", tile.tileRows, os);
      printRegion("tile_col_region", tile.tileColumns, os);
      printRegion("weight_row_region", tile.rows, os);
      printRegion("weight_col_region", tile.columns, os);
      os << "}";
    }
    os << "\n    ]";
  }
  os << "\n  }\n}\n";
}

/// What tells tiles of a matrix from each other, whatever their place.
static auto keyOf(const MappedTile &tile) {
  return std::make_tuple(tile.replica, tile.rows, tile.columns);
}

static bool isSamePlace(const MappedTile &lhs, const MappedTile &rhs) {
  return lhs.chip == rhs.chip && lhs.core == rhs.core &&
         lhs.tileRows == rhs.tileRows && lhs.tileColumns == rhs.tileColumns;
}

/// Prints how the tiles of a matrix differ; returns whether they do.
static bool printWeightsDiff(const MappedWeights &before,
                             const MappedWeights &after,
                             llvm::raw_ostream &os) {
  auto sorted = [](std::vector<MappedTile> tiles) {
    std::sort(tiles.begin(), tiles.end(), [](const auto &lhs, const auto &rhs) {
      return keyOf(lhs) < keyOf(rhs);
    });
    return tiles;
  };
  bool differ = false;
  if (before.shared.value_or(false) != after.shared.value_or(false)) {
    os << before.name << ": replicas that "
       << (after.shared.value_or(false) ? "are averaged, to share the vectors"
                                        : "share the vectors, to be averaged")
       << "\n";
    differ = true;
  }
  std::vector<MappedTile> from = sorted(before.tiles), to = sorted(after.tiles);
  bool isCutAlike = from.size() == to.size() &&
                    std::equal(from.begin(), from.end(), to.begin(),
                               [](const auto &a, const auto &b) {
                                 return keyOf(a) == keyOf(b);
                               });
  if (!isCutAlike) {
    os << before.name << ": cut differently, " << from.size() << " tiles to "
       << to.size() << "\n";
    return true;
  }
  size_t moved = 0, first = 0;
  for (size_t i = from.size(); i-- > 0;)
    if (!isSamePlace(from[i], to[i])) {
      ++moved;
      first = i;
    }
  if (moved == 0)
    return differ;
  auto printPlace = [&](const MappedTile &tile) {
    os << "chip " << tile.chip << " core " << tile.core << " at ("
       << tile.tileRows[0] << ", " << tile.tileColumns[0] << ")";
  };
  os << before.name << ": " << moved << " of " << from.size()
     << " tiles moved, the first from ";
  printPlace(from[first]);
  os << " to ";
  printPlace(to[first]);
  os << "\n";
  return true;
}

void aimc::printMappingDiff(const MappingFile &before, const MappingFile &after,
                            llvm::raw_ostream &os) {
  bool differ = false;
  if (before.target != after.target) {
    os << "target: " << before.target << " to " << after.target << "\n";
    differ = true;
  }
  std::map<std::string, const MappedWeights *> byName;
  for (const MappedWeights &weights : after.weights)
    byName[weights.name] = &weights;
  for (const MappedWeights &weights : before.weights) {
    auto found = byName.find(weights.name);
    if (found == byName.end()) {
      os << weights.name << ": removed, " << weights.tiles.size() << " tiles\n";
      differ = true;
      continue;
    }
    differ |= printWeightsDiff(weights, *found->second, os);
    byName.erase(found);
  }
  for (const MappedWeights &weights : after.weights)
    if (byName.count(weights.name)) {
      os << weights.name << ": added, " << weights.tiles.size() << " tiles\n";
      differ = true;
    }
  if (before.coresUsed != after.coresUsed) {
    os << "cores used: " << before.coresUsed << " to " << after.coresUsed
       << "\n";
    differ = true;
  }
  if (!differ)
    os << "the mappings are the same\n";
}
