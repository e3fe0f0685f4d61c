// Copies around the capacity of the chip, 64 cores of 256x256.
// DEFINE: %{copies} = 64
// DEFINE: %{place} = aimc-opt %s --aimc-set-target=target=hermes --aimc-tile --aimc-replicate=copies=%{copies} --aimc-place --split-input-file
// RUN: %{place} | FileCheck %s

// One copy more is refused where it is too much: cells before any copy is made,
// shapes when they are placed. So is the largest number of copies.
// REDEFINE: %{copies} = 65
// RUN: %{place} --verify-diagnostics
// REDEFINE: %{copies} = 9223372036854775807
// RUN: not %{place} 2>&1 | FileCheck %s --check-prefix=LARGEST

// LARGEST: error: 'aimc.weights' op expects room for @full of 256x256 in 9223372036854775807 copies of 1 tiles, but target 'hermes' has 64 cores
// LARGEST: error: 'aimc.weights' op expects room for @half of 129x129 in 9223372036854775807 copies of 1 tiles, but target 'hermes' has 64 cores

// CHECK: aimc.tile @full_0_0_copy_63 {{.*}} on chip(0) core(63) at(0, 0)
// expected-error @below {{'aimc.weights' op expects room for @full of 256x256 in 65 copies of 1 tiles, but target 'hermes' has 64 cores of 256x256 on each of 1 chips, of which 64 cores are empty and 4194304 cells are free}}
// expected-note @below {{more 'chips' or a larger 'array' in the target would help, or fewer copies (aimc-replicate), or fewer random features}}
aimc.weights @full = dense<0.5> : tensor<256x256xf32>
func.func @cells(%x: tensor<8x256xf32>) -> tensor<8x256xf32> {
  %a = aimc.mvm @full site(0) role(projection) ins(%x : tensor<8x256xf32>) outs(%x : tensor<8x256xf32>) -> tensor<8x256xf32>
  return %a : tensor<8x256xf32>
}

// -----

// Two tiles of more than half a core both ways share none.

// CHECK: aimc.tile @half_0_0_copy_63 {{.*}} on chip(0) core(63) at(0, 0)
// expected-error @below {{'aimc.weights' op expects room for @half of 129x129 in 65 copies of 1 tiles, but target 'hermes' has 64 cores of 256x256 on each of 1 chips, of which 64 cores are empty and 4194304 cells are free}}
// expected-note @below {{more 'chips' or a larger 'array' in the target would help, or fewer copies (aimc-replicate), or fewer random features}}
aimc.weights @half = dense<0.5> : tensor<129x129xf32>
func.func @shapes(%x: tensor<8x129xf32>) -> tensor<8x129xf32> {
  %a = aimc.mvm @half site(0) role(projection) ins(%x : tensor<8x129xf32>) outs(%x : tensor<8x129xf32>) -> tensor<8x129xf32>
  return %a : tensor<8x129xf32>
}
