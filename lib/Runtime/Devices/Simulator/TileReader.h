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
  const aimc_tile &tile;
  float inputRange, outputRange;
  StreamKey key;        ///< of the noise
  uint64_t firstVector; ///< index of the first row
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

  /// Whether tiles need the magnitudes of their weights.
  bool needsMagnitudes() const { return irDrop.isPresent(); }

  /// Memory for a block of rows, reused from call to call.
  struct Scratch {
    Buffer sums, normals, squares, variances;
    IrDrop::Scratch irDrop;
  };

  /// y (count x tile.columns, rows `yStride` apart) from `x` (count x
  /// tile.rows), inputs in units of the input range as the DAC gives them.
  void read(const TileReading &reading, const float *x, int64_t xStride,
            int64_t count, float *y, int64_t yStride, Scratch &scratch) const;

private:
  const Engine &engine;
  const float dac, adc, outputNoise;
  const IrDrop irDrop;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_SIMULATOR_TILEREADER_H
