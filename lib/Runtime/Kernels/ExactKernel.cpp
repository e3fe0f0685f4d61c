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

#include "Runtime/Kernels/Math64.h"

#include <algorithm>
#include <charconv>
#include <cmath>

using namespace aimc::runtime;

namespace {
/// The kernels in the order of their numbers.
constexpr std::string_view Names[] = {
#define AIMC_KERNEL(enumerator, name) #name,
#include "aimc/Runtime/RuntimeTable.def"
};
} // namespace

std::optional<ExactKernel> ExactKernel::create(int64_t kernel, double gamma,
                                               std::string &error) {
  if (kernel < 0 || kernel >= static_cast<int64_t>(std::size(Names))) {
    error = "expects a kernel from 0 to " +
            std::to_string(std::size(Names) - 1) + ", but got " +
            std::to_string(kernel);
    return std::nullopt;
  }
  const bool isRbf = kernel == AIMC_KERNEL_RBF;
  if (isRbf ? !(gamma > 0 && std::isfinite(gamma)) : gamma != 0) {
    error = std::string("expects a gamma ") +
            (isRbf ? "that is finite and greater than 0" : "of 0") +
            " for kernel '" + std::string(Names[kernel]) + "', but got " +
            std::to_string(gamma);
    return std::nullopt;
  }
  return ExactKernel(static_cast<aimc_kernel>(kernel), gamma, Names[kernel]);
}

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
      return ExactKernel(AIMC_KERNEL_RBF, gamma, text);
    error = "expects rbf:GAMMA with a finite GAMMA > 0, but got '" +
            std::string(text) + "'";
    return std::nullopt;
  }
  for (size_t kind = 0; kind < std::size(Names); ++kind)
    if (text == Names[kind])
      return ExactKernel(static_cast<aimc_kernel>(kind), 0, text);
  error = "expects rbf:GAMMA, arccos0, arccos1, arccos2, linear or softmax, "
          "but got '" +
          std::string(text) + "'";
  return std::nullopt;
}

/// The sum over i < d of term(i), in eight partial sums, which run in vectors.
template <typename Term> static double sumOf(int64_t d, Term term) {
  constexpr int64_t Lanes = 8;
  double sums[Lanes] = {};
  int64_t i = 0;
  for (; i + Lanes <= d; i += Lanes)
    for (int64_t lane = 0; lane < Lanes; ++lane)
      sums[lane] += term(i + lane);
  for (; i < d; ++i)
    sums[i % Lanes] += term(i);
  double sum = 0;
  for (double lane : sums)
    sum += lane;
  return sum;
}

/// x·y. A product of two FP32 values is exact in FP64.
static double dot(const float *x, const float *y, int64_t d) {
  return sumOf(d, [=](int64_t i) { return double(x[i]) * double(y[i]); });
}

/// The arc-cosine kernel of order 0, 1 or 2 from x·y, x·x and y·y.
static double arccosine(int order, double xy, double xx, double yy) {
  if (xx == 0 || yy == 0)
    return 0;
  constexpr double pi = 3.14159265358979323846;
  double norms = std::sqrt(xx * yy);
  // Rounding may give more than 1.
  double cosine = std::clamp(xy / norms, -1.0, 1.0);
  double theta = arcCosine64(cosine);
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
  switch (kind) {
  case AIMC_KERNEL_RBF:
    return exponential64(-gamma * sumOf(d, [=](int64_t i) {
      double difference = double(x[i]) - double(y[i]);
      return difference * difference;
    }));
  case AIMC_KERNEL_ARCCOS0:
    return arccosine(0, dot(x, y, d), dot(x, x, d), dot(y, y, d));
  case AIMC_KERNEL_ARCCOS1:
    return arccosine(1, dot(x, y, d), dot(x, x, d), dot(y, y, d));
  case AIMC_KERNEL_ARCCOS2:
    return arccosine(2, dot(x, y, d), dot(x, x, d), dot(y, y, d));
  case AIMC_KERNEL_LINEAR:
    break;
  case AIMC_KERNEL_SOFTMAX:
    return exponential64(dot(x, y, d));
  }
  return dot(x, y, d);
}
