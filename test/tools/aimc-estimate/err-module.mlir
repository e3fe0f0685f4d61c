// Errors of the module are told at their place.
// RUN: split-file %s %t
// RUN: not aimc-estimate %t/core.mlir --target hermes 2>&1 | FileCheck %t/core.mlir
// RUN: not aimc-estimate %t/unplaced.mlir --target hermes 2>&1 | FileCheck %t/unplaced.mlir
// RUN: not aimc-estimate %t/room.mlir --target hermes 2>&1 | FileCheck %t/room.mlir

//--- core.mlir
// CHECK: core.mlir:[[@LINE+1]]:1: error: 'aimc.rt.matrix' op expects tile 0 on one of 1 chips of 64 cores of target 'hermes', but got chip 0, core 64
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> tiles dense<[[0, 0, 2, 2, 0, 64, 0, 0]]> : tensor<1x8xi32>

//--- unplaced.mlir
// CHECK: unplaced.mlir:[[@LINE+1]]:1: error: 'aimc.rt.matrix' op expects tile 0 on one of 1 chips of 64 cores of target 'hermes', but got chip -1, core -1
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> tiles dense<[[0, 0, 2, 2, -1, -1, -1, -1]]> : tensor<1x8xi32>

//--- room.mlir
// CHECK: room.mlir:[[@LINE+1]]:1: error: 'aimc.weights' op expects room for @w of 2049x2048 in 72 tiles, but target 'hermes' has 64 cores
aimc.weights @w = dense<0.5> : tensor<2049x2048xf32>
func.func @f(%x: tensor<8x2049xf32>) -> tensor<8x2048xf32> {
  %init = tensor.empty() : tensor<8x2048xf32>
  %p = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x2049xf32>)
      outs(%init : tensor<8x2048xf32>) -> tensor<8x2048xf32>
  return %p : tensor<8x2048xf32>
}
