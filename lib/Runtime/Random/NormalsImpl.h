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

/// Philox4x32-10 in place.
inline void philoxRounds(const uint32_t key[2], I words[4]) {
  uint32_t key0 = key[0], key1 = key[1];
  for (int round = 0; round < 10; ++round) {
    I high0, low0, high1, low1;
    mulWide(words[0], 0xd2511f53, high0, low0);
    mulWide(words[2], 0xcd9e8d57, high1, low1);
    words[0] = xorI(xorI(high1, words[1]), setI(key0));
    words[1] = low1;
    words[2] = xorI(xorI(high0, words[3]), setI(key1));
    words[3] = low0;
    key0 += 0x9e3779b9;
    key1 += 0xbb67ae85;
  }
}

void philox(const uint32_t key[2], const uint32_t counter[4], uint32_t *out) {
  for (int i = 0; i < GroupCounters; i += Lanes) {
    I words[4] = {addI(setI(counter[0] + (uint32_t)i), laneNumbers()),
                  setI(counter[1]), setI(counter[2]), setI(counter[3])};
    philoxRounds(key, words);
    for (int j = 0; j < 4; ++j)
      store(out + j * GroupCounters + i, words[j]);
  }
}

/// Two normal variates from two words.
inline void boxMuller(I w0, I w1, F &first, F &second) {
  // Odd numbers below 2^31, so that u is never 0.
  const F odd = ofSigned(orI(shiftLeft<1>(shiftRight<2>(w0)), setI(1)));
  const F radius = sqrt(mul(set(-2.0f), logPositive(mul(odd, set(0x1p-31f)))));
  // The nearest quarter turn, and the rest in [-1/8, 1/8) turns.
  const I quadrant = shiftRight<30>(addI(w1, setI(0x20000000)));
  const I rest = subI(w1, shiftLeft<30>(quadrant));
  const F angle = mul(ofSigned(rest), set(0x1.921fb6p-30f));
  F sine, cosine;
  sineCosine(angle, sine, cosine);
  first = mul(radius, rotate(sine, cosine, addI(quadrant, setI(1))));
  second = mul(radius, rotate(sine, cosine, quadrant));
}

inline void normalGroup(const uint32_t key[2], const uint32_t counter[3],
                        uint32_t group, float *out) {
  for (int i = 0; i < GroupCounters; i += Lanes) {
    I words[4] = {
        addI(setI(group * GroupCounters + (uint32_t)i), laneNumbers()),
        setI(counter[0]), setI(counter[1]), setI(counter[2])};
    philoxRounds(key, words);
    F variates[4];
    boxMuller(words[0], words[1], variates[0], variates[1]);
    boxMuller(words[2], words[3], variates[2], variates[3]);
    for (int j = 0; j < 4; ++j)
      store(out + j * GroupCounters + i, variates[j]);
  }
}

void normals(const uint32_t key[2], const uint32_t counter[3], int64_t first,
             int64_t count, float *out) {
  constexpr int64_t Group = 4 * GroupCounters;
  const int64_t end = first + count;
  for (int64_t start = first / Group * Group; start < end; start += Group) {
    const uint32_t group = (uint32_t)(start / Group);
    if (start >= first && start + Group <= end) {
      normalGroup(key, counter, group, out + (start - first));
      continue;
    }
    float variates[Group];
    normalGroup(key, counter, group, variates);
    for (int64_t i = 0; i < Group; ++i)
      if (start + i >= first && start + i < end)
        out[start + i - first] = variates[i];
  }
}

} // namespace
} // namespace aimc::runtime

#endif // AIMC_RUNTIME_RANDOM_NORMALSIMPL_H
