// Two projections in a row, and a scale.
func.func @main(%x: tensor<?x3xf32>) -> tensor<?x4xf32> {
  %omega = kernel.projection sampler(orf) gamma(0.5) seed(1) : tensor<2x3xf32>
  %z = kernel.features map(rbf) %x, %omega : tensor<?x3xf32>, tensor<2x3xf32> -> tensor<?x4xf32>
  %phi = kernel.projection sampler(orf) gamma(0.5) seed(2) : tensor<2x4xf32>
  %y = kernel.features map(rbf) %z, %phi : tensor<?x4xf32>, tensor<2x4xf32> -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}
