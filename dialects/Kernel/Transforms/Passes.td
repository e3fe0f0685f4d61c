//===- Passes.td - Passes of the kernel dialect -*- tablegen -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_DIALECTS_KERNEL_TRANSFORMS_PASSES_TD
#define AIMC_DIALECTS_KERNEL_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def KernelSampleProjectionsPass
    : Pass<"kernel-sample-projections", "::mlir::ModuleOp"> {
  let summary = "Draw the random projections";
  let description = [{
    Replaces each `kernel.projection` by constants: Ω with √(2γ) included, and
    the offset of the phase form. The values come from the samplers of the
    runtime library, so equal seeds give equal bits everywhere. Constants over
    1 KB become dense resources.

    Precondition: none. Fails at a projection of more than 2^31 values.

    Before:
    ```mlir
    %omega = kernel.projection sampler(rff) gamma(0.5) seed(7) : tensor<2x2xf32>
    ```
    After:
    ```text
    %omega = arith.constant dense<[[…, …], […, …]]> : tensor<2x2xf32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
  let options = [
    Option<"seed", "seed", "int64_t", "-1",
           "Seed instead of those of the projections; -1: theirs">
  ];
}

#endif // AIMC_DIALECTS_KERNEL_TRANSFORMS_PASSES_TD
