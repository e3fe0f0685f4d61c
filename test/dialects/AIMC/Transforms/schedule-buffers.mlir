// What waits between tasks, and buffers that it has to fit.
// RUN: split-file %s %t
// RUN: aimcc --print-target hermes > %t/hermes.json
// RUN: sed '/"name": "global",/s/$/"buffer": {"value": 128, "unit": "B", "provenance": "assumed"},/' %t/hermes.json > %t/two.json
// RUN: sed '/"buffer"/s/128/64/' %t/two.json > %t/one.json
// RUN: sed 's/"chips": 1,/& "core_buffer": {"value": 256, "unit": "B", "provenance": "assumed"},/' %t/two.json > %t/both.json

// 128 sums of 2 bytes wait 42.5 ns for the cosines: one vector of 320 ns. 128 cosines
// of 4 bytes wait from 655.5 to 1351 ns: three.
// RUN: aimc-estimate %t/two-cores.mlir --target hermes | FileCheck %s
// RUN: aimc-estimate %t/two-cores.mlir --target hermes --json | FileCheck %s --check-prefix=JSON
// CHECK:      buffers, at most       values       bytes    capacity
// CHECK-NEXT:   unit 'global' {{ *}}384 {{ *}}1536 no capacity given
// CHECK-NEXT:   chip 0, core 0 {{ *}}128 {{ *}}256 no capacity given
// CHECK-NEXT:   all 2 {{ *}}512 {{ *}}1792{{$}}
// JSON:      "buffers": {
// JSON-NEXT:   "values": 512,
// JSON-NEXT:   "bytes": 1792,
// JSON-NEXT:   "held": [
// JSON-NEXT:     {
// JSON-NEXT:       "buffer": "unit 'global'",
// JSON-NEXT:       "values": 384,
// JSON-NEXT:       "bytes": 1536,
// JSON-NEXT:       "capacity_bytes": null

// Two vectors fit 8 units of 128 bytes from 347.75 ns up, one fits 8 of 64 bytes from
// 695.5 ns up, and the search ends within a thousandth. The sums fit 256 bytes as they are.
// RUN: aimc-opt %t/two-cores.mlir --aimc-set-target=target=%t/two.json --aimc-schedule | FileCheck %s --check-prefix=TWO
// RUN: aimc-opt %t/two-cores.mlir --aimc-set-target=target=%t/one.json --aimc-schedule -o %t/fits.mlir
// RUN: FileCheck %s --check-prefix=ONE < %t/fits.mlir
// RUN: aimc-opt %t/fits.mlir --aimc-schedule | cmp - %t/fits.mlir
// RUN: aimc-opt %t/two-cores.mlir --aimc-set-target=target=%t/one.json --aimc-schedule=kind=layer-by-layer | FileCheck %s --check-prefix=IN-ORDER
// RUN: aimc-estimate %t/two-cores.mlir --target %t/both.json | FileCheck %s --check-prefix=BOTH
// RUN: aimc-estimate %t/two-cores.mlir --target %t/both.json --json | FileCheck %s --check-prefix=CAPACITY
// TWO:        aimc.schedule<cross_layer, interval = 347969, latency = 1351000>
// ONE:        aimc.schedule<cross_layer, interval = 696011, latency = 1351000>
// IN-ORDER:   aimc.schedule<layer_by_layer, interval = 1351000, latency = 1351000>
// BOTH:       pipelined {{.*}}limited by the schedule, with transfers and buffers
// BOTH:       scheduled {{ *}}347.969 ns
// BOTH:         unit 'global' {{ *}}256 {{ *}}1024 {{ *}}1024{{$}}
// BOTH-NEXT:    chip 0, core 0 {{ *}}128 {{ *}}256 {{ *}}256{{$}}
// BOTH:       - global.buffer: 128 B, assumed
// BOTH:       - core_buffer: 256 B, assumed
// CAPACITY-COUNT-1: "capacity_bytes": 1024
// CAPACITY:         "capacity_bytes": 256

// Copies that take turns have the vectors of both intervals; the units have them all.
// RUN: aimc-estimate %t/shared.mlir --target hermes | FileCheck %s --check-prefix=TURNS
// TURNS:      scheduled {{ *}}160 ns
// TURNS:        unit 'global' {{ *}}640 {{ *}}2560 no
// TURNS-NEXT:   chip 0, core 0 {{ *}}128 {{ *}}256 no
// TURNS-NEXT:   chip 0, core 1 {{ *}}128 {{ *}}256 no
// TURNS-NEXT:   all 3 {{ *}}896 {{ *}}3072{{$}}

// Columns are whole in the core of their last row part, and in that of the last of
// averaged copies. The 16 values of units of cores are 4 in each. Those of products wait
// 172.5 of 133 ns, 39.5 ns twice, the others 170 ns, of which the second 37 come later.
// RUN: aimc-estimate %t/parts.mlir --target hermes | FileCheck %s --check-prefix=PARTS
// PARTS:      scheduled {{ *}}133 ns
// PARTS:        chip 0, core 0 {{ *}}8 {{ *}}16 no
// PARTS-NEXT:   chip 0, core 1 {{ *}}36 {{ *}}72 no
// PARTS-NEXT:   chip 0, core 2 {{ *}}8 {{ *}}16 no
// PARTS-NEXT:   chip 0, core 3 {{ *}}36 {{ *}}72 no
// PARTS-NEXT:   all 4

// Without units of cores those of the chip add, and hold both sums, but not at the time of
// what they compute of them. What needs no sum stays in the core, as an ideal ADC has it.
// RUN: sed 's/local/host/' %t/parts.mlir | aimc-estimate - --target ideal | FileCheck %s --check-prefix=ADDED
// RUN: sed 's/global/host/' %t/two-cores.mlir | aimc-estimate - --target ideal | FileCheck %s --check-prefix=IDEAL
// ADDED:      buffers
// ADDED-NEXT:   unit 'host' {{ *}}32 {{ *}}128 no
// ADDED-NEXT:   all 1
// IDEAL:        unit 'host' {{ *}}128 {{ *}}512 no
// IDEAL-NEXT:   chip 0, core 0 {{ *}}128 {{ *}}512 no

// Nothing waits in a product alone, and runtime calls have no slots.
// RUN: aimc-estimate %t/alone.mlir --target hermes | FileCheck %s --check-prefix=ALONE
// RUN: aimc-opt %t/two-cores.mlir --aimc-compile=target=hermes | aimc-estimate - --json | FileCheck %s --check-prefix=CALLS
// ALONE:      buffers, at most
// ALONE-NEXT:   all 0 {{ *}}0 {{ *}}0{{$}}
// CALLS:      "buffers": null

//--- two-cores.mlir
aimc.weights @w = dense<0.5> : tensor<64x128xf32>
aimc.weights @v = dense<0.5> : tensor<128x32xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
aimc.tile @v_0_0 of @v index [0, 0] rows(0, 128) columns(0, 32) on chip(0) core(1) at(64, 0)
func.func @two(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>, %b: tensor<?x32xf32>) -> tensor<?x32xf32> {
  %p = aimc.mvm @w site(0) role(projection) grid [1, 1] ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) -> tensor<?x128xf32>
  %z = aimc.digital on("global") -> tensor<?x128xf32> {
    %c = math.cos %p : tensor<?x128xf32>
    aimc.yield %c : tensor<?x128xf32>
  }
  %y = aimc.mvm @v site(1) role(readout) grid [1, 1] ins(%z : tensor<?x128xf32>) outs(%b : tensor<?x32xf32>) -> tensor<?x32xf32>
  return %y : tensor<?x32xf32>
}

//--- shared.mlir
aimc.weights @w = dense<0.5> : tensor<64x128xf32>
aimc.weights @v = dense<0.5> : tensor<128x32xf32>
aimc.tile @w_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
aimc.tile @w_1 of @w copy(1) index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(1) at(0, 0)
aimc.tile @v_0 of @v index [0, 0] rows(0, 128) columns(0, 32) on chip(0) core(2) at(0, 0)
aimc.tile @v_1 of @v copy(1) index [0, 0] rows(0, 128) columns(0, 32) on chip(0) core(3) at(0, 0)
func.func @two(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>, %b: tensor<?x32xf32>) -> tensor<?x32xf32> {
  %p = aimc.mvm @w site(0) role(projection) grid [1, 1] share(2) ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) -> tensor<?x128xf32>
  %z = aimc.digital on("global") -> tensor<?x128xf32> {
    %c = math.cos %p : tensor<?x128xf32>
    aimc.yield %c : tensor<?x128xf32>
  }
  %y = aimc.mvm @v site(1) role(readout) grid [1, 1] share(2) ins(%z : tensor<?x128xf32>) outs(%b : tensor<?x32xf32>) -> tensor<?x32xf32>
  return %y : tensor<?x32xf32>
}

//--- parts.mlir
aimc.weights @w = dense<0.5> : tensor<64x16xf32>
aimc.weights @v = dense<0.5> : tensor<64x16xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 32) columns(0, 16) on chip(0) core(0) at(0, 0)
aimc.tile @w_1_0 of @w index [1, 0] rows(32, 32) columns(0, 16) on chip(0) core(1) at(0, 0)
aimc.tile @v_0 of @v index [0, 0] rows(0, 64) columns(0, 16) on chip(0) core(2) at(0, 0)
aimc.tile @v_1 of @v copy(1) index [0, 0] rows(0, 64) columns(0, 16) on chip(0) core(3) at(0, 0)
func.func @parts(%x: tensor<?x64xf32>, %a: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %p = aimc.mvm @w site(0) role(linear) grid [2, 1] ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x16xf32>) -> tensor<?x16xf32>
  %q = aimc.mvm @v site(1) role(linear) grid [1, 1] average(2) ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x16xf32>) -> tensor<?x16xf32>
  %s = aimc.digital on("local") -> tensor<?x16xf32> {
    %c = arith.addf %p, %q : tensor<?x16xf32>
    aimc.yield %c : tensor<?x16xf32>
  }
  %t = aimc.digital on("local") -> tensor<?x16xf32> {
    %c = arith.addf %s, %s : tensor<?x16xf32>
    aimc.yield %c : tensor<?x16xf32>
  }
  return %t : tensor<?x16xf32>
}

//--- alone.mlir
aimc.weights @w = dense<0.5> : tensor<64x128xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
func.func @alone(%x: tensor<?x64xf32>, %a: tensor<?x128xf32>) -> tensor<?x128xf32> {
  %p = aimc.mvm @w site(0) role(linear) grid [1, 1] ins(%x : tensor<?x64xf32>) outs(%a : tensor<?x128xf32>) -> tensor<?x128xf32>
  return %p : tensor<?x128xf32>
}
