//===- check-docs.td - operations with and without words ----*- tablegen -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_TEST_SCRIPTS_INPUTS_CHECK_DOCS_TD
#define AIMC_TEST_SCRIPTS_INPUTS_CHECK_DOCS_TD

include "mlir/IR/OpBase.td"
include "mlir/Pass/PassBase.td"

def Test_Dialect : Dialect {
  let name = "test";
}

def Test_SilentOp : Op<Test_Dialect, "silent">;

def Test_BriefOp : Op<Test_Dialect, "brief"> {
  let summary = "an operation";
  let description = [{
    It has no example.
  }];
}

def Test_GoodOp : Op<Test_Dialect, "good"> {
  let summary = "an operation";
  let description = [{
    Example:
    ```mlir
    test.good
    ```
  }];
}

def TestSilentPass : Pass<"test-silent"> {
  let summary = "A pass";
}

#endif // AIMC_TEST_SCRIPTS_INPUTS_CHECK_DOCS_TD
