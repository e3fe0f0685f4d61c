//===- RowProgramLayout.cpp - Steps and storage of row programs -----------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What of a program is computed at once, and where its values stand.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/Opcodes.h"
#include "Runtime/Kernels/RowProgram.h"

#include <algorithm>
#include <map>

namespace aimc::runtime {

/// How often each value is read.
std::vector<int32_t> RowProgram::countUses() const {
  std::vector<int32_t> uses(program.input_count + program.constant_count +
                            program.instruction_count);
  for (int32_t i = 0; i < program.instruction_count; ++i)
    for (int32_t operand : program.instructions[i].operands)
      if (operand >= 0)
        ++uses[operand];
  for (int32_t i = 0; i < program.output_count; ++i)
    ++uses[program.outputs[i]];
  return uses;
}

/// Finds the results that can be computed right where a concatenation wants
/// them: those that nothing else uses.
void RowProgram::findParts() {
  const int32_t firstResult = program.input_count + program.constant_count;
  parts.assign(program.instruction_count, {});
  // What is rounded after each instruction lies in rows without gaps.
  if (half)
    return;
  const std::vector<int32_t> uses = countUses();
  for (int32_t i = 0; i < program.instruction_count; ++i) {
    if (program.instructions[i].opcode != AIMC_CONCATENATE)
      continue;
    int64_t column = 0;
    for (int j = 0; j < 2; ++j) {
      const int32_t operand = program.instructions[i].operands[j];
      if (operand >= firstResult && uses[operand] == 1 &&
          isElementwise(program.instructions[operand - firstResult].opcode))
        parts[operand - firstResult] = {i, column};
      column += program.widths[operand];
    }
  }
}

/// Joins functions with a sum before and a product behind them that no other
/// instruction reads, so that they go through memory once.
void RowProgram::findSteps() {
  const std::vector<int32_t> uses = countUses();
  const auto isConstant = [&](int32_t value) {
    return value >= program.input_count &&
           value < program.input_count + program.constant_count;
  };
  for (int32_t i = 0; i < program.instruction_count; ++i) {
    const aimc_instruction &instruction = program.instructions[i];
    const int32_t width = program.widths[instruction.result];
    Step *last = steps.empty() ? nullptr : &steps.back();
    const aimc_instruction *before =
        last ? &program.instructions[last->last] : nullptr;
    const bool follows = before && !half &&
                         before->result == instruction.operands[0] &&
                         uses[before->result] == 1;
    if (follows && isFunction(instruction.opcode) && last->function < 0 &&
        (before->opcode == AIMC_ADD || before->opcode == AIMC_SUBTRACT) &&
        program.widths[before->operands[0]] == width) {
      last->sum = i - 1;
      last->function = last->last = i;
    } else if (follows && instruction.opcode == AIMC_MULTIPLY &&
               last->function >= 0 && last->product < 0 &&
               isConstant(instruction.operands[1]) &&
               program.widths[instruction.operands[1]] == 1) {
      last->product = last->last = i;
    } else {
      steps.push_back({i, isFunction(instruction.opcode) ? i : -1});
    }
  }
}

/// Gives each result a place in a block's storage; places of equal width are
/// used again after the last use of their value.
void RowProgram::assignStorage() {
  const int32_t firstResult = program.input_count + program.constant_count;
  const int32_t count = program.instruction_count;
  std::vector<int32_t> lastUse(firstResult + count, -1);
  for (int32_t i = 0; i < count; ++i)
    for (int32_t operand : program.instructions[i].operands)
      if (operand >= 0)
        lastUse[operand] = i;
  for (int32_t i = 0; i < program.output_count; ++i)
    lastUse[program.outputs[i]] = count;

  std::map<int64_t, std::vector<int64_t>> freePlaces;
  offsets.assign(count, -1);
  const auto assign = [&](int32_t instruction) {
    const int64_t width = program.widths[firstResult + instruction];
    std::vector<int64_t> &places = freePlaces[width];
    if (places.empty()) {
      offsets[instruction] = storagePerRow;
      storagePerRow += width;
    } else {
      offsets[instruction] = places.back();
      places.pop_back();
    }
  };
  for (int32_t i = 0; i < count; ++i) {
    const aimc_instruction &instruction = program.instructions[i];
    const auto freeOperands = [&] {
      for (int j = 0; j < MaxOperands; ++j) {
        const int32_t operand = instruction.operands[j];
        const bool repeated =
            std::count(instruction.operands, instruction.operands + j, operand);
        if (operand >= firstResult && lastUse[operand] == i && !repeated &&
            parts[operand - firstResult].whole < 0)
          freePlaces[program.widths[operand]].push_back(
              offsets[operand - firstResult]);
      }
    };
    if (isElementwise(instruction.opcode))
      freeOperands();
    // The first part of a concatenation makes room for all of it.
    const int32_t owner = parts[i].whole < 0 ? i : parts[i].whole;
    if (offsets[owner] < 0)
      assign(owner);
    if (!isElementwise(instruction.opcode))
      freeOperands();
    if (lastUse[firstResult + i] < 0)
      freePlaces[program.widths[firstResult + i]].push_back(offsets[i]);
  }
}

} // namespace aimc::runtime
