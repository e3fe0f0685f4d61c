//===- ConductanceImpl.h - Kernels of the array's physics -------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Conductances as programmed and as they age, and what noise and wires do to
// the sums of an array; included by the engines after ActivationImpl.h.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_CONDUCTANCEIMPL_H
#define AIMC_RUNTIME_KERNELS_CONDUCTANCEIMPL_H

namespace aimc::runtime {
namespace {

inline F polynomial(const float *coefficients, int64_t count, F x) {
  F value = set(0.0f);
  for (int64_t i = count - 1; i >= 0; --i)
    value = fma(value, x, set(coefficients[i]));
  return value;
}

/// Between the points of a table.
inline F interpolate(const CurveRequest &curve, F x) {
  F start = set(curve.points[0]), value = set(curve.values[0]);
  F slope = set((curve.values[1] - curve.values[0]) /
                (curve.points[1] - curve.points[0]));
  for (int64_t i = 1; i + 1 < curve.pointCount; ++i) {
    const M below = less(x, set(curve.points[i]));
    const float next = (curve.values[i + 1] - curve.values[i]) /
                       (curve.points[i + 1] - curve.points[i]);
    start = select(below, start, set(curve.points[i]));
    value = select(below, value, set(curve.values[i]));
    slope = select(below, slope, set(next));
  }
  return fma(slope, sub(x, start), value);
}

inline F evaluate(const CurveRequest &curve, F x) {
  if (curve.pointCount)
    return interpolate(curve, x);
  const F above = polynomial(curve.coefficients, curve.coefficientCount, x);
  if (curve.threshold == 0)
    return above;
  const F positive = select(less(x, set(1e-7f)), set(1e-7f), x);
  const F first = set(curve.parameters[0]), second = set(curve.parameters[1]);
  const F logarithm = logPositive(positive);
  F below = curve.power ? mul(first, exp(mul(second, logarithm)))
                        : fma(second, logarithm, first);
  const F low = set(curve.bounds[0]), high = set(curve.bounds[1]);
  below = select(less(below, low), low, below);
  below = select(less(high, below), high, below);
  return select(less(x, set(curve.threshold)), below, above);
}

void programConductances(const ProgrammingRequest &request, float *conductances,
                         const float *weights, const float *normals,
                         int64_t count) {
  const F zero = set(0.0f);
  const F low = set(request.low), high = set(request.high);
  const F tolerance = set(request.tolerance);
  const bool negative = request.sign < 0, again = request.tolerance >= 0;
  for (int64_t i = 0; i < count; i += Lanes) {
    const int lanes = count - i < Lanes ? (int)(count - i) : Lanes;
    const auto get = [=](const float *from) {
      return lanes == Lanes ? load(from + i) : loadFirst(from + i, lanes);
    };
    F x = div(get(weights), set(request.largestWeight));
    if (negative)
      x = sub(zero, x);
    x = select(less(zero, x), x, zero);
    if (request.levelSteps > 0)
      x = div(round(mul(x, set(request.levelSteps))), set(request.levelSteps));
    const F target = mul(x, set(request.maxConductance));
    const F mean = add(target, evaluate(request.error, x));
    F g = fma(evaluate(request.noise, x), get(normals), mean);
    g = select(less(g, low), low, g);
    g = select(less(high, g), high, g);
    if (again) {
      const F before = get(conductances);
      // Within the bounds, as a device cannot come nearer to its target.
      F reachable = select(less(target, low), low, target);
      reachable = select(less(high, reachable), high, reachable);
      const M near = lessEqual(magnitude(sub(before, reachable)), tolerance);
      g = select(near, before, g);
    }
    if (lanes == Lanes)
      store(conductances + i, g);
    else
      storeFirst(conductances + i, g, lanes);
  }
}

void joinConductances(float *weights, const float *positive,
                      const float *negative, float maxConductance,
                      int64_t count) {
  const F largest = set(maxConductance);
  mapBinary(weights, positive, 1, negative, 1, count,
            [=](F p, F n) { return div(sub(p, n), largest); });
}

void ageWeights(const AgingRequest &request, float *weights,
                const float *targets, const float *driftNormals,
                const float *noiseNormals, int64_t count) {
  const F zero = set(0.0f), largestTarget = set(request.largestTarget);
  const F largest = set(request.largestWeight);
  const F logTime = set(request.logTime), scale = set(request.scale);
  for (int64_t i = 0; i < count; i += Lanes) {
    const int lanes = count - i < Lanes ? (int)(count - i) : Lanes;
    const auto get = [=](const float *from) {
      return lanes == Lanes ? load(from + i) : loadFirst(from + i, lanes);
    };
    F w = get(weights);
    const F x = div(magnitude(w), largest);
    if (driftNormals) {
      F target = div(get(targets), largestTarget);
      target = select(less(w, zero), sub(zero, target), target);
      target = select(less(zero, target), target, zero);
      const F exponent = magnitude(fma(evaluate(request.driftDeviation, target),
                                       get(driftNormals),
                                       evaluate(request.driftMean, target)));
      w = mul(w, exp(sub(zero, mul(logTime, exponent))));
    }
    if (noiseNormals) {
      const F factor = fma(mul(evaluate(request.noise, x), scale),
                           get(noiseNormals), set(1.0f));
      w = mul(w, select(less(factor, zero), zero, factor));
    }
    if (lanes == Lanes)
      store(weights + i, w);
    else
      storeFirst(weights + i, w, lanes);
  }
}

void readVariances(const VarianceRequest &request, float *variances,
                   const float *weights, const float *programmed,
                   int64_t count) {
  const F largest = set(request.largestWeight);
  const F perWeight = set(request.perWeight);
  const F perSquare = set(request.perSquare);
  const bool squares = request.perSquare > 0;
  mapBinary(variances, weights, 1, programmed, 1, count, [&](F w, F before) {
    F variance = mul(perWeight, magnitude(w));
    if (squares) {
      const F x = div(magnitude(before), largest);
      const F deviation = mul(evaluate(request.noise, x), w);
      variance = fma(perSquare, mul(deviation, deviation), variance);
    }
    return variance;
  });
}

void addReadNoise(float deviation, const float *variances, const float *normals,
                  float *sums, int64_t count) {
  const F square = set(deviation * deviation);
  for (int64_t i = 0; i < count; i += Lanes) {
    const int lanes = count - i < Lanes ? (int)(count - i) : Lanes;
    const auto get = [=](const float *from) {
      return lanes == Lanes ? load(from + i) : loadFirst(from + i, lanes);
    };
    const F sigma = sqrt(add(square, get(variances)));
    const F sum = fma(sigma, get(normals), get(sums));
    if (lanes == Lanes)
      store(sums + i, sum);
    else
      storeFirst(sums + i, sum, lanes);
  }
}

/// Where the third-order fit and the line's own gain meet.
constexpr float LargestFittedDrop = 1.52775869f;

/// A sum at the end of a line with the drop a > 0: a uniform line passes
/// tanh(sqrt a) / sqrt a of its sum, so c = 3/2 (1 - tanh(sqrt a) / sqrt a). No
/// row is reversed: from c = 1 on the far end counts for nothing.
inline F sumOfLongLine(F a, F drop, F sum) {
  const F root = sqrt(a);
  const F c = mul(set(1.5f), sub(set(1.0f), div(tanh(root), root)));
  const F rest = mul(fma(set(-2.0f), c, set(3.0f)), sub(sum, drop));
  return select(less(c, set(1.0f)), fma(sub(set(0.0f), c), drop, sum), rest);
}

void subtractVoltageDrop(float factor, const float *currents,
                         const float *drops, float *sums, int64_t count) {
  const F scale = set(factor);
  for (int64_t i = 0; i < count; i += Lanes) {
    const int lanes = count - i < Lanes ? (int)(count - i) : Lanes;
    const auto get = [=](const float *from) {
      return lanes == Lanes ? load(from + i) : loadFirst(from + i, lanes);
    };
    const F a = mul(scale, get(currents));
    const F c = mul(a, fma(a, fma(set(0.05f), a, set(-0.2f)), set(0.5f)));
    F sum = fma(sub(set(0.0f), c), get(drops), get(sums));
    if (const M large = less(set(LargestFittedDrop), a); any(large))
      sum = select(large, sumOfLongLine(a, get(drops), get(sums)), sum);
    if (lanes == Lanes)
      store(sums + i, sum);
    else
      storeFirst(sums + i, sum, lanes);
  }
}

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_CONDUCTANCEIMPL_H
