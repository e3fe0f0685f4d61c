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

#ifdef __SSE__
#include <xmmintrin.h>
#else
#include <cfenv>
#endif

namespace aimc::runtime {

/// While it lives, the thread rounds to the nearest and keeps subnormals;
/// afterwards as before.
class DefaultFloatingPoint {
public:
#ifdef __SSE__
  // The modes of vector instructions alone: all arithmetic is theirs, and to
  // save those of the x87 unit takes longer than some calls.
  DefaultFloatingPoint() : saved(_mm_getcsr()) {
    if ((saved & Modes) != MaskedExceptions)
      _mm_setcsr((saved & ~Modes) | MaskedExceptions);
  }
  ~DefaultFloatingPoint() {
    // Flags of exceptions that were raised meanwhile are put back as well.
    if (_mm_getcsr() != saved)
      _mm_setcsr(saved);
  }
#else
  DefaultFloatingPoint() {
    std::fegetenv(&saved);
    std::fesetenv(FE_DFL_ENV);
  }
  ~DefaultFloatingPoint() { std::fesetenv(&saved); }
#endif
  DefaultFloatingPoint(const DefaultFloatingPoint &) = delete;
  DefaultFloatingPoint &operator=(const DefaultFloatingPoint &) = delete;

private:
#ifdef __SSE__
  /// Rounding, masks of exceptions, and how subnormals are read and written.
  static constexpr unsigned Modes = 0xffc0, MaskedExceptions = 0x1f80;
  const unsigned saved;
#else
  std::fenv_t saved;
#endif
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_FLOATINGPOINT_H
