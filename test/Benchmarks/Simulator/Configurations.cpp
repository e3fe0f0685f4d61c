//===- Configurations.cpp - What bench-simulator measures -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The simulator is measured where compiled programs meet it: calls of
// `aimc_mvm` within a run of a model, with arrays of the caller's. Effects are
// those of the model's target.
//
//===----------------------------------------------------------------------===//

#include "Configurations.h"

#include "../../Unit/Runtime/Support.h"
#include "PerDevice.h"
#include "aimc/Runtime/TargetDescription.h"

#include <benchmark/benchmark.h>
#include <cblas.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <stdexcept>

using namespace aimc::runtime;
using namespace aimc::runtime::bench;
using namespace aimc::runtime::test;
using nlohmann::json;

namespace {

/// Three standard deviations of the products of uniform values in [-1, 1).
float outputRangeOf(int64_t size) {
  return std::sqrt(static_cast<float>(size));
}

template <typename Function>
double secondsOfCalls(int64_t calls, Function call) {
  const auto start = std::chrono::steady_clock::now();
  for (int64_t i = 0; i < calls; ++i) {
    call(i);
    benchmark::ClobberMemory();
  }
  const std::chrono::duration<double> elapsed =
      std::chrono::steady_clock::now() - start;
  return elapsed.count();
}

/// The yardstick: weights as they are, no converters, no noise.
class Plain : public Product {
public:
  explicit Plain(const Setup &setup)
      : size(setup.size), batch(setup.batch), threads(setup.threads),
        x(randomValues(batch * size, 1)), w(randomValues(size * size, 2)),
        y(batch * size) {}

  double secondsOf(int64_t calls) override {
    openblas_set_num_threads(threads);
    const int n = static_cast<int>(size), rows = static_cast<int>(batch);
    return secondsOfCalls(calls, [&](int64_t) {
      if (batch == 1)
        cblas_sgemv(CblasRowMajor, CblasTrans, n, n, 1.0f, w.data(), n,
                    x.data(), 1, 0.0f, y.data(), 1);
      else
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, n, n, 1.0f,
                    x.data(), n, w.data(), n, 0.0f, y.data(), n);
    });
  }

private:
  const int64_t size, batch;
  const int threads;
  std::vector<float> x, w, y;
};

/// Calls of `aimc_mvm` within one run of a model.
class Simulated : public Product {
public:
  Simulated(const Setup &setup, const std::string &target, double time)
      : size(setup.size), x(randomValues(setup.batch * size, 1)),
        y(setup.batch * size),
        model({{"x", -1, size, 0, nullptr}}, {{"y", -1, 1, 0, nullptr}},
              [this](aimc_context *context, const aimc_tensor *in,
                     aimc_tensor *out) { run(context, in, out); }) {
    model.target = target;
    model.addMatrix(size, size, randomValues(size * size, 2),
                    cutTiles(size, size, size, size));
    ContextOptions options;
    options.device = "simulator";
    options.time = time;
    options.threads = setup.threads;
    options.engine = setup.engine;
    std::string error;
    context = Context::create(model.get(), options, error);
    if (!context)
      throw std::runtime_error(error);
  }

  double secondsOf(int64_t calls) override {
    callsToDo = calls;
    std::string error;
    runContext(*context, {view(x, size)}, 0, error);
    if (!error.empty())
      throw std::runtime_error(error);
    return seconds;
  }

private:
  void run(aimc_context *context, const aimc_tensor *in, aimc_tensor *out) {
    const aimc_tensor result = view(y, size);
    seconds = secondsOfCalls(callsToDo, [&](int64_t i) {
      aimc_mvm(context, 0, /*site=*/7, /*input_range=*/1.0f,
               outputRangeOf(size), i * in[0].sizes[0], &in[0], &result);
    });
    out[0] = TestModel::allocate(in[0].sizes[0], 1);
  }

  const int64_t size;
  std::vector<float> x, y;
  TestModel model;
  std::unique_ptr<Context> context;
  int64_t callsToDo = 0;
  double seconds = 0;
};

json figure(double value, const char *unit = "1") {
  return {{"value", value},
          {"unit", unit},
          {"provenance", "assumed"},
          {"source", "the benchmark"}};
}

/// HERMES with arrays of `size` x `size`.
json chip(int64_t size) {
  json target = json::parse(*TargetDescription::builtin("hermes"));
  for (const char *field : {"rows", "columns", "usable_rows", "usable_columns"})
    target["array"][field] = size;
  return target;
}

/// Programming noise, 8-bit converters and noise of the outputs alone.
json outputNoiseTarget(int64_t size) {
  json target = chip(size);
  target["device"].erase("read_noise");
  target["device"]["output_noise"] = figure(0.04);
  return target;
}

/// Noise of the reads, as if of each device, with it.
json readNoiseTarget(int64_t size) {
  json target = outputNoiseTarget(size);
  target["device"]["read_noise"] = {{"form", "square_root"},
                                    {"deviation", figure(0.0175)}};
  return target;
}

/// Every error source that a target can have.
json allEffectsTarget(int64_t size) {
  json target = readNoiseTarget(size);
  json &device = target["device"];
  device["drift"]["compensation"] = "column";
  device["conductance_levels"] = {
      {"count", 64}, {"provenance", "assumed"}, {"source", "the benchmark"}};
  device["write_verify"] = {{"iterations", 3},
                            {"tolerance", 1.0},
                            {"unit", "uS"},
                            {"provenance", "assumed"},
                            {"source", "the benchmark"}};
  device["defects"] = {{"stuck_low", 0.01},
                       {"stuck_high", 0.01},
                       {"provenance", "assumed"},
                       {"source", "the benchmark"}};
  target["array"]["segment_resistance"] = figure(0.35, "ohm");
  json &adc = target["adc"];
  adc["gain_spread"] = figure(0.02);
  adc["offset_spread"] = figure(0.01);
  adc["correction"] = {{"gain_residual", figure(0.002)},
                       {"offset_residual", figure(0.002)}};
  adc["nonlinearity"] = {
      {"cubic", 0.02}, {"provenance", "assumed"}, {"source", "the benchmark"}};
  adc["saturation"] = figure(2.0 * outputRangeOf(size));
  return target;
}

Configuration simulated(const char *name, json (*target)(int64_t size),
                        double time) {
  return {name, [=](const Setup &setup) -> std::unique_ptr<Product> {
            return std::make_unique<Simulated>(setup, target(setup.size).dump(),
                                               time);
          }};
}

} // namespace

std::vector<Configuration> aimc::runtime::bench::configurations(int64_t batch) {
  const double day = 86400;
  return {
      {batch == 1 ? "sgemv" : "sgemm",
       [](const Setup &setup) -> std::unique_ptr<Product> {
         return std::make_unique<Plain>(setup);
       }},
      simulated("fp32 DAC8/ADC8 out noise", outputNoiseTarget, 0),
      simulated("read noise", readNoiseTarget, 0),
      simulated("all effects", allEffectsTarget, day),
      {"per-device noise", [](const Setup &setup) -> std::unique_ptr<Product> {
         return std::make_unique<PerDevice>(setup, outputRangeOf(setup.size));
       }}};
}

std::string aimc::runtime::bench::openBlasKernels() {
  return openblas_get_corename();
}
