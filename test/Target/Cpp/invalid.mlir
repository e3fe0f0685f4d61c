// What has no C++ form is an error at the operation.
// RUN: aimc-translate --aimc-to-cpp %s --split-input-file --verify-diagnostics

// Above the level of runtime calls.

// expected-error @below {{'aimc.weights' op has no C++ form}}
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  return %x : tensor<?x2xf32>
}

// -----

// expected-error @below {{expects function 'main' to take the context; lower to runtime calls first}}
func.func @main(%x: memref<?x2xf32>) -> memref<?x2xf32> {
  return %x : memref<?x2xf32>
}

// -----

// expected-error @below {{expects function 'main' to take the context; lower to runtime calls first}}
func.func @main() {
  return
}

// -----

// A run gives results.

// expected-error @below {{expects results of public function 'main', but got none}}
func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) {
  return
}

// -----

// A function of another program.

// expected-error @below {{'func.func' op has no C++ form}}
func.func private @other(%context: !aimc.context)
func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  return %x : memref<?x2xf32>
}

// -----

// Types.

// expected-error @below {{expects each input of the entry 'main' to be a buffer of f32 with a static number of columns, but got 'memref<?x2xf64>'}}
func.func @main(%context: !aimc.context, %x: memref<?x2xf64>) -> memref<?x2xf64> {
  return %x : memref<?x2xf64>
}

// -----

// expected-error @below {{expects each output of the entry 'main' to be a buffer of f32 with a static number of columns, but got 'memref<?x?xf32>'}}
func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x?xf32> {
  %y = memref.cast %x : memref<?x2xf32> to memref<?x?xf32>
  return %y : memref<?x?xf32>
}

// -----

func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  %one = arith.constant 1.0 : f32
  call @helper(%context, %one) : (!aimc.context, f32) -> ()
  return %x : memref<?x2xf32>
}
// expected-error @below {{expects arguments and results with a C++ form in function 'helper', but got 'f32'}}
func.func private @helper(%context: !aimc.context, %x: f32) {
  return
}

// -----

// Control flow is loops.

// expected-error @below {{expects one block in function 'main', but got 2}}
func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  cf.br ^next
^next:
  return %x : memref<?x2xf32>
}

// -----

func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  %c = arith.constant true
  // expected-error @below {{'scf.if' op has no C++ form}}
  scf.if %c {
  }
  return %x : memref<?x2xf32>
}

// -----

func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  // expected-error @below {{'arith.constant' op has no C++ form}}
  %start = arith.constant 0 : i32
  return %x : memref<?x2xf32>
}

// -----

func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  // expected-error @below {{'memref.alloc' op has no C++ form for 'memref<4xf32>'}}
  %a = memref.alloc() : memref<4xf32>
  return %x : memref<?x2xf32>
}

// -----

func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  // expected-error @below {{'memref.alloc' op has no C++ form for}}
  %a = memref.alloc() : memref<4x2xf32, strided<[4, 1]>>
  return %x : memref<?x2xf32>
}

// -----

func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  // expected-error @below {{'memref.cast' op has no C++ form for 'memref<*xf32>'}}
  %a = memref.cast %x : memref<?x2xf32> to memref<*xf32>
  return %x : memref<?x2xf32>
}

// -----

func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  %zero = arith.constant 0 : index
  // expected-error @below {{'memref.load' op has no C++ form}}
  %a = memref.load %x[%zero, %zero] : memref<?x2xf32>
  return %x : memref<?x2xf32>
}

// -----

// Sizes are signed, and additions of truth values would not wrap.

func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  %zero = arith.constant 0 : index
  // expected-error @below {{'arith.cmpi' op has no C++ form}}
  %a = arith.cmpi ult, %zero, %zero : index
  return %x : memref<?x2xf32>
}

// -----

func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  %true = arith.constant true
  // expected-error @below {{'arith.addi' op has no C++ form}}
  %a = arith.addi %true, %true : i1
  return %x : memref<?x2xf32>
}

// -----

func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  %zero = arith.constant 0 : index
  // expected-error @below {{'arith.divui' op has no C++ form}}
  %a = arith.divui %zero, %zero : index
  return %x : memref<?x2xf32>
}

// -----

func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  // expected-error @below {{'arith.constant' op has no C++ form}}
  %a = arith.constant dense<1.0> : tensor<2x2xf32>
  return %x : memref<?x2xf32>
}

// -----

// Views are matrices, one step from their buffer.

func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  // expected-error @below {{'memref.reinterpret_cast' op has no C++ form for 'memref<2x1x2xf32>'}}
  %a = memref.reinterpret_cast %x to offset: [0], sizes: [2, 1, 2], strides: [2, 2, 1] : memref<?x2xf32> to memref<2x1x2xf32>
  return %x : memref<?x2xf32>
}

// -----

func.func @main(%context: !aimc.context, %x: memref<?x2xf32>) -> memref<?x2xf32> {
  // expected-error @below {{'memref.subview' op has no C++ form}}
  %a = memref.subview %x[0, 1] [2, 1] [1, 1] : memref<?x2xf32> to memref<2x1xf32, strided<[2, 1], offset: 1>>
  return %x : memref<?x2xf32>
}
