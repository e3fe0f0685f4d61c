// Sites that the file does not have as the module has them.
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-calibrate="ranges=%S/Inputs/ranges.json rule=max" --split-input-file --verify-diagnostics

// A site that is not in the file.

aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2)
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error-re @below {{'aimc.mvm' op expects site 7 in ranges file '{{.*}}ranges.json', but it is not there}}
  %a = aimc.mvm @w site(7) role(linear) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// A site that no vector reached.

aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2)
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error-re @below {{'aimc.mvm' op expects vectors of site 2 in ranges file '{{.*}}ranges.json', but none were recorded}}
  %a = aimc.mvm @w site(2) role(linear) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// A site of another matrix.

aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2)
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error-re @below {{'aimc.mvm' op expects site 3 in ranges file '{{.*}}ranges.json' to be of matrix 'w', but got 'v'}}
  %a = aimc.mvm @w site(3) role(linear) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// A range that FP32 does not hold.

aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2)
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'aimc.mvm' op expects recorded values with a range that is finite and above 0 in FP32, but got an input range of INF}}
  %a = aimc.mvm @w site(4) role(linear) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// A matrix without tiles.

aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'aimc.mvm' op expects tiles of @w, but there are none (aimc-tile adds them)}}
  %a = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}
