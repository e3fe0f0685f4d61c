//===- Orthogonal.h - Orthonormal rows --------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gram-Schmidt in a fixed order.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_SAMPLERS_ORTHOGONAL_H
#define AIMC_RUNTIME_SAMPLERS_ORTHOGONAL_H

#include "Runtime/Kernels/Engine.h"

#include <cstdint>
#include <vector>

namespace aimc::runtime {

/// Makes the rows (rows <= columns) orthonormal, in place, by Gram-Schmidt from
/// the first row on: the transposed Q of A^T = Q R with a positive diagonal of
/// R. Each row is projected twice, which keeps it orthogonal to the others to
/// rounding (L. Giraud et al., Rounding error analysis of the classical
/// Gram-Schmidt orthogonalization process, Numerische Mathematik 101, 2005).
/// Returns whether the rows were independent.
bool orthonormaliseRows(const Engine &engine, int64_t rows, int64_t columns,
                        double *matrix);

/// The signs of R's diagonal, +1 or -1, when Householder's method factors A^T =
/// Q R for the matrix of `orthonormaliseRows` as LAPACK's geqrf does: what its
/// Q has, times these, is the Q of a positive diagonal.
std::vector<double> householderSigns(int64_t rows, int64_t columns,
                                     std::vector<double> matrix);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_SAMPLERS_ORTHOGONAL_H
