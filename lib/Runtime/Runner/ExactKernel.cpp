//===- ExactKernel.cpp - Kernels that features approximate ------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names and closed forms of the kernels.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/ExactKernel.h"

#include <algorithm>
#include <charconv>
#include <cmath>

using namespace aimc::runtime;

std::optional<ExactKernel> ExactKernel::parse(std::string_view text,
                                              std::string &error) {
  size_t colon = text.find(':');
  std::string_view name = text.substr(0, colon);
  bool hasValue = colon != std::string_view::npos;
  if (name == "rbf") {
    std::string_view value = hasValue ? text.substr(colon + 1) : "";
    double gamma = 0;
    auto [rest, code] =
        std::from_chars(value.data(), value.data() + value.size(), gamma);
    if (code == std::errc() && rest == value.data() + value.size() &&
        gamma > 0 && std::isfinite(gamma))
      return ExactKernel(Kind::RBF, gamma, text);
    error = "expects rbf:GAMMA with a finite GAMMA > 0, but got '" +
            std::string(text) + "'";
    return std::nullopt;
  }
  constexpr std::pair<std::string_view, Kind> kinds[] = {
      {"arccos0", Kind::Arccos0},
      {"arccos1", Kind::Arccos1},
      {"arccos2", Kind::Arccos2},
      {"linear", Kind::Linear},
      {"softmax", Kind::Softmax}};
  for (auto [known, kind] : kinds)
    if (text == known)
      return ExactKernel(kind, 0, text);
  error = "expects rbf:GAMMA, arccos0, arccos1, arccos2, linear or softmax, "
          "but got '" +
          std::string(text) + "'";
  return std::nullopt;
}

/// The arc-cosine kernel of order 0, 1 or 2 from x·y, x·x and y·y.
static double arccosine(int order, double xy, double xx, double yy) {
  if (xx == 0 || yy == 0)
    return 0;
  constexpr double pi = 3.14159265358979323846;
  double norms = std::sqrt(xx * yy);
  // Rounding may give more than 1.
  double cosine = std::clamp(xy / norms, -1.0, 1.0);
  double theta = std::acos(cosine);
  if (order == 0)
    return (pi - theta) / pi;
  double sine = std::sqrt((1 - cosine) * (1 + cosine));
  if (order == 1)
    return norms * (sine + (pi - theta) * cosine) / pi;
  return norms * norms *
         (3 * sine * cosine + (pi - theta) * (1 + 2 * cosine * cosine)) / pi;
}

double ExactKernel::operator()(const float *x, const float *y,
                               int64_t d) const {
  if (kind == Kind::RBF) {
    double squares = 0;
    for (int64_t i = 0; i < d; ++i) {
      double difference = double(x[i]) - double(y[i]);
      squares += difference * difference;
    }
    return std::exp(-gamma * squares);
  }
  double xy = 0, xx = 0, yy = 0;
  for (int64_t i = 0; i < d; ++i) {
    xy += double(x[i]) * double(y[i]);
    xx += double(x[i]) * double(x[i]);
    yy += double(y[i]) * double(y[i]);
  }
  switch (kind) {
  case Kind::Arccos0:
    return arccosine(0, xy, xx, yy);
  case Kind::Arccos1:
    return arccosine(1, xy, xx, yy);
  case Kind::Arccos2:
    return arccosine(2, xy, xx, yy);
  case Kind::Softmax:
    return std::exp(xy);
  default:
    return xy;
  }
}
