//===- AttentionImpl.h - State of linear attention --------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With weights w_j = exp(s_j - M), the sums S = sum over j of w_j k_j^T v_j and
// z = sum over j of w_j k_j hold all that queries need of the keys: q_i S is
// the numerator and q_i . z the denominator of query i. M is the largest log
// scale so far; S and z are rescaled where it grows.
//
// Keys are taken in chunks of 64. Without causality queries wait for the last
// chunk. With it, S and z have the keys before a chunk. Within the chunk query
// i takes the products q_i . k_j with the keys up to it one by one, relative to
// the largest log scale up to i: a much larger later key, which would leave
// nothing of the others, is not seen.
//
// Threads share the work of a few chunks at a time in three steps, which keep
// every sum in its order: chunks are packed, each by itself; S and z take them
// up, cut by features, whose rows of S are independent; queries are answered
// from copies of S and z.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_ATTENTIONIMPL_H
#define AIMC_RUNTIME_KERNELS_ATTENTIONIMPL_H

#include "Runtime/Kernels/Attention.h"
#include "Runtime/Kernels/PackedMatrix.h"
#include "Runtime/Kernels/Tensor.h"

#include <cmath>
#include <limits>

namespace aimc::runtime {

constexpr int64_t ChunkTokens = 64;
/// Queries answered at once without causality: a multiple of the rows that the
/// product kernels hold.
constexpr int64_t QueryTokens = 96;
constexpr float NoScale = -std::numeric_limits<float>::infinity();

/// The larger of two log scales; NaN if either is.
inline float largerScale(float a, float b) {
  return a < b || std::isnan(b) ? b : a;
}

/// The exponent of a key of log scale `scale` relative to `largest`: one of
/// weight 0 stays so where all have.
inline float exponentOf(float scale, float largest) {
  return scale == NoScale ? NoScale : scale - largest;
}

/// Rows first, first + step, ... and some columns of `tensor`.
inline aimc_tensor slice(const aimc_tensor &tensor, int64_t first, int64_t step,
                         int64_t rows, int64_t column, int64_t columns) {
  return {tensor.allocated,
          tensor.aligned,
          tensor.offset + first * tensor.strides[0] +
              column * tensor.strides[1],
          {rows, columns},
          {step * tensor.strides[0], tensor.strides[1]}};
}

/// What is known of a sequence and head before a chunk of its keys.
struct KeysSoFar {
  int64_t keys = 0;
  float largest = NoScale; ///< log scale
};

/// Up to 64 tokens of a sequence and head, and their keys that count.
struct AttentionChunk {
  int64_t pair; ///< sequence and head, the head fastest
  int64_t first, tokens;
  bool isLast; ///< of its pair
  int64_t keyCount;
  int64_t tokenOf[ChunkTokens]; ///< by key: its token, from `first` on
  float scales[ChunkTokens];    ///< by key
  KeysSoFar before, after;
  bool isFinite;     ///< all values are
  const float *keys; ///< features of those that count, in rows of `keyStride`
  Buffer keyBuffer;  ///< for them where they do not stand so
  float weights[ChunkTokens]; ///< w_j, by key
  PackedMatrix scaled;        ///< w_j v_j
  PackedMatrix plain;         ///< v_j, for the queries of the chunk
  PackedMatrix state;         ///< S before the chunk, for its queries
  Buffer keySum;              ///< z before the chunk, likewise
};

/// What a thread needs.
struct AttentionScratch {
  Buffer row, queries, sums, products, output;
  float denominators[QueryTokens];
  float exponentials[ChunkTokens];
};

struct AttentionMemory::Buffers {
  FeatureRows::Buffers queries, keys;
  std::vector<AttentionChunk> chunks;
  std::vector<Buffer> states, keySums;
  std::vector<PackedMatrix> finalStates;
  std::vector<AttentionScratch> scratch;
};

/// One call.
class Attention {
public:
  Attention(const Engine &engine, Workers &workers,
            const AttentionRequest &request, AttentionMemory &memory);

  std::string run();

private:
  std::string wantRows(int64_t firstChunk);
  void readKeys(AttentionChunk &chunk, int64_t index, KeysSoFar &running);
  void pack(AttentionChunk &chunk, AttentionScratch &scratch) const;
  void updateStates();
  void updateState(int64_t pair, int64_t feature, int64_t count);
  std::string answerFinished();
  void answer(const AttentionChunk &last, int64_t first, int64_t count,
              AttentionScratch &scratch) const;
  void answerCausal(const AttentionChunk &chunk,
                    AttentionScratch &scratch) const;
  void addChunk(const AttentionChunk &chunk, const Rows &queryRows,
                AttentionScratch &scratch) const;
  void finish(int64_t pair, int64_t first, int64_t count, int64_t unseen,
              AttentionScratch &scratch) const;

  /// The rows of one sequence and head.
  aimc_tensor featuresOf(const aimc_tensor &tensor, int64_t pair,
                         int64_t length) const {
    return slice(tensor, pair / heads * length * heads + pair % heads, heads,
                 length, 0, features);
  }
  aimc_tensor valuesOf(const aimc_tensor &tensor, int64_t pair,
                       int64_t length) const {
    return slice(tensor, pair / heads * length, 1, length,
                 pair % heads * headValues, headValues);
  }

  const Engine &engine;
  Workers &workers;
  const AttentionRequest &request;
  FeatureRows queries, keys;
  const int64_t heads, pairs, queryCount, keyCount, features, headValues;
  const int64_t stride; ///< of rows of sums
  const int64_t keyStride;
  const int64_t chunksOfPair;
  // Those of the memory, which may be more than are in use.
  std::vector<AttentionChunk> &chunks;
  int64_t chunkCount = 0;
  const int64_t chunksAtOnce;
  std::vector<Buffer> &states;  ///< S of pair p at p modulo `chunksAtOnce`
  std::vector<Buffer> &keySums; ///< z, likewise
  std::vector<PackedMatrix> &finalStates; ///< S, likewise; not if causal
  std::vector<AttentionScratch> &scratch; ///< by thread
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_ATTENTIONIMPL_H
