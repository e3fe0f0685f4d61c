//===- FloatingPoint.h - Rounding and subnormals of a thread ----*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program that was linked with -ffast-math flushes subnormals to zero in all
// its threads, and a host may round upwards. Neither may reach the results.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_FLOATINGPOINT_H
#define AIMC_RUNTIME_KERNELS_FLOATINGPOINT_H

#include <cfenv>

namespace aimc::runtime {

/// While it lives, the thread rounds to the nearest and keeps subnormals;
/// afterwards as before.
class DefaultFloatingPoint {
public:
  DefaultFloatingPoint() {
    std::fegetenv(&saved);
    std::fesetenv(FE_DFL_ENV);
  }
  ~DefaultFloatingPoint() { std::fesetenv(&saved); }
  DefaultFloatingPoint(const DefaultFloatingPoint &) = delete;
  DefaultFloatingPoint &operator=(const DefaultFloatingPoint &) = delete;

private:
  std::fenv_t saved;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_FLOATINGPOINT_H
