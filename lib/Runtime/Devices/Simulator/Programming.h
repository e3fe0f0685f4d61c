//===- Programming.h - Weights as programmed --------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How the weights of a tile look after programming.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_SIMULATOR_PROGRAMMING_H
#define AIMC_RUNTIME_DEVICES_SIMULATOR_PROGRAMMING_H

#include "Runtime/Kernels/PackedMatrix.h"
#include "aimc/Runtime/ABI.h"
#include "aimc/Runtime/TargetDescription.h"

#include <cstdint>

namespace aimc::runtime {

/// A tile's programmed weights in units of its largest weight.
struct ProgrammedTile {
  PackedMatrix weights;
  float largestWeight = 0; ///< of the weights as given; 0: all are
};

/// Programs a tile of `matrix` with a device model.
///
/// `ideal`: weights over the largest one. `hermes`: pairs of conductances as
/// fitted on the HERMES chip (IBM's aihwkit; M. Le Gallo et al., Using the IBM
/// analog in-memory hardware acceleration kit, APL Machine Learning 1, 2023):
///
///   g+- = max(g_max x+- + sigma(x+-) xi, 0), also where x+- is 0,
///   w^  = (g+ - g-) / g_max * max(1 + q(x) sqrt(ln((t0 + t_r) / (2 t_r))) xi,
///   0)
///
/// where x+- are the sides of the weight over the tile's largest, sigma the
/// target's programming noise, t0 its reference time, q and t_r its
/// low-frequency noise, and x the programmed weight over the largest one. The
/// second factor is the noise that has built up when the weights are first
/// used. A fit for several devices of one polarity is of their sum.
///
/// The noise of a cell is keyed by (seed, chip, core, row, column, polarity),
/// so `hermes` needs a placed tile.
ProgrammedTile programTile(const DeviceModel &device, const Engine &engine,
                           const aimc_matrix &matrix, const aimc_tile &tile,
                           uint64_t seed);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_SIMULATOR_PROGRAMMING_H
