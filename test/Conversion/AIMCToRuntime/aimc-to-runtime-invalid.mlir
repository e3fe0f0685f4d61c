// RUN: aimc-opt %s --split-input-file --convert-aimc-to-runtime --verify-diagnostics

// Tensors are to be bufferized first.
aimc.weights @w = dense<0.5> : tensor<4x3xf32>
func.func @tensors(%x: tensor<8x4xf32>, %init: tensor<8x3xf32>) -> tensor<8x3xf32> {
  // expected-error @below {{'aimc.mvm' op expects buffers when lowered to runtime calls, but got tensors; bufferize first}}
  %y = aimc.mvm @w site(0) role(linear) ins(%x : tensor<8x4xf32>) outs(%init : tensor<8x3xf32>) -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}

// -----

// Values of a model are computed by calls alone.
func.func @arithmetic(%x: memref<8x4xf32>) -> memref<8x4xf32> {
  %c0 = arith.constant 0 : index
  // expected-error @below {{'memref.load' op has no runtime call}}
  %a = memref.load %x[%c0, %c0] : memref<8x4xf32>
  memref.store %a, %x[%c0, %c0] : memref<8x4xf32>
  return %x : memref<8x4xf32>
}

// -----

// A function needs its body.
// expected-error @below {{expects function 'declared' to have a body, but got a declaration}}
func.func private @declared(memref<8x4xf32>)

// -----

// Tools give matrices of a known width.
// expected-error @below {{expects argument 1 of public function 'width' to be a matrix of f32 with a static number of columns, but got 'memref<8x?xf32>'}}
func.func @width(%x: memref<8x4xf32>, %y: memref<8x?xf32>) -> memref<8x4xf32> {
  return %x : memref<8x4xf32>
}

// -----

// Tools give matrices of f32.
// expected-error @below {{expects result 0 of public function 'type' to be a matrix of f32 with a static number of columns, but got 'memref<8x4xf64>'}}
func.func @type(%x: memref<8x4xf32>) -> memref<8x4xf64> {
  %y = memref.alloc() : memref<8x4xf64>
  return %y : memref<8x4xf64>
}

// -----

// A model without a result does nothing.
// expected-error @below {{expects results of public function 'nothing', but got none}}
func.func @nothing(%x: memref<8x4xf32>) {
  return
}

// -----

// Who calls a function frees its arguments and its results.
func.func @returns_argument(%x: memref<?x4xf32>) -> memref<8x4xf32> {
  %y = memref.cast %x : memref<?x4xf32> to memref<8x4xf32>
  // expected-error @below {{'func.return' op expects result 0 of public function 'returns_argument' to be a buffer of its own, but got an argument, which its caller frees}}
  return %y : memref<8x4xf32>
}

// -----

// So a buffer is one result.
func.func @returns_twice(%x: memref<8x4xf32>) -> (memref<8x4xf32>, memref<8x4xf32>) {
  %y = memref.alloc() : memref<8x4xf32>
  memref.copy %x, %y : memref<8x4xf32> to memref<8x4xf32>
  // expected-error @below {{'func.return' op expects result 1 of public function 'returns_twice' to be a buffer of its own, but got that of another result}}
  return %y, %y : memref<8x4xf32>, memref<8x4xf32>
}

// -----

// And it is there.
func.func @returns_freed(%x: memref<8x4xf32>) -> memref<8x4xf32> {
  %y = memref.alloc() : memref<8x4xf32>
  memref.dealloc %y : memref<8x4xf32>
  // expected-error @below {{'func.return' op expects result 0 of public function 'returns_freed' to be a buffer of its own, but got one that is freed}}
  return %y : memref<8x4xf32>
}

// -----

// Arguments stay, also in a function that takes the context already.
func.func @frees_argument(%device: !aimc.context, %x: memref<8x4xf32>) -> memref<8x4xf32> {
  %y = memref.alloc() : memref<8x4xf32>
  aimc.rt.copy %device ins(%x : memref<8x4xf32>) outs(%y : memref<8x4xf32>)
  // expected-error @below {{'memref.dealloc' op expects a buffer of function 'frees_argument', but got its argument, which its caller frees}}
  memref.dealloc %x : memref<8x4xf32>
  return %y : memref<8x4xf32>
}

// -----

// A view of an argument is the argument's buffer.
func.func @returns_view(%x: memref<8x4xf32>) -> memref<4x8xf32> {
  %flat = memref.collapse_shape %x [[0, 1]] : memref<8x4xf32> into memref<32xf32>
  %y = memref.expand_shape %flat [[0, 1]] output_shape [4, 8] : memref<32xf32> into memref<4x8xf32>
  // expected-error @below {{'func.return' op expects result 0 of public function 'returns_view' to be a buffer of its own, but got an argument, which its caller frees}}
  return %y : memref<4x8xf32>
}

// -----

// Calls take matrices.
func.func @rank(%x: memref<8x4xf32>) -> memref<8x4xf32> {
  // expected-error @below {{'memref.expand_shape' op expects a view that is a matrix where it is used, but got 'memref<8x2x2xf32>'}}
  %split = memref.expand_shape %x [[0], [1, 2]] output_shape [8, 2, 2] : memref<8x4xf32> into memref<8x2x2xf32>
  call @take(%split) : (memref<8x2x2xf32>) -> ()
  %y = memref.alloc() : memref<8x4xf32>
  return %y : memref<8x4xf32>
}
func.func private @take(%x: memref<8x2x2xf32>) {
  return
}

// -----

// Views need the steps of what they show.
// expected-error @below {{expects a buffer with known strides under a view, but got 'memref<8x4xf32, strided<[?, 1]>>'}}
func.func private @strides(%x: memref<8x4xf32, strided<[?, 1]>>) {
  %part = memref.subview %x[0, 1] [8, 2] [1, 1] : memref<8x4xf32, strided<[?, 1]>> to memref<8x2xf32, strided<[?, 1], offset: 1>>
  memref.copy %part, %part : memref<8x2xf32, strided<[?, 1], offset: 1>> to memref<8x2xf32, strided<[?, 1], offset: 1>>
  return
}

// -----

// A copy is of a matrix.
func.func private @copy(%x: memref<8x4x2xf32>, %y: memref<8x4x2xf32>) {
  // expected-error @below {{'memref.copy' op expects to copy matrices, but got 'memref<8x4x2xf32>'}}
  memref.copy %x, %y : memref<8x4x2xf32> to memref<8x4x2xf32>
  return
}

// -----

// A product averages over the copies that there are.
aimc.weights @w = dense<0.5> : tensor<4x3xf32>
aimc.tile @a of @w index [0, 0] rows(0, 4) columns(0, 3)
aimc.tile @b of @w copy(1) index [0, 0] rows(0, 4) columns(0, 3)
func.func @copies(%x: memref<8x4xf32>) -> memref<8x3xf32> {
  %y = memref.alloc() : memref<8x3xf32>
  // expected-error @below {{'aimc.mvm' op expects an average over the copies of @w, 2, or that they share the vectors, but got 1}}
  aimc.mvm @w site(0) role(linear) ins(%x : memref<8x4xf32>) outs(%y : memref<8x3xf32>)
  return %y : memref<8x3xf32>
}

// -----

// The copies of a matrix are for one thing.
aimc.weights @w = dense<0.5> : tensor<4x3xf32>
aimc.tile @a of @w index [0, 0] rows(0, 4) columns(0, 3)
aimc.tile @b of @w copy(1) index [0, 0] rows(0, 4) columns(0, 3)
func.func @rules(%x: memref<8x4xf32>) -> memref<8x3xf32> {
  %y = memref.alloc() : memref<8x3xf32>
  // expected-note @below {{the other product is here}}
  aimc.mvm @w site(0) role(linear) share(2) ins(%x : memref<8x4xf32>) outs(%y : memref<8x3xf32>)
  // expected-error @below {{'aimc.mvm' op expects share as another product with @w, but got average}}
  aimc.mvm @w site(1) role(linear) average(2) ins(%x : memref<8x4xf32>) outs(%y : memref<8x3xf32>)
  return %y : memref<8x3xf32>
}

// -----

// Attention has been assigned.
func.func private @attention(%n: index, %q: memref<4x8xf32>, %y: memref<4x8xf32>) {
  // expected-error @below {{'aimc.attention' op expects the digital unit that computes it, but got none; run aimc-split first}}
  aimc.attention heads(1) sequences(%n) ins(%q, %q, %q : memref<4x8xf32>, memref<4x8xf32>, memref<4x8xf32>)
      outs(%y : memref<4x8xf32>)
  return
}
