//===- Configurations.h - What bench-simulator measures ---------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products with one N x N matrix: on the simulator as targets describe it, with
// noise of each device, and plain as OpenBLAS computes them.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TEST_BENCHMARKS_SIMULATOR_CONFIGURATIONS_H
#define AIMC_TEST_BENCHMARKS_SIMULATOR_CONFIGURATIONS_H

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace aimc::runtime::bench {

/// What all configurations of a table have in common.
struct Setup {
  int64_t size;  ///< N, rows and columns of the matrix, > 0
  int64_t batch; ///< input vectors a call, > 0
  int threads;   ///< > 0
  std::string engine;
};

/// A product that is ready to be run.
class Product {
public:
  virtual ~Product() = default;

  /// Seconds of `calls` calls, each of a batch.
  virtual double secondsOf(int64_t calls) = 0;

  /// Whether one call is so slow that few rounds must do.
  virtual bool isSlow() const { return false; }
};

/// A name and how to make its product; throws std::runtime_error with one
/// sentence if the runtime refuses it.
struct Configuration {
  std::string name;
  std::function<std::unique_ptr<Product>(const Setup &setup)> create;
};

/// All that this build can measure, the yardstick (`sgemm`, or `sgemv` for one
/// vector) first.
std::vector<Configuration> configurations(int64_t batch);

/// The kernels that OpenBLAS has chosen, say `SkylakeX`.
std::string openBlasKernels();

} // namespace aimc::runtime::bench

#endif // AIMC_TEST_BENCHMARKS_SIMULATOR_CONFIGURATIONS_H
