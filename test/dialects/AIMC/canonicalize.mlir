// RUN: aimc-opt %s --canonicalize --cse | FileCheck %s

aimc.weights @omega = dense<0.5> : tensor<4x4xf32>

// Two sites stay two products: each has its own read noise.

// CHECK-LABEL: func.func @sites
//       CHECK:   aimc.mvm @omega site(0)
//       CHECK:   aimc.mvm @omega site(1)
func.func @sites(%q: tensor<8x4xf32>, %init: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %a = aimc.mvm @omega site(0) role(projection) ins(%q : tensor<8x4xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  %b = aimc.mvm @omega site(1) role(projection) ins(%q : tensor<8x4xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %a, %b : tensor<8x4xf32>, tensor<8x4xf32>
}

// A product or region that nobody uses goes.

// CHECK-LABEL: func.func @unused
//   CHECK-NOT:   aimc.mvm
//   CHECK-NOT:   aimc.digital
func.func @unused(%q: tensor<8x4xf32>, %init: tensor<8x4xf32>) {
  %a = aimc.mvm @omega site(0) role(projection) ins(%q : tensor<8x4xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  %b = aimc.digital on("global") -> tensor<8x4xf32> {
    %c = arith.addf %a, %q : tensor<8x4xf32>
    aimc.yield %c : tensor<8x4xf32>
  }
  return
}

// Products on buffers write them, so they stay.

// CHECK-LABEL: func.func @buffers
//       CHECK:   aimc.mvm @omega site(0)
func.func @buffers(%x: memref<8x4xf32>, %y: memref<8x4xf32>) {
  aimc.mvm @omega site(0) role(linear) ins(%x : memref<8x4xf32>) outs(%y : memref<8x4xf32>)
  return
}

// Only the shape of a destination matters, so nothing is computed for it.

// CHECK-LABEL: func.func @destination
//   CHECK-NOT:   linalg.fill
//       CHECK:   %[[E:.+]] = tensor.empty() : tensor<8x4xf32>
//       CHECK:   aimc.mvm @omega {{.*}} outs(%[[E]] :
//       CHECK:   aimc.execute @identity {{.*}} outs(%[[E]] :
aimc.program @identity on("global") (%x: vector<4xf32>) -> (vector<4xf32>) {
  aimc.yield %x : vector<4xf32>
}
func.func @destination(%q: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x4xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
  %a = aimc.mvm @omega site(0) role(projection) ins(%q : tensor<8x4xf32>) outs(%f : tensor<8x4xf32>) -> tensor<8x4xf32>
  %b = aimc.execute @identity ins(%q : tensor<8x4xf32>) outs(%f : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %a, %b : tensor<8x4xf32>, tensor<8x4xf32>
}

// A cast to a batch of unknown size moves behind the product.

// CHECK-LABEL: func.func @cast
//  CHECK-SAME: %[[Q:.+]]: tensor<8x4xf32>, %[[INIT:.+]]: tensor<8x4xf32>
//       CHECK:   aimc.mvm @omega site(3) role(projection) grid [1, 1] ins(%[[Q]] : tensor<8x4xf32>) outs(%[[INIT]] : tensor<8x4xf32>) -> tensor<8x4xf32>
func.func @cast(%q: tensor<8x4xf32>, %init: tensor<8x4xf32>) -> tensor<?x4xf32> {
  %x = tensor.cast %q : tensor<8x4xf32> to tensor<?x4xf32>
  %i = tensor.cast %init : tensor<8x4xf32> to tensor<?x4xf32>
  %y = aimc.mvm @omega site(3) role(projection) grid [1, 1] ins(%x : tensor<?x4xf32>) outs(%i : tensor<?x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// A destination is only overwritten by attention, so what wrote to it before
// does not matter; attention that nothing uses goes.

// CHECK-LABEL: func.func @attention
//  CHECK-SAME: %[[N:.+]]: index, %[[Q:.+]]: tensor<8x4xf32>, %[[INIT:.+]]: tensor<8x4xf32>
//  CHECK-NEXT:   aimc.attention heads(1) sequences(%[[N]]) ins(%[[Q]], %[[Q]], %[[Q]] : tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>) outs(%[[INIT]] : tensor<8x4xf32>) -> tensor<8x4xf32>
//  CHECK-NEXT:   return
func.func @attention(%n: index, %q: tensor<8x4xf32>, %init: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %x = aimc.attention causal heads(1) sequences(%n) ins(%q, %q, %q : tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>)
      outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  %y = aimc.attention heads(1) sequences(%n) ins(%q, %q, %q : tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>)
      outs(%x : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// Results that nothing uses, that come from outside, or that equal another
// are not computed by a region.

// CHECK-LABEL: func.func @results
//  CHECK-SAME: %[[Q:.+]]: tensor<8x4xf32>
//       CHECK:   %[[R:.+]] = aimc.digital on("global") -> tensor<8x4xf32> {
//       CHECK:     %[[C:.+]] = math.cos %[[Q]]
//  CHECK-NEXT:     aimc.yield %[[C]] : tensor<8x4xf32>
//       CHECK:   return %[[R]], %[[R]], %[[Q]]
func.func @results(%q: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>) {
  %r:4 = aimc.digital on("global") -> tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32> {
    %c = math.cos %q : tensor<8x4xf32>
    %s = math.sin %q : tensor<8x4xf32>
    aimc.yield %c, %s, %c, %q : tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>
  }
  return %r#0, %r#2, %r#3 : tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>
}

// An empty region goes.

// CHECK-LABEL: func.func @empty
//  CHECK-SAME: %[[Q:.+]]: tensor<8x4xf32>
//  CHECK-NEXT:   return %[[Q]]
func.func @empty(%q: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %r = aimc.digital on("global") -> tensor<8x4xf32> {
    aimc.yield %q : tensor<8x4xf32>
  }
  return %r : tensor<8x4xf32>
}

// Constant rows are one constant.

// CHECK-LABEL: aimc.program @rows
//   CHECK-DAG:   %[[A:.+]] = arith.constant dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 3.000000e+00]> : vector<4xf32>
//   CHECK-DAG:   %[[B:.+]] = arith.constant dense<3.000000e+00> : vector<4xf32>
//       CHECK:   aimc.yield %[[A]], %[[B]]
aimc.program @rows on("global") (%x: vector<2xf32>) -> (vector<4xf32>, vector<4xf32>) {
  %a = arith.constant dense<[1.0, 2.0]> : vector<2xf32>
  %b = arith.constant dense<3.0> : vector<2xf32>
  %ab = aimc.concatenate %a, %b : vector<2xf32>, vector<2xf32> -> vector<4xf32>
  %bb = aimc.concatenate %b, %b : vector<2xf32>, vector<2xf32> -> vector<4xf32>
  aimc.yield %ab, %bb : vector<4xf32>, vector<4xf32>
}

// The step of a constant is one; 0 of either sign is not above 0, NaN is NaN.

// CHECK-LABEL: aimc.program @step
//       CHECK:   arith.constant dense<[0.000000e+00, 0.000000e+00, 1.000000e+00, 0.000000e+00, 0x7FC00000]> : vector<5xf32>
//   CHECK-NOT:   aimc.step
aimc.program @step on("global") (%x: vector<5xf32>) -> (vector<5xf32>) {
  %c = arith.constant dense<[0.0, -0.0, 1.0e-45, -2.0, 0x7FC00000]> : vector<5xf32>
  %s = aimc.step %c : vector<5xf32>
  aimc.yield %s : vector<5xf32>
}

// Comparisons of constants are 1 or 0; nothing holds for NaN, and both zeros
// are equal.

// CHECK-LABEL: aimc.program @comparisons
//   CHECK-DAG:   %[[GREATER:.+]] = arith.constant dense<[0.000000e+00, 1.000000e+00, 0.000000e+00, 0.000000e+00]>
//   CHECK-DAG:   %[[GREATER_EQUAL:.+]] = arith.constant dense<[0.000000e+00, 1.000000e+00, 1.000000e+00, 0.000000e+00]>
//   CHECK-DAG:   %[[EQUAL:.+]] = arith.constant dense<[0.000000e+00, 0.000000e+00, 1.000000e+00, 0.000000e+00]>
//       CHECK:   aimc.yield %[[GREATER]], %[[GREATER_EQUAL]], %[[EQUAL]]
aimc.program @comparisons on("global") () -> (vector<4xf32>, vector<4xf32>, vector<4xf32>) {
  %a = arith.constant dense<[1.0, 2.0, -0.0, 0x7FC00000]> : vector<4xf32>
  %b = arith.constant dense<[2.0, 1.0, 0.0, 0x7FC00000]> : vector<4xf32>
  %g = aimc.greater %a, %b : vector<4xf32>
  %ge = aimc.greater_equal %a, %b : vector<4xf32>
  %e = aimc.equal %a, %b : vector<4xf32>
  aimc.yield %g, %ge, %e : vector<4xf32>, vector<4xf32>, vector<4xf32>
}

// A known condition, or two equal choices, leave nothing to select.

// CHECK-LABEL: aimc.program @selections
//  CHECK-SAME:   (%[[X:.+]]: vector<4xf32>, %[[Y:.+]]: vector<4xf32>)
//   CHECK-NOT:   aimc.select
//       CHECK:   aimc.yield %[[X]], %[[Y]], %[[Y]]
aimc.program @selections on("global") (%x: vector<4xf32>, %y: vector<4xf32>)
    -> (vector<4xf32>, vector<4xf32>, vector<4xf32>) {
  %one = arith.constant dense<1.0> : vector<4xf32>
  %zero = arith.constant dense<-0.0> : vector<4xf32>
  %a = aimc.select %one, %x, %y : vector<4xf32>
  %b = aimc.select %zero, %x, %y : vector<4xf32>
  %c = aimc.select %x, %y, %y : vector<4xf32>
  aimc.yield %a, %b, %c : vector<4xf32>, vector<4xf32>, vector<4xf32>
}

// -----

// Sizes that are made the same way are the same.

// CHECK-LABEL: func.func @verify_size
//  CHECK-SAME:   %[[X:.+]]: tensor<?x4xf32>, %[[N:.+]]: index, %[[M:.+]]: index)
//   CHECK-NOT:   aimc.verify_size
//       CHECK:   aimc.verify_size "rows" size(%[[N]]) expected(%[[M]])
//   CHECK-NOT:   aimc.verify_size
//       CHECK:   return
func.func @verify_size(%x: tensor<?x4xf32>, %n: index, %m: index) {
  %zero = arith.constant 0 : index
  %a = tensor.dim %x, %zero : tensor<?x4xf32>
  %b = tensor.dim %x, %zero : tensor<?x4xf32>
  %c = arith.muli %a, %n : index
  %d = arith.muli %b, %n : index
  aimc.verify_size "rows" size(%c) expected(%d)
  aimc.verify_size "rows" size(%n) expected(%m)
  aimc.verify_size "rows" size(%n) expected(%n)
  return
}
