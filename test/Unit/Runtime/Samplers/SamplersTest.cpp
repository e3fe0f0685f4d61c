//===- SamplersTest.cpp - Random directions and offsets -------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Distribution, orthogonality, fixed bits and errors of the samplers.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/Samplers.h"
#include "../Support.h"
#include "Runtime/Kernels/Engine.h"
#include "Runtime/Random/Normal64.h"
#include "Runtime/Samplers/Orthogonal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

std::vector<float> project(const char *sampler, int64_t features,
                           int64_t inputs, double gamma, uint64_t seed) {
  std::vector<float> omega(features * inputs);
  EXPECT_EQ(aimc_sample_projection(sampler, features, inputs, gamma, seed,
                                   omega.data()),
            1);
  return omega;
}

struct Moments {
  double mean = 0, variance = 0, kurtosis = 0;
};

template <typename Values> Moments momentsOf(const Values &values) {
  Moments m;
  for (double v : values)
    m.mean += v / values.size();
  double fourth = 0;
  for (double v : values) {
    const double d = (v - m.mean) * (v - m.mean);
    m.variance += d / values.size();
    fourth += d * d / values.size();
  }
  m.kurtosis = fourth / (m.variance * m.variance);
  return m;
}

TEST(Samplers, RffIsGaussian) {
  const Moments m = momentsOf(project("rff", 2000, 200, 2.0, 5));
  EXPECT_NEAR(m.mean, 0, 0.02);
  EXPECT_NEAR(m.variance, 4.0, 0.04);
  EXPECT_NEAR(m.kurtosis, 3.0, 0.05);
}

TEST(Samplers, OrfIsOrthogonalWithinBlocksAndGaussianOverall) {
  const int64_t d = 64, m = 150;
  const std::vector<float> omega = project("orf", m, d, 0.5, 3);
  const auto dot = [&](int64_t a, int64_t b) {
    double sum = 0;
    for (int64_t k = 0; k < d; ++k)
      sum += static_cast<double>(omega[a * d + k]) * omega[b * d + k];
    return sum;
  };
  for (int64_t a = 0; a < m; ++a)
    for (int64_t b = a / d * d; b < a; ++b)
      EXPECT_LT(std::abs(dot(a, b)), 2e-5) << a << " " << b;
  std::vector<double> lengths;
  const std::vector<float> many = project("orf", 4000, 16, 0.5, 4);
  for (auto row = many.begin(); row != many.end(); row += 16) {
    double square = 0;
    for (int64_t k = 0; k < 16; ++k)
      square += std::pow(row[k], 2);
    lengths.push_back(square);
  }
  // chi-squared of 16 degrees of freedom: mean 16, variance 32.
  const Moments squares = momentsOf(lengths);
  EXPECT_NEAR(squares.mean, 16, 0.3);
  EXPECT_NEAR(squares.variance, 32, 3);
  const Moments all = momentsOf(project("orf", 4000, 64, 0.5, 6));
  EXPECT_NEAR(all.mean, 0, 0.01);
  EXPECT_NEAR(all.variance, 1, 0.01);
  EXPECT_NEAR(all.kurtosis, 3, 0.05);
}

TEST(Samplers, OrfApproximatesTheKernelBetterThanRff) {
  const int64_t d = 16, m = 16;
  const std::vector<float> x = randomValues(d, 1), y = randomValues(d, 2);
  const double gamma = 0.03;
  double distance = 0;
  for (int64_t k = 0; k < d; ++k)
    distance += std::pow(x[k] - y[k], 2);
  const double expected = std::exp(-gamma * distance);
  double errors[2] = {0, 0};
  const char *samplers[2] = {"rff", "orf"};
  for (int s = 0; s < 2; ++s)
    for (uint64_t seed = 0; seed < 400; ++seed) {
      const std::vector<float> omega = project(samplers[s], m, d, gamma, seed);
      double estimate = 0;
      for (int64_t r = 0; r < m; ++r) {
        double angle = 0;
        for (int64_t k = 0; k < d; ++k)
          angle += omega[r * d + k] * (x[k] - y[k]);
        estimate += std::cos(angle) / m;
      }
      errors[s] += std::pow(estimate - expected, 2);
    }
  EXPECT_LT(errors[1], 0.7 * errors[0]);
}

TEST(Samplers, FirstColumnOfHaarMatricesIsUniform) {
  // An entry of a Haar matrix has mean 0: without the sign fix it had not.
  double sum = 0;
  for (uint64_t seed = 0; seed < 2000; ++seed)
    sum += project("orf", 3, 3, 0.5, seed)[0];
  EXPECT_NEAR(sum / 2000, 0, 0.08);
}

TEST(Samplers, RowsDoNotDependOnTheNumberOfFeatures) {
  for (const char *sampler : {"rff", "orf"}) {
    const std::vector<float> few = project(sampler, 20, 13, 1.0, 9);
    std::vector<float> many = project(sampler, 50, 13, 1.0, 9);
    many.resize(few.size());
    EXPECT_TRUE(sameBits(few, many)) << sampler;
  }
}

TEST(Samplers, BitsAreFixed) {
  EXPECT_EQ(hashBits(project("rff", 37, 21, 0.7, 42)), 16133523768526040562u);
  EXPECT_EQ(hashBits(project("orf", 37, 21, 0.7, 42)), 17105831004418355394u);
  std::vector<float> offsets(100);
  ASSERT_EQ(aimc_sample_offsets(100, 42, offsets.data()), 1);
  EXPECT_EQ(hashBits(offsets), 11849681527812857121u);
}

TEST(Samplers, EnginesOrthogonaliseToTheSameBits) {
  const int64_t d = 83;
  std::vector<double> gaussian(d * d), expected;
  for (int64_t i = 0; i < d; ++i)
    normals64({{1, 2}}, i, d, &gaussian[i * d]);
  for (const Engine *engine : availableEngines()) {
    std::vector<double> q = gaussian;
    ASSERT_TRUE(orthonormaliseRows(*engine, d, d, q.data()));
    if (expected.empty())
      expected = q;
    EXPECT_TRUE(q == expected) << engine->name;
  }
  std::vector<double> dependent = {1, 2, 2, 4};
  EXPECT_FALSE(
      orthonormaliseRows(*availableEngines()[0], 2, 2, dependent.data()));
}

TEST(Samplers, OffsetsAreUniform) {
  std::vector<float> offsets(100000);
  ASSERT_EQ(aimc_sample_offsets(100000, 1, offsets.data()), 1);
  const Moments m = momentsOf(offsets);
  const double pi = 3.14159265358979323846;
  EXPECT_NEAR(m.mean, pi, 0.02);
  EXPECT_NEAR(m.variance, pi * pi / 3, 0.03);
  for (float offset : offsets)
    ASSERT_TRUE(offset >= 0 && offset < 2 * pi);
}

TEST(Samplers, ArgumentsOutOfRangeAreErrors) {
  float value[4];
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(aimc_sample_projection("sobol", 2, 2, 1, 1, value), 0);
  EXPECT_EQ(aimc_sample_projection(nullptr, 2, 2, 1, 1, value), 0);
  EXPECT_EQ(aimc_sample_projection("rff", 0, 2, 1, 1, value), 0);
  EXPECT_EQ(aimc_sample_projection("orf", 2, -1, 1, 1, value), 0);
  EXPECT_EQ(aimc_sample_projection("rff", 2, 2, 0, 1, value), 0);
  EXPECT_EQ(aimc_sample_projection("rff", 2, 2, infinity, 1, value), 0);
  EXPECT_EQ(aimc_sample_projection("rff", 2, 2, 1.1e60, 1, value), 0);
  EXPECT_EQ(aimc_sample_projection("rff", 2, 2, 1, 1, nullptr), 0);
  EXPECT_EQ(aimc_sample_offsets(0, 1, value), 0);
  EXPECT_EQ(aimc_sample_offsets(2, 1, nullptr), 0);
}

} // namespace
