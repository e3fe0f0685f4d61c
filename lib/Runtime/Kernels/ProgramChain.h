//===- ProgramChain.h - Row programs that follow each other -----*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Programs behind a product, and the one program that they are together.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_PROGRAMCHAIN_H
#define AIMC_RUNTIME_KERNELS_PROGRAMCHAIN_H

#include "aimc/Runtime/ABI.h"

#include <vector>

namespace aimc::runtime {

/// Programs that follow each other. Values between them are numbered: 0 is the
/// product, then come further inputs, then the outputs of each program.
struct ProgramChain {
  std::vector<const aimc_program *> programs;
  std::vector<int64_t> inputWidths; ///< of the product, then of the others
  std::vector<int64_t> operands;    ///< of each program, one after the other
  std::vector<int64_t> results;
  std::vector<int64_t> widths; ///< of all values
};

/// The programs of a verified chain as one: its inputs are the product and the
/// further inputs, its outputs the results.
class JoinedProgram {
public:
  /// What the programs point to outlives this; the chain need not.
  explicit JoinedProgram(const ProgramChain &chain);
  JoinedProgram(const JoinedProgram &) = delete;
  JoinedProgram &operator=(const JoinedProgram &) = delete;

  const aimc_program &program() const { return joined; }

private:
  std::vector<const float *> constants;
  std::vector<aimc_instruction> instructions;
  std::vector<int32_t> widths, outputs;
  aimc_program joined;
};

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_PROGRAMCHAIN_H
