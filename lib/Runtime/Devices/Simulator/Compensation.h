//===- Compensation.h - Factors against drift -------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a chip's digital side multiplies outputs by after a time, so that drift
// costs less.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_SIMULATOR_COMPENSATION_H
#define AIMC_RUNTIME_DEVICES_SIMULATOR_COMPENSATION_H

#include "Runtime/Devices/Simulator/TileReader.h"
#include "aimc/Runtime/Context.h"

namespace aimc::runtime {

/// A tile as it is at a time, and the factors of its outputs.
struct CompensatedTile {
  ProgrammedTile tile;
  std::vector<float> factors; ///< see TileReading
  ColumnErrors columns;       ///< of its ADCs
};

/// When the factors in use at a time were measured: at the last multiple of the
/// recalibration interval, s; without one, at the time itself.
double recalibrationTime(const Drift &drift, double time);

/// Programs a tile, lets it age to `options.time` and finds its factors as the
/// device's drift says: the mean |output| at time 0 over that at the time of
/// the last recalibration, of the tile or of a column, each measured through
/// the converters and with their noise (IBM's aihwkit, GlobalDriftCompensation;
/// V. Joshi et al., Nature Communications 11, 2020). The inputs are 256 vectors
/// of +-1 with random signs, the ADC's range the least that clips no output of
/// the weights as given: unit vectors, as in aihwkit, would lose weights below
/// a step in an ADC that rounds toward zero, and the more the further they have
/// drifted. Until the first recalibration there are none. A factor is 1 where
/// nothing comes out.
CompensatedTile programCompensatedTile(const TargetDescription &target,
                                       const TileReader &reader,
                                       const Engine &engine,
                                       const ContextOptions &options,
                                       const aimc_matrix &matrix,
                                       const aimc_tile &tile);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_SIMULATOR_COMPENSATION_H
