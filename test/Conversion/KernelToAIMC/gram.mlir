// RUN: aimc-opt %s --convert-kernel-to-aimc --convert-linalg-to-aimc --canonicalize --cse --split-input-file | FileCheck %s

// Constant points are stored once and loaded; the product with the kernel's
// values is a read-out.

// CHECK: aimc.weights @points = dense<{{.*}}> : tensor<3x2xf32>
// CHECK: aimc.weights @readout
// CHECK-LABEL: func.func @machine
//  CHECK-SAME: %[[X:.+]]: tensor<?x2xf32>
//       CHECK:   %[[E:.+]] = tensor.empty() : tensor<3x2xf32>
//       CHECK:   %[[Y:.+]] = aimc.load @points outs(%[[E]] : tensor<3x2xf32>) -> tensor<3x2xf32>
//       CHECK:   %[[K:.+]] = aimc.gram kernel(rbf) gamma(5.000000e-01) ins(%[[X]], %[[Y]] : tensor<?x2xf32>, tensor<3x2xf32>) outs(%{{.+}} : tensor<?x3xf32>) -> tensor<?x3xf32>
//       CHECK:   aimc.mvm @readout site(0) role(readout) ins(%[[K]] :
func.func @machine(%x: tensor<?x2xf32>, %init: tensor<?x1xf32>) -> tensor<?x1xf32> {
  %y = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %k = kernel.gram kernel(rbf) gamma(0.5) %x, %y : tensor<?x2xf32>, tensor<3x2xf32> -> tensor<?x3xf32>
  %w = arith.constant dense<[[1.0], [2.0], [3.0]]> : tensor<3x1xf32>
  %zero = arith.constant 0.0 : f32
  %start = linalg.fill ins(%zero : f32) outs(%init : tensor<?x1xf32>) -> tensor<?x1xf32>
  %r = linalg.matmul ins(%k, %w : tensor<?x3xf32>, tensor<3x1xf32>) outs(%start : tensor<?x1xf32>) -> tensor<?x1xf32>
  return %r : tensor<?x1xf32>
}

// -----

// Computed points are used as they are; two constants are two matrices.

// CHECK: aimc.weights @inputs = dense<1.000000e+00> : tensor<4x2xf32>
// CHECK: aimc.weights @points = dense<2.000000e+00> : tensor<3x2xf32>
// CHECK-LABEL: func.func @computed
//  CHECK-SAME: %[[X:.+]]: tensor<8x2xf32>, %[[Y:.+]]: tensor<3x2xf32>
//       CHECK:   aimc.gram kernel(arccos0) ins(%[[X]], %[[Y]] :
//       CHECK:   %[[A:.+]] = aimc.load @inputs
//       CHECK:   %[[B:.+]] = aimc.load @points
//       CHECK:   aimc.gram kernel(linear) ins(%[[A]], %[[B]] :
func.func @computed(%x: tensor<8x2xf32>, %y: tensor<3x2xf32>) -> (tensor<8x3xf32>, tensor<4x3xf32>) {
  %k = kernel.gram kernel(arccos0) %x, %y : tensor<8x2xf32>, tensor<3x2xf32> -> tensor<8x3xf32>
  %a = arith.constant dense<1.0> : tensor<4x2xf32>
  %b = arith.constant dense<2.0> : tensor<3x2xf32>
  %l = kernel.gram kernel(linear) %a, %b : tensor<4x2xf32>, tensor<3x2xf32> -> tensor<4x3xf32>
  return %k, %l : tensor<8x3xf32>, tensor<4x3xf32>
}
