//===- Ranges.cpp - Full scale of a converter -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rules for the range of a converter.
//
//===----------------------------------------------------------------------===//

#include "Analysis/Ranges.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace aimc;

double aimc::percentileRange(const RecordedValues &values, double fraction) {
  double wanted = fraction * static_cast<double>(values.count);
  double below = 0;
  for (size_t i = 0; i < values.histogram.size(); ++i) {
    auto inBin = static_cast<double>(values.histogram[i]);
    if (inBin > 0 && below + inBin >= wanted) {
      double part = std::max(0.0, (wanted - below) / inBin);
      return std::min((static_cast<double>(i) + part) * values.binWidth,
                      values.max);
    }
    below += inBin;
  }
  return values.max;
}

double aimc::kSigmaRange(const RecordedValues &values, double k) {
  return std::min(std::fabs(values.mean) + k * values.deviation, values.max);
}

double aimc::clippedFraction(const RecordedValues &values, double range) {
  if (range >= values.max)
    return 0;
  double above = 0;
  for (size_t i = 0; i < values.histogram.size(); ++i) {
    double begin = static_cast<double>(i) * values.binWidth;
    double end = begin + values.binWidth;
    if (values.max > begin)
      end = std::min(end, values.max);
    double part = std::clamp((end - range) / (end - begin), 0.0, 1.0);
    above += part * static_cast<double>(values.histogram[i]);
  }
  return above / static_cast<double>(values.count);
}

/// The integral over [0, x] of the squared distance to the nearest multiple of
/// `step`: step³/12 around each multiple n·step, and u³/3 for the part from the
/// last one on, with x = n·step + u and |u| <= step/2.
static double integrateRounding(double x, double step) {
  double multiple = std::floor(x / step + 0.5);
  double rest = x - multiple * step;
  return multiple * step * step * step / 12 + rest * rest * rest / 3;
}

/// The same of the distance to the next multiple toward zero: step³/3 for each
/// whole step below x, and u³/3 for the part from the last one on.
static double integrateTruncation(double x, double step) {
  double multiple = std::floor(x / step);
  double rest = x - multiple * step;
  return (multiple * step * step * step + rest * rest * rest) / 3;
}

/// The same of stochastic rounding, which is u (step - u) for a value at a
/// distance u from the multiple below: step³/6 for each whole step.
static double integrateStochastic(double x, double step) {
  double multiple = std::floor(x / step);
  double rest = x - multiple * step;
  return multiple * step * step * step / 6 +
         rest * rest * (step / 2 - rest / 3);
}

/// The integral over [0, x] of the value times its distance to the next
/// multiple toward zero, n·step³/2 + step³/3 for the step from n·step on.
static double integrateTruncationLoss(double x, double step) {
  double multiple = std::floor(x / step);
  double rest = x - multiple * step;
  return step * step * step * multiple * ((multiple - 1) / 4 + 1.0 / 3) +
         rest * rest * (multiple * step / 2 + rest / 3);
}

/// The same of the distance to the nearest multiple, negative below it:
/// step³/12 around each multiple but 0.
static double integrateRoundingLoss(double x, double step) {
  double multiple = std::floor(x / step + 0.5);
  double rest = x - multiple * step, half = step / 2;
  if (multiple == 0)
    return rest * rest * rest / 3;
  return (multiple - 0.5) * step * step * step / 12 +
         multiple * step * (rest * rest - half * half) / 2 +
         (rest * rest * rest + half * half * half) / 3;
}

/// The steps of a converter of that range.
static double stepOf(double range, const Quantiser &quantiser) {
  return range / static_cast<double>((int64_t(1) << (quantiser.bits - 1)) - 1);
}

/// The mean over all values of a function of their magnitude: its integrals
/// are `inside` up to `range` and `beyond` from there on. Values are taken to
/// be uniform inside a bin.
template <typename Inside, typename Beyond>
static double average(const RecordedValues &values, double range, Inside inside,
                      Beyond beyond) {
  double sum = 0;
  for (size_t i = 0; i < values.histogram.size(); ++i) {
    if (values.histogram[i] == 0)
      continue;
    double begin = static_cast<double>(i) * values.binWidth;
    double end = begin + values.binWidth;
    // The last bin ends at the largest magnitude.
    if (values.max > begin)
      end = std::min(end, values.max);
    double integral = 0;
    if (begin < range)
      integral += inside(std::min(end, range)) - inside(begin);
    if (end > range)
      integral += beyond(end) - beyond(std::max(begin, range));
    sum += static_cast<double>(values.histogram[i]) * integral / (end - begin);
  }
  return sum / static_cast<double>(values.count);
}

bool aimc::haveOneSign(const RecordedValues &values) {
  auto integrate = [](double x) { return x * x / 2; };
  double magnitude = average(values, values.max, integrate, integrate);
  return std::fabs(values.mean) >= (1 - 1e-3) * magnitude;
}

double aimc::expectedSquaredError(const RecordedValues &values, double range,
                                  const Quantiser &quantiser) {
  double step = stepOf(range, quantiser);
  return average(
      values, range,
      [&](double x) {
        if (quantiser.conversions > 1)
          return x * quantiser.conversions * step * step / 12;
        switch (quantiser.rounding) {
        case Rounding::Nearest:
          return integrateRounding(x, step);
        case Rounding::TowardZero:
          return integrateTruncation(x, step);
        case Rounding::Stochastic:
          return integrateStochastic(x, step);
        }
        return 0.0;
      },
      [&](double x) { return std::pow(x - range, 3) / 3; });
}

double aimc::expectedLoss(const RecordedValues &values, double range,
                          const Quantiser &quantiser) {
  double step = stepOf(range, quantiser);
  return average(
      values, range,
      [&](double x) {
        // What truncation of several conversions costs has either sign.
        if (quantiser.conversions > 1 ||
            quantiser.rounding == Rounding::Stochastic)
          return 0.0;
        return quantiser.rounding == Rounding::Nearest
                   ? integrateRoundingLoss(x, step)
                   : integrateTruncationLoss(x, step);
      },
      [&](double x) { return x * x * (x / 3 - range / 2); });
}

double aimc::convertedNoise(double deviation, double range,
                            const Quantiser &quantiser) {
  double step = stepOf(range, quantiser);
  double first = quantiser.rounding == Rounding::Nearest ? 0.5 : 1.0;
  int64_t levels = (int64_t(1) << (quantiser.bits - 1)) - 1;
  // Each step k is worth (2k - 1) step² more than the one before it.
  double sum = 0;
  for (int64_t k = 1; k <= levels && deviation > 0; ++k) {
    double from = (static_cast<double>(k - 1) + first) * step / deviation;
    double term = static_cast<double>(2 * k - 1) * std::erfc(from / M_SQRT2);
    if (term == 0)
      break;
    sum += term;
  }
  return sum * step * step;
}

double aimc::meanSquare(const RecordedValues &values) {
  auto integrate = [](double x) { return x * x * x / 3; };
  return average(values, values.max, integrate, integrate);
}

double aimc::mseRange(const RecordedValues &values, const Quantiser &quantiser,
                      double noise) {
  if (values.max <= 0)
    return 0;
  auto cost = [&](double range) {
    return expectedSquaredError(values, range, quantiser) +
           noise * range * range;
  };
  // Ranges from the largest magnitude down, 16 to an octave; below a 2^-16th
  // of it nearly everything would be clipped.
  constexpr int perOctave = 16, octaves = 16;
  double best = values.max, bestCost = std::numeric_limits<double>::infinity();
  for (int i = 0; i <= perOctave * octaves; ++i) {
    double range = values.max * std::exp2(-static_cast<double>(i) / perOctave);
    if (double c = cost(range); c < bestCost) {
      best = range;
      bestCost = c;
    }
  }
  // A golden-section search between the neighbours of the best.
  const double golden = (std::sqrt(5.0) - 1) / 2;
  double low = best * std::exp2(-1.0 / perOctave);
  double high = std::min(values.max, best * std::exp2(1.0 / perOctave));
  double left = high - golden * (high - low);
  double right = low + golden * (high - low);
  double leftCost = cost(left), rightCost = cost(right);
  for (int i = 0; i < 20; ++i) {
    if (leftCost < rightCost) {
      high = right;
      right = left;
      rightCost = leftCost;
      left = high - golden * (high - low);
      leftCost = cost(left);
    } else {
      low = left;
      left = right;
      leftCost = rightCost;
      right = low + golden * (high - low);
      rightCost = cost(right);
    }
  }
  // Rounding makes the cost wavy, so the search may end above the best range.
  if (leftCost < bestCost) {
    best = left;
    bestCost = leftCost;
  }
  return rightCost < bestCost ? right : best;
}
