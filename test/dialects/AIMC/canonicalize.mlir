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
