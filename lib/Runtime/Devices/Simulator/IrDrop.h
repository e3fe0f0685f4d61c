//===- IrDrop.h - Voltage drop along bit lines ------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The closed form of aihwkit for the resistance of bit lines. The exact grid is
// in ResistiveGrid.h.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_SIMULATOR_IRDROP_H
#define AIMC_RUNTIME_DEVICES_SIMULATOR_IRDROP_H

#include "Runtime/Devices/Simulator/Programming.h"
#include "aimc/Runtime/TargetDescription.h"

namespace aimc::runtime {

/// With n rows of an array, the converter before row 0, and i the row of the
/// array that weight w_ij stands at,
///
///   y_j -= c_j D_j,  D_j = sum_i w_ij x_i (1 - (1 - i / n)^2),
///   c   = a (a (.05 a - .2) + .5),  a = n R g_max sum_i |w_ij| |x_i|
///
/// for segments of resistance R: a third-order fit of the drop on a line whose
/// current is spread evenly (IBM's aihwkit, `ir_drop`, whose ratio 571429 is
/// 1 / (R g_max) for .35 ohm and 5 uS). The fit grows without bound, so from
/// a = 1.528 on, where both are equal, c = 3/2 (1 - tanh(sqrt a) / sqrt a): a
/// uniform line with the total conductance a / (n R) gives tanh(sqrt a) / sqrt
/// a of its current. From c = 1 on the far end would count with the wrong sign;
/// there y_j = (3 - 2 c_j) (y_j - D_j), which has the same gain on a uniform
/// line and ends at 0. Weights and inputs are rounded to some
/// 12 bits in both sums (IntegerMatrix.h), far below what the form leaves out.
class IrDrop {
public:
  IrDrop(const TargetDescription &target, const Engine &engine,
         float dacLevels);

  bool isPresent() const { return factor > 0; }

  struct Scratch {
    IntegerBuffer inputs;
    Buffer currents, drops, factors;
  };

  /// Inputs of a DAC with `dacLevels` > 0 steps on either side are within
  /// [-1, 1]; those of an ideal one, 0, are not. Subtracts the drop from `sums`
  /// (count x tile.columns), the products of `x` (count x tile.rows) with a
  /// part of the tile's weights.
  void apply(const ProgrammedTile &programmed, WeightPart part,
             const aimc_tile &tile, const float *x, int64_t xStride,
             int64_t count, float *sums, Scratch &scratch) const;

private:
  const Engine &engine;
  float factor; ///< n R g_max
  float dacLevels;
  std::vector<float> reach; ///< 1 - (1 - i / n)^2 of each row
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_SIMULATOR_IRDROP_H
