//===- ProgramChainTest.cpp - Row programs that follow each other ---------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Runtime/Kernels/ProgramChain.h"
#include "Runtime/Kernels/ProgramVerifier.h"

#include "../Support.h"

#include <gtest/gtest.h>

using namespace aimc::runtime;
using namespace aimc::runtime::test;

namespace {

/// The program of a chain as text: "add 0 2 | negate 3 -> 3 4", with widths
/// checked apart.
std::string textOf(const aimc_program &program) {
  const char *const names[] = {
#define AIMC_INSTRUCTION(opcode, name, mlir, operands) name,
#include "aimc/Runtime/RuntimeTable.def"
  };
  std::string text;
  for (int32_t i = 0; i < program.instruction_count; ++i) {
    text +=
        (i ? " | " : "") + std::string(names[program.instructions[i].opcode]);
    for (int32_t operand : program.instructions[i].operands)
      if (operand >= 0)
        text += " " + std::to_string(operand);
  }
  text += " ->";
  for (int32_t i = 0; i < program.output_count; ++i)
    text += " " + std::to_string(program.outputs[i]);
  return text;
}

} // namespace

TEST(ProgramChain, IsOneProgram) {
  // a + c, where a is the first input of a program and c its constant; and -a.
  const float c[] = {1, 2, 3, 4};
  const float *constants[] = {c};
  const aimc_instruction addition = {AIMC_ADD, 2, {0, 1, -1}, -1};
  const int32_t additionWidths[] = {4, 4, 4}, additionOutputs[] = {2, 0, 2};
  const aimc_program add = {
      "add", "unit",         1, 1, constants, 1, &addition, additionWidths,
      3,     additionOutputs};
  const aimc_instruction subtraction = {AIMC_SUBTRACT, 2, {1, 0, -1}, -1};
  const int32_t subtractionWidths[] = {4, 4, 4}, subtractionOutputs[] = {2};
  const aimc_program subtract = {"subtract",
                                 "unit",
                                 2,
                                 0,
                                 nullptr,
                                 1,
                                 &subtraction,
                                 subtractionWidths,
                                 1,
                                 subtractionOutputs};
  const int32_t sameWidths[] = {4}, sameOutputs[] = {0};
  const aimc_program same = {"same", "unit",  1,          0, nullptr,
                             0,      nullptr, sameWidths, 1, sameOutputs};
  // Value 1 is a further input; 2 to 4 are those of add, 5 of subtract, 6 of
  // same, 7 to 9 of add again.
  ProgramChain chain;
  chain.programs = {&add, &subtract, &same, &add};
  chain.inputWidths = {4, 4};
  chain.operands = {0, 2, 1, 3, 5};
  chain.results = {0, 5, 6, 9, 4};
  const JoinedProgram joined(chain);
  // Inputs 0 and 1, constants 2 and 3, instructions from 4 on.
  EXPECT_EQ(textOf(joined.program()),
            "add 0 2 | subtract 1 4 | add 5 3 -> 0 5 0 6 4");
  EXPECT_EQ(joined.program().input_count, 2);
  EXPECT_EQ(joined.program().constant_count, 2);
  EXPECT_EQ(joined.program().constants[1], c);
  TestModel model({}, {}, [](auto...) {});
  EXPECT_EQ(verifyProgram(model.get(), joined.program()), "");
}
