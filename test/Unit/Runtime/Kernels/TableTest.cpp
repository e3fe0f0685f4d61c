//===- TableTest.cpp - The generated calls and opcodes --------------------===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The enumerators of Calls.h.inc and the list of RuntimeTable.def agree.
//
//===----------------------------------------------------------------------===//

#include "aimc/Runtime/ABI.h"

#include <gtest/gtest.h>

namespace {

TEST(RuntimeTable, OpcodesCountFromZero) {
  const int32_t opcodes[] = {
#define AIMC_INSTRUCTION(opcode, name, mlir, operands) opcode,
#include "aimc/Runtime/RuntimeTable.def"
  };
  int32_t expected = 0;
  for (int32_t opcode : opcodes)
    EXPECT_EQ(opcode, expected++);
}

} // namespace
