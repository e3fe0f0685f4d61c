//===- ResistiveGrid.h - Crossbars with resistive wires ---------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The exact currents of a small crossbar whose wires have a resistance: what
// the closed form of the simulator is checked against, and by how much cutting
// an array into smaller ones helps.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_RESISTIVEGRID_H
#define AIMC_RUNTIME_RESISTIVEGRID_H

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aimc::runtime {

/// A copper wire as narrow as the electrons' mean free path.
struct Wire {
  double width, thickness;        ///< m, > 0
  double bulkResistivity = 19e-9; ///< ohm m
  double meanFreePath = 39e-9;    ///< m
  double specularity = 0.25;      ///< fraction scattered as by a mirror
  double grainReflection = 0.3;   ///< at grain boundaries, of width's distance
};

/// Resistance of a piece of wire, ohm: with l0 the mean free path, p the
/// specularity, R the reflection, w the width and a = l0 R / (w (1 - R)),
///
///   rho = rho0 (3/4 (1 - p) l0 / w
///               + 1 / (1 - 3/2 a + 3 a^2 - 3 a^3 ln(1 + 1 / a)))
///
/// (M. H. Amin, M. Elbtity and R. Zand, Interconnect parasitics and
/// partitioning in fully-analog in-memory computing architectures, ISCAS 2022).
double wireResistance(const Wire &wire, double length);

/// A crossbar: word line i runs along row i from its driver before column 0;
/// bit lines run along the columns to their virtual grounds after the last row.
/// A cell joins its word line to each of its column's bit lines.
struct ResistiveGrid {
  int64_t rows = 0, columns = 0;
  int64_t lines = 1; ///< bit lines of a column: 2 for pairs of devices
  /// Of a line from one cell to the next, and from the driver to the first and
  /// from the last cell to the ground, ohm. Word lines may have none.
  double wordResistance = 0; ///< >= 0
  double bitResistance = 0;  ///< > 0
  /// S, >= 0: lines x rows x columns.
  std::vector<double> conductances;
};

/// Solves a grid for any number of inputs. The nodal equations are factorised
/// once (sparse Cholesky of Eigen): about a second for 10^5 cells.
class ResistiveGridSolver {
public:
  /// On a wrong grid returns null and sets `error` to one sentence.
  static std::unique_ptr<ResistiveGridSolver> create(const ResistiveGrid &grid,
                                                     std::string &error);
  ~ResistiveGridSolver();

  /// Currents into the virtual grounds, A (lines x columns), for the voltages
  /// of the drivers (one a row).
  std::vector<double> solve(const std::vector<double> &voltages) const;

private:
  ResistiveGridSolver();
  struct Equations;
  std::unique_ptr<Equations> equations;
};

/// What is left of a product on resistive wires.
struct GridError {
  double gain; ///< least-squares factor of the ideal outputs
  double
      relativeError; ///< rms of outputs / gain - ideal, over the rms of ideal
};

/// Differences of the currents of line 0 and line 1, when the rows of a grid
/// with pairs are cut into `rowParts` and its columns into `columnParts`, as
/// equal as can be, and the parts' outputs are added without error. `inputs`
/// has voltages, n x rows. On an error returns nothing and sets `error` to one
/// sentence.
std::optional<GridError> partitionError(const ResistiveGrid &grid,
                                        int64_t rowParts, int64_t columnParts,
                                        const std::vector<double> &inputs,
                                        std::string &error);

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_RESISTIVEGRID_H
