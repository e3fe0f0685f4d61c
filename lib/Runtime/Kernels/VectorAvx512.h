//===- VectorAvx512.h - Vectors of sixteen lanes ----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The vector abstraction of VectorScalar.h on AVX-512 (F, DQ, VL, BW).
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_VECTORAVX512_H
#define AIMC_RUNTIME_KERNELS_VECTORAVX512_H

#include <immintrin.h>
#include <stdint.h>

namespace aimc::runtime {
namespace {

using F = __m512;
using I = __m512i;
using M = __mmask16;
constexpr int Lanes = 16;

inline __mmask16 firstLanes(int count) {
  return (__mmask16)((1u << count) - 1);
}

inline F load(const float *p) { return _mm512_loadu_ps(p); }
inline F loadFirst(const float *p, int count) {
  return _mm512_maskz_loadu_ps(firstLanes(count), p);
}
inline void store(float *p, F v) { _mm512_storeu_ps(p, v); }
inline void storeFirst(float *p, F v, int count) {
  _mm512_mask_storeu_ps(p, firstLanes(count), v);
}
inline void store(uint32_t *p, I v) { _mm512_storeu_si512(p, v); }
inline I loadI(const uint32_t *p) { return _mm512_loadu_si512(p); }
inline F set(float v) { return _mm512_set1_ps(v); }
inline I setI(uint32_t v) { return _mm512_set1_epi32((int32_t)v); }
inline I laneNumbers() {
  return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
                           15);
}

inline F fma(F a, F b, F c) { return _mm512_fmadd_ps(a, b, c); }
inline F add(F a, F b) { return _mm512_add_ps(a, b); }
inline F sub(F a, F b) { return _mm512_sub_ps(a, b); }
inline F mul(F a, F b) { return _mm512_mul_ps(a, b); }
inline F div(F a, F b) { return _mm512_div_ps(a, b); }
inline F smaller(F a, F b) { return _mm512_min_ps(a, b); }
inline F larger(F a, F b) { return _mm512_max_ps(a, b); }
inline F sqrt(F a) { return _mm512_sqrt_ps(a); }
inline F round(F a) {
  return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
inline F floor(F a) {
  return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
}
inline F truncate(F a) {
  return _mm512_roundscale_ps(a, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC);
}
/// Lane i has what lane i ^ `Distance` had.
template <int Distance> inline F exchange(F a) {
  static_assert(Distance == 8 || Distance == 4 || Distance == 2 ||
                Distance == 1);
  if constexpr (Distance >= 4)
    return _mm512_shuffle_f32x4(a, a, Distance == 8 ? 0x4e : 0xb1);
  else
    return _mm512_permute_ps(a, Distance == 2 ? 0x4e : 0xb1);
}
inline F gather(const float *p, I i) { return _mm512_i32gather_ps(i, p, 4); }

inline M less(F a, F b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
inline M lessEqual(F a, F b) { return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ); }
inline M unordered(F a, F b) { return _mm512_cmp_ps_mask(a, b, _CMP_UNORD_Q); }
inline M nonzero(I a) { return _mm512_test_epi32_mask(a, a); }
inline bool any(M m) { return m != 0; }
inline bool all(M m) { return m == 0xffff; }
inline bool lane(M m, int i) { return (m >> i) & 1; }
inline F select(M m, F a, F b) { return _mm512_mask_blend_ps(m, b, a); }

inline I bits(F a) { return _mm512_castps_si512(a); }
inline F ofBits(I a) { return _mm512_castsi512_ps(a); }
inline I addI(I a, I b) { return _mm512_add_epi32(a, b); }
inline I subI(I a, I b) { return _mm512_sub_epi32(a, b); }
inline I andI(I a, I b) { return _mm512_and_si512(a, b); }
inline I orI(I a, I b) { return _mm512_or_si512(a, b); }
inline I xorI(I a, I b) { return _mm512_xor_si512(a, b); }
inline I largerI(I a, I b) { return _mm512_max_epu32(a, b); }
template <int Count> inline I shiftLeft(I a) {
  return _mm512_slli_epi32(a, Count);
}
template <int Count> inline I shiftRight(I a) {
  return _mm512_srli_epi32(a, Count);
}
template <int Count> inline I shiftRightSigned(I a) {
  return _mm512_srai_epi32(a, Count);
}
inline F ofSigned(I a) { return _mm512_cvtepi32_ps(a); }
inline I addPairs(I sum, I a, I b) {
  return addI(sum, _mm512_madd_epi16(a, b));
}
inline I absolutePairs(I a) { return _mm512_abs_epi16(a); }
inline I positivePairs(I a) {
  return _mm512_max_epi16(a, _mm512_setzero_si512());
}
inline void storeIntegers(uint32_t *words, int64_t i, I v) {
  _mm256_storeu_si256((__m256i *)((char *)words + 2 * i),
                      _mm512_cvtepi32_epi16(v));
}

struct Wide {
  I even, odd;
};
inline Wide widen(I a) { return {a, _mm512_srli_epi64(a, 32)}; }
inline I narrow(Wide a) {
  return _mm512_mask_blend_epi32(0xaaaa, a.even, _mm512_slli_epi64(a.odd, 32));
}
inline Wide mulWide(Wide a, uint32_t b) {
  const I factor = _mm512_set1_epi64(b);
  return {_mm512_mul_epu32(a.even, factor), _mm512_mul_epu32(a.odd, factor)};
}
inline Wide highWords(Wide a) {
  return {_mm512_srli_epi64(a.even, 32), _mm512_srli_epi64(a.odd, 32)};
}
inline Wide xorWide(Wide a, Wide b, I c) {
  constexpr int Xor3 = 0x96;
  return {_mm512_ternarylogic_epi32(a.even, b.even, c, Xor3),
          _mm512_ternarylogic_epi32(a.odd, b.odd, c, Xor3)};
}

/// Vectors seen as four groups of four lanes.
struct Quads {
  static constexpr int Count = 4;

  /// Quad q is p[offsets[q]] .. p[offsets[q] + 3].
  static F load(const float *p, const int64_t (&offsets)[Count]) {
    F quads = _mm512_castps128_ps512(_mm_loadu_ps(p + offsets[0]));
    quads = _mm512_insertf32x4(quads, _mm_loadu_ps(p + offsets[1]), 1);
    quads = _mm512_insertf32x4(quads, _mm_loadu_ps(p + offsets[2]), 2);
    return _mm512_insertf32x4(quads, _mm_loadu_ps(p + offsets[3]), 3);
  }
  /// Quad q of vector i becomes quad i of vector q.
  static void transpose(F (&vectors)[Count]) {
    const F low01 = _mm512_shuffle_f32x4(vectors[0], vectors[1], 0x44);
    const F low23 = _mm512_shuffle_f32x4(vectors[2], vectors[3], 0x44);
    const F high01 = _mm512_shuffle_f32x4(vectors[0], vectors[1], 0xee);
    const F high23 = _mm512_shuffle_f32x4(vectors[2], vectors[3], 0xee);
    vectors[0] = _mm512_shuffle_f32x4(low01, low23, 0x88);
    vectors[1] = _mm512_shuffle_f32x4(low01, low23, 0xdd);
    vectors[2] = _mm512_shuffle_f32x4(high01, high23, 0x88);
    vectors[3] = _mm512_shuffle_f32x4(high01, high23, 0xdd);
  }
  /// All lanes of a quad have its lane `Lane`.
  template <int Lane> static F repeat(F a) {
    return _mm512_permute_ps(a, Lane * 0x55);
  }
  /// The first quad has what quad `Quad` had.
  template <int Quad> static F front(F a) {
    return _mm512_shuffle_f32x4(a, a, Quad);
  }
};

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_VECTORAVX512_H
