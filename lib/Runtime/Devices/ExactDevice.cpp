//===- ExactDevice.cpp - The FP32 reference device ------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products of the tiles as they are, and the recording of their ranges.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Device.h"

#include "Runtime/Devices/RowBlocks.h"
#include "Runtime/Kernels/PackedMatrix.h"
#include "Runtime/Kernels/Tensor.h"
#include "aimc/Runtime/RangeRecorder.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace aimc::runtime {

namespace {

class ExactDevice : public Device {
public:
  explicit ExactDevice(const DeviceSetup &setup)
      : model(setup.model), engine(setup.engine), workers(setup.workers),
        recorder(setup.options.recorder), scratch(workers.threads()),
        tiles(setup.model.matrix_count),
        largestWeights(setup.model.matrix_count) {
    for (int64_t m = 0; m < model.matrix_count; ++m) {
      const aimc_matrix &matrix = model.matrices[m];
      const int64_t count = tilesOfCopy(matrix);
      tiles[m].resize(count);
      largestWeights[m].resize(recorder ? count : 0);
      workers.run(count, 1, [&](int64_t t, int64_t, int) {
        const aimc_tile &tile = matrix.tiles[t];
        const float *weights = matrix.weights +
                               tile.weight_row * matrix.columns +
                               tile.weight_column;
        tiles[m][t] = PackedMatrix(engine, weights, matrix.columns, tile.rows,
                                   tile.columns);
        if (recorder)
          largestWeights[m][t] = largestWeight(matrix, tile);
      });
    }
  }

  std::string mvm(const MvmRequest &request) override {
    std::vector<RangeRecorder::Vector> vectors(recorder ? request.input.sizes[0]
                                                        : 0);
    forRowBlocks(workers, request.input.sizes[0],
                 [&](int64_t first, int64_t count, int slot) {
                   Scratch &own = scratch[slot];
                   const Rows x =
                       readRows(request.input, first, count, own.input);
                   const Rows y =
                       beginRows(request.output, first, count, own.output);
                   if (recorder)
                     multiplyAndRecord(request.matrix, x, y, count, own,
                                       vectors.data() + first);
                   else
                     multiply(request.matrix, x, y, count);
                   finishRows(request.output, first, count, y);
                 });
    if (recorder) {
      Histogram inputs, outputs;
      for (Scratch &own : scratch) {
        inputs.add(own.inputs);
        outputs.add(own.outputs);
        own.inputs = own.outputs = {};
      }
      recorder->record(request.site, model.matrices[request.matrix].name,
                       vectors, inputs, outputs);
    }
    return {};
  }

  const std::vector<PackedMatrix> *plainTiles(int64_t matrix) const override {
    return recorder ? nullptr : &tiles[matrix];
  }

  bool takesWholeBatches() const override { return recorder; }

private:
  /// What a thread needs.
  struct Scratch {
    Buffer input, output, partial;
    Histogram inputs, outputs;
  };

  void multiply(int64_t m, const Rows &x, const Rows &y, int64_t count) const {
    const aimc_matrix &matrix = model.matrices[m];
    for (size_t t = 0; t < tiles[m].size(); ++t) {
      const aimc_tile &tile = matrix.tiles[t];
      // The tiles of the first rows come first in the table.
      tiles[m][t].multiply(x.data + tile.weight_row, x.stride, count,
                           y.data + tile.weight_column, y.stride,
                           tile.weight_row ? ProductMode::Add
                                           : ProductMode::Store);
    }
  }

  /// The same, with the partial sums apart.
  void multiplyAndRecord(int64_t m, const Rows &x, const Rows &y, int64_t count,
                         Scratch &scratch,
                         RangeRecorder::Vector *vectors) const {
    const aimc_matrix &matrix = model.matrices[m];
    for (int64_t row = 0; row < count; ++row)
      recordValues(x.data + row * x.stride, matrix.rows, 1, scratch.inputs,
                   vectors[row].inputSum, vectors[row].inputSquares);
    for (int64_t t = 0; t < tilesOfCopy(matrix); ++t) {
      const aimc_tile &tile = matrix.tiles[t];
      scratch.partial.resize(
          std::max<size_t>(scratch.partial.size(), count * tile.columns));
      tiles[m][t].multiply(x.data + tile.weight_row, x.stride, count,
                           scratch.partial.data(), tile.columns,
                           ProductMode::Store);
      for (int64_t row = 0; row < count; ++row) {
        const float *partial = scratch.partial.data() + row * tile.columns;
        float *out = y.data + row * y.stride + tile.weight_column;
        recordValues(partial, tile.columns, largestWeights[m][t],
                     scratch.outputs, vectors[row].outputSum,
                     vectors[row].outputSquares);
        if (tile.weight_row)
          engine.binary(AIMC_ADD, out, out, 1, partial, 1, tile.columns);
        else
          std::copy_n(partial, tile.columns, out);
      }
    }
  }

  /// Records values over `unit`; a unit of 0 has none but zeros.
  static void recordValues(const float *values, int64_t count, float unit,
                           Histogram &histogram, double &sum, double &squares) {
    for (int64_t i = 0; i < count; ++i) {
      const float value = unit > 0 ? values[i] / unit : 0.0f;
      if (!std::isfinite(value))
        continue;
      histogram.add(value);
      sum += value;
      squares += static_cast<double>(value) * value;
    }
  }

  const aimc_model &model;
  const Engine &engine;
  Workers &workers;
  RangeRecorder *const recorder;
  // Kept from call to call, so that calls of one shape allocate nothing.
  std::vector<Scratch> scratch;                   ///< of each thread
  std::vector<std::vector<PackedMatrix>> tiles;   ///< by matrix
  std::vector<std::vector<float>> largestWeights; ///< of tiles, if recorded
};

} // namespace

float largestWeight(const aimc_matrix &matrix, const aimc_tile &tile) {
  const float *weights =
      matrix.weights + tile.weight_row * matrix.columns + tile.weight_column;
  float largest = 0;
  for (int64_t row = 0; row < tile.rows; ++row)
    for (int64_t column = 0; column < tile.columns; ++column)
      largest =
          std::max(largest, std::abs(weights[row * matrix.columns + column]));
  return largest;
}

std::unique_ptr<Device> createExactDevice(const DeviceSetup &setup) {
  return std::make_unique<ExactDevice>(setup);
}

} // namespace aimc::runtime
