// Spare cores for matrices that take no copies for throughput, and more than there are.
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-replicate="mode=throughput spare-cores=4" --split-input-file --verify-diagnostics
// RUN: not aimc-opt %S/replicate-throughput.mlir --aimc-set-target=target=hermes --aimc-tile --aimc-replicate="mode=throughput spare-cores=64" --split-input-file 2>&1 | FileCheck %s --check-prefix=CORES

// Of the four tiles of the first module no packing takes fewer cores than two.
// CORES: error: aimc-replicate expects 'spare-cores' to be at most 62, as target 'hermes' has 64 cores that work and one copy of each matrix takes at least 2, but got 64

// Runtime matrices have the copies they have.

aimc.rt.matrix @digital = dense<0.5> : tensor<2x2xf32>
// expected-error @below {{'aimc.rt.matrix' op expects copies that share the vectors for aimc-replicate, but got 1, which runtime calls cannot change}}
aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> tiles dense<[[0, 0, 2, 2, 0, 0, 0, 0]]> : tensor<1x8xi32>

// -----

// As many as they are.

aimc.rt.matrix @w = dense<0.5> : tensor<2x2xf32> share(3) tiles dense<[[0, 0, 2, 2, 0, 0, 0, 0], [0, 0, 2, 2, 0, 1, 0, 0], [0, 0, 2, 2, 0, 2, 0, 0]]> : tensor<3x8xi32>

// -----

// Copies are of tiles.

// expected-error @below {{'aimc.weights' op expects tiles of @w to copy, but there are none (aimc-tile adds them where a product is on crossbars)}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %a = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}
