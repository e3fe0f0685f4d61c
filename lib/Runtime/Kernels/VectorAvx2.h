//===- VectorAvx2.h - Vectors of eight lanes --------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The vector abstraction of VectorScalar.h on AVX2 and FMA.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_VECTORAVX2_H
#define AIMC_RUNTIME_KERNELS_VECTORAVX2_H

#include <immintrin.h>
#include <stdint.h>

namespace aimc::runtime {
namespace {

using F = __m256;
using I = __m256i;
using M = __m256;
constexpr int Lanes = 8;

inline I setI(uint32_t v) { return _mm256_set1_epi32((int32_t)v); }
inline I laneNumbers() { return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7); }
inline I firstLanes(int count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), laneNumbers());
}

inline F load(const float *p) { return _mm256_loadu_ps(p); }
inline F loadFirst(const float *p, int count) {
  return _mm256_maskload_ps(p, firstLanes(count));
}
inline void store(float *p, F v) { _mm256_storeu_ps(p, v); }
inline void storeFirst(float *p, F v, int count) {
  _mm256_maskstore_ps(p, firstLanes(count), v);
}
inline void store(uint32_t *p, I v) { _mm256_storeu_si256((I *)p, v); }
inline I loadI(const uint32_t *p) { return _mm256_loadu_si256((const I *)p); }
inline F set(float v) { return _mm256_set1_ps(v); }

inline F fma(F a, F b, F c) { return _mm256_fmadd_ps(a, b, c); }
inline F add(F a, F b) { return _mm256_add_ps(a, b); }
inline F sub(F a, F b) { return _mm256_sub_ps(a, b); }
inline F mul(F a, F b) { return _mm256_mul_ps(a, b); }
inline F div(F a, F b) { return _mm256_div_ps(a, b); }
inline F smaller(F a, F b) { return _mm256_min_ps(a, b); }
inline F larger(F a, F b) { return _mm256_max_ps(a, b); }
inline F sqrt(F a) { return _mm256_sqrt_ps(a); }
inline F round(F a) {
  return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
inline F floor(F a) {
  return _mm256_round_ps(a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
}
inline F truncate(F a) {
  return _mm256_round_ps(a, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC);
}
/// Lane i has what lane i ^ `Distance` had.
template <int Distance> inline F exchange(F a) {
  static_assert(Distance == 4 || Distance == 2 || Distance == 1);
  if constexpr (Distance == 4)
    return _mm256_permute2f128_ps(a, a, 1);
  else
    return _mm256_permute_ps(a, Distance == 2 ? 0x4e : 0xb1);
}
inline F gather(const float *p, I i) { return _mm256_i32gather_ps(p, i, 4); }

inline M less(F a, F b) { return _mm256_cmp_ps(a, b, _CMP_LT_OQ); }
inline M lessEqual(F a, F b) { return _mm256_cmp_ps(a, b, _CMP_LE_OQ); }
inline M unordered(F a, F b) { return _mm256_cmp_ps(a, b, _CMP_UNORD_Q); }
inline M nonzero(I a) {
  I zero = _mm256_cmpeq_epi32(a, _mm256_setzero_si256());
  return _mm256_castsi256_ps(_mm256_xor_si256(zero, _mm256_set1_epi32(-1)));
}
inline bool any(M m) { return _mm256_movemask_ps(m) != 0; }
inline bool all(M m) { return _mm256_movemask_ps(m) == 0xff; }
inline bool lane(M m, int i) { return (_mm256_movemask_ps(m) >> i) & 1; }
inline F select(M m, F a, F b) { return _mm256_blendv_ps(b, a, m); }

inline I bits(F a) { return _mm256_castps_si256(a); }
inline F ofBits(I a) { return _mm256_castsi256_ps(a); }
inline I addI(I a, I b) { return _mm256_add_epi32(a, b); }
inline I subI(I a, I b) { return _mm256_sub_epi32(a, b); }
inline I andI(I a, I b) { return _mm256_and_si256(a, b); }
inline I orI(I a, I b) { return _mm256_or_si256(a, b); }
inline I xorI(I a, I b) { return _mm256_xor_si256(a, b); }
inline I largerI(I a, I b) { return _mm256_max_epu32(a, b); }
template <int Count> inline I shiftLeft(I a) {
  return _mm256_slli_epi32(a, Count);
}
template <int Count> inline I shiftRight(I a) {
  return _mm256_srli_epi32(a, Count);
}
template <int Count> inline I shiftRightSigned(I a) {
  return _mm256_srai_epi32(a, Count);
}
inline F ofSigned(I a) { return _mm256_cvtepi32_ps(a); }
inline I addPairs(I sum, I a, I b) {
  return addI(sum, _mm256_madd_epi16(a, b));
}
inline I absolutePairs(I a) { return _mm256_abs_epi16(a); }
inline I positivePairs(I a) {
  return _mm256_max_epi16(a, _mm256_setzero_si256());
}
inline void storeIntegers(uint32_t *words, int64_t i, I v) {
  const I packed = _mm256_permute4x64_epi64(_mm256_packs_epi32(v, v), 0x08);
  _mm_storeu_si128((__m128i *)((char *)words + 2 * i),
                   _mm256_castsi256_si128(packed));
}

struct Wide {
  I even, odd;
};
inline Wide widen(I a) { return {a, _mm256_srli_epi64(a, 32)}; }
inline I narrow(Wide a) {
  return _mm256_blend_epi32(a.even, _mm256_slli_epi64(a.odd, 32), 0xaa);
}
inline Wide mulWide(Wide a, uint32_t b) {
  const I factor = _mm256_set1_epi64x(b);
  return {_mm256_mul_epu32(a.even, factor), _mm256_mul_epu32(a.odd, factor)};
}
inline Wide highWords(Wide a) {
  return {_mm256_srli_epi64(a.even, 32), _mm256_srli_epi64(a.odd, 32)};
}
inline Wide xorWide(Wide a, Wide b, I c) {
  return {xorI(xorI(a.even, b.even), c), xorI(xorI(a.odd, b.odd), c)};
}

/// Vectors seen as two groups of four lanes.
struct Quads {
  static constexpr int Count = 2;

  /// Quad q is p[offsets[q]] .. p[offsets[q] + 3].
  static F load(const float *p, const int64_t (&offsets)[Count]) {
    return _mm256_insertf128_ps(
        _mm256_castps128_ps256(_mm_loadu_ps(p + offsets[0])),
        _mm_loadu_ps(p + offsets[1]), 1);
  }
  /// Quad q of vector i becomes quad i of vector q.
  static void transpose(F (&vectors)[Count]) {
    const F low = _mm256_permute2f128_ps(vectors[0], vectors[1], 0x20);
    vectors[1] = _mm256_permute2f128_ps(vectors[0], vectors[1], 0x31);
    vectors[0] = low;
  }
  /// All lanes of a quad have its lane `Lane`.
  template <int Lane> static F repeat(F a) {
    return _mm256_permute_ps(a, Lane * 0x55);
  }
  /// The first quad has what quad `Quad` had.
  template <int Quad> static F front(F a) {
    return _mm256_permute2f128_ps(a, a, Quad * 0x11);
  }
};

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_VECTORAVX2_H
