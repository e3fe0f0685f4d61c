//===- MathImpl.h - cos, sin, exp and log in FP32 ---------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Elementary functions over the vector abstraction; included by the engines
// after a Vector*.h. Polynomials are minimax fits with coefficients rounded to
// FP32; all steps are single correctly rounded operations, so that the bits do
// not depend on the engine. Bounds on the error, checked by the unit tests over
// the whole range: cos and sin 2 ulp (or 1e-7 where the result is below that),
// exp 1 ulp. NaN gives the quiet NaN 0x7fc00000, as do cos and sin of infinity.
//
// Reduction modulo pi/2: below 2^17 by three FP32 parts of pi/2 (W. J. Cody and
// W. Waite, Software Manual for the Elementary Functions, 1980), which FMA
// makes exact; above by the bits of 2/pi that matter (M. H. Payne and R. N.
// Hanek, Radian reduction for trigonometric functions, SIGNUM Newsletter 18,
// 1983).
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_MATHIMPL_H
#define AIMC_RUNTIME_KERNELS_MATHIMPL_H

namespace aimc::runtime {
namespace {

/// Adding it rounds to an integer, which then stands in the low bits.
constexpr float RoundingOffset = 0x1.8p23f;

inline F quietNan() { return ofBits(setI(0x7fc00000)); }

inline F canonicalNan(F result, F a) {
  return select(unordered(a, a), quietNan(), result);
}

/// x modulo pi/2 of a finite |x| >= 2^17, in [-pi/4, pi/4]; `quadrant` counts
/// the multiples taken off, modulo 4. NaN for infinity and NaN.
inline float reduceLarge(float x, uint32_t &quadrant) {
  // 2/pi after the binary point, with a word of zeros before it.
  constexpr uint64_t TwoOverPi[5] = {0, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0,
                                     0xdb6295993c439041, 0xfe5163abdebbc561};
  uint32_t pattern;
  __builtin_memcpy(&pattern, &x, 4);
  quadrant = 0;
  const int biasedExponent = (pattern >> 23) & 0xff;
  if (biasedExponent == 0xff)
    return __builtin_nanf("");
  // |x| = mantissa * 2^exponent. Bits of 2/pi that weigh 4 or more after the
  // shift by the exponent drop out modulo 4.
  const uint64_t mantissa = (pattern & 0x7fffff) | 0x800000;
  const int first = 64 + (biasedExponent - 150) - 2;
  const int word = first / 64, shift = first % 64;
  uint64_t high = TwoOverPi[word], low = TwoOverPi[word + 1];
  if (shift) {
    high = high << shift | low >> (64 - shift);
    low = low << shift | TwoOverPi[word + 2] >> (64 - shift);
  }
  // Two bits before the point, 126 after it.
  unsigned __int128 turns = (((unsigned __int128)high << 64) | low) * mantissa;
  quadrant = (uint32_t)((turns + ((unsigned __int128)1 << 125)) >> 126) & 3;
  turns -= (unsigned __int128)quadrant << 126;
  const int64_t fraction = (int64_t)(turns >> 64);
  float reduced = (float)((double)fraction * 0x1.921fb54442d18p-62);
  if (pattern >> 31) {
    reduced = -reduced;
    quadrant = (4 - quadrant) & 3;
  }
  return reduced;
}

/// x modulo pi/2 and the multiples taken off (modulo 4 in the low bits).
inline F reduce(F x, I &quadrant) {
  const F shifted = fma(x, set(0x1.45f306p-1f), set(RoundingOffset));
  const F multiple = sub(shifted, set(RoundingOffset));
  quadrant = bits(shifted);
  F reduced = fma(multiple, set(-0x1.921fb6p+0f), x);
  reduced = fma(multiple, set(0x1.777a5cp-25f), reduced);
  reduced = fma(multiple, set(0x1.ee59dap-50f), reduced);
  const F magnitude = ofBits(andI(bits(x), setI(0x7fffffff)));
  const M large = lessEqual(set(0x1p17f), magnitude);
  if (__builtin_expect(any(large), 0)) {
    float xs[Lanes], reducedLanes[Lanes];
    uint32_t quadrants[Lanes];
    store(xs, x);
    store(reducedLanes, reduced);
    store(quadrants, quadrant);
    for (int i = 0; i < Lanes; ++i)
      if (lane(large, i))
        reducedLanes[i] = reduceLarge(xs[i], quadrants[i]);
    reduced = load(reducedLanes);
    quadrant = loadI(quadrants);
  }
  return reduced;
}

/// Takes each of N vectors a step further. Operations of different vectors do
/// not wait for each other, as those of one chain do.
template <int N, typename Step> inline void inLockstep(Step step) {
  AIMC_UNROLL
  for (int k = 0; k < N; ++k)
    step(k);
}

/// sin and cos of |r| <= 0.82.
template <int N>
inline void sineCosine(const F (&r)[N], F (&sine)[N], F (&cosine)[N]) {
  F z[N], p[N], q[N];
  inLockstep<N>([&](int k) { z[k] = mul(r[k], r[k]); });
  const auto extend = [&](F(&sum)[N], float coefficient) {
    inLockstep<N>([&](int k) { sum[k] = fma(sum[k], z[k], set(coefficient)); });
  };
  inLockstep<N>([&](int k) { p[k] = set(-0x1.989c8ep-13f); });
  extend(p, 0x1.110540p-7f);
  extend(p, -0x1.555540p-3f);
  inLockstep<N>([&](int k) { sine[k] = fma(mul(z[k], r[k]), p[k], r[k]); });
  inLockstep<N>([&](int k) { q[k] = set(0x1.9941eep-16f); });
  extend(q, -0x1.6c09cep-10f);
  extend(q, 0x1.555546p-5f);
  inLockstep<N>([&](int k) {
    cosine[k] = fma(mul(z[k], z[k]), q[k], fma(z[k], set(-0.5f), set(1.0f)));
  });
}

inline void sineCosine(F r, F &sine, F &cosine) {
  const F rs[1] = {r};
  F sines[1], cosines[1];
  sineCosine(rs, sines, cosines);
  sine = sines[0];
  cosine = cosines[0];
}

/// Sine of the angle that lies `quadrant` right angles after one with these.
inline F rotate(F sine, F cosine, I quadrant) {
  const F value = select(nonzero(andI(quadrant, setI(1))), cosine, sine);
  const I sign = shiftLeft<30>(andI(quadrant, setI(2)));
  return ofBits(xorI(bits(value), sign));
}

inline F sin(F x) {
  I quadrant;
  const F r = reduce(x, quadrant);
  F sine, cosine;
  sineCosine(r, sine, cosine);
  // x itself near 0, where the cube is below its last bit; keeps -0.
  const M tiny =
      lessEqual(ofBits(andI(bits(x), setI(0x7fffffff))), set(0x1p-13f));
  return canonicalNan(select(tiny, x, rotate(sine, cosine, quadrant)), r);
}

inline F cos(F x) {
  I quadrant;
  const F r = reduce(x, quadrant);
  F sine, cosine;
  sineCosine(r, sine, cosine);
  return canonicalNan(rotate(sine, cosine, addI(quadrant, setI(1))), r);
}

/// 2^n for -126 <= n <= 127.
inline F powerOfTwo(I n) { return ofBits(shiftLeft<23>(addI(n, setI(127)))); }

inline F exp(F x) {
  // Beyond these the result is 0 and infinity.
  F a = select(less(x, set(-104.0f)), set(-104.0f), x);
  a = select(less(set(89.0f), a), set(89.0f), a);
  const F shifted = fma(a, set(0x1.715476p+0f), set(RoundingOffset));
  const F multiple = sub(shifted, set(RoundingOffset));
  F r = fma(multiple, set(-0x1.62e430p-1f), a);
  r = fma(multiple, set(0x1.05c610p-29f), r);
  F p = set(0x1.9e1acep-13f);
  p = fma(p, r, set(0x1.6d4f36p-10f));
  p = fma(p, r, set(0x1.111300p-7f));
  p = fma(p, r, set(0x1.5554e6p-5f));
  p = fma(p, r, set(0x1.555554p-3f));
  p = fma(p, r, set(0.5f));
  p = fma(mul(r, r), p, r);
  p = add(p, set(1.0f));
  // In two steps, for subnormal results are rounded once and 2^128 is none.
  const I n = subI(bits(shifted), setI(0x4b400000));
  const I half = shiftRightSigned<1>(n);
  const F result = mul(mul(p, powerOfTwo(half)), powerOfTwo(subI(n, half)));
  return canonicalNan(result, x);
}

/// ln x - scale ln 2 of positive normal x and an integer scale.
template <int N>
inline void logScaled(const F (&x)[N], F scale, F (&result)[N]) {
  F exponent[N], f[N], p[N], z[N];
  inLockstep<N>([&](int k) {
    // x = m * 2^e with m in [sqrt(1/2), sqrt(2)).
    const I offset = subI(bits(x[k]), setI(0x3f3504f3));
    exponent[k] = sub(ofSigned(shiftRightSigned<23>(offset)), scale);
    const F m = ofBits(addI(andI(offset, setI(0x7fffff)), setI(0x3f3504f3)));
    f[k] = sub(m, set(1.0f));
    p[k] = set(-0x1.38b384p-4f);
  });
  const auto extend = [&](float coefficient) {
    inLockstep<N>([&](int k) { p[k] = fma(p[k], f[k], set(coefficient)); });
  };
  extend(0x1.055a4ap-3f);
  extend(-0x1.0d83eep-3f);
  extend(0x1.22d9d8p-3f);
  extend(-0x1.54727ap-3f);
  extend(0x1.99a016p-3f);
  extend(-0x1.000226p-2f);
  extend(0x1.555554p-2f);
  inLockstep<N>([&](int k) {
    z[k] = mul(f[k], f[k]);
    result[k] = mul(mul(z[k], f[k]), p[k]);
  });
  inLockstep<N>([&](int k) {
    result[k] = fma(exponent[k], set(-0x1.05c610p-29f), result[k]);
  });
  inLockstep<N>([&](int k) { result[k] = fma(z[k], set(-0.5f), result[k]); });
  inLockstep<N>([&](int k) { result[k] = add(result[k], f[k]); });
  inLockstep<N>([&](int k) {
    result[k] = fma(exponent[k], set(0x1.62e430p-1f), result[k]);
  });
}

inline F logScaled(F x, F scale) {
  const F xs[1] = {x};
  F results[1];
  logScaled(xs, scale, results);
  return results[0];
}

/// ln x of a positive normal x.
inline F logPositive(F x) { return logScaled(x, set(0.0f)); }

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_MATHIMPL_H
