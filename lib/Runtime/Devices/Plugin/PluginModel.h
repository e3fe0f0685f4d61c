//===- PluginModel.h - A model as plug-ins see it ---------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tables of DevicePlugin.h for a model, and whether a device that
// describes itself can hold it. Both are apart from the ABI of models, so that
// a new version of that leaves compiled plug-ins as they are.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_PLUGIN_PLUGINMODEL_H
#define AIMC_RUNTIME_DEVICES_PLUGIN_PLUGINMODEL_H

#include "aimc/Runtime/ABI.h"
#include "aimc/Runtime/DevicePlugin.h"

#include <string>
#include <vector>

namespace aimc::runtime {

/// What contradicts itself in a description, as one sentence without a subject,
/// or nothing. `hasDigital` tells whether the plug-in has functions for
/// programs.
std::string verifyDescription(const aimc_plugin_description &description,
                              bool hasDigital);

/// Why a device cannot hold a verified model, as one sentence without a
/// subject, or nothing: tiles without a place, on chips or cores that it does
/// not have, or beyond its arrays; instructions that a claimed unit lacks.
std::string verifyFit(const aimc_model &model,
                      const aimc_plugin_description &description);

/// A model's tables; points to the model.
class PluginModel {
public:
  /// `model` is verified and outlives this; programs of units that
  /// `description` claims are the device's.
  PluginModel(const aimc_model &model,
              const aimc_plugin_description &description);
  PluginModel(const PluginModel &) = delete;

  const aimc_plugin_model &table() const { return model; }

  /// The index in the table of a program of the model, or -1 if it is of a unit
  /// that the device leaves to the runtime.
  int64_t indexOf(int64_t program) const { return indices[program]; }

private:
  void addMatrix(const aimc_matrix &matrix);
  void addProgram(const aimc_program &program);

  std::vector<std::vector<aimc_plugin_tile>> tiles; ///< by matrix
  std::vector<aimc_plugin_matrix> matrices;
  /// By program; matrices do not move any more.
  std::vector<std::vector<aimc_plugin_instruction>> instructions;
  std::vector<aimc_plugin_program> programs;
  std::vector<int64_t> indices;
  aimc_plugin_model model = {};
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_PLUGIN_PLUGINMODEL_H
