//===- Attention.cpp - Linear attention over sequences --------------------===//
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

#include "Runtime/Kernels/Attention.h"

#include "Runtime/Kernels/PackedMatrix.h"
#include "Runtime/Kernels/Tensor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace aimc::runtime {

namespace {

constexpr int64_t ChunkTokens = 64;
/// Queries answered at once without causality: a multiple of the rows that the
/// product kernels hold.
constexpr int64_t QueryTokens = 96;
constexpr std::array<float, ChunkTokens> Ones = [] {
  std::array<float, ChunkTokens> ones = {};
  for (float &one : ones)
    one = 1;
  return ones;
}();
/// Of subnormal sums digits are lost that no quotient gives back.
constexpr float SmallestDenominator = std::numeric_limits<float>::min();
constexpr float NoScale = -std::numeric_limits<float>::infinity();

/// Rows first, first + step, ... and some columns of `tensor`.
aimc_tensor slice(const aimc_tensor &tensor, int64_t first, int64_t step,
                  int64_t rows, int64_t column, int64_t columns) {
  return {tensor.allocated,
          tensor.aligned,
          tensor.offset + first * tensor.strides[0] +
              column * tensor.strides[1],
          {rows, columns},
          {step * tensor.strides[0], tensor.strides[1]}};
}

/// The larger of two log scales; NaN if either is.
float largerScale(float a, float b) { return a < b || std::isnan(b) ? b : a; }

/// The exponent of a key of log scale `scale` relative to `largest`: one of
/// weight 0 stays so where all have.
float exponentOf(float scale, float largest) {
  return scale == NoScale ? NoScale : scale - largest;
}

/// What is known of a sequence and head before a chunk of its keys.
struct Running {
  int64_t keys = 0;
  float largest = NoScale; ///< log scale
};

/// Up to 64 tokens of a sequence and head, and their keys that count.
struct Chunk {
  int64_t pair; ///< sequence and head, the head fastest
  int64_t first, tokens;
  bool isLast; ///< of its pair
  int64_t keyCount;
  int64_t tokenOf[ChunkTokens]; ///< by key: its token, from `first` on
  float scales[ChunkTokens];    ///< by key
  Running before, after;
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
struct Scratch {
  Buffer row, queries, sums, products, output;
  float denominators[QueryTokens];
  float exponentials[ChunkTokens];
};

} // namespace

struct AttentionMemory::Buffers {
  FeatureRows::Buffers queries, keys;
  std::vector<Chunk> chunks;
  std::vector<Buffer> states, keySums;
  std::vector<PackedMatrix> finalStates;
  std::vector<Scratch> scratch;
};

AttentionMemory::AttentionMemory() : buffers(std::make_unique<Buffers>()) {}
AttentionMemory::~AttentionMemory() = default;

class Attention {
public:
  Attention(const Engine &engine, Workers &workers,
            const AttentionRequest &request, AttentionMemory &memory);

  std::string run();

private:
  std::string wantRows(int64_t firstChunk);
  void readKeys(Chunk &chunk, int64_t index, Running &running);
  void pack(Chunk &chunk, Scratch &scratch) const;
  void updateStates();
  void updateState(int64_t pair, int64_t feature, int64_t count);
  std::string answerFinished();
  void answer(const Chunk &last, int64_t first, int64_t count,
              Scratch &scratch) const;
  void answerCausal(const Chunk &chunk, Scratch &scratch) const;
  void addChunk(const Chunk &chunk, const Rows &queryRows,
                Scratch &scratch) const;
  void finish(int64_t pair, int64_t first, int64_t count, int64_t unseen,
              Scratch &scratch) const;

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
  std::vector<Chunk> &chunks;
  int64_t chunkCount = 0;
  const int64_t chunksAtOnce;
  std::vector<Buffer> &states;  ///< S of pair p at p modulo `chunksAtOnce`
  std::vector<Buffer> &keySums; ///< z, likewise
  std::vector<PackedMatrix> &finalStates; ///< S, likewise; not if causal
  std::vector<Scratch> &scratch;          ///< by thread
};

Attention::Attention(const Engine &engine, Workers &workers,
                     const AttentionRequest &request, AttentionMemory &memory)
    : engine(engine), workers(workers), request(request),
      queries(request.queries, nullptr, request.computeQueries,
              memory.buffers->queries),
      keys(request.keys, request.logScale, request.computeKeys,
           memory.buffers->keys),
      heads(request.heads), pairs(request.sequences * request.heads),
      queryCount(request.output.sizes[0] / request.sequences),
      keyCount(request.values.sizes[0] / request.sequences),
      features(request.queries.sizes[1]),
      headValues(request.values.sizes[1] / request.heads),
      stride((headValues + 15) / 16 * 16),
      keyStride(strideOfFeatures(features)),
      chunksOfPair((keyCount + ChunkTokens - 1) / ChunkTokens),
      chunks(memory.buffers->chunks),
      chunksAtOnce(
          std::min(2 * int64_t{workers.threads()}, pairs * chunksOfPair)),
      states(memory.buffers->states), keySums(memory.buffers->keySums),
      finalStates(memory.buffers->finalStates),
      scratch(memory.buffers->scratch) {
  scratch.resize(workers.threads());
  chunks.resize(chunksAtOnce);
  states.resize(chunksAtOnce);
  keySums.resize(chunksAtOnce);
  finalStates.resize(request.causal ? 0 : chunksAtOnce);
}

//===----------------------------------------------------------------------===//
// Keys
//===----------------------------------------------------------------------===//

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
void Attention::readKeys(Chunk &chunk, int64_t index, Running &running) {
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

void Attention::pack(Chunk &chunk, Scratch &scratch) const {
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

//===----------------------------------------------------------------------===//
// The state
//===----------------------------------------------------------------------===//

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
    Chunk &chunk = chunks[i];
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

//===----------------------------------------------------------------------===//
// Queries
//===----------------------------------------------------------------------===//

/// Answers queries first .. first + count - 1 from the state after the chunk
/// `last` of all keys.
void Attention::answer(const Chunk &last, int64_t first, int64_t count,
                       Scratch &scratch) const {
  if (last.after.keys == 0)
    return finish(last.pair, first, count, /*unseen=*/count, scratch);
  const Rows rows =
      readRows(featuresOf(queries.features, last.pair, queryCount), first,
               count, scratch.queries);
  const int64_t slot = last.pair % chunksAtOnce;
  finalStates[slot].multiply(rows.data, rows.stride, count, scratch.sums.data(),
                             stride, ProductMode::Store);
  engine.dot(scratch.denominators, rows.data, rows.stride, count,
             keySums[slot].data(), features);
  finish(last.pair, first, count, /*unseen=*/0, scratch);
}

/// Answers the queries of a chunk.
void Attention::answerCausal(const Chunk &chunk, Scratch &scratch) const {
  const Rows rows =
      readRows(featuresOf(queries.features, chunk.pair, queryCount),
               chunk.first, chunk.tokens, scratch.queries);
  if (chunk.before.keys) {
    chunk.state.multiply(rows.data, rows.stride, chunk.tokens,
                         scratch.sums.data(), stride, ProductMode::Store);
    engine.dot(scratch.denominators, rows.data, rows.stride, chunk.tokens,
               chunk.keySum.data(), features);
  } else {
    std::fill_n(scratch.sums.data(), chunk.tokens * stride, 0.0f);
    std::fill_n(scratch.denominators, chunk.tokens, 0.0f);
  }
  if (chunk.keyCount)
    addChunk(chunk, rows, scratch);
  const int64_t unseen = chunk.before.keys ? 0
                         : chunk.keyCount  ? chunk.tokenOf[0]
                                           : chunk.tokens;
  finish(chunk.pair, chunk.first, chunk.tokens, unseen, scratch);
}

/// Adds to the sums of each query of a chunk the keys of the chunk up to it.
void Attention::addChunk(const Chunk &chunk, const Rows &queryRows,
                         Scratch &scratch) const {
  float *products = scratch.products.data();
  // Queries of the first half need not be multiplied with keys of the second.
  constexpr int64_t Half = ChunkTokens / 2;
  const int64_t middle =
      std::lower_bound(chunk.tokenOf, chunk.tokenOf + chunk.keyCount, Half) -
      chunk.tokenOf;
  const auto multiply = [&](int64_t key, int64_t keys, int64_t query) {
    if (keys == 0)
      return;
    PackedMatrix packed(engine, features, keys);
    packed.setColumns(chunk.keys + key * keyStride, keyStride);
    packed.multiply(queryRows.data + query * queryRows.stride, queryRows.stride,
                    chunk.tokens - query, products + query * ChunkTokens + key,
                    ChunkTokens, ProductMode::Store);
  };
  multiply(0, middle, 0);
  multiply(middle, chunk.keyCount - middle, Half);

  float *exponentials = scratch.exponentials;
  float largest = chunk.before.largest;
  int64_t seen = 0;
  for (int64_t query = 0; query < chunk.tokens; ++query) {
    float *row = products + query * ChunkTokens;
    const int64_t seenBefore = seen;
    const float largestBefore = largest;
    if (seen < chunk.keyCount && chunk.tokenOf[seen] == query)
      largest = largerScale(largest, chunk.scales[seen++]);
    if (request.logScale) {
      const int64_t first = largest == largestBefore ? seenBefore : 0;
      for (int64_t key = first; key < seen; ++key)
        exponentials[key] = exponentOf(chunk.scales[key], largest);
      engine.unary(AIMC_EXPONENTIAL, exponentials + first, exponentials + first,
                   seen - first);
      engine.binary(AIMC_MULTIPLY, row, row, 1, exponentials, 1, seen);
      if (chunk.before.keys && largest != chunk.before.largest) {
        float factor = exponentOf(chunk.before.largest, largest);
        engine.unary(AIMC_EXPONENTIAL, &factor, &factor, 1);
        float *sums = scratch.sums.data() + query * stride;
        engine.binary(AIMC_MULTIPLY, sums, sums, 1, &factor, 0, headValues);
        scratch.denominators[query] *= factor;
      }
    }
    std::fill(row + seen, row + chunk.keyCount, 0.0f);
    float products = 0;
    engine.dot(&products, row, ChunkTokens, 1, Ones.data(), chunk.keyCount);
    scratch.denominators[query] += products;
  }

  const PackedMatrix &values = request.logScale ? chunk.plain : chunk.scaled;
  if (chunk.isFinite) {
    values.multiply(products, ChunkTokens, chunk.tokens, scratch.sums.data(),
                    stride, ProductMode::Continue);
    return;
  }
  // 0 times a later value that is not finite would be NaN: the same chains, but
  // key by key.
  const aimc_tensor rows = valuesOf(request.values, chunk.pair, keyCount);
  float *row = scratch.row.data();
  for (int64_t key = 0; key < chunk.keyCount; ++key) {
    const int64_t query = chunk.tokenOf[key];
    copyRows(rows, chunk.first + query, 1, row);
    PackedMatrix(engine, row, headValues, 1, headValues)
        .multiply(products + query * ChunkTokens + key, ChunkTokens,
                  chunk.tokens - query, scratch.sums.data() + query * stride,
                  stride, ProductMode::Continue);
  }
}

/// Divides the sums of queries first .. first + count - 1. The first `unseen`
/// see no key.
void Attention::finish(int64_t pair, int64_t first, int64_t count,
                       int64_t unseen, Scratch &scratch) const {
  const aimc_tensor output = valuesOf(request.output, pair, queryCount);
  const Rows rows = beginRows(output, first, count, scratch.output);
  for (int64_t i = 0; i < count; ++i) {
    const float *sums = scratch.sums.data() + i * stride;
    float *row = rows.data + i * rows.stride;
    const float *denominator = &scratch.denominators[i];
    if (i < unseen || std::abs(*denominator) < SmallestDenominator)
      std::fill_n(row, headValues, 0.0f);
    else
      engine.binary(AIMC_DIVIDE, row, sums, 1, denominator, 0, headValues);
  }
  finishRows(output, first, count, rows);
}

//===----------------------------------------------------------------------===//
// All of it
//===----------------------------------------------------------------------===//

std::string Attention::run() {
  for (Scratch &own : scratch) {
    own.row.resize(headValues);
    own.sums.resize(QueryTokens * stride);
    own.products.resize(ChunkTokens * ChunkTokens);
  }
  for (Chunk &chunk : chunks)
    if (request.causal) {
      chunk.state = PackedMatrix(engine, features, headValues);
      chunk.keySum.resize(features);
    }
  for (Buffer &state : states)
    state.resize(features * stride);
  for (Buffer &sum : keySums)
    sum.resize(features);
  for (PackedMatrix &state : finalStates)
    state = PackedMatrix(engine, features, headValues);

  const int64_t total = pairs * chunksOfPair;
  Running running;
  for (int64_t start = 0; start < total; start += chunkCount) {
    chunkCount = std::min(chunksAtOnce, total - start);
    if (std::string error = wantRows(start); !error.empty())
      return error;
    for (int64_t i = 0; i < chunkCount; ++i)
      readKeys(chunks[i], start + i, running);
    workers.run(chunkCount, 1, [&](int64_t i, int64_t, int slot) {
      pack(chunks[i], scratch[slot]);
    });
    updateStates();
    if (request.causal)
      workers.run(chunkCount, 1, [&](int64_t i, int64_t, int slot) {
        answerCausal(chunks[i], scratch[slot]);
      });
    else if (std::string error = answerFinished(); !error.empty())
      return error;
  }
  return {};
}

/// Makes the rows of the chunks in use be there, of which the first has the
/// number `firstChunk`. With one head rows are in the order of the chunks.
std::string Attention::wantRows(int64_t firstChunk) {
  const auto rowOfChunk = [&](int64_t index) {
    return index / chunksOfPair * keyCount +
           std::min(index % chunksOfPair * ChunkTokens, keyCount);
  };
  const int64_t first = rowOfChunk(firstChunk);
  const int64_t count = rowOfChunk(firstChunk + chunkCount) - first;
  std::string error = keys.want(first, count);
  return error.empty() && request.causal ? queries.want(first, count) : error;
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

/// Answers all queries of the pairs whose last keys are in the chunks in use,
/// which follow each other.
std::string Attention::answerFinished() {
  std::vector<const Chunk *> finished;
  for (int64_t i = 0; i < chunkCount; ++i)
    if (chunks[i].isLast)
      finished.push_back(&chunks[i]);
  const int64_t blocks = (queryCount + QueryTokens - 1) / QueryTokens;
  const int64_t total = static_cast<int64_t>(finished.size()) * blocks;
  const int64_t atOnce =
      queries.areComputed() ? 2 * int64_t{workers.threads()} : total;
  for (int64_t start = 0; start < total; start += atOnce) {
    const int64_t count = std::min(atOnce, total - start);
    const auto firstQuery = [&](int64_t i) { return i % blocks * QueryTokens; };
    const auto queriesOf = [&](int64_t i) {
      return std::min(QueryTokens, queryCount - firstQuery(i));
    };
    const auto rowOfBlock = [&](int64_t i) {
      return finished[i / blocks]->pair * queryCount + firstQuery(i);
    };
    const int64_t first = rowOfBlock(start), last = start + count - 1;
    if (std::string error =
            queries.want(first, rowOfBlock(last) + queriesOf(last) - first);
        !error.empty())
      return error;
    workers.run(count, 1, [&](int64_t b, int64_t, int slot) {
      const int64_t i = start + b;
      answer(*finished[i / blocks], firstQuery(i), queriesOf(i), scratch[slot]);
    });
  }
  return {};
}

std::string computeAttention(const Engine &engine, Workers &workers,
                             const AttentionRequest &request,
                             AttentionMemory &memory) {
  if (request.output.sizes[0] == 0 || request.output.sizes[1] == 0)
    return {};
  if (request.values.sizes[0] == 0) {
    const std::vector<float> zeros(request.output.sizes[1]);
    for (int64_t row = 0; row < request.output.sizes[0]; ++row)
      writeRows(request.output, row, 1, zeros.data(), 0);
    return {};
  }
  return Attention(engine, workers, request, memory).run();
}

} // namespace aimc::runtime
