//===- LayerSchedule.h - When the layers of a network run -------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Scheduling of a network whose weights all lie on crossbars, layer by layer or
// across layers (R. Pelke et al., CLSA-CIM: A Cross-Layer Scheduling Approach
// for Computing-in-Memory Architectures, DATE 2024, arXiv 2401.07671):
//
// - the sets of outputs that are scheduled are the rows of the layers, in
//   order; a set runs as soon as the rows that it needs are there and the
//   crossbars of its layer are free;
// - spare crossbars hold further copies of the slowest layers; the positions of
//   a row are split evenly between the copies; where rows have one position
//   the copies take rows in turn;
// - layers without a matrix take no time, but for what their data takes on the
//   links;
// - crossbars are numbered in the order of layers, those of a copy one after
//   another, and lie along rows of the grid of cores, there and back.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_ANALYSIS_LAYERSCHEDULE_H
#define AIMC_LIB_ANALYSIS_LAYERSCHEDULE_H

#include "Analysis/LayerTable.h"

#include <cstdint>
#include <vector>

namespace aimc {

/// What a product and its transfers take, in any unit of time. As it is, a
/// product takes one cycle and transfers are free.
struct ProductCost {
  int64_t arrayRows = 256, arrayColumns = 256;
  double product = 1; ///< one product of a crossbar
  /// Of a link, which carries one value a byte. Each crossbar has one link for
  /// its inputs and one for its outputs. For each product a crossbar is sent
  /// the inputs of its rows and sends its columns. Transfers overlap with
  /// products: the slowest of the three sets the pace.
  double byte = 0;
  double hop = 0;          ///< from a core to the next one
  int64_t gridColumns = 1; ///< of the cores
};

/// Where a layer lies and what it takes.
struct LayerPlace {
  int64_t crossbars = 0; ///< of one copy; 0 without a matrix
  int64_t copies = 0;    ///< 0 without a matrix
  int64_t first = 0;     ///< number of its first crossbar
  /// The crossbar that it sends from and is sent to: the last of its own ones;
  /// without any, of its inputs' the last.
  int64_t home = 0;
  double pace = 0;    ///< time from a product to the next on one copy
  double latency = 0; ///< from the last product of a row to its result
};

/// When a row of a layer runs.
struct ScheduledRow {
  double start = 0; ///< of the first product
  double end = 0;   ///< when the last of its crossbars is free again
  double ready = 0; ///< when the row is there
};

/// A schedule.
struct LayerSchedule {
  std::vector<LayerPlace> places;              ///< of each layer
  std::vector<std::vector<ScheduledRow>> rows; ///< of each layer
  int64_t crossbars = 0;                       ///< of one copy of each layer
  int64_t crossbarsUsed = 0;                   ///< of all copies
  double time = 0;                             ///< until all rows are there
  /// Time of products alone over that of all crossbars, the spare ones too.
  double utilisation = 0;
};

/// Crossbars that one copy of a layer takes: parts of rows times parts of
/// columns, 0 without a matrix.
int64_t countCrossbars(const Layer &layer, int64_t arrayRows,
                       int64_t arrayColumns);

/// Products that the busiest of `copies` copies does one after another.
int64_t countProducts(const Layer &layer, int64_t copies);

/// The hops between two crossbars by their numbers.
int64_t countHops(int64_t from, int64_t to, int64_t gridColumns);

/// Places the layers, with up to `spare` crossbars of further copies: again and
/// again for the slowest layer, as many copies as make it faster, if there are
/// crossbars for them, else for the next slowest.
std::vector<LayerPlace> placeLayers(const LayerTable &table,
                                    const ProductCost &cost, int64_t spare);

/// Schedules the network once. Layer by layer, each layer begins when the one
/// before it in the table has ended.
LayerSchedule scheduleLayers(const LayerTable &table, const ProductCost &cost,
                             int64_t spare, bool acrossLayers);

} // namespace aimc

#endif // AIMC_LIB_ANALYSIS_LAYERSCHEDULE_H
