// RUN: aimc-opt %s --convert-linalg-to-aimc --split-input-file | FileCheck %s

// A product with a constant matrix, into zeros.

//       CHECK: aimc.weights @weights = dense<5.000000e-01> : tensor<4x3xf32>
// CHECK-LABEL: func.func @matmul
//  CHECK-SAME: %[[X:.+]]: tensor<8x4xf32>
//       CHECK:   %[[E:.+]] = tensor.empty() : tensor<8x3xf32>
//       CHECK:   %[[Y:.+]] = aimc.mvm @weights site(0) role(linear) ins(%[[X]] : tensor<8x4xf32>) outs(%[[E]] : tensor<8x3xf32>)
//   CHECK-NOT:   linalg.
//       CHECK:   return %[[Y]]
func.func @matmul(%x: tensor<8x4xf32>) -> tensor<8x3xf32> {
  %w = arith.constant dense<0.5> : tensor<4x3xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x3xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x3xf32>) -> tensor<8x3xf32>
  %y = linalg.matmul ins(%x, %w : tensor<8x4xf32>, tensor<4x3xf32>) outs(%f : tensor<8x3xf32>) -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}

// -----

// Operand maps may transpose the constant, as weights of PyTorch are.

//       CHECK: aimc.weights @weights = dense<{{\[}}[1.000000e+00, 3.000000e+00, 5.000000e+00], [2.000000e+00, 4.000000e+00, 6.000000e+00]]> : tensor<2x3xf32>
// CHECK-LABEL: func.func @transposed_map
//       CHECK:   aimc.mvm @weights
func.func @transposed_map(%x: tensor<?x2xf32>, %n: index) -> tensor<?x3xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty(%n) : tensor<?x3xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<?x3xf32>) -> tensor<?x3xf32>
  %y = linalg.matmul
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
      ins(%x, %w : tensor<?x2xf32>, tensor<3x2xf32>) outs(%f : tensor<?x3xf32>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// -----

// So may an operation of its own, in any number.

//       CHECK: aimc.weights @weights = dense<{{\[}}[1.000000e+00, 3.000000e+00], [2.000000e+00, 4.000000e+00]]>
// CHECK-LABEL: func.func @transposed_value
//   CHECK-NOT:   linalg.
func.func @transposed_value(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %t = tensor.empty() : tensor<2x2xf32>
  %wt = linalg.transpose ins(%w : tensor<2x2xf32>) outs(%t : tensor<2x2xf32>) permutation = [1, 0]
  %zero = arith.constant dense<0.0> : tensor<8x2xf32>
  %y = linalg.matmul ins(%x, %wt : tensor<8x2xf32>, tensor<2x2xf32>) outs(%zero : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

// -----

// A product that is written as loops is one as well.

// CHECK-LABEL: func.func @generic
//       CHECK:   aimc.mvm @weights
func.func @generic(%x: tensor<8x4xf32>) -> tensor<8x3xf32> {
  %w = arith.constant dense<0.5> : tensor<4x3xf32>
  %zero = arith.constant dense<0.0> : tensor<8x3xf32>
  %y = linalg.generic {
      indexing_maps = [affine_map<(n, k, c) -> (n, k)>, affine_map<(n, k, c) -> (k, c)>, affine_map<(n, k, c) -> (n, c)>],
      iterator_types = ["parallel", "reduction", "parallel"]}
      ins(%x, %w : tensor<8x4xf32>, tensor<4x3xf32>) outs(%zero : tensor<8x3xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}

// -----

// What the init holds is added afterwards.

// CHECK-LABEL: func.func @init
//  CHECK-SAME: %[[X:.+]]: tensor<8x4xf32>, %[[INIT:.+]]: tensor<8x3xf32>
//       CHECK:   %[[P:.+]] = aimc.mvm @weights
//       CHECK:   %[[Y:.+]] = linalg.add ins(%[[INIT]], %[[P]] :
//       CHECK:   return %[[Y]]
func.func @init(%x: tensor<8x4xf32>, %init: tensor<8x3xf32>) -> tensor<8x3xf32> {
  %w = arith.constant dense<0.5> : tensor<4x3xf32>
  %y = linalg.matmul ins(%x, %w : tensor<8x4xf32>, tensor<4x3xf32>) outs(%init : tensor<8x3xf32>) -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}

// -----

// A product of features is a read-out, whatever digital work lies between; a
// product of a read-out is not.

// CHECK-LABEL: func.func @roles
//       CHECK:   aimc.mvm @omega site(0) role(projection)
//       CHECK:   aimc.mvm @readout site(1) role(readout)
//       CHECK:   aimc.mvm @weights site(2) role(linear)
aimc.weights @omega = dense<0.5> : tensor<4x4xf32>
func.func @roles(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  %p = aimc.mvm @omega site(0) role(projection) ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
  %z = math.cos %p : tensor<8x4xf32>
  %w = arith.constant dense<0.25> : tensor<4x4xf32>
  %zero = arith.constant dense<0.0> : tensor<8x4xf32>
  %y = linalg.matmul ins(%z, %w : tensor<8x4xf32>, tensor<4x4xf32>) outs(%zero : tensor<8x4xf32>) -> tensor<8x4xf32>
  %w2 = arith.constant dense<0.125> : tensor<4x4xf32>
  %y2 = linalg.matmul ins(%y, %w2 : tensor<8x4xf32>, tensor<4x4xf32>) outs(%zero : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %y2 : tensor<8x4xf32>
}

// -----

// Features before they are lowered count as well.

// CHECK-LABEL: func.func @features
//       CHECK:   aimc.mvm @readout site(0) role(readout)
func.func @features(%x: tensor<8x2xf32>) -> tensor<8x3xf32> {
  %omega = arith.constant dense<0.5> : tensor<2x2xf32>
  %z = kernel.features map(rbf) %x, %omega : tensor<8x2xf32>, tensor<2x2xf32> -> tensor<8x4xf32>
  %w = arith.constant dense<0.5> : tensor<4x3xf32>
  %zero = arith.constant dense<0.0> : tensor<8x3xf32>
  %y = linalg.matmul ins(%z, %w : tensor<8x4xf32>, tensor<4x3xf32>) outs(%zero : tensor<8x3xf32>) -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}

// -----

// One constant is one matrix, and each use of it a site, also in other
// functions.

// CHECK-COUNT-1: aimc.weights @weights
//     CHECK-NOT: aimc.weights
//   CHECK-LABEL: func.func @first
//         CHECK:   aimc.mvm @weights site(0)
//   CHECK-LABEL: func.func @second
//         CHECK:   aimc.mvm @weights site(1)
func.func @first(%x: tensor<8x4xf32>) -> tensor<8x3xf32> {
  %w = arith.constant dense<0.5> : tensor<4x3xf32>
  %zero = arith.constant dense<0.0> : tensor<8x3xf32>
  %y = linalg.matmul ins(%x, %w : tensor<8x4xf32>, tensor<4x3xf32>) outs(%zero : tensor<8x3xf32>) -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}
func.func @second(%x: tensor<8x4xf32>) -> tensor<8x3xf32> {
  %w = arith.constant dense<0.5> : tensor<4x3xf32>
  %zero = arith.constant dense<0.0> : tensor<8x3xf32>
  %y = linalg.matmul ins(%x, %w : tensor<8x4xf32>, tensor<4x3xf32>) outs(%zero : tensor<8x3xf32>) -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}

// -----

// A resource stays as it is: its data are not copied.

//       CHECK: aimc.weights @weights = dense_resource<layer> : tensor<2x2xf32>
// CHECK-LABEL: func.func @resource
func.func @resource(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %w = arith.constant dense_resource<layer> : tensor<2x2xf32>
  %zero = arith.constant dense<0.0> : tensor<8x2xf32>
  %y = linalg.matmul ins(%x, %w : tensor<8x2xf32>, tensor<2x2xf32>) outs(%zero : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

{-#
  dialect_resources: {
    builtin: {
      layer: "0x040000000000803F000000400000404000008040"
    }
  }
#-}

// -----

// Lengths that a type leaves open are those of the matrix.

// CHECK-LABEL: func.func @open_lengths
//  CHECK-SAME: %[[X:.+]]: tensor<?x?xf32>, %[[INIT:.+]]: tensor<?x?xf32>
//   CHECK-DAG:   %[[V:.+]] = tensor.cast %[[X]] : tensor<?x?xf32> to tensor<?x4xf32>
//       CHECK:   %[[P:.+]] = aimc.mvm @weights site(0) role(linear) ins(%[[V]] : tensor<?x4xf32>) outs({{.+}} : tensor<?x3xf32>)
//       CHECK:   %[[START:.+]] = tensor.cast %[[INIT]] : tensor<?x?xf32> to tensor<?x3xf32>
//       CHECK:   %[[S:.+]] = linalg.add ins(%[[START]], %[[P]] :
//       CHECK:   %[[R:.+]] = tensor.cast %[[S]] : tensor<?x3xf32> to tensor<?x?xf32>
//       CHECK:   return %[[R]]
func.func @open_lengths(%x: tensor<?x?xf32>, %init: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %w = arith.constant dense<0.5> : tensor<4x3xf32>
  %y = linalg.matmul ins(%x, %w : tensor<?x?xf32>, tensor<4x3xf32>) outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
