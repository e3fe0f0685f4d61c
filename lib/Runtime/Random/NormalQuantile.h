//===- NormalQuantile.h - Inverse of the normal distribution ----*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For quasi-random points, which are uniform and become normal by it.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_RANDOM_NORMALQUANTILE_H
#define AIMC_RUNTIME_RANDOM_NORMALQUANTILE_H

namespace aimc::runtime {

/// The x with P(N(0, 1) <= x) = p, 0 < p < 1, to a relative error of about
/// 1e-15 (M. J. Wichura, Algorithm AS 241: the percentage points of the normal
/// distribution, Applied Statistics 37, 1988, PPND16).
double normalQuantile64(double p);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_RANDOM_NORMALQUANTILE_H
