//===- PluginModel.cpp - A model as plug-ins see it -----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tables, and the checks of a description.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Plugin/PluginModel.h"

#include "Runtime/Devices/Device.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

namespace aimc::runtime {

namespace {

/// More are a count that nobody set. A target has at most 64 units.
constexpr size_t mostUnits = 64, mostOperations = 4096;

const char *operationName(int32_t opcode) {
  switch (opcode) {
#define AIMC_INSTRUCTION(enumerator, name, mlir, operands)                     \
  case enumerator:                                                             \
    return name;
#include "aimc/Runtime/RuntimeTable.def"
  default:
    return nullptr; // A verified program has none.
  }
}

/// The unit of a program, if the device claims it; else null.
const aimc_plugin_unit *claimedUnit(const aimc_plugin_description &description,
                                    const aimc_program &program) {
  for (size_t i = 0; program.unit && i < description.unit_count; ++i)
    if (std::strcmp(description.units[i].name, program.unit) == 0)
      return &description.units[i];
  return nullptr;
}

std::string verifyUnit(const aimc_plugin_unit &unit, size_t index) {
  if (!unit.name || !*unit.name)
    return "expects to describe the name of unit " + std::to_string(index) +
           ", but got none";
  if (unit.operation_count < 1 || unit.operation_count > mostOperations ||
      !unit.operations ||
      std::any_of(unit.operations, unit.operations + unit.operation_count,
                  [](const char *name) { return !name; }))
    return std::string("expects to describe operations of unit '") + unit.name +
           "', but got " +
           (unit.operation_count > mostOperations ? "too many" : "none");
  return {};
}

std::string verifyTile(const aimc_tile &tile,
                       const aimc_plugin_description &description,
                       const std::string &name) {
  if (tile.chip < 0)
    return "expects tiles that are placed, but got " + name +
           " without a place";
  if (tile.chip >= description.chips)
    return "expects tiles on chips below " + std::to_string(description.chips) +
           ", but got " + name + " on chip " + std::to_string(tile.chip);
  if (tile.core >= description.cores)
    return "expects tiles on cores below " + std::to_string(description.cores) +
           ", but got " + name + " on core " + std::to_string(tile.core);
  if (int64_t{tile.core_row} + tile.rows > description.rows ||
      int64_t{tile.core_column} + tile.columns > description.columns)
    return "expects tiles inside arrays of " +
           std::to_string(description.rows) + " x " +
           std::to_string(description.columns) + ", but got " + name + " of " +
           std::to_string(tile.rows) + " x " + std::to_string(tile.columns) +
           " at (" + std::to_string(tile.core_row) + ", " +
           std::to_string(tile.core_column) + ")";
  return {};
}

std::string verifyOperations(const aimc_program &program,
                             const aimc_plugin_unit &unit) {
  for (int32_t i = 0; i < program.instruction_count; ++i) {
    const char *name = operationName(program.instructions[i].opcode);
    const char *const *end = unit.operations + unit.operation_count;
    if (std::none_of(unit.operations, end, [&](const char *known) {
          return std::strcmp(known, name) == 0;
        }))
      return std::string("expects programs of the operations that it "
                         "described for unit '") +
             unit.name + "', but got '" + name + "' in program '" +
             program.name + "'";
  }
  return {};
}

} // namespace

std::string verifyDescription(const aimc_plugin_description &description,
                              bool hasDigital) {
  for (const auto &[what, value] :
       {std::pair<const char *, int64_t>{"chips", description.chips},
        {"cores", description.cores},
        {"rows", description.rows},
        {"columns", description.columns}})
    if (value < 1 || value > INT32_MAX)
      return std::string("expects to describe from 1 to 2147483647 ") + what +
             ", but got " + std::to_string(value);
  if (description.unit_count > mostUnits)
    return "expects to describe at most " + std::to_string(mostUnits) +
           " units, but got " + std::to_string(description.unit_count);
  if (description.unit_count && !description.units)
    return "expects to describe its units, but got a null pointer";
  std::set<std::string> names;
  for (size_t i = 0; i < description.unit_count; ++i) {
    const aimc_plugin_unit &unit = description.units[i];
    if (std::string error = verifyUnit(unit, i); !error.empty())
      return error;
    if (!names.insert(unit.name).second)
      return std::string("expects to describe each unit once, but got '") +
             unit.name + "' twice";
    if (!hasDigital)
      return std::string("expects functions 'load_program' and 'digital' for "
                         "its unit '") +
             unit.name + "', but got null pointers";
  }
  return {};
}

std::string verifyFit(const aimc_model &model,
                      const aimc_plugin_description &description) {
  for (int64_t m = 0; m < model.matrix_count; ++m) {
    const aimc_matrix &matrix = model.matrices[m];
    for (int64_t t = 0; t < matrix.tile_count; ++t)
      if (std::string error = verifyTile(
              matrix.tiles[t], description,
              "tile " + std::to_string(t) + " of matrix '" + matrix.name + "'");
          !error.empty())
        return error;
  }
  for (int64_t p = 0; p < model.program_count; ++p)
    if (const aimc_plugin_unit *unit =
            claimedUnit(description, model.programs[p]))
      if (std::string error = verifyOperations(model.programs[p], *unit);
          !error.empty())
        return error;
  return {};
}

PluginModel::PluginModel(const aimc_model &from,
                         const aimc_plugin_description &description) {
  for (int64_t i = 0; i < from.matrix_count; ++i)
    addMatrix(from.matrices[i]);
  for (int64_t i = 0; i < from.program_count; ++i) {
    const bool isClaimed = claimedUnit(description, from.programs[i]);
    indices.push_back(isClaimed ? static_cast<int64_t>(programs.size()) : -1);
    if (isClaimed)
      addProgram(from.programs[i]);
  }
  model.size = sizeof model;
  model.name = from.name;
  model.matrix_count = matrices.size();
  model.matrices = matrices.data();
  model.program_count = programs.size();
  model.programs = programs.data();
}

void PluginModel::addMatrix(const aimc_matrix &matrix) {
  std::vector<aimc_plugin_tile> &own = tiles.emplace_back();
  for (int64_t t = 0; t < matrix.tile_count; ++t) {
    const aimc_tile &tile = matrix.tiles[t];
    own.push_back({tile.weight_row, tile.weight_column, tile.rows, tile.columns,
                   tile.chip, tile.core, tile.core_row, tile.core_column,
                   largestWeight(matrix, tile)});
  }
  matrices.push_back(
      {matrix.name, matrix.rows, matrix.columns, matrix.weights, matrix.copies,
       matrix.copy_rule == AIMC_COPIES_SHARE ? AIMC_PLUGIN_COPIES_SHARE
                                             : AIMC_PLUGIN_COPIES_AVERAGE,
       own.size(), own.data()});
}

void PluginModel::addProgram(const aimc_program &program) {
  std::vector<aimc_plugin_instruction> &own = instructions.emplace_back();
  for (int32_t i = 0; i < program.instruction_count; ++i) {
    const aimc_instruction &from = program.instructions[i];
    own.push_back(
        {operationName(from.opcode),
         from.result,
         {from.operands[0], from.operands[1], from.operands[2]},
         from.opcode == AIMC_PRODUCT ? &matrices[from.matrix] : nullptr});
  }
  programs.push_back(
      {program.name, program.unit, static_cast<size_t>(program.input_count),
       static_cast<size_t>(program.constant_count), program.constants,
       own.size(), own.data(), program.widths,
       static_cast<size_t>(program.output_count), program.outputs});
}

} // namespace aimc::runtime
