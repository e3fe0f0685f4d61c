//===- LaneProgram.h - A product and row programs, fused --------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A projection, its nonlinearity and the narrow product on its features, over a
// block of rows that stand one a lane. Features live in the first-level cache
// alone: a few at a time are computed and added to the results, so that memory
// sees the inputs and the results of the block, not its features.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_LANEPROGRAM_H
#define AIMC_RUNTIME_KERNELS_LANEPROGRAM_H

#include "Runtime/Kernels/Engine.h"
#include "Runtime/Kernels/PackedMatrix.h"
#include "aimc/Runtime/ABI.h"

#include <optional>
#include <vector>

namespace aimc::runtime {

/// A program behind a product, compiled for lanes. The results have the bits of
/// the product and the program one after the other.
class LaneProgram {
public:
  /// What a thread needs.
  struct Scratch {
    Buffer values, rows;
  };

  /// The product is with `matrix`, whose tiles are packed in `tiles` in the
  /// order of its table; `matrices` has those in digital memory. The first
  /// input of `behind` is the product, others come from outside. Nothing where
  /// transposing would cost more than it gains: results that are not much
  /// narrower than the product, and instructions without a lane kernel. All
  /// arguments outlive this.
  static std::optional<LaneProgram>
  create(const Engine &engine, const aimc_matrix &matrix,
         const std::vector<PackedMatrix> &tiles, const aimc_program &behind,
         const std::vector<PackedMatrix> &matrices);

  /// Rows that meet the weights at once.
  int64_t rowsAtOnce() const { return blocksAtOnce * blockRows(); }

  /// Computes rows first .. first + count - 1, count <= rowsAtOnce(), of the
  /// outputs from those of the input and the further inputs.
  void run(const aimc_tensor &input, const aimc_tensor *others,
           const aimc_tensor *outputs, int64_t first, int64_t count,
           Scratch &scratch) const;

private:
  /// When a value is computed: it is given with the program, before the
  /// features, with each few of them, or after all.
  enum class Phase { Constant, Before, Tiled, After };

  struct Value {
    int64_t width;
    Phase phase;
    const float *constant = nullptr;
    /// Where it stands in the storage, as values of a row; -1: nowhere yet.
    int64_t offset = -1;
    /// Only a few of its elements are there at a time.
    bool isPartial = false;
  };

  struct Step {
    int32_t opcode;
    size_t result;
    size_t operands[2];
    const PackedMatrix *matrix; ///< of a product, else null
    /// What a function takes in before and behind it; 0: nothing.
    size_t addend = 0, factor = 0;
    bool subtracts = false;
    /// Where the chain of a product stands that goes on with the next features;
    /// -1: no chain does.
    int64_t chainOffset = -1;
  };

  /// Up to blockRows() rows.
  struct Block {
    int64_t first, count, vectors;
    float *storage;
  };

  /// Columns of the product that are in the same tiles.
  struct Segment {
    int64_t first, end;
    std::vector<size_t> tiles; ///< in the order of their sums
  };

  LaneProgram(const Engine &engine, const aimc_matrix &matrix,
              const std::vector<PackedMatrix> &tiles)
      : engine(&engine), matrix(&matrix), tiles(&tiles) {}

  bool addInstructions(const aimc_program &program,
                       const std::vector<PackedMatrix> &matrices);
  bool addStep(Step step, int64_t width);
  void joinSteps();
  std::vector<int> countUses() const;
  void addSegments();
  void assignStorage();
  void assignPartialStorage();
  int64_t reserve(int64_t width);

  int64_t blockRows() const { return largestVectors * engine->vectorColumns; }
  void multiplyInChains(const Step &step, int64_t first, int64_t count,
                        float *storage, int64_t vectors) const;
  LaneOperand operandOf(size_t value, int64_t first, const float *storage,
                        int64_t lanes) const;
  void multiply(const Segment &segment, int64_t first, int64_t count,
                float *storage, int64_t vectors) const;
  void execute(const Step &step, int64_t first, int64_t count, float *storage,
               int64_t vectors) const;

  const Engine *engine;
  int64_t largestVectors = 1; ///< of rows in a block
  int64_t blocksAtOnce = 1;
  const aimc_matrix *matrix;
  const std::vector<PackedMatrix> *tiles; ///< of the matrix
  std::vector<Value> values;              ///< 0: the product
  std::vector<size_t> others, results;    ///< values
  std::vector<Step> before, tiled, after;
  std::vector<Segment> segments;
  int64_t inputOffset = 0, partialSums = -1, storagePerRow = 0;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_LANEPROGRAM_H
