//===- NormalsImpl.h - Philox and normal variates over vectors --*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The vector form of Normal.h; included by the engines after a Vector*.h and
// MathImpl.h.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_RANDOM_NORMALSIMPL_H
#define AIMC_RUNTIME_RANDOM_NORMALSIMPL_H

namespace aimc::runtime {
namespace {

/// Counters that share a group of 64 variates.
constexpr int GroupCounters = 16;
constexpr int64_t GroupVariates = 4 * GroupCounters;

/// Vectors of counters that are worked on at once: two groups, or as many as
/// there are registers for.
constexpr int GroupVectors = GroupCounters / Lanes;
constexpr int ChainVectors = Lanes == 1 ? 1 : 2 * GroupVectors;

/// Philox4x32-10 of N * Lanes counters, which differ in word 0 by one from lane
/// to lane: words[j][k] is word j of vector k.
template <int N>
inline void philoxOf(const uint32_t key[2], const uint32_t counter[4],
                     I (&words)[4][N]) {
  Wide w0[N], w1[N], w2[N], w3[N];
  inLockstep<N>([&](int k) {
    w0[k] =
        widen(addI(setI(counter[0] + (uint32_t)(k * Lanes)), laneNumbers()));
    w1[k] = widen(setI(counter[1]));
    w2[k] = widen(setI(counter[2]));
    w3[k] = widen(setI(counter[3]));
  });
  uint32_t key0 = key[0], key1 = key[1];
  AIMC_UNROLL
  for (int round = 0; round < 10; ++round) {
    const I round0 = setI(key0), round1 = setI(key1);
    inLockstep<N>([&](int k) {
      const Wide product0 = mulWide(w0[k], 0xd2511f53);
      const Wide product2 = mulWide(w2[k], 0xcd9e8d57);
      w0[k] = xorWide(highWords(product2), w1[k], round0);
      w1[k] = product2;
      w2[k] = xorWide(highWords(product0), w3[k], round1);
      w3[k] = product0;
    });
    key0 += 0x9e3779b9;
    key1 += 0xbb67ae85;
  }
  inLockstep<N>([&](int k) {
    words[0][k] = narrow(w0[k]);
    words[1][k] = narrow(w1[k]);
    words[2][k] = narrow(w2[k]);
    words[3][k] = narrow(w3[k]);
  });
}

void philox(const uint32_t key[2], const uint32_t counter[4], uint32_t *out) {
  for (int i = 0; i < GroupCounters; i += Lanes) {
    const uint32_t own[4] = {counter[0] + (uint32_t)i, counter[1], counter[2],
                             counter[3]};
    I words[4][1];
    philoxOf(key, own, words);
    for (int j = 0; j < 4; ++j)
      store(out + j * GroupCounters + i, words[j][0]);
  }
}

/// Two normal variates from two words each.
template <int N>
inline void boxMuller(const I (&w0)[N], const I (&w1)[N], F (&first)[N],
                      F (&second)[N]) {
  F uniform[N], radius[N], angle[N], sine[N], cosine[N];
  I turn[N];
  inLockstep<N>([&](int k) {
    // Odd numbers below 2^31, so that it is never 0.
    const F odd = ofSigned(orI(shiftRight<1>(w0[k]), setI(1)));
    uniform[k] = mul(odd, set(0x1p-31f));
  });
  inLockstep<N>([&](int k) {
    // The nearest quarter turn in the upper two bits, and the rest in
    // [-1/8, 1/8) turns.
    turn[k] = addI(w1[k], setI(0x20000000));
    const I rest = subI(andI(turn[k], setI(0x3fffffff)), setI(0x20000000));
    angle[k] = mul(ofSigned(rest), set(0x1.921fb6p-30f));
  });
  logScaled(uniform, set(0.0f), radius);
  inLockstep<N>([&](int k) { radius[k] = sqrt(mul(set(-2.0f), radius[k])); });
  sineCosine(angle, sine, cosine);
  inLockstep<N>([&](int k) {
    // After an odd number of quarters sine and cosine change places; the sine's
    // sign turns after two, the cosine's after one and back after three.
    const M swaps = nonzero(andI(turn[k], setI(0x40000000)));
    const I sign = setI(0x80000000);
    const I ofSine = andI(turn[k], sign);
    const I ofCosine = andI(xorI(turn[k], shiftLeft<1>(turn[k])), sign);
    const F x = select(swaps, sine[k], cosine[k]);
    const F y = select(swaps, cosine[k], sine[k]);
    first[k] = mul(radius[k], ofBits(xorI(bits(x), ofCosine)));
    second[k] = mul(radius[k], ofBits(xorI(bits(y), ofSine)));
  });
}

/// The variates of N * Lanes counters from `first` on, which is a multiple of
/// Lanes; out[0] is variate 0 of the group that it belongs to.
template <int N>
inline void normalVectors(const uint32_t key[2], const uint32_t counter[3],
                          uint32_t first, float *out) {
  const uint32_t own[4] = {first, counter[0], counter[1], counter[2]};
  I words[4][N];
  philoxOf(key, own, words);
  // Both pairs of words at once.
  I w0[2 * N], w1[2 * N];
  inLockstep<N>([&](int k) {
    w0[k] = words[0][k];
    w1[k] = words[1][k];
    w0[N + k] = words[2][k];
    w1[N + k] = words[3][k];
  });
  F even[2 * N], odd[2 * N];
  boxMuller(w0, w1, even, odd);
  inLockstep<N>([&](int k) {
    const int place = (int)(first % GroupCounters) + k * Lanes;
    float *to =
        out + place / GroupCounters * GroupVariates + place % GroupCounters;
    store(to, even[k]);
    store(to + GroupCounters, odd[k]);
    store(to + 2 * GroupCounters, even[N + k]);
    store(to + 3 * GroupCounters, odd[N + k]);
  });
}

/// Whole groups, with all the vectors that are worked on at once, but for the
/// last ones.
inline void normalGroups(const uint32_t key[2], const uint32_t counter[3],
                         int64_t group, int64_t groups, float *out) {
  constexpr int Few = Lanes == 1 ? 1 : GroupVectors;
  const int64_t end = (group + groups) * GroupCounters;
  int64_t first = group * GroupCounters;
  const auto place = [&] {
    return out + (first / GroupCounters - group) * GroupVariates;
  };
  for (; first + ChainVectors * Lanes <= end; first += ChainVectors * Lanes)
    normalVectors<ChainVectors>(key, counter, (uint32_t)first, place());
  for (; first < end; first += Few * Lanes)
    normalVectors<Few>(key, counter, (uint32_t)first, place());
}

void normals(const uint32_t key[2], const uint32_t counter[3], int64_t first,
             int64_t count, float *out) {
  const int64_t end = first + count;
  int64_t start = first;
  while (start < end) {
    const int64_t group = start / GroupVariates;
    const int64_t skipped = start - group * GroupVariates;
    const int64_t rest = end - start;
    if (skipped == 0 && rest >= GroupVariates) {
      const int64_t groups = rest / GroupVariates;
      normalGroups(key, counter, group, groups, out + (start - first));
      start += groups * GroupVariates;
      continue;
    }
    // A group of which a part is asked for.
    float variates[GroupVariates];
    normalGroups(key, counter, group, 1, variates);
    const int64_t own =
        rest < GroupVariates - skipped ? rest : GroupVariates - skipped;
    for (int64_t i = 0; i < own; ++i)
      out[start - first + i] = variates[skipped + i];
    start += own;
  }
}

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_RANDOM_NORMALSIMPL_H
