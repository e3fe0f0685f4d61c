aimc.weights @w = dense<0.5> : tensor<1024x256xf32>
func.func @product(%x: tensor<?x1024xf32>, %init: tensor<?x256xf32>) -> tensor<?x256xf32> {
  %y = aimc.mvm @w site(0) role(linear) ins(%x : tensor<?x1024xf32>) outs(%init : tensor<?x256xf32>) -> tensor<?x256xf32>
  return %y : tensor<?x256xf32>
}
