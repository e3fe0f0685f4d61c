// RUN: aimc-opt %s --canonicalize --cse | FileCheck %s

// Equal recipes are the same projection; unused ones go.

// CHECK-LABEL: func.func @merge
//       CHECK:   %[[OMEGA:.+]] = kernel.projection
//   CHECK-NOT:   kernel.projection
//       CHECK:   return %[[OMEGA]], %[[OMEGA]]
func.func @merge() -> (tensor<4x2xf32>, tensor<4x2xf32>) {
  %a = kernel.projection sampler(rff) gamma(0.5) seed(7) : tensor<4x2xf32>
  %b = kernel.projection sampler(rff) gamma(0.5) seed(7) : tensor<4x2xf32>
  %unused = kernel.projection sampler(rff) gamma(0.5) seed(8) : tensor<4x2xf32>
  return %a, %b : tensor<4x2xf32>, tensor<4x2xf32>
}

// Another seed is another projection.

// CHECK-LABEL: func.func @keep
//       CHECK:   kernel.projection sampler(rff) seed(7)
//       CHECK:   kernel.projection sampler(rff) seed(8)
func.func @keep() -> (tensor<4x2xf32>, tensor<4x2xf32>) {
  %a = kernel.projection sampler(rff) seed(7) : tensor<4x2xf32>
  %b = kernel.projection sampler(rff) seed(8) : tensor<4x2xf32>
  return %a, %b : tensor<4x2xf32>, tensor<4x2xf32>
}

// A cast to a batch of unknown size moves behind the features.

// CHECK-LABEL: func.func @cast
//  CHECK-SAME: %[[X:.+]]: tensor<8x2xf32>
//       CHECK:   %[[Z:.+]] = kernel.features map(rbf) %[[X]], %{{.+}} : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
//       CHECK:   tensor.cast %[[Z]] : tensor<8x8xf32> to tensor<?x8xf32>
func.func @cast(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>) -> tensor<?x8xf32> {
  %y = tensor.cast %x : tensor<8x2xf32> to tensor<?x2xf32>
  %z = kernel.features map(rbf) %y, %omega : tensor<?x2xf32>, tensor<4x2xf32> -> tensor<?x8xf32>
  return %z : tensor<?x8xf32>
}
