// RUN: aimc-opt %s --aimc-set-target=target=%S/Inputs/fixed-point-target.json --aimc-split --remarks-filter=aimc-split --verify-diagnostics | FileCheck %s

// A fixed-point unit at a core takes a product and constants.

aimc.weights @w = dense<0.5> : tensor<4x2xf32>

// CHECK-LABEL: func.func @affine
func.func @affine(%x: tensor<8x4xf32>) -> tensor<8x2xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  %gain = arith.constant dense<2.0> : tensor<8x2xf32>
  // expected-remark @below {{product with 'w' at site 0 stays on crossbars: its role is linear}}
  %p = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  // CHECK: aimc.digital on("near")
  // expected-remark @below {{'arith.mulf' ('multiply') goes to unit 'near' at 2 ns a value}}
  %y = arith.mulf %p, %gain : tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

// It has no products of values.

// CHECK-LABEL: func.func @square
func.func @square(%x: tensor<8x4xf32>) -> tensor<8x2xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  // expected-remark @below {{product with 'w' at site 1 stays on crossbars: its role is linear}}
  %p = aimc.mvm @w site(1) role(linear) ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  // CHECK: aimc.digital on("slow")
  // expected-remark @below {{'arith.mulf' ('multiply') goes to unit 'slow' at 4 ns a value; 'near' only takes a product and constants}}
  %y = arith.mulf %p, %p : tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

// Nor does it see the sum over two tiles of four rows.

aimc.weights @high = dense<0.5> : tensor<5x2xf32>

// CHECK-LABEL: func.func @rows
func.func @rows(%x: tensor<8x5xf32>) -> tensor<8x2xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  %gain = arith.constant dense<2.0> : tensor<8x2xf32>
  // expected-remark @below {{product with 'high' at site 2 stays on crossbars: its role is linear}}
  %p = aimc.mvm @high site(2) role(linear) ins(%x : tensor<8x5xf32>) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  // CHECK: aimc.digital on("slow")
  // expected-remark @below {{'arith.mulf' ('multiply') goes to unit 'slow' at 4 ns a value; 'near' sees the counts of one row of tiles alone}}
  %y = arith.mulf %p, %gain : tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

// A scale may follow a ReLU, not an offset.

// CHECK-LABEL: func.func @relu
func.func @relu(%x: tensor<8x4xf32>) -> tensor<8x2xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  %zero = arith.constant dense<0.0> : tensor<8x2xf32>
  %gain = arith.constant dense<2.0> : tensor<8x2xf32>
  // expected-remark @below {{product with 'w' at site 3 stays on crossbars: its role is linear}}
  %p = aimc.mvm @w site(3) role(linear) ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  // CHECK: aimc.digital on("near")
  // CHECK:   arith.maximumf
  // CHECK:   arith.mulf
  // expected-remark @below {{'arith.maximumf' ('maximum') goes to unit 'near' at 2 ns a value; 'slow' lacks 'maximum'}}
  %r = arith.maximumf %p, %zero : tensor<8x2xf32>
  // expected-remark @below {{'arith.mulf' ('multiply') goes to unit 'near' at 2 ns a value}}
  %s = arith.mulf %r, %gain : tensor<8x2xf32>
  // CHECK: aimc.digital on("slow")
  // CHECK:   arith.addf
  // expected-remark @below {{'arith.addf' ('add') goes to unit 'slow' at 4 ns a value; 'near' has scales without a sign, and nothing but them behind a ReLU}}
  %y = arith.addf %s, %gain : tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

// Nor is there a negation.

// CHECK-LABEL: func.func @negate
func.func @negate(%x: tensor<8x4xf32>) -> tensor<8x2xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  // expected-remark @below {{product with 'w' at site 4 stays on crossbars: its role is linear}}
  %p = aimc.mvm @w site(4) role(linear) ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  // CHECK: aimc.digital on("slow")
  // expected-remark @below {{'arith.negf' ('negate') goes to unit 'slow' at 4 ns a value; 'near' has scales without a sign, and nothing but them behind a ReLU}}
  %y = arith.negf %p : tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}
