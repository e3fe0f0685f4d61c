//===- Attention.cpp - Linear and softmax attention -----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One sequence, one head of 64 values and 256 features, with log scales as the
// softmax features have them. The yardstick is softmax attention itself, of
// queries and keys of length 64: all products with OpenBLAS, our exponentials,
// 256 queries at a time, one thread.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/Attention.h"
#include "../Unit/Runtime/Support.h"

#include <benchmark/benchmark.h>
#include <cblas.h>

#include <cmath>
#include <string>
#include <vector>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

constexpr int64_t Features = 256, Values = 64, Size = 64;

void linear(benchmark::State &state, int64_t length, bool causal, int threads) {
  const Engine &engine = *availableEngines().back();
  Workers workers(threads);
  std::vector<float> q = randomValues(length * Features, 1),
                     k = randomValues(length * Features, 2),
                     v = randomValues(length * Values, 3),
                     s = randomValues(length, 4), y(length * Values);
  for (std::vector<float> *features : {&q, &k})
    for (float &value : *features)
      value = std::abs(value);
  const aimc_tensor scales = view(s, 1), output = view(y, Values);
  AttentionMemory memory;
  for (auto _ : state) {
    computeAttention(engine, workers,
                     {1, 1, causal, view(q, Features), view(k, Features),
                      view(v, Values), &scales, nullptr, output},
                     memory);
    benchmark::ClobberMemory();
  }
}

void softmax(benchmark::State &state, int64_t length) {
  openblas_set_num_threads(1);
  constexpr int64_t Block = 256;
  const Engine &engine = *availableEngines().back();
  std::vector<float> q = randomValues(length * Size, 1),
                     k = randomValues(length * Size, 2),
                     v = randomValues(length * Values, 3), y(length * Values),
                     p(Block * length);
  for (auto _ : state) {
    for (int64_t first = 0; first < length; first += Block) {
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, Block, length, Size,
                  0.125f, q.data() + first * Size, Size, k.data(), Size, 0.0f,
                  p.data(), length);
      float sums[Block];
      for (int64_t i = 0; i < Block; ++i) {
        float *row = p.data() + i * length;
        const float largest = engine.largest(row, length);
        engine.binary(AIMC_SUBTRACT, row, row, 1, &largest, 0, length);
        engine.unary(AIMC_EXPONENTIAL, row, row, length);
        sums[i] = cblas_sasum(length, row, 1);
      }
      float *out = y.data() + first * Values;
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, Block, Values,
                  length, 1.0f, p.data(), length, v.data(), Values, 0.0f, out,
                  Values);
      for (int64_t i = 0; i < Block; ++i)
        engine.binary(AIMC_DIVIDE, out + i * Values, out + i * Values, 1,
                      &sums[i], 0, Values);
    }
    benchmark::ClobberMemory();
  }
}

} // namespace

int main(int argc, char **argv) {
  for (int64_t length : {512, 1024, 2048, 4096, 8192}) {
    const std::string suffix = "/" + std::to_string(length);
    for (bool causal : {false, true})
      for (int threads : {1, 2})
        benchmark::RegisterBenchmark(((causal ? "causal" : "full") + suffix +
                                      "/threads:" + std::to_string(threads))
                                         .c_str(),
                                     [=](benchmark::State &state) {
                                       linear(state, length, causal, threads);
                                     })
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark(
        ("softmax" + suffix).c_str(),
        [=](benchmark::State &state) { softmax(state, length); })
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
