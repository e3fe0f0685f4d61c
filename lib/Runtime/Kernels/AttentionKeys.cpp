//===- AttentionKeys.cpp - Keys of linear attention -----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chunks of keys, and the sums S and z that take them up.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/AttentionImpl.h"

#include <algorithm>

namespace aimc::runtime {

namespace {
/// Calls `use` with the token and the log scale of each key that counts, among
/// `count` tokens of a sequence and head.
template <typename Function>
void forEachKey(const aimc_tensor *mask, const aimc_tensor *logScale,
                int64_t heads, int64_t row, int64_t head, int64_t count,
                Function use) {
  for (int64_t token = 0; token < count; ++token) {
    if (mask && *rowOf(*mask, row + token) == 0)
      continue;
    use(token, logScale ? *rowOf(*logScale, (row + token) * heads + head) : 0);
  }
}
} // namespace

/// Makes `chunk` the one of that index. `running` is what is known of its pair
/// so far.
void Attention::readKeys(AttentionChunk &chunk, int64_t index,
                         KeysSoFar &running) {
  chunk.pair = index / chunksOfPair;
  chunk.first = index % chunksOfPair * ChunkTokens;
  chunk.tokens = std::min(ChunkTokens, keyCount - chunk.first);
  chunk.isLast = chunk.first + chunk.tokens == keyCount;
  if (chunk.first == 0)
    running = {};
  chunk.before = running;
  chunk.keyCount = 0;
  forEachKey(request.mask, keys.hasLogScale ? &keys.logScale : nullptr, heads,
             chunk.pair / heads * keyCount + chunk.first, chunk.pair % heads,
             chunk.tokens, [&](int64_t token, float scale) {
               chunk.tokenOf[chunk.keyCount] = token;
               chunk.scales[chunk.keyCount++] = scale;
               ++running.keys;
               running.largest = largerScale(running.largest, scale);
             });
  chunk.after = running;
}

void Attention::pack(AttentionChunk &chunk, AttentionScratch &scratch) const {
  const int64_t count = chunk.keyCount;
  const aimc_tensor rows =
      slice(featuresOf(keys.features, chunk.pair, keyCount), chunk.first, 1,
            chunk.tokens, 0, features);
  const bool standSo = count == chunk.tokens && hasContiguousRows(rows) &&
                       rows.strides[0] == keyStride;
  if (standSo) {
    chunk.keys = rowOf(rows, 0);
  } else {
    chunk.keyBuffer.resize(ChunkTokens * keyStride);
    chunk.keys = chunk.keyBuffer.data();
  }
  for (int64_t key = 0; key < count && !standSo; ++key)
    copyRows(rows, chunk.tokenOf[key], 1,
             chunk.keyBuffer.data() + key * keyStride);

  std::fill_n(chunk.weights, count, 1.0f);
  if (request.logScale) {
    for (int64_t key = 0; key < count; ++key)
      chunk.weights[key] = exponentOf(chunk.scales[key], chunk.after.largest);
    engine.unary(AIMC_EXPONENTIAL, chunk.weights, chunk.weights, count);
  }
  const aimc_tensor values =
      slice(valuesOf(request.values, chunk.pair, keyCount), chunk.first, 1,
            chunk.tokens, 0, headValues);
  chunk.scaled = PackedMatrix(engine, count, headValues);
  if (request.causal && request.logScale)
    chunk.plain = PackedMatrix(engine, count, headValues);
  float *row = scratch.row.data();
  chunk.isFinite = true;
  for (int64_t key = 0; key < count; ++key) {
    copyRows(values, chunk.tokenOf[key], 1, row);
    for (int64_t i = 0; request.causal && i < headValues; ++i)
      chunk.isFinite &= std::isfinite(row[i]);
    if (request.logScale) {
      if (request.causal)
        chunk.plain.setRow(key, row);
      engine.binary(AIMC_MULTIPLY, row, row, 1, &chunk.weights[key], 0,
                    headValues);
    }
    chunk.scaled.setRow(key, row);
  }
}

/// Takes up the chunks of `pair` in rows feature .. feature + features - 1 of
/// its sums.
void Attention::updateState(int64_t pair, int64_t feature, int64_t count) {
  const int64_t slot = pair % chunksAtOnce;
  float *rows = states[slot].data() + feature * stride;
  float *sums = keySums[slot].data() + feature;
  const auto copyTo = [&](PackedMatrix &packed) {
    for (int64_t i = 0; i < count; ++i)
      packed.setRow(feature + i, rows + i * stride);
  };
  for (int64_t i = 0; i < chunkCount; ++i) {
    AttentionChunk &chunk = chunks[i];
    if (chunk.pair != pair)
      continue;
    const bool isFirst = chunk.before.keys == 0;
    // Of causal sequences no query comes after the last chunk.
    const bool takesUp = !(request.causal && chunk.isLast);
    if (request.causal && !isFirst) {
      copyTo(chunk.state);
      std::copy_n(sums, count, chunk.keySum.data() + feature);
    }
    const float before = chunk.before.largest, after = chunk.after.largest;
    if (takesUp && !isFirst && before != after) {
      float factor = exponentOf(before, after);
      engine.unary(AIMC_EXPONENTIAL, &factor, &factor, 1);
      engine.binary(AIMC_MULTIPLY, rows, rows, 1, &factor, 0, count * stride);
      engine.binary(AIMC_MULTIPLY, sums, sums, 1, &factor, 0, count);
    }
    if (takesUp && chunk.keyCount) {
      const float *keys = chunk.keys + feature;
      chunk.scaled.multiply(keys, /*xStride=*/1, /*xStep=*/keyStride, count,
                            rows, stride,
                            isFirst ? ProductMode::Store : ProductMode::Add);
      engine.weightedRows(sums, chunk.weights, keys, keyStride, chunk.keyCount,
                          count, /*adds=*/!isFirst);
    }
    if (!request.causal && chunk.isLast && chunk.after.keys)
      copyTo(finalStates[slot]);
  }
}

/// Takes up the chunks in use: each thread works on a part of the features of a
/// pair, of as many rows of its state as the product kernels hold.
void Attention::updateStates() {
  constexpr int64_t Multiple = 12;
  const int64_t firstPair = chunks[0].pair;
  const int64_t pairCount = chunks[chunkCount - 1].pair - firstPair + 1;
  const int64_t wanted = (workers.threads() + pairCount - 1) / pairCount;
  const int64_t part =
      (features + wanted * Multiple - 1) / (wanted * Multiple) * Multiple;
  const int64_t parts = part ? (features + part - 1) / part : 0;
  workers.run(pairCount * parts, 1, [&](int64_t i, int64_t, int) {
    const int64_t first = i % parts * part;
    updateState(firstPair + i / parts, first, std::min(part, features - first));
  });
}

} // namespace aimc::runtime
