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

/// Draws Ω of random features for the kernel exp(-gamma |x - y|^2), sqrt(2
/// gamma) included.
///
/// `rff`: independent N(0, 2 gamma) values (A. Rahimi and B. Recht, Random
/// features for large-scale kernel machines, NIPS 2007). `orf`: blocks of
/// `inputs` rows, each the Q of a Gaussian matrix with the signs that make it
/// Haar distributed (F. Mezzadri, How to generate random matrices from the
/// classical compact groups, Notices of the AMS 54, 2007); a row's length is a
/// chi(inputs) draw times sqrt(2 gamma) (F. X. Yu et al., Orthogonal random
/// features, NeurIPS 2016). The last block may be cut.
///
/// \param sampler `rff` or `orf`
/// \param features rows of Ω, >= 1
/// \param inputs columns of Ω, >= 1
/// \param gamma > 0 and <= 1e60, where all values are still in the range of
///        FP32; 0.5 leaves the directions unscaled
/// \param seed equal seeds give equal values
/// \param omega features x inputs values, row-major
/// \returns 1, or 0 if an argument is out of its range or memory ran out; then
///          `omega` is undefined.
int aimc_sample_projection(const char *sampler, int64_t features,
                           int64_t inputs, double gamma, uint64_t seed,
                           float *omega);

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
