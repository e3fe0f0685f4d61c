//===- ProgramChain.cpp - Row programs that follow each other -------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inputs come first in the joined program, then the constants of all programs,
// then their instructions.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/ProgramChain.h"

namespace aimc::runtime {

JoinedProgram::JoinedProgram(const ProgramChain &chain) {
  for (int64_t width : chain.inputWidths)
    widths.push_back(static_cast<int32_t>(width));
  const auto inputCount = static_cast<int32_t>(widths.size());
  for (const aimc_program *program : chain.programs)
    for (int32_t i = 0; i < program->constant_count; ++i) {
      constants.push_back(program->constants[i]);
      widths.push_back(program->widths[program->input_count + i]);
    }

  std::vector<int32_t> between; // values of the chain by their numbers there
  for (int32_t i = 0; i < inputCount; ++i)
    between.push_back(i);
  auto operand = chain.operands.begin();
  int32_t nextConstant = inputCount;
  for (const aimc_program *program : chain.programs) {
    std::vector<int32_t> own; // values of the program by their numbers there
    for (int32_t i = 0; i < program->input_count; ++i)
      own.push_back(between[*operand++]);
    for (int32_t i = 0; i < program->constant_count; ++i)
      own.push_back(nextConstant++);
    for (int32_t i = 0; i < program->instruction_count; ++i) {
      aimc_instruction instruction = program->instructions[i];
      own.push_back(static_cast<int32_t>(widths.size()));
      widths.push_back(program->widths[instruction.result]);
      instruction.result = own.back();
      for (int32_t &value : instruction.operands)
        if (value >= 0)
          value = own[value];
      instructions.push_back(instruction);
    }
    for (int32_t i = 0; i < program->output_count; ++i)
      between.push_back(own[program->outputs[i]]);
  }
  for (int64_t result : chain.results)
    outputs.push_back(between[result]);
  joined = {"joined",
            /*unit=*/nullptr,
            inputCount,
            static_cast<int32_t>(constants.size()),
            constants.data(),
            static_cast<int32_t>(instructions.size()),
            instructions.data(),
            widths.data(),
            static_cast<int32_t>(outputs.size()),
            outputs.data()};
}

} // namespace aimc::runtime
