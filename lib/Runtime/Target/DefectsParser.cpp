//===- DefectsParser.cpp - Reading what does not work on a chip -----------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The section `device.defects`. That its places exist is checked once the array
// and the cores are known.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Target/SectionParsers.h"

using namespace aimc::runtime;
using nlohmann::json;

/// The fields of a place, in the order of its numbers in the file.
static std::vector<int64_t DeadPlace::*> placeFields(const std::string &list) {
  std::vector<int64_t DeadPlace::*> fields = {&DeadPlace::chip,
                                              &DeadPlace::core};
  if (list == "dead_cells")
    fields.push_back(&DeadPlace::row);
  if (list != "dead_cores")
    fields.push_back(&DeadPlace::column);
  return fields;
}

static std::vector<DeadPlace> readPlaces(ObjectReader &object,
                                         const char *field) {
  std::vector<DeadPlace> places;
  if (!object.has(field))
    return places;
  constexpr size_t Most = 100000;
  const std::vector<int64_t DeadPlace::*> fields = placeFields(field);
  const json &list = object.at(field);
  if (!list.is_array() || list.size() > Most) {
    object.reading.fail(
        object.pathOf(field),
        "an array of at most " + std::to_string(Most) + " places",
        list.is_array() ? std::to_string(list.size()) + " of them"
                        : shown(list));
    return places;
  }
  for (size_t i = 0; i < list.size(); ++i) {
    const std::string path =
        object.pathOf(field) + "[" + std::to_string(i) + "]";
    DeadPlace place;
    bool valid = list[i].is_array() && list[i].size() == fields.size();
    for (size_t j = 0; valid && j < fields.size(); ++j) {
      valid = list[i][j].is_number_unsigned() &&
              list[i][j].get<uint64_t>() < (uint64_t{1} << 31);
      if (valid)
        place.*fields[j] = list[i][j].get<int64_t>();
    }
    if (!valid)
      object.reading.fail(path,
                          "an array of " + std::to_string(fields.size()) +
                              " integers of 0 or more",
                          list[i].dump().substr(0, 60));
    places.push_back(place);
  }
  return places;
}

Defects aimc::runtime::readDefects(ObjectReader &device) {
  ObjectReader object(device.reading, device.at("defects"),
                      device.pathOf("defects"),
                      {"stuck_low", "stuck_high", "dead_cells", "dead_columns",
                       "dead_cores", "provenance", "source"});
  Defects defects;
  defects.stuckLow = object.number("stuck_low", {0, 1});
  defects.stuckHigh = object.number("stuck_high", {0, 1 - defects.stuckLow});
  defects.cells = readPlaces(object, "dead_cells");
  defects.columns = readPlaces(object, "dead_columns");
  defects.cores = readPlaces(object, "dead_cores");
  const Origin origin = object.origin();
  object.record("stuck_low", defects.stuckLow, "1", origin);
  object.record("stuck_high", defects.stuckHigh, "1", origin);
  return defects;
}

static void checkPlaces(Reading &reading, const TargetDescription &target,
                        const std::vector<DeadPlace> &places,
                        const std::string &field) {
  for (size_t i = 0; i < places.size(); ++i)
    if (places[i].chip >= target.chips || places[i].core >= target.cores() ||
        places[i].row >= target.array.rows ||
        places[i].column >= target.array.columns)
      reading.fail("device.defects." + field + "[" + std::to_string(i) + "]",
                   "a place on one of " + std::to_string(target.chips) +
                       " chips of " + std::to_string(target.cores()) +
                       " cores of " + std::to_string(target.array.rows) +
                       " x " + std::to_string(target.array.columns),
                   "one beyond them");
}

void aimc::runtime::checkDefects(Reading &reading,
                                 const TargetDescription &target) {
  const Defects &defects = target.device.defects;
  checkPlaces(reading, target, defects.cells, "dead_cells");
  checkPlaces(reading, target, defects.columns, "dead_columns");
  checkPlaces(reading, target, defects.cores, "dead_cores");
}
