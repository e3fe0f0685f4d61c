//===- LayerScheduleTest.cpp - When the layers of a network run -----------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Small networks take what can be counted by hand; schedules of random networks
// use no crossbar twice at a time, keep every dependency, and wait for nothing
// else.
//
//===----------------------------------------------------------------------===//

#include "Analysis/LayerSchedule.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

using namespace aimc;
using testing::ElementsAre;

namespace {

Layer makeInput(int64_t rows) {
  Layer layer;
  layer.kind = LayerKind::Input;
  layer.outputRows = rows;
  return layer;
}

/// A convolution with a matrix that takes one crossbar.
Layer makeConv(int64_t input, int64_t rows, int64_t width, int64_t kernel,
               int64_t stride = 1) {
  Layer layer;
  layer.kind = LayerKind::Matrix;
  layer.inputs = {input};
  layer.outputRows = rows;
  layer.kernel = kernel;
  layer.stride = stride;
  layer.padding = kernel / 2;
  layer.matrixRows = layer.matrixColumns = 10;
  layer.positions = rows * width;
  return layer;
}

Layer makePlain(LayerKind kind, std::vector<int64_t> inputs, int64_t rows) {
  Layer layer;
  layer.kind = kind;
  layer.inputs = std::move(inputs);
  layer.outputRows = rows;
  return layer;
}

LayerTable makeTable(std::vector<Layer> layers) {
  LayerTable table;
  table.layers = std::move(layers);
  return table;
}

double timeOf(const LayerTable &table, int64_t spare, bool acrossLayers) {
  return scheduleLayers(table, ProductCost(), spare, acrossLayers).time;
}

/// Checks a schedule from its definition, position by position and window row
/// by window row.
void check(const LayerTable &table, const ProductCost &cost, int64_t spare,
           const LayerSchedule &schedule) {
  std::vector<int> owner;
  double last = 0;
  for (size_t i = 0; i < table.layers.size(); ++i) {
    const Layer &layer = table.layers[i];
    const LayerPlace &place = schedule.places[i];
    const std::vector<ScheduledRow> &rows = schedule.rows[i];
    ASSERT_EQ(int64_t(rows.size()), layer.outputRows);
    // Each crossbar belongs to one copy of one layer.
    for (int64_t c = 0; c < place.crossbars * place.copies; ++c) {
      owner.resize(std::max<size_t>(owner.size(), place.first + c + 1));
      ASSERT_EQ(owner[place.first + c]++, 0);
    }
    std::vector<double> freeAt(std::max<int64_t>(place.copies, 1), 0);
    int64_t products = 0;
    for (int64_t r = 0; r < layer.outputRows; ++r) {
      ASSERT_GE(rows[r].start, 0);
      double bound = 0;
      // No copy does two things at a time, and all positions are done.
      const int64_t width = layer.isOnCrossbars() ? layer.width() : 0;
      for (int64_t copy = 0; copy < place.copies; ++copy) {
        const bool turn = r % place.copies == copy;
        const int64_t share =
            width == 1 ? turn
                       : width / place.copies + (copy < width % place.copies);
        if (share == 0)
          continue;
        ASSERT_GE(rows[r].start, freeAt[copy]);
        bound = std::max(bound, freeAt[copy]);
        freeAt[copy] = rows[r].end;
        ASSERT_GE(rows[r].end - rows[r].start,
                  double(share) * place.pace * (1 - 1e-12));
        products += share;
      }
      if (!layer.isOnCrossbars()) {
        ASSERT_EQ(rows[r].end, rows[r].start);
        bound = r > 0 ? rows[r - 1].end : 0;
      }
      // Every row that it needs is there.
      for (int64_t input : layer.inputs) {
        const double hops =
            cost.hop * double(countHops(schedule.places[input].home, place.home,
                                        cost.gridColumns));
        const int64_t inputRows = table.layers[input].outputRows;
        int64_t low = 0, high = inputRows - 1;
        if (layer.kind == LayerKind::Matrix ||
            layer.kind == LayerKind::Window) {
          low = r * layer.stride - layer.padding;
          high = low + layer.kernel - 1;
        } else if (layer.kind == LayerKind::Join) {
          low = high = r;
        } else if (layer.kind == LayerKind::Upsample) {
          low = high = r / layer.factor;
        }
        int64_t needed = 0;
        for (int64_t q = low; q <= high; ++q) {
          if (q < 0 || q >= inputRows)
            continue;
          ++needed;
          ASSERT_GE(rows[r].start, schedule.rows[input][q].ready + hops);
          bound = std::max(bound, schedule.rows[input][q].ready + hops);
        }
        ASSERT_GT(needed, 0);
      }
      // As soon as possible: nothing else holds it up.
      ASSERT_EQ(rows[r].start, bound);
      ASSERT_EQ(rows[r].ready, rows[r].end + place.latency);
      last = std::max(last, rows[r].ready);
    }
    if (layer.isOnCrossbars()) {
      ASSERT_EQ(products, layer.positions);
    }
  }
  ASSERT_EQ(schedule.time, last);
  ASSERT_EQ(schedule.crossbarsUsed, int64_t(owner.size()));
  ASSERT_LE(schedule.crossbarsUsed, schedule.crossbars + spare);
}

LayerTable makeRandomTable(std::mt19937 &random) {
  auto pick = [&](int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  };
  std::vector<Layer> layers = {makeInput(pick(1, 12))};
  const int64_t count = pick(1, 12);
  for (int64_t i = 1; i <= count; ++i) {
    const int64_t input = pick(0, i - 1);
    const int64_t rows = layers[input].outputRows;
    Layer layer = makePlain(LayerKind::Join, {input}, rows);
    switch (pick(0, 6)) {
    case 0: // Join with what has as many rows.
      for (int64_t other = 0; other < i; ++other)
        if (layers[other].outputRows == rows && pick(0, 1))
          layer.inputs.push_back(other);
      break;
    case 1:
      layer.kind = LayerKind::Global;
      layer.outputRows = pick(1, 6);
      break;
    case 2:
      layer.kind = LayerKind::Upsample;
      layer.factor = pick(1, 3);
      layer.outputRows = rows * layer.factor;
      break;
    case 3:
      layer.kind = LayerKind::Window;
      break;
    case 4:
      layer.kind = LayerKind::Dense;
      layer.outputRows = pick(1, 6);
      break;
    default:
      layer.kind = LayerKind::Matrix;
    }
    if (layer.kind == LayerKind::Window || layer.kind == LayerKind::Matrix) {
      layer.kernel = pick(1, 5);
      layer.stride = pick(1, 3);
      layer.padding = pick(0, layer.kernel - 1);
      layer.outputRows = pick(1, countWindows(layer, rows));
    }
    if (layer.isOnCrossbars()) {
      layer.matrixRows = pick(1, 600);
      layer.matrixColumns = pick(1, 600);
      layer.positions = layer.outputRows * pick(1, 9);
    }
    layers.push_back(layer);
  }
  return makeTable(std::move(layers));
}

} // namespace

TEST(LayerSchedule, CountsCrossbars) {
  Layer layer = makeConv(0, 1, 1, 1);
  layer.matrixRows = 576;
  layer.matrixColumns = 256;
  EXPECT_EQ(countCrossbars(layer, 256, 256), 3);
  EXPECT_EQ(countCrossbars(layer, 256, 255), 6);
  EXPECT_EQ(countCrossbars(layer, 576, 256), 1);
  EXPECT_EQ(countCrossbars(makeInput(4), 256, 256), 0);
}

TEST(LayerSchedule, OverlapsAChainOfTwoConvolutions) {
  // The second one waits for two rows, 16 cycles, then for one more after each
  // of its own; the last row, whose window ends at the border, for none.
  const LayerTable table =
      makeTable({makeInput(8), makeConv(0, 8, 8, 3), makeConv(1, 8, 8, 3)});
  EXPECT_EQ(timeOf(table, 0, false), 128);
  const LayerSchedule schedule =
      scheduleLayers(table, ProductCost(), 0, /*acrossLayers=*/true);
  EXPECT_EQ(schedule.time, 80);
  EXPECT_EQ(schedule.rows[2][0].start, 16);
  EXPECT_EQ(schedule.rows[2][6].start, 64);
  EXPECT_EQ(schedule.rows[2][7].start, 72);
  EXPECT_DOUBLE_EQ(schedule.utilisation, 128.0 / (2 * 80));
}

TEST(LayerSchedule, JoinsBranches) {
  // Rows of 4 and of 2 cycles side by side, then rows of 3.
  Layer join = makePlain(LayerKind::Join, {1, 2}, 4);
  const LayerTable table =
      makeTable({makeInput(4), makeConv(0, 4, 4, 1), makeConv(0, 4, 2, 1), join,
                 makeConv(3, 4, 3, 1)});
  EXPECT_EQ(timeOf(table, 0, false), 16 + 8 + 12);
  EXPECT_EQ(timeOf(table, 0, true), 4 * 4 + 3);
}

TEST(LayerSchedule, FollowsPoolingUpsamplingAndGlobalLayers) {
  Layer pool = makePlain(LayerKind::Window, {1}, 2);
  pool.kernel = pool.stride = 2;
  Layer up = makePlain(LayerKind::Upsample, {2}, 4);
  up.factor = 2;
  Layer mean = makePlain(LayerKind::Global, {3}, 1);
  Layer dense = makeConv(4, 1, 1, 1);
  dense.kind = LayerKind::Dense;
  const LayerSchedule schedule = scheduleLayers(
      makeTable({makeInput(4), makeConv(0, 4, 5, 1), pool, up, mean, dense}),
      ProductCost(), 0, /*acrossLayers=*/true);
  auto readyOf = [&](size_t layer) {
    std::vector<double> times;
    for (const ScheduledRow &row : schedule.rows[layer])
      times.push_back(row.ready);
    return times;
  };
  EXPECT_THAT(readyOf(1), ElementsAre(5, 10, 15, 20));
  EXPECT_THAT(readyOf(2), ElementsAre(10, 20));
  EXPECT_THAT(readyOf(3), ElementsAre(10, 10, 20, 20));
  EXPECT_THAT(readyOf(4), ElementsAre(20));
  EXPECT_THAT(readyOf(5), ElementsAre(21));
}

TEST(LayerSchedule, CopiesSplitTheColumnsOfRows) {
  const LayerTable eight = makeTable({makeInput(4), makeConv(0, 4, 8, 1)});
  EXPECT_EQ(timeOf(eight, 0, true), 32);
  EXPECT_EQ(timeOf(eight, 1, true), 16);
  EXPECT_EQ(timeOf(eight, 3, true), 8);
  EXPECT_EQ(timeOf(eight, 1000, true), 4);
  // Four copies of rows of five positions are as slow as three, so the fourth
  // crossbar is left.
  const LayerTable five = makeTable({makeInput(4), makeConv(0, 4, 5, 1)});
  const LayerSchedule schedule =
      scheduleLayers(five, ProductCost(), 3, /*acrossLayers=*/true);
  EXPECT_EQ(schedule.places[1].copies, 3);
  EXPECT_EQ(schedule.time, 8);
  EXPECT_EQ(schedule.crossbarsUsed, 3);
  EXPECT_DOUBLE_EQ(schedule.utilisation, 20.0 / (4 * 8));
}

TEST(LayerSchedule, CopiesTakeRowsOfOnePositionInTurn) {
  const LayerTable table = makeTable({makeInput(8), makeConv(0, 8, 1, 1)});
  EXPECT_EQ(timeOf(table, 0, true), 8);
  EXPECT_EQ(timeOf(table, 1, true), 4);
  EXPECT_EQ(timeOf(table, 100, true), 1);
}

TEST(LayerSchedule, CopiesTheSlowestLayerThatHasRoom) {
  // 64, 24 and 16 cycles on 4, 1 and 1 crossbars.
  Layer big = makeConv(0, 8, 8, 1);
  big.matrixRows = 1024;
  const LayerTable table = makeTable(
      {makeInput(8), big, makeConv(1, 8, 3, 1), makeConv(2, 8, 2, 1)});
  auto copiesOf = [&](int64_t spare) {
    std::vector<int64_t> copies;
    for (const LayerPlace &place : placeLayers(table, ProductCost(), spare))
      copies.push_back(place.copies);
    return copies;
  };
  EXPECT_THAT(copiesOf(0), ElementsAre(0, 1, 1, 1));
  EXPECT_THAT(copiesOf(1), ElementsAre(0, 1, 2, 1));
  EXPECT_THAT(copiesOf(4), ElementsAre(0, 2, 1, 1));
  EXPECT_THAT(copiesOf(8), ElementsAre(0, 3, 1, 1));
  EXPECT_THAT(copiesOf(1000000000), ElementsAre(0, 8, 3, 2));
}

TEST(LayerSchedule, ChargesLinks) {
  // Two parts of 256 rows: 640 ns to send them; 100 columns: 250 ns; the
  // partial sum passes from the first part to the second.
  Layer layer = makeConv(0, 2, 3, 1);
  layer.matrixRows = 512;
  layer.matrixColumns = 100;
  ProductCost cost;
  cost.product = 133;
  cost.byte = 2.5;
  cost.hop = 4;
  cost.gridColumns = 8;
  const LayerSchedule schedule = scheduleLayers(
      makeTable({makeInput(2), layer}), cost, 0, /*acrossLayers=*/true);
  EXPECT_EQ(schedule.places[1].pace, 640);
  EXPECT_EQ(schedule.places[1].latency, 133 + 250 + 6.5);
  // From the corner to the last crossbar it is one hop.
  EXPECT_EQ(schedule.time, 4 + 6 * 640 + 389.5);
  EXPECT_DOUBLE_EQ(schedule.utilisation, 2 * 6 * 133 / (2 * schedule.time));
}

TEST(LayerSchedule, CountsHopsThereAndBack) {
  EXPECT_EQ(countHops(0, 7, 8), 7);
  EXPECT_EQ(countHops(7, 8, 8), 1);
  EXPECT_EQ(countHops(0, 15, 8), 1);
  EXPECT_EQ(countHops(3, 3, 8), 0);
  EXPECT_EQ(countHops(20, 1, 1), 19);
}

TEST(LayerSchedule, RandomNetworksAreScheduledAsSoonAsPossible) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 500; ++trial) {
    SCOPED_TRACE(trial);
    const LayerTable table = makeRandomTable(random);
    ProductCost cost;
    if (trial % 2) {
      cost.product = 133;
      cost.byte = 2.5;
      cost.hop = 2.5;
      cost.gridColumns = 1 + trial % 5;
    }
    const int64_t spare = trial % 7 * 5;
    const LayerSchedule across = scheduleLayers(table, cost, spare, true);
    ASSERT_NO_FATAL_FAILURE(check(table, cost, spare, across));
    const LayerSchedule by = scheduleLayers(table, cost, spare, false);
    ASSERT_LE(across.time, by.time);
    // Layer by layer, no two layers run at once.
    double end = 0;
    for (const std::vector<ScheduledRow> &rows : by.rows) {
      ASSERT_GE(rows.front().start, end);
      end = rows.back().ready;
    }
  }
}
