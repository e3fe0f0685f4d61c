//===- ExactKernel.h - Kernels that features approximate --------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The closed forms of the kernels whose random features the compiler maps, to
// measure the features by.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_EXACTKERNEL_H
#define AIMC_RUNTIME_EXACTKERNEL_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aimc::runtime {

/// A kernel k(x, y) of two rows of d values.
class ExactKernel {
public:
  /// Reads `rbf:GAMMA` (gamma finite and > 0), `arccos0`, `arccos1`,
  /// `arccos2`, `linear` or `softmax`. Sets `error` to a sentence that begins
  /// with `expects` if `text` is none of them.
  static std::optional<ExactKernel> parse(std::string_view text,
                                          std::string &error);

  /// As `parse` reads it.
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
  /// Exponentials and arc cosines are those of the C library, whose last bit
  /// may differ from one to the other.
  double operator()(const float *x, const float *y, int64_t d) const;

private:
  enum class Kind { RBF, Arccos0, Arccos1, Arccos2, Linear, Softmax };

  ExactKernel(Kind kind, double gamma, std::string_view text)
      : kind(kind), gamma(gamma), text(text) {}

  Kind kind;
  double gamma; ///< of RBF
  std::string text;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_EXACTKERNEL_H
