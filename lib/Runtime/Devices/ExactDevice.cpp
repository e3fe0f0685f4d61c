//===- ExactDevice.cpp - The FP32 reference device ------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products of the tiles as they are.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Device.h"

#include "Runtime/Devices/RowBlocks.h"
#include "Runtime/Kernels/PackedMatrix.h"
#include "Runtime/Kernels/Tensor.h"

#include <vector>

namespace aimc::runtime {

namespace {

class ExactDevice : public Device {
public:
  explicit ExactDevice(const DeviceSetup &setup)
      : model(setup.model), workers(setup.workers),
        tiles(setup.model.matrix_count) {
    for (int64_t m = 0; m < model.matrix_count; ++m) {
      const aimc_matrix &matrix = model.matrices[m];
      tiles[m].resize(matrix.tile_count);
      workers.run(matrix.tile_count, 1, [&](int64_t t, int64_t, int) {
        const aimc_tile &tile = matrix.tiles[t];
        tiles[m][t] =
            PackedMatrix(setup.engine,
                         matrix.weights + tile.weight_row * matrix.columns +
                             tile.weight_column,
                         matrix.columns, tile.rows, tile.columns);
      });
    }
  }

  std::string mvm(const MvmRequest &request) override {
    const aimc_matrix &matrix = model.matrices[request.matrix];
    std::vector<Buffer> inputs(workers.threads()), outputs(workers.threads());
    forRowBlocks(
        workers, request.input.sizes[0],
        [&](int64_t first, int64_t count, int slot) {
          const Rows x = readRows(request.input, first, count, inputs[slot]);
          const Rows y = beginRows(request.output, first, count, outputs[slot]);
          for (int64_t t = 0; t < matrix.tile_count; ++t) {
            const aimc_tile &tile = matrix.tiles[t];
            // The tiles of the first rows come first in the table.
            tiles[request.matrix][t].multiply(
                x.data + tile.weight_row, x.stride, count,
                y.data + tile.weight_column, y.stride,
                tile.weight_row ? ProductMode::Add : ProductMode::Store);
          }
          finishRows(request.output, first, count, y);
        });
    return {};
  }

private:
  const aimc_model &model;
  Workers &workers;
  std::vector<std::vector<PackedMatrix>> tiles; ///< by matrix
};

} // namespace

std::unique_ptr<Device> createExactDevice(const DeviceSetup &setup) {
  return std::make_unique<ExactDevice>(setup);
}

} // namespace aimc::runtime
