//===- Main.cpp - Speed of compiled programs ------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints for each model and batch, on the exact device and one thread,
//
//   <model> batch=<B> <name> <x> samples/s
//
// where the name is `program`, what aimcc makes of the model; `yardstick`, the
// same by hand; or a library of Python. A batch of attention is a sequence of
// as many tokens. Rounds of all take turns on one processor, so that a change
// of its clock meets all; figures are medians over the rounds.
//
//===----------------------------------------------------------------------===//

#include "Peers.h"
#include "Yardstick.h"

#include "aimc/Runtime/Context.h"
#include "aimc/Runtime/Files.h"
#include "aimc/Runtime/Runner.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <dlfcn.h>
#include <sched.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <stdexcept>

using namespace aimc::runtime;
using namespace aimc::runtime::bench;

namespace {

constexpr const char *Tool = "bench-programs";

struct ModelBatches {
  const char *name;
  std::vector<int64_t> batches;
};

/// All models; see models.py.
const ModelBatches Models[] = {
    {"rff-22-704-2", {1, 64, 4096}},
    {"rff-16-512-26", {1, 64, 4096}},
    {"rff-256-1024-10", {1, 64, 4096}},
    {"favor-64-256", {1024, 2048, 4096}},
};

struct Options {
  std::string filter, aimcc = AIMC_BENCH_AIMCC, python = AIMC_BENCH_PYTHON;
  int rounds = 21;
  bool alone = false;
};

/// Runs a program; throws when it fails.
void execute(const std::vector<std::string> &words) {
  std::vector<char *> arguments;
  for (const std::string &word : words)
    arguments.push_back(const_cast<char *>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t process;
  int status = 1;
  if (posix_spawnp(&process, arguments[0], nullptr, nullptr, arguments.data(),
                   environ) != 0 ||
      waitpid(process, &status, 0) < 0 || status != 0)
    throw std::runtime_error("expects '" + words[0] + " " + words[1] +
                             "' to run, but it failed");
}

/// A folder of its own that goes with it.
struct TemporaryFolder {
  TemporaryFolder() {
    std::string pattern =
        std::filesystem::temp_directory_path() / "bench-programs-XXXXXX";
    if (!mkdtemp(pattern.data()))
      throw std::runtime_error("expects a temporary folder, but got none");
    path = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::filesystem::path path;
};

/// All values of a .npy file.
struct Array {
  explicit Array(const std::string &file) {
    std::string error;
    auto reader = MatrixReader::open(file, error);
    if (!reader)
      throw std::runtime_error(error);
    rows = reader->shape()[0];
    int64_t count = 1;
    for (int64_t size : reader->shape())
      count *= size;
    columns = rows ? count / rows : 0;
    if (!reader->read(rows, values, error))
      throw std::runtime_error(error);
  }
  aimc_tensor head(int64_t count) {
    return {values.data(), values.data(), 0, {count, columns}, {columns, 1}};
  }
  std::vector<float> values;
  int64_t rows, columns;
};

/// A model as aimcc compiles it, in this process.
class Program {
public:
  explicit Program(const std::string &library) {
    void *handle = dlopen(library.c_str(), RTLD_NOW);
    if (!handle)
      throw std::runtime_error(dlerror());
    using ModelFunction = const aimc_model *();
    auto *function =
        reinterpret_cast<ModelFunction *>(dlsym(handle, "aimc_library_model"));
    if (!function)
      throw std::runtime_error(dlerror());
    ContextOptions options;
    options.device = "exact";
    options.threads = 1;
    std::string error;
    context = Context::create(*function(), options, error);
    if (!context)
      throw std::runtime_error(error);
  }

  void call(const std::vector<aimc_tensor> &inputs) {
    std::string error;
    if (!context->run(inputs, 0, outputs, error))
      throw std::runtime_error(error);
    context->release(outputs);
  }

  /// The first result.
  std::vector<float> resultsOf(const std::vector<aimc_tensor> &inputs) {
    std::string error;
    if (!context->run(inputs, 0, outputs, error))
      throw std::runtime_error(error);
    const aimc_tensor &y = outputs[0];
    std::vector<float> values(y.aligned + y.offset,
                              y.aligned + y.offset + y.sizes[0] * y.sizes[1]);
    context->release(outputs);
    return values;
  }

  const std::string &engine() const { return context->statistics().engine; }

private:
  std::unique_ptr<Context> context;
  std::vector<aimc_tensor> outputs;
};

/// Seconds of some calls together.
using Round = std::function<double(int64_t calls)>;

Round timed(std::function<void()> call) {
  return [call = std::move(call)](int64_t calls) {
    const auto start = std::chrono::steady_clock::now();
    for (int64_t i = 0; i < calls; ++i)
      call();
    const std::chrono::duration<double> elapsed =
        std::chrono::steady_clock::now() - start;
    return elapsed.count();
  };
}

struct Candidate {
  std::string name;
  Round round;
  int64_t calls = 1;
  std::vector<double> seconds = {}; ///< of a call, by round
};

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2,
                   values.end());
  return values[values.size() / 2];
}

void measure(std::vector<Candidate> candidates, const std::string &title,
             int64_t batch, int rounds) {
  for (Candidate &candidate : candidates) {
    // Rounds of about 10 ms; the first calls warm up.
    candidate.round(1);
    const double seconds = candidate.round(2) / 2;
    candidate.calls =
        std::clamp<int64_t>(static_cast<int64_t>(1e-2 / seconds), 1, 100000);
  }
  for (int round = 0; round < rounds; ++round)
    for (Candidate &candidate : candidates)
      candidate.seconds.push_back(candidate.round(candidate.calls) /
                                  static_cast<double>(candidate.calls));
  for (const Candidate &candidate : candidates)
    std::printf("%s %s %.5g samples/s\n", title.c_str(), candidate.name.c_str(),
                static_cast<double>(batch) / median(candidate.seconds));
  std::fflush(stdout);
}

/// Arrays of a model by name, read when they are asked for.
class Arrays {
public:
  Arrays(std::filesystem::path folder, std::string model)
      : folder(std::move(folder)), model(std::move(model)) {}
  Array &operator[](const std::string &name) {
    std::unique_ptr<Array> &array = arrays[name];
    if (!array)
      array = std::make_unique<Array>(folder / (model + "-" + name + ".npy"));
    return *array;
  }

private:
  std::filesystem::path folder;
  std::string model;
  std::map<std::string, std::unique_ptr<Array>> arrays;
};

/// The yardstick that this machine runs, or null.
Yardstick findYardstick() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
    return runYardstickAvx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return runYardstickAvx2;
#endif
  return nullptr;
}

/// By hand: a model of random features.
std::function<void(float *y)> yardstickCall(Yardstick yardstick, Arrays &arrays,
                                            int64_t batch) {
  static int64_t models = 0;
  const Array &omega = arrays["omega"];
  const int64_t outputs = arrays["intercept"].rows;
  // The factor of the features goes into the small matrix, as by hand it would.
  auto readout = std::make_shared<std::vector<float>>(arrays["readout"].values);
  const float scale =
      static_cast<float>(std::sqrt(2.0 / static_cast<double>(omega.rows)));
  for (float &value : *readout)
    value *= scale;
  const RandomFeatures model = {models++,
                                omega.columns,
                                omega.rows,
                                outputs,
                                omega.values.data(),
                                arrays["offset"].values.data(),
                                readout->data(),
                                arrays["intercept"].values.data()};
  const float *x = arrays["x"].values.data();
  return [=](float *y) {
    (void)readout; // kept alive
    yardstick(model, x, batch, y);
  };
}

/// The same as rounds, if its results are those of the program.
Round yardstickRound(Yardstick yardstick, Arrays &arrays, int64_t batch,
                     const std::vector<float> &expected) {
  const auto call = yardstickCall(yardstick, arrays, batch);
  auto y = std::make_shared<std::vector<float>>(expected.size());
  call(y->data());
  for (size_t i = 0; i < y->size(); ++i)
    if (!(std::abs((*y)[i] - expected[i]) <= 1e-3f))
      throw std::runtime_error("expects the yardstick to have the results of "
                               "the program, but got " +
                               std::to_string((*y)[i]) + " for " +
                               std::to_string(expected[i]));
  return timed([=] { call(y->data()); });
}

void measureModel(const ModelBatches &model, const Options &options,
                  const std::filesystem::path &folder, Peers &peers) {
  const std::string name = model.name;
  const bool isAttention = name.rfind("favor", 0) == 0;
  const std::string library = folder / (name + ".so");
  execute({options.aimcc, folder / (name + ".mlir"), "--target", "hermes",
           "--emit", "library", "-o", library});
  Program program(library);
  Arrays arrays(folder, name);
  for (int64_t batch : model.batches) {
    const std::string title = name + " batch=" + std::to_string(batch);
    if (title.find(options.filter) == std::string::npos)
      continue;
    std::vector<aimc_tensor> inputs;
    for (const char *input : {"q", "k", "v", "x"})
      if (isAttention == (*input != 'x'))
        inputs.push_back(arrays[input].head(batch));
    std::vector<Candidate> candidates = {
        {"program", timed([&, inputs] { program.call(inputs); })}};
    // Others leave the inputs of long sequences in memory, not in the cache.
    if (options.alone) {
      measure(std::move(candidates), title, batch, options.rounds);
      continue;
    }
    if (Yardstick yardstick = findYardstick(); yardstick && !isAttention)
      candidates.push_back(
          {"yardstick", yardstickRound(yardstick, arrays, batch,
                                       program.resultsOf(inputs))});
    for (const std::string &peer : peers.names())
      if (!isAttention || peer != "scikit_learn")
        candidates.push_back({peer, [&, peer, batch](int64_t calls) {
                                return peers.secondsOf(peer, name, batch,
                                                       calls);
                              }});
    measure(std::move(candidates), title, batch, options.rounds);
  }
}

bool selects(const Options &options, const ModelBatches &model) {
  return std::any_of(
      model.batches.begin(), model.batches.end(), [&](int64_t batch) {
        return (std::string(model.name) + " batch=" + std::to_string(batch))
                   .find(options.filter) != std::string::npos;
      });
}

/// As in the benchmark of the simulator: kernels of this processor for NumPy.
void chooseOpenBlasKernels(char **argv) {
  if (std::getenv("OPENBLAS_CORETYPE") || !__builtin_cpu_supports("avx512f"))
    return;
  setenv("OPENBLAS_CORETYPE", "SkylakeX", /*overwrite=*/1);
  execv("/proc/self/exe", argv);
}

/// Keeps this process, and those that it starts, on the processor where it is:
/// moves between two would slow some calls down and not others.
void stayOnProcessor() {
  const int processor = sched_getcpu();
  cpu_set_t set;
  CPU_ZERO(&set);
  if (processor >= 0 && processor < CPU_SETSIZE)
    CPU_SET(processor, &set);
  if (!CPU_COUNT(&set) || sched_setaffinity(0, sizeof set, &set) != 0)
    throw std::runtime_error("expects to stay on one processor, but the system "
                             "does not allow it");
}

void run(const Options &options) {
  stayOnProcessor();
  TemporaryFolder folder;
  std::vector<std::string> make = {
      options.python, std::string(AIMC_BENCH_SOURCES) + "/models.py",
      folder.path};
  for (const ModelBatches &model : Models)
    if (selects(options, model))
      make.push_back(model.name);
  if (make.size() == 3)
    throw std::runtime_error("--filter expects a text that '<model> batch=<B>' "
                             "has, but got '" +
                             options.filter + "'");
  execute(make);
  Peers peers(options.python, std::string(AIMC_BENCH_SOURCES) + "/peers.py",
              folder.path);
  const std::vector<std::string> &names = peers.names();
  for (const char *library : {"scikit_learn", "pytorch"})
    if (std::find(names.begin(), names.end(), library) == names.end())
      std::printf("%s is not there: Python does not find it\n", library);
  for (const ModelBatches &model : Models)
    if (selects(options, model))
      measureModel(model, options, folder.path, peers);
}

} // namespace

int main(int argc, char **argv) {
  chooseOpenBlasKernels(argv);
  try {
    Options options;
    CLI::App app("Measures compiled models against the same by hand and in "
                 "Python, on one thread.",
                 Tool);
    app.add_option("--filter", options.filter,
                   "Measures only what has this text in '<model> batch=<B>'");
    app.add_option("--rounds", options.rounds,
                   "Rounds whose median is printed: 21 by default")
        ->check([](const std::string &text) {
          if (CLI::Range(1, 100000)(text).empty())
            return std::string();
          return "expects an integer from 1 to 100000, but got '" + text + "'";
        });
    app.add_flag(
        "--alone", options.alone,
        "Measures the programs alone, with nothing between their calls");
    app.add_option("--aimcc", options.aimcc, "The compiler driver");
    app.add_option("--python", options.python, "The Python with the peers");
    if (std::optional<int> code =
            parseCommandLine(app, Tool, argc, argv, std::cout, std::cerr))
      return *code;
    run(options);
  } catch (const std::exception &exception) {
    std::cerr << Tool << ": error: " << exception.what() << "\n";
    return 1;
  }
  return 0;
}
