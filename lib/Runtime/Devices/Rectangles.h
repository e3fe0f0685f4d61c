//===- Rectangles.h - Overlap of rectangles ---------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whether tiles overlap, in a matrix or on a core, in time n log n.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_DEVICES_RECTANGLES_H
#define AIMC_RUNTIME_DEVICES_RECTANGLES_H

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace aimc::runtime {

/// Rows [row, row + rows) by columns [column, column + columns), not empty;
/// `id` is the caller's.
struct Rectangle {
  int64_t row, column, rows, columns;
  int64_t id;
};

/// The ids of two rectangles that overlap, or nothing.
std::optional<std::pair<int64_t, int64_t>>
findOverlap(std::vector<Rectangle> rectangles);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_DEVICES_RECTANGLES_H
