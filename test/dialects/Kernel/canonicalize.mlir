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

// So it does with the options of a map.

// CHECK-LABEL: func.func @cast_options
//       CHECK:   kernel.features map(relu) epsilon(1.000000e-02) %{{.+}}, %{{.+}} : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
//       CHECK:   kernel.features map(softmax_pos) stabiliser(row) %{{.+}}, %{{.+}} : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
func.func @cast_options(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>) -> (tensor<?x4xf32>, tensor<?x8xf32>) {
  %y = tensor.cast %x : tensor<8x2xf32> to tensor<?x2xf32>
  %a = kernel.features map(relu) epsilon(0.01) %y, %omega : tensor<?x2xf32>, tensor<4x2xf32> -> tensor<?x4xf32>
  %b = kernel.features map(softmax_pos) stabiliser(row) %y, %omega : tensor<?x2xf32>, tensor<4x2xf32> -> tensor<?x8xf32>
  return %a, %b : tensor<?x4xf32>, tensor<?x8xf32>
}

// And behind an exact kernel; equal kernels are one.

// CHECK-LABEL: func.func @cast_gram
//  CHECK-SAME: %[[X:.+]]: tensor<8x2xf32>, %[[Y:.+]]: tensor<4x2xf32>
//       CHECK:   %[[K:.+]] = kernel.gram kernel(rbf) gamma(5.000000e-01) %[[X]], %[[Y]] : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
//       CHECK:   %[[CAST:.+]] = tensor.cast %[[K]] : tensor<8x4xf32> to tensor<?x4xf32>
//       CHECK:   return %[[CAST]], %[[CAST]]
func.func @cast_gram(%x: tensor<8x2xf32>, %points: tensor<4x2xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %y = tensor.cast %x : tensor<8x2xf32> to tensor<?x2xf32>
  %a = kernel.gram kernel(rbf) gamma(0.5) %y, %points : tensor<?x2xf32>, tensor<4x2xf32> -> tensor<?x4xf32>
  %b = kernel.gram kernel(rbf) gamma(0.5) %y, %points : tensor<?x2xf32>, tensor<4x2xf32> -> tensor<?x4xf32>
  return %a, %b : tensor<?x4xf32>, tensor<?x4xf32>
}
