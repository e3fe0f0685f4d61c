// The published LSTM step on 32 cores: 504 inputs, 504 states and 4 x 504 gates.
// The products alone: what follows them on the local units is in the estimate.
func.func @lstm(%x: tensor<?x1008xf32>) -> tensor<?x2016xf32> {
  %w = arith.constant dense<0.5> : tensor<1008x2016xf32>
  %zero = arith.constant 0.0 : f32
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x1008xf32>
  %empty = tensor.empty(%n) : tensor<?x2016xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x2016xf32>) -> tensor<?x2016xf32>
  %y = linalg.matmul ins(%x, %w : tensor<?x1008xf32>, tensor<1008x2016xf32>)
      outs(%init : tensor<?x2016xf32>) -> tensor<?x2016xf32>
  return %y : tensor<?x2016xf32>
}
