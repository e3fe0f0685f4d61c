// RUN: aimc-opt %s --inline --symbol-dce | FileCheck %s

// A feature map in a function of its own is one of each caller.

// CHECK-NOT: func.func private
// CHECK-LABEL: func.func @two_maps
//  CHECK-SAME:   %[[X:.+]]: tensor<?x4xf32>, %[[Y:.+]]: tensor<?x4xf32>
//       CHECK:   %[[OMEGA:.+]] = kernel.projection
//       CHECK:   %[[A:.+]] = kernel.features map(rbf) %[[X]], %[[OMEGA]]
//       CHECK:   %[[B:.+]] = kernel.features map(rbf) %[[Y]], %{{.+}}
//       CHECK:   return %[[A]], %[[B]]
func.func private @map(%x: tensor<?x4xf32>) -> tensor<?x16xf32> {
  %omega = kernel.projection sampler(rff) seed(7) : tensor<8x4xf32>
  %z = kernel.features map(rbf) %x, %omega : tensor<?x4xf32>, tensor<8x4xf32> -> tensor<?x16xf32>
  return %z : tensor<?x16xf32>
}
func.func @two_maps(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> (tensor<?x16xf32>, tensor<?x16xf32>) {
  %a = call @map(%x) : (tensor<?x4xf32>) -> tensor<?x16xf32>
  %b = call @map(%y) : (tensor<?x4xf32>) -> tensor<?x16xf32>
  return %a, %b : tensor<?x16xf32>, tensor<?x16xf32>
}
