//===- PerDevice.cpp - Products with noise of each device -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Row by row of the matrix: draw, add to the weights, multiply, add.
//
//===----------------------------------------------------------------------===//

#include "PerDevice.h"

#include "../../Unit/Runtime/Support.h"
#include "Runtime/Random/Normal.h"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cmath>
#include <stdexcept>

using namespace aimc::runtime;
using namespace aimc::runtime::bench;
using namespace aimc::runtime::test;

static constexpr float Levels = 127, OutputNoise = 0.04f, ReadNoise = 0.0175f;

static const Engine &engineOf(const std::string &name) {
  std::string error;
  const Engine *engine = findEngine(name, error);
  if (!engine)
    throw std::runtime_error(error);
  return *engine;
}

PerDevice::PerDevice(const Setup &setup, float outputRange)
    : size(setup.size), batch(setup.batch), outputRange(outputRange),
      engine(engineOf(setup.engine)), workers(setup.threads),
      x(randomValues(batch * size, 1)), w(randomValues(size * size, 2)),
      y(batch * size), scratch(workers.threads()) {
  for (float weight : w)
    deviations.push_back(ReadNoise * std::sqrt(std::abs(weight)));
  for (Scratch &own : scratch)
    own = {std::vector<float>(size), std::vector<float>(size),
           std::vector<float>(size)};
}

void PerDevice::readVector(uint32_t call, int64_t vector, Scratch &own) {
  const StreamKey key = {{1, call}};
  const uint32_t place = static_cast<uint32_t>(vector);
  float *normals = own.normals.data(), *sums = own.sums.data();
  engine.dac({/*range=*/1.0f, Levels}, own.quantised.data(),
             x.data() + vector * size, size);
  std::fill(own.sums.begin(), own.sums.end(), 0.0f);
  for (int64_t row = 0; row < size; ++row) {
    const uint32_t counter[3] = {place, static_cast<uint32_t>(row), 0};
    engine.normals(key.words, counter, 0, size, normals);
    const float *weights = w.data() + row * size;
    const float *spread = deviations.data() + row * size;
    const float input = own.quantised[row];
    for (int64_t j = 0; j < size; ++j)
      sums[j] += input * (weights[j] + spread[j] * normals[j]);
  }
  const uint32_t counter[3] = {place, 0, 1};
  engine.normals(key.words, counter, 0, size, normals);
  AdcRequest request = {};
  request.range = outputRange;
  request.levels = Levels;
  request.noise = OutputNoise;
  request.normals = normals;
  request.inputRange = request.largestWeight = 1;
  engine.adc(request, y.data() + vector * size, sums, size);
}

double PerDevice::secondsOf(int64_t calls) {
  const auto start = std::chrono::steady_clock::now();
  for (int64_t i = 0; i < calls; ++i) {
    workers.run(batch, workers.balancedBlock(batch, 64),
                [&](int64_t first, int64_t count, int slot) {
                  for (int64_t v = first; v < first + count; ++v)
                    readVector(static_cast<uint32_t>(i), v, scratch[slot]);
                });
    benchmark::ClobberMemory();
  }
  const std::chrono::duration<double> elapsed =
      std::chrono::steady_clock::now() - start;
  return elapsed.count();
}
