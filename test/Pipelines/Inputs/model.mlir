// A method of a dynamic batch: projection, features, read-out.
func.func @predict(%x: tensor<?x400xf32>) -> tensor<?x10xf32> {
  %omega = kernel.projection sampler(orf) gamma(0.5) seed(7) : tensor<512x400xf32>
  %z = kernel.features map(rbf) %x, %omega : tensor<?x400xf32>, tensor<512x400xf32> -> tensor<?x1024xf32>
  %w = arith.constant dense<0.01> : tensor<1024x10xf32>
  %zero = arith.constant 0.0 : f32
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x400xf32>
  %empty = tensor.empty(%n) : tensor<?x10xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x10xf32>) -> tensor<?x10xf32>
  %scores = linalg.matmul ins(%z, %w : tensor<?x1024xf32>, tensor<1024x10xf32>) outs(%init : tensor<?x10xf32>) -> tensor<?x10xf32>
  return %scores : tensor<?x10xf32>
}
