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

// -----

// Tiles that are more than needed are told: 65 tiles of 129x129 where 33 of the
// usable columns would do.

// expected-error @below {{'aimc.weights' op expects room for @w of 129x8385 in 65 tiles, but target 'hermes' has 64 cores of 256x256 on each of 1 chips, of which 64 cores are empty and 4194304 cells are free}}
// expected-note @below {{more 'chips' or a larger 'array' in the target would help, or fewer tiles (aimc-tile with objective=fewest-tiles); all matrices need at least 65 cores, 1 more than there are}}
aimc.weights @w = dense<0.5> : tensor<129x8385xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 129) columns(0, 129)
aimc.tile @w_0_1 of @w index [0, 1] rows(0, 129) columns(129, 129)
aimc.tile @w_0_2 of @w index [0, 2] rows(0, 129) columns(258, 129)
aimc.tile @w_0_3 of @w index [0, 3] rows(0, 129) columns(387, 129)
aimc.tile @w_0_4 of @w index [0, 4] rows(0, 129) columns(516, 129)
aimc.tile @w_0_5 of @w index [0, 5] rows(0, 129) columns(645, 129)
aimc.tile @w_0_6 of @w index [0, 6] rows(0, 129) columns(774, 129)
aimc.tile @w_0_7 of @w index [0, 7] rows(0, 129) columns(903, 129)
aimc.tile @w_0_8 of @w index [0, 8] rows(0, 129) columns(1032, 129)
aimc.tile @w_0_9 of @w index [0, 9] rows(0, 129) columns(1161, 129)
aimc.tile @w_0_10 of @w index [0, 10] rows(0, 129) columns(1290, 129)
aimc.tile @w_0_11 of @w index [0, 11] rows(0, 129) columns(1419, 129)
aimc.tile @w_0_12 of @w index [0, 12] rows(0, 129) columns(1548, 129)
aimc.tile @w_0_13 of @w index [0, 13] rows(0, 129) columns(1677, 129)
aimc.tile @w_0_14 of @w index [0, 14] rows(0, 129) columns(1806, 129)
aimc.tile @w_0_15 of @w index [0, 15] rows(0, 129) columns(1935, 129)
aimc.tile @w_0_16 of @w index [0, 16] rows(0, 129) columns(2064, 129)
aimc.tile @w_0_17 of @w index [0, 17] rows(0, 129) columns(2193, 129)
aimc.tile @w_0_18 of @w index [0, 18] rows(0, 129) columns(2322, 129)
aimc.tile @w_0_19 of @w index [0, 19] rows(0, 129) columns(2451, 129)
aimc.tile @w_0_20 of @w index [0, 20] rows(0, 129) columns(2580, 129)
aimc.tile @w_0_21 of @w index [0, 21] rows(0, 129) columns(2709, 129)
aimc.tile @w_0_22 of @w index [0, 22] rows(0, 129) columns(2838, 129)
aimc.tile @w_0_23 of @w index [0, 23] rows(0, 129) columns(2967, 129)
aimc.tile @w_0_24 of @w index [0, 24] rows(0, 129) columns(3096, 129)
aimc.tile @w_0_25 of @w index [0, 25] rows(0, 129) columns(3225, 129)
aimc.tile @w_0_26 of @w index [0, 26] rows(0, 129) columns(3354, 129)
aimc.tile @w_0_27 of @w index [0, 27] rows(0, 129) columns(3483, 129)
aimc.tile @w_0_28 of @w index [0, 28] rows(0, 129) columns(3612, 129)
aimc.tile @w_0_29 of @w index [0, 29] rows(0, 129) columns(3741, 129)
aimc.tile @w_0_30 of @w index [0, 30] rows(0, 129) columns(3870, 129)
aimc.tile @w_0_31 of @w index [0, 31] rows(0, 129) columns(3999, 129)
aimc.tile @w_0_32 of @w index [0, 32] rows(0, 129) columns(4128, 129)
aimc.tile @w_0_33 of @w index [0, 33] rows(0, 129) columns(4257, 129)
aimc.tile @w_0_34 of @w index [0, 34] rows(0, 129) columns(4386, 129)
aimc.tile @w_0_35 of @w index [0, 35] rows(0, 129) columns(4515, 129)
aimc.tile @w_0_36 of @w index [0, 36] rows(0, 129) columns(4644, 129)
aimc.tile @w_0_37 of @w index [0, 37] rows(0, 129) columns(4773, 129)
aimc.tile @w_0_38 of @w index [0, 38] rows(0, 129) columns(4902, 129)
aimc.tile @w_0_39 of @w index [0, 39] rows(0, 129) columns(5031, 129)
aimc.tile @w_0_40 of @w index [0, 40] rows(0, 129) columns(5160, 129)
aimc.tile @w_0_41 of @w index [0, 41] rows(0, 129) columns(5289, 129)
aimc.tile @w_0_42 of @w index [0, 42] rows(0, 129) columns(5418, 129)
aimc.tile @w_0_43 of @w index [0, 43] rows(0, 129) columns(5547, 129)
aimc.tile @w_0_44 of @w index [0, 44] rows(0, 129) columns(5676, 129)
aimc.tile @w_0_45 of @w index [0, 45] rows(0, 129) columns(5805, 129)
aimc.tile @w_0_46 of @w index [0, 46] rows(0, 129) columns(5934, 129)
aimc.tile @w_0_47 of @w index [0, 47] rows(0, 129) columns(6063, 129)
aimc.tile @w_0_48 of @w index [0, 48] rows(0, 129) columns(6192, 129)
aimc.tile @w_0_49 of @w index [0, 49] rows(0, 129) columns(6321, 129)
aimc.tile @w_0_50 of @w index [0, 50] rows(0, 129) columns(6450, 129)
aimc.tile @w_0_51 of @w index [0, 51] rows(0, 129) columns(6579, 129)
aimc.tile @w_0_52 of @w index [0, 52] rows(0, 129) columns(6708, 129)
aimc.tile @w_0_53 of @w index [0, 53] rows(0, 129) columns(6837, 129)
aimc.tile @w_0_54 of @w index [0, 54] rows(0, 129) columns(6966, 129)
aimc.tile @w_0_55 of @w index [0, 55] rows(0, 129) columns(7095, 129)
aimc.tile @w_0_56 of @w index [0, 56] rows(0, 129) columns(7224, 129)
aimc.tile @w_0_57 of @w index [0, 57] rows(0, 129) columns(7353, 129)
aimc.tile @w_0_58 of @w index [0, 58] rows(0, 129) columns(7482, 129)
aimc.tile @w_0_59 of @w index [0, 59] rows(0, 129) columns(7611, 129)
aimc.tile @w_0_60 of @w index [0, 60] rows(0, 129) columns(7740, 129)
aimc.tile @w_0_61 of @w index [0, 61] rows(0, 129) columns(7869, 129)
aimc.tile @w_0_62 of @w index [0, 62] rows(0, 129) columns(7998, 129)
aimc.tile @w_0_63 of @w index [0, 63] rows(0, 129) columns(8127, 129)
aimc.tile @w_0_64 of @w index [0, 64] rows(0, 129) columns(8256, 129)
