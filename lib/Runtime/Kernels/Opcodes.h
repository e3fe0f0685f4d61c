//===- Opcodes.h - Instructions of row programs -----------------*- C++ -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Their table, and what kinds of them there are.
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_RUNTIME_KERNELS_OPCODES_H
#define AIMC_RUNTIME_KERNELS_OPCODES_H

#include "aimc/Runtime/ABI.h"

#include <iterator>

namespace aimc::runtime {

/// A row of the instruction table.
struct Opcode {
  const char *name;
  int operands;
};

constexpr Opcode Opcodes[] = {
#define AIMC_INSTRUCTION(opcode, name, mlir, operands) {name, operands},
#include "aimc/Runtime/RuntimeTable.def"
};
constexpr int32_t OpcodeCount = sizeof(Opcodes) / sizeof(Opcodes[0]);
constexpr int MaxOperands = std::size(aimc_instruction().operands);

/// How many operands a known opcode has.
constexpr int countOperands(int32_t opcode) { return Opcodes[opcode].operands; }

/// Instructions whose results each depend on a whole row.
constexpr bool isReduction(int32_t opcode) {
  return opcode == AIMC_PRODUCT || opcode == AIMC_SUM ||
         opcode == AIMC_ROW_MAXIMUM;
}

/// Instructions that read element i of their operands for element i of their
/// result alone, so that the result may take the place of an operand.
constexpr bool isElementwise(int32_t opcode) {
  return !isReduction(opcode) && opcode != AIMC_CONCATENATE;
}

/// Elementwise instructions with one operand, which has the width of their
/// result.
constexpr bool isFunction(int32_t opcode) {
  return isElementwise(opcode) && countOperands(opcode) == 1;
}

} // namespace aimc::runtime

#endif // AIMC_RUNTIME_KERNELS_OPCODES_H
