//===- LayerTable.h - The layers of a network -------------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What scheduling needs to know of a network: the sizes of the matrices, how
// many products each layer takes, and which rows of its inputs a row of its
// output depends on.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ANALYSIS_LAYERTABLE_H
#define AIMC_LIB_ANALYSIS_LAYERTABLE_H

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace aimc {

/// How the rows of a layer depend on those of its inputs.
enum class LayerKind {
  Input,    ///< of the network; no inputs
  Matrix,   ///< products on crossbars, by a window over the rows of one input
  Dense,    ///< products on crossbars; each row needs all rows of all inputs
  Join,     ///< row by row of several inputs: concatenation, addition
  Window,   ///< a window over the rows of one input: pooling
  Upsample, ///< each row of one input several times
  Global    ///< each row needs all rows of all inputs, without a matrix
};

/// A layer, and the rows of its output, which are the units of scheduling.
/// Sizes are 1 to 2^31 - 1.
struct Layer {
  std::string name;
  LayerKind kind = LayerKind::Input;
  std::vector<int64_t> inputs; ///< layers before this one in the table
  int64_t outputRows = 1;

  // Of a matrix or window: row r needs the rows r * stride - padding to
  // r * stride - padding + kernel - 1 of the input, as far as they exist.
  int64_t kernel = 1, stride = 1;
  int64_t padding = 0; ///< less than `kernel`

  int64_t factor = 1; ///< of an upsampling

  // Of a layer on crossbars.
  int64_t matrixRows = 0, matrixColumns = 0;
  int64_t positions = 0; ///< products with the matrix; a multiple of the rows

  bool isOnCrossbars() const {
    return kind == LayerKind::Matrix || kind == LayerKind::Dense;
  }
  /// Products that one output row takes.
  int64_t width() const { return positions / outputRows; }
};

/// The layers of a network, each after its inputs.
struct LayerTable {
  std::string network;
  std::vector<Layer> layers;
};

/// The first and the last row of an input of `inputRows` rows that row `row` of
/// `layer` needs. There is at least one if `layer` has at most
/// `countWindows(layer, inputRows)` rows.
std::pair<int64_t, int64_t> getNeededRows(const Layer &layer, int64_t row,
                                          int64_t inputRows);

/// Rows of a matrix or window layer whose window begins within the input.
int64_t countWindows(const Layer &layer, int64_t inputRows);

} // namespace aimc

#endif // AIMC_LIB_ANALYSIS_LAYERTABLE_H
