//===- RowProgram.h - Execution of digital row programs ---------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs an `aimc_program` over a batch: block by block of rows that fit the
// cache, within a block an instruction, or a function and what is joined with
// it, after the other.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_ROWPROGRAM_H
#define AIMC_RUNTIME_KERNELS_ROWPROGRAM_H

#include "Runtime/Kernels/Engine.h"
#include "Runtime/Kernels/PackedMatrix.h"
#include "Runtime/Kernels/Workers.h"
#include "aimc/Runtime/ABI.h"
#include "aimc/Runtime/TargetDescription.h"

#include <map>
#include <vector>

namespace aimc::runtime {

/// How many values were rounded to FP16, and how many finite ones of them
/// became infinite.
struct RoundedValues {
  uint64_t values = 0, overflowed = 0;
};

/// A verified program with its storage laid out.
class RowProgram {
public:
  /// `program` is verified and outlives this; `matrices` has the packed form of
  /// the model's matrices in digital memory at their index. In FP16 inputs,
  /// constants and matrices are rounded, and each result after its
  /// instruction; a fixed-point unit does `fixed_point` instructions so and all
  /// others in FP32.
  RowProgram(const aimc_program &program, const Engine &engine,
             const std::vector<PackedMatrix> &matrices,
             const NumberFormat &format = {});

  /// Computes `outputs` from `inputs`, all of one number of rows and of the
  /// program's widths. Outputs are apart from each other; one may overlap an
  /// input by rows. Returns what was rounded to FP16.
  RoundedValues run(Workers &workers, const aimc_tensor *inputs,
                    const aimc_tensor *outputs);

private:
  /// Rows of one value within a block; stride 0 for constants.
  struct Value {
    float *data;
    int64_t stride;
  };

  /// The tensors of a run and how they are used.
  struct Call {
    const aimc_tensor *inputs = nullptr, *outputs = nullptr;
    std::vector<bool> copied;    ///< inputs that are not read in place
    std::vector<int32_t> direct; ///< by instruction: the output that takes its
                                 ///< result at once, or -1
  };

  /// The concatenation that a result is computed right into, and from which
  /// column on; -1 for none.
  struct Part {
    int32_t whole = -1;
    int64_t column = 0;
  };

  /// An instruction, or a function joined with others; instructions, -1 for
  /// none.
  struct Step {
    int32_t last;          ///< whose result it has
    int32_t function = -1; ///< one with one operand, if it is one
    int32_t sum = -1;      ///< or difference, before the function
    int32_t product = -1;  ///< with a constant, behind it
  };

  /// What a thread needs for a block.
  struct Scratch {
    Buffer storage, packed;
    std::vector<Value> values;
    RoundedValues rounded;
  };

  void prepare(const aimc_tensor *inputs, const aimc_tensor *outputs);
  void runBlock(int64_t first, int64_t count, Scratch &scratch) const;
  void roundToHalf(float *values, int64_t count, RoundedValues &rounded) const;
  void execute(const aimc_instruction &instruction, const Value *values,
               int64_t rows) const;
  void executeFunction(const Step &step, const Value *values,
                       int64_t rows) const;
  std::vector<int32_t> countUses() const;
  void findParts();
  void findSteps();
  void assignStorage();
  void roundConstants();

  const aimc_program &program;
  const Engine &engine;
  const std::vector<PackedMatrix> &matrices;
  const bool half;                      ///< whether values are of FP16
  const bool isFixed;                   ///< whether the unit is of fixed point
  const FixedPointNumbers fixedNumbers; ///< its numbers
  std::vector<std::vector<float>> halfConstants; ///< in FP16
  std::map<int32_t, PackedMatrix> halfMatrices;  ///< in FP16, by index
  RoundedValues roundedConstants;
  std::vector<Part> parts; ///< by instruction
  std::vector<Step> steps;
  /// First element per row of each instruction's result in a block's storage.
  /// -1 for a part.
  std::vector<int64_t> offsets;
  int64_t storagePerRow = 0;
  int64_t rowsAtOnce = 1; ///< of a block
  // Kept from call to call, so that calls of one shape allocate nothing.
  Call call;
  std::vector<Scratch> scratch; ///< of each thread
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_ROWPROGRAM_H
