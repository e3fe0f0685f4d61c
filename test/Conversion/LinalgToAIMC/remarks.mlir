// RUN: aimc-opt %s --convert-linalg-to-aimc --remarks-filter=convert-linalg-to-aimc --split-input-file --verify-diagnostics | FileCheck %s

// Crossbars hold what does not change.

// CHECK-LABEL: func.func @not_constant
//       CHECK:   linalg.matmul
func.func @not_constant(%x: tensor<8x4xf32>, %w: tensor<4x3xf32>, %init: tensor<8x3xf32>) -> tensor<8x3xf32> {
  // expected-remark @below {{'linalg.matmul' stays: its right operand is not constant}}
  %y = linalg.matmul ins(%x, %w : tensor<8x4xf32>, tensor<4x3xf32>) outs(%init : tensor<8x3xf32>) -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}

// -----

// Vectors are rows, so the matrix stands on the right.

// CHECK-LABEL: func.func @left_constant
//       CHECK:   linalg.matmul
func.func @left_constant(%x: tensor<4x3xf32>, %init: tensor<8x3xf32>) -> tensor<8x3xf32> {
  %w = arith.constant dense<0.5> : tensor<8x4xf32>
  // expected-remark @below {{'linalg.matmul' stays: its left operand is the constant one}}
  %y = linalg.matmul ins(%w, %x : tensor<8x4xf32>, tensor<4x3xf32>) outs(%init : tensor<8x3xf32>) -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}

// -----

// A batch whose vectors are columns.

// CHECK-LABEL: func.func @transposed_input
//       CHECK:   linalg.matmul
func.func @transposed_input(%x: tensor<4x8xf32>, %init: tensor<8x3xf32>) -> tensor<8x3xf32> {
  %w = arith.constant dense<0.5> : tensor<4x3xf32>
  // expected-remark @below {{'linalg.matmul' stays: its left operand is transposed}}
  %y = linalg.matmul
      indexing_maps = [affine_map<(m, n, k) -> (k, m)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>]
      ins(%x, %w : tensor<4x8xf32>, tensor<4x3xf32>) outs(%init : tensor<8x3xf32>) -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}

// -----

// Weights are FP32.

// CHECK-LABEL: func.func @f64
//       CHECK:   linalg.matmul
func.func @f64(%x: tensor<8x4xf64>, %init: tensor<8x3xf64>) -> tensor<8x3xf64> {
  %w = arith.constant dense<0.5> : tensor<4x3xf64>
  // expected-remark @below {{'linalg.matmul' stays: its elements are not f32}}
  %y = linalg.matmul ins(%x, %w : tensor<8x4xf64>, tensor<4x3xf64>) outs(%init : tensor<8x3xf64>) -> tensor<8x3xf64>
  return %y : tensor<8x3xf64>
}

// -----

// A contraction that rounds its input is no product of matrices.

// CHECK-LABEL: func.func @rounds
//       CHECK:   linalg.generic
func.func @rounds(%x: tensor<8x4xf32>, %init: tensor<8x3xf32>) -> tensor<8x3xf32> {
  %w = arith.constant dense<0.5> : tensor<4x3xf32>
  // expected-remark @below {{'linalg.generic' stays: its body is more than a sum of products}}
  %y = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<8x4xf32>, tensor<4x3xf32>) outs(%init : tensor<8x3xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %i = arith.fptosi %a : f32 to i32
    %r = arith.sitofp %i : i32 to f32
    %p = arith.mulf %r, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}

// -----

// Neither is one that subtracts by negating the product.

// CHECK-LABEL: func.func @negates
//       CHECK:   linalg.generic
func.func @negates(%x: tensor<8x4xf32>, %init: tensor<8x3xf32>) -> tensor<8x3xf32> {
  %w = arith.constant dense<0.5> : tensor<4x3xf32>
  // expected-remark @below {{'linalg.generic' stays: its body is more than a sum of products}}
  %y = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<8x4xf32>, tensor<4x3xf32>) outs(%init : tensor<8x3xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %m = arith.negf %p : f32
    %s = arith.addf %c, %m : f32
    linalg.yield %s : f32
  } -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}

// -----

// A batch has rank 2.

// CHECK-LABEL: func.func @vecmat
//       CHECK:   linalg.vecmat
func.func @vecmat(%x: tensor<4xf32>, %init: tensor<3xf32>) -> tensor<3xf32> {
  %w = arith.constant dense<0.5> : tensor<4x3xf32>
  // expected-remark @below {{'linalg.vecmat' stays: its operands are not all of rank 2}}
  %y = linalg.vecmat ins(%x, %w : tensor<4xf32>, tensor<4x3xf32>) outs(%init : tensor<3xf32>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

// Buffers are past this level.

// CHECK-LABEL: func.func @buffers
//       CHECK:   linalg.matmul
func.func @buffers(%x: memref<8x4xf32>, %w: memref<4x3xf32>, %y: memref<8x3xf32>) {
  // expected-remark @below {{'linalg.matmul' stays: its operands are not tensors}}
  linalg.matmul ins(%x, %w : memref<8x4xf32>, memref<4x3xf32>) outs(%y : memref<8x3xf32>)
  return
}

// -----

// A product that a digital unit has is decided.

// CHECK-LABEL: func.func @decided
//       CHECK:   linalg.matmul
func.func @decided(%x: tensor<8x4xf32>, %init: tensor<8x3xf32>) -> tensor<8x3xf32> {
  %w = arith.constant dense<0.5> : tensor<4x3xf32>
  %y = aimc.digital on("host") -> tensor<8x3xf32> {
    // expected-remark @below {{'linalg.matmul' stays: it is assigned to a digital unit}}
    %p = linalg.matmul ins(%x, %w : tensor<8x4xf32>, tensor<4x3xf32>) outs(%init : tensor<8x3xf32>) -> tensor<8x3xf32>
    aimc.yield %p : tensor<8x3xf32>
  }
  return %y : tensor<8x3xf32>
}
