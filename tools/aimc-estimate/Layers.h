//===- Layers.h - Estimate of a layer table ---------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The options of aimc-estimate that belong to --layers, and what it does with
// them.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TOOLS_AIMC_ESTIMATE_LAYERS_H
#define AIMC_TOOLS_AIMC_ESTIMATE_LAYERS_H

#include "Driver/Driver.h"
#include "Estimate/LayerEstimate.h"

#include <optional>
#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace aimc {

/// What the command line says of layers.
struct LayerOptions {
  std::string file; ///< the table
  LayerRequest request;
  bool hasArray = false; ///< else the target's
  std::string schedule;  ///< empty: that of the module, or cross-layer
  std::string trace;     ///< file, if not empty
};

void addLayerOptions(CLI::App &app, LayerOptions &options);

/// Whether the options given belong together: those of modules with a module,
/// those of layers with a table. Returns one sentence otherwise.
std::string checkLayerOptions(const CLI::App &app, const LayerOptions &options);

/// Estimates the table on the built-in target or file `targetName` in `mode`,
/// both may be empty, and writes the result to `output`. The exit code.
int runLayers(Driver &driver, const LayerOptions &options,
              const std::string &targetName, const std::string &mode,
              const std::string &output, bool json);

} // namespace aimc

#endif // AIMC_TOOLS_AIMC_ESTIMATE_LAYERS_H
