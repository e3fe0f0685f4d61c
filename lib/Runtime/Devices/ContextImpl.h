//===- ContextImpl.h - State behind aimc_context ----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model on a device, as the C calls see it.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_CONTEXTIMPL_H
#define AIMC_RUNTIME_DEVICES_CONTEXTIMPL_H

#include "Runtime/Devices/BufferPool.h"
#include "Runtime/Devices/Device.h"
#include "Runtime/Kernels/Attention.h"
#include "Runtime/Kernels/LaneProgram.h"
#include "Runtime/Kernels/PackedMatrix.h"
#include "Runtime/Kernels/ProgramChain.h"
#include "Runtime/Kernels/RowProgram.h"
#include "aimc/Runtime/Context.h"
#include "aimc/Runtime/ExactKernel.h"

#include <chrono>
#include <map>
#include <memory>
#include <optional>

namespace aimc::runtime {

/// The arguments of `aimc_attention` as they came.
struct AttentionArguments {
  const char *unit;
  int64_t heads, causal, sequences;
  const aimc_tensor *queries, *keys, *values, *logScale, *mask, *output;
};

/// One sentence on what is wrong with them, or nothing.
std::string verifyAttention(const AttentionArguments &arguments);

/// The arguments of `aimc_mvm_digital` as they came.
struct MvmDigitalArguments {
  MvmRequest mvm; ///< its output is none
  int64_t programCount;
  const int64_t *programs;
  int64_t operandCount;
  const int64_t *operands;
  int64_t resultCount;
  const int64_t *results;
  int64_t otherCount;
  const aimc_tensor *others;
  const aimc_tensor *outputs;
  int64_t deferred;
};

/// The programs behind a product as one.
struct FusedPrograms {
  std::unique_ptr<const JoinedProgram> joined; ///< which the others refer to
  LaneProgram lanes;                           ///< with the product
  RowProgram rows;                             ///< without it

  /// None where the programs do not suit lanes; see LaneProgram.
  static std::unique_ptr<FusedPrograms>
  create(const Engine &engine, const aimc_matrix &matrix,
         const std::vector<PackedMatrix> &tiles, const ProgramChain &chain,
         const std::vector<PackedMatrix> &matrices);
};

/// What is known of a use of a matrix with programs behind it.
struct FusedSite {
  int64_t matrix = -1;
  std::vector<int64_t> programs;
  ProgramChain chain;
  /// For a device that gives products as they are, and programs that suit
  /// lanes.
  std::unique_ptr<FusedPrograms> fused;
  /// Kept from call to call, so that calls of one shape allocate nothing.
  std::vector<Buffer> buffers; ///< of values that no tensor holds
  std::vector<aimc_tensor> values, inputs, outputs;

  /// Whether it was made for such a call; the numbers of a call are constants.
  bool isFor(const MvmDigitalArguments &arguments) const;
};

/// A verified `aimc_mvm_digital` whose rows are computed when attention reads
/// them.
struct DeferredCall {
  int64_t matrix;
  FusedSite *site;
  int64_t siteNumber;
  float inputRange, outputRange;
  uint64_t firstVector;
  aimc_tensor input;
  std::vector<aimc_tensor> others, outputs;
};

/// Adds the time from its making to its end to a sum.
class Timer {
public:
  explicit Timer(double &seconds)
      : seconds(seconds), start(std::chrono::steady_clock::now()) {}
  ~Timer() {
    seconds +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
            .count();
  }

private:
  double &seconds;
  std::chrono::steady_clock::time_point start;
};

} // namespace aimc::runtime

/// Calls after the first error do nothing.
struct aimc_context final : aimc::runtime::Context {
  aimc_context(const aimc_model &model,
               const aimc::runtime::ContextOptions &options,
               std::optional<aimc::runtime::TargetDescription> target,
               const aimc::runtime::Engine &engine);

  /// Packs what is held in digital memory and programs the device; returns one
  /// sentence on an error, or nothing.
  std::string program();
  std::string findFormat(const aimc_program &program,
                         aimc::runtime::NumberFormat &format) const;

  bool run(const std::vector<aimc_tensor> &inputs, uint64_t firstVector,
           std::vector<aimc_tensor> &outputs, std::string &error) override;
  bool run(const std::vector<aimc_tensor> &inputs,
           const std::vector<aimc::runtime::Sizes> &inputSizes,
           uint64_t firstVector, std::vector<aimc_tensor> &outputs,
           std::vector<aimc::runtime::Sizes> &outputSizes,
           std::string &error) override;
  void release(std::vector<aimc_tensor> &outputs) noexcept override;
  bool deviceFailed() const override { return device->hasFailed(); }
  const aimc::runtime::Statistics &statistics() const override {
    return counts;
  }

  /// The bodies of the C calls: one sentence on an error, or nothing.
  std::string setOutputSize(int64_t output, int64_t dimension, int64_t size);
  std::string mvm(const aimc::runtime::MvmRequest &request);
  std::string mvmDigital(const aimc::runtime::MvmDigitalArguments &arguments);
  std::string digital(int64_t index, uint64_t firstVectorOfCall,
                      int64_t inputCount, const aimc_tensor *inputs,
                      int64_t outputCount, const aimc_tensor *outputs);
  std::string runProgram(const aimc::runtime::DigitalRequest &request);
  std::string attention(const aimc::runtime::AttentionArguments &arguments);
  std::string gram(const aimc::runtime::ExactKernel &kernel,
                   const aimc_tensor &x, const aimc_tensor &y,
                   const aimc_tensor &output);
  std::string load(int64_t index, const aimc_tensor &output);

  std::string verifyMvm(const aimc::runtime::MvmRequest &request) const;
  std::string findChain(const aimc::runtime::MvmDigitalArguments &arguments,
                        aimc::runtime::ProgramChain &chain) const;
  std::string makeSite(const aimc::runtime::MvmDigitalArguments &arguments,
                       aimc::runtime::FusedSite &site) const;
  std::string
  verifyChainTensors(const aimc::runtime::MvmDigitalArguments &arguments,
                     const aimc::runtime::ProgramChain &chain) const;
  std::string runSite(const aimc::runtime::MvmRequest &mvm,
                      const aimc_tensor *others, const aimc_tensor *outputs,
                      aimc::runtime::FusedSite &site);
  std::string runFewRows(const aimc::runtime::MvmRequest &mvm,
                         const aimc_tensor *others, const aimc_tensor *outputs,
                         aimc::runtime::FusedSite &site);
  std::string runChain(const aimc::runtime::MvmRequest &mvm,
                       const aimc_tensor *others, const aimc_tensor *outputs,
                       aimc::runtime::FusedSite &site);
  std::string runRows(const aimc::runtime::DeferredCall &call, int64_t first,
                      int64_t count, const aimc_tensor *outputs);
  std::string runDeferred(const aimc::runtime::FusedSite &site);
  std::string takeDeferred(const aimc::runtime::AttentionArguments &arguments,
                           aimc::runtime::AttentionRequest &request);
  aimc::runtime::ComputeRows
  computeRowsOf(std::shared_ptr<const aimc::runtime::DeferredCall> call,
                const aimc_tensor &features);

  const aimc_model &model;
  const aimc::runtime::ContextOptions options;
  const std::optional<aimc::runtime::TargetDescription> target;
  const aimc::runtime::Engine &engine;
  aimc::runtime::Workers workers;
  aimc::runtime::Statistics counts;
  std::vector<aimc::runtime::PackedMatrix> digitalMatrices; ///< by index
  std::vector<aimc::runtime::RowProgram> programs;
  std::map<int64_t, size_t> overflowPlaces; ///< of programs in counts.overflows
  std::vector<aimc::runtime::Sizes> sizesOfOutputs; ///< -1 where any
  std::unique_ptr<aimc::runtime::Device> device;
  std::map<int64_t, aimc::runtime::FusedSite> fusedSites;
  std::vector<aimc::runtime::LaneProgram::Scratch> laneScratch; ///< of threads
  std::vector<aimc::runtime::DeferredCall> deferredCalls;       ///< of this run
  aimc::runtime::BufferPool buffers;
  aimc::runtime::AttentionMemory attentionMemory;
  uint64_t firstVector = 0;
  /// Of this run; sizes of outputs that are not set yet are -1.
  std::vector<aimc::runtime::Sizes> inputSizes, outputSizes;
  /// Of a run whose caller has matrices.
  std::vector<aimc::runtime::Sizes> matrixSizes, resultSizes;
  std::string error; ///< the first since `run` began
};

#endif // AIMC_RUNTIME_DEVICES_CONTEXTIMPL_H
