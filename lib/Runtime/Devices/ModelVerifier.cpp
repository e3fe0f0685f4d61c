//===- ModelVerifier.cpp - Checks before programming ----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All checks are at most n log n in the number of tiles.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/ModelVerifier.h"

#include "Runtime/Devices/Rectangles.h"
#include "Runtime/Devices/Sizes.h"
#include "Runtime/Kernels/ProgramVerifier.h"

#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace aimc::runtime {

namespace {

std::string place(int64_t row, int64_t column) {
  return "(" + std::to_string(row) + ", " + std::to_string(column) + ")";
}

std::string verifyWeights(const aimc_matrix &matrix, const std::string &name) {
  for (int64_t row = 0; row < matrix.rows; ++row)
    for (int64_t column = 0; column < matrix.columns; ++column)
      if (!std::isfinite(matrix.weights[row * matrix.columns + column]))
        return name + " expects finite weights, but got " +
               std::to_string(matrix.weights[row * matrix.columns + column]) +
               " at " + place(row, column);
  return {};
}

/// Tiles of the first copy are inside the matrix, in order, and cover it once.
std::string verifyCover(const aimc_matrix &matrix, const std::string &name) {
  std::vector<Rectangle> rectangles;
  const int64_t count = matrix.tile_count / matrix.copies;
  rectangles.reserve(count);
  int64_t area = 0;
  for (int64_t i = 0; i < count; ++i) {
    const aimc_tile &tile = matrix.tiles[i];
    const std::string tileName = name + ", tile " + std::to_string(i);
    if (tile.rows < 1 || tile.columns < 1 || tile.weight_row < 0 ||
        tile.weight_column < 0 ||
        int64_t{tile.weight_row} + tile.rows > matrix.rows ||
        int64_t{tile.weight_column} + tile.columns > matrix.columns)
      return tileName + " expects a rectangle inside the matrix of " +
             std::to_string(matrix.rows) + " x " +
             std::to_string(matrix.columns) + ", but got " +
             std::to_string(tile.rows) + " x " + std::to_string(tile.columns) +
             " at " + place(tile.weight_row, tile.weight_column);
    if (i) {
      const aimc_tile &before = matrix.tiles[i - 1];
      if (std::make_pair(before.weight_row, before.weight_column) >=
          std::make_pair(tile.weight_row, tile.weight_column))
        return tileName +
               " expects to come after the one before it by row and column, "
               "but got " +
               place(tile.weight_row, tile.weight_column) + " after " +
               place(before.weight_row, before.weight_column);
    }
    area += int64_t{tile.rows} * tile.columns;
    rectangles.push_back(
        {tile.weight_row, tile.weight_column, tile.rows, tile.columns, i});
  }
  if (const auto overlap = findOverlap(std::move(rectangles)))
    return name + " expects each weight in one tile, but got tiles " +
           std::to_string(overlap->first) + " and " +
           std::to_string(overlap->second) + " that overlap";
  if (area != matrix.rows * matrix.columns)
    return name + " expects tiles that cover its " +
           std::to_string(matrix.rows * matrix.columns) +
           " weights, but got tiles of " + std::to_string(area);
  return {};
}

/// Every copy is cut as the first one.
std::string verifyCopies(const aimc_matrix &matrix, const std::string &name) {
  const auto rectangle = [&](int64_t i) {
    const aimc_tile &tile = matrix.tiles[i];
    return std::make_tuple(tile.weight_row, tile.weight_column, tile.rows,
                           tile.columns);
  };
  const int64_t count = matrix.tile_count / matrix.copies;
  for (int64_t i = count; i < matrix.tile_count; ++i)
    if (rectangle(i) != rectangle(i % count))
      return name + ", tile " + std::to_string(i) +
             " expects the rectangle of tile " + std::to_string(i % count) +
             ", which it copies, but got " +
             std::to_string(matrix.tiles[i].rows) + " x " +
             std::to_string(matrix.tiles[i].columns) + " at " +
             place(matrix.tiles[i].weight_row, matrix.tiles[i].weight_column);
  return {};
}

std::string verifyMatrix(const aimc_matrix &matrix, int64_t index) {
  if (!matrix.name)
    return "matrix " + std::to_string(index) +
           " expects a name, but got a null pointer";
  const std::string name = std::string("matrix '") + matrix.name + "'";
  if (matrix.rows < 1 || matrix.columns < 1 || matrix.rows > INT32_MAX ||
      matrix.columns > INT32_MAX)
    return name +
           " expects from 1 to 2147483647 rows and as many columns, but got " +
           std::to_string(matrix.rows) + " x " + std::to_string(matrix.columns);
  if (!matrix.weights)
    return name + " expects weights, but got a null pointer";
  if (matrix.tile_count < 0 || (matrix.tile_count && !matrix.tiles))
    return name + " expects a table of tiles, but got " +
           (matrix.tile_count < 0 ? std::to_string(matrix.tile_count) + " tiles"
                                  : "a null pointer");
  if (matrix.copies < 1 || matrix.tile_count % matrix.copies != 0 ||
      (matrix.copies > 1 && !matrix.tile_count))
    return name +
           " expects at least 1 copy and as many tiles of each, but got " +
           std::to_string(matrix.copies) + " copies and " +
           std::to_string(matrix.tile_count) + " tiles";
  if (matrix.copy_rule != AIMC_COPIES_AVERAGE &&
      matrix.copy_rule != AIMC_COPIES_SHARE)
    return name + " expects copies that are averaged (" +
           std::to_string(AIMC_COPIES_AVERAGE) + ") or share the vectors (" +
           std::to_string(AIMC_COPIES_SHARE) + "), but got rule " +
           std::to_string(matrix.copy_rule);
  if (std::string error = verifyWeights(matrix, name); !error.empty())
    return error;
  if (!matrix.tile_count)
    return {};
  if (std::string error = verifyCover(matrix, name); !error.empty())
    return error;
  return verifyCopies(matrix, name);
}

/// The place of one placed tile; an error or nothing.
std::string verifyPlace(const aimc_tile &tile, const std::string &name,
                        const TargetDescription *target) {
  if (tile.chip < 0 || tile.core < 0 || tile.core_row < 0 ||
      tile.core_column < 0)
    return name + " expects a whole place or none, but got chip " +
           std::to_string(tile.chip) + ", core " + std::to_string(tile.core) +
           " at " + place(tile.core_row, tile.core_column);
  if (!target)
    return {};
  if (tile.chip >= target->chips || tile.core >= target->cores())
    return name + " expects a chip below " + std::to_string(target->chips) +
           " and a core below " + std::to_string(target->cores()) +
           ", but got chip " + std::to_string(tile.chip) + ", core " +
           std::to_string(tile.core);
  if (int64_t{tile.core_row} + tile.rows > target->array.rows ||
      int64_t{tile.core_column} + tile.columns > target->array.columns)
    return name + " expects to stand inside an array of " +
           std::to_string(target->array.rows) + " x " +
           std::to_string(target->array.columns) + ", but got " +
           std::to_string(tile.rows) + " x " + std::to_string(tile.columns) +
           " at " + place(tile.core_row, tile.core_column);
  return {};
}

/// Placed tiles of all matrices share the cores without overlap.
std::string verifyPlaces(const aimc_model &model,
                         const TargetDescription *target) {
  std::map<std::pair<int32_t, int32_t>, std::vector<Rectangle>> cores;
  std::vector<std::pair<int64_t, int64_t>> tiles;
  const auto tileName = [&](std::pair<int64_t, int64_t> tile) {
    return std::string("matrix '") + model.matrices[tile.first].name +
           "', tile " + std::to_string(tile.second);
  };
  for (int64_t m = 0; m < model.matrix_count; ++m) {
    const aimc_matrix &matrix = model.matrices[m];
    for (int64_t t = 0; t < matrix.tile_count; ++t) {
      const aimc_tile &tile = matrix.tiles[t];
      if (tile.chip == -1 && tile.core == -1 && tile.core_row == -1 &&
          tile.core_column == -1)
        continue;
      if (std::string error = verifyPlace(tile, tileName({m, t}), target);
          !error.empty())
        return error;
      cores[{tile.chip, tile.core}].push_back(
          {tile.core_row, tile.core_column, tile.rows, tile.columns,
           static_cast<int64_t>(tiles.size())});
      tiles.emplace_back(m, t);
    }
  }
  for (auto &[core, rectangles] : cores)
    if (const auto overlap = findOverlap(std::move(rectangles)))
      return "chip " + std::to_string(core.first) + ", core " +
             std::to_string(core.second) +
             " expects tiles that do not overlap, but got " +
             tileName(tiles[overlap->first]) + " and " +
             tileName(tiles[overlap->second]);
  return {};
}

std::string verifyParameters(const char *kind, int64_t count,
                             const aimc_parameter *parameters) {
  const std::string name = std::string("the model's ") + kind + "s";
  if (count < 0 || (count && !parameters))
    return name + " expect a table, but got " + std::to_string(count) +
           " entries";
  for (int64_t i = 0; i < count; ++i) {
    if (!parameters[i].name)
      return name + " expect names, but got a null pointer";
    if (std::string error = verifyParameter(
            parameters[i], std::string(kind) + " '" + parameters[i].name + "'");
        !error.empty())
      return error;
  }
  return {};
}

} // namespace

std::string verifyVersion(const aimc_model &model) {
  if (model.abi_version == AIMC_ABI_VERSION)
    return {};
  return "expects a model of ABI version " + std::to_string(AIMC_ABI_VERSION) +
         ", but got " + std::to_string(model.abi_version);
}

std::string verifyInterface(const aimc_model &model) {
  if (!model.run || !model.name)
    return "expects a model with an entry function and its name, but got none";
  if (model.matrix_count < 0 || (model.matrix_count && !model.matrices) ||
      model.program_count < 0 || (model.program_count && !model.programs))
    return "expects a model with tables of matrices and programs, but got " +
           std::to_string(model.matrix_count) + " and " +
           std::to_string(model.program_count) + " entries";
  if (std::string error =
          verifyParameters("input", model.input_count, model.inputs);
      !error.empty())
    return error;
  return verifyParameters("output", model.output_count, model.outputs);
}

std::string verifyModel(const aimc_model &model,
                        const TargetDescription *target) {
  if (std::string error = verifyInterface(model); !error.empty())
    return error;
  for (int64_t i = 0; i < model.matrix_count; ++i)
    if (std::string error = verifyMatrix(model.matrices[i], i); !error.empty())
      return error;
  if (std::string error = verifyPlaces(model, target); !error.empty())
    return error;
  for (int64_t i = 0; i < model.program_count; ++i)
    if (std::string error = verifyProgram(model, model.programs[i]);
        !error.empty())
      return error;
  return {};
}

} // namespace aimc::runtime
