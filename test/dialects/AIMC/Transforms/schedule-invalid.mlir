// RUN: aimc-opt %s --split-input-file --verify-diagnostics --aimc-set-target=target=hermes --aimc-schedule

// (C1) Each operation that takes time has a slot.
module attributes {aimc.schedule = #aimc.schedule<cross_layer, interval = 320000, latency = 613000>} {
  aimc.weights @w = dense<0.5> : tensor<64x128xf32>
  aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
  func.func @f(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>) -> tensor<?x128xf32> {
    // expected-error @below {{'aimc.mvm' op expects an 'aimc.slot' in a module with 'aimc.schedule', but got none}}
    %p = aimc.mvm @w site(0) role(linear) ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) -> tensor<?x128xf32>
    return %p : tensor<?x128xf32>
  }
}

// -----

// (C1) There are no slots without a schedule.
aimc.weights @w = dense<0.5> : tensor<64x128xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
func.func @f(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>) -> tensor<?x128xf32> {
  // expected-error @below {{'aimc.mvm' op expects a slot in a module with 'aimc.schedule' alone, but the module has none}}
  %p = aimc.mvm @w site(0) role(linear) ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) {aimc.slot = #aimc.slot<start = 0, end = 613000>} -> tensor<?x128xf32>
  return %p : tensor<?x128xf32>
}

// -----

// (C2) A product takes what the target says.
module attributes {aimc.schedule = #aimc.schedule<cross_layer, interval = 320000, latency = 600000>} {
  aimc.weights @w = dense<0.5> : tensor<64x128xf32>
  aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
  func.func @f(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>) -> tensor<?x128xf32> {
    // expected-error @below {{'aimc.mvm' op expects a slot of 613000 ps on target 'hermes', but got one of 600000}}
    %p = aimc.mvm @w site(0) role(linear) ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) {aimc.slot = #aimc.slot<start = 0, end = 600000>} -> tensor<?x128xf32>
    return %p : tensor<?x128xf32>
  }
}

// -----

// (C3) The cosines begin a hop after the product.
module attributes {aimc.schedule = #aimc.schedule<cross_layer, interval = 320000, latency = 653000>} {
  aimc.weights @w = dense<0.5> : tensor<64x128xf32>
  aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
  func.func @f(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>) -> tensor<?x128xf32> {
    // expected-note @below {{the other operation is here}}
    %p = aimc.mvm @w site(0) role(linear) ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) {aimc.slot = #aimc.slot<start = 0, end = 613000>} -> tensor<?x128xf32>
    // expected-error @below {{'aimc.digital' op expects a start at 615500 ps or later, when its inputs are there, but got 613000}}
    %z = aimc.digital on("global") -> tensor<?x128xf32> attributes {aimc.slot = #aimc.slot<start = 613000, end = 653000>} {
      %c = math.cos %p : tensor<?x128xf32>
      aimc.yield %c : tensor<?x128xf32>
    }
    return %z : tensor<?x128xf32>
  }
}

// -----

// (C4) Two products on one crossbar.
module attributes {aimc.schedule = #aimc.schedule<cross_layer, interval = 800000, latency = 713000>} {
  aimc.weights @w = dense<0.5> : tensor<64x128xf32>
  aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
  func.func @f(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>) -> (tensor<?x128xf32>, tensor<?x128xf32>) {
    // expected-note @below {{the other operation is here}}
    %p = aimc.mvm @w site(0) role(linear) ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) {aimc.slot = #aimc.slot<start = 0, end = 613000>} -> tensor<?x128xf32>
    // expected-error @below {{'aimc.mvm' op expects the crossbar of chip 0, core 0 to be free, but another operation has it then}}
    %q = aimc.mvm @w site(1) role(linear) ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) {aimc.slot = #aimc.slot<start = 100000, end = 713000>} -> tensor<?x128xf32>
    return %p, %q : tensor<?x128xf32>, tensor<?x128xf32>
  }
}

// -----

// (C4) The second vector comes while the local unit is busy with the first.
module attributes {aimc.schedule = #aimc.schedule<cross_layer, interval = 300000, latency = 613000>} {
  aimc.weights @w = dense<0.5> : tensor<64x128xf32>
  aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
  func.func @f(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>) -> tensor<?x128xf32> {
    // expected-error @below {{'aimc.mvm' op expects the local unit of chip 0, core 0 for no longer than the interval of the schedule, but takes it longer}}
    %p = aimc.mvm @w site(0) role(linear) ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) {aimc.slot = #aimc.slot<start = 0, end = 613000>} -> tensor<?x128xf32>
    return %p : tensor<?x128xf32>
  }
}

// -----

// (C5) The latency is that of the last slot.
// expected-error @below {{'aimc.schedule' expects the latency 613000 of the last slot, but got 5}}
module attributes {aimc.schedule = #aimc.schedule<cross_layer, interval = 320000, latency = 5>} {
  aimc.weights @w = dense<0.5> : tensor<64x128xf32>
  aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
  func.func @f(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>) -> tensor<?x128xf32> {
    %p = aimc.mvm @w site(0) role(linear) ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) {aimc.slot = #aimc.slot<start = 0, end = 613000>} -> tensor<?x128xf32>
    return %p : tensor<?x128xf32>
  }
}

// -----

// A tile without a place.
aimc.weights @w = dense<0.5> : tensor<64x128xf32>
// expected-error @below {{'aimc.tile' op expects a place on a core, but has none (aimc-place gives it)}}
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128)

// -----

// A product without tiles.
aimc.weights @w = dense<0.5> : tensor<64x128xf32>
func.func @f(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>) -> tensor<?x128xf32> {
  // expected-error @below {{'aimc.mvm' op expects tiles of @w, but there are none (aimc-tile adds them)}}
  %p = aimc.mvm @w site(0) role(linear) ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) -> tensor<?x128xf32>
  return %p : tensor<?x128xf32>
}

// -----

// Attention that no unit does.
func.func @f(%q: tensor<?x8xf32>, %v: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %one = arith.constant 1 : index
  // expected-error @below {{'aimc.attention' op expects a digital unit, but has none (aimc-split gives it)}}
  %y = aimc.attention heads(1) sequences(%one) ins(%q, %q, %v : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x4xf32>) outs(%v : tensor<?x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// -----

// (C4) Copies that take turns on cores of their own have two intervals; on one core
// both take it in them.
module attributes {aimc.schedule = #aimc.schedule<cross_layer, interval = 160000, latency = 613000>} {
  aimc.weights @apart = dense<0.5> : tensor<64x128xf32>
  aimc.tile @apart_0 of @apart index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
  aimc.tile @apart_1 of @apart copy(1) index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(1) at(0, 0)
  aimc.weights @together = dense<0.5> : tensor<64x128xf32>
  aimc.tile @together_0 of @together index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(2) at(0, 0)
  aimc.tile @together_1 of @together copy(1) index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(2) at(64, 0)
  func.func @f(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>) -> (tensor<?x128xf32>, tensor<?x128xf32>) {
    %p = aimc.mvm @apart site(0) role(linear) grid [1, 1] share(2) ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) {aimc.slot = #aimc.slot<start = 0, end = 613000>} -> tensor<?x128xf32>
    // expected-error @below {{'aimc.mvm' op expects the local unit of chip 0, core 2 to be free, but another vector has it then}}
    %q = aimc.mvm @together site(1) role(linear) grid [1, 1] share(2) ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) {aimc.slot = #aimc.slot<start = 0, end = 613000>} -> tensor<?x128xf32>
    return %p, %q : tensor<?x128xf32>, tensor<?x128xf32>
  }
}

// -----

// (C7) What overlaps is not layer by layer: a product begins before another has ended.
module attributes {aimc.schedule = #aimc.schedule<layer_by_layer, interval = 1226000, latency = 613000>} {
  aimc.weights @w = dense<0.5> : tensor<64x128xf32>
  aimc.weights @v = dense<0.5> : tensor<64x128xf32>
  aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
  aimc.tile @v_0_0 of @v index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(1) at(0, 0)
  func.func @f(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>) -> (tensor<?x128xf32>, tensor<?x128xf32>) {
    // expected-note @below {{the other operation is here}}
    %p = aimc.mvm @w site(0) role(linear) ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) {aimc.slot = #aimc.slot<start = 0, end = 613000>} -> tensor<?x128xf32>
    // expected-error @below {{'aimc.mvm' op expects a start at 613000 ps or later in a schedule layer by layer, when the operation before it has ended, but got 0}}
    %q = aimc.mvm @v site(1) role(linear) ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) {aimc.slot = #aimc.slot<start = 0, end = 613000>} -> tensor<?x128xf32>
    return %p, %q : tensor<?x128xf32>, tensor<?x128xf32>
  }
}

// -----

// (C7) A vector begins before the one before it has ended.
// expected-error @below {{'aimc.schedule' expects an interval of at least 613000 layer by layer, when the vector before has ended, but got 320000}}
module attributes {aimc.schedule = #aimc.schedule<layer_by_layer, interval = 320000, latency = 613000>} {
  aimc.weights @w = dense<0.5> : tensor<64x128xf32>
  aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
  func.func @f(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>) -> tensor<?x128xf32> {
    %p = aimc.mvm @w site(0) role(linear) ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) {aimc.slot = #aimc.slot<start = 0, end = 613000>} -> tensor<?x128xf32>
    return %p : tensor<?x128xf32>
  }
}
