//===- Context.h - A model on a device --------------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// C++ side of `aimc_context`: programs a model's matrices on a device once and
// runs the model on batches. The runner and the tools use it; models use the C
// calls of ABI.h.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_CONTEXT_H
#define AIMC_RUNTIME_CONTEXT_H

#include "aimc/Runtime/ABI.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace aimc::runtime {

class RangeRecorder;

/// The sizes of an array.
using Sizes = std::vector<int64_t>;

/// Whether the name of a device is the path of a plug-in: has a slash or ends
/// in ".so".
bool isPlugin(const std::string &device);

/// What a context is created with.
struct ContextOptions {
  /// exact, simulator or the path of a plug-in (DevicePlugin.h), which without
  /// a slash is in the current folder.
  std::string device = "exact";
  /// Keys and values for a plug-in, in order, each key once.
  std::vector<std::pair<std::string, std::string>> deviceOptions;
  uint64_t programSeed = 0; ///< keys the programming noise
  uint64_t readSeed = 0;    ///< keys the noise of each MVM
  double time = 0;          ///< seconds since programming, >= 0; 0 on `exact`
  int threads = 1;          ///< >= 1
  /// Kernels of the tile products: auto, scalar, avx2 or avx512.
  std::string engine = "auto";
  /// Of the target's modes; empty: the one it names, and always on `exact`.
  std::string mode;
  /// Error sources of the target that are left out on `simulator`; names of
  /// `targetEffects`.
  std::vector<std::string> without;
  /// Records the ranges at every mvm site when set; `exact` alone.
  RangeRecorder *recorder = nullptr;
};

/// Values at a site of `simulator`, so far, that were beyond the range of their
/// converter by more than one of its steps, or less than a step.
struct Clipping {
  int64_t site = 0;
  std::string matrix;
  float inputRange = 0, outputRange = 0;
  uint64_t inputs = 0, clippedInputs = 0; ///< 0 with an ideal DAC
  uint64_t outputs = 0,
           clippedOutputs = 0; ///< of all tiles; 0 with an ideal ADC
  /// Inputs that are not zero, outputs of such inputs, and those of them that
  /// are converted to zero; 0 with an ideal converter.
  uint64_t drivenInputs = 0, lostInputs = 0;
  uint64_t drivenOutputs = 0, lostOutputs = 0;
};

/// Values of a digital program in FP16 on `simulator`, so far.
struct Overflow {
  std::string program, unit;
  uint64_t values = 0;     ///< inputs, constants and results, as often as used
  uint64_t overflowed = 0; ///< of them finite ones that FP16 makes infinite
};

/// What a plug-in says it is.
struct PluginIdentity {
  std::string name, vendor, version;
};

/// What a context did so far; times in seconds.
struct Statistics {
  uint64_t mvms = 0; ///< rows times tiles
  double mvmSeconds = 0, digitalSeconds = 0, programSeconds = 0;
  double fusedSeconds = 0; ///< of products and digital work that are one
  std::string engine;      ///< the one in use
  PluginIdentity plugin;   ///< empty on other devices
  std::vector<Clipping> clippings; ///< by site, in the order of their first use
  std::vector<Overflow> overflows; ///< by program of FP16
};

/// A model programmed on a device. Not thread-safe: one run at a time.
class Context {
public:
  /// Verifies `model` (ABI version, tile tables, programs), programs it.
  /// On error returns null and sets `error` to one sentence. `model` and what
  /// it points to must outlive the context; weights are not copied but packed
  /// once into the tiles' layout.
  static std::unique_ptr<Context> create(const aimc_model &model,
                                         const ContextOptions &options,
                                         std::string &error);
  virtual ~Context() = default;

  /// Runs the entry function on arrays of `inputSizes`, given as the matrices
  /// `inputs` (see aimc_parameter). `outputs` receives one matrix an output,
  /// each to be released or freed with free(allocated), `outputSizes` the sizes
  /// of what they are. `firstVector` is the index of the first entry of the
  /// inputs in the whole data set. Returns whether it went well.
  virtual bool run(const std::vector<aimc_tensor> &inputs,
                   const std::vector<Sizes> &inputSizes, uint64_t firstVector,
                   std::vector<aimc_tensor> &outputs,
                   std::vector<Sizes> &outputSizes, std::string &error) = 0;

  /// The same for a model whose arguments are matrices.
  virtual bool run(const std::vector<aimc_tensor> &inputs, uint64_t firstVector,
                   std::vector<aimc_tensor> &outputs, std::string &error) = 0;

  /// Takes back the outputs of the last run, and leaves none: the next run may
  /// use their memory, which need not come from the system each time.
  virtual void release(std::vector<aimc_tensor> &outputs) noexcept = 0;

  /// Whether an error of a run was a failure of the device itself, so that no
  /// later run can go well either.
  virtual bool deviceFailed() const = 0;

  virtual const Statistics &statistics() const = 0;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_CONTEXT_H
