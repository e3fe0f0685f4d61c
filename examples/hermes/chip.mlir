// All 64 cores of the HERMES chip: a matrix of 2048 x 2048.
// The products alone: what follows them on the local units is in the estimate.
func.func @chip(%x: tensor<?x2048xf32>) -> tensor<?x2048xf32> {
  %w = arith.constant dense<0.5> : tensor<2048x2048xf32>
  %zero = arith.constant 0.0 : f32
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x2048xf32>
  %empty = tensor.empty(%n) : tensor<?x2048xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x2048xf32>) -> tensor<?x2048xf32>
  %y = linalg.matmul ins(%x, %w : tensor<?x2048xf32>, tensor<2048x2048xf32>)
      outs(%init : tensor<?x2048xf32>) -> tensor<?x2048xf32>
  return %y : tensor<?x2048xf32>
}
