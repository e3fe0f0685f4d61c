// A projection of 2 MB.
func.func @main(%x: tensor<?x512xf32>) -> tensor<?x2048xf32> {
  %omega = kernel.projection sampler(orf) gamma(0.5) seed(7) : tensor<1024x512xf32>
  %z = kernel.features map(rbf) %x, %omega : tensor<?x512xf32>, tensor<1024x512xf32> -> tensor<?x2048xf32>
  return %z : tensor<?x2048xf32>
}
