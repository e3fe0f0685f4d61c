//===- Converters.h - Converters of the simulated chip ----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the simulator knows of a chip's converters beyond their steps: the
// random words of stochastic rounding, and the gain and offset of each column.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_SIMULATOR_CONVERTERS_H
#define AIMC_RUNTIME_DEVICES_SIMULATOR_CONVERTERS_H

#include "Runtime/Kernels/Engine.h"
#include "Runtime/Random/Normal.h"
#include "aimc/Runtime/ABI.h"
#include "aimc/Runtime/TargetDescription.h"

#include <cstdint>
#include <vector>

namespace aimc::runtime {

/// Steps on either side of zero; 0 for the ideal converter.
float levelsOf(const Converter &converter);

/// The magnitude from which on a converter of `levels` > 0 steps clips to
/// `range` what would be rounded to more than one step beyond it.
inline float clippedFrom(float range, float levels) {
  return range + 1.5f * (range / levels);
}

/// Gains and offsets of the ADCs at a tile's columns, frozen for a chip; empty
/// where every column has 1 or 0.
///
///   gain   = 1 + gain_spread xi,   estimate = gain (1 + gain_residual xi),
///   offset = offset_spread xi,     estimate = offset + offset_residual xi
///
/// with a standard normal xi for each of the four and each column of a core;
/// measured gains and offsets of the target stand in the place of draws.
/// Estimates, which a chip that corrects its ADCs digitally takes away again,
/// are empty for one that does not.
struct ColumnErrors {
  std::vector<float> gains, offsets, gainEstimates, offsetEstimates;
};
ColumnErrors drawColumnErrors(const Converter &adc, const Engine &engine,
                              const aimc_tile &tile, uint64_t seed);

/// The errors of an ADC, ready for its kernel.
class AdcErrors {
public:
  explicit AdcErrors(const Converter &adc);

  /// Sets what does not depend on a range. `columns` and this outlive it.
  void apply(AdcRequest &request, const ColumnErrors &columns) const;

  /// The magnitude above which a bit line's sum saturates or has just reached
  /// that; infinite if none does.
  float clippedFrom() const;

  /// The largest magnitude that a converter without errors, of `levels` > 0
  /// steps, converts to 0.
  float lostUpTo(float range, float levels) const;

private:
  bool towardZero;
  float saturation, cubic;
  std::vector<float> table;
};

/// Words for the stochastic rounding of `count` inputs of one vector, input i
/// word i; `words` has room for the next multiple of 64.
void drawWords(const Engine &engine, StreamKey key, uint64_t vector,
               int64_t count, uint32_t *words);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_SIMULATOR_CONVERTERS_H
