//===- Mapping.cpp - Packing tiles and choosing ranges -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Time of packing against the number of tiles, which should be linear, and of
// choosing a range from a histogram.
//
//===----------------------------------------------------------------------===//

#include "Analysis/Packing.h"
#include "Analysis/Ranges.h"

#include <benchmark/benchmark.h>

#include <cmath>
#include <random>

using namespace aimc;

namespace {

/// Packs tiles of 1 to `largest` rows and columns, all of `largest` when
/// `equal`, into arrays of 256x256, a core for each. For the noise objective
/// the cores are of 256 grades, and tiles of 64 importances.
void packTiles(benchmark::State &state, PackingObjective objective,
               int64_t largest, bool equal) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int64_t> size(equal ? largest : 1, largest);
  PackingProblem problem{256, 256, state.range(0), objective, {}, {}};
  for (int64_t i = 0; i < state.range(0); ++i) {
    int64_t rows = size(random), columns = size(random);
    problem.tiles.push_back(
        {rows, columns, 0, i / 64, static_cast<double>(i % 64)});
    if (objective == PackingObjective::Noise)
      problem.grades.push_back(i % 256);
  }
  for (auto _ : state)
    benchmark::DoNotOptimize(pack(problem));
  state.SetComplexityN(state.range(0));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// The range of least error of a normal distribution in `bins` bins.
void chooseRange(benchmark::State &state) {
  RecordedValues values;
  values.binWidth = 8.0 / static_cast<double>(state.range(0));
  values.max = 8;
  for (int64_t i = 0; i < state.range(0); ++i) {
    double x = (static_cast<double>(i) + 0.5) * values.binWidth;
    values.histogram.push_back(
        std::llround(1e9 * values.binWidth * std::exp(-x * x / 2)));
    values.count += values.histogram.back();
  }
  for (auto _ : state)
    benchmark::DoNotOptimize(mseRange(values, {8}, 1e-4));
}

} // namespace

BENCHMARK_CAPTURE(packTiles, area_of_whole_arrays, PackingObjective::Area, 256,
                  true)
    ->Arg(10000)
    ->Arg(100000)
    ->Complexity(benchmark::oN);
BENCHMARK_CAPTURE(packTiles, area_of_any_size, PackingObjective::Area, 256,
                  false)
    ->Arg(10000)
    ->Arg(100000)
    ->Complexity(benchmark::oN);
BENCHMARK_CAPTURE(packTiles, latency_of_any_size, PackingObjective::Latency,
                  256, false)
    ->Arg(10000)
    ->Arg(100000)
    ->Complexity(benchmark::oN);
BENCHMARK_CAPTURE(packTiles, noise_of_any_size, PackingObjective::Noise, 256,
                  false)
    ->Arg(10000)
    ->Arg(100000)
    ->Complexity(benchmark::oN);
BENCHMARK(chooseRange)->Arg(4096);

BENCHMARK_MAIN();
