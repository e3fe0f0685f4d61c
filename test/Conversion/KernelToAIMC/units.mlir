// RUN: aimc-opt %s --kernel-sample-projections --convert-kernel-to-aimc --aimc-set-target=target=hermes --aimc-split | FileCheck %s

// Where the nonlinearity of each map runs on hermes: the unit at the core has a
// maximum, hence ReLU, but neither a step nor cosines and exponentials.

// CHECK-LABEL: func.func @step
//   CHECK-NOT:   aimc.digital on("local")
//       CHECK:   aimc.digital on("global")
//       CHECK:     aimc.step
func.func @step(%x: tensor<?x6xf32>) -> tensor<?x8xf32> {
  %omega = kernel.projection sampler(orf) seed(3) : tensor<8x6xf32>
  %z = kernel.features map(arccos0) %x, %omega : tensor<?x6xf32>, tensor<8x6xf32> -> tensor<?x8xf32>
  return %z : tensor<?x8xf32>
}

// CHECK-LABEL: func.func @relu
//   CHECK-NOT:   aimc.digital on("global")
//       CHECK:   aimc.digital on("local")
//   CHECK-NOT:   aimc.digital on("global")
//       CHECK:   return
func.func @relu(%x: tensor<?x6xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>) {
  %omega = kernel.projection sampler(orf) seed(3) : tensor<8x6xf32>
  %a = kernel.features map(arccos1) %x, %omega : tensor<?x6xf32>, tensor<8x6xf32> -> tensor<?x8xf32>
  %b = kernel.features map(arccos2) %x, %omega : tensor<?x6xf32>, tensor<8x6xf32> -> tensor<?x8xf32>
  %c = kernel.features map(relu) %x, %omega : tensor<?x6xf32>, tensor<8x6xf32> -> tensor<?x8xf32>
  return %a, %b, %c : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>
}

// Sums and largest values of rows see all columns.

// CHECK-LABEL: func.func @softmax
//   CHECK-NOT:   aimc.digital on("local")
//       CHECK:   aimc.digital on("global")
//       CHECK:     math.exp
//   CHECK-NOT:   aimc.digital on("local")
//       CHECK:   return
func.func @softmax(%x: tensor<?x6xf32>) -> (tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x16xf32>) {
  %omega = kernel.projection sampler(orf) seed(3) : tensor<8x6xf32>
  %a = kernel.features map(softmax_pos) %x, %omega : tensor<?x6xf32>, tensor<8x6xf32> -> tensor<?x16xf32>
  %b = kernel.features map(softmax_pos) stabiliser(row) %x, %omega : tensor<?x6xf32>, tensor<8x6xf32> -> tensor<?x16xf32>
  %c = kernel.features map(softmax_trig) %x, %omega : tensor<?x6xf32>, tensor<8x6xf32> -> tensor<?x16xf32>
  return %a, %b, %c : tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x16xf32>
}
