//===- LayerTable.cpp - The layers of a network ---------------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which rows of its inputs a row of a layer depends on.
//
//===----------------------------------------------------------------------===//

#include "Analysis/LayerTable.h"

#include <algorithm>

using namespace aimc;

std::pair<int64_t, int64_t> aimc::getNeededRows(const Layer &layer, int64_t row,
                                                int64_t inputRows) {
  switch (layer.kind) {
  case LayerKind::Matrix:
  case LayerKind::Window: {
    const int64_t first = row * layer.stride - layer.padding;
    return {std::max<int64_t>(first, 0),
            std::min(first + layer.kernel, inputRows) - 1};
  }
  case LayerKind::Join:
    return {row, row};
  case LayerKind::Upsample:
    return {row / layer.factor, row / layer.factor};
  case LayerKind::Dense:
  case LayerKind::Global:
  case LayerKind::Input:
    break;
  }
  return {0, inputRows - 1};
}

int64_t aimc::countWindows(const Layer &layer, int64_t inputRows) {
  return (inputRows - 1 + layer.padding) / layer.stride + 1;
}
