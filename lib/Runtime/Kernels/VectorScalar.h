//===- VectorScalar.h - Vectors of one lane ---------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reference form of the vector abstraction: one lane, portable C++.
//
// `F` holds FP32 values, `I` their bits or 32-bit unsigned integers, `M` one
// truth value a lane; `Lanes` counts the lanes. Comparisons with NaN are false
// but `unordered`. The names live in an unnamed namespace because each engine
// is compiled with flags of its own.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_VECTORSCALAR_H
#define AIMC_RUNTIME_KERNELS_VECTORSCALAR_H

#include <stdint.h>

namespace aimc::runtime {
namespace {

using F = float;
using I = uint32_t;
using M = bool;
constexpr int Lanes = 1;

inline F load(const float *p) { return *p; }
inline F loadFirst(const float *p, int) { return *p; }
inline void store(float *p, F v) { *p = v; }
inline void storeFirst(float *p, F v, int) { *p = v; }
inline void store(uint32_t *p, I v) { *p = v; }
inline I loadI(const uint32_t *p) { return *p; }
inline F set(float v) { return v; }
inline I setI(uint32_t v) { return v; }
inline I laneNumbers() { return 0; }

inline F fma(F a, F b, F c) { return __builtin_fmaf(a, b, c); }
inline F add(F a, F b) { return a + b; }
inline F sub(F a, F b) { return a - b; }
inline F mul(F a, F b) { return a * b; }
inline F div(F a, F b) { return a / b; }
/// b unless the comparison is true: also for NaN and for zeros of two signs.
inline F smaller(F a, F b) { return a < b ? a : b; }
inline F larger(F a, F b) { return a > b ? a : b; }
inline F sqrt(F a) { return __builtin_sqrtf(a); }
inline F round(F a) { return __builtin_rintf(a); }
inline F floor(F a) { return __builtin_floorf(a); }
inline F truncate(F a) { return __builtin_truncf(a); }
/// Lane i has what lane i ^ `Distance` had; here there is one lane.
template <int Distance> inline F exchange(F a) { return a; }
/// Elements `i` of an array, of which each lane is one.
inline F gather(const float *p, I i) { return p[i]; }

inline M less(F a, F b) { return a < b; }
inline M lessEqual(F a, F b) { return a <= b; }
inline M unordered(F a, F b) { return __builtin_isunordered(a, b); }
inline M nonzero(I a) { return a != 0; }
inline bool any(M m) { return m; }
inline bool all(M m) { return m; }
inline bool lane(M m, int) { return m; }
inline F select(M m, F a, F b) { return m ? a : b; }

inline I bits(F a) {
  I i;
  __builtin_memcpy(&i, &a, 4);
  return i;
}
inline F ofBits(I a) {
  F f;
  __builtin_memcpy(&f, &a, 4);
  return f;
}
inline I addI(I a, I b) { return a + b; }
inline I subI(I a, I b) { return a - b; }
inline I andI(I a, I b) { return a & b; }
inline I orI(I a, I b) { return a | b; }
inline I xorI(I a, I b) { return a ^ b; }
inline I largerI(I a, I b) { return a > b ? a : b; }
template <int Count> inline I shiftLeft(I a) { return a << Count; }
template <int Count> inline I shiftRight(I a) { return a >> Count; }
template <int Count> inline I shiftRightSigned(I a) {
  return (I)((int32_t)a >> Count);
}
/// The signed integers of `a`, rounded to FP32.
inline F ofSigned(I a) { return (float)(int32_t)a; }

/// Adds the product of the signed 16-bit integers in the low halves of the
/// lanes, and that of those in the high halves.
inline I addPairs(I sum, I a, I b) {
  const int32_t low = (int16_t)a * (int16_t)b;
  const int32_t high = ((int32_t)a >> 16) * ((int32_t)b >> 16);
  return sum + (I)low + (I)high;
}
/// The magnitudes of both.
inline I absolutePairs(I a) {
  const int32_t low = (int16_t)a, high = (int32_t)a >> 16;
  return (I)(low < 0 ? -low : low) | (I)(high < 0 ? -high : high) << 16;
}
inline I positivePairs(I a) {
  const int32_t low = (int16_t)a, high = (int32_t)a >> 16;
  return (I)(low < 0 ? 0 : low) | (I)(high < 0 ? 0 : high) << 16;
}
/// Writes the low halves of the lanes one after the other, the first as number
/// `i` of the 16-bit integers in `words`.
inline void storeIntegers(uint32_t *words, int64_t i, I v) {
  const int shift = (int)(i % 2) * 16;
  const uint32_t others = words[i / 2] & ~(0xffffu << shift);
  words[i / 2] = others | (v & 0xffff) << shift;
}

/// The lanes of an `I` in the low words of 64-bit places. What stands in the
/// high words does not matter to these functions.
struct Wide {
  uint64_t value;
};
inline Wide widen(I a) { return {a}; }
inline I narrow(Wide a) { return (I)a.value; }
/// 64-bit products of the low words.
inline Wide mulWide(Wide a, uint32_t b) { return {(a.value & 0xffffffff) * b}; }
/// The high words, in the low ones.
inline Wide highWords(Wide a) { return {a.value >> 32}; }
/// a ^ b ^ c, where `c` has the same value in all lanes.
inline Wide xorWide(Wide a, Wide b, I c) { return {a.value ^ b.value ^ c}; }

/// Vectors have no groups of four lanes.
struct Quads {
  static constexpr int Count = 0;
};

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_VECTORSCALAR_H
