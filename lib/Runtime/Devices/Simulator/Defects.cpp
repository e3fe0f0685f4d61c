//===- Defects.cpp - Devices that do not work -----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Stuck devices are drawn as words of Philox in the layout of the variates of
// Normal.h; a word below the fraction times 2^32 is stuck at low, one among the
// following ones at high.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Simulator/Defects.h"

#include "Runtime/Random/Normal.h"

#include <algorithm>

namespace aimc::runtime {

void applyStuckDevices(const Defects &defects, const Engine &engine,
                       uint64_t seed, const aimc_tile &tile, int64_t row,
                       uint32_t polarity, float low, float high,
                       float *conductances) {
  if (defects.stuckLow == 0 && defects.stuckHigh == 0)
    return;
  const StreamKey key =
      deriveStream(seed, Effect::StuckDevices, tile.chip, tile.core);
  const auto limit = [](double fraction) {
    return static_cast<uint64_t>(fraction * 0x1p32);
  };
  const uint64_t lowEnd = limit(defects.stuckLow);
  const uint64_t highEnd = limit(defects.stuckLow + defects.stuckHigh);
  constexpr int64_t Group = 64;
  uint32_t words[Group];
  for (int64_t column = 0; column < tile.columns;) {
    const int64_t place = tile.core_column + column;
    const uint32_t counter[4] = {static_cast<uint32_t>(place / Group * 16),
                                 static_cast<uint32_t>(tile.core_row + row),
                                 polarity, 0};
    engine.philox(key.words, counter, words);
    const int64_t count =
        std::min(Group - place % Group, int64_t{tile.columns} - column);
    for (int64_t i = 0; i < count; ++i) {
      const uint64_t word = words[place % Group + i];
      if (word < highEnd)
        conductances[column + i] = word < lowEnd ? low : high;
    }
    column += count;
  }
}

void applyDeadPlaces(const Defects &defects, const aimc_tile &tile,
                     float *weights) {
  const auto isOnCore = [&](const DeadPlace &place) {
    return place.chip == tile.chip && place.core == tile.core;
  };
  for (const DeadPlace &place : defects.cores)
    if (isOnCore(place))
      std::fill_n(weights, int64_t{tile.rows} * tile.columns, 0.0f);
  for (const DeadPlace &place : defects.columns) {
    const int64_t column = place.column - tile.core_column;
    if (isOnCore(place) && column >= 0 && column < tile.columns)
      for (int64_t row = 0; row < tile.rows; ++row)
        weights[row * tile.columns + column] = 0;
  }
  for (const DeadPlace &place : defects.cells) {
    const int64_t row = place.row - tile.core_row;
    const int64_t column = place.column - tile.core_column;
    if (isOnCore(place) && row >= 0 && row < tile.rows && column >= 0 &&
        column < tile.columns)
      weights[row * tile.columns + column] = 0;
  }
}

} // namespace aimc::runtime
