// Copies that are not whole, not cut alike, not what a product averages over,
// and matrices that cannot have more.
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-replicate=copies=2 --split-input-file --verify-diagnostics

// A copy without a tile.

// expected-error @below {{'aimc.weights' op expects a tile of index [0, 1] in copy 1, but there is none}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
// expected-note @below {{a tile of the matrix is here}}
aimc.tile @a of @w index [0, 0] rows(0, 2) columns(0, 1)
aimc.tile @b of @w index [0, 1] rows(0, 2) columns(1, 1)
aimc.tile @c of @w copy(1) index [0, 0] rows(0, 2) columns(0, 1)

// -----

// A copy that is missing.

// expected-error @below {{'aimc.weights' op expects a tile of index [0, 0] in copy 1, but there is none}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
// expected-note @below {{a tile of the matrix is here}}
aimc.tile @a of @w index [0, 0] rows(0, 2) columns(0, 2)
aimc.tile @b of @w copy(9223372036854775807) index [0, 0] rows(0, 2) columns(0, 2)

// -----

// No first copy.

// expected-error @below {{'aimc.weights' op expects a tile of index [0, 0], but there is none}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
// expected-note @below {{a tile of the matrix is here}}
aimc.tile @b of @w copy(1) index [0, 0] rows(0, 2) columns(0, 2)

// -----

// One place twice in a copy.

aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.tile @a of @w index [0, 0] rows(0, 2) columns(0, 2)
// expected-note @below {{the other tile is here}}
aimc.tile @b of @w copy(1) index [0, 0] rows(0, 2) columns(0, 2)
// expected-error @below {{'aimc.tile' op expects index [0, 0] once in copy 1 among the tiles of @w, but got it twice}}
aimc.tile @c of @w copy(1) index [0, 0] rows(0, 2) columns(0, 2)

// -----

// A copy that is cut otherwise.

// expected-note @below {{weights declared here as 'tensor<2x3xf32>'}}
aimc.weights @w = dense<0.5> : tensor<2x3xf32>
aimc.tile @a of @w index [0, 0] rows(0, 2) columns(0, 1)
aimc.tile @b of @w index [0, 1] rows(0, 2) columns(1, 2)
// expected-error @below {{'aimc.tile' op expects columns(0, 1), so that the tiles of @w cover it exactly once, but got columns(0, 2)}}
aimc.tile @c of @w copy(1) index [0, 0] rows(0, 2) columns(0, 2)
aimc.tile @d of @w copy(1) index [0, 1] rows(0, 2) columns(2, 1)

// -----

// A product that averages over one copy too many.

// expected-note @below {{weights declared here}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.tile @a of @w index [0, 0] rows(0, 2) columns(0, 2)
aimc.tile @b of @w copy(1) index [0, 0] rows(0, 2) columns(0, 2)
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'aimc.mvm' op expects an average over the 2 copies of @w, but got average(3)}}
  %a = aimc.mvm @w site(0) role(projection) grid [1, 1] average(3) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// A product on tiles that averages over nothing.

// expected-note @below {{weights declared here}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.tile @a of @w index [0, 0] rows(0, 2) columns(0, 2)
aimc.tile @b of @w copy(1) index [0, 0] rows(0, 2) columns(0, 2)
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'aimc.mvm' op expects an average over the 2 copies of @w, but got none}}
  %a = aimc.mvm @w site(0) role(projection) grid [1, 1] ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// An average without tiles.

// expected-note @below {{weights declared here}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'aimc.mvm' op expects no average, since there are no tiles of @w, but got average(2)}}
  %a = aimc.mvm @w site(0) role(projection) average(2) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// Copies are of tiles.

// expected-error @below {{'aimc.weights' op expects tiles of @w to copy, but there are none (aimc-tile adds them where a product is on crossbars)}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %a = aimc.mvm @w site(0) role(projection) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// Another number of copies is there.

// expected-error @below {{'aimc.weights' op expects 1 or 2 copies of @w for aimc-replicate, but got 3}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.tile @a of @w index [0, 0] rows(0, 2) columns(0, 2)
aimc.tile @b of @w copy(1) index [0, 0] rows(0, 2) columns(0, 2)
aimc.tile @c of @w copy(2) index [0, 0] rows(0, 2) columns(0, 2)
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %a = aimc.mvm @w site(0) role(projection) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// Runtime matrices have the copies they have.

aimc.rt.matrix @digital = dense<0.5> : tensor<2x2xf32>
// expected-error @below {{'aimc.rt.matrix' op expects 2 copies for aimc-replicate, but got 1, which runtime calls cannot change}}
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> tiles dense<[[0, 0, 2, 2, 0, 0, 0, 0]]> : tensor<1x8xi32>

// -----

// Copies of which some are there.

aimc.rt.matrix @readout = dense<0.5> : tensor<2x2xf32> tiles dense<[[0, 0, 2, 2, 0, 0, 0, 0]]> : tensor<1x8xi32>
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> average(2) tiles dense<[[0, 0, 2, 2, 0, 1, 0, 0], [0, 0, 2, 2, 0, 2, 0, 0]]> : tensor<2x8xi32>

// -----

// One that is as asked for does not excuse another.

aimc.rt.matrix @a = dense<0.5> : tensor<2x2xf32> average(2) tiles dense<[[0, 0, 2, 2, 0, 1, 0, 0], [0, 0, 2, 2, 0, 2, 0, 0]]> : tensor<2x8xi32>
// expected-error @below {{'aimc.rt.matrix' op expects 2 copies for aimc-replicate, but got 2 that share the vectors, which runtime calls cannot change}}
aimc.rt.matrix @b = dense<0.5> : tensor<2x2xf32> share(2) tiles dense<[[0, 0, 2, 2, 0, 3, 0, 0], [0, 0, 2, 2, 0, 4, 0, 0]]> : tensor<2x8xi32>

// -----

// Copies that share the vectors are not averaged.

// expected-error @below {{'aimc.weights' op expects copies of @w that are averaged for aimc-replicate, but got 2 that share the vectors}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.tile @a of @w index [0, 0] rows(0, 2) columns(0, 2)
aimc.tile @b of @w copy(1) index [0, 0] rows(0, 2) columns(0, 2)
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %a = aimc.mvm @w site(0) role(projection) share(2) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}
