// Two tiles, which fit one core after another.
aimc.weights @w = dense<0.5> : tensor<8x300xf32>
func.func @main(%x: tensor<4x8xf32>) -> tensor<4x300xf32> {
  %init = tensor.empty() : tensor<4x300xf32>
  %p = aimc.mvm @w site(0) role(linear) ins(%x : tensor<4x8xf32>) outs(%init : tensor<4x300xf32>) -> tensor<4x300xf32>
  return %p : tensor<4x300xf32>
}
