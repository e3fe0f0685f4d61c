// RUN: aimc-opt %s --aimc-defer-rows | FileCheck %s
// Running it again changes nothing.
// RUN: aimc-opt %s --aimc-defer-rows --aimc-defer-rows | FileCheck %s

aimc.rt.matrix @omega = dense<0.5> : tensor<8x16xf32> tiles dense<[[0, 0, 8, 16, 0, 3, 0, 0]]> : tensor<1x8xi32>
aimc.program @features on("global") (%a: vector<16xf32>) -> (vector<16xf32>) {
  %b = math.exp %a : vector<16xf32>
  aimc.yield %b : vector<16xf32>
}
aimc.program @scaled on("global") (%a: vector<16xf32>, %s: vector<1xf32>) -> (vector<16xf32>, vector<1xf32>) {
  %b = math.exp %a : vector<16xf32>
  aimc.yield %b, %s : vector<16xf32>, vector<1xf32>
}

// Queries, and keys with their log scales; what the call of the keys reads is
// freed behind attention.

// CHECK-LABEL: func.func @attend
//       CHECK:   aimc.rt.mvm_digital {{.*}} site(0) {{.*}} deferred(1)
//       CHECK:   %[[NORM:.+]] = memref.alloc() : memref<9x1xf32>
//       CHECK:   aimc.rt.mvm_digital {{.*}} site(1) {{.*}} deferred(1)
//   CHECK-NOT:   memref.dealloc
//       CHECK:   aimc.rt.attention
//  CHECK-NEXT:   memref.dealloc %[[NORM]]
func.func @attend(%device: !aimc.context, %x: memref<9x8xf32>, %n: memref<9x1xf32>, %v: memref<9x4xf32>) -> memref<9x4xf32> {
  %first = aimc.rt.first_vector %device
  %one = arith.constant 1 : index
  %q = memref.alloc() : memref<9x16xf32>
  aimc.rt.mvm_digital %device @omega [@features] site(0) input_range(4.0) output_range(16.0)
      operands([0]) results([1]) deferred(0) first(%first) ins(%x : memref<9x8xf32>) outs(%q : memref<9x16xf32>)
  %norm = memref.alloc() : memref<9x1xf32>
  aimc.rt.copy %device ins(%n : memref<9x1xf32>) outs(%norm : memref<9x1xf32>)
  %k = memref.alloc() : memref<9x16xf32>
  %s = memref.alloc() : memref<9x1xf32>
  aimc.rt.mvm_digital %device @omega [@scaled] site(1) input_range(4.0) output_range(16.0)
      operands([0, 1]) results([2, 3]) deferred(0) first(%first)
      ins(%x : memref<9x8xf32>) with(%norm : memref<9x1xf32>) outs(%k, %s : memref<9x16xf32>, memref<9x1xf32>)
  memref.dealloc %norm : memref<9x1xf32>
  %y = memref.alloc() : memref<9x4xf32>
  aimc.rt.attention %device on("global") heads(1) causal(0) sequences(%one)
      ins(%q, %k, %v : memref<9x16xf32>, memref<9x16xf32>, memref<9x4xf32>)
      log_scale(%s : memref<9x1xf32>) outs(%y : memref<9x4xf32>)
  memref.dealloc %q : memref<9x16xf32>
  memref.dealloc %k : memref<9x16xf32>
  memref.dealloc %s : memref<9x1xf32>
  return %y : memref<9x4xf32>
}

// Of a call that gives the queries and the keys, or the values, rows would be
// computed twice or never.

// CHECK-LABEL: func.func @shared
//       CHECK:   deferred(0)
func.func @shared(%device: !aimc.context, %x: memref<9x8xf32>, %v: memref<9x4xf32>, %y: memref<9x4xf32>) {
  %first = aimc.rt.first_vector %device
  %one = arith.constant 1 : index
  %q = memref.alloc() : memref<9x16xf32>
  aimc.rt.mvm_digital %device @omega [@features] site(0) input_range(4.0) output_range(16.0)
      operands([0]) results([1]) deferred(0) first(%first) ins(%x : memref<9x8xf32>) outs(%q : memref<9x16xf32>)
  aimc.rt.attention %device on("global") heads(1) causal(1) sequences(%one)
      ins(%q, %q, %v : memref<9x16xf32>, memref<9x16xf32>, memref<9x4xf32>) outs(%y : memref<9x4xf32>)
  memref.dealloc %q : memref<9x16xf32>
  return
}

// CHECK-LABEL: func.func @values
//       CHECK:   deferred(0)
func.func @values(%device: !aimc.context, %x: memref<9x8xf32>, %q: memref<9x16xf32>, %y: memref<9x16xf32>) {
  %first = aimc.rt.first_vector %device
  %one = arith.constant 1 : index
  %k = memref.alloc() : memref<9x16xf32>
  aimc.rt.mvm_digital %device @omega [@features] site(0) input_range(4.0) output_range(16.0)
      operands([0]) results([1]) deferred(0) first(%first) ins(%x : memref<9x8xf32>) outs(%k : memref<9x16xf32>)
  aimc.rt.attention %device on("global") heads(1) causal(0) sequences(%one)
      ins(%q, %k, %k : memref<9x16xf32>, memref<9x16xf32>, memref<9x16xf32>) outs(%y : memref<9x16xf32>)
  memref.dealloc %k : memref<9x16xf32>
  return
}

// Keys without the scales that their call gives.

// CHECK-LABEL: func.func @unscaled
//       CHECK:   deferred(0)
func.func @unscaled(%device: !aimc.context, %x: memref<9x8xf32>, %n: memref<9x1xf32>, %q: memref<9x16xf32>, %v: memref<9x4xf32>, %y: memref<9x4xf32>) {
  %first = aimc.rt.first_vector %device
  %one = arith.constant 1 : index
  %k = memref.alloc() : memref<9x16xf32>
  %s = memref.alloc() : memref<9x1xf32>
  aimc.rt.mvm_digital %device @omega [@scaled] site(1) input_range(4.0) output_range(16.0)
      operands([0, 1]) results([2, 3]) deferred(0) first(%first)
      ins(%x : memref<9x8xf32>) with(%n : memref<9x1xf32>) outs(%k, %s : memref<9x16xf32>, memref<9x1xf32>)
  aimc.rt.attention %device on("global") heads(1) causal(0) sequences(%one)
      ins(%q, %k, %v : memref<9x16xf32>, memref<9x16xf32>, memref<9x4xf32>) outs(%y : memref<9x4xf32>)
  memref.dealloc %k : memref<9x16xf32>
  memref.dealloc %s : memref<9x1xf32>
  return
}

// Two attentions.

// CHECK-LABEL: func.func @twice
//       CHECK:   deferred(0)
func.func @twice(%device: !aimc.context, %x: memref<9x8xf32>, %k: memref<9x16xf32>, %v: memref<9x4xf32>, %y: memref<9x4xf32>, %z: memref<9x4xf32>) {
  %first = aimc.rt.first_vector %device
  %one = arith.constant 1 : index
  %q = memref.alloc() : memref<9x16xf32>
  aimc.rt.mvm_digital %device @omega [@features] site(0) input_range(4.0) output_range(16.0)
      operands([0]) results([1]) deferred(0) first(%first) ins(%x : memref<9x8xf32>) outs(%q : memref<9x16xf32>)
  aimc.rt.attention %device on("global") heads(1) causal(0) sequences(%one)
      ins(%q, %k, %v : memref<9x16xf32>, memref<9x16xf32>, memref<9x4xf32>) outs(%y : memref<9x4xf32>)
  aimc.rt.attention %device on("global") heads(1) causal(0) sequences(%one)
      ins(%q, %k, %v : memref<9x16xf32>, memref<9x16xf32>, memref<9x4xf32>) outs(%z : memref<9x4xf32>)
  memref.dealloc %q : memref<9x16xf32>
  return
}

// Attention in another block.

// CHECK-LABEL: func.func @block
//       CHECK:   deferred(0)
func.func @block(%device: !aimc.context, %x: memref<9x8xf32>, %k: memref<9x16xf32>, %v: memref<9x4xf32>, %y: memref<9x4xf32>, %c: i1) {
  %first = aimc.rt.first_vector %device
  %one = arith.constant 1 : index
  %q = memref.alloc() : memref<9x16xf32>
  aimc.rt.mvm_digital %device @omega [@features] site(0) input_range(4.0) output_range(16.0)
      operands([0]) results([1]) deferred(0) first(%first) ins(%x : memref<9x8xf32>) outs(%q : memref<9x16xf32>)
  scf.if %c {
  aimc.rt.attention %device on("global") heads(1) causal(0) sequences(%one)
      ins(%q, %k, %v : memref<9x16xf32>, memref<9x16xf32>, memref<9x4xf32>) outs(%y : memref<9x4xf32>)
  }
  memref.dealloc %q : memref<9x16xf32>
  return
}

// A buffer of unknown origin may be the one that is written or freed.

// CHECK-LABEL: func.func @alias
//       CHECK:   deferred(0)
func.func @alias(%device: !aimc.context, %x: memref<9x8xf32>, %z: memref<9x8xf32>, %k: memref<9x16xf32>, %v: memref<9x4xf32>, %y: memref<9x4xf32>, %c: i1) {
  %first = aimc.rt.first_vector %device
  %one = arith.constant 1 : index
  %either = arith.select %c, %x, %z : memref<9x8xf32>
  %q = memref.alloc() : memref<9x16xf32>
  aimc.rt.mvm_digital %device @omega [@features] site(0) input_range(4.0) output_range(16.0)
      operands([0]) results([1]) deferred(0) first(%first) ins(%either : memref<9x8xf32>) outs(%q : memref<9x16xf32>)
  aimc.rt.copy %device ins(%z : memref<9x8xf32>) outs(%x : memref<9x8xf32>)
  aimc.rt.attention %device on("global") heads(1) causal(0) sequences(%one)
      ins(%q, %k, %v : memref<9x16xf32>, memref<9x16xf32>, memref<9x4xf32>) outs(%y : memref<9x4xf32>)
  memref.dealloc %q : memref<9x16xf32>
  return
}

// CHECK-LABEL: func.func @freed
//       CHECK:   deferred(0)
func.func @freed(%device: !aimc.context, %z: memref<9x8xf32>, %k: memref<9x16xf32>, %v: memref<9x4xf32>, %y: memref<9x4xf32>, %c: i1) {
  %first = aimc.rt.first_vector %device
  %one = arith.constant 1 : index
  %x = memref.alloc() : memref<9x8xf32>
  aimc.rt.copy %device ins(%z : memref<9x8xf32>) outs(%x : memref<9x8xf32>)
  %either = arith.select %c, %x, %z : memref<9x8xf32>
  %q = memref.alloc() : memref<9x16xf32>
  aimc.rt.mvm_digital %device @omega [@features] site(0) input_range(4.0) output_range(16.0)
      operands([0]) results([1]) deferred(0) first(%first) ins(%either : memref<9x8xf32>) outs(%q : memref<9x16xf32>)
  memref.dealloc %x : memref<9x8xf32>
  aimc.rt.attention %device on("global") heads(1) causal(0) sequences(%one)
      ins(%q, %k, %v : memref<9x16xf32>, memref<9x16xf32>, memref<9x4xf32>) outs(%y : memref<9x4xf32>)
  memref.dealloc %q : memref<9x16xf32>
  return
}

// In a loop whose buffers take turns: one of a loop's argument may be another.

// CHECK-LABEL: func.func @turns
//       CHECK:   deferred(0)
func.func @turns(%device: !aimc.context, %x: memref<9x8xf32>, %z: memref<9x8xf32>, %k: memref<9x16xf32>, %v: memref<9x4xf32>, %y: memref<9x4xf32>) {
  %first = aimc.rt.first_vector %device
  %one = arith.constant 1 : index
  %zero = arith.constant 0 : index
  %two = arith.constant 2 : index
  %r:2 = scf.for %i = %zero to %two step %one iter_args(%a = %x, %b = %z) -> (memref<9x8xf32>, memref<9x8xf32>) {
  %q = memref.alloc() : memref<9x16xf32>
  aimc.rt.mvm_digital %device @omega [@features] site(0) input_range(4.0) output_range(16.0)
      operands([0]) results([1]) deferred(0) first(%first) ins(%a : memref<9x8xf32>) outs(%q : memref<9x16xf32>)
  aimc.rt.copy %device ins(%b : memref<9x8xf32>) outs(%x : memref<9x8xf32>)
  aimc.rt.attention %device on("global") heads(1) causal(0) sequences(%one)
      ins(%q, %k, %v : memref<9x16xf32>, memref<9x16xf32>, memref<9x4xf32>) outs(%y : memref<9x4xf32>)
  memref.dealloc %q : memref<9x16xf32>
  scf.yield %b, %a : memref<9x8xf32>, memref<9x8xf32>
  }
  return
}

// Several heads.

// CHECK-LABEL: func.func @heads
//       CHECK:   deferred(0)
func.func @heads(%device: !aimc.context, %x: memref<18x8xf32>, %k: memref<18x16xf32>, %v: memref<9x4xf32>, %y: memref<9x4xf32>) {
  %first = aimc.rt.first_vector %device
  %one = arith.constant 1 : index
  %q = memref.alloc() : memref<18x16xf32>
  aimc.rt.mvm_digital %device @omega [@features] site(0) input_range(4.0) output_range(16.0)
      operands([0]) results([1]) deferred(0) first(%first) ins(%x : memref<18x8xf32>) outs(%q : memref<18x16xf32>)
  aimc.rt.attention %device on("global") heads(2) causal(0) sequences(%one)
      ins(%q, %k, %v : memref<18x16xf32>, memref<18x16xf32>, memref<9x4xf32>) outs(%y : memref<9x4xf32>)
  memref.dealloc %q : memref<18x16xf32>
  return
}

// Features that are a result, or that something else reads.

// CHECK-LABEL: func.func @used
//       CHECK:   site(0) {{.*}} deferred(0)
//       CHECK:   site(1) {{.*}} deferred(0)
func.func @used(%device: !aimc.context, %x: memref<9x8xf32>, %z: memref<9x16xf32>, %v: memref<9x4xf32>, %y: memref<9x4xf32>) -> memref<9x16xf32> {
  %first = aimc.rt.first_vector %device
  %one = arith.constant 1 : index
  %q = memref.alloc() : memref<9x16xf32>
  aimc.rt.mvm_digital %device @omega [@features] site(0) input_range(4.0) output_range(16.0)
      operands([0]) results([1]) deferred(0) first(%first) ins(%x : memref<9x8xf32>) outs(%q : memref<9x16xf32>)
  %k = memref.alloc() : memref<9x16xf32>
  aimc.rt.mvm_digital %device @omega [@features] site(1) input_range(4.0) output_range(16.0)
      operands([0]) results([1]) deferred(0) first(%first) ins(%x : memref<9x8xf32>) outs(%k : memref<9x16xf32>)
  aimc.rt.copy %device ins(%k : memref<9x16xf32>) outs(%z : memref<9x16xf32>)
  aimc.rt.attention %device on("global") heads(1) causal(0) sequences(%one)
      ins(%q, %k, %v : memref<9x16xf32>, memref<9x16xf32>, memref<9x4xf32>) outs(%y : memref<9x4xf32>)
  memref.dealloc %k : memref<9x16xf32>
  return %q : memref<9x16xf32>
}

// Inputs that are written before attention, or by it.

// CHECK-LABEL: func.func @written
//       CHECK:   site(0) {{.*}} deferred(0)
//       CHECK:   site(1) {{.*}} deferred(0)
func.func @written(%device: !aimc.context, %x: memref<9x8xf32>, %z: memref<9x8xf32>, %v: memref<9x4xf32>, %y: memref<9x8xf32>) {
  %first = aimc.rt.first_vector %device
  %one = arith.constant 1 : index
  %q = memref.alloc() : memref<9x16xf32>
  aimc.rt.mvm_digital %device @omega [@features] site(0) input_range(4.0) output_range(16.0)
      operands([0]) results([1]) deferred(0) first(%first) ins(%x : memref<9x8xf32>) outs(%q : memref<9x16xf32>)
  aimc.rt.copy %device ins(%z : memref<9x8xf32>) outs(%x : memref<9x8xf32>)
  %k = memref.alloc() : memref<9x16xf32>
  aimc.rt.mvm_digital %device @omega [@features] site(1) input_range(4.0) output_range(16.0)
      operands([0]) results([1]) deferred(0) first(%first) ins(%y : memref<9x8xf32>) outs(%k : memref<9x16xf32>)
  %part = memref.subview %y[0, 0] [9, 4] [1, 1] : memref<9x8xf32> to memref<9x4xf32, strided<[8, 1]>>
  aimc.rt.attention %device on("global") heads(1) causal(0) sequences(%one)
      ins(%q, %k, %v : memref<9x16xf32>, memref<9x16xf32>, memref<9x4xf32>) outs(%part : memref<9x4xf32, strided<[8, 1]>>)
  memref.dealloc %q : memref<9x16xf32>
  memref.dealloc %k : memref<9x16xf32>
  return
}
