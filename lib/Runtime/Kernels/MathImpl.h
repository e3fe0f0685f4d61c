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
// Reduction of arguments: below 2^17 modulo pi by three FP32 parts of pi (W. J.
// Cody and W. Waite, Software Manual for the Elementary Functions, 1980), which
// FMA makes exact; above modulo pi/2 by the bits of 2/pi that matter (M. H.
// Payne and R. N. Hanek, Radian reduction for trigonometric functions, SIGNUM
// Newsletter 18, 1983).
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
  // Not of the standard, but of both compilers.
  __extension__ typedef unsigned __int128 Wide128;
  Wide128 turns = (((Wide128)high << 64) | low) * mantissa;
  quadrant = (uint32_t)((turns + ((Wide128)1 << 125)) >> 126) & 3;
  turns -= (Wide128)quadrant << 126;
  const int64_t fraction = (int64_t)(turns >> 64);
  float reduced = (float)((double)fraction * 0x1.921fb54442d18p-62);
  if (pattern >> 31) {
    reduced = -reduced;
    quadrant = (4 - quadrant) & 3;
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

/// Arguments from here on, infinity and NaN have a reduction of their own.
constexpr float LargeArgument = 0x1p17f;

inline F magnitude(F x) { return ofBits(andI(bits(x), setI(0x7fffffff))); }

/// `result` where |x| < LargeArgument, else sin(x + quadrants pi/2).
inline F orOfLarge(F x, F result, uint32_t quadrants) {
  const M small = less(magnitude(x), set(LargeArgument));
  float xs[Lanes], reduced[Lanes];
  uint32_t multiples[Lanes];
  store(xs, x);
  for (int i = 0; i < Lanes; ++i) {
    reduced[i] = multiples[i] = 0;
    if (!lane(small, i))
      reduced[i] = reduceLarge(xs[i], multiples[i]);
  }
  const F r = load(reduced);
  F sine, cosine;
  sineCosine(r, sine, cosine);
  const F large = rotate(sine, cosine, addI(loadI(multiples), setI(quadrants)));
  return select(small, result, canonicalNan(large, r));
}

/// (-1)^m sin(r) of x = (m - shift) pi + r for integers m, |r| <= pi/2 and |x|
/// < LargeArgument; sin(pi/2) is 1.
template <int N>
inline void sineOfHalfTurns(const F (&x)[N], float shift, F (&result)[N]) {
  F shifted[N], multiple[N], r[N], z[N], p[N];
  inLockstep<N>([&](int k) {
    shifted[k] = shift == 0
                     ? fma(x[k], set(0x1.45f306p-2f), set(RoundingOffset))
                     : add(fma(x[k], set(0x1.45f306p-2f), set(shift)),
                           set(RoundingOffset));
  });
  inLockstep<N>(
      [&](int k) { multiple[k] = sub(shifted[k], set(RoundingOffset)); });
  if (shift != 0)
    inLockstep<N>([&](int k) { multiple[k] = sub(multiple[k], set(shift)); });
  inLockstep<N>(
      [&](int k) { r[k] = fma(multiple[k], set(-0x1.921fb6p+1f), x[k]); });
  inLockstep<N>(
      [&](int k) { r[k] = fma(multiple[k], set(0x1.777a5cp-24f), r[k]); });
  inLockstep<N>(
      [&](int k) { r[k] = fma(multiple[k], set(0x1.ee59dap-49f), r[k]); });
  inLockstep<N>([&](int k) { z[k] = mul(r[k], r[k]); });
  inLockstep<N>([&](int k) { p[k] = set(0x1.5b619cp-19f); });
  const auto extend = [&](float coefficient) {
    inLockstep<N>([&](int k) { p[k] = fma(p[k], z[k], set(coefficient)); });
  };
  extend(-0x1.9f422ap-13f);
  extend(0x1.110dc0p-7f);
  extend(-0x1.555544p-3f);
  inLockstep<N>([&](int k) { z[k] = mul(r[k], z[k]); });
  inLockstep<N>([&](int k) { p[k] = fma(z[k], p[k], r[k]); });
  inLockstep<N>([&](int k) {
    result[k] = ofBits(xorI(bits(p[k]), shiftLeft<31>(bits(shifted[k]))));
  });
}

/// Whether all |x| < LargeArgument.
template <int N> inline bool areSmall(const F (&x)[N]) {
  I largest = andI(bits(x[0]), setI(0x7fffffff));
  AIMC_UNROLL
  for (int k = 1; k < N; ++k)
    largest = largerI(largest, andI(bits(x[k]), setI(0x7fffffff)));
  // NaN is not less.
  return all(less(ofBits(largest), set(LargeArgument)));
}

template <int N> inline void sin(const F (&x)[N], F (&result)[N]) {
  sineOfHalfTurns(x, 0.0f, result);
  // x itself near 0, where the cube is below its last bit; keeps -0.
  inLockstep<N>([&](int k) {
    result[k] =
        select(lessEqual(magnitude(x[k]), set(0x1p-13f)), x[k], result[k]);
  });
  if (__builtin_expect(!areSmall(x), 0))
    inLockstep<N>([&](int k) { result[k] = orOfLarge(x[k], result[k], 0); });
}

template <int N> inline void cos(const F (&x)[N], F (&result)[N]) {
  sineOfHalfTurns(x, 0.5f, result);
  if (__builtin_expect(!areSmall(x), 0))
    inLockstep<N>([&](int k) { result[k] = orOfLarge(x[k], result[k], 1); });
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
