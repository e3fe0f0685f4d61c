//===- Converters.cpp - Converters of the simulated chip --------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The columns' errors and of random words, by place.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Simulator/Converters.h"

#include <cmath>
#include <limits>

namespace aimc::runtime {

float levelsOf(const Converter &converter) {
  return converter.ideal
             ? 0.0f
             : static_cast<float>((int64_t{1} << (converter.bits - 1)) - 1);
}

ColumnErrors drawColumnErrors(const Converter &adc, const Engine &engine,
                              const aimc_tile &tile, uint64_t seed) {
  const auto draw = [&](Effect effect, double spread, float base,
                        std::vector<float> &values) {
    values.resize(tile.columns);
    const StreamKey key = deriveStream(seed, effect, tile.chip, tile.core);
    const uint32_t counter[3] = {0, 0, 0};
    engine.normals(key.words, counter, tile.core_column, tile.columns,
                   values.data());
    for (float &value : values)
      value = base + static_cast<float>(spread) * value;
  };
  const auto copy = [&](const ColumnFigures &figures,
                        std::vector<float> &values) {
    for (int64_t i = 0; i < tile.columns; ++i)
      values.push_back(static_cast<float>(
          figures.at(tile.chip, tile.core, tile.core_column + i)));
  };
  ColumnErrors errors;
  if (adc.ideal)
    return errors;
  if (!adc.gains.empty())
    copy(adc.gains, errors.gains);
  if (!adc.offsets.empty())
    copy(adc.offsets, errors.offsets);
  if (adc.gainSpread > 0)
    draw(Effect::AdcGain, adc.gainSpread, 1.0f, errors.gains);
  if (adc.offsetSpread > 0)
    draw(Effect::AdcOffset, adc.offsetSpread, 0.0f, errors.offsets);
  if (!adc.corrected)
    return errors;
  if (!errors.gains.empty() || adc.gainResidual > 0) {
    draw(Effect::AdcGainEstimate, adc.gainResidual, 1.0f, errors.gainEstimates);
    for (size_t i = 0; i < errors.gains.size(); ++i)
      errors.gainEstimates[i] *= errors.gains[i];
  }
  if (!errors.offsets.empty() || adc.offsetResidual > 0) {
    draw(Effect::AdcOffsetEstimate, adc.offsetResidual, 0.0f,
         errors.offsetEstimates);
    for (size_t i = 0; i < errors.offsets.size(); ++i)
      errors.offsetEstimates[i] += errors.offsets[i];
  }
  return errors;
}

AdcErrors::AdcErrors(const Converter &adc)
    : towardZero(adc.rounding == "toward_zero"),
      saturation(adc.saturation ? static_cast<float>(*adc.saturation)
                                : std::numeric_limits<float>::infinity()),
      cubic(static_cast<float>(adc.curve.cubic)),
      table(adc.curve.table.begin(), adc.curve.table.end()) {}

void AdcErrors::apply(AdcRequest &request, const ColumnErrors &columns) const {
  const auto pointer = [](const std::vector<float> &values) {
    return values.empty() ? nullptr : values.data();
  };
  request.towardZero = towardZero;
  request.saturation = saturation;
  request.gains = pointer(columns.gains);
  request.offsets = pointer(columns.offsets);
  request.gainEstimates = pointer(columns.gainEstimates);
  request.offsetEstimates = pointer(columns.offsetEstimates);
  request.cubic = cubic;
  request.table = pointer(table);
  request.tableSize = static_cast<int32_t>(table.size());
}

float AdcErrors::clippedFrom() const {
  return std::isinf(saturation) ? saturation : std::nextafter(saturation, 0.0f);
}

float AdcErrors::lostUpTo(float range, float levels) const {
  const float step = range / levels;
  return towardZero ? std::nextafter(step, 0.0f) : step / 2;
}

void drawWords(const Engine &engine, StreamKey key, uint64_t vector,
               int64_t count, uint32_t *words) {
  // 16 counters of four words each.
  constexpr int64_t Group = 64;
  for (int64_t first = 0; first < count; first += Group) {
    const uint32_t counter[4] = {static_cast<uint32_t>(first / Group * 16),
                                 static_cast<uint32_t>(vector),
                                 static_cast<uint32_t>(vector >> 32), 0};
    engine.philox(key.words, counter, words + first);
  }
}

} // namespace aimc::runtime
