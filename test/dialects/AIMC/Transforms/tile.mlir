// Cutting matrices to the usable array of 256x256.
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-tile --split-input-file | FileCheck %s

// Tiling what is tiled changes nothing.
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-tile --split-input-file > %t.once
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-tile --aimc-tile --split-input-file > %t.twice
// RUN: cmp %t.once %t.twice

// Each cut is told.
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-tile --split-input-file --remarks-filter=aimc-tile -o %t.remarks 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REMARK

// A matrix that fits is one tile, down to a single weight. The tile follows its
// matrix.

// REMARK: :[[@LINE+6]]:1: remark: [Passed] Tile | Category:aimc-tile | Remark="@one of 1x1 is cut into 1x1 tiles of up to 1x1"
// CHECK:      aimc.weights @one
// CHECK-NEXT: aimc.tile @one_0_0 of @one index [0, 0] rows(0, 1) columns(0, 1)
// CHECK-NEXT: aimc.weights @full
// CHECK-NEXT: aimc.tile @full_0_0 of @full index [0, 0] rows(0, 256) columns(0, 256)
// CHECK-NEXT: func.func @fits
aimc.weights @one = dense<0.5> : tensor<1x1xf32>
aimc.weights @full = dense<0.5> : tensor<256x256xf32>
func.func @fits(%x: tensor<4x1xf32>, %y: tensor<4x1xf32>, %u: tensor<?x256xf32>, %v: tensor<?x256xf32>)
    -> (tensor<4x1xf32>, tensor<?x256xf32>) {
  // CHECK: aimc.mvm @one {{.*}} grid [1, 1] ins(
  %a = aimc.mvm @one site(0) role(linear) ins(%x : tensor<4x1xf32>) outs(%y : tensor<4x1xf32>) -> tensor<4x1xf32>
  // CHECK: aimc.mvm @full {{.*}} grid [1, 1] ins(
  %b = aimc.mvm @full site(1) role(linear) ins(%u : tensor<?x256xf32>) outs(%v : tensor<?x256xf32>) -> tensor<?x256xf32>
  return %a, %b : tensor<4x1xf32>, tensor<?x256xf32>
}

// -----

// One row too many makes two parts that differ by one; 255 columns fit.

// CHECK:      aimc.tile @w_0_0 of @w index [0, 0] rows(0, 129) columns(0, 255)
// CHECK-NEXT: aimc.tile @w_1_0 of @w index [1, 0] rows(129, 128) columns(0, 255)
// CHECK-NOT:  aimc.tile
aimc.weights @w = dense<0.5> : tensor<257x255xf32>
func.func @ragged(%x: tensor<?x257xf32>, %y: tensor<?x255xf32>) -> tensor<?x255xf32> {
  // CHECK: aimc.mvm @w {{.*}} grid [2, 1] ins(
  %a = aimc.mvm @w site(0) role(linear) ins(%x : tensor<?x257xf32>) outs(%y : tensor<?x255xf32>) -> tensor<?x255xf32>
  return %a : tensor<?x255xf32>
}

// -----

// 600 columns are three parts of 200, in grid order: rows first. Both uses of a
// matrix share its tiles.

// CHECK:      aimc.tile @w_0_0 of @w index [0, 0] rows(0, 150) columns(0, 200)
// CHECK-NEXT: aimc.tile @w_0_1 of @w index [0, 1] rows(0, 150) columns(200, 200)
// CHECK-NEXT: aimc.tile @w_0_2 of @w index [0, 2] rows(0, 150) columns(400, 200)
// CHECK-NEXT: aimc.tile @w_1_0 of @w index [1, 0] rows(150, 150) columns(0, 200)
// CHECK-NEXT: aimc.tile @w_1_1 of @w index [1, 1] rows(150, 150) columns(200, 200)
// CHECK-NEXT: aimc.tile @w_1_2 of @w index [1, 2] rows(150, 150) columns(400, 200)
// CHECK-NOT:  aimc.tile
aimc.weights @w = dense<0.5> : tensor<300x600xf32>
func.func @shared(%x: tensor<8x300xf32>, %y: tensor<8x600xf32>) -> (tensor<8x600xf32>, tensor<8x600xf32>) {
  // CHECK: aimc.mvm @w site(0) {{.*}} grid [2, 3] ins(
  %a = aimc.mvm @w site(0) role(projection) ins(%x : tensor<8x300xf32>) outs(%y : tensor<8x600xf32>) -> tensor<8x600xf32>
  // CHECK: aimc.mvm @w site(1) {{.*}} grid [2, 3] ins(
  %b = aimc.mvm @w site(1) role(projection) ins(%x : tensor<8x300xf32>) outs(%y : tensor<8x600xf32>) -> tensor<8x600xf32>
  return %a, %b : tensor<8x600xf32>, tensor<8x600xf32>
}

// -----

// A matrix that only a digital unit reads is not tiled.

// CHECK:      aimc.weights @digital
// CHECK-NEXT: func.func @digital_only
aimc.weights @digital = dense<0.5> : tensor<600x10xf32>
func.func @digital_only() -> tensor<600x10xf32> {
  %w = aimc.weights_value @digital : tensor<600x10xf32>
  return %w : tensor<600x10xf32>
}

// -----

// A name that is taken gets a suffix.

// CHECK: aimc.tile @w_0_0_0 of @w index [0, 0]
// CHECK: func.func @w_0_0(
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @w_0_0(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %a = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// A matrix keeps the tiles it has, in whatever order they stand; only the use
// gets its grid.

// CHECK:      aimc.tile @right of @w index [0, 1] rows(0, 2) columns(1, 3)
// CHECK-NEXT: aimc.tile @left of @w index [0, 0] rows(0, 2) columns(0, 1)
// CHECK-NEXT: func.func @kept
aimc.weights @w = dense<0.5> : tensor<2x4xf32>
aimc.tile @right of @w index [0, 1] rows(0, 2) columns(1, 3)
aimc.tile @left of @w index [0, 0] rows(0, 2) columns(0, 1)
func.func @kept(%x: tensor<8x2xf32>, %y: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // CHECK: aimc.mvm @w {{.*}} grid [1, 2] ins(
  %a = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x2xf32>) outs(%y : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %a : tensor<8x4xf32>
}

// -----

// Weights of a nested module are its own.

// CHECK-LABEL: module @inner
// CHECK-NEXT:    aimc.weights @w
// CHECK-NEXT:    func.func @f
module @inner {
  aimc.weights @w = dense<0.5> : tensor<2x2xf32>
  func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
    %a = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
    return %a : tensor<8x2xf32>
  }
}
func.func private @makes_the_module_nested()
