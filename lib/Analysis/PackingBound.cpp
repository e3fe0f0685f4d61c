//===- PackingBound.cpp - Lower bounds of packings ------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bounds by dual feasible functions (Fekete and Schepers, Mathematical Methods
// of Operations Research 60, 2004; Carlier, Clautiaux and Moukrim, Computers &
// Operations Research 34, 2007): functions f of a side with f(a) + f(b) + ...
// at most f(whole side) wherever a + b + ... fit the side. A packing stays one
// when the sides of each tile are replaced by f(rows) and g(columns), so the
// cells after that over those of a core bound the cores.
//
//===----------------------------------------------------------------------===//

#include "Analysis/Packing.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>

using namespace aimc;

namespace {

/// A dual feasible function of one side of the tiles.
struct SideFunction {
  /// Of each of the distinct sizes.
  std::vector<int64_t> values;
  int64_t ofWhole; ///< of the side of a core
};

/// The distinct sizes of one side, ascending.
std::vector<int64_t> distinctSizes(const std::vector<int64_t> &all) {
  std::vector<int64_t> sizes = all;
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return sizes;
}

/// The functions that are tried on a side of length `side`: the identity and
/// two families with a parameter each. Of many parameters evenly chosen ones
/// are taken, which bounds the work and leaves a bound.
std::vector<SideFunction> makeFunctions(const std::vector<int64_t> &sizes,
                                        int64_t side) {
  constexpr size_t maxParameters = 64;
  // Where one of the functions changes its value at one of the sizes.
  std::vector<int64_t> parameters;
  for (int64_t size : sizes)
    for (int64_t parameter : {size, size + 1, side - size, side - size + 1})
      if (parameter >= 1 && 2 * parameter <= side)
        parameters.push_back(parameter);
  parameters = distinctSizes(parameters);
  if (size_t count = parameters.size(); count > maxParameters) {
    for (size_t i = 0; i < maxParameters; ++i)
      parameters[i] = parameters[i * (count - 1) / (maxParameters - 1)];
    parameters.resize(maxParameters);
  }

  std::vector<SideFunction> functions;
  auto add = [&](const std::function<int64_t(int64_t)> &function) {
    SideFunction &made = functions.emplace_back();
    for (int64_t size : sizes)
      made.values.push_back(function(size));
    made.ofWhole = function(side);
  };
  add([](int64_t size) { return size; });
  for (int64_t parameter : parameters) {
    // Sizes below the parameter count nothing, what leaves less than it the
    // whole side.
    add([=](int64_t size) {
      return size > side - parameter ? side : size < parameter ? 0 : size;
    });
    // Twice the whole parameters in a size, rounded so that halves add up.
    add([=](int64_t size) {
      int64_t whole = side / parameter;
      if (2 * size > side)
        return 2 * (whole - (side - size) / parameter);
      return 2 * size == side ? whole : 2 * (size / parameter);
    });
  }
  return functions;
}

} // namespace

int64_t aimc::packingLowerBound(const std::vector<TileSize> &tiles,
                                int64_t rows, int64_t columns) {
  if (tiles.empty() || rows <= 0 || columns <= 0)
    return 0;
  // How many tiles there are of each size. What is larger than a core takes all
  // of it.
  std::map<std::pair<int64_t, int64_t>, int64_t> counts;
  std::vector<int64_t> allRows, allColumns;
  for (const TileSize &tile : tiles)
    ++counts[{std::min(tile.rows, rows), std::min(tile.columns, columns)}];
  for (const auto &[size, count] : counts) {
    allRows.push_back(size.first);
    allColumns.push_back(size.second);
  }
  std::vector<int64_t> rowSizes = distinctSizes(allRows);
  std::vector<int64_t> columnSizes = distinctSizes(allColumns);
  std::vector<SideFunction> ofRows = makeFunctions(rowSizes, rows);
  std::vector<SideFunction> ofColumns = makeFunctions(columnSizes, columns);
  auto positionOf = [](const std::vector<int64_t> &sizes, int64_t size) {
    return std::lower_bound(sizes.begin(), sizes.end(), size) - sizes.begin();
  };
  struct Entry {
    size_t row, column;
    int64_t count;
  };
  std::vector<Entry> entries;
  for (const auto &[size, count] : counts)
    entries.push_back(
        {static_cast<size_t>(positionOf(rowSizes, size.first)),
         static_cast<size_t>(positionOf(columnSizes, size.second)), count});

  int64_t bound = 0;
  std::vector<int64_t> weights(columnSizes.size());
  for (const SideFunction &rowFunction : ofRows) {
    std::fill(weights.begin(), weights.end(), 0);
    for (const Entry &entry : entries)
      weights[entry.column] += rowFunction.values[entry.row] * entry.count;
    for (const SideFunction &columnFunction : ofColumns) {
      int64_t cells =
          std::inner_product(weights.begin(), weights.end(),
                             columnFunction.values.begin(), int64_t{0});
      int64_t ofCore = rowFunction.ofWhole * columnFunction.ofWhole;
      if (ofCore > 0)
        bound = std::max(bound, (cells - 1) / ofCore + 1);
    }
  }
  return bound;
}

int64_t aimc::packingLowerBound(const PackingProblem &problem) {
  std::vector<TileSize> tiles = problem.tiles;
  for (const PlacedTile &tile : problem.placed)
    tiles.push_back({tile.rows, tile.columns, tile.phase});
  return packingLowerBound(tiles, problem.rows, problem.columns);
}
