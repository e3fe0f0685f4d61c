// RUN: aimc-opt %s --aimc-verify-casts --split-input-file | FileCheck %s
// RUN: aimc-opt %s --aimc-verify-casts --aimc-verify-casts --split-input-file | FileCheck %s

// Open sizes that become known are compared, once.

// CHECK-LABEL: func.func @claims
//  CHECK-SAME:   %[[X:.+]]: tensor<?x?x4xf32>
//       CHECK:   %[[B:.+]] = tensor.dim %[[X]], %c0
//       CHECK:   %[[C2:.+]] = arith.constant 2 : index
//       CHECK:   aimc.verify_size "entries along dimension 0, as 'tensor.cast' has it" size(%[[B]]) expected(%[[C2]])
//       CHECK:   aimc.verify_size "entries along dimension 1, as 'tensor.cast' has it"
//   CHECK-NOT:   aimc.verify_size
//       CHECK:   tensor.cast %[[X]]
func.func @claims(%x: tensor<?x?x4xf32>) -> tensor<2x3x4xf32> {
  %y = tensor.cast %x : tensor<?x?x4xf32> to tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}

// -----

// A size that is known on both sides, or no more, is no claim.

// CHECK-LABEL: func.func @no_claims
//   CHECK-NOT:   aimc.verify_size
//       CHECK:   return
func.func @no_claims(%x: tensor<2x?x4xf32>, %all: tensor<*xf32>) -> (tensor<?x?x4xf32>, tensor<?x2xf32>) {
  %y = tensor.cast %x : tensor<2x?x4xf32> to tensor<?x?x4xf32>
  %z = tensor.cast %all : tensor<*xf32> to tensor<?x2xf32>
  return %y, %z : tensor<?x?x4xf32>, tensor<?x2xf32>
}

// -----

// Claims that contradict each other are both compared.

// CHECK-LABEL: func.func @two_claims
//       CHECK:   aimc.verify_size {{.+}} expected(%c2)
//       CHECK:   tensor.cast %{{.+}} : tensor<?x4xf32> to tensor<2x4xf32>
//       CHECK:   aimc.verify_size {{.+}} expected(%c3)
//       CHECK:   tensor.cast %{{.+}} : tensor<?x4xf32> to tensor<3x4xf32>
func.func @two_claims(%x: tensor<?x4xf32>) -> (tensor<2x4xf32>, tensor<3x4xf32>) {
  %y = tensor.cast %x : tensor<?x4xf32> to tensor<2x4xf32>
  %z = tensor.cast %x : tensor<?x4xf32> to tensor<3x4xf32>
  return %y, %z : tensor<2x4xf32>, tensor<3x4xf32>
}
