// Tiles that do not cover their matrix once, products with another grid, a
// site of two matrices, and matrices without room.
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-tile --split-input-file --verify-diagnostics

// Two tiles of one place.

aimc.weights @w = dense<0.5> : tensor<2x2xf32>
// expected-note @below {{the other tile is here}}
aimc.tile @a of @w index [0, 0] rows(0, 2) columns(0, 2)
// expected-error @below {{'aimc.tile' op expects index [0, 0] once among the tiles of @w, but got it twice}}
aimc.tile @b of @w index [0, 0] rows(0, 2) columns(0, 2)

// -----

// A hole at the first place.

// expected-error @below {{'aimc.weights' op expects a tile of index [0, 0], but there is none}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
// expected-note @below {{a tile of the matrix is here}}
aimc.tile @a of @w index [1, 0] rows(0, 2) columns(0, 2)

// -----

// A hole in the middle.

// expected-error @below {{'aimc.weights' op expects a tile of index [0, 1], but there is none}}
aimc.weights @w = dense<0.5> : tensor<1x3xf32>
// expected-note @below {{a tile of the matrix is here}}
aimc.tile @a of @w index [0, 0] rows(0, 1) columns(0, 1)
aimc.tile @c of @w index [0, 9223372036854775807] rows(0, 1) columns(2, 1)

// -----

// A last row that is not full.

// expected-error @below {{'aimc.weights' op expects a tile of index [1, 1], but there is none}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
// expected-note @below {{a tile of the matrix is here}}
aimc.tile @a of @w index [0, 0] rows(0, 1) columns(0, 1)
aimc.tile @b of @w index [0, 1] rows(0, 1) columns(1, 1)
aimc.tile @c of @w index [1, 0] rows(1, 1) columns(0, 1)

// -----

// Rows that no tile has.

// expected-note @below {{weights declared here as 'tensor<4x2xf32>'}}
aimc.weights @w = dense<0.5> : tensor<4x2xf32>
// expected-error @below {{'aimc.tile' op expects rows(0, 4), so that the tiles of @w cover it exactly once, but got rows(0, 3)}}
aimc.tile @a of @w index [0, 0] rows(0, 3) columns(0, 2)

// -----

// A row in two tiles.

// expected-note @below {{weights declared here as 'tensor<4x2xf32>'}}
aimc.weights @w = dense<0.5> : tensor<4x2xf32>
aimc.tile @a of @w index [0, 0] rows(0, 3) columns(0, 2)
// expected-error @below {{'aimc.tile' op expects rows(3, 1), so that the tiles of @w cover it exactly once, but got rows(2, 2)}}
aimc.tile @b of @w index [1, 0] rows(2, 2) columns(0, 2)

// -----

// Columns that differ from those of the tile above.

// expected-note @below {{weights declared here as 'tensor<2x4xf32>'}}
aimc.weights @w = dense<0.5> : tensor<2x4xf32>
aimc.tile @a of @w index [0, 0] rows(0, 1) columns(0, 2)
aimc.tile @b of @w index [0, 1] rows(0, 1) columns(2, 2)
// expected-error @below {{'aimc.tile' op expects columns(0, 2), so that the tiles of @w cover it exactly once, but got columns(0, 1)}}
aimc.tile @c of @w index [1, 0] rows(1, 1) columns(0, 1)
aimc.tile @d of @w index [1, 1] rows(1, 1) columns(1, 3)

// -----

// A grid that is not that of the tiles.

// expected-note @below {{weights declared here}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.tile @a of @w index [0, 0] rows(0, 2) columns(0, 2)
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'aimc.mvm' op expects grid [1, 1] of @w, but got grid [2, 1]}}
  %a = aimc.mvm @w site(0) role(linear) grid [2, 1] ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// Two products of one matrix, of which one has another grid.

// expected-note @below {{weights declared here}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.tile @a of @w index [0, 0] rows(0, 2) columns(0, 2)
func.func @f(%x: tensor<8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>) {
  %a = aimc.mvm @w site(0) role(linear) grid [1, 1] ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  // expected-error @below {{'aimc.mvm' op expects grid [1, 1] of @w, but got grid [1, 2]}}
  %b = aimc.mvm @w site(1) role(linear) grid [1, 2] ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a, %b : tensor<8x2xf32>, tensor<8x2xf32>
}

// -----

// A site is one use of one matrix: its noise and its ranges are of both.

aimc.weights @v = dense<0.5> : tensor<2x2xf32>
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @f(%x: tensor<8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>) {
  // expected-note @below {{the other use is here}}
  %a = aimc.mvm @v site(3) role(linear) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  // expected-error @below {{'aimc.mvm' op expects site 3 to be a use of @v, but got @w}}
  %b = aimc.mvm @w site(3) role(linear) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a, %b : tensor<8x2xf32>, tensor<8x2xf32>
}

// -----

// A grid without tiles.

// expected-note @below {{weights declared here}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'aimc.mvm' op expects no grid, since there are no tiles of @w, but got grid [1, 1]}}
  %a = aimc.mvm @w site(0) role(linear) grid [1, 1] ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// More weights than the chip has cells: the error is at the matrix that is too
// much, and says what would help, as its uses are.

aimc.weights @first = dense<0.5> : tensor<2048x1024xf32>
// expected-error @below {{'aimc.weights' op expects room for @second of 2049x1024 in 36 tiles, but target 'hermes' has 64 cores of 256x256 on each of 1 chips, of which 32 cores are empty and 2097152 cells are free}}
// expected-note @below {{more 'chips' or a larger 'array' in the target would help, or fewer random features, or digital projections (aimc-split with projection=digital), or a digital read-out (aimc-split with readout=digital); all matrices need at least 65 cores, 1 more than there are}}
aimc.weights @second = dense<0.5> : tensor<2049x1024xf32>
func.func @f(%x: tensor<8x2048xf32>, %y: tensor<8x2049xf32>, %z: tensor<8x1024xf32>)
    -> (tensor<8x1024xf32>, tensor<8x1024xf32>, tensor<8x1024xf32>) {
  %a = aimc.mvm @first site(0) role(linear) ins(%x : tensor<8x2048xf32>) outs(%z : tensor<8x1024xf32>) -> tensor<8x1024xf32>
  %b = aimc.mvm @second site(1) role(projection) ins(%y : tensor<8x2049xf32>) outs(%z : tensor<8x1024xf32>) -> tensor<8x1024xf32>
  %c = aimc.mvm @second site(2) role(readout) ins(%y : tensor<8x2049xf32>) outs(%z : tensor<8x1024xf32>) -> tensor<8x1024xf32>
  return %a, %b, %c : tensor<8x1024xf32>, tensor<8x1024xf32>, tensor<8x1024xf32>
}

// -----

// A matrix far too large is refused before tiles are made.

// expected-error @below {{'aimc.weights' op expects room for @w of 10000000x10000000 in 1525917969 tiles, but target 'hermes' has 64 cores}}
// expected-note @below {{more 'chips' or a larger 'array' in the target would help; all matrices need at least 1525878907 cores, 1525878843 more than there are}}
aimc.weights @w = dense<0.5> : tensor<10000000x10000000xf32>
func.func @f(%x: tensor<1x10000000xf32>) -> tensor<1x10000000xf32> {
  %a = aimc.mvm @w site(0) role(linear) ins(%x : tensor<1x10000000xf32>) outs(%x : tensor<1x10000000xf32>) -> tensor<1x10000000xf32>
  return %a : tensor<1x10000000xf32>
}
