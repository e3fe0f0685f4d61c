//===- ProgramVerifier.cpp - Checks of row programs -----------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instruction by instruction.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/ProgramVerifier.h"

#include "Runtime/Kernels/Opcodes.h"

#include <algorithm>

namespace aimc::runtime {

/// Verifies instruction `index`; returns what comes after "instruction N".
static std::string verifyInstruction(const aimc_model &model,
                                     const aimc_program &program,
                                     int32_t index) {
  const aimc_instruction &instruction = program.instructions[index];
  const int32_t result = program.input_count + program.constant_count + index;
  if (instruction.opcode < 0 || instruction.opcode >= OpcodeCount)
    return " expects an opcode from 0 to " + std::to_string(OpcodeCount - 1) +
           ", but got " + std::to_string(instruction.opcode);
  const Opcode &opcode = Opcodes[instruction.opcode];
  const std::string name = std::string(" ('") + opcode.name + "')";
  if (instruction.result != result)
    return name + " expects result " + std::to_string(result) + ", but got " +
           std::to_string(instruction.result);
  int64_t width = 1;
  for (int i = 0; i < MaxOperands; ++i) {
    const int32_t operand = instruction.operands[i];
    if (i >= opcode.operands) {
      if (operand != -1)
        return name + " expects operand " + std::to_string(i) +
               " to be -1, but got " + std::to_string(operand);
      continue;
    }
    if (operand < 0 || operand >= result)
      return name + " expects operands from 0 to " +
             std::to_string(result - 1) + ", but got " +
             std::to_string(operand);
    width = std::max<int64_t>(width, program.widths[operand]);
  }

  const int64_t a = program.widths[instruction.operands[0]];
  if (instruction.opcode == AIMC_PRODUCT) {
    if (instruction.matrix < 0 || instruction.matrix >= model.matrix_count)
      return name + " expects a matrix from 0 to " +
             std::to_string(model.matrix_count - 1) + ", but got " +
             std::to_string(instruction.matrix);
    const aimc_matrix &matrix = model.matrices[instruction.matrix];
    if (matrix.tile_count != 0)
      return name + " expects a matrix in digital memory, but got '" +
             matrix.name + "', which has tiles";
    if (a != matrix.rows)
      return name + " expects an operand of width " +
             std::to_string(matrix.rows) + ", but got " + std::to_string(a);
    width = matrix.columns;
  } else if (instruction.matrix != -1) {
    return name + " expects no matrix, but got " +
           std::to_string(instruction.matrix);
  } else if (instruction.opcode == AIMC_SUM ||
             instruction.opcode == AIMC_ROW_MAXIMUM) {
    width = 1;
  } else if (instruction.opcode == AIMC_CONCATENATE) {
    width = a + program.widths[instruction.operands[1]];
  } else {
    for (int i = 0; i < opcode.operands; ++i)
      if (const int64_t own = program.widths[instruction.operands[i]];
          own != 1 && own != width)
        return name + " expects operands of one width, but got " +
               std::to_string(own) + " and " + std::to_string(width);
  }
  if (program.widths[result] != width)
    return name + " expects a result of width " + std::to_string(width) +
           ", but got " + std::to_string(program.widths[result]);
  return {};
}

std::string verifyProgram(const aimc_model &model,
                          const aimc_program &program) {
  if (!program.name)
    return "a program expects a name, but got a null pointer";
  const std::string name = std::string("program '") + program.name + "'";
  if (program.input_count < 0 || program.constant_count < 0 ||
      program.instruction_count < 0 || program.output_count < 0)
    return name + " expects counts that are not negative, but got one that is";
  const int64_t values = static_cast<int64_t>(program.input_count) +
                         program.constant_count + program.instruction_count;
  if (values > INT32_MAX)
    return name + " expects at most 2147483647 values, but got " +
           std::to_string(values);
  if ((values && !program.widths) ||
      (program.constant_count && !program.constants) ||
      (program.instruction_count && !program.instructions) ||
      (program.output_count && !program.outputs))
    return name + " expects tables for its counts, but got a null pointer";
  for (int64_t i = 0; i < values; ++i)
    if (program.widths[i] < 1)
      return name + " expects values of width 1 or more, but got " +
             std::to_string(program.widths[i]) + " for value " +
             std::to_string(i);
  for (int32_t i = 0; i < program.constant_count; ++i)
    if (!program.constants[i])
      return name + " expects values for constant " + std::to_string(i) +
             ", but got a null pointer";
  for (int32_t i = 0; i < program.instruction_count; ++i)
    if (std::string error = verifyInstruction(model, program, i);
        !error.empty())
      return name + ", instruction " + std::to_string(i) + error;
  for (int32_t i = 0; i < program.output_count; ++i)
    if (program.outputs[i] < 0 || program.outputs[i] >= values)
      return name + " expects outputs from 0 to " + std::to_string(values - 1) +
             ", but got " + std::to_string(program.outputs[i]);
  return {};
}

} // namespace aimc::runtime
