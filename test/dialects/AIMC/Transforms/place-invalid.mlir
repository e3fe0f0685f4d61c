// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-place --split-input-file --verify-diagnostics

// The matrix of a product must be tiled.

aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'aimc.mvm' op expects tiles of @w, but there are none (aimc-tile adds them)}}
  %a = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// Tiles placed by hand must not overlap.

aimc.weights @v = dense<0.5> : tensor<100x100xf32>
// expected-note @below {{the other tile is here}}
aimc.tile @a of @v index [0, 0] rows(0, 100) columns(0, 100) on chip(0) core(5) at(0, 0)
aimc.weights @w = dense<0.5> : tensor<100x100xf32>
// expected-error @below {{'aimc.tile' op expects cells of its own, but got chip 0, core 5, place (99, 99), which overlaps @a}}
aimc.tile @b of @w index [0, 0] rows(0, 100) columns(0, 100) on chip(0) core(5) at(99, 99)

// -----

// Matrices pinned to one core must fit it together.

aimc.weights @first pin chip(0) cores [7] = dense<0.5> : tensor<256x200xf32>
aimc.tile @first_0_0 of @first index [0, 0] rows(0, 256) columns(0, 200)
// expected-error @below {{'aimc.weights' op expects room for 1 tiles of @second on the 1 cores it is pinned to, but got none beside other tiles and defects there}}
// expected-note @below {{more cores in 'pin' or fewer matrices pinned to them would help}}
aimc.weights @second pin chip(0) cores [7] = dense<0.5> : tensor<100x100xf32>
aimc.tile @second_0_0 of @second index [0, 0] rows(0, 100) columns(0, 100)

// -----

// A pin does not push a tile away that is placed by hand.

aimc.weights @placed = dense<0.5> : tensor<256x200xf32>
aimc.tile @placed_0_0 of @placed index [0, 0] rows(0, 256) columns(0, 200) on chip(0) core(7) at(0, 0)
// expected-error @below {{'aimc.weights' op expects room for 1 tiles of @pinned on the 1 cores it is pinned to, but got none beside other tiles and defects there}}
// expected-note @below {{more cores in 'pin' or fewer matrices pinned to them would help}}
aimc.weights @pinned pin chip(0) cores [7] = dense<0.5> : tensor<100x100xf32>
aimc.tile @pinned_0_0 of @pinned index [0, 0] rows(0, 100) columns(0, 100)
