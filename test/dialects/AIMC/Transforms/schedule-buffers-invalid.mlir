// Schedules that overfill a buffer, given or looked for.
// RUN: split-file %s %t
// RUN: aimcc --print-target hermes > %t/hermes.json
// RUN: sed '/"name": "global",/s/$/"buffer": {"value": 128, "unit": "B", "provenance": "assumed"},/' %t/hermes.json > %t/unit.json
// RUN: sed '/"buffer"/s/128/63.9/' %t/unit.json > %t/small-unit.json
// RUN: sed 's/"chips": 1,/& "core_buffer": {"value": 255, "unit": "B", "provenance": "assumed"},/' %t/hermes.json > %t/core.json
// RUN: aimc-opt %t/late.mlir --verify-diagnostics --aimc-set-target=target=%t/unit.json --aimc-schedule
// RUN: aimc-opt %t/fast.mlir --verify-diagnostics --aimc-set-target=target=%t/unit.json --aimc-schedule
// RUN: aimc-opt %t/no-room-in-unit.mlir --verify-diagnostics --aimc-set-target=target=%t/small-unit.json --aimc-schedule
// RUN: aimc-opt %t/no-room-in-unit.mlir --verify-diagnostics --aimc-set-target=target=%t/small-unit.json --aimc-schedule=kind=layer-by-layer
// RUN: aimc-opt %t/no-room-in-core.mlir --verify-diagnostics --aimc-set-target=target=%t/core.json --aimc-schedule

// (C6) A product that begins 100 ns later than the search had it: the cosines wait 795.5 ns.
//--- late.mlir
module attributes {aimc.schedule = #aimc.schedule<cross_layer, interval = 361252, latency = 1451000>} {
  aimc.weights @w = dense<0.5> : tensor<64x128xf32>
  aimc.weights @v = dense<0.5> : tensor<128x32xf32>
  aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
  aimc.tile @v_0_0 of @v index [0, 0] rows(0, 128) columns(0, 32) on chip(0) core(1) at(64, 0)
  func.func @two(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>, %b: tensor<?x32xf32>) -> tensor<?x32xf32> {
    %p = aimc.mvm @w site(0) role(projection) grid [1, 1] ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) {aimc.slot = #aimc.slot<start = 0, end = 613000>} -> tensor<?x128xf32>
    // expected-error @below {{'aimc.digital' op expects at most 1024 bytes in the buffer of unit 'global' at a time, but got 1536 (384 values)}}
    %z = aimc.digital on("global") -> tensor<?x128xf32> attributes {aimc.slot = #aimc.slot<start = 615500, end = 655500>} {
      %c = math.cos %p : tensor<?x128xf32>
      aimc.yield %c : tensor<?x128xf32>
    }
    // expected-note @below {{the last operation that takes it is here}}
    %y = aimc.mvm @v site(1) role(readout) grid [1, 1] ins(%z : tensor<?x128xf32>) outs(%b : tensor<?x32xf32>) {aimc.slot = #aimc.slot<start = 1078000, end = 1451000>} -> tensor<?x32xf32>
    return %y : tensor<?x32xf32>
  }
}

// (C6) The interval that crossbars and units allow.
//--- fast.mlir
module attributes {aimc.schedule = #aimc.schedule<cross_layer, interval = 320000, latency = 1351000>} {
  aimc.weights @w = dense<0.5> : tensor<64x128xf32>
  aimc.weights @v = dense<0.5> : tensor<128x32xf32>
  aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
  aimc.tile @v_0_0 of @v index [0, 0] rows(0, 128) columns(0, 32) on chip(0) core(1) at(64, 0)
  func.func @two(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>, %b: tensor<?x32xf32>) -> tensor<?x32xf32> {
    %p = aimc.mvm @w site(0) role(projection) grid [1, 1] ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) {aimc.slot = #aimc.slot<start = 0, end = 613000>} -> tensor<?x128xf32>
    // expected-error @below {{'aimc.digital' op expects at most 1024 bytes in the buffer of unit 'global' at a time, but got 1536 (384 values)}}
    %z = aimc.digital on("global") -> tensor<?x128xf32> attributes {aimc.slot = #aimc.slot<start = 615500, end = 655500>} {
      %c = math.cos %p : tensor<?x128xf32>
      aimc.yield %c : tensor<?x128xf32>
    }
    // expected-note @below {{the last operation that takes it is here}}
    %y = aimc.mvm @v site(1) role(readout) grid [1, 1] ins(%z : tensor<?x128xf32>) outs(%b : tensor<?x32xf32>) {aimc.slot = #aimc.slot<start = 978000, end = 1351000>} -> tensor<?x32xf32>
    return %y : tensor<?x32xf32>
  }
}

// One vector is too much for the units, which hold whole bytes; of those that take it the
// last to end is named.
//--- no-room-in-unit.mlir
aimc.weights @w = dense<0.5> : tensor<64x128xf32>
aimc.weights @v = dense<0.5> : tensor<128x32xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
aimc.tile @v_0_0 of @v index [0, 0] rows(0, 128) columns(0, 32) on chip(0) core(1) at(64, 0)
func.func @two(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>, %b: tensor<?x32xf32>) -> (tensor<?x32xf32>, tensor<?x128xf32>) {
  %p = aimc.mvm @w site(0) role(projection) grid [1, 1] ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) -> tensor<?x128xf32>
  // expected-error @below {{'aimc.digital' op expects at most 504 bytes in the buffer of unit 'global' even with one vector after another, but got 512 (128 values)}}
  %z = aimc.digital on("global") -> tensor<?x128xf32> {
    %c = math.cos %p : tensor<?x128xf32>
    aimc.yield %c : tensor<?x128xf32>
  }
  %n = aimc.digital on("global") -> tensor<?x128xf32> {
    %c = arith.negf %z : tensor<?x128xf32>
    aimc.yield %c : tensor<?x128xf32>
  }
  // expected-note @below {{the last operation that takes it is here}}
  %y = aimc.mvm @v site(1) role(readout) grid [1, 1] ins(%z : tensor<?x128xf32>) outs(%b : tensor<?x32xf32>) -> tensor<?x32xf32>
  return %y, %n : tensor<?x32xf32>, tensor<?x128xf32>
}

// 128 sums of 2 bytes.
//--- no-room-in-core.mlir
aimc.weights @w = dense<0.5> : tensor<64x128xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(3) at(0, 0)
func.func @one(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>) -> tensor<?x128xf32> {
  // expected-error @below {{'aimc.mvm' op expects at most 255 bytes in the buffer of chip 0, core 3 even with one vector after another, but got 256 (128 values)}}
  %p = aimc.mvm @w site(0) role(projection) grid [1, 1] ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) -> tensor<?x128xf32>
  // expected-note @below {{the last operation that takes it is here}}
  %z = aimc.digital on("global") -> tensor<?x128xf32> {
    %c = math.cos %p : tensor<?x128xf32>
    aimc.yield %c : tensor<?x128xf32>
  }
  return %z : tensor<?x128xf32>
}
