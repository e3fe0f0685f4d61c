//===- Samplers.h - Random directions and offsets ---------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one source of random features: the compiler and the Python front end call
// these functions, so a recipe means the same values everywhere. All values are
// computed in FP64 in a fixed order of single correctly rounded operations and
// then rounded to FP32; their bits depend on the arguments alone.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_SAMPLERS_H
#define AIMC_RUNTIME_SAMPLERS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How random directions are drawn. A member that does not concern the sampler
/// has the value given last.
typedef struct {
  /// `rff`: independent N(0, 1) values (A. Rahimi and B. Recht, Random features
  /// for large-scale kernel machines, NIPS 2007).
  ///
  /// `orf`: blocks of d rows, each the Q of a Gaussian matrix (F. X. Yu et al.,
  /// Orthogonal random features, NeurIPS 2016).
  ///
  /// `sorf`: blocks of p rows, sqrt(p) (D1 H)(D2 H)(D3 H) with p the least
  /// power of two >= d, H the orthonormal Hadamard matrix and D random signs,
  /// cut to d columns (same paper).
  ///
  /// `hadamard`: the same with one factor and signs on both sides, sqrt(p) D1 H
  /// D2 (K. Choromanski et al., The unreasonable effectiveness of structured
  /// random orthogonal embeddings, NIPS 2017).
  ///
  /// `qmc`: points of a Halton sequence with permuted digits, each coordinate
  /// through the inverse normal distribution (H. Avron et al., Quasi-Monte
  /// Carlo feature maps for shift-invariant kernels, JMLR 17, 2016).
  const char *sampler;
  /// The seed; equal seeds give equal values.
  uint64_t seed;
  /// Rows of Ω, m >= 1.
  int64_t features;
  /// Columns of Ω, 1 <= d <= 2^30.
  int64_t inputs;
  /// The kernel is exp(-gamma |x - y|^2): directions are multiplied by sqrt(2
  /// gamma). In (0, 1e60], where all values are in the range of FP32; 0.5
  /// leaves the directions as they are.
  double gamma;
  /// `rff`: values beyond +-truncation are drawn again; >= 0.1. +infinity.
  double truncation;
  /// Lengths of the rows of the other samplers but `qmc`: 1 for those of
  /// Gaussian rows, chi draws of d (`orf`) or p degrees of freedom, 0 for the
  /// constant sqrt(d) or sqrt(p). A constant length leaves a bias for the RBF
  /// kernel. 0.
  int chi_row_norms;
  /// `orf`: 1 makes Q Haar distributed by the signs of R's diagonal (F.
  /// Mezzadri, How to generate random matrices from the classical compact
  /// groups, Notices of the AMS 54, 2007); 0 leaves those that Householder's
  /// method gives in LAPACK, as published experiments did, with a bias for the
  /// arc-cosine kernels. 0.
  int haar;
} aimc_projection;

/// Draws Ω, features x inputs values, row-major. A row does not depend on the
/// number of rows.
///
/// \returns 1, or 0 if a member is out of its range or memory ran out; then
///          `omega` is undefined.
int aimc_sample_projection(const aimc_projection *projection, float *omega);

/// Draws phase offsets uniform in [0, 2 pi), all below 2 pi as FP32 values.
/// They are independent of the projections of the same seed.
///
/// \param features number of values, >= 1
/// \returns 1, or 0 if an argument is out of its range.
int aimc_sample_offsets(int64_t features, uint64_t seed, float *offsets);

#ifdef __cplusplus
}
#endif

#endif // AIMC_RUNTIME_SAMPLERS_H
