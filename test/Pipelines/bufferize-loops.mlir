// RUN: aimc-opt %s --aimc-bufferize | FileCheck %s

// A loop carries its value in one buffer: a product cannot overwrite its input,
// so it has a buffer of its own, copied back.

// CHECK-LABEL: func.func @powers
//       CHECK:   %[[A:.+]] = memref.alloc
//       CHECK:   scf.for
//   CHECK-NOT:       iter_args
//       CHECK:     %[[Q:.+]] = memref.alloc
//       CHECK:     aimc.mvm @w site(1) {{.+}} ins(%[[A]] : memref<?x4xf32>) outs(%[[Q]] : memref<?x4xf32>)
//       CHECK:     memref.copy %[[Q]], %[[A]]
//       CHECK:     memref.dealloc %[[Q]]
//       CHECK:   return %[[A]]
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
func.func @powers(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %three = arith.constant 3 : index
  %n = tensor.dim %x, %zero : tensor<?x4xf32>
  %init = tensor.empty(%n) : tensor<?x4xf32>
  %y = aimc.mvm @w site(0) role(linear) ins(%x : tensor<?x4xf32>) outs(%init : tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = scf.for %i = %zero to %three step %one iter_args(%a = %y) -> (tensor<?x4xf32>) {
    %init_0 = tensor.empty(%n) : tensor<?x4xf32>
    %q = aimc.mvm @w site(1) role(linear) ins(%a : tensor<?x4xf32>) outs(%init_0 : tensor<?x4xf32>) -> tensor<?x4xf32>
    scf.yield %q : tensor<?x4xf32>
  }
  return %r : tensor<?x4xf32>
}

// Values that change places are copied before either is overwritten.

// CHECK-LABEL: func.func @swap
//       CHECK:   scf.for
//       CHECK:     %[[FIRST:.+]] = memref.alloc
//       CHECK:     memref.copy %[[B:.+]], %[[FIRST]]
//       CHECK:     %[[SECOND:.+]] = memref.alloc
//       CHECK:     memref.copy %[[A:.+]], %[[SECOND]]
//       CHECK:     memref.copy %[[FIRST]], %[[A]]
//       CHECK:     memref.copy %[[SECOND]], %[[B]]
//       CHECK:   return %[[A]], %[[B]]
func.func @swap(%x: tensor<8x4xf32>, %y: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %three = arith.constant 3 : index
  %r:2 = scf.for %i = %zero to %three step %one iter_args(%a = %x, %b = %y) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
    scf.yield %b, %a : tensor<8x4xf32>, tensor<8x4xf32>
  }
  return %r#0, %r#1 : tensor<8x4xf32>, tensor<8x4xf32>
}
