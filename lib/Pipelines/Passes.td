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
    written, and a value that a function returns twice, once perhaps as a view, is
    copied, so that each result is a buffer of its own. A value that `scf.for` carries stays in one
    buffer: what an iteration yields is copied there, unless it is there already.
    A module without tensors in its functions stays as it is, so that a module of
    any level can be given.

    Precondition: operations that bufferize. Fails where upstream's passes do.

    Before:
    ```mlir
    // aimc-opt --aimc-bufferize
    aimc.weights @w = dense<0.5> : tensor<64x128xf32>
    func.func @project(%x: tensor<8x64xf32>) -> tensor<8x128xf32> {
      %init = tensor.empty() : tensor<8x128xf32>
      %y = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x64xf32>)
          outs(%init : tensor<8x128xf32>) -> tensor<8x128xf32>
      return %y : tensor<8x128xf32>
    }
    ```
    After:
    ```mlir
    aimc.weights @w = dense<0.5> : tensor<64x128xf32>
    func.func @project(%x: memref<8x64xf32>) -> memref<8x128xf32> {
      %y = memref.alloc() {alignment = 64 : i64} : memref<8x128xf32>
      aimc.mvm @w site(0) role(linear) ins(%x : memref<8x64xf32>)
          outs(%y : memref<8x128xf32>)
      return %y : memref<8x128xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

#endif // AIMC_LIB_PIPELINES_PASSES_TD
