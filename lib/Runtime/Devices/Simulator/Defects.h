//===- Defects.h - Devices that do not work ---------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Stuck devices by chance, dead cells, columns and cores by the target's list.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_SIMULATOR_DEFECTS_H
#define AIMC_RUNTIME_DEVICES_SIMULATOR_DEFECTS_H

#include "Runtime/Kernels/Engine.h"
#include "aimc/Runtime/ABI.h"
#include "aimc/Runtime/DeviceModel.h"

namespace aimc::runtime {

/// Sets stuck devices of row `row` of a tile to `low` or `high` (uS). Which
/// ones these are depends on (seed, chip, core, row, column, polarity) alone.
void applyStuckDevices(const Defects &defects, const Engine &engine,
                       uint64_t seed, const aimc_tile &tile, int64_t row,
                       uint32_t polarity, float low, float high,
                       float *conductances);

/// Sets weights (row-major, tile.rows x tile.columns) to 0 where no current
/// flows.
void applyDeadPlaces(const Defects &defects, const aimc_tile &tile,
                     float *weights);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_SIMULATOR_DEFECTS_H
