//===- Placement.cpp - The tiles of a module as a packing problem ---------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gathers tiles and the defects and errors of cores; places pinned matrices
// before others.
//
//===----------------------------------------------------------------------===//

#include "AIMC/Transforms/Placement.h"

#include "AIMC/Transforms/Concurrency.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

using namespace mlir;
using namespace aimc;

/// The mean over the tile of w² relative to that over its matrix, times the
/// importance of the matrix: with inputs of one size, how much an error
/// relative to the weights shows in the results.
static double getImportance(TileOp tile, ArrayRef<float> weights,
                            int64_t columns, double meanSquare,
                            double ofMatrix) {
  if (meanSquare == 0)
    return 0;
  double sum = 0;
  for (int64_t row = 0; row < tile.getRows(); ++row)
    for (float weight :
         weights.slice((tile.getRow() + row) * columns + tile.getColumn(),
                       tile.getColumns()))
      sum += static_cast<double>(weight) * weight;
  return ofMatrix *
         (sum / (static_cast<double>(tile.getRows()) * tile.getColumns())) /
         meanSquare;
}

/// The importance of each of `tiles`, all of `weights`.
static std::vector<double> getImportances(WeightsOp weights,
                                          ArrayRef<TileOp> tiles) {
  std::optional<APFloat> given = weights.getImportance();
  double ofMatrix = given ? given->convertToFloat() : 1;
  // All tiles of equal weights are alike.
  if (auto dense = dyn_cast<DenseElementsAttr>(weights.getValue());
      dense && dense.isSplat())
    return std::vector<double>(
        tiles.size(), dense.getSplatValue<float>() == 0 ? 0 : ofMatrix);
  std::vector<float> storage;
  ArrayRef<float> data = getMatrixData(weights.getValue(), storage);
  double sum = 0;
  for (float weight : data)
    sum += static_cast<double>(weight) * weight;
  double meanSquare = sum / static_cast<double>(data.size());
  std::vector<double> importances;
  for (TileOp tile : tiles)
    importances.push_back(
        getImportance(tile, data, weights.getColumns(), meanSquare, ofMatrix));
  return importances;
}

/// The grade of each core, from its own errors that the target tells: the mean
/// over usable columns of (gain - 1)² + offset², unless they are corrected, and
/// the fraction of dead cells, each of which is an error of the weight's size.
static std::vector<int64_t>
gradeCores(const runtime::TargetDescription &target) {
  const int64_t rows = target.array.usableRows;
  const int64_t columns = target.array.usableColumns;
  const int64_t cores = target.cores() * target.chips;
  std::vector<double> errors(cores, 0);
  const runtime::Converter &adc = target.adc;
  for (const auto &[figures, ideal] :
       {std::pair(&adc.gains, 1.0), std::pair(&adc.offsets, 0.0)}) {
    // What all cores have in common tells none apart.
    if (figures->empty() || figures->cores == 0 || adc.corrected)
      continue;
    for (int64_t core = 0; core < cores; ++core)
      for (int64_t column = 0; column < columns; ++column) {
        double error =
            figures->at(core / target.cores(), core % target.cores(), column) -
            ideal;
        errors[core] += error * error / static_cast<double>(columns);
      }
  }
  for (const runtime::DeadPlace &cell : target.device.defects.cells)
    if (cell.row < rows && cell.column < columns)
      errors[cell.chip * target.cores() + cell.core] +=
          1 / (static_cast<double>(rows) * static_cast<double>(columns));

  std::vector<double> sorted = errors;
  llvm::sort(sorted);
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  std::vector<int64_t> grades;
  // Of many different cores, neighbours in quality share a grade.
  constexpr int64_t maxGrades = 256;
  int64_t count = sorted.size();
  for (double error : errors) {
    int64_t rank = llvm::lower_bound(sorted, error) - sorted.begin();
    grades.push_back(count <= maxGrades ? rank : rank * maxGrades / count);
  }
  return grades;
}

/// Takes the cores and columns that do not work out of the room.
static void blockDeadPlaces(const runtime::TargetDescription &target,
                            PackingProblem &problem) {
  const runtime::Defects &defects = target.device.defects;
  for (const runtime::DeadPlace &place : defects.cores)
    problem.blocked.push_back({{place.chip * target.cores() + place.core, 0, 0},
                               target.array.rows,
                               target.array.columns});
  for (const runtime::DeadPlace &place : defects.columns)
    problem.blocked.push_back(
        {{place.chip * target.cores() + place.core, 0, place.column},
         target.array.rows,
         1});
}

Placement::Placement(const runtime::TargetDescription &target,
                     PackingObjective objective)
    : target(target) {
  problem.rows = target.array.usableRows;
  problem.columns = target.array.usableColumns;
  problem.cores = target.cores() * target.chips;
  problem.objective = objective;
  blockDeadPlaces(target, problem);
  if (objective == PackingObjective::Noise)
    problem.grades = gradeCores(target);
}

PlacedTile Placement::getPlace(TileOp tile) const {
  return {{*tile.getChip() * target.cores() + *tile.getCore(),
           *tile.getCoreRow(), *tile.getCoreColumn()},
          tile.getRows(),
          tile.getColumns()};
}

void Placement::setPlace(TileOp tile, const TilePlace &place) {
  tile.setChip(place.core / target.cores());
  tile.setCore(place.core % target.cores());
  tile.setCoreRow(place.row);
  tile.setCoreColumn(place.column);
}

void Placement::setPlaces(ArrayRef<TilePlace> places) {
  for (auto [tile, place] : llvm::zip_equal(tiles, places))
    setPlace(tile, place);
}

LogicalResult Placement::collect(ModuleOp module, const TileGrids &grids) {
  std::vector<UseTime> times;
  if (problem.objective == PackingObjective::Latency)
    times = computeUseTimes(module, grids);
  std::vector<TileOp> placed;
  for (auto [number, matrix] : llvm::enumerate(grids.getMatrices())) {
    if (!matrix.uses.empty() && !matrix.isTiled()) {
      MvmOp use = matrix.uses.front();
      return use.emitOpError("expects tiles of @")
             << matrix.getWeights().getSymName()
             << ", but there are none (aimc-tile adds them)";
    }
    UseTime time = times.empty() ? UseTime() : times[number];
    std::vector<double> importances;
    if (problem.objective == PackingObjective::Noise)
      importances = getImportances(matrix.getWeights(), matrix.tiles);
    size_t begin = tiles.size();
    for (size_t i = 0; i < matrix.tiles.size(); ++i) {
      TileOp tile = matrix.tiles[i];
      SharedCopy shared;
      if (matrix.shared && matrix.copies > 1)
        shared = {static_cast<int64_t>(number),
                  static_cast<int64_t>(tile.getCopy())};
      if (tile.isPlaced()) {
        PlacedTile &place = problem.placed.emplace_back(getPlace(tile));
        place.phase = time.phase;
        place.step = time.step;
        place.shared = shared;
        placed.push_back(tile);
        continue;
      }
      tiles.push_back(tile);
      problem.tiles.push_back(
          {tile.getRows(), tile.getColumns(), time.phase, time.step,
           importances.empty() ? 0 : importances[i], shared});
    }
    if (tiles.size() > begin)
      matrices.push_back({&matrix, begin, tiles.size()});
  }
  if (failed(verifyPlaced(placed)))
    return failure();
  return placePinned();
}

LogicalResult Placement::verifyPlaced(ArrayRef<TileOp> placed) {
  if (auto overlap = findOverlap(problem.placed)) {
    TileOp first = placed[overlap->first], second = placed[overlap->second];
    InFlightDiagnostic diag =
        second.emitOpError("expects cells of its own, but got chip ")
        << *second.getChip() << ", core " << *second.getCore() << ", place ("
        << *second.getCoreRow() << ", " << *second.getCoreColumn()
        << "), which overlaps @" << first.getSymName();
    diag.attachNote(first.getLoc()) << "the other tile is here";
    return diag;
  }
  // The defects of each core.
  std::map<int64_t, std::vector<const PlacedTile *>> blocked;
  for (const PlacedTile &cells : problem.blocked)
    blocked[cells.place.core].push_back(&cells);
  for (size_t i = 0; i < placed.size(); ++i) {
    TileOp tile = placed[i];
    const PlacedTile &place = problem.placed[i];
    auto found = blocked.find(place.place.core);
    if (found == blocked.end())
      continue;
    for (const PlacedTile *cells : found->second) {
      if (!findOverlap({place, *cells}))
        continue;
      InFlightDiagnostic diag =
          tile.emitOpError("expects cells that work, but got chip ")
          << *tile.getChip() << ", core " << *tile.getCore();
      if (cells->columns > 1)
        diag << ", which is dead";
      else
        diag << ", columns [" << place.place.column << ", "
             << place.place.column + place.columns << "), of which column "
             << cells->place.column << " is dead";
      return diag;
    }
  }
  return success();
}

LogicalResult Placement::placePinned() {
  // Matrices with the same pin share its cores in the best way; groups follow
  // each other in the order of the module.
  std::vector<std::vector<Matrix>> groups;
  std::map<std::vector<int64_t>, size_t> byPin;
  std::vector<Matrix> others;
  for (const Matrix &matrix : matrices) {
    WeightsOp weights = matrix.matrix->getWeights();
    if (!weights.isPinned()) {
      others.push_back(matrix);
      continue;
    }
    std::vector<int64_t> pin(weights.getPinCores()->vec());
    llvm::sort(pin);
    pin.push_back(*weights.getPinChip());
    auto [it, isNew] = byPin.try_emplace(std::move(pin), groups.size());
    if (isNew)
      groups.emplace_back();
    groups[it->second].push_back(matrix);
  }
  if (groups.empty())
    return success();
  hasPinned = true;
  TilesOfCores placedOn, blockedOn;
  for (const PlacedTile &tile : problem.placed)
    placedOn[tile.place.core].push_back(tile);
  for (const PlacedTile &cells : problem.blocked)
    blockedOn[cells.place.core].push_back(cells);
  for (const std::vector<Matrix> &group : groups)
    if (failed(placeGroup(group, placedOn, blockedOn)))
      return failure();

  // What is left are the matrices without a pin.
  std::vector<TileOp> restTiles;
  std::vector<TileSize> restSizes;
  for (Matrix &matrix : others) {
    size_t begin = restTiles.size();
    for (size_t i = matrix.begin; i < matrix.end; ++i) {
      restTiles.push_back(tiles[i]);
      restSizes.push_back(problem.tiles[i]);
    }
    matrix.begin = begin;
    matrix.end = restTiles.size();
  }
  matrices = std::move(others);
  tiles = std::move(restTiles);
  problem.tiles = std::move(restSizes);
  return success();
}

size_t aimc::countFitting(const PackingProblem &problem, ArrayRef<size_t> ends,
                          std::vector<TilePlace> &places) {
  size_t fitting = 0, failing = ends.size();
  PackingProblem part = problem;
  while (failing - fitting > 1) {
    size_t middle = fitting + (failing - fitting) / 2;
    part.tiles.assign(problem.tiles.begin(),
                      problem.tiles.begin() + ends[middle - 1]);
    if (auto found = pack(part)) {
      fitting = middle;
      places = std::move(*found);
    } else {
      failing = middle;
    }
  }
  return fitting;
}

LogicalResult Placement::placeGroup(ArrayRef<Matrix> group,
                                    TilesOfCores &placedOn,
                                    const TilesOfCores &blockedOn) {
  WeightsOp first = group.front().matrix->getWeights();
  std::vector<int64_t> cores(first.getPinCores()->vec());
  llvm::sort(cores);
  for (int64_t &core : cores)
    core += *first.getPinChip() * target.cores();
  // The same problem on these cores alone.
  PackingProblem part;
  part.rows = problem.rows;
  part.columns = problem.columns;
  part.cores = cores.size();
  part.objective = problem.objective;
  for (auto [position, core] : llvm::enumerate(cores)) {
    auto gather = [&, core = core, local = position](
                      const TilesOfCores &from, std::vector<PlacedTile> &to) {
      auto found = from.find(core);
      if (found == from.end())
        return;
      for (PlacedTile tile : found->second) {
        tile.place.core = local;
        to.push_back(tile);
      }
    };
    gather(placedOn, part.placed);
    gather(blockedOn, part.blocked);
    if (!problem.grades.empty())
      part.grades.push_back(problem.grades[core]);
  }
  std::vector<size_t> positions, ends;
  for (const Matrix &matrix : group) {
    for (size_t i = matrix.begin; i < matrix.end; ++i) {
      positions.push_back(i);
      part.tiles.push_back(problem.tiles[i]);
    }
    ends.push_back(positions.size());
  }

  std::optional<std::vector<TilePlace>> places = pack(part);
  if (!places) {
    // The error is at the first matrix that does not fit.
    std::vector<TilePlace> fitting;
    const Matrix &matrix = group[countFitting(part, ends, fitting)];
    WeightsOp weights = matrix.matrix->getWeights();
    InFlightDiagnostic diag =
        emitWeightsError(weights)
        << "expects room for " << matrix.end - matrix.begin << " tiles of @"
        << weights.getSymName() << " on the " << cores.size()
        << " cores it is pinned to, but got none beside "
           "other tiles and defects there";
    Diagnostic &note = diag.attachNote();
    note << "more cores in 'pin' or fewer matrices pinned to them would help";
    if (llvm::any_of(
            group, [](const Matrix &each) { return each.matrix->copies > 1; }))
      note << ", or fewer copies (aimc-replicate)";
    return diag;
  }
  for (auto [position, local] : llvm::zip_equal(positions, *places)) {
    TilePlace place = local;
    place.core = cores[local.core];
    setPlace(tiles[position], place);
    const TileSize &size = problem.tiles[position];
    const PlacedTile placed{place,      size.rows, size.columns,
                            size.phase, size.step, size.shared};
    placedOn[place.core].push_back(placed);
    problem.placed.push_back(placed);
  }
  return success();
}
