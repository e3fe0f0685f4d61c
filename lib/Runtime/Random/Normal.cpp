//===- Normal.cpp - Noise that depends on its place alone -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Streams and single draws, by Random123's reference implementation.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Random/Normal.h"

#include <Random123/philox.h>

namespace aimc::runtime {

RandomWords randomWords(StreamKey key, uint32_t c0, uint32_t c1, uint32_t c2,
                        uint32_t c3) {
  const philox4x32_ctr_t counter = {{c0, c1, c2, c3}};
  const philox4x32_key_t philoxKey = {{key.words[0], key.words[1]}};
  const philox4x32_ctr_t result = philox4x32(counter, philoxKey);
  return {{result.v[0], result.v[1], result.v[2], result.v[3]}};
}

StreamKey deriveStream(uint64_t seed, Effect effect, uint32_t a, uint32_t b,
                       uint32_t c) {
  const StreamKey seedKey = {
      {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)}};
  const RandomWords words =
      randomWords(seedKey, static_cast<uint32_t>(effect), a, b, c);
  return {{words.words[0], words.words[1]}};
}

} // namespace aimc::runtime
