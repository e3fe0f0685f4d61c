//===- MappingFile.h - Mappings as JSON -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which part of which matrix lies where, in the form that is exchanged with
// other tools. docs/Mapping.md describes it.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_MAPPING_MAPPINGFILE_H
#define AIMC_LIB_MAPPING_MAPPINGFILE_H

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace aimc {

/// Rows or columns [begin, end).
using MappedRange = std::array<int64_t, 2>;

/// A part of a matrix on a core.
struct MappedTile {
  int64_t chip = 0, core = 0;
  int64_t replica = 0;                   ///< which copy of the matrix, from 0
  MappedRange tileRows{}, tileColumns{}; ///< cells of the core
  MappedRange rows{}, columns{};         ///< of the matrix
  size_t offset = 0;                     ///< in the text it was read from
};

/// A matrix.
struct MappedWeights {
  std::string name;
  std::vector<MappedTile> tiles;
  /// Whether each replica takes one vector of as many as there are; else all
  /// are averaged. Nothing: the mapping does not tell.
  std::optional<bool> shared;
  size_t offset = 0; ///< in the text it was read from
};

/// A mapping.
struct MappingFile {
  std::string target;
  /// What it was made for; `manual` for no objective of aimc-place.
  std::string objective = "manual";
  int64_t coresUsed = 0;       ///< cores with a tile
  int64_t lowerBoundCores = 0; ///< no packing of these tiles takes fewer
  double utilisation = 0; ///< cells with weights over those of the cores used
  std::vector<MappedWeights> weights;
  size_t targetOffset = 0; ///< in the text it was read from

  /// How many cores have tiles, from the tiles.
  int64_t countCores() const;
};

/// What is wrong in a text, and where.
struct MappingError {
  size_t offset = 0;
  std::string text;
};

/// Reads a mapping. Each field has its type, regions are not empty and not
/// negative, those of a tile on the core and in the matrix have one size, tiles
/// of a core do not overlap, and `cores_used` is the number of cores that have
/// tiles. Returns nothing and sets `error` otherwise. What else may be wrong
/// depends on a module.
std::optional<MappingFile> parseMapping(std::string_view text,
                                        MappingError &error);

/// Writes a mapping, one tile a line.
void printMapping(const MappingFile &mapping, llvm::raw_ostream &os);

/// Prints which matrices differ between two mappings and how, one line each,
/// and the cores in use if these differ; a sentence when nothing does.
void printMappingDiff(const MappingFile &before, const MappingFile &after,
                      llvm::raw_ostream &os);

} // namespace aimc

#endif // AIMC_LIB_MAPPING_MAPPINGFILE_H
