//===- ResistiveGrid.cpp - Crossbars with resistive wires -----------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nodal analysis: conductances between nodes make a symmetric positive definite
// matrix, which Eigen factorises.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/ResistiveGrid.h"

#include <Eigen/SparseCholesky>

#include <cmath>

namespace aimc::runtime {

double wireResistance(const Wire &wire, double length) {
  const double a = wire.meanFreePath * wire.grainReflection /
                   (wire.width * (1 - wire.grainReflection));
  const double surface =
      0.75 * (1 - wire.specularity) * wire.meanFreePath / wire.width;
  const double grains =
      a > 0
          ? 1 / (1 - 1.5 * a + 3 * a * a - 3 * a * a * a * std::log(1 + 1 / a))
          : 1;
  return wire.bulkResistivity * (surface + grains) * length /
         (wire.width * wire.thickness);
}

struct ResistiveGridSolver::Equations {
  ResistiveGrid grid;
  Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>> factors;

  int64_t cells() const { return grid.rows * grid.columns; }
  bool hasWordNodes() const { return grid.wordResistance > 0; }

  /// Node of a word line, if these have any.
  int64_t wordNode(int64_t row, int64_t column) const {
    return row * grid.columns + column;
  }
  int64_t bitNode(int64_t line, int64_t row, int64_t column) const {
    return ((hasWordNodes() ? 1 : 0) + line) * cells() + row * grid.columns +
           column;
  }
  int64_t nodes() const {
    return ((hasWordNodes() ? 1 : 0) + grid.lines) * cells();
  }
  double conductance(int64_t line, int64_t row, int64_t column) const {
    return grid.conductances[line * cells() + row * grid.columns + column];
  }

  Eigen::SparseMatrix<double> matrix() const;
};

Eigen::SparseMatrix<double> ResistiveGridSolver::Equations::matrix() const {
  std::vector<Eigen::Triplet<double>> entries;
  const auto toFixed = [&](int64_t node, double conductance) {
    entries.emplace_back(node, node, conductance);
  };
  const auto between = [&](int64_t a, int64_t b, double conductance) {
    toFixed(a, conductance);
    toFixed(b, conductance);
    // The lower triangle is enough.
    entries.emplace_back(std::max(a, b), std::min(a, b), -conductance);
  };
  for (int64_t row = 0; row < grid.rows; ++row)
    for (int64_t column = 0; column < grid.columns; ++column) {
      if (hasWordNodes()) {
        const double word = 1 / grid.wordResistance;
        if (column == 0)
          toFixed(wordNode(row, column), word);
        else
          between(wordNode(row, column - 1), wordNode(row, column), word);
      }
      for (int64_t line = 0; line < grid.lines; ++line) {
        const int64_t node = bitNode(line, row, column);
        const double bit = 1 / grid.bitResistance;
        if (row + 1 == grid.rows)
          toFixed(node, bit);
        else
          between(node, bitNode(line, row + 1, column), bit);
        const double cell = conductance(line, row, column);
        if (hasWordNodes())
          between(wordNode(row, column), node, cell);
        else
          toFixed(node, cell);
      }
    }
  Eigen::SparseMatrix<double> result(nodes(), nodes());
  result.setFromTriplets(entries.begin(), entries.end());
  return result;
}

static std::string check(const ResistiveGrid &grid) {
  // 10^7 nodes are as many as fit the memory of a workstation.
  constexpr int64_t Most = 10000000;
  if (grid.rows < 1 || grid.columns < 1 || grid.lines < 1 ||
      grid.rows > Most / grid.columns ||
      grid.rows * grid.columns > Most / (grid.lines + 1))
    return "a resistive grid expects from 1 to " + std::to_string(Most) +
           " nodes, but got " + std::to_string(grid.rows) + " x " +
           std::to_string(grid.columns) + " cells of " +
           std::to_string(grid.lines) + " lines";
  if (!(grid.wordResistance >= 0) || !std::isfinite(grid.wordResistance) ||
      !(grid.bitResistance > 0) || !std::isfinite(grid.bitResistance))
    return "a resistive grid expects a resistance of 0 or more for word lines "
           "and above 0 for bit lines, but got " +
           std::to_string(grid.wordResistance) + " and " +
           std::to_string(grid.bitResistance);
  const size_t count =
      static_cast<size_t>(grid.lines * grid.rows * grid.columns);
  if (grid.conductances.size() != count)
    return "a resistive grid expects " + std::to_string(count) +
           " conductances, but got " + std::to_string(grid.conductances.size());
  for (double conductance : grid.conductances)
    if (!(conductance >= 0) || !std::isfinite(conductance))
      return "a resistive grid expects conductances that are finite and not "
             "negative, but got " +
             std::to_string(conductance);
  return {};
}

ResistiveGridSolver::ResistiveGridSolver()
    : equations(std::make_unique<Equations>()) {}
ResistiveGridSolver::~ResistiveGridSolver() = default;

std::unique_ptr<ResistiveGridSolver>
ResistiveGridSolver::create(const ResistiveGrid &grid, std::string &error) {
  if (error = check(grid); !error.empty())
    return nullptr;
  std::unique_ptr<ResistiveGridSolver> solver(new ResistiveGridSolver);
  solver->equations->grid = grid;
  solver->equations->factors.compute(solver->equations->matrix());
  if (solver->equations->factors.info() == Eigen::Success)
    return solver;
  error = "a resistive grid expects resistances that can be solved for, but "
          "got ones that differ too much";
  return nullptr;
}

std::vector<double>
ResistiveGridSolver::solve(const std::vector<double> &voltages) const {
  const Equations &e = *equations;
  const ResistiveGrid &grid = e.grid;
  Eigen::VectorXd sources = Eigen::VectorXd::Zero(e.nodes());
  for (int64_t row = 0; row < grid.rows; ++row) {
    if (e.hasWordNodes()) {
      sources[e.wordNode(row, 0)] += voltages[row] / grid.wordResistance;
      continue;
    }
    for (int64_t line = 0; line < grid.lines; ++line)
      for (int64_t column = 0; column < grid.columns; ++column)
        sources[e.bitNode(line, row, column)] +=
            voltages[row] * e.conductance(line, row, column);
  }
  const Eigen::VectorXd potentials = e.factors.solve(sources);
  std::vector<double> currents;
  for (int64_t line = 0; line < grid.lines; ++line)
    for (int64_t column = 0; column < grid.columns; ++column)
      currents.push_back(potentials[e.bitNode(line, grid.rows - 1, column)] /
                         grid.bitResistance);
  return currents;
}

/// Adds the outputs of one part to `outputs` (n x columns of the whole).
static std::string addPart(const ResistiveGrid &grid, int64_t row, int64_t rows,
                           int64_t column, int64_t columns,
                           const std::vector<double> &inputs,
                           std::vector<double> &outputs) {
  ResistiveGrid part = grid;
  part.rows = rows;
  part.columns = columns;
  part.conductances.clear();
  for (int64_t line = 0; line < grid.lines; ++line)
    for (int64_t i = row; i < row + rows; ++i)
      for (int64_t j = column; j < column + columns; ++j)
        part.conductances.push_back(
            grid.conductances[(line * grid.rows + i) * grid.columns + j]);
  std::string error;
  const auto solver = ResistiveGridSolver::create(part, error);
  if (!solver)
    return error;
  const int64_t n = static_cast<int64_t>(inputs.size()) / grid.rows;
  for (int64_t i = 0; i < n; ++i) {
    const auto from = inputs.begin() + i * grid.rows + row;
    const std::vector<double> currents = solver->solve({from, from + rows});
    for (int64_t j = 0; j < columns; ++j)
      outputs[i * grid.columns + column + j] +=
          currents[j] - currents[columns + j];
  }
  return {};
}

std::optional<GridError> partitionError(const ResistiveGrid &grid,
                                        int64_t rowParts, int64_t columnParts,
                                        const std::vector<double> &inputs,
                                        std::string &error) {
  if (error = check(grid); !error.empty())
    return std::nullopt;
  if (grid.lines != 2 || rowParts < 1 || rowParts > grid.rows ||
      columnParts < 1 || columnParts > grid.columns || inputs.empty() ||
      inputs.size() % grid.rows != 0) {
    error =
        "a partition expects a grid of pairs, parts of at least one row and "
        "column, and inputs of " +
        std::to_string(grid.rows) + " values, but got " +
        std::to_string(grid.lines) + " lines, " + std::to_string(rowParts) +
        " x " + std::to_string(columnParts) + " parts and " +
        std::to_string(inputs.size()) + " values";
    return std::nullopt;
  }
  const int64_t n = static_cast<int64_t>(inputs.size()) / grid.rows;
  std::vector<double> outputs(n * grid.columns), ideal(n * grid.columns);
  const auto begin = [](int64_t part, int64_t parts, int64_t size) {
    return part * size / parts;
  };
  for (int64_t i = 0; i < rowParts; ++i)
    for (int64_t j = 0; j < columnParts; ++j) {
      const int64_t row = begin(i, rowParts, grid.rows);
      const int64_t column = begin(j, columnParts, grid.columns);
      error = addPart(grid, row, begin(i + 1, rowParts, grid.rows) - row,
                      column, begin(j + 1, columnParts, grid.columns) - column,
                      inputs, outputs);
      if (!error.empty())
        return std::nullopt;
    }
  const double *positive = grid.conductances.data();
  const double *negative = positive + grid.rows * grid.columns;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t row = 0; row < grid.rows; ++row)
      for (int64_t column = 0; column < grid.columns; ++column)
        ideal[i * grid.columns + column] +=
            inputs[i * grid.rows + row] *
            (positive[row * grid.columns + column] -
             negative[row * grid.columns + column]);
  double product = 0, square = 0, difference = 0;
  for (size_t i = 0; i < ideal.size(); ++i) {
    product += outputs[i] * ideal[i];
    square += ideal[i] * ideal[i];
  }
  if (!(product > 0)) {
    error = "a partition expects outputs that follow the ideal ones, but got "
            "none that do";
    return std::nullopt;
  }
  const double gain = product / square;
  for (size_t i = 0; i < ideal.size(); ++i)
    difference += std::pow(outputs[i] / gain - ideal[i], 2);
  return GridError{gain, std::sqrt(difference / square)};
}

} // namespace aimc::runtime
