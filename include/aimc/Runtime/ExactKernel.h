//===- ExactKernel.h - Kernels that features approximate --------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The closed forms of the kernels whose random features the compiler maps: what
// the runtime call `gram` computes, and what features are measured by.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_EXACTKERNEL_H
#define AIMC_RUNTIME_EXACTKERNEL_H

#include "aimc/Runtime/ABI.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aimc::runtime {

/// A kernel k(x, y) of two rows of d values.
class ExactKernel {
public:
  /// The kernel of number `kernel`, an `aimc_kernel`. `gamma` is that of `rbf`,
  /// finite and > 0, and 0 for the others. Sets `error` to a sentence that
  /// begins with `expects` if an argument is none of these.
  static std::optional<ExactKernel> create(int64_t kernel, double gamma,
                                           std::string &error);

  /// Reads `rbf:GAMMA` (gamma finite and > 0), `arccos0`, `arccos1`,
  /// `arccos2`, `linear` or `softmax`. Sets `error` to a sentence that begins
  /// with `expects` if `text` is none of them.
  static std::optional<ExactKernel> parse(std::string_view text,
                                          std::string &error);

  /// As `parse` reads it, or without γ as `create` made it.
  const std::string &name() const { return text; }

  /// k(x, y) in FP64. With θ the angle between x and y:
  ///   rbf      exp(-γ|x - y|²)
  ///   arccos0  (π - θ) / π
  ///   arccos1  |x||y| (sin θ + (π - θ) cos θ) / π
  ///   arccos2  |x|²|y|² (3 sin θ cos θ + (π - θ)(1 + 2 cos² θ)) / π
  ///   linear   x·y
  ///   softmax  exp(x·y); attention scales queries and keys by d^(-1/4) before
  /// The arc-cosine kernels (Cho and Saul, NeurIPS 2009) are 0 where x or y is
  /// 0, as their features are. θ comes from its cosine, so it is within 1e-7.
  /// Sums have eight partial sums, of columns i mod 8, so results are the same
  /// bits on every machine.
  double operator()(const float *x, const float *y, int64_t d) const;

private:
  // Names of their own, since users may compile with -Wshadow.
  ExactKernel(aimc_kernel which, double factor, std::string_view name)
      : kind(which), gamma(factor), text(name) {}

  aimc_kernel kind;
  double gamma; ///< of RBF
  std::string text;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_EXACTKERNEL_H
