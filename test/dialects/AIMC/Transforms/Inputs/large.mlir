// A random projection from 3000 to 5000 values.
aimc.weights @omega = dense<0.5> : tensor<3000x5000xf32>
func.func @project(%x: tensor<?x3000xf32>, %init: tensor<?x5000xf32>) -> tensor<?x5000xf32> {
  %p = aimc.mvm @omega site(0) role(projection) ins(%x : tensor<?x3000xf32>)
      outs(%init : tensor<?x5000xf32>) -> tensor<?x5000xf32>
  return %p : tensor<?x5000xf32>
}
