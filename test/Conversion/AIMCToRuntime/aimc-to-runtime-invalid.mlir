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
