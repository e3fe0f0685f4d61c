//===- Programming.cpp - Speed and size of a programmed chip --------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What it takes to program 64 cores of 256 x 256 weights on the simulator, on
// one thread, and how much memory the programmed chip has beside the weights.
//
//===----------------------------------------------------------------------===//

#include "../Unit/Runtime/Support.h"

#include "Runtime/Devices/Device.h"

#include <benchmark/benchmark.h>

#include <malloc.h>

#include <cstdio>
#include <cstdlib>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr int64_t Size = 2048;

/// Bytes in use on the heap.
size_t heapBytes() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/// The counter `ratio` is the memory of the device over that of the weights.
void program(benchmark::State &state, const TargetDescription &target,
             double time) {
  auto model = TestModel::product(Size, Size, randomValues(Size * Size, 2),
                                  cutTiles(Size, Size, 256, 256));
  ContextOptions options;
  options.time = time;
  std::string error;
  const Engine &engine = *findEngine("auto", error);
  Workers workers(1);
  const size_t before = heapBytes();
  size_t after = before;
  for (auto _ : state) {
    auto device = createSimulator(
        {model->get(), &target, options, engine, workers}, error);
    if (!device) {
      state.SkipWithError(error.c_str());
      return;
    }
    after = heapBytes();
  }
  state.counters["ratio"] =
      static_cast<double>(after - before) / (Size * Size * sizeof(float));
}

} // namespace

int main(int argc, char **argv) {
  std::string error;
  const auto load = [&](const char *name) {
    return *TargetDescription::load(name, error);
  };
  TargetDescription all = load("hermes");
  all.device.readNoise.form = ReadNoise::Form::SquareRoot;
  all.device.readNoise.deviation = 0.0175;
  all.array.segmentResistance = 0.35;
  all.device.drift.compensation = "column";
  all.device.defects.stuckLow = all.device.defects.stuckHigh = 0.01;
  all.device.conductanceLevels = 64;
  all.device.writeVerify = {3, 1};
  const double day = 86400;
  const auto fourPhases = [&](TargetDescription target) {
    if (error = target.selectMode("4-phase"); !error.empty()) {
      std::fprintf(stderr, "bench-programming: %s\n", error.c_str());
      std::exit(1);
    }
    return target;
  };
  const struct {
    const char *name;
    TargetDescription target;
    double time;
  } cases[] = {
      {"hermes, at once", load("hermes"), 0},
      {"hermes, after a day", load("hermes"), day},
      {"pcm, after a day", load("pcm"), day},
      {"all effects, after a day", all, day},
      {"hermes, 4-phase, after a day", fourPhases(load("hermes")), day},
      {"all effects, 4-phase, after a day", fourPhases(all), day}};
  for (const auto &test : cases)
    benchmark::RegisterBenchmark((std::string("program/") + test.name).c_str(),
                                 [&](benchmark::State &state) {
                                   program(state, test.target, test.time);
                                 })
        ->Unit(benchmark::kMillisecond);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
