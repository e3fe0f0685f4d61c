// RUN: aimc-opt %s --split-input-file --aimc-fuse-calls | FileCheck %s
// Running it again changes nothing.
// RUN: aimc-opt %s --split-input-file --aimc-fuse-calls --aimc-fuse-calls | FileCheck %s

// A product and two programs: buffers between them go, what the second reads
// besides is given, and what an input was freed for is freed behind.

aimc.rt.matrix @omega = dense<0.5> : tensor<4x6xf32> tiles dense<[[0, 0, 4, 6, 0, 0, 0, 0]]> : tensor<1x8xi32>
aimc.program @cosine on("global") (%a: vector<6xf32>) -> (vector<6xf32>) {
  %b = math.cos %a : vector<6xf32>
  aimc.yield %b : vector<6xf32>
}
aimc.program @scale on("global") (%s: vector<1xf32>, %a: vector<6xf32>) -> (vector<1xf32>) {
  %b = vector.broadcast %s : vector<1xf32> to vector<6xf32>
  %c = arith.mulf %a, %b : vector<6xf32>
  %d = vector.reduction <add>, %c : vector<6xf32> into f32
  %e = vector.broadcast %d : f32 to vector<1xf32>
  aimc.yield %e : vector<1xf32>
}

// CHECK-LABEL: func.func @chain
//  CHECK-SAME:     (%[[DEVICE:.+]]: !aimc.context, %[[X:.+]]: memref<8x4xf32>, %[[S:.+]]: memref<8x1xf32>)
//       CHECK:   %[[FIRST:.+]] = aimc.rt.first_vector
//   CHECK-NOT:   memref.alloc() : memref<8x6xf32>
//       CHECK:   %[[COPY:.+]] = memref.alloc() {{.*}}: memref<8x4xf32>
//       CHECK:   %[[Y:.+]] = memref.alloc() : memref<8x1xf32>
//       CHECK:   aimc.rt.mvm_digital %[[DEVICE]] @omega [@cosine, @scale] site(3) input_range(4.000000e+00) output_range(1.600000e+01) operands([0, 1, 2]) results([3]) deferred(0) first(%[[FIRST]])
//  CHECK-SAME:       ins(%[[COPY]] : memref<8x4xf32>) with(%[[S]] : memref<8x1xf32>) outs(%[[Y]] : memref<8x1xf32>)
//  CHECK-NEXT:   memref.dealloc %[[COPY]]
//  CHECK-NEXT:   return %[[Y]]
func.func @chain(%device: !aimc.context, %x: memref<8x4xf32>, %s: memref<8x1xf32>) -> memref<8x1xf32> {
  %first = aimc.rt.first_vector %device
  %copy = memref.alloc() {alignment = 64 : i64} : memref<8x4xf32>
  aimc.rt.copy %device ins(%x : memref<8x4xf32>) outs(%copy : memref<8x4xf32>)
  %p = memref.alloc() : memref<8x6xf32>
  aimc.rt.mvm %device @omega site(3) input_range(4.0) output_range(16.0) first(%first)
      ins(%copy : memref<8x4xf32>) outs(%p : memref<8x6xf32>)
  memref.dealloc %copy : memref<8x4xf32>
  // In place.
  aimc.rt.digital %device @cosine first(%first) ins(%p : memref<8x6xf32>) outs(%p : memref<8x6xf32>)
  %y = memref.alloc() : memref<8x1xf32>
  aimc.rt.digital %device @scale first(%first)
      ins(%s, %p : memref<8x1xf32>, memref<8x6xf32>) outs(%y : memref<8x1xf32>)
  memref.dealloc %p : memref<8x6xf32>
  return %y : memref<8x1xf32>
}

// Features that are used again are a result; the product is not.

// CHECK-LABEL: func.func @shared
//       CHECK:   %[[Z:.+]] = memref.alloc() : memref<8x6xf32>
//       CHECK:   %[[Y:.+]] = memref.alloc() : memref<8x1xf32>
//       CHECK:   aimc.rt.mvm_digital {{.*}} [@cosine, @scale] {{.*}} operands([0, 1, 2]) results([2, 3])
//  CHECK-SAME:       outs(%[[Z]], %[[Y]] : memref<8x6xf32>, memref<8x1xf32>)
//  CHECK-NEXT:   return %[[Z]], %[[Y]]
func.func @shared(%device: !aimc.context, %x: memref<8x4xf32>, %s: memref<8x1xf32>) -> (memref<8x6xf32>, memref<8x1xf32>) {
  %first = aimc.rt.first_vector %device
  %p = memref.alloc() : memref<8x6xf32>
  aimc.rt.mvm %device @omega site(3) input_range(4.0) output_range(16.0) first(%first)
      ins(%x : memref<8x4xf32>) outs(%p : memref<8x6xf32>)
  %z = memref.alloc() : memref<8x6xf32>
  aimc.rt.digital %device @cosine first(%first) ins(%p : memref<8x6xf32>) outs(%z : memref<8x6xf32>)
  memref.dealloc %p : memref<8x6xf32>
  %y = memref.alloc() : memref<8x1xf32>
  aimc.rt.digital %device @scale first(%first)
      ins(%s, %z : memref<8x1xf32>, memref<8x6xf32>) outs(%y : memref<8x1xf32>)
  return %z, %y : memref<8x6xf32>, memref<8x1xf32>
}

// What stands between and has no part in it stays before it.

// CHECK-LABEL: func.func @apart
//       CHECK:   aimc.rt.digital {{.*}} @cosine
//       CHECK:   aimc.rt.mvm_digital {{.*}} [@cosine]
func.func @apart(%device: !aimc.context, %x: memref<8x4xf32>, %v: memref<8x6xf32>) -> (memref<8x6xf32>, memref<8x6xf32>) {
  %first = aimc.rt.first_vector %device
  %p = memref.alloc() : memref<8x6xf32>
  aimc.rt.mvm %device @omega site(3) input_range(4.0) output_range(16.0) first(%first)
      ins(%x : memref<8x4xf32>) outs(%p : memref<8x6xf32>)
  %u = memref.alloc() : memref<8x6xf32>
  aimc.rt.digital %device @cosine first(%first) ins(%v : memref<8x6xf32>) outs(%u : memref<8x6xf32>)
  %z = memref.alloc() : memref<8x6xf32>
  aimc.rt.digital %device @cosine first(%first) ins(%p : memref<8x6xf32>) outs(%z : memref<8x6xf32>)
  memref.dealloc %p : memref<8x6xf32>
  return %z, %u : memref<8x6xf32>, memref<8x6xf32>
}

// A product that is a result itself, or whose input is written on the way, or
// that other calls read first, stays.

// CHECK-LABEL: func.func @kept
//   CHECK-NOT:   aimc.rt.mvm_digital
func.func @kept(%device: !aimc.context, %x: memref<8x6xf32>) -> (memref<8x6xf32>, memref<8x6xf32>) {
  %first = aimc.rt.first_vector %device
  %part = memref.reinterpret_cast %x to offset: [0], sizes: [8, 4], strides: [6, 1]
      : memref<8x6xf32> to memref<8x4xf32, strided<[6, 1]>>
  %p = memref.alloc() : memref<8x6xf32>
  aimc.rt.mvm %device @omega site(3) input_range(4.0) output_range(16.0) first(%first)
      ins(%part : memref<8x4xf32, strided<[6, 1]>>) outs(%p : memref<8x6xf32>)
  aimc.rt.digital %device @cosine first(%first) ins(%p : memref<8x6xf32>) outs(%x : memref<8x6xf32>)
  %q = memref.alloc() : memref<8x6xf32>
  aimc.rt.mvm %device @omega site(4) input_range(4.0) output_range(16.0) first(%first)
      ins(%part : memref<8x4xf32, strided<[6, 1]>>) outs(%q : memref<8x6xf32>)
  aimc.rt.copy %device ins(%q : memref<8x6xf32>) outs(%p : memref<8x6xf32>)
  %z = memref.alloc() : memref<8x6xf32>
  aimc.rt.digital %device @cosine first(%first) ins(%q : memref<8x6xf32>) outs(%z : memref<8x6xf32>)
  memref.dealloc %q : memref<8x6xf32>
  return %z, %p : memref<8x6xf32>, memref<8x6xf32>
}
