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
#include <set>
#include <string>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

/// `features` x `inputs` directions of a sampler as it is by default.
aimc_projection recipe(const char *sampler, int64_t features, int64_t inputs,
                       double gamma, uint64_t seed) {
  aimc_projection p;
  p.sampler = sampler;
  p.seed = seed;
  p.features = features;
  p.inputs = inputs;
  p.gamma = gamma;
  p.truncation = std::numeric_limits<double>::infinity();
  p.chi_row_norms = p.haar = sampler && std::string(sampler) == "orf";
  return p;
}

std::vector<float> project(const aimc_projection &p) {
  std::vector<float> omega(p.features * p.inputs);
  EXPECT_EQ(aimc_sample_projection(&p, omega.data()), 1);
  return omega;
}

std::vector<float> project(const char *sampler, int64_t features,
                           int64_t inputs, double gamma, uint64_t seed) {
  return project(recipe(sampler, features, inputs, gamma, seed));
}

/// Inner product of two rows.
double dot(const std::vector<float> &omega, int64_t columns, int64_t a,
           int64_t b) {
  double sum = 0;
  for (int64_t k = 0; k < columns; ++k)
    sum += static_cast<double>(omega[a * columns + k]) * omega[b * columns + k];
  return sum;
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

TEST(Samplers, TruncationDrawsValuesBeyondItAgain) {
  const std::vector<float> all = project("rff", 2000, 200, 0.5, 5);
  aimc_projection p = recipe("rff", 2000, 200, 0.5, 5);
  p.truncation = 2;
  const std::vector<float> truncated = project(p);
  for (size_t i = 0; i < all.size(); ++i) {
    ASSERT_LE(std::abs(truncated[i]), 2);
    if (std::abs(all[i]) <= 2) {
      ASSERT_EQ(truncated[i], all[i]);
    }
  }
  // N(0, 1) on [-2, 2]: 1 - 4 phi(2) / (2 Phi(2) - 1).
  EXPECT_NEAR(momentsOf(truncated).variance, 0.773741, 0.004);
}

TEST(Samplers, HadamardRowsAreOrthogonalOfOneLength) {
  const int64_t d = 64, m = 150;
  for (const char *sampler : {"sorf", "hadamard"}) {
    aimc_projection p = recipe(sampler, m, d, 0.5, 3);
    std::vector<float> omega = project(p);
    for (int64_t a = 0; a < m; ++a) {
      EXPECT_NEAR(dot(omega, d, a, a), d, 1e-4) << sampler;
      for (int64_t b = a / d * d; b < a; ++b)
        EXPECT_NEAR(dot(omega, d, a, b), 0, 1e-4) << sampler;
    }
    // Rows that chi lengths stretch have the same directions.
    p.chi_row_norms = 1;
    const std::vector<float> stretched = project(p);
    std::vector<double> squares(m);
    for (int64_t a = 0; a < m; ++a) {
      squares[a] = dot(stretched, d, a, a);
      for (int64_t k = 0; k < d; ++k)
        EXPECT_NEAR(stretched[a * d + k],
                    omega[a * d + k] * std::sqrt(squares[a] / d), 1e-5);
    }
    // chi-squared of 64: mean 64, variance 128.
    EXPECT_NEAR(momentsOf(squares).mean, 64, 3.7);
    EXPECT_NEAR(momentsOf(squares).variance, 128, 45);
  }
}

TEST(Samplers, SorfEntriesAreNearlyGaussian) {
  const Moments m = momentsOf(project("sorf", 4096, 64, 0.5, 6));
  EXPECT_NEAR(m.mean, 0, 0.01);
  EXPECT_NEAR(m.variance, 1, 0.001);
  EXPECT_NEAR(m.kurtosis, 3, 0.2);
}

TEST(Samplers, HadamardMatricesAreCutToTheColumns) {
  const std::vector<float> cut = project("sorf", 70, 21, 0.5, 8);
  const std::vector<float> whole = project("sorf", 70, 32, 0.5, 8);
  for (int64_t r = 0; r < 70; ++r)
    for (int64_t i = 0; i < 21; ++i)
      ASSERT_EQ(cut[r * 21 + i], whole[r * 32 + i]);
}

TEST(Samplers, WithoutHaarSignsAreThoseOfHouseholder) {
  // Of a 2x2 matrix with rows a, b, by hand: the first column of Q is -sign(a0)
  // a/|a|; the last entry of R keeps the sign it has after the reflection.
  const std::vector<double> block = {0.6, 0.8, -1, 2};
  const std::vector<double> signs = householderSigns(2, 2, block);
  // v = a + e0 = (1.6, 0.8); b - 2 v (v.b)/(v.v) = (-1, 2).
  EXPECT_EQ(signs, (std::vector<double>{-1, 1}));
  aimc_projection p = recipe("orf", 40, 20, 0.5, 3);
  const std::vector<float> haar = project(p);
  p.haar = 0;
  const std::vector<float> raw = project(p);
  int flipped = 0;
  for (int64_t r = 0; r < 40; ++r) {
    const float sign = raw[r * 20] / haar[r * 20];
    flipped += sign < 0;
    ASSERT_TRUE(sign == 1 || sign == -1);
    for (int64_t i = 0; i < 20; ++i)
      ASSERT_EQ(raw[r * 20 + i], sign * haar[r * 20 + i]);
    // The first direction of each block points away from the first axis.
    if (r % 20 == 0) {
      EXPECT_LT(raw[r * 20], 0);
    }
  }
  EXPECT_GT(flipped, 5);
  EXPECT_LT(flipped, 35);
}

TEST(Samplers, QmcPointsFillEachCoordinateEvenly) {
  const int64_t m = 210, d = 4;
  const std::vector<float> omega = project("qmc", m, d, 0.5, 2);
  const int64_t primes[] = {2, 3, 5, 7};
  for (int64_t i = 0; i < d; ++i) {
    // One point of each run of `base` lies in each of `base` equal intervals.
    for (int64_t first = 0; first < m; first += primes[i]) {
      std::set<int64_t> intervals;
      for (int64_t r = first; r < first + primes[i]; ++r) {
        const double u = 0.5 * std::erfc(-omega[r * d + i] / std::sqrt(2.0));
        intervals.insert(static_cast<int64_t>(u * primes[i]));
      }
      EXPECT_EQ(static_cast<int64_t>(intervals.size()), primes[i]);
    }
  }
  const Moments all = momentsOf(project("qmc", 4000, 64, 0.5, 6));
  EXPECT_NEAR(all.mean, 0, 0.005);
  EXPECT_NEAR(all.variance, 1, 0.01);
  EXPECT_NEAR(all.kurtosis, 3, 0.05);
}

TEST(Samplers, OrfIsOrthogonalWithinBlocksAndGaussianOverall) {
  const int64_t d = 64, m = 150;
  const std::vector<float> omega = project("orf", m, d, 0.5, 3);
  for (int64_t a = 0; a < m; ++a)
    for (int64_t b = a / d * d; b < a; ++b)
      EXPECT_LT(std::abs(dot(omega, d, a, b)), 2e-5) << a << " " << b;
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
  for (const char *sampler : {"rff", "orf", "sorf", "hadamard", "qmc"}) {
    const std::vector<float> few = project(sampler, 20, 13, 1.0, 9);
    std::vector<float> many = project(sampler, 50, 13, 1.0, 9);
    many.resize(few.size());
    EXPECT_TRUE(sameBits(few, many)) << sampler;
  }
}

TEST(Samplers, BitsAreFixed) {
  EXPECT_EQ(hashBits(project("rff", 37, 21, 0.7, 42)), 16133523768526040562u);
  EXPECT_EQ(hashBits(project("orf", 37, 21, 0.7, 42)), 17105831004418355394u);
  aimc_projection raw = recipe("orf", 37, 21, 0.7, 42);
  raw.haar = 0;
  EXPECT_EQ(hashBits(project(raw)), 8701962895033149122u);
  aimc_projection truncated = recipe("rff", 37, 21, 0.7, 42);
  truncated.truncation = 1;
  EXPECT_EQ(hashBits(project(truncated)), 17111461791896127379u);
  aimc_projection chi = recipe("sorf", 37, 21, 0.7, 42);
  EXPECT_EQ(hashBits(project(chi)), 1492951619232625745u);
  chi.chi_row_norms = 1;
  EXPECT_EQ(hashBits(project(chi)), 17672313710709274008u);
  EXPECT_EQ(hashBits(project("hadamard", 37, 21, 0.7, 42)),
            13325448340185632477u);
  EXPECT_EQ(hashBits(project("qmc", 37, 21, 0.7, 42)), 190906956945361794u);
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
  const auto refuses = [&](const aimc_projection &p) {
    return aimc_sample_projection(&p, value) == 0;
  };
  EXPECT_TRUE(refuses(recipe("sobol", 2, 2, 1, 1)));
  EXPECT_TRUE(refuses(recipe(nullptr, 2, 2, 1, 1)));
  EXPECT_TRUE(refuses(recipe("rff", 0, 2, 1, 1)));
  EXPECT_TRUE(refuses(recipe("orf", 2, -1, 1, 1)));
  EXPECT_TRUE(refuses(recipe("rff", INT64_MAX, 2, 1, 1)));
  EXPECT_TRUE(refuses(recipe("rff", 2, 2, 0, 1)));
  EXPECT_TRUE(refuses(recipe("rff", 2, 2, infinity, 1)));
  EXPECT_TRUE(refuses(recipe("rff", 2, 2, 1.1e60, 1)));
  for (const char *sampler : {"rff", "orf", "sorf", "hadamard", "qmc"}) {
    const bool orthogonal =
        std::string(sampler) != "rff" && std::string(sampler) != "qmc";
    aimc_projection p = recipe(sampler, 2, 2, 1, 1);
    p.chi_row_norms = orthogonal ? 2 : 1;
    EXPECT_TRUE(refuses(p)) << sampler;
    p = recipe(sampler, 2, 2, 1, 1);
    p.haar = std::string(sampler) == "orf" ? 2 : 1;
    EXPECT_TRUE(refuses(p)) << sampler;
    p = recipe(sampler, 2, 2, 1, 1);
    p.truncation = std::string(sampler) == "rff" ? 0.01 : 3;
    EXPECT_TRUE(refuses(p)) << sampler;
  }
  const aimc_projection good = recipe("rff", 2, 2, 1, 1);
  EXPECT_EQ(aimc_sample_projection(&good, nullptr), 0);
  EXPECT_EQ(aimc_sample_projection(nullptr, value), 0);
  EXPECT_EQ(aimc_sample_offsets(0, 1, value), 0);
  EXPECT_EQ(aimc_sample_offsets(2, 1, nullptr), 0);
}

} // namespace
