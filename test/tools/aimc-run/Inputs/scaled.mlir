// 20000 times the rows of x times [[1, 2], [3, 4], [5, 6]].
#row = affine_map<(d0, d1) -> (d0, d1)>
func.func @main(%x: tensor<?x3xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %zero = arith.constant 0.0 : f32
  %scale = arith.constant 20000.0 : f32
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x3xf32>
  %empty = tensor.empty(%n) : tensor<?x2xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x2xf32>) -> tensor<?x2xf32>
  %y = linalg.matmul ins(%x, %w : tensor<?x3xf32>, tensor<3x2xf32>) outs(%init : tensor<?x2xf32>) -> tensor<?x2xf32>
  %scaled = linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<?x2xf32>) outs(%empty : tensor<?x2xf32>) {
    ^bb0(%in: f32, %out: f32):
      %product = arith.mulf %in, %scale : f32
      linalg.yield %product : f32
    } -> tensor<?x2xf32>
  return %scaled : tensor<?x2xf32>
}
