//===- Curve.cpp - A figure that depends on conductance -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values in FP64, for checks and reports. The simulator has its own evaluation
// in FP32, in Kernels/CurveImpl.h.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/DeviceModel.h"

#include <algorithm>
#include <cmath>

using namespace aimc::runtime;

double Curve::evaluate(double x) const {
  if (!points.empty()) {
    size_t next = 1;
    while (next + 1 < points.size() && x >= points[next])
      ++next;
    const double part =
        (x - points[next - 1]) / (points[next] - points[next - 1]);
    return values[next - 1] + part * (values[next] - values[next - 1]);
  }
  if (x < threshold) {
    const double positive = std::max(x, 1e-7);
    const double value =
        below == Below::Logarithm
            ? parameters[0] + parameters[1] * std::log(positive)
            : parameters[0] * std::pow(positive, parameters[1]);
    return std::clamp(value, bounds[0], bounds[1]);
  }
  double value = 0;
  for (size_t i = coefficients.size(); i-- > 0;)
    value = value * x + coefficients[i];
  return value;
}

bool Curve::isZero() const {
  const auto zero = [](const std::vector<double> &numbers) {
    return std::all_of(numbers.begin(), numbers.end(),
                       [](double number) { return number == 0; });
  };
  if (!points.empty())
    return zero(values);
  const bool zeroBelow =
      below == Below::Nothing || (bounds[0] == 0 && bounds[1] == 0) ||
      (parameters[0] == 0 && (below == Below::Power || parameters[1] == 0));
  return zeroBelow && zero(coefficients);
}

Curve Curve::constant(double value) {
  Curve curve;
  curve.coefficients = {value};
  return curve;
}
