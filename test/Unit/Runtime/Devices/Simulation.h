//===- Simulation.h - Targets and devices for tests -------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Device models of the built-in targets, programmed tiles as plain matrices,
// and a simulator without a context.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TEST_UNIT_RUNTIME_DEVICES_SIMULATION_H
#define AIMC_TEST_UNIT_RUNTIME_DEVICES_SIMULATION_H

#include "../Support.h"
#include "Runtime/Devices/Device.h"
#include "Runtime/Devices/Simulator/Programming.h"
#include "aimc/Runtime/TargetDescription.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace aimc::runtime::test {

/// The device of a built-in target, without output and read noise.
inline DeviceModel deviceOf(const char *target) {
  std::string error;
  DeviceModel device = TargetDescription::load(target, error)->device;
  device.outputNoise = 0;
  device.readNoise = ReadNoise();
  return device;
}

inline Converter converter(int bits, double range) {
  Converter result;
  result.bits = bits;
  result.defaultRange = range;
  return result;
}

inline TargetDescription idealTarget() {
  TargetDescription target;
  target.array.rows = target.array.columns = 256;
  target.coreRows = target.coreColumns = 8;
  target.chips = 1;
  target.dac.ideal = target.adc.ideal = true;
  target.device.kind = "ideal";
  return target;
}

/// A packed matrix as a plain one, by products with unit vectors.
inline std::vector<float> unpack(const PackedMatrix &matrix) {
  const int64_t rows = matrix.rows(), columns = matrix.columns();
  std::vector<float> unit(rows * rows), values(rows * columns);
  for (int64_t i = 0; i < rows; ++i)
    unit[i * rows + i] = 1;
  matrix.multiply(unit.data(), rows, rows, values.data(), columns,
                  ProductMode::Store);
  return values;
}

/// The weights of a tile as they are `time` seconds after programming.
inline std::vector<float> programmedWeights(const DeviceModel &device,
                                            const aimc_matrix &matrix,
                                            const aimc_tile &tile,
                                            uint64_t seed, double time = 0) {
  return unpack(programTile({device, *availableEngines().back(), seed, time,
                             /*needsIntegers=*/false},
                            matrix, tile)
                    .weights);
}

/// A simulator of its own target, without a context.
struct Simulation {
  std::unique_ptr<TestModel> model;
  TargetDescription target;
  ContextOptions options;
  Workers workers;
  std::unique_ptr<Device> device;
  std::string error;

  Simulation(std::unique_ptr<TestModel> from, TargetDescription description,
             ContextOptions with = {})
      : model(std::move(from)), target(std::move(description)), options(with),
        workers(options.threads) {
    std::string engineError;
    device =
        createSimulator({model->get(), &target, options,
                         *findEngine(options.engine, engineError), workers},
                        error);
  }

  std::vector<float> mvm(std::vector<float> x, float inputRange,
                         float outputRange, int64_t site = 7,
                         uint64_t firstVector = 0) {
    const aimc_matrix &matrix = model->matrix(0);
    const aimc_tensor input = view(x, matrix.rows);
    std::vector<float> y(input.sizes[0] * matrix.columns);
    const aimc_tensor output = view(y, matrix.columns);
    error = device->mvm(
        {0, site, inputRange, outputRange, firstVector, input, output});
    return y;
  }

  /// The same in calls of at most `rows` vectors, from the first on.
  std::vector<float> mvmInParts(const std::vector<float> &x, float inputRange,
                                float outputRange, int64_t rows,
                                int64_t site = 7) {
    const int64_t width = model->matrix(0).rows;
    const int64_t count = static_cast<int64_t>(x.size()) / width;
    std::vector<float> joined;
    for (int64_t first = 0; first < count; first += rows) {
      const int64_t last = std::min(first + rows, count);
      const std::vector<float> part =
          mvm({x.begin() + first * width, x.begin() + last * width}, inputRange,
              outputRange, site, first);
      joined.insert(joined.end(), part.begin(), part.end());
    }
    return joined;
  }
};

} // namespace aimc::runtime::test

#endif // AIMC_TEST_UNIT_RUNTIME_DEVICES_SIMULATION_H
