//===- Attention.cpp - Linear attention -----------------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Memory of a call and the order of its steps; see AttentionImpl.h.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/Attention.h"

#include "Runtime/Kernels/AttentionImpl.h"

#include <algorithm>

namespace aimc::runtime {

AttentionMemory::AttentionMemory() : buffers(std::make_unique<Buffers>()) {}
AttentionMemory::~AttentionMemory() = default;

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

std::string Attention::run() {
  for (AttentionScratch &own : scratch) {
    own.row.resize(headValues);
    own.sums.resize(QueryTokens * stride);
    own.products.resize(ChunkTokens * ChunkTokens);
  }
  for (AttentionChunk &chunk : chunks)
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
  KeysSoFar running;
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
