//===- LayerSchedule.cpp - When the layers of a network run ---------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Copies by the slowest layer, rows as soon as possible. Rows of a layer become
// ready in order, whatever its kind: so of the rows that a row needs the last
// one decides, and the cost is linear in the number of rows.
//
//===----------------------------------------------------------------------===//

#include "Analysis/LayerSchedule.h"

#include <algorithm>
#include <cstdlib>
#include <queue>
#include <utility>

using namespace aimc;

static int64_t divideUp(int64_t value, int64_t by) {
  return value / by + (value % by != 0);
}

int64_t aimc::countCrossbars(const Layer &layer, int64_t arrayRows,
                             int64_t arrayColumns) {
  return divideUp(layer.matrixRows, arrayRows) *
         divideUp(layer.matrixColumns, arrayColumns);
}

/// What copies split between them: the positions of a row, or the rows where
/// these have one position.
static int64_t getShared(const Layer &layer) {
  return layer.width() == 1 ? layer.outputRows : layer.width();
}

int64_t aimc::countProducts(const Layer &layer, int64_t copies) {
  return divideUp(getShared(layer), copies) *
         (layer.width() == 1 ? 1 : layer.outputRows);
}

int64_t aimc::countHops(int64_t from, int64_t to, int64_t gridColumns) {
  auto column = [&](int64_t crossbar) {
    const int64_t along = crossbar % gridColumns;
    return crossbar / gridColumns % 2 == 0 ? along : gridColumns - 1 - along;
  };
  return std::abs(from / gridColumns - to / gridColumns) +
         std::abs(column(from) - column(to));
}

/// Pace and latency of a layer.
static void setTimes(const Layer &layer, const ProductCost &cost,
                     LayerPlace &place) {
  const int64_t rowParts = divideUp(layer.matrixRows, cost.arrayRows);
  const int64_t columnParts = divideUp(layer.matrixColumns, cost.arrayColumns);
  const double in =
      cost.byte * static_cast<double>(divideUp(layer.matrixRows, rowParts));
  const double out =
      cost.byte *
      static_cast<double>(divideUp(layer.matrixColumns, columnParts));
  place.pace = std::max({cost.product, in, out});
  // Inputs come before the first product, outputs leave after the last one;
  // partial sums pass through the crossbars of the row parts value by value.
  place.latency = in + cost.product + out - place.pace +
                  static_cast<double>(rowParts - 1) * (cost.hop + cost.byte);
}

/// Gives the slowest layers further copies.
static void addCopies(const LayerTable &table, int64_t spare,
                      std::vector<LayerPlace> &places) {
  // The slowest on top, the first of equal ones.
  using Entry = std::pair<double, int64_t>;
  std::priority_queue<Entry> slowest;
  auto push = [&](size_t i) {
    slowest.push({places[i].pace * static_cast<double>(countProducts(
                                       table.layers[i], places[i].copies)),
                  -static_cast<int64_t>(i)});
  };
  for (size_t i = 0; i < places.size(); ++i)
    if (places[i].copies > 0)
      push(i);
  while (!slowest.empty() && spare > 0) {
    const size_t i = static_cast<size_t>(-slowest.top().second);
    slowest.pop();
    const int64_t shared = getShared(table.layers[i]);
    const int64_t share = divideUp(shared, places[i].copies);
    if (share == 1)
      continue;
    // The fewest copies with which the largest share is smaller.
    const int64_t more = divideUp(shared, share - 1) - places[i].copies;
    // Too many now are too many later: spare crossbars only become fewer.
    if (more > spare / places[i].crossbars)
      continue;
    places[i].copies += more;
    spare -= more * places[i].crossbars;
    push(i);
  }
}

std::vector<LayerPlace> aimc::placeLayers(const LayerTable &table,
                                          const ProductCost &cost,
                                          int64_t spare) {
  std::vector<LayerPlace> places(table.layers.size());
  for (size_t i = 0; i < places.size(); ++i) {
    const Layer &layer = table.layers[i];
    if (!layer.isOnCrossbars())
      continue;
    places[i].crossbars =
        countCrossbars(layer, cost.arrayRows, cost.arrayColumns);
    places[i].copies = 1;
    setTimes(layer, cost, places[i]);
  }
  addCopies(table, spare, places);
  int64_t next = 0;
  for (size_t i = 0; i < places.size(); ++i) {
    LayerPlace &place = places[i];
    place.first = next;
    next += place.crossbars * place.copies;
    if (place.copies > 0)
      place.home = next - 1;
    else
      for (int64_t input : table.layers[i].inputs)
        place.home = std::max(place.home, places[input].home);
  }
  return places;
}

LayerSchedule aimc::scheduleLayers(const LayerTable &table,
                                   const ProductCost &cost, int64_t spare,
                                   bool acrossLayers) {
  LayerSchedule result;
  result.places = placeLayers(table, cost, spare);
  result.rows.resize(table.layers.size());
  double products = 0;
  for (size_t i = 0; i < table.layers.size(); ++i) {
    const Layer &layer = table.layers[i];
    const LayerPlace &place = result.places[i];
    result.crossbars += place.crossbars;
    result.crossbarsUsed += place.crossbars * place.copies;
    products += static_cast<double>(place.crossbars) *
                static_cast<double>(layer.positions);

    std::vector<double> hops;
    for (int64_t input : layer.inputs)
      hops.push_back(cost.hop * static_cast<double>(
                                    countHops(result.places[input].home,
                                              place.home, cost.gridColumns)));
    // Copies that take rows in turn are free at different times.
    const bool inTurn = layer.isOnCrossbars() && layer.width() == 1;
    const int64_t group = inTurn ? place.copies : 1;
    const double busy =
        layer.isOnCrossbars()
            ? place.pace * (inTurn ? 1.0
                                   : static_cast<double>(
                                         divideUp(layer.width(), place.copies)))
            : 0;
    const double begin = acrossLayers ? 0 : result.time;
    std::vector<ScheduledRow> &rows = result.rows[i];
    rows.resize(layer.outputRows);
    for (int64_t r = 0; r < layer.outputRows; ++r) {
      double start = begin;
      if (r >= group)
        start = std::max(start, rows[r - group].end);
      for (size_t k = 0; k < layer.inputs.size(); ++k) {
        const std::vector<ScheduledRow> &input = result.rows[layer.inputs[k]];
        const int64_t last =
            getNeededRows(layer, r, static_cast<int64_t>(input.size())).second;
        start = std::max(start, input[last].ready + hops[k]);
      }
      rows[r] = {start, start + busy, start + busy + place.latency};
    }
    result.time = std::max(result.time, rows.back().ready);
  }
  const double all = static_cast<double>(result.crossbars + spare);
  if (all > 0 && result.time > 0)
    result.utilisation = products * cost.product / (all * result.time);
  return result;
}
