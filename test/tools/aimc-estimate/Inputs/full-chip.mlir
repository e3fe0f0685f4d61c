aimc.weights @w = dense<0.5> : tensor<2048x2048xf32>
func.func @full(%x: tensor<8x2048xf32>) -> tensor<8x2048xf32> {
  %init = tensor.empty() : tensor<8x2048xf32>
  %p = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x2048xf32>)
      outs(%init : tensor<8x2048xf32>) -> tensor<8x2048xf32>
  return %p : tensor<8x2048xf32>
}
