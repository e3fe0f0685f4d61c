// RUN: aimc-opt %s --convert-linalg-to-aimc --split-input-file --verify-diagnostics

// The data of a resource must have the size of the matrix.
func.func @truncated(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'arith.constant' op expects 16 bytes in resource 'truncated' for 'tensor<2x2xf32>', but got 12}}
  %w = arith.constant dense_resource<truncated> : tensor<2x2xf32>
  %y = linalg.matmul ins(%x, %w : tensor<8x2xf32>, tensor<2x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

{-#
  dialect_resources: {
    builtin: {
      truncated: "0x040000000000803F0000004000004040"
    }
  }
#-}

// -----

// Weights are finite.
func.func @infinite(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'arith.constant' op expects finite values, but got inf at row 0, column 0}}
  %w = arith.constant dense<0x7F800000> : tensor<2x2xf32>
  %y = linalg.matmul ins(%x, %w : tensor<8x2xf32>, tensor<2x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

// -----

// Sizes fit each other, also beside one that is open.
func.func @columns(%x: tensor<?x4xf32>, %init: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %w = arith.constant dense<0.5> : tensor<4x2xf32>
  // expected-error @below {{'linalg.matmul' op expects an output with 2 columns to match its matrix, but got 3}}
  %y = linalg.matmul ins(%x, %w : tensor<?x4xf32>, tensor<4x2xf32>) outs(%init : tensor<?x3xf32>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// -----

// So do vectors and the matrix.
func.func @rows(%x: tensor<?x4xf32>, %init: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<0.5> : tensor<5x2xf32>
  // expected-error @below {{'linalg.matmul' op expects an input with 5 columns to match its matrix, but got 4}}
  %y = linalg.matmul ins(%x, %w : tensor<?x4xf32>, tensor<5x2xf32>) outs(%init : tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// And inputs and outputs, which are one batch.
func.func @batch(%x: tensor<8x?xf32>, %init: tensor<6x2xf32>) -> tensor<6x2xf32> {
  %w = arith.constant dense<0.5> : tensor<4x2xf32>
  // expected-error @below {{'linalg.generic' op expects an output with 8 rows to match its input, but got 6}}
  %y = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<8x?xf32>, tensor<4x2xf32>) outs(%init : tensor<6x2xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<6x2xf32>
  return %y : tensor<6x2xf32>
}
