// What does not fold into the numbers of a fixed-point unit is an error at its
// place in each stage that fixes it, not only when the result is run; no file is
// written.

// DEFINE: %{emit} = placed
// DEFINE: %{compile} = not aimcc %s --target %S/../../dialects/AIMC/Transforms/Inputs/fixed-point-target.json --emit %{emit} -o %t.out
// RUN: rm -f %t.out
// RUN: %{compile} 2>&1 | FileCheck %s
// REDEFINE: %{emit} = scheduled
// RUN: %{compile} 2>&1 | FileCheck %s
// REDEFINE: %{emit} = runtime
// RUN: %{compile} 2>&1 | FileCheck %s
// RUN: not test -e %t.out

// CHECK: fixed-point.mlir:[[#@LINE+8]]:3: error: 'aimc.yield' op expects column 1 of 'w' to have a scale on fixed-point unit 'near'

aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)

aimc.program @p on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %g = arith.constant dense<[1.0, -0.3]> : vector<2xf32>
  %y = arith.mulf %x, %g : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}

func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @p ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}
