//===- Passes.td - Passes made of upstream passes -*- tablegen -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_PIPELINES_PASSES_TD
#define AIMC_LIB_PIPELINES_PASSES_TD

include "mlir/Pass/PassBase.td"

def AIMCBufferizePass : Pass<"aimc-bufferize", "::mlir::ModuleOp"> {
  let summary = "Bufferize with upstream's passes, once";
  let description = [{
    Runs upstream's elimination of empty tensors, one-shot bufferization across
    functions with identity layouts, and ownership-based deallocation; buffers
    are freed after their last use. Arguments of public functions are never
    written. A module without tensors in its functions stays as it is, so that a
    module of any level can be given.

    Precondition: operations that bufferize. Fails where upstream's passes do.

    Before:
    ```mlir
    func.func @run(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
      %e = tensor.empty() : tensor<8x4xf32>
      %y = aimc.execute @p ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
      return %y : tensor<8x4xf32>
    }
    ```
    After:
    ```mlir
    func.func @run(%x: memref<8x4xf32>) -> memref<8x4xf32> {
      %y = memref.alloc() {alignment = 64 : i64} : memref<8x4xf32>
      aimc.execute @p ins(%x : memref<8x4xf32>) outs(%y : memref<8x4xf32>)
      return %y : memref<8x4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

#endif // AIMC_LIB_PIPELINES_PASSES_TD
