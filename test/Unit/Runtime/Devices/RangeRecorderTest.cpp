//===- RangeRecorderTest.cpp - Ranges at the uses of matrices -------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Recorded values against a direct count, whatever the threads and batches.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/RangeRecorder.h"
#include "../Support.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

TEST(Histogram, WidensWithoutLosingValues) {
  Histogram histogram;
  for (float value : {0.0f, 1e-30f, 0.75f, -1.0f, 3.0f, 4095.0f})
    histogram.add(value);
  EXPECT_EQ(histogram.binWidth(), 1.0);
  EXPECT_EQ(histogram.counts().size(), 4096u);
  EXPECT_EQ(histogram.counts()[0], 3u);
  EXPECT_EQ(histogram.counts()[1], 1u);
  EXPECT_EQ(histogram.counts()[3], 1u);
  EXPECT_EQ(histogram.counts()[4095], 1u);
  histogram.add(4096.0f);
  EXPECT_EQ(histogram.binWidth(), 2.0);
  EXPECT_EQ(histogram.counts()[0], 4u);
  EXPECT_EQ(histogram.counts()[2048], 1u);
  EXPECT_EQ(histogram.count(), 7u);
  Histogram zeros;
  zeros.add(0.0f);
  EXPECT_EQ(zeros.binWidth(), 1.0);
  EXPECT_EQ(zeros.counts(), std::vector<uint64_t>{1});
}

std::string recordRuns(int threads, int64_t batch, std::vector<float> x,
                       int64_t rows) {
  auto model = TestModel::product(rows, 30, randomValues(rows * 30, 2),
                                  cutTiles(rows, 30, 32, 16));
  RangeRecorder recorder;
  ContextOptions options;
  options.threads = threads;
  options.recorder = &recorder;
  std::string error;
  auto context = Context::create(model->get(), options, error);
  EXPECT_TRUE(context) << error;
  auto plain = Context::create(model->get(), {}, error);
  const int64_t n = static_cast<int64_t>(x.size()) / rows;
  for (int64_t first = 0; first < n; first += batch) {
    std::vector<float> part(x.begin() + first * rows,
                            x.begin() + std::min(first + batch, n) * rows);
    const std::vector<float> recorded =
        runContext(*context, {view(part, rows)}, first, error);
    EXPECT_TRUE(sameBits(recorded,
                         runContext(*plain, {view(part, rows)}, first, error)));
  }
  return recorder.toJson();
}

TEST(RangeRecorder, CountsWhatTheConvertersSee) {
  const int64_t rows = 50, n = 300;
  const std::vector<float> x = randomValues(n * rows, 1);
  const std::string text = recordRuns(1, n, x, rows);
  EXPECT_EQ(recordRuns(2, n, x, rows), text);
  EXPECT_EQ(recordRuns(2, 37, x, rows), text);
  const nlohmann::json json = nlohmann::json::parse(text);
  EXPECT_EQ(json["version"], 1);
  ASSERT_EQ(json["sites"].size(), 1u);
  const nlohmann::json &site = json["sites"][0];
  EXPECT_EQ(site["site"], 7);
  EXPECT_EQ(site["matrix"], "w");
  EXPECT_EQ(site["vectors"], n);
  EXPECT_EQ(site["input"]["count"], n * rows);
  EXPECT_EQ(site["output"]["count"], n * 30 * 2);
  float largest = 0;
  double square = 0;
  for (float value : x) {
    largest = std::max(largest, std::abs(value));
    square += static_cast<double>(value) * value / x.size();
  }
  EXPECT_EQ(site["input"]["max"].get<float>(), largest);
  EXPECT_NEAR(site["input"]["deviation"].get<double>(), std::sqrt(square),
              1e-3);
  EXPECT_NEAR(site["input"]["mean"].get<double>(), 0, 0.02);
  // 32 or 18 products of uniform values, weights near 1 at the largest.
  EXPECT_NEAR(site["output"]["deviation"].get<double>(), std::sqrt(25.0 / 9.0),
              0.2);
  uint64_t total = 0;
  for (const auto &bin : site["output"]["histogram"])
    total += bin.get<uint64_t>();
  EXPECT_EQ(total, uint64_t(n) * 30 * 2);
  const double width = site["output"]["bin_width"];
  EXPECT_EQ(static_cast<size_t>(site["output"]["max"].get<double>() / width) +
                1,
            site["output"]["histogram"].size());
}

TEST(RangeRecorder, IsForTheExactDevice) {
  auto model =
      TestModel::product(4, 4, randomValues(16, 2), cutTiles(4, 4, 4, 4));
  RangeRecorder recorder;
  ContextOptions options;
  options.device = "simulator";
  options.recorder = &recorder;
  std::string error;
  EXPECT_FALSE(Context::create(model->get(), options, error));
  EXPECT_EQ(error,
            "expects device 'exact' to record ranges, but got 'simulator'");
}

} // namespace
