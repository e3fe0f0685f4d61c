// A classifier of two classes on four values: random features of an RBF kernel and
// a read-out.

func.func @predict(%x: tensor<?x4xf32>) -> tensor<?x2xf32> {
  %omega = kernel.projection sampler(orf) gamma(0.5) seed(7) : tensor<2x4xf32>
  %z = kernel.features map(rbf) %x, %omega
      : tensor<?x4xf32>, tensor<2x4xf32> -> tensor<?x4xf32>
  %w = arith.constant dense<[[1.0, -1.0], [0.5, 0.25], [-2.0, 1.0], [0.0, 3.0]]> : tensor<4x2xf32>
  %zero = arith.constant 0.0 : f32
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x4xf32>
  %empty = tensor.empty(%n) : tensor<?x2xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x2xf32>) -> tensor<?x2xf32>
  %scores = linalg.matmul ins(%z, %w : tensor<?x4xf32>, tensor<4x2xf32>)
      outs(%init : tensor<?x2xf32>) -> tensor<?x2xf32>
  return %scores : tensor<?x2xf32>
}
