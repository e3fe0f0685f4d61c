// RUN: aimc-opt %s --split-input-file --aimc-legalize-bodies | FileCheck %s
// RUN: aimc-opt %s --split-input-file --aimc-legalize-bodies --aimc-legalize-bodies | FileCheck %s

// ReLU as PyTorch writes it is a maximum, which the unit at a core does.

// CHECK-LABEL: func.func @relu
//   CHECK-NOT:   arith.cmpf
//       CHECK:   %[[MAXIMUM:.+]] = arith.maximumf
//       CHECK:   linalg.yield %[[MAXIMUM]]
func.func @relu(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x2xf32>
  %y = linalg.map ins(%x : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>) (%v: f32, %o: f32) {
    %c = arith.cmpf ugt, %v, %zero : f32
    %s = arith.select %c, %v, %zero : f32
    linalg.yield %s : f32
  }
  return %y : tensor<8x2xf32>
}

// -----

// The maximum with -0 is another value than the selection, which gives -0 for
// 0 as well.

// CHECK-LABEL: func.func @negative_zero
//   CHECK-NOT:   arith.maximumf
//       CHECK:   aimc.greater_equal
//       CHECK:   aimc.select
func.func @negative_zero(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %zero = arith.constant -0.0 : f32
  %e = tensor.empty() : tensor<8x2xf32>
  %y = linalg.map ins(%x : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>) (%v: f32, %o: f32) {
    %c = arith.cmpf ugt, %v, %zero : f32
    %s = arith.select %c, %v, %zero : f32
    linalg.yield %s : f32
  }
  return %y : tensor<8x2xf32>
}

// -----

// What holds of NaN is what the opposite does not: the choices change places.

// CHECK-LABEL: func.func @unordered
//       CHECK: ^bb0(%[[A:[a-z_0-9]+]]: f32, %[[B:[a-z_0-9]+]]: f32,
//       CHECK:   %[[OPPOSITE:.+]] = aimc.greater_equal %[[A]], %[[B]] : f32
//       CHECK:   %[[CHOICE:.+]] = aimc.select %[[OPPOSITE]], %[[B]], %[[A]] : f32
//       CHECK:   linalg.yield %[[CHOICE]]
func.func @unordered(%x: tensor<8x2xf32>, %y: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  %z = linalg.map ins(%x, %y : tensor<8x2xf32>, tensor<8x2xf32>) outs(%e : tensor<8x2xf32>)
      (%a: f32, %b: f32, %o: f32) {
    %c = arith.cmpf ult, %a, %b : f32
    %s = arith.select %c, %a, %b : f32
    linalg.yield %s : f32
  }
  return %z : tensor<8x2xf32>
}

// -----

// Each predicate is made of three comparisons.

// CHECK-LABEL: func.func @predicates
//       CHECK: ^bb0(%[[A:[a-z_0-9]+]]: f32, %[[B:[a-z_0-9]+]]: f32,
//       CHECK:   %[[MORE:.+]] = aimc.greater %[[A]], %[[B]]
//       CHECK:   %[[LESS:.+]] = aimc.greater %[[B]], %[[A]]
//       CHECK:   %[[UNEQUAL:.+]] = arith.maximumf %[[MORE]], %[[LESS]]
//       CHECK:   %[[A_IS:.+]] = aimc.equal %[[A]], %[[A]]
//       CHECK:   %[[B_IS:.+]] = aimc.equal %[[B]], %[[B]]
//       CHECK:   %[[ORDERED:.+]] = arith.mulf %[[A_IS]], %[[B_IS]]
//       CHECK:   %[[NAN:.+]] = arith.subf %{{.+}}, %[[ORDERED]]
//       CHECK:   linalg.yield %[[UNEQUAL]], %[[NAN]]
#map = affine_map<(n, c) -> (n, c)>
func.func @predicates(%x: tensor<8x2xf32>, %y: tensor<8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>) {
  %e = tensor.empty() : tensor<8x2xf32>
  %z:2 = linalg.generic {indexing_maps = [#map, #map, #map, #map], iterator_types = ["parallel", "parallel"]}
      ins(%x, %y : tensor<8x2xf32>, tensor<8x2xf32>) outs(%e, %e : tensor<8x2xf32>, tensor<8x2xf32>) {
  ^bb0(%a: f32, %b: f32, %o0: f32, %o1: f32):
    %one = arith.cmpf one, %a, %b : f32
    %p = arith.uitofp %one : i1 to f32
    %uno = arith.cmpf uno, %a, %b : f32
    %q = arith.uitofp %uno : i1 to f32
    linalg.yield %p, %q : f32, f32
  } -> (tensor<8x2xf32>, tensor<8x2xf32>)
  return %z#0, %z#1 : tensor<8x2xf32>, tensor<8x2xf32>
}

// -----

// Conjunctions are products, disjunctions maxima, exclusive ones differences.

// CHECK-LABEL: func.func @logic
//       CHECK:   %[[P:.+]] = aimc.greater
//       CHECK:   %[[Q:.+]] = aimc.equal
//       CHECK:   %[[BOTH:.+]] = arith.mulf %[[P]], %[[Q]]
//       CHECK:   %[[DIFFERENCE:.+]] = arith.subf %[[BOTH]],
//       CHECK:   %[[EITHER:.+]] = math.absf %[[DIFFERENCE]]
//       CHECK:   %[[ANY:.+]] = arith.maximumf %[[EITHER]],
//       CHECK:   aimc.select %[[ANY]],
//   CHECK-NOT:   : i1
func.func @logic(%x: tensor<8x2xf32>, %y: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  %z = linalg.map ins(%x, %y : tensor<8x2xf32>, tensor<8x2xf32>) outs(%e : tensor<8x2xf32>)
      (%a: f32, %b: f32, %o: f32) {
    %p = arith.cmpf ogt, %a, %b : f32
    %q = arith.cmpf oeq, %a, %a : f32
    %pq = arith.andi %p, %q : i1
    %x1 = arith.xori %pq, %q : i1
    %r = arith.ori %x1, %p : i1
    %s = arith.select %r, %a, %b : f32
    linalg.yield %s : f32
  }
  return %z : tensor<8x2xf32>
}

// -----

// A tensor of truth values goes into its users, those on whole tensors and
// named ones too.

// CHECK-LABEL: func.func @truth_tensors
//   CHECK-NOT:   i1
//       CHECK:   linalg.generic
//       CHECK:     %[[C:.+]] = aimc.greater_equal
//       CHECK:     aimc.select %[[C]]
//       CHECK:   linalg.generic
//       CHECK:     %[[D:.+]] = aimc.greater_equal
//       CHECK:     aimc.select %[[D]]
//       CHECK:   return
func.func @truth_tensors(%x: tensor<8x2xf32>, %y: tensor<8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>) {
  %e = tensor.empty() : tensor<8x2xf32>
  %c = arith.cmpf oge, %x, %y : tensor<8x2xf32>
  %a = arith.select %c, %x, %y : tensor<8x2xi1>, tensor<8x2xf32>
  %b = linalg.select ins(%c, %y, %x : tensor<8x2xi1>, tensor<8x2xf32>, tensor<8x2xf32>)
      outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a, %b : tensor<8x2xf32>, tensor<8x2xf32>
}

// -----

// Powers by products and roots: x⁵ in three, x⁻¹ᐟ² by a root.

// CHECK-LABEL: func.func @powers
//       CHECK: ^bb0(%[[X:.+]]: f32, %{{.+}}: f32):
//       CHECK:   %[[X2:.+]] = arith.mulf %[[X]], %[[X]]
//       CHECK:   %[[X4:.+]] = arith.mulf %[[X2]], %[[X2]]
//       CHECK:   %[[X5:.+]] = arith.mulf %[[X]], %[[X4]]
//       CHECK:   %[[ROOT:.+]] = math.sqrt %[[X5]]
//       CHECK:   %[[ONE:.+]] = arith.constant 1.0
//       CHECK:   %[[INVERSE:.+]] = arith.divf %[[ONE]], %[[ROOT]]
//       CHECK:   linalg.yield %[[INVERSE]]
func.func @powers(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %five = arith.constant 5 : i32
  %exponent = arith.constant -0.5 : f32
  %e = tensor.empty() : tensor<8x2xf32>
  %y = linalg.map ins(%x : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>) (%v: f32, %o: f32) {
    %a = math.fpowi %v, %five : f32, i32
    %b = math.powf %a, %exponent : f32
    linalg.yield %b : f32
  }
  return %y : tensor<8x2xf32>
}

// -----

// Other powers stay, and so do those of an exponent that is no constant.

// CHECK-LABEL: func.func @other_powers
//       CHECK:   math.powf
//       CHECK:   math.powf
func.func @other_powers(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %exponent = arith.constant 0.3 : f32
  %e = tensor.empty() : tensor<8x2xf32>
  %y = linalg.map ins(%x : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>) (%v: f32, %o: f32) {
    %a = math.powf %v, %exponent : f32
    %b = math.powf %a, %v : f32
    linalg.yield %b : f32
  }
  return %y : tensor<8x2xf32>
}

// -----

// A reciprocal root, and exp(x) - 1 without cancellation.

// CHECK-LABEL: func.func @functions
//       CHECK: ^bb0(%[[X:.+]]: f32, %{{.+}}: f32):
//       CHECK:   %[[ROOT:.+]] = math.sqrt %[[X]]
//       CHECK:   %[[INVERSE:.+]] = arith.divf %{{.+}}, %[[ROOT]]
//       CHECK:   %[[HALF:.+]] = arith.mulf %[[INVERSE]],
//       CHECK:   %[[EXPONENTIAL:.+]] = math.exp %[[INVERSE]]
//       CHECK:   %[[SUM:.+]] = arith.addf %[[EXPONENTIAL]],
//       CHECK:   %[[TANGENT:.+]] = math.tanh %[[HALF]]
//       CHECK:   arith.mulf %[[TANGENT]], %[[SUM]]
func.func @functions(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  %y = linalg.map ins(%x : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>) (%v: f32, %o: f32) {
    %a = math.rsqrt %v : f32
    %b = math.expm1 %a : f32
    linalg.yield %b : f32
  }
  return %y : tensor<8x2xf32>
}

// -----

// Softmax along any dimension; the maximum of a row keeps NaN.

// CHECK-LABEL: func.func @softmax
//       CHECK:   linalg.generic {{.+}}iterator_types = ["parallel", "parallel", "reduction"]
//       CHECK:     arith.maximumf
//       CHECK:   linalg.generic {{.+}}iterator_types = ["parallel", "parallel", "parallel"]
//       CHECK:     arith.subf
//       CHECK:     math.exp
//       CHECK:   linalg.generic {{.+}}iterator_types = ["parallel", "parallel", "reduction"]
//       CHECK:     arith.addf
//       CHECK:   linalg.generic {{.+}}iterator_types = ["parallel", "parallel", "parallel"]
//       CHECK:     arith.divf
func.func @softmax(%x: tensor<?x8x2xf32>, %e: tensor<?x8x2xf32>) -> tensor<?x8x2xf32> {
  %y = linalg.softmax dimension(2) ins(%x : tensor<?x8x2xf32>) outs(%e : tensor<?x8x2xf32>) -> tensor<?x8x2xf32>
  return %y : tensor<?x8x2xf32>
}

// -----

// Regions of a unit are decided already.

// CHECK-LABEL: func.func @assigned
//       CHECK:   math.rsqrt
func.func @assigned(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %z = aimc.digital on("host") -> tensor<8x2xf32> {
    %y = math.rsqrt %x : tensor<8x2xf32>
    aimc.yield %y : tensor<8x2xf32>
  }
  return %z : tensor<8x2xf32>
}
