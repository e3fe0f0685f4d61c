// RUN: aimc-opt %s --aimc-set-target=target=%S/Inputs/small-target.json --aimc-split --remarks-filter=aimc-split --verify-diagnostics | FileCheck %s

// The choice of a unit, with its reasons. The target has a slow unit that does
// much, a fast one of the chip, and one as fast at each core.

aimc.weights @omega = dense<0.5> : tensor<2x2xf32>
aimc.weights @readout = dense<0.5> : tensor<2x2xf32>

// CHECK-LABEL: func.func @choose
func.func @choose(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  // The faster unit that can do it is taken.
  // CHECK: aimc.digital on("fast")
  // expected-remark @below {{'math.cos' ('cosine') goes to unit 'fast' at 2 ns a value; 'near' lacks 'cosine'}}
  %a = math.cos %x : tensor<8x2xf32>
  // CHECK: aimc.mvm @omega
  // expected-remark @below {{product with 'omega' at site 0 stays on crossbars: its role is projection}}
  %p = aimc.mvm @omega site(0) role(projection) ins(%a : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  // Of two equally fast units, that at the core.
  // CHECK: aimc.digital on("near")
  // expected-remark @below {{'arith.addf' ('add') goes to unit 'near' at 2 ns a value}}
  %b = arith.addf %p, %p : tensor<8x2xf32>
  // expected-remark @below {{'arith.mulf' ('multiply') goes to unit 'near' at 2 ns a value}}
  %c = arith.mulf %b, %p : tensor<8x2xf32>
  // What has left the core does not come back without a product.
  // CHECK: aimc.digital on("slow")
  // expected-remark @below {{'arith.negf' ('negate') goes to unit 'slow' at 4 ns a value; 'fast' lacks 'negate'; 'near' lacks 'negate'}}
  %d = arith.negf %c : tensor<8x2xf32>
  // CHECK: aimc.digital on("fast")
  // expected-remark @below {{'arith.addf' ('add') goes to unit 'fast' at 2 ns a value; 'near' only takes what follows one product directly}}
  %f = arith.addf %d, %c : tensor<8x2xf32>
  // CHECK: aimc.digital on("slow")
  // expected-remark @below {{product with 'readout' at site 1 goes to a digital unit: its role is readout}}
  // expected-remark @below {{'linalg.matmul' ('product') goes to unit 'slow' at 4 ns a value; 'fast' lacks 'product'; 'near' lacks 'product'}}
  %y = aimc.mvm @readout site(1) role(readout) ins(%f : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

// A sum over a row needs all its columns, which may lie on several cores.

// CHECK-LABEL: func.func @sum
//       CHECK:   aimc.mvm @omega
//       CHECK:   aimc.digital on("slow")
func.func @sum(%x: tensor<8x2xf32>) -> tensor<8x1xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  // expected-remark @below {{product with 'omega' at site 2 stays on crossbars: its role is linear}}
  %p = aimc.mvm @omega site(2) role(linear) ins(%x : tensor<8x2xf32>) outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  %zero = arith.constant dense<0.0> : tensor<8x1xf32>
  // expected-remark @below {{'linalg.generic' ('sum') goes to unit 'slow' at 4 ns a value; 'fast' lacks 'sum'; 'near' sees the columns of one core alone}}
  %s = linalg.generic {
      indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (n, 0)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%p : tensor<8x2xf32>) outs(%zero : tensor<8x1xf32>) {
  ^bb0(%u: f32, %o: f32):
    %t = arith.addf %o, %u : f32
    linalg.yield %t : f32
  } -> tensor<8x1xf32>
  return %s : tensor<8x1xf32>
}

// An exact kernel goes to one unit that can do all of it.

// CHECK-LABEL: func.func @gram
//       CHECK:   aimc.gram on("slow") kernel(linear)
func.func @gram(%x: tensor<8x2xf32>) -> tensor<8x8xf32> {
  %e = tensor.empty() : tensor<8x8xf32>
  // expected-remark @below {{'aimc.gram' ('product') goes to unit 'slow' at 4 ns a value; 'fast' lacks 'product'; 'near' lacks 'product'}}
  %k = aimc.gram kernel(linear) ins(%x, %x : tensor<8x2xf32>, tensor<8x2xf32>) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %k : tensor<8x8xf32>
}

// Attention needs divisions, and with log scales exponentials. It stands by
// itself: what follows it is another region than what it uses.

// CHECK-LABEL: func.func @attention
//       CHECK:   %[[F:.+]] = aimc.digital on("fast")
//       CHECK:   %[[A:.+]] = aimc.attention on("slow") heads(1) sequences(%{{.+}}) ins(%[[F]], %[[F]], %[[F]] :
//       CHECK:   aimc.digital on("fast")
//       CHECK:     math.cos %[[A]]
func.func @attention(%x: tensor<8x2xf32>, %s: tensor<8x1xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>) {
  %n = arith.constant 1 : index
  %e = tensor.empty() : tensor<8x2xf32>
  // expected-remark @below {{'math.cos' ('cosine') goes to unit 'fast' at 2 ns a value; 'near' lacks 'cosine'}}
  %f = math.cos %x : tensor<8x2xf32>
  // expected-remark @below {{'aimc.attention' ('product', 'divide') goes to unit 'slow' at 4 ns a value; 'fast' lacks 'product', 'divide'; 'near' lacks 'product', 'divide'}}
  %a = aimc.attention heads(1) sequences(%n) ins(%f, %f, %f : tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
      outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  // expected-remark @below {{'math.cos' ('cosine') goes to unit 'fast' at 2 ns a value; 'near' lacks 'cosine'}}
  %y = math.cos %a : tensor<8x2xf32>
  // What has a unit keeps it.
  // CHECK: aimc.attention on("fast")
  %z = aimc.attention on("fast") heads(1) sequences(%n) ins(%f, %f, %f : tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
      outs(%e : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %y, %z : tensor<8x2xf32>, tensor<8x2xf32>
}
