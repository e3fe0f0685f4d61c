//===- Normal.h - Noise that depends on its place alone ---------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random numbers are functions of a key and a counter (Philox4x32-10: J. K.
// Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC 2011), so that
// noise never depends on threads, batch cuts, the order of calls or the engine.
//
// A stream is 64 bits of key, drawn by Philox itself from a seed and from what
// names the stream; the first word names the effect, which keeps the streams of
// different effects apart under equal seeds. Within a stream a row of normal
// variates is selected by words 1 to 3 of the counter. Variate c of a row comes
// from the counter with word 0 = 16 (c / 64) + c % 16, whose four words w0..w3
// give the variates c % 64 / 16 = 0..3 by the Box-Muller transform on (w0, w1)
// and (w2, w3): sqrt(-2 ln u) times cos and sin of 2 pi v, u = (2 (w0 / 4) + 1)
// / 2^31 and v = w1 / 2^32. The largest magnitude is 6.56.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_RANDOM_NORMAL_H
#define AIMC_RUNTIME_RANDOM_NORMAL_H

#include <cstdint>

namespace aimc::runtime {

/// What random numbers are for.
enum class Effect : uint32_t {
  ProgrammingNoise = 1,
  OutputNoise = 2,
  Projection = 3,
  RowNorms = 4,
  Offsets = 5,
  ConductanceNoise = 6,
  DriftExponent = 7,
  StuckDevices = 8,
  CompensationNoise = 9,
  LoopIteration = 10,
  CompensationInputs = 11,
  InputRounding = 20,
  AdcGain = 21,
  AdcOffset = 22,
  AdcGainEstimate = 23,
  AdcOffsetEstimate = 24,
};

/// The key of a stream.
struct StreamKey {
  uint32_t words[2];
};

/// The stream of an effect that `a`, `b` and `c` name.
StreamKey deriveStream(uint64_t seed, Effect effect, uint32_t a = 0,
                       uint32_t b = 0, uint32_t c = 0);

/// The four words of Philox4x32-10.
struct RandomWords {
  uint32_t words[4];
};
RandomWords randomWords(StreamKey key, uint32_t c0, uint32_t c1, uint32_t c2,
                        uint32_t c3);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_RANDOM_NORMAL_H
