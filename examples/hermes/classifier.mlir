// A classifier by 704 random features of 22 inputs: cosines and sines, 2 classes.
func.func @classify(%x: tensor<?x22xf32>) -> tensor<?x2xf32> {
  %omega = kernel.projection sampler(orf) gamma(0.5) seed(7) : tensor<704x22xf32>
  %z = kernel.features map(rbf) %x, %omega
      : tensor<?x22xf32>, tensor<704x22xf32> -> tensor<?x1408xf32>
  %w = arith.constant dense<0.01> : tensor<1408x2xf32>
  %zero = arith.constant 0.0 : f32
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x22xf32>
  %empty = tensor.empty(%n) : tensor<?x2xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x2xf32>) -> tensor<?x2xf32>
  %scores = linalg.matmul ins(%z, %w : tensor<?x1408xf32>, tensor<1408x2xf32>)
      outs(%init : tensor<?x2xf32>) -> tensor<?x2xf32>
  return %scores : tensor<?x2xf32>
}
