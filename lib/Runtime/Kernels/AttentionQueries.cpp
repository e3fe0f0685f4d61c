//===- AttentionQueries.cpp - Queries of linear attention -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers from the sums S and z, and within a chunk from its keys.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/AttentionImpl.h"

#include <algorithm>
#include <array>

namespace aimc::runtime {

namespace {

constexpr std::array<float, ChunkTokens> Ones = [] {
  std::array<float, ChunkTokens> ones = {};
  for (float &one : ones)
    one = 1;
  return ones;
}();
/// Of subnormal sums digits are lost that no quotient gives back.
constexpr float SmallestDenominator = std::numeric_limits<float>::min();

} // namespace

/// Answers queries first .. first + count - 1 from the state after the chunk
/// `last` of all keys.
void Attention::answer(const AttentionChunk &last, int64_t first, int64_t count,
                       AttentionScratch &scratch) const {
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
void Attention::answerCausal(const AttentionChunk &chunk,
                             AttentionScratch &scratch) const {
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
void Attention::addChunk(const AttentionChunk &chunk, const Rows &queryRows,
                         AttentionScratch &scratch) const {
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
                       int64_t unseen, AttentionScratch &scratch) const {
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

/// Answers all queries of the pairs whose last keys are in the chunks in use,
/// which follow each other.
std::string Attention::answerFinished() {
  std::vector<const AttentionChunk *> finished;
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

} // namespace aimc::runtime
