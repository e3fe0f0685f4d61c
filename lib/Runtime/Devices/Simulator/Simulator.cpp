//===- Simulator.cpp - The simulated device -------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For an input x, tile t with largest weight s_t and programmed weights w^ (1
// for the largest), b bits of a converter and L = 2^(b - 1) - 1:
//
//   xq_i = clamp(rint(x_i / input_range * L_dac), +-L_dac) / L_dac
//   a_j  = sum_i xq_i w^_ij, one FMA chain, less the voltage drop of IrDrop.h,
//          + sqrt(output_noise^2 + sum_i var_ij xq_i^2) * xi
//   r    = output_range / L_adc
//   q_j  = clamp(rint(a_j / r) * r, +-output_range)
//   y_j  = sum over the tiles in table order of (q_j * input_range) * s_t * c_j
//
// over the number of copies of the matrix if several are averaged, in FP32; of
// copies that share the vectors, vector v is read by the tiles of copy v mod
// copies alone. rint is to the nearest even, an ideal converter passing its
// value. xi is a standard normal variate keyed by (seed, effect, site, tile,
// vector, column); the sum over i of the read noise of devices has the same
// distribution as noise of each device. c_j compensates drift, see
// Compensation.h. Quantisers and noise follow IBM's aihwkit (M. J. Rasch et
// al., A flexible and fast PyTorch toolkit for simulating training and
// inference on analog crossbar arrays, AICAS 2021).
//
// A target may round inputs stochastically, both toward zero, let gain and
// offset differ between columns, bend or limit what the ADC sees, and convert
// each combination of signs of inputs and weights apart: see AdcRequest.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Device.h"

#include "Runtime/Devices/RowBlocks.h"
#include "Runtime/Devices/Simulator/Compensation.h"
#include "Runtime/Devices/Simulator/Converters.h"
#include "Runtime/Devices/Simulator/TileReader.h"
#include "Runtime/Kernels/Tensor.h"
#include "Runtime/Random/Normal.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <vector>

namespace aimc::runtime {

namespace {

/// A number for a message.
std::string shortest(float value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", static_cast<double>(value));
  return text;
}

class Simulator : public Device {
public:
  explicit Simulator(const DeviceSetup &setup)
      : model(setup.model), workers(setup.workers),
        readSeed(setup.options.readSeed), engine(setup.engine),
        reader(*setup.target, setup.engine),
        roundsStochastically(setup.target->dac.rounding == "stochastic"),
        roundsTowardZero(setup.target->dac.rounding == "toward_zero"),
        statistics(setup.statistics), scratch(setup.workers.threads()),
        tiles(setup.model.matrix_count) {
    for (int64_t m = 0; m < model.matrix_count; ++m) {
      const aimc_matrix &matrix = model.matrices[m];
      tiles[m].resize(matrix.tile_count);
      workers.run(matrix.tile_count, 1, [&](int64_t t, int64_t, int) {
        tiles[m][t] =
            programCompensatedTile(*setup.target, reader, engine, setup.options,
                                   matrix, matrix.tiles[t]);
      });
    }
  }

  std::string mvm(const MvmRequest &request) override;

private:
  /// What a thread needs for a block of rows.
  struct Scratch {
    Buffer input, quantised, output;
    std::vector<uint32_t> words;
    TileReader::Scratch tile;
    uint64_t clippedInputs = 0;
    /// Inputs that are not zero, and those of them that convert to it.
    uint64_t drivenInputs = 0, lostInputs = 0;
  };

  void count(const MvmRequest &request);
  void runBlock(const MvmRequest &request, float inputRange, int64_t first,
                int64_t count, Scratch &scratch) const;

  const aimc_model &model;
  Workers &workers;
  const uint64_t readSeed;
  const Engine &engine;
  const TileReader reader;
  const bool roundsStochastically, roundsTowardZero;
  Statistics *const statistics;     ///< null: not asked for
  std::map<int64_t, size_t> places; ///< of sites in their clippings
  // Kept from call to call, so that calls of one shape allocate nothing.
  std::vector<Scratch> scratch; ///< of each thread
  std::vector<StreamKey> keys;  ///< of the noise of each tile
  std::vector<std::vector<CompensatedTile>> tiles; ///< by matrix
};

std::string Simulator::mvm(const MvmRequest &request) {
  const aimc_matrix &matrix = model.matrices[request.matrix];
  // Only with an ideal way in and out does the scale of the input not matter.
  const bool scaled = reader.hasScale();
  const float inputRange = scaled ? request.inputRange : 1.0f;
  // A step of a subnormal range could be 0.
  if (!std::isnormal(inputRange) ||
      (reader.adcLevels() > 0 && !std::isnormal(request.outputRange)))
    return std::string("mvm of '") + matrix.name +
           "' expects converter ranges that are finite and not subnormal on "
           "device 'simulator', but got " +
           shortest(request.inputRange) + " and " +
           shortest(request.outputRange);

  keys.resize(matrix.tile_count);
  for (int64_t t = 0; t < matrix.tile_count; ++t)
    keys[t] =
        deriveStream(readSeed, Effect::OutputNoise, static_cast<uint32_t>(t),
                     static_cast<uint32_t>(request.site),
                     static_cast<uint32_t>(request.site >> 32));
  for (Scratch &own : scratch)
    own.clippedInputs = own.drivenInputs = own.lostInputs = own.tile.clipped =
        own.tile.driven = own.tile.lost = 0;
  forRowBlocks(workers, request.input.sizes[0],
               [&](int64_t first, int64_t count, int slot) {
                 runBlock(request, inputRange, first, count, scratch[slot]);
               });
  if (statistics)
    count(request);
  return {};
}

/// Adds what was clipped to what is known of the site.
void Simulator::count(const MvmRequest &request) {
  const aimc_matrix &matrix = model.matrices[request.matrix];
  std::vector<Clipping> &all = statistics->clippings;
  const auto [place, isNew] = places.try_emplace(request.site, all.size());
  if (isNew)
    all.push_back(
        {request.site, matrix.name, request.inputRange, request.outputRange});
  Clipping &clipping = all[place->second];
  const uint64_t vectors = static_cast<uint64_t>(request.input.sizes[0]);
  if (reader.dacLevels() > 0)
    clipping.inputs += vectors * static_cast<uint64_t>(matrix.rows);
  if (reader.adcLevels() > 0)
    for (int64_t t = 0; t < tilesOfVector(matrix); ++t)
      clipping.outputs +=
          vectors * static_cast<uint64_t>(matrix.tiles[t].columns);
  for (const Scratch &own : scratch) {
    clipping.clippedInputs += own.clippedInputs;
    clipping.clippedOutputs += own.tile.clipped;
    clipping.drivenInputs += own.drivenInputs;
    clipping.lostInputs += own.lostInputs;
    clipping.drivenOutputs += own.tile.driven;
    clipping.lostOutputs += own.tile.lost;
  }
}

void Simulator::runBlock(const MvmRequest &request, float inputRange,
                         int64_t first, int64_t count, Scratch &scratch) const {
  const aimc_matrix &matrix = model.matrices[request.matrix];
  const Rows x = readRows(request.input, first, count, scratch.input);
  const Rows y = beginRows(request.output, first, count, scratch.output);

  scratch.quantised.resize(
      std::max<size_t>(scratch.quantised.size(), count * matrix.rows));
  DacRequest dac = {inputRange, reader.dacLevels()};
  dac.towardZero = roundsTowardZero;
  StreamKey rounding = {};
  if (roundsStochastically) {
    rounding = deriveStream(readSeed, Effect::InputRounding,
                            static_cast<uint32_t>(request.site),
                            static_cast<uint32_t>(request.site >> 32));
    scratch.words.resize((matrix.rows + 63) / 64 * 64);
    dac.random = scratch.words.data();
  }
  for (int64_t row = 0; row < count; ++row) {
    const float *from = x.data + row * x.stride;
    if (dac.random)
      drawWords(engine, rounding, request.firstVector + first + row,
                matrix.rows, scratch.words.data());
    if (dac.levels > 0)
      scratch.clippedInputs += static_cast<uint64_t>(engine.countBeyond(
          from, matrix.rows, clippedFrom(inputRange, dac.levels)));
    float *to = scratch.quantised.data() + row * matrix.rows;
    engine.dac(dac, to, from, matrix.rows);
    if (dac.levels == 0)
      continue;
    const auto count = [&](const float *values) {
      return static_cast<uint64_t>(
          engine.countBeyond(values, matrix.rows, 0.0f));
    };
    const uint64_t driven = count(from);
    scratch.drivenInputs += driven;
    scratch.lostInputs += driven - std::min(driven, count(to));
  }

  // The rows of the block that a copy reads: all, or each `copies`-th.
  const uint64_t firstVector = request.firstVector + first;
  const bool shared = isShared(matrix);
  const int64_t step = shared ? matrix.copies : 1;
  for (int64_t t = 0; t < matrix.tile_count; ++t) {
    const aimc_tile &tile = matrix.tiles[t];
    const int64_t copy = t / tilesOfCopy(matrix);
    int64_t begin = 0;
    if (shared)
      begin =
          (copy + step -
           static_cast<int64_t>(firstVector % static_cast<uint64_t>(step))) %
          step;
    if (begin >= count)
      continue;
    const CompensatedTile &compensated = tiles[request.matrix][t];
    reader.read({compensated.tile, compensated.factors, compensated.columns,
                 tile, inputRange, request.outputRange, keys[t],
                 firstVector + begin, static_cast<uint64_t>(step),
                 tile.weight_row != 0 || (!shared && copy > 0)},
                scratch.quantised.data() + begin * matrix.rows +
                    tile.weight_row,
                step * matrix.rows, (count - begin + step - 1) / step,
                y.data + begin * y.stride + tile.weight_column, step * y.stride,
                scratch.tile);
  }
  if (matrix.copies > 1 && !shared) {
    const float copies = static_cast<float>(matrix.copies);
    for (int64_t row = 0; row < count; ++row) {
      float *out = y.data + row * y.stride;
      engine.binary(AIMC_DIVIDE, out, out, 1, &copies, 0, matrix.columns);
    }
  }
  finishRows(request.output, first, count, y);
}

} // namespace

std::unique_ptr<Device> createSimulator(const DeviceSetup &setup,
                                        std::string &error) {
  if (!setup.target) {
    error = "device 'simulator' expects a model with a target, but got none";
    return nullptr;
  }
  const TargetDescription &target = *setup.target;
  for (int64_t m = 0; m < setup.model.matrix_count; ++m) {
    const aimc_matrix &matrix = setup.model.matrices[m];
    for (int64_t t = 0; t < matrix.tile_count; ++t)
      if (matrix.tiles[t].chip < 0) {
        error = std::string("device 'simulator' expects tiles that are placed, "
                            "but got tile ") +
                std::to_string(t) + " of matrix '" + matrix.name +
                "' without a place";
        return nullptr;
      }
  }
  // Without any error source the weights need no scaling, and the bits are
  // those of the reference.
  if (target.device.kind == "ideal" && target.dac.ideal && target.adc.ideal &&
      target.device.outputNoise == 0 && target.array.segmentResistance == 0)
    return createExactDevice(setup);
  return std::make_unique<Simulator>(setup);
}

} // namespace aimc::runtime
