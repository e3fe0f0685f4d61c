// Sixteen random Fourier features of seed 7.
func.func @features(%x: tensor<?x3xf32>) -> tensor<?x16xf32> {
  %omega = kernel.projection sampler(orf) gamma(0.5) seed(7) : tensor<8x3xf32>
  %z = kernel.features map(rbf) %x, %omega : tensor<?x3xf32>, tensor<8x3xf32> -> tensor<?x16xf32>
  return %z : tensor<?x16xf32>
}
