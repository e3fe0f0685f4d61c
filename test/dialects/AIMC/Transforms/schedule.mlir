// Two products with a cosine between them, on two cores and on one.
// RUN: split-file %s %t
// RUN: aimc-opt %t/two-cores.mlir --aimc-set-target=target=hermes --aimc-schedule -o %t/scheduled.mlir
// RUN: FileCheck %s < %t/scheduled.mlir
// RUN: aimc-opt %t/two-cores.mlir --aimc-set-target=target=hermes --aimc-schedule=kind=layer-by-layer | FileCheck %s --check-prefix=IN-ORDER
// RUN: aimc-opt %t/one-core.mlir --aimc-set-target=target=hermes --aimc-schedule | FileCheck %s --check-prefix=ONE-CORE

// A schedule that is there is verified and kept; that of another mode is dropped.
// RUN: aimc-opt %t/scheduled.mlir --aimc-schedule | cmp - %t/scheduled.mlir
// RUN: aimc-opt %t/scheduled.mlir --aimc-schedule=kind=cross-layer | cmp - %t/scheduled.mlir

// One of the other kind is made anew, and back again.
// RUN: aimc-opt %t/scheduled.mlir --aimc-schedule=kind=layer-by-layer -o %t/in-order.mlir
// RUN: FileCheck %s --check-prefix=IN-ORDER < %t/in-order.mlir
// RUN: aimc-opt %t/in-order.mlir --aimc-schedule | cmp - %t/in-order.mlir
// RUN: aimc-opt %t/in-order.mlir --aimc-schedule=kind=cross-layer | cmp - %t/scheduled.mlir
// RUN: aimc-opt %t/scheduled.mlir --aimc-set-target=mode=4-phase | FileCheck %s --check-prefix=DROPPED
// RUN: aimc-opt %t/scheduled.mlir --aimc-replicate="copies=2" | FileCheck %s --check-prefix=DROPPED

// An MVM of 133 ns, 160 ns to the first of 128 columns of 2.5 ns each; a hop of
// 2.5 ns to the unit of the chip, and 128 cosines on 8 units; a hop and 128 bytes
// to the core of the other matrix, and there 32 columns. The local unit of core 0
// is the busiest resource, and the input link of core 1 as busy.
// CHECK:      aimc.schedule = #aimc.schedule<cross_layer, interval = 320000, latency = 1351000>
// CHECK:      aimc.mvm @w {{.*}}#aimc.slot<start = 0, end = 613000>
// CHECK:      #aimc.slot<start = 615500, end = 655500>
// CHECK:      aimc.mvm @v {{.*}}#aimc.slot<start = 978000, end = 1351000>

// IN-ORDER:   aimc.schedule = #aimc.schedule<layer_by_layer, interval = 1351000, latency = 1351000>
// IN-ORDER:   aimc.mvm @v {{.*}}#aimc.slot<start = 978000, end = 1351000>

// On one core 160 columns of both are 400 ns, which leave no room for whole tasks;
// the search finds some with a longer interval.
// ONE-CORE:   aimc.schedule = #aimc.schedule<cross_layer, interval = 453327, latency = 1599654>

// Two copies of each take turns, each with a vector in two intervals, which are half
// as long then. Copies on one core are no faster than one. In the trace of the first
// vector are the resources of its copies alone.
// RUN: aimc-opt %t/shared.mlir --aimc-set-target=target=hermes --aimc-schedule -o %t/turns.mlir
// RUN: FileCheck %s --check-prefix=TURNS < %t/turns.mlir
// RUN: aimc-opt %t/turns.mlir --aimc-schedule | cmp - %t/turns.mlir
// RUN: sed '/@w_1/s/core(1) at(0, 0)/core(0) at(64, 128)/' %t/shared.mlir | aimc-opt --aimc-set-target=target=hermes --aimc-schedule | FileCheck %s --check-prefix=TOGETHER
// TURNS:      aimc.schedule = #aimc.schedule<cross_layer, interval = 160000, latency = 1351000>
// TURNS:      aimc.mvm @w {{.*}}#aimc.slot<start = 0, end = 613000>
// TURNS:      aimc.mvm @v {{.*}}#aimc.slot<start = 978000, end = 1351000>
// TOGETHER:   aimc.schedule = #aimc.schedule<cross_layer, interval = 320000, latency = 1351000>
// RUN: aimc-estimate %t/turns.mlir --trace %t/trace.json | FileCheck %s --check-prefix=ESTIMATE
// RUN: FileCheck %s --check-prefix=TRACE < %t/trace.json
// ESTIMATE:   unit local {{ *}}160 ns
// ESTIMATE:   pipelined {{ *}}160 ns
// ESTIMATE:   scheduled {{ *}}160 ns
// TRACE:      the crossbar of chip 0, core 0"
// TRACE-NOT:  core 1"
// TRACE:      the crossbar of chip 0, core 2"
// TRACE-NOT:  core 3"

// DROPPED-NOT: aimc.schedule
// DROPPED-NOT: aimc.slot

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

//--- one-core.mlir
aimc.weights @w = dense<0.5> : tensor<64x128xf32>
aimc.weights @v = dense<0.5> : tensor<128x32xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 128) on chip(0) core(0) at(0, 0)
aimc.tile @v_0_0 of @v index [0, 0] rows(0, 128) columns(0, 32) on chip(0) core(0) at(64, 0)
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
