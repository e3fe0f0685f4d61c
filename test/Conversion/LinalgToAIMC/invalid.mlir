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
