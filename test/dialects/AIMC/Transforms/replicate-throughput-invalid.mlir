// Copies of the other kind, that products use in two ways, or that runtime calls
// have no more.
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-replicate="mode=throughput copies=2" --split-input-file --verify-diagnostics

// A product that shares the vectors of one copy too many.

// expected-note @below {{weights declared here}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.tile @a of @w index [0, 0] rows(0, 2) columns(0, 2)
aimc.tile @b of @w copy(1) index [0, 0] rows(0, 2) columns(0, 2)
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'aimc.mvm' op expects vectors shared by the 2 copies of @w, but got share(3)}}
  %a = aimc.mvm @w site(0) role(projection) grid [1, 1] share(3) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// Nothing to share.

// expected-note @below {{weights declared here}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'aimc.mvm' op expects no share, since there are no tiles of @w, but got share(2)}}
  %a = aimc.mvm @w site(0) role(projection) share(2) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// Two products, two uses of the copies.

aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.tile @a of @w index [0, 0] rows(0, 2) columns(0, 2)
aimc.tile @b of @w copy(1) index [0, 0] rows(0, 2) columns(0, 2)
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-note @below {{the other product is here}}
  %a = aimc.mvm @w site(0) role(projection) average(2) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  // expected-error @below {{'aimc.mvm' op expects average as another product with @w, but got share}}
  %b = aimc.mvm @w site(1) role(projection) share(2) ins(%a : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %b : tensor<8x2xf32>
}

// -----

// Copies that are averaged stay so.

// expected-error @below {{'aimc.weights' op expects copies of @w that share the vectors for aimc-replicate, but got 2 that are averaged}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.tile @a of @w index [0, 0] rows(0, 2) columns(0, 2)
aimc.tile @b of @w copy(1) index [0, 0] rows(0, 2) columns(0, 2)
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %a = aimc.mvm @w site(0) role(projection) average(2) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
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
  %a = aimc.mvm @w site(0) role(projection) share(3) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

// -----

// Runtime matrices have the copies they have, for what they have them.

// expected-error @below {{'aimc.rt.matrix' op expects 2 copies that share the vectors for aimc-replicate, but got 2 that are averaged, which runtime calls cannot change}}
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> average(2) tiles dense<[[0, 0, 2, 2, 0, 1, 0, 0], [0, 0, 2, 2, 0, 2, 0, 0]]> : tensor<2x8xi32>

// -----

// Copies of which some are there.

aimc.rt.matrix @readout = dense<0.5> : tensor<2x2xf32> tiles dense<[[0, 0, 2, 2, 0, 0, 0, 0]]> : tensor<1x8xi32>
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> share(2) tiles dense<[[0, 0, 2, 2, 0, 1, 0, 0], [0, 0, 2, 2, 0, 2, 0, 0]]> : tensor<2x8xi32>
