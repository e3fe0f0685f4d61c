//===- Passes.td - Conversions -*- tablegen -*-===//
//
// Part of the AIMC compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AIMC_LIB_CONVERSION_PASSES_TD
#define AIMC_LIB_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertKernelToAIMCPass
    : Pass<"convert-kernel-to-aimc", "::mlir::ModuleOp"> {
  let summary = "Lower feature maps to crossbar products and digital operations";
  let description = [{
    Each `kernel.features` becomes an `aimc.mvm` of role `projection` on Ωᵀ,
    stored once as `aimc.weights`, and `linalg.generic` operations for the
    nonlinearity. Features that share Ω share the weights; each has its own
    site. Each `kernel.gram` becomes an `aimc.gram`, its constant operands
    `aimc.weights` that an `aimc.load` reads.

    Precondition: projections are sampled. Fails at an Ω that is not constant.

    Before:
    ```mlir
    // aimc-opt --convert-kernel-to-aimc --canonicalize --cse
    func.func @features(%x: tensor<8x2xf32>) -> tensor<8x4xf32> {
      %omega = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
      %z = kernel.features map(rbf) %x, %omega
          : tensor<8x2xf32>, tensor<2x2xf32> -> tensor<8x4xf32>
      return %z : tensor<8x4xf32>
    }
    ```
    After:
    ```mlir
    #map = affine_map<(d0, d1) -> (d0, d1)>
    aimc.weights @omega = dense<[[1.0, 3.0], [2.0, 4.0]]> : tensor<2x2xf32>
    func.func @features(%x: tensor<8x2xf32>) -> tensor<8x4xf32> {
      %scale = arith.constant 0.707106769 : f32
      %init = tensor.empty() : tensor<8x2xf32>
      %p = aimc.mvm @omega site(0) role(projection) ins(%x : tensor<8x2xf32>)
          outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
      %c = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]}
          ins(%p : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) {
      ^bb0(%in: f32, %out: f32):
        %cos = math.cos %in : f32
        %scaled = arith.mulf %cos, %scale : f32
        linalg.yield %scaled : f32
      } -> tensor<8x2xf32>
      %s = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]}
          ins(%p : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) {
      ^bb0(%in: f32, %out: f32):
        %sin = math.sin %in : f32
        %scaled = arith.mulf %sin, %scale : f32
        linalg.yield %scaled : f32
      } -> tensor<8x2xf32>
      %z = tensor.concat dim(1) %c, %s : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
      return %z : tensor<8x4xf32>
    }
    ```
  }];
  let dependentDialects = ["::aimc::AIMCDialect", "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::tensor::TensorDialect"];
}

def ConvertLinalgToAIMCPass
    : Pass<"convert-linalg-to-aimc", "::mlir::ModuleOp"> {
  let summary = "Turn products with constant matrices into crossbar products";
  let description = [{
    Each product of a batch with a constant matrix on its right (a
    `linalg.matmul`, also with transposed operand maps, or any other operation
    that sums the products of its inputs and does nothing else) becomes an
    `aimc.mvm`, plus an addition when its init is not zero. Its role is `readout`
    when its input comes from a feature map or an exact kernel without another
    product in between, else `linear`. A product that stays is a `missed` remark with the reason.

    Before:
    ```mlir
    // aimc-opt --convert-linalg-to-aimc --canonicalize
    func.func @project(%x: tensor<8x64xf32>) -> tensor<8x128xf32> {
      %w = arith.constant dense<0.5> : tensor<64x128xf32>
      %zero = arith.constant 0.0 : f32
      %empty = tensor.empty() : tensor<8x128xf32>
      %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<8x128xf32>) -> tensor<8x128xf32>
      %y = linalg.matmul ins(%x, %w : tensor<8x64xf32>, tensor<64x128xf32>)
          outs(%init : tensor<8x128xf32>) -> tensor<8x128xf32>
      return %y : tensor<8x128xf32>
    }
    ```
    After:
    ```mlir
    aimc.weights @weights = dense<0.5> : tensor<64x128xf32>
    func.func @project(%x: tensor<8x64xf32>) -> tensor<8x128xf32> {
      %init = tensor.empty() : tensor<8x128xf32>
      %y = aimc.mvm @weights site(0) role(linear) ins(%x : tensor<8x64xf32>)
          outs(%init : tensor<8x128xf32>) -> tensor<8x128xf32>
      return %y : tensor<8x128xf32>
    }
    ```
  }];
  let dependentDialects = ["::aimc::AIMCDialect", "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def ConvertAIMCToRuntimePass
    : Pass<"convert-aimc-to-runtime", "::mlir::ModuleOp"> {
  let summary = "Lower bufferized products and programs to runtime calls";
  let description = [{
    `aimc.weights` and their tiles become `aimc.rt.matrix` with one table of
    tiles, each `aimc.mvm` one `aimc.rt.mvm`, each `aimc.execute` one
    `aimc.rt.digital`, each `aimc.attention` one `aimc.rt.attention`, each
    `aimc.gram` one `aimc.rt.gram`, each `aimc.load` one `aimc.rt.load`, each
    `memref.copy` an `aimc.rt.copy`. Views of buffers, also
    chains of them through higher ranks, become one `memref.reinterpret_cast` each,
    which has the sizes and strides. Functions get the context as their first
    argument. Ranges that calibration has not set are the
    target's defaults, 1 of ideal converters; without a target they are infinite.

    Precondition: bufferized functions, and no `aimc.digital` regions. Fails at
    any other operation that is not shape arithmetic, an allocation, a view or
    `scf.for`, at a view that is used and is no matrix, and at a public function that frees an argument, or returns one, a buffer
    that it frees, or a buffer twice: who calls it frees arguments and results.

    Before:
    ```mlir
    // aimc-opt --convert-aimc-to-runtime
    aimc.weights @w = dense<0.5> : tensor<64x128xf32>
    aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128)
        on chip(0) core(3) at(0, 0)
    func.func @project(%x: memref<8x64xf32>) -> memref<8x128xf32> {
      %y = memref.alloc() : memref<8x128xf32>
      aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(4.0) output_range(16.0)
          ins(%x : memref<8x64xf32>) outs(%y : memref<8x128xf32>)
      return %y : memref<8x128xf32>
    }
    ```
    After:
    ```mlir
    aimc.rt.matrix @w = dense<0.5> : tensor<64x128xf32>
        tiles dense<[[0, 0, 64, 128, 0, 3, 0, 0]]> : tensor<1x8xi32>
    func.func @project(%device: !aimc.context, %x: memref<8x64xf32>) -> memref<8x128xf32> {
      %first = aimc.rt.first_vector %device
      %y = memref.alloc() : memref<8x128xf32>
      aimc.rt.mvm %device @w site(0) input_range(4.0) output_range(16.0) first(%first)
          ins(%x : memref<8x64xf32>) outs(%y : memref<8x128xf32>)
      return %y : memref<8x128xf32>
    }
    ```
  }];
  let dependentDialects = ["::aimc::AIMCDialect", "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def ConvertRuntimeToLLVMPass
    : Pass<"convert-aimc-runtime-to-llvm", "::mlir::ModuleOp"> {
  let summary = "Lower runtime calls to LLVM";
  let description = [{
    Each `aimc.rt` operation becomes a call of the runtime's C function of the
    same name, with memrefs passed as pointers to their descriptors; matrices
    and programs become indices in their order of declaration, and the symbols
    go. The names of functions get the prefix `model.`, so that none is that of
    a C function. All other operations are converted by the upstream patterns.

    Precondition: a module of runtime calls.

    Before:
    ```mlir
    // aimc-opt --convert-aimc-runtime-to-llvm
    func.func private @copy(%device: !aimc.context, %x: memref<8x4xf32>, %y: memref<8x4xf32>) {
      aimc.rt.copy %device ins(%x : memref<8x4xf32>) outs(%y : memref<8x4xf32>)
      return
    }
    ```
    After, among what makes the descriptors:
    ```text
    llvm.func @aimc_copy(!llvm.ptr, !llvm.ptr, !llvm.ptr)
    llvm.call @aimc_copy(%device, %x, %y) : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> ()
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // AIMC_LIB_CONVERSION_PASSES_TD
