//===- Products.cpp - Tile products against OpenBLAS ----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One thread of each. Rounds of both alternate within a run, so that a change
// of the processor's clock meets both; `ratio` is the median over the rounds of
// OpenBLAS's time over ours.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/PackedMatrix.h"

#include <benchmark/benchmark.h>
#include <cblas.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <vector>

using namespace aimc::runtime;

namespace {

struct Shape {
  int64_t rows, columns, batch;
};

std::vector<float> randomValues(int64_t count) {
  std::mt19937 generator(1);
  std::vector<float> values(count);
  for (float &value : values)
    value = static_cast<float>(static_cast<int32_t>(generator())) * 0x1p-31f;
  return values;
}

template <typename Function> double secondsOf(int repetitions, Function call) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < repetitions; ++i)
    call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
             .count() /
         repetitions;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2,
                   values.end());
  return values[values.size() / 2];
}

void product(benchmark::State &state, const Engine &engine, Shape shape) {
  openblas_set_num_threads(1);
  const int64_t rows = shape.rows, columns = shape.columns, batch = shape.batch;
  const std::vector<float> x = randomValues(batch * rows);
  const std::vector<float> w = randomValues(rows * columns);
  std::vector<float> y(batch * columns), reference(batch * columns);
  const PackedMatrix packed(engine, w.data(), columns, rows, columns);
  const double work = 2.0 * rows * columns * batch;
  const int repetitions = static_cast<int>(std::max(1.0, 2e7 / work));
  std::vector<double> ours, theirs, ratios;
  for (auto _ : state) {
    ours.push_back(secondsOf(repetitions, [&] {
      packed.multiply(x.data(), rows, batch, y.data(), columns,
                      ProductMode::Store);
      benchmark::ClobberMemory();
    }));
    theirs.push_back(secondsOf(repetitions, [&] {
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, batch, columns,
                  rows, 1.0f, x.data(), rows, w.data(), columns, 0.0f,
                  reference.data(), columns);
      benchmark::ClobberMemory();
    }));
    ratios.push_back(theirs.back() / ours.back());
    state.SetIterationTime(ours.back());
  }
  state.counters["GFLOP/s"] = work / median(ours) * 1e-9;
  state.counters["OpenBLAS"] = work / median(theirs) * 1e-9;
  state.counters["ratio"] = median(ratios);
}

} // namespace

int main(int argc, char **argv) {
  const Shape shapes[] = {{256, 256, 64},  {256, 256, 1024}, {256, 256, 1},
                          {256, 256, 4},   {256, 256, 16},   {64, 256, 64},
                          {64, 256, 1024}, {256, 64, 1024},  {100, 130, 77},
                          {255, 200, 500}, {1024, 1000, 512}};
  for (const Engine *engine : availableEngines()) {
    if (std::string(engine->name) == "scalar")
      continue;
    for (const Shape &shape : shapes)
      benchmark::RegisterBenchmark((std::string("product/") + engine->name +
                                    "/" + std::to_string(shape.rows) + "x" +
                                    std::to_string(shape.columns) +
                                    "/batch:" + std::to_string(shape.batch))
                                       .c_str(),
                                   [engine, shape](benchmark::State &state) {
                                     product(state, *engine, shape);
                                   })
          ->UseManualTime()
          ->Iterations(60)
          ->Unit(benchmark::kMicrosecond);
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
