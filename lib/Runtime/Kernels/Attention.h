//===- Attention.h - Linear attention over sequences ------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Attention whose kernel is an inner product of features: time linear in the
// length of a sequence, memory independent of it.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_ATTENTION_H
#define AIMC_RUNTIME_KERNELS_ATTENTION_H

#include "Runtime/Kernels/Engine.h"
#include "Runtime/Kernels/FeatureRows.h"
#include "Runtime/Kernels/Workers.h"
#include "aimc/Runtime/ABI.h"

#include <memory>
#include <string>

namespace aimc::runtime {

/// One `aimc_attention`, verified: B sequences of Lq queries and Lk keys each,
/// H heads of D features and dv values. Row (sequence, token, head), the head
/// fastest, of `queries` and `keys` holds features; row (sequence, token) of
/// `values` and `output` holds the heads side by side.
struct AttentionRequest {
  int64_t sequences, heads;
  bool causal;                 ///< query i sees keys 0 .. i alone; Lq = Lk
  const aimc_tensor &queries;  ///< (B Lq H) x D
  const aimc_tensor &keys;     ///< (B Lk H) x D
  const aimc_tensor &values;   ///< (B Lk) x (H dv)
  const aimc_tensor *logScale; ///< (B Lk H) x 1, or null: all 0
  const aimc_tensor *mask;     ///< (B Lk) x 1, 0 leaves a key out; null: none
  const aimc_tensor &output;   ///< (B Lq) x (H dv), apart from the others
  /// Where not empty, rows are computed when they are wanted, and the tensors
  /// say no more than their sizes; for one head.
  ComputeRows computeQueries = {};
  ComputeRows computeKeys = {}; ///< with the log scales
};

/// Memory that is kept from call to call, so that calls of one shape allocate
/// little.
class AttentionMemory {
public:
  AttentionMemory();
  ~AttentionMemory();

private:
  friend class Attention;
  struct Buffers;
  std::unique_ptr<Buffers> buffers;
};

/// With features q_i and k_j, values v_j and log scales s_j of one sequence and
/// head,
///
///   out_i = sum over j of (q_i . k_j) exp(s_j) v_j
///         / sum over j of (q_i . k_j) exp(s_j)
///
/// over the keys j that query i sees (A. Katharopoulos et al., Transformers are
/// RNNs, ICML 2020). A query that sees no key, or whose denominator is 0 or
/// subnormal, which would be a quotient of lost digits, gets zeros.
/// Exponentials are taken relative to the largest log scale that a query sees,
/// so none overflows. Keys that are left out, and later ones if causal, are not
/// used at all, whatever they hold.
///
/// Chains of FMAs run over at most 64 keys and are added in order of the keys,
/// but the products of a query with S and z, one chain over the features and
/// the 16 of Engine::dot; the bits depend neither on the engine nor on the
/// number of threads. Takes memory for about 4 D dv + 128 D + 256 dv values a
/// thread, and 450 D more where rows are computed, but no more for longer
/// sequences.
///
/// Returns what computing rows returns: one sentence on an error, or nothing.
std::string computeAttention(const Engine &engine, Workers &workers,
                             const AttentionRequest &request,
                             AttentionMemory &memory);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_ATTENTION_H
