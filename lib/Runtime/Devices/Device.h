//===- Device.h - What multiplies with the tiles ----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A device holds the tiles of a model and multiplies batches with them.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_DEVICE_H
#define AIMC_RUNTIME_DEVICES_DEVICE_H

#include "Runtime/Kernels/Engine.h"
#include "Runtime/Kernels/PackedMatrix.h"
#include "Runtime/Kernels/Workers.h"
#include "aimc/Runtime/ABI.h"
#include "aimc/Runtime/Context.h"
#include "aimc/Runtime/TargetDescription.h"

#include <memory>
#include <string>
#include <vector>

namespace aimc::runtime {

/// One `aimc_mvm`, verified: the matrix has tiles, the tensors have its shape.
struct MvmRequest {
  int64_t matrix;
  int64_t site;
  float inputRange, outputRange; ///< > 0, not NaN
  uint64_t firstVector;
  const aimc_tensor &input, &output;
};

/// One `aimc_digital`, verified: as many tensors as the program has, of one
/// number of rows and of its widths.
struct DigitalRequest {
  int64_t program;
  uint64_t firstVector;
  const aimc_tensor *inputs;
  const aimc_tensor *outputs; ///< each may share rows with an input
};

/// What a device is made from. All outlive it.
struct DeviceSetup {
  const aimc_model &model; ///< verified
  const TargetDescription *target;
  const ContextOptions &options;
  const Engine &engine;
  Workers &workers;
  Statistics *statistics = nullptr; ///< takes what the device counts
};

/// The tiles of the first copy of a matrix.
inline int64_t tilesOfCopy(const aimc_matrix &matrix) {
  // Divisions are seen in the time of a batch of one.
  return matrix.copies > 1 ? matrix.tile_count / matrix.copies
                           : matrix.tile_count;
}

/// Whether the vectors are shared between several copies.
inline bool isShared(const aimc_matrix &matrix) {
  return matrix.copies > 1 && matrix.copy_rule == AIMC_COPIES_SHARE;
}

/// How many tiles multiply with a vector.
inline int64_t tilesOfVector(const aimc_matrix &matrix) {
  return isShared(matrix) ? tilesOfCopy(matrix) : matrix.tile_count;
}

/// The largest magnitude of the weights of a tile.
float largestWeight(const aimc_matrix &matrix, const aimc_tile &tile);

class Device {
public:
  virtual ~Device() = default;

  /// Computes the output; returns one sentence on an error, or nothing.
  virtual std::string mvm(const MvmRequest &request) = 0;

  /// The packed tiles of a matrix, in the order of its table, if `mvm` does
  /// nothing but multiply with them as the exact device does; else null.
  virtual const std::vector<PackedMatrix> *plainTiles(int64_t matrix) const {
    (void)matrix;
    return nullptr;
  }

  /// Whether the device runs a program of the model itself.
  virtual bool runs(int64_t program) const {
    (void)program;
    return false;
  }

  /// Runs one that it does; returns one sentence on an error, or nothing.
  virtual std::string digital(const DigitalRequest &request) {
    (void)request;
    return {};
  }

  /// Whether a call should have all rows of a batch: where it costs much, or
  /// where somebody sees the calls, whose cut depends on the threads otherwise.
  virtual bool takesWholeBatches() const { return false; }

  /// Whether an error of `mvm` or `digital` was a failure of the device itself,
  /// which does nothing more.
  virtual bool hasFailed() const { return false; }
};

/// The FP32 reference: weights as they are, no converters, no noise. A partial
/// sum is an ascending FMA chain over a tile's rows; partial sums are added in
/// the order of the tile table. Of several copies of a matrix it has the first:
/// the others are the same.
std::unique_ptr<Device> createExactDevice(const DeviceSetup &setup);

/// The target's device model and converters; on error returns null and sets
/// `error` to one sentence.
std::unique_ptr<Device> createSimulator(const DeviceSetup &setup,
                                        std::string &error);

/// The device behind the plug-in `options.device` of the setup, programmed; on
/// error returns null and sets `error` to one sentence.
std::unique_ptr<Device> createPluginDevice(const DeviceSetup &setup,
                                           std::string &error);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_DEVICE_H
