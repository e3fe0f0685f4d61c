//===- RunnerTest.cpp - Running a model on files ----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model made by hand, y = x W + b on one matrix of two tiles, run as a
// compiled program runs it: results, reports, cuts into blocks, and the
// sentence for each thing that can be wrong.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Runner.h"
#include "aimc/Runtime/Files.h"
#include "aimc/Runtime/Main.h"
#include "aimc/Runtime/TargetDescription.h"

#include "TemporaryFolder.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

using namespace aimc::runtime;
using namespace aimc::test;

namespace {

// W is 3 x 2, cut after its second row.
const float weights[] = {1, -1, 2, 0.5, -3, 4};
const float bias[] = {0.25, -0.5};
const aimc_tile tiles[] = {{0, 0, 2, 2, -1, -1, -1, -1},
                           {2, 0, 1, 2, -1, -1, -1, -1}};
const aimc_matrix matrices[] = {
    {"w", 3, 2, weights, 1, AIMC_COPIES_AVERAGE, 2, tiles}};
const float *const constants[] = {bias};
const aimc_instruction instructions[] = {{AIMC_ADD, 2, {0, 1, -1}, -1}};
const int32_t widths[] = {2, 2, 2}, outputs[] = {2};
const aimc_program programs[] = {
    {"bias", "host", 1, 1, constants, 1, instructions, widths, 1, outputs}};
const aimc_parameter parameters[] = {{"x", -1, 3, 0, nullptr}};
const aimc_parameter results[] = {{"y", -1, 2, 0, nullptr}};

aimc_tensor newTensor(int64_t rows, int64_t columns) {
  float *values =
      static_cast<float *>(std::malloc(size_t(rows * columns + 1) * 4));
  return {values, values, 0, {rows, columns}, {columns, 1}};
}

void runModelByHand(void *, aimc_context *context, const aimc_tensor *inputs,
                    aimc_tensor *outputs) {
  int64_t first = aimc_first_vector(context), rows = inputs[0].sizes[0];
  aimc_tensor sums = newTensor(rows, 2);
  outputs[0] = newTensor(rows, 2);
  aimc_mvm(context, 0, 0, 4.0f, 4.0f, first, inputs, &sums);
  aimc_digital(context, 0, first, 1, &sums, 1, outputs);
  std::free(sums.allocated);
}

aimc_model modelByHand() {
  aimc_model model = {};
  model.abi_version = AIMC_ABI_VERSION;
  model.name = "main";
  model.matrix_count = 1;
  model.matrices = matrices;
  model.program_count = 1;
  model.programs = programs;
  model.input_count = 1;
  model.inputs = parameters;
  model.output_count = 1;
  model.outputs = results;
  model.run = runModelByHand;
  return model;
}

/// The same with a target, placed on its first cores.
aimc_model modelOnHermes() {
  static const std::string target(*TargetDescription::builtin("hermes"));
  static const aimc_tile placed[] = {{0, 0, 2, 2, 0, 0, 0, 0},
                                     {2, 0, 1, 2, 0, 1, 0, 0}};
  static const aimc_matrix onChip[] = {
      {"w", 3, 2, weights, 1, AIMC_COPIES_AVERAGE, 2, placed}};
  static const aimc_program onUnit[] = {
      {"bias", "global", 1, 1, constants, 1, instructions, widths, 1, outputs}};
  aimc_model model = modelByHand();
  model.target = target.c_str();
  model.matrices = onChip;
  model.programs = onUnit;
  return model;
}

class Runner : public TemporaryFolder {
protected:
  /// Inputs of `rows` rows and what the model makes of them, in FP32.
  void SetUp() override {
    TemporaryFolder::SetUp();
    for (int i = 0; i < rows * 3; ++i)
      x.push_back(float((i * 7) % 11 - 5) / 4);
    for (int i = 0; i < rows; ++i)
      for (int j = 0; j < 2; ++j) {
        float upper =
            std::fma(x[i * 3 + 1], weights[2 + j], x[i * 3] * weights[j]);
        y.push_back(upper + x[i * 3 + 2] * weights[4 + j] + bias[j]);
      }
    options.inputs = {write("x.npy", npy("<f4", "(10, 3)", bytesOf(x)))};
  }

  /// The exit code; text in `out` and `err`.
  int run(const aimc_model &model) {
    std::ostringstream outStream, errStream;
    int code = runModel(model, options, "tool", outStream, errStream);
    out = outStream.str();
    err = errStream.str();
    return code;
  }
  int run() { return run(modelByHand()); }

  /// The sentence of a run that must fail, without folder and prefix.
  std::string error(const aimc_model &model) {
    EXPECT_EQ(run(model), 1);
    EXPECT_EQ(out, "");
    EXPECT_EQ(err.compare(0, 13, "tool: error: "), 0) << err;
    EXPECT_EQ(err.find('\n'), err.size() - 1) << err;
    std::string text = err.substr(13, err.size() - 14);
    std::string prefix = folder.string() + "/";
    for (size_t at; (at = text.find(prefix)) != std::string::npos;)
      text.erase(at, prefix.size());
    return text;
  }
  std::string error() { return error(modelByHand()); }

  std::vector<float> saved(const std::string &name) {
    std::string error;
    auto reader = MatrixReader::open(path(name), error);
    EXPECT_TRUE(reader) << error;
    std::vector<float> values;
    if (reader) {
      EXPECT_TRUE(reader->read(reader->rows(), values, error)) << error;
    }
    return values;
  }

  std::string labels(const std::vector<int64_t> &values) {
    return write("labels.npy",
                 npy("<i8", "(" + std::to_string(values.size()) + ",)",
                     bytesOf(values)));
  }

  /// Labels the model is right about but for the first two rows.
  std::vector<int64_t> goodLabels() {
    std::vector<int64_t> values;
    for (int i = 0; i < rows; ++i)
      values.push_back((y[i * 2 + 1] > y[i * 2]) != (i < 2));
    return values;
  }

  static constexpr int rows = 10;
  std::vector<float> x, y;
  RunOptions options;
  std::string out, err;
};

TEST_F(Runner, SavesResults) {
  options.outputs = {path("y.npy")};
  ASSERT_EQ(run(), 0) << err;
  EXPECT_EQ(saved("y.npy"), y);
  EXPECT_EQ(out, "");
  EXPECT_EQ(err.find("10 rows in "), 0u) << err;
}

/// Results do not depend on the cut into blocks or the threads.
TEST_F(Runner, ResultsDoNotDependOnTheCut) {
  options.labels = labels(goodLabels());
  for (int64_t cut : {1, 3, 10, 4096})
    for (int threads : {1, 3}) {
      options.blockRows = cut;
      options.threads = threads;
      options.outputs = {path("y.npy")};
      ASSERT_EQ(run(), 0) << err;
      EXPECT_EQ(saved("y.npy"), y);
      EXPECT_EQ(out, "accuracy: 0.8000 (8 of 10)\n");
    }
}

/// A model with a wide matrix runs fewer rows at a time.
TEST_F(Runner, BlocksLeaveTheMemoryOfTheirResultsToTheNext) {
  // The second takes what a block would have given back to the system.
  static std::vector<float *> memory, taken;
  memory.clear();
  aimc_model model = modelByHand();
  model.run = [](void *, aimc_context *context, const aimc_tensor *inputs,
                 aimc_tensor *outputs) {
    const int64_t rows = inputs[0].sizes[0];
    taken.push_back(static_cast<float *>(std::aligned_alloc(64, 64)));
    auto *values = static_cast<float *>(aimc_allocate(context, rows, 2));
    std::fill_n(values, rows * 2, 1.0f);
    outputs[0] = {values, values, 0, {rows, 2}, {2, 1}};
    memory.push_back(values);
  };
  options.blockRows = 2;
  options.outputs = {path("y.npy")};
  ASSERT_EQ(run(model), 0) << err;
  EXPECT_EQ(memory, std::vector<float *>(5, memory.front()));
  for (float *block : taken)
    std::free(block);
  taken.clear();
}

TEST_F(Runner, BlocksOfWideValuesAreSmall) {
  const int64_t width = 1 << 15;
  const std::vector<float> wideWeights(width);
  const aimc_matrix wide[] = {matrices[0],
                              {"wide", 1, width, wideWeights.data(), 1,
                               AIMC_COPIES_AVERAGE, 0, nullptr}};
  aimc_model model = modelByHand();
  int64_t most = 0;
  model.run = [](void *user, aimc_context *context, const aimc_tensor *inputs,
                 aimc_tensor *outputs) {
    auto &most = *static_cast<int64_t *>(user);
    most = std::max(most, inputs[0].sizes[0]);
    runModelByHand(nullptr, context, inputs, outputs);
  };
  model.user = &most;
  options.inputs = {write(
      "x.npy", npy("<f4", "(3000, 3)", bytesOf(std::vector<float>(9000))))};
  std::ostringstream text;
  ASSERT_EQ(runModel(model, options, "tool", text, text), 0) << text.str();
  EXPECT_EQ(most, 3000);
  most = 0;
  model.matrices = wide;
  model.matrix_count = 2;
  ASSERT_EQ(runModel(model, options, "tool", text, text), 0) << text.str();
  EXPECT_EQ(most, 512);
}

TEST_F(Runner, ShowsSmallResults) {
  x = {1, 2, 3};
  options.inputs = {write("x.csv", "1,2,3\n")};
  ASSERT_EQ(run(), 0) << err;
  EXPECT_EQ(out, "result 0: 1 x 2\n-3.75 11.5\n");
}

TEST_F(Runner, ShowsTheShapeOfLargeResults) {
  std::vector<float> many(300, 1);
  options.inputs = {write("x.npy", npy("<f4", "(100, 3)", bytesOf(many)))};
  options.blockRows = 30;
  ASSERT_EQ(run(), 0) << err;
  EXPECT_EQ(out, "result 0: 100 x 2; save it with --output y.npy\n");
}

TEST_F(Runner, RunsNoRows) {
  options.inputs = {write("x.npy", npy("<f4", "(0, 3)", ""))};
  options.outputs = {path("y.npy")};
  options.labels = labels({});
  ASSERT_EQ(run(), 0) << err;
  EXPECT_EQ(out, "accuracy: not available (no rows)\n");
  std::string error;
  auto reader = MatrixReader::open(path("y.npy"), error);
  ASSERT_TRUE(reader) << error;
  EXPECT_EQ(reader->rows(), 0);
  EXPECT_EQ(reader->columns(), 2);
  options.json = true;
  ASSERT_EQ(run(), 0) << err;
  EXPECT_TRUE(nlohmann::json::parse(out)["accuracy"].is_null()) << out;
}

TEST_F(Runner, Compares) {
  y[5] += 0.5;
  options.compare = {write("y.npy", npy("<f4", "(10, 2)", bytesOf(y)))};
  options.blockRows = 4;
  ASSERT_EQ(run(), 0) << err;
  EXPECT_NE(out.find("largest difference 0.5 ("), std::string::npos) << out;
}

TEST_F(Runner, ReportsJson) {
  options.labels = labels(goodLabels());
  options.compare = {write("y.npy", npy("<f4", "(10, 2)", bytesOf(y)))};
  options.json = true;
  options.seed = 7;
  ASSERT_EQ(run(), 0) << err;
  EXPECT_EQ(err, "");
  nlohmann::json report = nlohmann::json::parse(out);
  EXPECT_EQ(report["device"], "exact");
  EXPECT_EQ(report["rows"], 10);
  EXPECT_EQ(report["accuracy"], 0.8);
  EXPECT_EQ(report["correct"], 8);
  EXPECT_EQ(report["compare_max_abs"], 0);
  EXPECT_EQ(report["compare_max_relative"], 0);
  EXPECT_EQ(report["mvms"], 20);
  EXPECT_TRUE(report["seconds"]["run"].is_number());
  EXPECT_TRUE(report["engine"].is_string());
  ASSERT_EQ(report["chips"].size(), 1u);
  EXPECT_EQ(report["chips"][0]["program_seed"], 7);
  EXPECT_FALSE(report.contains("mode"));
  EXPECT_FALSE(report.contains("relative_error_to_exact"));
}

TEST_F(Runner, CollectsRanges) {
  options.collectRanges = path("ranges.json");
  options.blockRows = 3;
  ASSERT_EQ(run(), 0) << err;
  EXPECT_EQ(out, "");
  std::string whole = read("ranges.json");
  nlohmann::json ranges = nlohmann::json::parse(whole);
  ASSERT_EQ(ranges["sites"].size(), 1u);
  EXPECT_EQ(ranges["sites"][0]["matrix"], "w");
  EXPECT_EQ(ranges["sites"][0]["vectors"], 10);
  EXPECT_EQ(ranges["sites"][0]["input"]["max"], 1.25);
  // They do not depend on the cut either.
  options.blockRows = 4096;
  ASSERT_EQ(run(), 0) << err;
  EXPECT_EQ(read("ranges.json"), whole);

  options.collectRanges = path("y.npy");
  options.outputs = {options.collectRanges};
  EXPECT_EQ(error(), "--collect-ranges expects another file than those of "
                     "other results, but got 'y.npy'");
  options.outputs = {};
  options.collectRanges = path("none/ranges.json");
  EXPECT_EQ(error(),
            "cannot write 'none/ranges.json': No such file or directory");
  options.device = "simulator";
  aimc_model model = modelOnHermes();
  EXPECT_EQ(error(model),
            "--collect-ranges expects device exact, but got 'simulator'");
}

/// The same seed gives the same bits in any cut; another seed others.
TEST_F(Runner, SimulatesTheSameInEveryCut) {
  aimc_model model = modelOnHermes();
  options.device = "simulator";
  options.seed = 3;
  options.outputs = {path("y.npy")};
  ASSERT_EQ(run(model), 0) << err;
  EXPECT_EQ(out.find("relative error to exact: 0."), 0u) << out;
  std::string first = read("y.npy"), report = out;
  for (int64_t cut : {1, 3})
    for (int threads : {1, 4}) {
      options.blockRows = cut;
      options.threads = threads;
      ASSERT_EQ(run(model), 0) << err;
      EXPECT_EQ(read("y.npy"), first);
      EXPECT_EQ(out, report);
    }
  for (int which : {0, 1}) {
    options.programSeed = which == 0 ? 4 : 3;
    options.readSeed = which == 1 ? 4 : 3;
    ASSERT_EQ(run(model), 0) << err;
    EXPECT_NE(read("y.npy"), first);
  }
}

/// Two halves of the data, run apart, give the bits of the whole.
TEST_F(Runner, TakesPartsOfTheData) {
  aimc_model model = modelOnHermes();
  options.device = "simulator";
  options.outputs = {path("y.npy")};
  ASSERT_EQ(run(model), 0) << err;
  std::vector<float> whole = saved("y.npy");
  std::vector<float> tail(x.begin() + 12, x.end());
  options.inputs = {write("tail.npy", npy("<f4", "(6, 3)", bytesOf(tail)))};
  options.firstVector = 4;
  ASSERT_EQ(run(model), 0) << err;
  EXPECT_EQ(saved("y.npy"), std::vector<float>(whole.begin() + 8, whole.end()));
}

TEST_F(Runner, RunsSeveralChips) {
  aimc_model model = modelOnHermes();
  options.device = "simulator";
  options.labels = labels(goodLabels());
  options.json = true;
  std::vector<double> accuracies, errors;
  for (uint64_t seed : {5, 6, 7}) {
    options.seed = seed;
    ASSERT_EQ(run(model), 0) << err;
    nlohmann::json report = nlohmann::json::parse(out);
    accuracies.push_back(report["accuracy"]);
    errors.push_back(report["relative_error_to_exact"]);
    EXPECT_GT(errors.back(), 0);
    EXPECT_LT(errors.back(), 0.5);
  }
  options.seed = 5;
  options.chips = 3;
  ASSERT_EQ(run(model), 0) << err;
  nlohmann::json report = nlohmann::json::parse(out);
  ASSERT_EQ(report["chips"].size(), 3u);
  double mean = 0, squares = 0;
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(report["chips"][i]["program_seed"], 5 + i);
    EXPECT_EQ(report["chips"][i]["accuracy"], accuracies[i]);
    EXPECT_EQ(report["chips"][i]["relative_error_to_exact"], errors[i]);
    mean += errors[i] / 3;
  }
  for (double value : errors)
    squares += (value - mean) * (value - mean);
  EXPECT_NEAR(report["relative_error_to_exact"], mean, 1e-12);
  EXPECT_NEAR(report["relative_error_to_exact_standard_deviation"],
              std::sqrt(squares / 2), 1e-12);
  // Student's t of two degrees of freedom.
  const double width = 4.302653 * std::sqrt(squares / 2 / 3);
  EXPECT_NEAR(report["relative_error_to_exact_confidence_interval"][0],
              mean - width, 1e-6);
  EXPECT_NEAR(report["relative_error_to_exact_confidence_interval"][1],
              mean + width, 1e-6);
  options.json = false;
  ASSERT_EQ(run(model), 0) << err;
  EXPECT_EQ(out.find("chip of program seed 5: accuracy "), 0u) << out;
  EXPECT_NE(out.find(" standard deviation over 3 chips, 95 % confidence "
                     "interval "),
            std::string::npos)
      << out;
  options.outputs = {path("y.npy")};
  EXPECT_EQ(error(model), "--output expects one chip, but got --chips 3");
}

TEST_F(Runner, ReportsStatistics) {
  options.stats = true;
  ASSERT_EQ(run(), 0) << err;
  for (const char *key :
       {"engine: ", "MVMs: 20\n", "time of digital work: ",
        "time of MVMs with their digital work: ", "samples/s: "})
    EXPECT_NE(err.find(key), std::string::npos) << key;
}

TEST_F(Runner, TakesSignsAsLabelsOfOneScore) {
  static const aimc_parameter oneResult[] = {{"y", -1, 1, 0, nullptr}};
  aimc_model model = modelByHand();
  model.outputs = oneResult;
  model.run = [](void *, aimc_context *, const aimc_tensor *inputs,
                 aimc_tensor *outputs) {
    outputs[0] = newTensor(inputs[0].sizes[0], 1);
    for (int64_t i = 0; i < inputs[0].sizes[0]; ++i)
      outputs[0].aligned[i] = float(i % 3) - 1; // -1, 0, 1
  };
  options.blockRows = 3;
  options.labels = labels({0, 0, 1, 0, 0, 1, 0, 0, 1, 1});
  ASSERT_EQ(run(model), 0) << err;
  EXPECT_EQ(out, "accuracy: 0.9000 (9 of 10)\n");
  options.labels = labels({-1, -1, 1, -1, -1, 1, -1, -1, 1, -1});
  ASSERT_EQ(run(model), 0) << err;
  EXPECT_EQ(out, "accuracy: 1.0000 (10 of 10)\n");
  options.labels = labels({0, -1, 1, 0, 0, 1, 0, 0, 1, 1});
  EXPECT_EQ(error(model),
            "labels.npy: expects labels 0 and 1, or -1 and 1, for "
            "one score a row, but got -1 at row 1");
}

TEST_F(Runner, ExplainsWrongInputs) {
  std::string good = options.inputs[0];
  options.inputs = {};
  EXPECT_EQ(error(), "'main' expects 1 of --input (x (n x 3)), but got 0");
  options.inputs = {good, good};
  EXPECT_EQ(error(), "'main' expects 1 of --input (x (n x 3)), but got 2");
  options.inputs = {
      write("z.npy", npy("<f4", "(1, 4)", bytesOf<float>({1, 2, 3, 4})))};
  EXPECT_EQ(error(), "z.npy: expects 3 columns for argument x (n x 3), but got "
                     "4");
  options.inputs = {
      write("z.npy", npy("<f4", "(1, 3)", bytesOf<float>({1, NAN, 3})))};
  EXPECT_EQ(error(),
            "z.npy: expects finite values, but got nan at row 0, column 1");
  options.inputs = {path("none.npy")};
  EXPECT_EQ(error(), "cannot open 'none.npy': No such file or directory");

  static const aimc_parameter fixed[] = {{"x", 4, 3, 0, nullptr}};
  aimc_model model = modelByHand();
  model.inputs = fixed;
  options.inputs = {good};
  EXPECT_EQ(error(model),
            "x.npy: expects 4 rows for argument x (4 x 3), but got 10");
}

/// A value that is wrong in a late block leaves no result behind.
TEST_F(Runner, LeavesNoHalfResult) {
  x[28] = INFINITY;
  options.inputs = {write("x.npy", npy("<f4", "(10, 3)", bytesOf(x)))};
  options.outputs = {path("y.npy")};
  options.blockRows = 2;
  EXPECT_EQ(error(),
            "x.npy: expects finite values, but got inf at row 9, column 1");
  EXPECT_EQ(count(), 1u);
}

TEST_F(Runner, ExplainsWrongOutputs) {
  options.outputs = {path("none/y.npy")};
  EXPECT_EQ(error(), "cannot write 'none/y.npy': No such file or directory");
  options.outputs = {path("y.npy"), path("z.npy")};
  EXPECT_EQ(error(), "'main' expects at most 1 of --output, one for each "
                     "result, but got 2");
  options.outputs = {path("y.npy"), path("y.npy")};
  EXPECT_EQ(run(), 1);
  options.outputs = {path("y.csv")};
  EXPECT_EQ(error(), "--output expects a file y.npy or y.npz:name, but got "
                     "'y.csv'");
  options.outputs = {path("y.txt")};
  EXPECT_EQ(error(), "--output expects a file y.npy or y.npz:name, but got "
                     "'y.txt'");
  options.outputs = {path("y.npz")};
  EXPECT_EQ(error(), "--output expects a file y.npy or y.npz:name, but got "
                     "'y.npz'");
  options.outputs = {};
  options.compare = {options.inputs[0]};
  EXPECT_EQ(error(), "x.npy: expects 2 columns as result 0, but got 3");
  options.compare = {
      write("y.npy", npy("<f4", "(1, 2)", bytesOf<float>({1, 2})))};
  EXPECT_EQ(error(), "y.npy: expects 10 rows as result 0, but got 1");
}

TEST_F(Runner, ExplainsWrongLabels) {
  options.labels = labels({0, 1});
  EXPECT_EQ(error(), "labels.npy: expects 10 rows as result 0, but got 2");
  options.labels = labels({0, 1, 0, 1, 0, 1, 2, 0, 0, 0});
  EXPECT_EQ(error(),
            "labels.npy: expects labels from 0 to 1, but got 2 at row 6");
  options.labels = path("none.npy");
  EXPECT_EQ(error(), "cannot open 'none.npy': No such file or directory");
}

TEST_F(Runner, ExplainsWrongOptions) {
  options.device = "gpu";
  EXPECT_EQ(error(), "--device expects exact, simulator or a plug-in PATH.so, "
                     "but got 'gpu'");
  options.device = "simulator";
  EXPECT_EQ(error(), "device 'simulator' expects a model with a target, but "
                     "this one has none; compile it with a target such as "
                     "hermes");
  options.device = "./chip.so";
  EXPECT_EQ(error(), "device './chip.so' expects a model with a target, but "
                     "this one has none; compile it with a target such as "
                     "hermes");
  options.device = "exact";
  options.deviceOptions = {{"log", "x"}};
  EXPECT_EQ(error(), "--device-option expects a plug-in, but got device "
                     "'exact'");
  options.deviceOptions.clear();
  options.chips = 3;
  EXPECT_EQ(error(), "--chips expects device simulator, but got 'exact', on "
                     "which all chips are the same");
  options.chips = 1;
  options.time = 5;
  EXPECT_EQ(error(), "time expects device simulator or a plug-in, but got "
                     "'exact', whose weights do not age");
  options.time = 0;
  options.entry = "other";
  EXPECT_EQ(error(), "--entry expects 'main', but got 'other'");
  options.entry = "main";
  EXPECT_EQ(run(), 0) << err;
  options.engine = "gpu";
  EXPECT_NE(error().find("'gpu'"), std::string::npos);
}

TEST_F(Runner, RefusesKernelErrorsOfWrongModels) {
  std::string text;
  options.kernelError = ExactKernel::parse("linear", text);
  ASSERT_EQ(run(), 0) << err;
  EXPECT_EQ(out.find("kernel error to linear, 10 of 10 rows: "), 0u) << out;
  // One row for all rows of the input.
  static const aimc_parameter total[] = {{"y", 1, 2, 0, nullptr}};
  aimc_model model = modelByHand();
  model.outputs = total;
  model.run = [](void *, aimc_context *, const aimc_tensor *,
                 aimc_tensor *outputs) {
    outputs[0] = newTensor(1, 2);
    std::fill_n(outputs[0].aligned, 2, 0.0f);
  };
  EXPECT_EQ(error(model), "result 0 of 'main' expects a row for each of the 10 "
                          "input rows, but got 1");
  model.output_count = 0;
  EXPECT_EQ(error(model), "--kernel-error expects a model with one argument "
                          "and one result, but got 1 and 0");
  options.labels = labels(goodLabels());
  EXPECT_EQ(error(), "--kernel-error expects a model that gives features, but "
                     "got --labels, which are of one that gives scores");
}

TEST_F(Runner, ExplainsWrongModels) {
  aimc_model model = modelByHand();
  model.abi_version = AIMC_ABI_VERSION + 1;
  EXPECT_EQ(error(model), "expects a model of ABI version 5, but got 6");
  // A size more than its table has is not read.
  static const int64_t sizes[] = {-1};
  static const aimc_parameter deep[] = {{"x", -1, 3, -1, sizes}};
  model = modelByHand();
  model.inputs = deep;
  EXPECT_EQ(error(model), "input 'x' expects from 1 to 16 sizes, but got -1");
  // Fewer rows than there were in the block.
  model = modelByHand();
  model.run = [](void *, aimc_context *, const aimc_tensor *,
                 aimc_tensor *outputs) { outputs[0] = newTensor(0, 2); };
  EXPECT_EQ(error(model), "result 0 of 'main' expects a row for each of the 10 "
                          "input rows, but got 0");
}

/// Parses a command line as a compiled program does.
class CommandLine : public testing::Test {
protected:
  std::string error(std::vector<const char *> arguments) {
    arguments.insert(arguments.begin(), "tool");
    std::ostringstream outStream, errStream;
    options = RunOptions();
    CLI::App app;
    app.set_version_flag("--version", versionText("tool"));
    addRunOptions(app, options, /*compilerTool=*/true);
    code = parseCommandLine(app, "tool", int(arguments.size()),
                            arguments.data(), outStream, errStream);
    out = outStream.str();
    return errStream.str();
  }

  RunOptions options;
  std::optional<int> code;
  std::string out;
};

TEST_F(CommandLine, ReadsOptions) {
  EXPECT_EQ(error({"--input",
                   "a.npy",
                   "--input=b.npz:x",
                   "--output",
                   "y.npy",
                   "--labels",
                   "l.npy",
                   "--device",
                   "simulator",
                   "--seed",
                   "5",
                   "--read-seed",
                   "18446744073709551615",
                   "--time",
                   "3.6e3",
                   "--threads",
                   "2",
                   "--first-vector",
                   "7",
                   "--chips",
                   "4",
                   "--engine",
                   "scalar",
                   "--stats",
                   "--json",
                   "--entry",
                   "f",
                   "--compare",
                   "z.npy",
                   "--collect-ranges",
                   "r.json",
                   "--kernel-error",
                   "rbf:0.05"}),
            "");
  EXPECT_FALSE(code);
  EXPECT_EQ(options.inputs, (std::vector<std::string>{"a.npy", "b.npz:x"}));
  EXPECT_EQ(options.outputs, (std::vector<std::string>{"y.npy"}));
  EXPECT_EQ(options.device, "simulator");
  EXPECT_EQ(options.programSeedOf(1), 6u);
  EXPECT_EQ(options.readSeedOf(0), 18446744073709551615u);
  EXPECT_FALSE(options.omegaSeed);
  EXPECT_EQ(options.time, 3600);
  EXPECT_EQ(options.threads, 2);
  EXPECT_EQ(options.firstVector, 7);
  EXPECT_EQ(options.chips, 4);
  EXPECT_TRUE(options.stats && options.json);
  EXPECT_EQ(options.collectRanges, "r.json");
  ASSERT_TRUE(options.kernelError);
  EXPECT_EQ(options.kernelError->name(), "rbf:0.05");
}

TEST_F(CommandLine, ExplainsWrongValues) {
  EXPECT_EQ(error({"--seed", "-1"}),
            "tool: error: --seed expects an integer from 0 to "
            "18446744073709551615, but got '-1'\n");
  EXPECT_EQ(code, 1);
  EXPECT_EQ(error({"--threads", "0"}),
            "tool: error: --threads expects an integer from 1 to 1024, but got "
            "'0'\n");
  EXPECT_EQ(error({"--chips", "1.5"}),
            "tool: error: --chips expects an integer from 1 to 1000000, but "
            "got '1.5'\n");
  for (const char *time : {"-5", "nan", "inf", "1e999", "soon", ""})
    EXPECT_EQ(error({"--time", time}), "tool: error: --time expects a number "
                                       "of seconds from 0 to 1e12, but got '" +
                                           std::string(time) + "'\n");
}

TEST_F(CommandLine, ExplainsWrongUsage) {
  for (std::vector<const char *> arguments :
       {std::vector<const char *>{"--inptu", "x.npy"},
        {"--input"},
        {"extra"}}) {
    std::string text = error(arguments);
    EXPECT_EQ(text.compare(0, 13, "tool: error: "), 0) << text;
    EXPECT_EQ(text.find('\n'), text.size() - 1) << text;
    EXPECT_EQ(code, 1);
  }
}

TEST_F(CommandLine, HelpsAndTellsVersions) {
  EXPECT_EQ(error({"--help"}), "");
  EXPECT_EQ(code, 0);
  for (const char *option :
       {"--input", "--output", "--labels", "--device", "--seed", "--omega-seed",
        "--program-seed", "--read-seed", "--time", "--threads",
        "--first-vector", "--chips", "--engine", "--stats", "--json", "--entry",
        "--compare", "--collect-ranges"})
    EXPECT_NE(out.find(option), std::string::npos) << option;
  EXPECT_EQ(error({"--version"}), "");
  EXPECT_EQ(code, 0);
  EXPECT_EQ(out.find("tool 0."), 0u) << out;
  EXPECT_NE(out.find("\nruntime ABI 5\ntarget schema 1\n"), std::string::npos)
      << out;
  EXPECT_NE(versionText("tool", "22.1.8").find("\nLLVM 22.1.8"),
            std::string::npos);
}

/// What an emitted program calls.
TEST_F(Runner, MainRefusesAnOmegaSeed) {
  aimc_model model = modelByHand();
  std::string program = "/somewhere/program", option = "--omega-seed",
              value = "1";
  char *arguments[] = {program.data(), option.data(), value.data(), nullptr};
  testing::internal::CaptureStderr();
  EXPECT_EQ(aimc_main(3, arguments, &model), 1);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "program: error: --omega-seed expects a module that samples its "
            "projections, but those of a compiled program are fixed\n");
}

TEST_F(Runner, MainRuns) {
  aimc_model model = modelByHand();
  std::string program = "program", option = "--input", value = "x.csv";
  value = write("x.csv", "1,2,3\n");
  char *arguments[] = {program.data(), option.data(), value.data(), nullptr};
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  EXPECT_EQ(aimc_main(3, arguments, &model), 0);
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            "result 0: 1 x 2\n-3.75 11.5\n");
  testing::internal::GetCapturedStderr();
}

} // namespace
