//===- PerDevice.h - Products with noise of each device ---------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the simulator's read noise stands for, done the slow way: each weight
// has a variate of its own in every product. The simulator has no such mode,
// since the sum over a column has the same distribution with one variate; this
// is the yardstick of that shortcut.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TEST_BENCHMARKS_SIMULATOR_PERDEVICE_H
#define AIMC_TEST_BENCHMARKS_SIMULATOR_PERDEVICE_H

#include "Configurations.h"
#include "Runtime/Kernels/Engine.h"
#include "Runtime/Kernels/Workers.h"

namespace aimc::runtime::bench {

/// 8-bit converters, weights w + .0175 sqrt|w| xi (w in units of the largest),
/// output noise of .04. Random numbers, converters and threads are those of the
/// runtime.
class PerDevice : public Product {
public:
  PerDevice(const Setup &setup, float outputRange);
  double secondsOf(int64_t calls) override;
  bool isSlow() const override { return true; }

private:
  struct Scratch {
    std::vector<float> quantised, normals, sums;
  };
  void readVector(uint32_t call, int64_t vector, Scratch &scratch);

  const int64_t size, batch;
  const float outputRange;
  const Engine &engine;
  Workers workers;
  std::vector<float> x, w, deviations, y;
  std::vector<Scratch> scratch; ///< of each thread
};

} // namespace aimc::runtime::bench

#endif // AIMC_TEST_BENCHMARKS_SIMULATOR_PERDEVICE_H
