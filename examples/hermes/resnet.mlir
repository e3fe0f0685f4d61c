// The published ResNet layer on 8 cores: 3 x 3 x 224 inputs and 224 outputs.
// The products alone: what follows them on the local units is in the estimate.
func.func @resnet(%x: tensor<?x2016xf32>) -> tensor<?x224xf32> {
  %w = arith.constant dense<0.5> : tensor<2016x224xf32>
  %zero = arith.constant 0.0 : f32
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x2016xf32>
  %empty = tensor.empty(%n) : tensor<?x224xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x224xf32>) -> tensor<?x224xf32>
  %y = linalg.matmul ins(%x, %w : tensor<?x2016xf32>, tensor<2016x224xf32>)
      outs(%init : tensor<?x224xf32>) -> tensor<?x224xf32>
  return %y : tensor<?x224xf32>
}
