//===- Devices.cpp - Elementary functions, noise and devices --------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Throughput of what stands around the products, by engine.
//
//===----------------------------------------------------------------------===//

#include "../Unit/Runtime/Support.h"
#include "Runtime/Kernels/Engine.h"
#include "Runtime/Random/Normal.h"
#include "aimc/Runtime/TargetDescription.h"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

void unary(benchmark::State &state, const Engine &engine, int32_t opcode,
           float range) {
  std::vector<float> x = randomValues(4096, 1), y(4096);
  for (float &value : x)
    value *= range;
  for (auto _ : state) {
    engine.unary(opcode, y.data(), x.data(), 4096);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * 4096);
}

void noise(benchmark::State &state, const Engine &engine) {
  const StreamKey key = deriveStream(1, Effect::OutputNoise);
  std::vector<float> out(256);
  uint32_t counter[3] = {};
  for (auto _ : state) {
    ++counter[0];
    engine.normals(key.words, counter, 0, 256, out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * 256);
}

/// One mvm of 1024 vectors with 512 x 512 weights on four tiles; items are
/// tile MVMs.
void mvm(benchmark::State &state, const char *device, int threads) {
  auto model = TestModel::product(512, 512, randomValues(512 * 512, 2),
                                  cutTiles(512, 512, 256, 256));
  model->target = std::string(*TargetDescription::builtin("hermes"));
  ContextOptions options;
  options.device = device;
  options.threads = threads;
  std::string error;
  auto context = Context::create(model->get(), options, error);
  std::vector<float> x = randomValues(1024 * 512, 1);
  for (auto _ : state) {
    std::vector<aimc_tensor> outputs;
    if (!context || !context->run({view(x, 512)}, 0, outputs, error)) {
      state.SkipWithError(error.c_str());
      break;
    }
    std::free(outputs[0].allocated);
  }
  state.SetItemsProcessed(state.iterations() * 1024 * 4);
}

/// [cos a | sin a] * constant of 4096 rows of 512 values; items are results.
void digital(benchmark::State &state, int threads) {
  constexpr int64_t Rows = 4096, Width = 512;
  const float scale = 0.0625f;
  const float *constants[] = {&scale};
  const aimc_instruction instructions[] = {
      {AIMC_COSINE, 2, {0, -1, -1}, -1},
      {AIMC_SINE, 3, {0, -1, -1}, -1},
      {AIMC_CONCATENATE, 4, {2, 3, -1}, -1},
      {AIMC_MULTIPLY, 5, {4, 1, -1}, -1}};
  const int32_t widths[] = {Width, 1, Width, Width, 2 * Width, 2 * Width};
  const int32_t result = 5;
  TestModel model(
      {{"a", -1, Width, 0, nullptr}}, {{"y", -1, 2 * Width, 0, nullptr}},
      [](aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
        out[0] = TestModel::allocate(in[0].sizes[0], 2 * Width);
        for (int i = 0; i < 10; ++i)
          aimc_digital(context, 0, 0, 1, in, 1, out);
      });
  model.addProgram({"features", "unit", 1, 1, constants, 4, instructions,
                    widths, 1, &result});
  ContextOptions options;
  options.threads = threads;
  std::string error;
  auto context = Context::create(model.get(), options, error);
  std::vector<float> x = randomValues(Rows * Width, 1);
  for (auto _ : state) {
    std::vector<aimc_tensor> outputs;
    if (!context || !context->run({view(x, Width)}, 0, outputs, error)) {
      state.SkipWithError(error.c_str());
      break;
    }
    std::free(outputs[0].allocated);
  }
  state.SetItemsProcessed(state.iterations() * 10 * Rows * 2 * Width);
}

} // namespace

int main(int argc, char **argv) {
  for (const Engine *engine : availableEngines()) {
    const std::string name = std::string("/") + engine->name;
    const auto add = [&](const std::string &what, int32_t opcode, float range) {
      benchmark::RegisterBenchmark((what + name).c_str(),
                                   [=](benchmark::State &state) {
                                     unary(state, *engine, opcode, range);
                                   });
    };
    add("cosine", AIMC_COSINE, 10.0f);
    add("cosine-large", AIMC_COSINE, 1e9f);
    add("sine", AIMC_SINE, 10.0f);
    add("exponential", AIMC_EXPONENTIAL, 10.0f);
    benchmark::RegisterBenchmark(
        ("normals" + name).c_str(),
        [=](benchmark::State &state) { noise(state, *engine); });
  }
  for (const char *device : {"exact", "simulator"})
    for (int threads : {1, 2})
      benchmark::RegisterBenchmark(
          (std::string("mvm/") + device + "/threads:" + std::to_string(threads))
              .c_str(),
          [=](benchmark::State &state) { mvm(state, device, threads); })
          ->UseRealTime();
  for (int threads : {1, 2})
    benchmark::RegisterBenchmark(
        ("digital/threads:" + std::to_string(threads)).c_str(),
        [=](benchmark::State &state) { digital(state, threads); })
        ->UseRealTime();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
