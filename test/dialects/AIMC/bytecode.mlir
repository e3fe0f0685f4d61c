// RUN: aimc-opt %s --emit-bytecode -o %t.mlirbc
// RUN: aimc-opt %t.mlirbc | FileCheck %s
// RUN: aimc-opt %s -o %t.mlir && aimc-opt %t.mlirbc | diff %t.mlir -
// RUN: aimc-opt %s --aimc-set-target=target=hermes --emit-bytecode -o %t.target.mlirbc
// RUN: aimc-opt %t.target.mlirbc | FileCheck %s --check-prefixes=CHECK,TARGET

// Bytecode keeps everything, resources and the target as well, to the bit.

// TARGET: module attributes {aimc.target = #target_hermes}

// CHECK: aimc.weights @w = dense_resource<layer> : tensor<2x2xf32>
aimc.weights @w = dense_resource<layer> : tensor<2x2xf32>

// CHECK: aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(3) at(4, 6)
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(3) at(4, 6)

// CHECK: aimc.program @row on
// CHECK:   arith.constant dense_resource<bias> : vector<2xf32>
aimc.program @row on("global") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %b = arith.constant dense_resource<bias> : vector<2xf32>
  %p = aimc.product %x, @w : vector<2xf32> -> vector<2xf32>
  %y = arith.addf %p, %b : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}

// CHECK-LABEL: func.func @use
//       CHECK:   aimc.mvm @w site(5) role(readout) grid [1, 1] input_range(1.500000e+00) output_range(2.500000e-01)
//       CHECK:   aimc.digital on("global")
//       CHECK:   aimc.execute @row
func.func @use(%x: tensor<?x2xf32>, %init: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %y = aimc.mvm @w site(5) role(readout) grid [1, 1] input_range(1.5) output_range(0.25)
      ins(%x : tensor<?x2xf32>) outs(%init : tensor<?x2xf32>) -> tensor<?x2xf32>
  %z = aimc.digital on("global") -> tensor<?x2xf32> {
    %c = math.cos %y : tensor<?x2xf32>
    aimc.yield %c : tensor<?x2xf32>
  }
  %r = aimc.execute @row ins(%z : tensor<?x2xf32>) outs(%init : tensor<?x2xf32>) -> tensor<?x2xf32>
  return %r : tensor<?x2xf32>
}

// CHECK-DAG: bias: "0x040000000000003F0000803F"
// CHECK-DAG: layer: "0x040000000000803F000000400000404000008040"

{-#
  dialect_resources: {
    builtin: {
      layer: "0x040000000000803F000000400000404000008040",
      bias: "0x040000000000003F0000803F"
    }
  }
#-}
