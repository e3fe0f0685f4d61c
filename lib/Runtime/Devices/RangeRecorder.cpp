//===- RangeRecorder.cpp - Ranges at the uses of matrices -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Histograms and their JSON.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/RangeRecorder.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace aimc::runtime {

void Histogram::add(float value) {
  if (bins.empty())
    bins.resize(Bins);
  const float magnitude = std::abs(value);
  ++total;
  if (magnitude > maximum) {
    maximum = magnitude;
    int magnitudeExponent = 0;
    std::frexp(magnitude, &magnitudeExponent);
    // magnitude < 2^magnitudeExponent = 4096 bins of the new width.
    widen(magnitudeExponent - 12);
  }
  ++bins[static_cast<int64_t>(
      std::ldexp(static_cast<double>(magnitude), -exponent))];
}

void Histogram::add(const Histogram &other) {
  if (other.bins.empty())
    return;
  if (bins.empty())
    bins.resize(Bins);
  widen(other.exponent);
  const int shift = std::min(exponent - other.exponent, 63);
  for (int64_t i = 0; i < Bins; ++i)
    bins[i >> shift] += other.bins[i];
  total += other.total;
  maximum = std::max(maximum, other.maximum);
}

void Histogram::widen(int newExponent) {
  if (newExponent <= exponent)
    return;
  const int shift = std::min(newExponent - exponent, 63);
  exponent = newExponent;
  for (int64_t i = 1; i < Bins; ++i) {
    const uint64_t moved = bins[i];
    bins[i] = 0;
    bins[i >> shift] += moved;
  }
}

double Histogram::binWidth() const {
  return maximum > 0 ? std::ldexp(1.0, exponent) : 1.0;
}

std::vector<uint64_t> Histogram::counts() const {
  std::vector<uint64_t> result = bins;
  while (!result.empty() && result.back() == 0)
    result.pop_back();
  return result;
}

void RangeRecorder::record(int64_t siteId, const std::string &matrix,
                           const std::vector<Vector> &vectors,
                           const Histogram &input, const Histogram &output) {
  Site &site = sites[siteId];
  site.matrix = matrix;
  site.vectors += vectors.size();
  site.input.histogram.add(input);
  site.output.histogram.add(output);
  for (const Vector &vector : vectors) {
    site.input.sum += vector.inputSum;
    site.input.squares += vector.inputSquares;
    site.output.sum += vector.outputSum;
    site.output.squares += vector.outputSquares;
  }
}

std::string RangeRecorder::toJson() const {
  const auto describe = [](const RangeStatistics &statistics) {
    const double count = static_cast<double>(
        std::max<uint64_t>(statistics.histogram.count(), 1));
    const double mean = statistics.sum / count;
    const double variance =
        std::max(statistics.squares / count - mean * mean, 0.0);
    return nlohmann::ordered_json{
        {"count", statistics.histogram.count()},
        {"max", statistics.histogram.largest()},
        {"mean", mean},
        {"deviation", std::sqrt(variance)},
        {"bin_width", statistics.histogram.binWidth()},
        {"histogram", statistics.histogram.counts()}};
  };
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto &[id, site] : sites)
    list.push_back({{"site", id},
                    {"matrix", site.matrix},
                    {"vectors", site.vectors},
                    {"input", describe(site.input)},
                    {"output", describe(site.output)}});
  return nlohmann::ordered_json{{"version", 1}, {"sites", std::move(list)}}
      .dump();
}

} // namespace aimc::runtime
