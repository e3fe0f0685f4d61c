//===- TileReader.cpp - Products with a programmed tile -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One product for the sums, one for the variance of read noise, and row by row
// what follows.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Simulator/TileReader.h"

#include <algorithm>

namespace aimc::runtime {

/// Steps on either side of zero; 0 for the ideal converter.
static float levelsOf(const Converter &converter) {
  return converter.ideal
             ? 0.0f
             : static_cast<float>((int64_t{1} << (converter.bits - 1)) - 1);
}

/// Grows a buffer and never shrinks it.
static float *reserve(Buffer &buffer, int64_t size) {
  if (buffer.size() < static_cast<size_t>(size))
    buffer.resize(size);
  return buffer.data();
}

TileReader::TileReader(const TargetDescription &target, const Engine &engine)
    : engine(engine), dac(levelsOf(target.dac)), adc(levelsOf(target.adc)),
      outputNoise(static_cast<float>(target.device.outputNoise)),
      irDrop(target, engine) {}

void TileReader::read(const TileReading &reading, const float *x,
                      int64_t xStride, int64_t count, float *y, int64_t yStride,
                      Scratch &scratch) const {
  const int64_t rows = reading.tile.rows, columns = reading.tile.columns;
  const ProgrammedTile &programmed = reading.programmed;
  float *sums = reserve(scratch.sums, count * columns);
  programmed.weights.multiply(x, xStride, count, sums, columns,
                              ProductMode::Store);
  if (irDrop.isPresent())
    irDrop.apply(programmed, reading.tile, x, xStride, count, sums,
                 scratch.irDrop);

  const float *variances = nullptr;
  if (programmed.variances.rows() > 0) {
    float *squares = reserve(scratch.squares, count * rows);
    for (int64_t row = 0; row < count; ++row)
      engine.binary(AIMC_MULTIPLY, squares + row * rows, x + row * xStride, 1,
                    x + row * xStride, 1, rows);
    variances = reserve(scratch.variances, count * columns);
    programmed.variances.multiply(squares, rows, count,
                                  scratch.variances.data(), columns,
                                  ProductMode::Store);
  }

  const bool noisy = outputNoise > 0 || variances;
  float *normals = noisy ? reserve(scratch.normals, columns) : nullptr;
  AdcRequest request = {};
  request.range = reading.outputRange;
  request.levels = adc;
  request.inputRange = reading.inputRange;
  request.largestWeight = programmed.largestWeight;
  request.add = reading.add;
  if (reading.factors.size() == 1)
    request.largestWeight *= reading.factors[0];
  else if (!reading.factors.empty())
    request.factors = reading.factors.data();
  if (noisy && !variances) {
    request.noise = outputNoise;
    request.normals = normals;
  }
  for (int64_t row = 0; row < count; ++row) {
    float *rowSums = sums + row * columns;
    if (noisy) {
      const uint64_t vector = reading.firstVector + row;
      const uint32_t counter[3] = {static_cast<uint32_t>(vector),
                                   static_cast<uint32_t>(vector >> 32), 0};
      engine.normals(reading.key.words, counter, 0, columns, normals);
    }
    if (variances)
      engine.addReadNoise(outputNoise, variances + row * columns, normals,
                          rowSums, columns);
    engine.adc(request, y + row * yStride, rowSums, columns);
  }
}

} // namespace aimc::runtime
