//===- Rectangles.cpp - Overlap of rectangles -----------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sweep over the rows with the column intervals in use.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Devices/Rectangles.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace aimc::runtime {

std::optional<std::pair<int64_t, int64_t>>
findOverlap(std::vector<Rectangle> rectangles) {
  std::sort(rectangles.begin(), rectangles.end(),
            [](const Rectangle &a, const Rectangle &b) {
              return std::make_pair(a.row, a.column) <
                     std::make_pair(b.row, b.column);
            });
  // Disjoint rectangles by first column: the last ones that started in their
  // columns. Those that ended are dropped once another takes their columns.
  std::map<int64_t, const Rectangle *> active;
  for (const Rectangle &rectangle : rectangles) {
    auto next = active.lower_bound(rectangle.column);
    if (next != active.begin()) {
      auto previous = std::prev(next);
      if (previous->first + previous->second->columns > rectangle.column)
        next = previous;
    }
    while (next != active.end() &&
           next->first < rectangle.column + rectangle.columns) {
      const Rectangle &other = *next->second;
      if (other.row + other.rows > rectangle.row)
        return std::make_pair(other.id, rectangle.id);
      next = active.erase(next);
    }
    active.emplace(rectangle.column, &rectangle);
  }
  return std::nullopt;
}

} // namespace aimc::runtime
