// RUN: aimc-opt %s --split-input-file --aimc-set-target=target=%S/Inputs/fixed-point-target.json --aimc-fold-nmpu | FileCheck %s
// RUN: aimc-opt %s --split-input-file --aimc-set-target=target=%S/Inputs/fixed-point-target.json --aimc-fold-nmpu --aimc-fold-nmpu | FileCheck %s
// RUN: aimc-opt %s --split-input-file --aimc-set-target=target=%S/Inputs/small-target.json --aimc-fold-nmpu | FileCheck %s --check-prefix=OTHER

// Gain, offset, batch norm and ReLU become one scale and one offset a column.
// A count is 31.75 / 127 * 2 * .5 = .25, which is the unit of the results as
// well: a scale of 1 for column 0 lets every count through.

// CHECK-LABEL: aimc.program @relu on("near")
//  CHECK-SAME:   (%[[X:.+]]: vector<2xf32>) -> (vector<2xf32>) {
//  CHECK-NEXT:   %[[I:.+]] = arith.constant dense<4.000000e+00> : vector<2xf32>
//  CHECK-NEXT:   %[[C:.+]] = arith.mulf %[[X]], %[[I]] : vector<2xf32>
//  CHECK-NEXT:   %[[S:.+]] = arith.constant dense<[1.000000e+00, 5.000000e-01]> : vector<2xf32>
//  CHECK-NEXT:   %[[O:.+]] = arith.constant dense<[0.000000e+00, 4.000000e+00]> : vector<2xf32>
//  CHECK-NEXT:   %[[F:.+]] = aimc.fixed_point %[[C]], %[[S]], %[[O]] : vector<2xf32>
//  CHECK-NEXT:   %[[Z:.+]] = arith.constant dense<0.000000e+00> : vector<2xf32>
//  CHECK-NEXT:   %[[R:.+]] = arith.maximumf %[[F]], %[[Z]] : vector<2xf32>
//  CHECK-NEXT:   %[[U:.+]] = arith.constant dense<2.500000e-01> : vector<2xf32>
//  CHECK-NEXT:   %[[Y:.+]] = arith.mulf %[[R]], %[[U]] : vector<2xf32>
//  CHECK-NEXT:   aimc.yield %[[Y]] : vector<2xf32>

// A target without such a unit leaves the program as it is.

// OTHER-LABEL: aimc.program @relu on("near")
//   OTHER-NOT:   aimc.fixed_point
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @relu on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %g = arith.constant dense<[4.0, 2.0]> : vector<2xf32>
  %b = arith.constant dense<[0.0, -4.0]> : vector<2xf32>
  %quarter = arith.constant dense<0.25> : vector<2xf32>
  %half = arith.constant dense<2.0> : vector<2xf32>
  %zero = arith.constant dense<0.0> : vector<2xf32>
  %scaled = arith.mulf %g, %x : vector<2xf32>
  %shifted = arith.subf %scaled, %b : vector<2xf32>
  %normed = arith.mulf %shifted, %quarter : vector<2xf32>
  %r = arith.maximumf %normed, %zero : vector<2xf32>
  %d = arith.divf %r, %half : vector<2xf32>
  %y = arith.mulf %d, %half : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}
func.func @f(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> (tensor<8x2xf32>) {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %relu = aimc.execute @relu ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %relu : tensor<8x2xf32>
}

// -----

// A program of two executions behind other ranges becomes two. An offset of .3
// takes room: a scale of 1 and it would be beyond the 127 of a result. Scales
// and offsets are not rounded here.

// CHECK-LABEL: aimc.program @shift on("near")
//       CHECK:   arith.constant dense<4.000000e+00>
//       CHECK:   arith.constant dense<0.990639{{[0-9]+}}> : vector<2xf32>
//       CHECK:   arith.constant dense<1.18876{{[0-9]+}}> : vector<2xf32>
//       CHECK:   aimc.fixed_point
// CHECK-LABEL: aimc.program @shift_0 on("near")
//       CHECK:   arith.constant dense<2.000000e+00>
//       CHECK:   aimc.fixed_point
// CHECK-LABEL: func.func @g
//       CHECK:   aimc.execute @shift_0
//       CHECK:   aimc.execute @shift{{ }}
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @shift on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %b = arith.constant dense<0.3> : vector<2xf32>
  %y = arith.addf %x, %b : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}
func.func @g(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>) {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1] input_range(4.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %a = aimc.execute @shift ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.mvm @w site(1) role(linear) grid [1, 1] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %b = aimc.execute @shift ins(%z : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a, %b : tensor<8x2xf32>, tensor<8x2xf32>
}

// -----

// Two products have counts of their own, and so have the tiles of a matrix; a
// result of one that passes through has the unit of the larger count.

// CHECK-LABEL: aimc.program @two on("near")
//  CHECK-SAME:   (%[[X:.+]]: vector<2xf32>, %[[Y:.+]]: vector<2xf32>)
//       CHECK:   %[[XI:.+]] = arith.constant dense<[4.000000e+00, 8.000000e+00]>
//       CHECK:   arith.mulf %[[X]], %[[XI]]
//       CHECK:   arith.constant dense<[1.000000e+00, 5.000000e-01]>
//       CHECK:   arith.constant dense<0.000000e+00>
//       CHECK:   arith.constant dense<2.500000e-01>
//       CHECK:   %[[YI:.+]] = arith.constant dense<[2.000000e+00, 4.000000e+00]>
//       CHECK:   arith.mulf %[[Y]], %[[YI]]
//       CHECK:   arith.constant dense<[1.000000e+00, 5.000000e-01]>
//       CHECK:   arith.constant dense<1.000000e+00>
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.25]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 1) on chip(0) core(0) at(0, 0)
aimc.tile @w_0_1 of @w index [0, 1] rows(0, 2) columns(1, 1) on chip(0) core(1) at(0, 0)
aimc.program @two on("near") (%x: vector<2xf32>, %y: vector<2xf32>) -> (vector<2xf32>, vector<2xf32>) {
  %number = arith.constant 2.0 : f32
  %two = vector.broadcast %number : f32 to vector<2xf32>
  %double = arith.mulf %y, %two : vector<2xf32>
  aimc.yield %x, %double : vector<2xf32>, vector<2xf32>
}
func.func @h(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>) {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 2] input_range(2.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.mvm @w site(1) role(linear) grid [1, 2] input_range(4.0) output_range(31.75)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %a, %b = aimc.execute @two ins(%y, %z : tensor<8x2xf32>, tensor<8x2xf32>)
      outs(%init, %init : tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>, tensor<8x2xf32>
  return %a, %b : tensor<8x2xf32>, tensor<8x2xf32>
}

// -----

// Without ranges of its own a product has those of the target: a count is
// 4 / 127 * .5.

// CHECK-LABEL: aimc.program @default on("near")
//       CHECK:   arith.constant dense<6.350000e+01>
//       CHECK:   aimc.fixed_point
aimc.weights @w = dense<[[0.5, -0.25], [0.25, 0.5]]> : tensor<2x2xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(0) at(0, 0)
aimc.program @default on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  aimc.yield %x : vector<2xf32>
}
func.func @i(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.mvm @w site(0) role(linear) grid [1, 1]
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @default ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}

// -----

// A product without tiles is not mapped to the target yet.

// CHECK-LABEL: aimc.program @untiled on("near")
//   CHECK-NOT:   aimc.fixed_point
//       CHECK:   aimc.yield
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.program @untiled on("near") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %y = arith.negf %x : vector<2xf32>
  aimc.yield %y : vector<2xf32>
}
func.func @j(%x: tensor<8x2xf32>, %init: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %y = aimc.mvm @w site(0) role(linear)
      ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  %z = aimc.execute @untiled ins(%y : tensor<8x2xf32>) outs(%init : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}
