//===- Main.cpp - Speed of the simulator ----------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints for each size, batch, number of threads and configuration
//
//   <N>x<N> <config> <x> MVM/s <y> us/MVM batch <b> threads <t>
//
// Rounds of all configurations of a size, batch and number of threads take
// turns, so that a change of the processor's clock meets all; figures are
// medians over the rounds.
//
//===----------------------------------------------------------------------===//

#include "Configurations.h"
#include "Runtime/Kernels/Engine.h"
#include "aimc/Runtime/Runner.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>

using namespace aimc::runtime;
using namespace aimc::runtime::bench;

namespace {

constexpr const char *Tool = "bench-simulator";
constexpr const char *AmxName = "AMX hi+lo";

constexpr int64_t Sizes[] = {256, 512};

struct Options {
  std::vector<int> batches = {1, 64, 1024}, threads = {1, 2}, rounds = {41};
  std::string filter, engine = "auto";
};

/// Adds an option that takes integers from 1 to `high`, at most `count`.
void addIntegers(CLI::App &app, const char *name, std::vector<int> &values,
                 int high, int count, const char *help) {
  const auto parse = [=, &values](const std::vector<std::string> &texts) {
    values.clear();
    for (const std::string &text : texts) {
      int number = 0;
      const char *end = text.data() + text.size();
      const auto [rest, code] = std::from_chars(text.data(), end, number);
      if (code != std::errc() || rest != end || number < 1 || number > high)
        throw CLI::ValidationError(
            std::string(name) + " expects an integer from 1 to " +
            std::to_string(high) + ", but got '" + text + "'");
      values.push_back(number);
    }
  };
  app.add_option_function<std::vector<std::string>>(name, parse, help)
      ->delimiter(',')
      ->expected(1, count)
      ->type_name("N");
}

/// What the filter is looked for in.
std::string titleOf(int64_t size, const std::string &name) {
  return std::to_string(size) + "x" + std::to_string(size) + " " + name;
}

struct Candidate {
  std::string title;
  std::unique_ptr<Product> product;
  int64_t calls = 1; ///< in a round
  int rounds = 0;
  std::vector<double> seconds = {}; ///< of a call, by round
};

/// Calls that take about 2 ms; the first two warm up.
int64_t callsOf(Product &product) {
  product.secondsOf(1);
  const double seconds = product.secondsOf(1);
  return std::clamp<int64_t>(static_cast<int64_t>(2e-3 / seconds), 1, 1000000);
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2,
                   values.end());
  return values[values.size() / 2];
}

void measure(std::vector<Candidate> &candidates, const Setup &setup,
             int rounds) {
  for (Candidate &candidate : candidates) {
    candidate.calls = callsOf(*candidate.product);
    candidate.rounds =
        candidate.product->isSlow() ? std::min(rounds, 3) : rounds;
  }
  for (int round = 0; round < rounds; ++round)
    for (Candidate &candidate : candidates) {
      if (round >= candidate.rounds)
        continue;
      candidate.seconds.push_back(
          candidate.product->secondsOf(candidate.calls) /
          static_cast<double>(candidate.calls));
    }
  for (const Candidate &candidate : candidates) {
    const double seconds =
        median(candidate.seconds) / static_cast<double>(setup.batch);
    std::printf("%s %.5g MVM/s %.4g us/MVM batch %lld threads %d\n",
                candidate.title.c_str(), 1 / seconds, 1e6 * seconds,
                static_cast<long long>(setup.batch), setup.threads);
  }
  std::fflush(stdout);
}

bool selects(const Options &options, int64_t size, const std::string &name) {
  return titleOf(size, name).find(options.filter) != std::string::npos;
}

bool selectsAmx(const Options &options) {
  return selects(options, Sizes[0], AmxName) ||
         selects(options, Sizes[1], AmxName);
}

/// Whether there is anything to measure or to say.
bool selectsAny(const Options &options) {
  bool found = selectsAmx(options);
  for (int64_t size : Sizes)
    for (int64_t batch : options.batches)
      for (const Configuration &configuration : configurations(batch))
        found |= selects(options, size, configuration.name);
  return found;
}

void run(const Options &options) {
  if (selectsAmx(options))
    std::printf("%s is not there: the runtime has no engine for AMX\n",
                AmxName);
  for (int threads : options.threads)
    for (int64_t batch : options.batches)
      for (int64_t size : Sizes) {
        const Setup setup = {size, batch, threads, options.engine};
        std::vector<Candidate> candidates;
        for (const Configuration &configuration : configurations(batch))
          if (selects(options, size, configuration.name))
            candidates.push_back({titleOf(size, configuration.name),
                                  configuration.create(setup)});
        measure(candidates, setup, options.rounds[0]);
      }
}

/// Settings of OpenBLAS that a fair run needs and that it reads when it is
/// loaded. What the user has set stands.
///
/// Some distributions' OpenBLAS takes AVX2 kernels on processors newer than
/// itself, which would flatter us. Its idle threads spin for 2^26 ticks before
/// they sleep, more than 0.1 s on a busy machine, which would take a core from
/// what is measured next: 2^10 ticks outlast the time between two of its calls.
void chooseOpenBlasSettings(char **argv) {
  bool changed = false;
  const auto set = [&](const char *name, const char *value) {
    if (std::getenv(name))
      return;
    setenv(name, value, /*overwrite=*/1);
    changed = true;
  };
  if (std::string(availableEngines().back()->name) == "avx512")
    set("OPENBLAS_CORETYPE", "SkylakeX");
  set("OPENBLAS_THREAD_TIMEOUT", "10");
  if (changed)
    execv("/proc/self/exe", argv);
  // Without it OpenBLAS's own choices stand; its kernels are printed.
}

} // namespace

int main(int argc, char **argv) {
  chooseOpenBlasSettings(argv);
  try {
    Options options;
    CLI::App app("Measures the simulator's products with one matrix of 256x256 "
                 "and 512x512 weights.",
                 Tool);
    addIntegers(app, "--batch", options.batches, 1 << 20, 100,
                "Vectors a call, several with commas: 1,64,1024 by default");
    addIntegers(app, "--threads", options.threads, 1024, 100,
                "Threads, several with commas: 1,2 by default");
    app.add_option("--filter", options.filter,
                   "Measures only what has this text in '<N>x<N> <config>'");
    app.add_option("--engine", options.engine,
                   "Kernels of the simulator: auto, scalar, avx2 or avx512");
    addIntegers(app, "--rounds", options.rounds, 100000, 1,
                "Rounds whose median is printed: 41 by default");
    if (std::optional<int> code =
            parseCommandLine(app, Tool, argc, argv, std::cout, std::cerr))
      return *code;
    std::string error;
    const Engine *engine = findEngine(options.engine, error);
    if (!engine) {
      std::cerr << Tool << ": error: --engine " << error << "\n";
      return 1;
    }
    if (!selectsAny(options)) {
      std::cerr << Tool
                << ": error: --filter expects a text that a configuration has, "
                   "but got '"
                << options.filter << "'\n";
      return 1;
    }
    std::printf("engine %s, OpenBLAS %s\n", engine->name,
                openBlasKernels().c_str());
    run(options);
  } catch (const std::exception &exception) {
    std::cerr << Tool << ": error: " << exception.what() << "\n";
    return 1;
  }
  return 0;
}
