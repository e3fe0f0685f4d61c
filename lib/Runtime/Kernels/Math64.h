//===- Math64.h - Elementary functions in FP64 ------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions of which a C library's may differ in their last bits from one
// machine to the next. They use IEEE operations alone, in a fixed order.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_MATH64_H
#define AIMC_RUNTIME_KERNELS_MATH64_H

namespace aimc::runtime {

/// e^x to a few units of the last place; 0 and infinity where FP64 ends, NaN
/// for NaN.
double exponential64(double x);

/// The angle in [0, pi] whose cosine is x, -1 <= x <= 1, to a few units of the
/// last place; NaN for NaN.
double arcCosine64(double x);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_MATH64_H
