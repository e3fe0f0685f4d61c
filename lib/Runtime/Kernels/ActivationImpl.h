//===- ActivationImpl.h - log, tanh and erf in FP32 -------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions of activations and normalisations over the vector abstraction;
// included by the engines after MathImpl.h, in whose manner they are made.
// Bounds on the error, checked by the unit tests over the whole range: log 1
// ulp, log1p, tanh and erf 2 ulp. NaN gives the quiet NaN 0x7fc00000, as do
// logarithms of negative numbers.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_ACTIVATIONIMPL_H
#define AIMC_RUNTIME_KERNELS_ACTIVATIONIMPL_H

namespace aimc::runtime {
namespace {

/// `size`, which is not negative, with the sign of `x`.
inline F withSign(F size, F x) {
  return ofBits(orI(bits(size), andI(bits(x), setI(1u << 31))));
}

/// `result` but for the ends of a logarithm's domain: minus infinity where
/// `argument` is 0, NaN where it is negative or NaN, infinity at infinity.
inline F logEnds(F result, F argument) {
  const F zero = set(0.0f), infinity = ofBits(setI(0x7f800000));
  result = select(lessEqual(infinity, argument), infinity, result);
  result = select(lessEqual(argument, zero), sub(zero, infinity), result);
  result = select(less(argument, zero), quietNan(), result);
  return canonicalNan(result, argument);
}

inline F log(F x) {
  // Subnormal numbers are made normal.
  const M small = less(x, set(0x1p-126f));
  const F scaled = select(small, mul(x, set(0x1p24f)), x);
  const F scale = select(small, set(24.0f), set(0.0f));
  return logEnds(logScaled(scaled, scale), x);
}

/// ln(1 + x): ln u of the rounded sum u = 1 + x, plus what rounding took off
/// divided by u.
inline F logPlusOne(F x) {
  const F one = set(1.0f);
  const F u = add(one, x);
  // The error of the sum, exact (O. Moeller, Quasi double-precision in floating
  // point addition, BIT 5, 1965).
  const F back = sub(u, one);
  const F rest = add(sub(one, sub(u, back)), sub(x, back));
  const F result = add(logScaled(u, set(0.0f)), div(rest, u));
  // x itself near 0; keeps -0.
  const M tiny = lessEqual(magnitude(x), set(0x1p-25f));
  return select(tiny, x, logEnds(result, u));
}

inline F tanh(F x) {
  // An odd polynomial near 0; 1 - 2 / (exp(2|x|) + 1) above, 1 beyond 9.02.
  const F z = mul(x, x);
  F p = set(-0x1.7d6fdep-8f);
  p = fma(p, z, set(0x1.53bd2cp-6f));
  p = fma(p, z, set(-0x1.b876aep-5f));
  p = fma(p, z, set(0x1.1108c8p-3f));
  p = fma(p, z, set(-0x1.55553ap-2f));
  const F size = magnitude(x);
  const F near = fma(mul(size, z), p, size);
  const F a = select(less(size, set(9.02f)), size, set(9.02f));
  const F one = set(1.0f);
  const F far = sub(one, div(set(2.0f), add(exp(add(a, a)), one)));
  const F result = select(less(size, set(0.61f)), near, far);
  return canonicalNan(withSign(result, x), x);
}

inline F erf(F x) {
  // An odd polynomial near 0; 1 - exp(t q(t)) with t = |x| above, 1 beyond
  // 3.95.
  const F size = magnitude(x);
  const F z = mul(x, x);
  F p = set(-0x1.3ac594p-11f);
  p = fma(p, z, set(0x1.476882p-8f));
  p = fma(p, z, set(-0x1.b69390p-6f));
  p = fma(p, z, set(0x1.ce1b0ep-4f));
  p = fma(p, z, set(-0x1.8126eap-2f));
  p = fma(p, z, set(0x1.06eba6p-3f));
  const F near = fma(size, p, size);
  const F t = select(less(size, set(3.95f)), size, set(3.95f));
  F q = set(-0x1.78e02cp-17f);
  q = fma(q, t, set(0x1.527e46p-12f));
  q = fma(q, t, set(-0x1.dd6e36p-9f));
  q = fma(q, t, set(0x1.8551d2p-6f));
  q = fma(q, t, set(-0x1.b3259cp-4f));
  q = fma(q, t, set(-0x1.45328ap-1f));
  q = fma(q, t, set(-0x1.20ef1cp+0f));
  const F far = sub(set(1.0f), exp(mul(q, t)));
  const F result = select(less(size, set(0.92f)), near, far);
  return canonicalNan(withSign(result, x), x);
}

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_ACTIVATIONIMPL_H
