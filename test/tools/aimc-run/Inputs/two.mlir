func.func @two(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
  %sum = arith.addf %x, %x : tensor<?x2xf32>
  %product = arith.mulf %x, %x : tensor<?x2xf32>
  return %sum, %product : tensor<?x2xf32>, tensor<?x2xf32>
}
