//===- DeviceParser.cpp - Reading the device model of a target ------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The section `device`.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Target/SectionParsers.h"

#include <algorithm>

using namespace aimc::runtime;
using nlohmann::json;

namespace {

/// Checks a polynomial of x that is a standard deviation from `low` to 1.
void checkDeviation(ObjectReader &object, const char *field,
                    const std::vector<double> &coefficients, double low) {
  for (int step = 0; step <= 100 && !object.reading.failed(); ++step) {
    double x = low + (1 - low) * step / 100, sigma = 0;
    for (size_t i = coefficients.size(); i-- > 0;)
      sigma = sigma * x + coefficients[i];
    if (sigma < 0)
      object.reading.fail(object.pathOf(field),
                          "a polynomial that is not negative from " +
                              json(low).dump() + " to 1.0",
                          json(sigma).dump() + " at " + json(x).dump());
  }
}

constexpr Bounds anyCoefficient = {-1e6, 1e6};

/// sigma_prog as coefficients of a polynomial in g / g_max.
std::vector<double> readProgrammingNoise(ObjectReader &device) {
  ObjectReader object(device.reading, device.at("programming_noise"),
                      device.pathOf("programming_noise"),
                      {"coefficients", "unit", "provenance", "source"});
  std::vector<double> coefficients =
      object.numbers("coefficients", 1, 8, anyCoefficient);
  object.oneOf("unit", {"uS"});
  Origin origin = object.origin();
  checkDeviation(object, "coefficients", coefficients, 0);
  if (device.reading.failed())
    return {};
  object.record("coefficients", coefficients[0], "uS", origin);
  return coefficients;
}

LowFrequencyNoise readLowFrequencyNoise(ObjectReader &device) {
  ObjectReader object(device.reading, device.at("low_frequency_noise"),
                      device.pathOf("low_frequency_noise"),
                      {"read_time", "threshold", "logarithm", "bounds",
                       "coefficients", "unit", "provenance", "source"});
  LowFrequencyNoise noise;
  noise.readTime = object.figure("read_time", "ns", positive).value;
  noise.threshold = object.number("threshold", {0, 1});
  std::vector<double> logarithm =
      object.numbers("logarithm", 2, 2, anyCoefficient);
  std::vector<double> bounds = object.numbers("bounds", 2, 2, {0, 1e6});
  std::vector<double> coefficients =
      object.numbers("coefficients", 4, 4, anyCoefficient);
  object.oneOf("unit", {"1"});
  Origin origin = object.origin();
  checkDeviation(object, "coefficients", coefficients, noise.threshold);
  if (device.reading.failed())
    return noise;
  if (bounds[0] > bounds[1])
    device.reading.fail(
        object.pathOf("bounds"), "a lower bound before an upper one",
        json(bounds[0]).dump() + " before " + json(bounds[1]).dump());
  std::copy(logarithm.begin(), logarithm.end(), noise.logarithm);
  std::copy(bounds.begin(), bounds.end(), noise.bounds);
  std::copy(coefficients.begin(), coefficients.end(), noise.coefficients);
  object.record("coefficients", coefficients[0], "1", origin);
  return noise;
}

} // namespace

DeviceModel aimc::runtime::readDevice(ObjectReader &target) {
  DeviceModel device;
  const json &value = target.at("device");
  std::string path = target.pathOf("device");
  if (value.is_object() && value.contains("kind") && value["kind"] == "ideal") {
    ObjectReader object(target.reading, value, path, {"kind"});
    device.kind = "ideal";
    return device;
  }
  ObjectReader object(target.reading, value, path,
                      {"kind", "max_conductance", "reference_time",
                       "programming_noise", "low_frequency_noise",
                       "output_noise"});
  device.kind = object.oneOf("kind", {"ideal", "hermes"});
  device.maxConductance =
      object.figure("max_conductance", "uS", {0, 1e6, /*open=*/true}).value;
  device.referenceTime =
      object.figure("reference_time", "s", {0, 1e9, /*open=*/true}).value;
  device.programmingNoise = readProgrammingNoise(object);
  device.lowFrequencyNoise = readLowFrequencyNoise(object);
  device.outputNoise = object.figure("output_noise", "1", {0, 1e6}).value;
  return device;
}
