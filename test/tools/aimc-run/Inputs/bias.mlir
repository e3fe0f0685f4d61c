// x times [[1, 2], [3, 4], [5, 6]], and [1, -1].
func.func @bias(%x: tensor<?x3xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %b = arith.constant dense<[1.0, -1.0]> : tensor<2xf32>
  %zero = arith.constant 0.0 : f32
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x3xf32>
  %empty = tensor.empty(%n) : tensor<?x2xf32>
  %init = linalg.broadcast ins(%b : tensor<2xf32>) outs(%empty : tensor<?x2xf32>) dimensions = [0]
  %filled = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x2xf32>) -> tensor<?x2xf32>
  %y = linalg.matmul ins(%x, %w : tensor<?x3xf32>, tensor<3x2xf32>) outs(%filled : tensor<?x2xf32>) -> tensor<?x2xf32>
  %z = linalg.add ins(%y, %init : tensor<?x2xf32>, tensor<?x2xf32>) outs(%empty : tensor<?x2xf32>) -> tensor<?x2xf32>
  return %z : tensor<?x2xf32>
}
