//===- ModuleMapping.cpp - Mappings of modules -*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tiles of the IR and tiles of a mapping are the same, but for the grid, which
// the IR has and a mapping only implies.
//
//===----------------------------------------------------------------------===//

#include "Mapping/ModuleMapping.h"

#include "AIMC/IR/Schedule.h"
#include "AIMC/IR/TileGrid.h"
#include "Analysis/Packing.h"
#include "Mapping/LocatedJson.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FormatVariadic.h"

#include <map>
#include <set>

using namespace mlir;
using namespace aimc;

static MappedRange makeRegion(int64_t begin, int64_t size) {
  return {begin, begin + size};
}

FailureOr<MappingFile> aimc::describeMapping(ModuleOp module) {
  TargetAttr attribute = TargetAttr::lookup(module);
  if (!attribute)
    return emitError(module.getLoc())
           << "expects a module with a target for its mapping, but got one "
              "without '"
           << targetAttrName << "'";
  FailureOr<TileGrids> grids = TileGrids::compute(module);
  if (failed(grids))
    return failure();
  const runtime::TargetDescription &target = attribute.getTarget();
  MappingFile mapping;
  mapping.target = target.name;
  if (auto objective = module->getAttrOfType<StringAttr>(objectiveAttrName))
    mapping.objective = objective.str();
  std::vector<TileSize> sizes;
  double cells = 0;
  for (const MatrixTiles &matrix : grids->getMatrices()) {
    if (!matrix.isTiled()) {
      if (matrix.uses.empty())
        continue;
      MvmOp use = matrix.uses.front();
      return use.emitOpError("expects placed tiles of @")
             << matrix.getWeights().getSymName()
             << ", but there are none (aimc-tile and aimc-place make them)";
    }
    MappedWeights &weights = mapping.weights.emplace_back();
    weights.name = matrix.getWeights().getSymName().str();
    weights.shared = matrix.shared;
    for (TileOp tile : matrix.tiles) {
      if (!tile.isPlaced())
        return tile.emitOpError(
            "expects a place for the mapping, but got none (aimc-place gives "
            "it)");
      MappedTile &mapped = weights.tiles.emplace_back();
      mapped.chip = *tile.getChip();
      mapped.core = *tile.getCore();
      mapped.replica = tile.getCopy();
      mapped.tileRows = makeRegion(*tile.getCoreRow(), tile.getRows());
      mapped.tileColumns = makeRegion(*tile.getCoreColumn(), tile.getColumns());
      mapped.rows = makeRegion(tile.getRow(), tile.getRows());
      mapped.columns = makeRegion(tile.getColumn(), tile.getColumns());
      sizes.push_back({tile.getRows(), tile.getColumns(), 0});
      cells += static_cast<double>(tile.getRows()) * tile.getColumns();
    }
  }
  const runtime::Array &array = target.array;
  mapping.coresUsed = mapping.countCores();
  mapping.lowerBoundCores =
      packingLowerBound(sizes, array.usableRows, array.usableColumns);
  // Placed by hand, a tile may reach beyond the usable cells.
  double room = static_cast<double>(array.rows) * array.columns;
  if (mapping.coresUsed > 0)
    mapping.utilisation = cells / (room * mapping.coresUsed);
  return mapping;
}

InFlightDiagnostic MappingSource::emit(size_t offset) const {
  auto [line, column] = lineAndColumn({text.data(), text.size()}, offset);
  return emitError(FileLineColLoc::get(context, fileName, line, column));
}

FailureOr<MappingFile> MappingSource::parse() const {
  MappingError error;
  std::optional<MappingFile> mapping =
      parseMapping({text.data(), text.size()}, error);
  if (!mapping)
    return emit(error.offset) << error.text;
  return std::move(*mapping);
}

/// A region as an error shows it.
static std::string shown(MappedRange region) {
  return "[" + std::to_string(region[0]) + ", " + std::to_string(region[1]) +
         "]";
}

/// The parts into which tiles cut rows or columns.
static std::vector<MappedRange> getParts(const MappedWeights &weights,
                                         MappedRange MappedTile::*regionOf) {
  std::set<MappedRange> parts;
  for (const MappedTile &tile : weights.tiles)
    parts.insert(tile.*regionOf);
  return {parts.begin(), parts.end()};
}

LogicalResult
MappingSource::verifyWorks(const MappedTile &tile,
                           const runtime::TargetDescription &target) const {
  const runtime::Defects &defects = target.device.defects;
  auto isOfCore = [&](const runtime::DeadPlace &place) {
    return place.chip == tile.chip && place.core == tile.core;
  };
  if (llvm::any_of(defects.cores, isOfCore))
    return emit(tile.offset)
           << "expects cells that work, but got chip " << tile.chip << ", core "
           << tile.core << ", which is dead";
  for (const runtime::DeadPlace &place : defects.columns)
    if (isOfCore(place) && place.column >= tile.tileColumns[0] &&
        place.column < tile.tileColumns[1])
      return emit(tile.offset)
             << "expects cells that work, but got chip " << tile.chip
             << ", core " << tile.core << ", columns "
             << shown(tile.tileColumns) << ", of which column " << place.column
             << " is dead";
  return success();
}

LogicalResult MappingSource::verifyTiles(const MappedWeights &weights,
                                         Operation *op, ModuleOp module) const {
  auto matrix = cast<WeightsOp>(op);
  const runtime::TargetDescription &target =
      TargetAttr::lookup(module).getTarget();
  const runtime::Array &array = target.array;
  std::map<std::tuple<int64_t, MappedRange, MappedRange>, const MappedTile *>
      seen;
  int64_t replicas = 0;
  for (const MappedTile &tile : weights.tiles) {
    if (tile.chip >= target.chips || tile.core >= target.cores())
      return emit(tile.offset)
             << "expects one of " << target.chips << " chips of "
             << target.cores() << " cores of target '" << target.name
             << "', but got chip " << tile.chip << ", core " << tile.core;
    if (tile.tileRows[1] > array.rows || tile.tileColumns[1] > array.columns ||
        tile.rows[1] - tile.rows[0] > array.usableRows ||
        tile.columns[1] - tile.columns[0] > array.usableColumns)
      return emit(tile.offset)
             << "expects the tile inside an array of " << array.rows << "x"
             << array.columns << " with " << array.usableRows << "x"
             << array.usableColumns << " usable cells, but got rows "
             << shown(tile.tileRows) << ", columns " << shown(tile.tileColumns);
    if (failed(verifyWorks(tile, target)))
      return failure();
    if (tile.rows[1] > matrix.getRows() ||
        tile.columns[1] > matrix.getColumns())
      return emit(tile.offset)
             << "expects a part of '" << weights.name << "' of "
             << matrix.getRows() << "x" << matrix.getColumns()
             << ", but got rows " << shown(tile.rows) << ", columns "
             << shown(tile.columns);
    if (!seen.try_emplace({tile.replica, tile.rows, tile.columns}, &tile)
             .second)
      return emit(tile.offset) << "expects each part of '" << weights.name
                               << "' once, but got rows " << shown(tile.rows)
                               << ", columns " << shown(tile.columns)
                               << " of replica " << tile.replica << " twice";
    replicas = std::max(replicas, tile.replica + 1);
  }
  // The parts of rows and of columns follow each other from beginning to end.
  auto verifyParts = [&](MappedRange MappedTile::*regionOf, StringRef what,
                         int64_t length) -> LogicalResult {
    int64_t end = 0;
    for (MappedRange part : getParts(weights, regionOf)) {
      if (part[0] != end) {
        const MappedTile &tile =
            *llvm::find_if(weights.tiles, [&](const MappedTile &each) {
              return each.*regionOf == part;
            });
        return emit(tile.offset)
               << "expects " << what << " of '" << weights.name << "' from "
               << end << " on, so that tiles cover it once in a grid, but got "
               << shown(part);
      }
      end = part[1];
    }
    if (end == length)
      return success();
    return emit(weights.offset)
           << "expects tiles that cover all " << length << " " << what
           << " of '" << weights.name << "', but got " << end;
  };
  if (failed(verifyParts(&MappedTile::rows, "rows", matrix.getRows())) ||
      failed(verifyParts(&MappedTile::columns, "columns", matrix.getColumns())))
    return failure();
  const std::vector<MappedRange> rowParts =
      getParts(weights, &MappedTile::rows);
  const std::vector<MappedRange> columnParts =
      getParts(weights, &MappedTile::columns);
  // More replicas than tiles leave one out, which is found at once.
  for (int64_t replica = 0; replica < replicas; ++replica)
    for (MappedRange rows : rowParts)
      for (MappedRange columns : columnParts)
        if (!seen.count({replica, rows, columns}))
          return emit(weights.offset)
                 << "expects a tile for rows " << shown(rows) << ", columns "
                 << shown(columns) << " of '" << weights.name << "' in replica "
                 << replica << ", but there is none";
  return success();
}

/// Replaces the tiles of `matrix` by those of `mapped`, which are verified.
static void replaceTiles(const MatrixTiles &matrix, const MappedWeights &mapped,
                         SymbolTable &symbols) {
  for (TileOp tile : matrix.tiles)
    symbols.erase(tile);
  WeightsOp weights = matrix.getWeights();
  std::vector<MappedRange> rows = getParts(mapped, &MappedTile::rows);
  std::vector<MappedRange> columns = getParts(mapped, &MappedTile::columns);
  std::vector<MappedTile> tiles = mapped.tiles;
  llvm::sort(tiles, [](const MappedTile &lhs, const MappedTile &rhs) {
    return std::tie(lhs.replica, lhs.rows, lhs.columns) <
           std::tie(rhs.replica, rhs.rows, rhs.columns);
  });
  OpBuilder builder(weights.getContext());
  Operation *last = weights;
  for (auto [position, tile] : llvm::enumerate(tiles)) {
    int64_t i = position / columns.size() % rows.size();
    int64_t j = position % columns.size();
    std::string name = llvm::formatv("{0}_{1}_{2}", mapped.name, i, j);
    if (tile.replica > 0)
      name += "_copy_" + std::to_string(tile.replica);
    auto number = [&](int64_t value) {
      return builder.getI64IntegerAttr(value);
    };
    auto op = TileOp::create(
        builder, weights.getLoc(), builder.getStringAttr(name),
        FlatSymbolRefAttr::get(weights.getSymNameAttr()), number(tile.replica),
        builder.getDenseI64ArrayAttr({i, j}), number(tile.rows[0]),
        number(tile.rows[1] - tile.rows[0]), number(tile.columns[0]),
        number(tile.columns[1] - tile.columns[0]), number(tile.chip),
        number(tile.core), number(tile.tileRows[0]),
        number(tile.tileColumns[0]));
    symbols.insert(op, std::next(last->getIterator()));
    last = op;
  }
  int64_t replicas = tiles.back().replica + 1;
  for (MvmOp use : matrix.uses) {
    use.setGrid(ArrayRef<int64_t>{static_cast<int64_t>(rows.size()),
                                  static_cast<int64_t>(columns.size())});
    use.removeAveragedCopiesAttr();
    use.removeSharingCopiesAttr();
    if (replicas > 1 && mapped.shared.value_or(matrix.shared))
      use.setSharingCopies(replicas);
    else if (replicas > 1)
      use.setAveragedCopies(replicas);
  }
}

LogicalResult MappingSource::apply(const MappingFile &mapping,
                                   ModuleOp module) const {
  TargetAttr attribute = TargetAttr::lookup(module);
  if (!attribute)
    return emitError(module.getLoc())
           << "expects a module with a target for a mapping, but got one "
              "without '"
           << targetAttrName << "' (aimc-set-target adds it)";
  if (attribute.getName() != mapping.target)
    return emit(mapping.targetOffset)
           << "expects a mapping for target '" << attribute.getName()
           << "' of the module, but got one for '" << mapping.target << "'";
  FailureOr<TileGrids> grids = TileGrids::compute(module);
  if (failed(grids))
    return failure();
  llvm::StringMap<const MappedWeights *> byName;
  for (const MappedWeights &weights : mapping.weights) {
    byName[weights.name] = &weights;
    const MatrixTiles *matrix =
        grids->lookup(StringAttr::get(context, weights.name));
    if (!matrix)
      return emit(weights.offset) << "expects a matrix of the module, but got '"
                                  << weights.name << "'";
    if (failed(verifyTiles(weights, matrix->getWeights(), module)))
      return failure();
  }
  for (const MatrixTiles &matrix : grids->getMatrices())
    if (!matrix.uses.empty() && !byName.count(matrix.getWeights().getSymName()))
      return emitWeightsError(matrix.getWeights())
             << "expects tiles of @" << matrix.getWeights().getSymName()
             << " in the mapping, but there are none";
  SymbolTable symbols(module);
  for (const MatrixTiles &matrix : grids->getMatrices())
    if (auto found = byName.find(matrix.getWeights().getSymName());
        found != byName.end())
      replaceTiles(matrix, *found->second, symbols);
  module->setAttr(objectiveAttrName,
                  StringAttr::get(context, mapping.objective));
  dropSchedule(module);
  return success();
}
