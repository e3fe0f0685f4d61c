//===- TileReader.h - Products with a programmed tile -----------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The analog part of a product and its converters: what a tile gives for inputs
// that have passed the DAC. Drift compensation measures through it too.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_SIMULATOR_TILEREADER_H
#define AIMC_RUNTIME_DEVICES_SIMULATOR_TILEREADER_H

#include "Runtime/Devices/Simulator/Converters.h"
#include "Runtime/Devices/Simulator/IrDrop.h"
#include "Runtime/Devices/Simulator/Programming.h"
#include "Runtime/Random/Normal.h"
#include "aimc/Runtime/TargetDescription.h"

namespace aimc::runtime {

/// One reading of a tile.
struct TileReading {
  const ProgrammedTile &programmed;
  /// None; one factor of all outputs; or one for each column.
  const std::vector<float> &factors;
  const ColumnErrors &columns; ///< of the tile's ADCs
  const aimc_tile &tile;
  float inputRange, outputRange;
  StreamKey key;        ///< of the noise
  uint64_t firstVector; ///< index of the first row
  uint64_t vectorStep;  ///< from the index of a row to that of the next
  bool add;             ///< y = y + partial instead of y = partial
};

class TileReader {
public:
  TileReader(const TargetDescription &target, const Engine &engine);

  /// Steps of the converters on either side of zero; 0: ideal.
  float dacLevels() const { return dac; }
  float adcLevels() const { return adc; }

  /// Whether something on the way depends on the units of the input.
  bool hasScale() const {
    return dac > 0 || adc > 0 || outputNoise > 0 || irDrop.isPresent();
  }

  /// Whether tiles need their weights as integers.
  bool needsIntegers() const { return irDrop.isPresent(); }

  /// Whether inputs and weights of each sign are read apart.
  bool splitsSigns() const { return phases > 1; }

  /// Memory for a block of rows, reused from call to call.
  struct Scratch {
    Buffer sums, normals, squares, variances, positive, negative, net;
    IrDrop::Scratch irDrop;
    /// Outputs so far whose sums are beyond the ADC's range or saturate.
    uint64_t clipped = 0;
    /// Outputs so far of inputs and weights that are not all zero, and those of
    /// them whose sums, without noise, are less than a step.
    uint64_t driven = 0, lost = 0;
  };

  /// y (count x tile.columns, rows `yStride` apart) from `x` (count x
  /// tile.rows), inputs in units of the input range as the DAC gives them.
  void read(const TileReading &reading, const float *x, int64_t xStride,
            int64_t count, float *y, int64_t yStride, Scratch &scratch) const;

private:
  /// Sums of one phase, in which a part of the weights is read, and, with read
  /// noise, their variances.
  void readBitLines(const ProgrammedTile &programmed, WeightPart part,
                    const aimc_tile &tile, const float *x, int64_t xStride,
                    int64_t count, float *sums, float *variances,
                    Scratch &scratch) const;
  uint64_t countClipped(const float *sums, int64_t columns, int64_t size,
                        float range, Scratch &scratch) const;
  uint64_t countLost(const float *sums, int64_t columns, int64_t size,
                     float range, Scratch &scratch) const;

  const Engine &engine;
  const float dac, adc, outputNoise;
  const int phases;
  const AdcErrors errors;
  const IrDrop irDrop;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_SIMULATOR_TILEREADER_H
