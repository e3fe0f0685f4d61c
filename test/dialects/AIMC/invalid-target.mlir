// RUN: aimc-opt %s --aimc-set-target=target=hermes --split-input-file --verify-diagnostics

// Constraints that hold only where there is a target: the pass attaches it, and
// the verifier that runs after the pass finds what does not fit.

// aimc.tile (C4) The core exists.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
// expected-error @below {{'aimc.tile' op expects one of 1 chips of 64 cores of target 'hermes', but got chip 0, core 64}}
aimc.tile @t of @w index [0, 0] rows(0, 4) columns(0, 4) on chip(0) core(64) at(0, 0)

// -----

// aimc.tile (C4) The chip exists.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
// expected-error @below {{'aimc.tile' op expects one of 1 chips of 64 cores of target 'hermes', but got chip 1, core 0}}
aimc.tile @t of @w index [0, 0] rows(0, 4) columns(0, 4) on chip(1) core(0) at(0, 0)

// -----

// aimc.tile (C5) A tile fits the usable array.
aimc.weights @w = dense<0.5> : tensor<257x4xf32>
// expected-error @below {{'aimc.tile' op expects at most 256x256 cells, the usable array of target 'hermes', but got 257x4}}
aimc.tile @t of @w index [0, 0] rows(0, 257) columns(0, 4)

// -----

// aimc.tile (C5) A placed tile stands inside its array.
aimc.weights @w = dense<0.5> : tensor<4x4xf32>
// expected-error @below {{'aimc.tile' op expects the tile inside an array of 256x256, but got 4x4 at (253, 0)}}
aimc.tile @t of @w index [0, 0] rows(0, 4) columns(0, 4) on chip(0) core(0) at(253, 0)

// -----

// aimc.digital (C2) The unit exists.
func.func @digital_c2(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'aimc.digital' op expects a digital unit of target 'hermes' (local, global), but got 'gpu'}}
  %y = aimc.digital on("gpu") -> tensor<8x4xf32> {
    %s = arith.addf %x, %x : tensor<8x4xf32>
    aimc.yield %s : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// aimc.program (C3) The unit exists.
// expected-error @below {{'aimc.program' op expects a digital unit of target 'hermes' (local, global), but got 'gpu'}}
aimc.program @p on("gpu") (%x: vector<4xf32>) -> (vector<4xf32>) {
  aimc.yield %x : vector<4xf32>
}

// -----

// aimc.attention (C10) The unit exists.
func.func @attention_c10(%n: index, %q: tensor<?x8xf32>, %v: tensor<?x6xf32>, %init: tensor<?x6xf32>) -> tensor<?x6xf32> {
  // expected-error @below {{'aimc.attention' op expects a digital unit of target 'hermes' (local, global), but got 'gpu'}}
  %y = aimc.attention on("gpu") heads(2) sequences(%n)
      ins(%q, %q, %v : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x6xf32>)
      outs(%init : tensor<?x6xf32>) -> tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}
