// Putting tiles on cores.
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-tile --aimc-place --split-input-file \
// RUN:   | FileCheck %s --check-prefixes=CHECK,AREA
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-tile --aimc-place=objective=latency --split-input-file \
// RUN:   | FileCheck %s --check-prefixes=CHECK,LATENCY

// Placing what is placed changes nothing, whatever the objective.
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-tile --aimc-place --split-input-file > %t.once
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-tile --aimc-place --aimc-place=objective=latency --split-input-file > %t.twice
// RUN: cmp %t.once %t.twice

// Each matrix that is placed is told.
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-tile --aimc-place --split-input-file --remarks-filter=aimc-place -o %t.remarks 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REMARK

// Matrices that fit share a core for area, big ones first; for latency each has
// its own.

// REMARK: :[[@LINE+7]]:1: remark: [Passed] Place | Category:aimc-place | Remark="1 tiles of @small are on 1 cores, the first on core 0"
// AREA:    aimc.tile @small_0_0 {{.*}} on chip(0) core(0) at(128, 200)
// LATENCY: aimc.tile @small_0_0 {{.*}} on chip(0) core(2) at(0, 0)
// AREA:    aimc.tile @wide_0_0 {{.*}} on chip(0) core(0) at(0, 0)
// LATENCY: aimc.tile @wide_0_0 {{.*}} on chip(0) core(0) at(0, 0)
// AREA:    aimc.tile @half_0_0 {{.*}} on chip(0) core(0) at(128, 0)
// LATENCY: aimc.tile @half_0_0 {{.*}} on chip(0) core(1) at(0, 0)
aimc.weights @small = dense<0.5> : tensor<100x56xf32>
aimc.weights @wide = dense<0.5> : tensor<128x256xf32>
aimc.weights @half = dense<0.5> : tensor<128x200xf32>
func.func @share(%x: tensor<8x100xf32>, %y: tensor<8x128xf32>, %a: tensor<8x56xf32>, %b: tensor<8x256xf32>, %c: tensor<8x200xf32>)
    -> (tensor<8x56xf32>, tensor<8x256xf32>, tensor<8x200xf32>) {
  %0 = aimc.mvm @small site(0) role(linear) ins(%x : tensor<8x100xf32>) outs(%a : tensor<8x56xf32>) -> tensor<8x56xf32>
  %1 = aimc.mvm @wide site(1) role(linear) ins(%y : tensor<8x128xf32>) outs(%b : tensor<8x256xf32>) -> tensor<8x256xf32>
  %2 = aimc.mvm @half site(2) role(linear) ins(%y : tensor<8x128xf32>) outs(%c : tensor<8x200xf32>) -> tensor<8x200xf32>
  return %0, %1, %2 : tensor<8x56xf32>, tensor<8x256xf32>, tensor<8x200xf32>
}

// -----

// A tile that is placed stays, and others go around it.

// CHECK:   aimc.tile @fixed {{.*}} on chip(0) core(0) at(200, 0)
// AREA:    aimc.tile @w_0_0 {{.*}} on chip(0) core(0) at(0, 0)
// LATENCY: aimc.tile @w_0_0 {{.*}} on chip(0) core(1) at(0, 0)
// AREA:    aimc.tile @z_0_0 {{.*}} on chip(0) core(1) at(0, 0)
// LATENCY: aimc.tile @z_0_0 {{.*}} on chip(0) core(2) at(0, 0)
aimc.weights @v = dense<0.5> : tensor<56x256xf32>
aimc.tile @fixed of @v index [0, 0] rows(0, 56) columns(0, 256) on chip(0) core(0) at(200, 0)
aimc.weights @w = dense<0.5> : tensor<200x256xf32>
aimc.weights @z = dense<0.5> : tensor<200x255xf32>
func.func @around(%x: tensor<8x200xf32>, %y: tensor<8x256xf32>, %z: tensor<8x255xf32>) -> (tensor<8x256xf32>, tensor<8x255xf32>) {
  %a = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x200xf32>) outs(%y : tensor<8x256xf32>) -> tensor<8x256xf32>
  %b = aimc.mvm @z site(1) role(linear) ins(%x : tensor<8x200xf32>) outs(%z : tensor<8x255xf32>) -> tensor<8x255xf32>
  return %a, %b : tensor<8x256xf32>, tensor<8x255xf32>
}

// -----

// The whole chip can be filled.

// CHECK: aimc.tile @w_7_7 {{.*}} on chip(0) core(63) at(0, 0)
aimc.weights @w = dense<0.5> : tensor<2048x2048xf32>
func.func @full(%x: tensor<8x2048xf32>) -> tensor<8x2048xf32> {
  %a = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x2048xf32>) outs(%x : tensor<8x2048xf32>) -> tensor<8x2048xf32>
  return %a : tensor<8x2048xf32>
}

// -----

// A model without products has nothing to place.

// CHECK-LABEL: func.func @nothing
func.func @nothing(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  return %x : tensor<8x4xf32>
}

// -----

// Pinned matrices lie on the cores of their pin, before others are placed, in
// whatever order these are named; copies go there too.

// CHECK: aimc.tile @free_0_0 {{.*}} on chip(0) core({{[^9]}}
// CHECK: aimc.weights @big pin chip(0) cores [9, 8] =
// CHECK-DAG: aimc.tile @big_0_0 {{.*}} core(8) at(0, 0)
// CHECK-DAG: aimc.tile @big_0_0_copy_1 {{.*}} core(9) at(0, 0)
// CHECK-DAG: aimc.tile @small_0_0 {{.*}} core({{[89]}}) at(200, 0)
aimc.weights @free = dense<0.5> : tensor<200x256xf32>
aimc.tile @free_0_0 of @free index [0, 0] rows(0, 200) columns(0, 256)
aimc.weights @big pin chip(0) cores [9, 8] = dense<0.5> : tensor<200x256xf32>
aimc.tile @big_0_0 of @big index [0, 0] rows(0, 200) columns(0, 256)
aimc.tile @big_0_0_copy_1 of @big copy(1) index [0, 0] rows(0, 200) columns(0, 256)
aimc.weights @small pin chip(0) cores [8, 9] = dense<0.5> : tensor<56x256xf32>
aimc.tile @small_0_0 of @small index [0, 0] rows(0, 56) columns(0, 256)
