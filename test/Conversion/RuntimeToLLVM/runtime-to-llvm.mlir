// RUN: aimc-opt %s --split-input-file --convert-aimc-runtime-to-llvm | FileCheck %s

// Matrices and programs become their positions; buffers pointers to their
// descriptors in the entry block; several buffers a number and an array. A
// public function gets the C interface.

// CHECK-NOT: aimc.
aimc.rt.matrix @unused = dense<0.5> : tensor<4x3xf32>
aimc.rt.matrix @w = dense<0.5> : tensor<4x3xf32> tiles dense<[[0, 0, 4, 3, -1, -1, -1, -1]]> : tensor<1x8xi32>
aimc.program @p on("host") (%a: vector<3xf32>) -> (vector<3xf32>, vector<3xf32>) {
  aimc.yield %a, %a : vector<3xf32>, vector<3xf32>
}

// CHECK-DAG: llvm.func @aimc_first_vector(!llvm.ptr) -> i64
// CHECK-DAG: llvm.func @aimc_mvm(!llvm.ptr, i64, i64, f32, f32, i64, !llvm.ptr, !llvm.ptr)
// CHECK-DAG: llvm.func @aimc_digital(!llvm.ptr, i64, i64, i64, !llvm.ptr, i64, !llvm.ptr)
// CHECK-DAG: llvm.func @aimc_copy(!llvm.ptr, !llvm.ptr, !llvm.ptr)

// CHECK-LABEL: llvm.func @model.calls
//  CHECK-SAME:     (%[[CONTEXT:[^:]+]]: !llvm.ptr,
//   CHECK-DAG:   %[[TWO:.+]] = llvm.mlir.constant(2 : i64) : i64
//       CHECK:   llvm.alloca %{{.+}} x !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
//       CHECK:   %[[FIRST:.+]] = llvm.call @aimc_first_vector(%[[CONTEXT]]) : (!llvm.ptr) -> i64
//   CHECK-DAG:   %[[MATRIX:.+]] = llvm.mlir.constant(1 : i64) : i64
//   CHECK-DAG:   %[[SITE:.+]] = llvm.mlir.constant(7 : i64) : i64
//   CHECK-DAG:   %[[INPUT_RANGE:.+]] = llvm.mlir.constant(2.000000e+00 : f32) : f32
//   CHECK-DAG:   %[[OUTPUT_RANGE:.+]] = llvm.mlir.constant(3.000000e+00 : f32) : f32
//       CHECK:   llvm.call @aimc_mvm(%[[CONTEXT]], %[[MATRIX]], %[[SITE]], %[[INPUT_RANGE]], %[[OUTPUT_RANGE]], %[[FIRST]], %{{.+}}, %{{.+}})
//       CHECK:   %[[PROGRAM:.+]] = llvm.mlir.constant(0 : i64) : i64
//       CHECK:   %[[INPUTS:.+]] = llvm.mlir.constant(1 : i64) : i64
//       CHECK:   %[[OUTPUTS:.+]] = llvm.mlir.constant(2 : i64) : i64
//       CHECK:   llvm.getelementptr %[[ARRAY:.+]][1] : (!llvm.ptr) -> !llvm.ptr, !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>
//       CHECK:   llvm.call @aimc_digital(%[[CONTEXT]], %[[PROGRAM]], %[[FIRST]], %[[INPUTS]], %{{.+}}, %[[OUTPUTS]], %[[ARRAY]])
//       CHECK:   llvm.call @aimc_copy(%[[CONTEXT]], %{{.+}}, %{{.+}})
//       CHECK: llvm.func @_mlir_ciface_model.calls
func.func @calls(%context: !aimc.context, %x: memref<8x4xf32>, %y: memref<8x3xf32>, %z: memref<8x3xf32>) {
  %first = aimc.rt.first_vector %context
  aimc.rt.mvm %context @w site(7) input_range(2.0) output_range(3.0) first(%first)
      ins(%x : memref<8x4xf32>) outs(%y : memref<8x3xf32>)
  aimc.rt.digital %context @p first(%first) ins(%y : memref<8x3xf32>)
      outs(%z, %z : memref<8x3xf32>, memref<8x3xf32>)
  aimc.rt.copy %context ins(%y : memref<8x3xf32>) outs(%z : memref<8x3xf32>)
  return
}

// -----

// Descriptors of calls in a loop stand in the entry block.

// CHECK-LABEL: llvm.func @model.loop
//       CHECK:   llvm.alloca
//       CHECK:   llvm.alloca
//       CHECK:   llvm.br ^[[HEADER:.+]](
//       CHECK: ^[[HEADER]](
//   CHECK-NOT:   llvm.alloca
//       CHECK:   llvm.call @aimc_copy
//   CHECK-NOT:   llvm.alloca
func.func private @loop(%context: !aimc.context, %x: memref<8x4xf32>, %y: memref<8x4xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    aimc.rt.copy %context ins(%x : memref<8x4xf32>) outs(%y : memref<8x4xf32>)
  }
  return
}

// -----

// A function of the model does not take the place of a call of the runtime.

// CHECK-LABEL: llvm.func @model.aimc_release
//       CHECK:   llvm.call @aimc_release(
//       CHECK:   llvm.call @model.aimc_copy(
func.func private @aimc_release(%context: !aimc.context, %x: memref<8x4xf32>) {
  memref.dealloc %x : memref<8x4xf32>
  call @aimc_copy(%context) : (!aimc.context) -> ()
  return
}
func.func private @aimc_copy(%context: !aimc.context) {
  return
}

// -----

// The runtime multiplies the sizes of a buffer, and sees where no memory can
// have that many values.

// CHECK-LABEL: llvm.func @model.allocate
//  CHECK-SAME:   (%[[CONTEXT:.+]]: !llvm.ptr, %[[ROWS:.+]]: i64)
//       CHECK:   %[[COLUMNS:.+]] = llvm.mlir.constant(2147483648 : index) : i64
//       CHECK:   llvm.call @aimc_allocate(%[[CONTEXT]], %[[ROWS]], %[[COLUMNS]]) : (!llvm.ptr, i64, i64) -> !llvm.ptr
func.func private @allocate(%context: !aimc.context, %rows: index) {
  %x = memref.alloc(%rows) {alignment = 64 : i64} : memref<?x2147483648xf32>
  aimc.rt.copy %context ins(%x : memref<?x2147483648xf32>) outs(%x : memref<?x2147483648xf32>)
  memref.dealloc %x : memref<?x2147483648xf32>
  return
}

// -----

// A view is another descriptor of the same values.

// CHECK-LABEL: llvm.func @model.view
//       CHECK:   %[[VIEW:.+]] = llvm.insertvalue %{{.+}}, %{{.+}}[2]
//   CHECK-NOT:   llvm.call
//       CHECK:   llvm.store %{{.+}} : !llvm.struct<(ptr, ptr, i64, array<2 x i64>, array<2 x i64>)>, !llvm.ptr
//       CHECK:   llvm.call @aimc_copy
func.func private @view(%context: !aimc.context, %x: memref<8x4xf32>, %y: memref<16x2xf32>) {
  %heads = memref.reinterpret_cast %x to offset: [0], sizes: [16, 2], strides: [2, 1] : memref<8x4xf32> to memref<16x2xf32>
  aimc.rt.copy %context ins(%heads : memref<16x2xf32>) outs(%y : memref<16x2xf32>)
  return
}

// -----

// A buffer that is not given is a null pointer. Equal strings are one constant.

// CHECK-DAG: llvm.mlir.global internal constant @string.global("global\00")
// CHECK-DAG: llvm.func @aimc_attention(!llvm.ptr, !llvm.ptr, i64, i64, i64, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr)
// CHECK-LABEL: llvm.func @model.attend
//  CHECK-SAME:     (%[[CONTEXT:[^:]+]]: !llvm.ptr, %[[SEQUENCES:[^:]+]]: i64,
//       CHECK:   %[[HEADS:.+]] = llvm.mlir.constant(2 : i64) : i64
//       CHECK:   %[[CAUSAL:.+]] = llvm.mlir.constant(1 : i64) : i64
//       CHECK:   %[[NULL:.+]] = llvm.mlir.zero : !llvm.ptr
//       CHECK:   llvm.store %{{.+}}, %[[MASK:.+]] :
//       CHECK:   llvm.call @aimc_attention(%[[CONTEXT]], %[[UNIT:.+]], %[[HEADS]], %[[CAUSAL]], %[[SEQUENCES]], %{{.+}}, %{{.+}}, %{{.+}}, %[[NULL]], %[[MASK]], %{{.+}}) :
func.func private @attend(%context: !aimc.context, %n: index, %q: memref<8x4xf32>, %v: memref<4x6xf32>, %m: memref<4x1xf32>, %y: memref<4x6xf32>) {
  aimc.rt.attention %context on("global") heads(2) causal(1) sequences(%n)
      ins(%q, %q, %v : memref<8x4xf32>, memref<8x4xf32>, memref<4x6xf32>)
      mask(%m : memref<4x1xf32>) outs(%y : memref<4x6xf32>)
  return
}

// -----

// A kernel is passed as its number, its parameter in FP64.

// CHECK: llvm.func @aimc_gram(!llvm.ptr, i64, f64, !llvm.ptr, !llvm.ptr, !llvm.ptr)
// CHECK-LABEL: llvm.func @model.gram
//       CHECK:   %[[KERNEL:.+]] = llvm.mlir.constant(5 : i64) : i64
//       CHECK:   %[[GAMMA:.+]] = llvm.mlir.constant(0.000000e+00 : f64) : f64
//       CHECK:   llvm.call @aimc_gram(%{{.+}}, %[[KERNEL]], %[[GAMMA]], %{{.+}}, %{{.+}}, %{{.+}})
func.func private @gram(%device: !aimc.context, %x: memref<?x4xf32>, %y: memref<6x4xf32>, %k: memref<?x6xf32>) {
  aimc.rt.gram %device kernel(softmax) gamma(0.0) ins(%x, %y : memref<?x4xf32>, memref<6x4xf32>) outs(%k : memref<?x6xf32>)
  return
}
