//===- MappingReader.cpp - Mappings from JSON -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each field is checked where it is read, then tiles against each other.
//
//===----------------------------------------------------------------------===//

#include "Mapping/LocatedJson.h"
#include "Mapping/MappingFile.h"

#include "Analysis/Packing.h"

#include <algorithm>
#include <set>
#include <unordered_map>

using namespace aimc;

/// Of indices: sums and products of two do not overflow.
static constexpr int64_t maximumIndex = 1 << 30;

namespace {
/// Reads fields until the first error.
class Reader {
public:
  explicit Reader(MappingError &error) : error(error) {}

  bool failed() const { return hasFailed; }

  void fail(const LocatedJson &value, const std::string &text) {
    if (hasFailed)
      return;
    hasFailed = true;
    error.offset = value.offset;
    error.text = text;
  }

  void expect(const LocatedJson &value, const std::string &what) {
    fail(value, "expects " + what + ", but got " + value.shown());
  }

  /// Fails unless `object` is an object with no other than these fields.
  void checkFields(const LocatedJson &object, const std::string &what,
                   const std::vector<std::string_view> &names) {
    if (object.kind != LocatedJson::Kind::Object)
      return expect(object, what);
    for (size_t i = 0; i < object.names.size(); ++i)
      if (std::find(names.begin(), names.end(), object.names[i]) == names.end())
        return fail(object.items[i],
                    "expects no field '" + object.names[i] + "' of " + what);
  }

  /// The field of that name; fails at the object when there is none.
  const LocatedJson *get(const LocatedJson &object, const std::string &name) {
    const LocatedJson *value = object.find(name);
    if (!value)
      fail(object, "expects a field '" + name + "', but got none");
    return failed() ? nullptr : value;
  }

  std::string getText(const LocatedJson &object, const std::string &name) {
    const LocatedJson *value = get(object, name);
    if (value && value->kind != LocatedJson::Kind::Text)
      expect(*value, "a string as '" + name + "'");
    return failed() ? "" : value->text;
  }

  int64_t getIndex(const LocatedJson &value, const std::string &name) {
    if (value.kind != LocatedJson::Kind::Integer || value.integer < 0 ||
        value.integer > maximumIndex)
      expect(value, "an integer from 0 to " + std::to_string(maximumIndex) +
                        " as '" + name + "'");
    return value.integer;
  }

  int64_t getIndexField(const LocatedJson &object, const std::string &name) {
    const LocatedJson *value = get(object, name);
    return value ? getIndex(*value, name) : 0;
  }

  MappedRange getRegion(const LocatedJson &object, const std::string &name) {
    const LocatedJson *value = get(object, name);
    if (!value)
      return {};
    if (value->kind != LocatedJson::Kind::Array || value->items.size() != 2) {
      expect(*value, "two integers as '" + name + "'");
      return {};
    }
    MappedRange region = {getIndex(value->items[0], name),
                          getIndex(value->items[1], name)};
    if (region[0] >= region[1])
      fail(*value, "expects '" + name + "' to begin before it ends, but got [" +
                       std::to_string(region[0]) + ", " +
                       std::to_string(region[1]) + "]");
    return region;
  }

private:
  MappingError &error;
  bool hasFailed = false;
};
} // namespace

static std::string shown(MappedRange region) {
  return "[" + std::to_string(region[0]) + ", " + std::to_string(region[1]) +
         "]";
}

static MappedTile readTile(Reader &reader, const LocatedJson &value) {
  MappedTile tile;
  tile.offset = value.offset;
  reader.checkFields(value, "a tile",
                     {"chip", "core", "replica", "tile_row_region",
                      "tile_col_region", "weight_row_region",
                      "weight_col_region"});
  if (reader.failed())
    return tile;
  tile.chip = reader.getIndexField(value, "chip");
  tile.core = reader.getIndexField(value, "core");
  tile.replica = reader.getIndexField(value, "replica");
  tile.tileRows = reader.getRegion(value, "tile_row_region");
  tile.tileColumns = reader.getRegion(value, "tile_col_region");
  tile.rows = reader.getRegion(value, "weight_row_region");
  tile.columns = reader.getRegion(value, "weight_col_region");
  auto compare = [&](const char *what, MappedRange onCore,
                     MappedRange ofWeights) {
    if (!reader.failed() &&
        onCore[1] - onCore[0] != ofWeights[1] - ofWeights[0])
      reader.fail(value, std::string("expects as many ") + what +
                             " on the core as of the weights, but got " +
                             shown(onCore) + " for " + shown(ofWeights));
  };
  compare("rows", tile.tileRows, tile.rows);
  compare("columns", tile.tileColumns, tile.columns);
  return tile;
}

static void readWeights(Reader &reader, const LocatedJson &value,
                        MappingFile &mapping) {
  if (value.kind != LocatedJson::Kind::Object)
    return reader.expect(value, "an object as 'weights'");
  for (size_t i = 0; i < value.items.size() && !reader.failed(); ++i) {
    const LocatedJson &list = value.items[i];
    MappedWeights &weights = mapping.weights.emplace_back();
    weights.name = value.names[i];
    weights.offset = list.offset;
    if (list.kind != LocatedJson::Kind::Array || list.items.empty())
      return reader.expect(list, "an array of at least one tile of '" +
                                     weights.name + "'");
    for (const LocatedJson &tile : list.items) {
      weights.tiles.push_back(readTile(reader, tile));
      if (reader.failed())
        return;
    }
  }
}

/// Reads which matrices have replicas that share the vectors. Where that is
/// told, those of all others do not.
static void readShared(Reader &reader, const LocatedJson &value,
                       MappingFile &mapping) {
  if (value.kind != LocatedJson::Kind::Array)
    return reader.expect(value, "an array as 'vectors_shared'");
  std::unordered_map<std::string, MappedWeights *> byName;
  for (MappedWeights &weights : mapping.weights) {
    weights.shared = false;
    byName[weights.name] = &weights;
  }
  for (const LocatedJson &name : value.items) {
    if (name.kind != LocatedJson::Kind::Text)
      return reader.expect(name, "a name in 'vectors_shared'");
    auto found = byName.find(name.text);
    if (found == byName.end())
      return reader.fail(name, "expects one of the 'weights' in "
                               "'vectors_shared', but got '" +
                                   name.text + "'");
    found->second->shared = true;
  }
}

/// Fails where tiles of a core overlap.
static void checkOverlap(MappingFile &mapping, MappingError &error,
                         bool &hasFailed) {
  std::vector<PlacedTile> places;
  std::vector<std::pair<const MappedWeights *, const MappedTile *>> tiles;
  for (const MappedWeights &weights : mapping.weights)
    for (const MappedTile &tile : weights.tiles) {
      places.push_back({{tile.chip * (maximumIndex + 1) + tile.core,
                         tile.tileRows[0], tile.tileColumns[0]},
                        tile.tileRows[1] - tile.tileRows[0],
                        tile.tileColumns[1] - tile.tileColumns[0]});
      tiles.emplace_back(&weights, &tile);
    }
  auto overlap = findOverlap(places);
  if (!overlap)
    return;
  const auto &[first, firstTile] = tiles[overlap->first];
  const MappedTile &tile = *tiles[overlap->second].second;
  hasFailed = true;
  error.offset = tile.offset;
  error.text =
      "expects cells of its own, but got rows " + shown(tile.tileRows) +
      " and columns " + shown(tile.tileColumns) + " of chip " +
      std::to_string(tile.chip) + ", core " + std::to_string(tile.core) +
      ", which overlap rows " + shown(firstTile->tileRows) + " and columns " +
      shown(firstTile->tileColumns) + " of '" + first->name + "'";
}

int64_t MappingFile::countCores() const {
  std::set<std::pair<int64_t, int64_t>> cores;
  for (const MappedWeights &each : weights)
    for (const MappedTile &tile : each.tiles)
      cores.emplace(tile.chip, tile.core);
  return static_cast<int64_t>(cores.size());
}

std::optional<MappingFile> aimc::parseMapping(std::string_view text,
                                              MappingError &error) {
  std::optional<LocatedJson> root =
      LocatedJson::parse(text, error.text, error.offset);
  if (!root)
    return std::nullopt;
  Reader reader(error);
  MappingFile mapping;
  reader.checkFields(*root, "a mapping",
                     {"target", "objective", "cores_used", "lower_bound_cores",
                      "utilisation", "vectors_shared", "weights"});
  if (reader.failed())
    return std::nullopt;
  mapping.target = reader.getText(*root, "target");
  if (const LocatedJson *target = root->find("target"))
    mapping.targetOffset = target->offset;
  if (root->find("objective"))
    mapping.objective = reader.getText(*root, "objective");
  if (const LocatedJson *weights = reader.get(*root, "weights"))
    readWeights(reader, *weights, mapping);
  if (const LocatedJson *shared = root->find("vectors_shared");
      shared && !reader.failed())
    readShared(reader, *shared, mapping);
  if (const LocatedJson *bound = root->find("lower_bound_cores"))
    mapping.lowerBoundCores = reader.getIndex(*bound, "lower_bound_cores");
  if (const LocatedJson *utilisation = root->find("utilisation")) {
    mapping.utilisation = utilisation->number;
    if ((utilisation->kind != LocatedJson::Kind::Integer &&
         utilisation->kind != LocatedJson::Kind::Number) ||
        utilisation->number < 0 || utilisation->number > 1)
      reader.expect(*utilisation, "a number from 0 to 1 as 'utilisation'");
  }
  mapping.coresUsed = mapping.countCores();
  if (const LocatedJson *used = root->find("cores_used"))
    if (int64_t told = reader.getIndex(*used, "cores_used");
        told != mapping.coresUsed)
      reader.expect(*used, "'cores_used' to be " +
                               std::to_string(mapping.coresUsed) +
                               ", the number of cores with tiles");
  bool hasFailed = reader.failed();
  if (!hasFailed)
    checkOverlap(mapping, error, hasFailed);
  if (hasFailed)
    return std::nullopt;
  return mapping;
}
