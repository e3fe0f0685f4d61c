aimc.weights @omega = dense<0.5> : tensor<300x100xf32>
func.func @project(%x: tensor<8x300xf32>) -> tensor<8x100xf32> {
  %init = tensor.empty() : tensor<8x100xf32>
  %p = aimc.mvm @omega site(0) role(projection) ins(%x : tensor<8x300xf32>)
      outs(%init : tensor<8x100xf32>) -> tensor<8x100xf32>
  return %p : tensor<8x100xf32>
}
