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

#include "Runtime/Kernels/IntegerMatrix.h"
#include "Runtime/Kernels/PackedMatrix.h"
#include "aimc/Runtime/ABI.h"
#include "aimc/Runtime/TargetDescription.h"

#include <cstdint>
#include <vector>

namespace aimc::runtime {

/// A tile's programmed weights in units of its largest weight, as they are at a
/// time after programming.
struct ProgrammedTile {
  PackedMatrix weights;
  /// Variance of each weight from one MVM to the next, of a chip that reads the
  /// signs of weights apart with the sign of the weight; no rows without read
  /// noise.
  PackedMatrix variances;
  /// The weights once more, as `IrDrop` takes them; no rows unless wires have
  /// a resistance.
  IntegerMatrix integers;
  float largestWeight = 0; ///< of the weights as given; 0: all are
};

/// What a tile is programmed with.
struct ProgrammingSetup {
  const DeviceModel &device;
  const Engine &engine;
  uint64_t seed;
  double time = 0;            ///< s since programming
  bool needsIntegers = false; ///< fills `ProgrammedTile::integers`
  bool splitsSigns = false;   ///< gives variances the signs of the weights
};

/// Programs a tile of `matrix` with a device model and lets it age.
///
/// Model `ideal`: weights over the largest one. Else pairs of conductances, in
/// the order of events of IBM's aihwkit (M. Le Gallo et al., Using the IBM
/// analog in-memory hardware acceleration kit, APL Machine Learning 1, 2023):
///
///   g+-  = max(g_max x+- + mu(x+-) + sigma(x+-) xi, 0), also where x+- is 0,
///   w^   = (g+ - g-) / g_max,               x = |w^| / max |w^|
///   w^  *= (1 + t / t0)^-nu,                nu = |mu_nu(x') + sigma_nu(x') xi|
///   w^  *= max(1 + q(x) sqrt(L) xi, 0),
///   L    = ln((t + t0 + t_r) / (2 t_r)) - L_read,
///
/// where x+- are the sides of the weight over the tile's largest and the
/// functions of x are the target's; x' is x+ or x-, whichever side w^ is on, as
/// what a device was programmed to decides its drift. L_read is 0, or with read
/// noise of form `low_frequency` ln((window + t_r) / (2 t_r)), which then
/// belongs to the reads. A fit for several devices of one polarity is of their
/// sum.
///
/// The noise of a cell is keyed by (seed, chip, core, row, column, polarity),
/// so all but `ideal` need a placed tile; time changes no variate.
ProgrammedTile programTile(const ProgrammingSetup &setup,
                           const aimc_matrix &matrix, const aimc_tile &tile);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_SIMULATOR_PROGRAMMING_H
