// RUN: aimc-opt %s --split-input-file --convert-aimc-to-runtime | FileCheck %s
// Running it again changes nothing.
// RUN: aimc-opt %s --split-input-file --convert-aimc-to-runtime --convert-aimc-to-runtime | FileCheck %s

// A product becomes one call; a matrix that is not cut is one tile. Ranges that
// nothing sets are infinite. The function takes the context first.

// CHECK: aimc.rt.matrix @w = dense<5.000000e-01> : tensor<4x3xf32> tiles dense<{{\[\[}}0, 0, 4, 3, -1, -1, -1, -1]]> : tensor<1x8xi32>
aimc.weights @w = dense<0.5> : tensor<4x3xf32>

// CHECK-LABEL: func.func @product
//  CHECK-SAME:     (%[[CONTEXT:.+]]: !aimc.context, %[[X:.+]]: memref<?x4xf32>) -> memref<?x3xf32>
//       CHECK:   %[[FIRST:.+]] = aimc.rt.first_vector %[[CONTEXT]]
//       CHECK:   %[[Y:.+]] = memref.alloc
//       CHECK:   aimc.rt.mvm %[[CONTEXT]] @w site(7) input_range(0x7F800000) output_range(0x7F800000) first(%[[FIRST]])
//  CHECK-SAME:       ins(%[[X]] : memref<?x4xf32>) outs(%[[Y]] : memref<?x3xf32>)
//       CHECK:   return %[[Y]]
func.func @product(%x: memref<?x4xf32>) -> memref<?x3xf32> {
  %c0 = arith.constant 0 : index
  %n = memref.dim %x, %c0 : memref<?x4xf32>
  %y = memref.alloc(%n) : memref<?x3xf32>
  aimc.mvm @w site(7) role(projection) ins(%x : memref<?x4xf32>) outs(%y : memref<?x3xf32>)
  return %y : memref<?x3xf32>
}

// -----

// Copies stand one after the other in the table, each in order.

// CHECK: aimc.rt.matrix @w = dense<5.000000e-01> : tensor<4x3xf32> average(2)
// CHECK-SAME: tiles dense<{{\[\[}}0, 0, 2, 3, -1, -1, -1, -1], [2, 0, 2, 3, 0, 1, 0, 0], [0, 0, 2, 3, 0, 2, 0, 0], [2, 0, 2, 3, -1, -1, -1, -1]]> : tensor<4x8xi32>
aimc.weights @w = dense<0.5> : tensor<4x3xf32>
aimc.tile @d of @w copy(1) index [1, 0] rows(2, 2) columns(0, 3)
aimc.tile @c of @w copy(1) index [0, 0] rows(0, 2) columns(0, 3) on chip(0) core(2) at(0, 0)
aimc.tile @b of @w index [1, 0] rows(2, 2) columns(0, 3) on chip(0) core(1) at(0, 0)
aimc.tile @a of @w index [0, 0] rows(0, 2) columns(0, 3)
func.func @copies(%x: memref<8x4xf32>) -> memref<8x3xf32> {
  %y = memref.alloc() : memref<8x3xf32>
  aimc.mvm @w site(0) role(projection) grid [2, 1] average(2) ins(%x : memref<8x4xf32>) outs(%y : memref<8x3xf32>)
  return %y : memref<8x3xf32>
}

// -----

// Of copies that share the vectors the table tells that.

// CHECK: aimc.rt.matrix @w = dense<5.000000e-01> : tensor<4x3xf32> share(2) tiles
aimc.weights @w = dense<0.5> : tensor<4x3xf32>
aimc.tile @a of @w index [0, 0] rows(0, 4) columns(0, 3)
aimc.tile @b of @w copy(1) index [0, 0] rows(0, 4) columns(0, 3)
func.func @shared(%x: memref<8x4xf32>) -> memref<8x3xf32> {
  %y = memref.alloc() : memref<8x3xf32>
  aimc.mvm @w site(0) role(projection) grid [1, 1] share(2) ins(%x : memref<8x4xf32>) outs(%y : memref<8x3xf32>)
  return %y : memref<8x3xf32>
}

// -----

// Tiles become one table, sorted by rows and columns; their symbols go. Ranges
// that calibration has set are kept.

// CHECK-NOT: aimc.tile
//     CHECK: aimc.rt.matrix @w = dense<5.000000e-01> : tensor<4x3xf32> tiles dense<{{\[}}
// CHECK-SAME:    [0, 0, 4, 2, 0, 5, 1, 2], [0, 2, 4, 1, -1, -1, -1, -1]]> : tensor<2x8xi32>
aimc.weights @w = dense<0.5> : tensor<4x3xf32>
aimc.tile @w_0_1 of @w index [0, 1] rows(0, 4) columns(2, 1)
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 4) columns(0, 2) on chip(0) core(5) at(1, 2)

// CHECK: aimc.rt.mvm {{.*}} input_range(2.000000e+00) output_range(3.000000e+00)
func.func @tiled(%x: memref<8x4xf32>) -> memref<8x3xf32> {
  %y = memref.alloc() : memref<8x3xf32>
  aimc.mvm @w site(0) role(linear) grid [1, 2] input_range(2.0) output_range(3.0)
      ins(%x : memref<8x4xf32>) outs(%y : memref<8x3xf32>)
  return %y : memref<8x3xf32>
}

// -----

// A program becomes one call on all its inputs and outputs, a copy another. A
// matrix for programs alone has no tiles. Private functions take the context
// too, and their callers hand it on; they cannot tell the entries of the inputs
// from other rows.

// CHECK: aimc.rt.matrix @r = dense<1.000000e+00> : tensor<3x2xf32>{{$}}
aimc.weights @r = dense<1.0> : tensor<3x2xf32>
aimc.program @both on("host") (%a: vector<3xf32>) -> (vector<3xf32>, vector<2xf32>) {
  %b = aimc.product %a, @r : vector<3xf32> -> vector<2xf32>
  aimc.yield %a, %b : vector<3xf32>, vector<2xf32>
}

// CHECK-LABEL: func.func @entry
//  CHECK-SAME:     (%[[CONTEXT:.+]]: !aimc.context, %[[X:.+]]: memref<8x3xf32>)
//       CHECK:   %[[Y:.+]] = memref.alloc() : memref<8x3xf32>
//       CHECK:   aimc.rt.copy %[[CONTEXT]] ins(%[[X]] : memref<8x3xf32>) outs(%[[Y]] : memref<8x3xf32>)
//       CHECK:   call @inner(%[[CONTEXT]], %[[X]], %[[Y]])
func.func @entry(%x: memref<8x3xf32>) -> memref<8x3xf32> {
  %y = memref.alloc() : memref<8x3xf32>
  memref.copy %x, %y : memref<8x3xf32> to memref<8x3xf32>
  func.call @inner(%x, %y) : (memref<8x3xf32>, memref<8x3xf32>) -> ()
  return %y : memref<8x3xf32>
}

// CHECK-LABEL: func.func private @inner
//  CHECK-SAME:     (%[[CONTEXT:.+]]: !aimc.context, %[[X:.+]]: memref<8x3xf32>, %[[Y:.+]]: memref<8x3xf32>)
//       CHECK:   %[[ROWS:.+]] = arith.constant 8 : index
//       CHECK:   %[[FIRST:.+]] = aimc.rt.first_vector_of %[[CONTEXT]] rows(%[[ROWS]])
//       CHECK:   %[[Z:.+]] = memref.alloc() : memref<8x2xf32>
//       CHECK:   aimc.rt.digital %[[CONTEXT]] @both first(%[[FIRST]])
//  CHECK-SAME:       ins(%[[X]] : memref<8x3xf32>) outs(%[[Y]], %[[Z]] : memref<8x3xf32>, memref<8x2xf32>)
//       CHECK:   memref.dealloc %[[Z]]
func.func private @inner(%x: memref<8x3xf32>, %y: memref<8x3xf32>) {
  %z = memref.alloc() : memref<8x2xf32>
  aimc.execute @both ins(%x : memref<8x3xf32>) outs(%y, %z : memref<8x3xf32>, memref<8x2xf32>)
  memref.dealloc %z : memref<8x2xf32>
  return
}

// -----

// A matrix that crossbars and a digital unit both use is held by each, under
// names that are free.

//     CHECK: aimc.rt.matrix @w = dense<1.000000e+00> : tensor<2x2xf32> tiles
//     CHECK: aimc.rt.matrix @[[COPY:w_digital_[0-9]+]] = dense<1.000000e+00> : tensor<2x2xf32>{{$}}
//     CHECK: aimc.rt.matrix @w_digital = dense<2.000000e+00> : tensor<2x2xf32>{{$}}
//     CHECK: aimc.product %{{.+}}, @[[COPY]]
//     CHECK: aimc.product %{{.+}}, @w_digital :
aimc.weights @w = dense<1.0> : tensor<2x2xf32>
aimc.weights @w_digital = dense<2.0> : tensor<2x2xf32>
aimc.program @p on("host") (%x: vector<2xf32>) -> (vector<2xf32>) {
  %y = aimc.product %x, @w : vector<2xf32> -> vector<2xf32>
  %z = aimc.product %y, @w_digital : vector<2xf32> -> vector<2xf32>
  aimc.yield %z : vector<2xf32>
}
func.func @shared(%x: memref<8x2xf32>) -> memref<8x2xf32> {
  %y = memref.alloc() : memref<8x2xf32>
  aimc.mvm @w site(0) role(linear) ins(%x : memref<8x2xf32>) outs(%y : memref<8x2xf32>)
  return %y : memref<8x2xf32>
}

// -----

// An exact kernel is one call; points are loaded from digital memory, also when
// their matrix stands on crossbars as well.

// CHECK: aimc.rt.matrix @w = dense<5.000000e-01> : tensor<4x3xf32> tiles
// CHECK: aimc.rt.matrix @w_digital = dense<5.000000e-01> : tensor<4x3xf32>{{$}}
aimc.weights @w = dense<0.5> : tensor<4x3xf32>

// CHECK-LABEL: func.func private @machine
//  CHECK-SAME:     (%[[CONTEXT:.+]]: !aimc.context, %[[X:.+]]: memref<?x3xf32>,
//       CHECK:   aimc.rt.load %[[CONTEXT]] @w_digital outs(%[[Y:.+]] : memref<4x3xf32>)
//       CHECK:   aimc.rt.gram %[[CONTEXT]] kernel(rbf) gamma(2.500000e-01) ins(%[[X]], %[[Y]] : memref<?x3xf32>, memref<4x3xf32>) outs(%[[K:.+]] : memref<?x4xf32>)
//       CHECK:   aimc.rt.gram %[[CONTEXT]] kernel(linear) gamma(0.000000e+00)
func.func private @machine(%x: memref<?x3xf32>, %y: memref<4x3xf32>, %k: memref<?x4xf32>, %z: memref<?x3xf32>) {
  aimc.load @w outs(%y : memref<4x3xf32>)
  aimc.gram on("host") kernel(rbf) gamma(0.25) ins(%x, %y : memref<?x3xf32>, memref<4x3xf32>) outs(%k : memref<?x4xf32>)
  aimc.gram on("host") kernel(linear) ins(%x, %y : memref<?x3xf32>, memref<4x3xf32>) outs(%k : memref<?x4xf32>)
  aimc.mvm @w site(0) role(linear) ins(%k : memref<?x4xf32>) outs(%z : memref<?x3xf32>)
  return
}

// -----

// Rows that are no entries of the first input count their vectors from those of
// the entries: heads, and a second input.

// CHECK-LABEL: func.func @heads
//  CHECK-SAME:   (%[[CONTEXT:.+]]: !aimc.context, %[[X:.+]]: memref<?x4xf32>, %[[S:.+]]: memref<?x2xf32>)
//   CHECK-DAG:   %[[FIRST:.+]] = aimc.rt.first_vector %[[CONTEXT]]
//   CHECK-DAG:   %[[ROWS:.+]] = memref.dim %[[S]], %{{.+}}
//   CHECK-DAG:   %[[FIRST_OF_S:.+]] = aimc.rt.first_vector_of %[[CONTEXT]] rows(%[[ROWS]])
//       CHECK:   memref.reinterpret_cast %[[X]] to offset: [0], sizes: [%[[M:.+]], 2]
//       CHECK:   %[[FIRST_OF_HEADS:.+]] = aimc.rt.first_vector_of %[[CONTEXT]] rows(%[[M]])
//       CHECK:   aimc.rt.mvm %[[CONTEXT]] @w site(0) {{.+}} first(%[[FIRST_OF_HEADS]])
//       CHECK:   aimc.rt.mvm %[[CONTEXT]] @w site(1) {{.+}} first(%[[FIRST_OF_S]])
//       CHECK:   aimc.rt.mvm %[[CONTEXT]] @u site(2) {{.+}} first(%[[FIRST]])
aimc.weights @w = dense<1.0> : tensor<2x2xf32>
aimc.weights @u = dense<1.0> : tensor<4x2xf32>
func.func @heads(%x: memref<?x4xf32>, %s: memref<?x2xf32>) -> memref<?x2xf32> {
  %c0 = arith.constant 0 : index
  %n = memref.dim %x, %c0 : memref<?x4xf32>
  %split = memref.expand_shape %x [[0], [1, 2]] output_shape [%n, 2, 2] : memref<?x4xf32> into memref<?x2x2xf32>
  %heads = memref.collapse_shape %split [[0, 1], [2]] : memref<?x2x2xf32> into memref<?x2xf32>
  %m = memref.dim %heads, %c0 : memref<?x2xf32>
  %a = memref.alloc(%m) : memref<?x2xf32>
  aimc.mvm @w site(0) role(linear) ins(%heads : memref<?x2xf32>) outs(%a : memref<?x2xf32>)
  %k = memref.dim %s, %c0 : memref<?x2xf32>
  %b = memref.alloc(%k) : memref<?x2xf32>
  aimc.mvm @w site(1) role(linear) ins(%s : memref<?x2xf32>) outs(%b : memref<?x2xf32>)
  %c = memref.alloc(%n) : memref<?x2xf32>
  aimc.mvm @u site(2) role(linear) ins(%x : memref<?x4xf32>) outs(%c : memref<?x2xf32>)
  memref.dealloc %a : memref<?x2xf32>
  memref.dealloc %b : memref<?x2xf32>
  return %c : memref<?x2xf32>
}

// -----

// Sizes of arrays are asked for and told; tokens are no entries.

// CHECK-LABEL: func.func @tokens
//  CHECK-SAME:   (%[[CONTEXT:.+]]: !aimc.context, %[[X:.+]]: memref<?x4xf32> {aimc.sizes = array<i64: -1, -1, 4>}) -> (memref<?x2xf32> {aimc.sizes = array<i64: -1, 2>})
//       CHECK:   %[[FIRST:.+]] = aimc.rt.first_vector_of
//       CHECK:   %[[LENGTH:.+]] = aimc.rt.input_size %[[CONTEXT]] input(0) dimension(1)
//       CHECK:   aimc.rt.set_output_size %[[CONTEXT]] output(0) dimension(0) size(%[[LENGTH]])
//       CHECK:   aimc.rt.mvm {{.+}} first(%[[FIRST]])
aimc.weights @w = dense<1.0> : tensor<4x2xf32>
func.func @tokens(%x: memref<?x4xf32> {aimc.sizes = array<i64: -1, -1, 4>})
    -> (memref<?x2xf32> {aimc.sizes = array<i64: -1, 2>}) {
  %length = aimc.input_size input(0) dimension(1)
  aimc.set_output_size output(0) dimension(0) to %length
  %y = memref.alloc(%length) : memref<?x2xf32>
  aimc.mvm @w site(0) role(linear) ins(%x : memref<?x4xf32>) outs(%y : memref<?x2xf32>)
  return %y : memref<?x2xf32>
}

// -----

// Attention becomes one call.

// CHECK-LABEL: func.func @attention
//  CHECK-SAME:     (%[[CONTEXT:.+]]: !aimc.context, %[[Q:.+]]: memref<?x8xf32>, %[[V:.+]]: memref<?x6xf32>, %[[M:.+]]: memref<?x1xf32>)
//       CHECK:   %[[TWO:.+]] = arith.constant 2 : index
//       CHECK:   %[[Y:.+]] = memref.alloc
//       CHECK:   aimc.rt.attention %[[CONTEXT]] on("global") heads(3) causal(1) sequences(%[[TWO]])
//  CHECK-SAME:       ins(%[[Q]], %[[Q]], %[[V]] : memref<?x8xf32>, memref<?x8xf32>, memref<?x6xf32>) mask(%[[M]] : memref<?x1xf32>) outs(%[[Y]] : memref<?x6xf32>)
//       CHECK:   return %[[Y]]
func.func @attention(%q: memref<?x8xf32>, %v: memref<?x6xf32>, %m: memref<?x1xf32>) -> memref<?x6xf32> {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %n = memref.dim %v, %c0 : memref<?x6xf32>
  %y = memref.alloc(%n) : memref<?x6xf32>
  aimc.attention on("global") causal heads(3) sequences(%c2)
      ins(%q, %q, %v : memref<?x8xf32>, memref<?x8xf32>, memref<?x6xf32>)
      mask(%m : memref<?x1xf32>) outs(%y : memref<?x6xf32>)
  return %y : memref<?x6xf32>
}

// -----

// A product in a loop has vectors of its own in each iteration, by the number of
// each loop around it.

// CHECK-LABEL: func.func @loops
//  CHECK-SAME:   (%[[CONTEXT:.+]]: !aimc.context, %[[X:.+]]: memref<8x4xf32>)
//       CHECK:   %[[FIRST:.+]] = aimc.rt.first_vector %[[CONTEXT]]
//       CHECK:   scf.for %[[I:.+]] = %
//       CHECK:     scf.for %[[J:.+]] = %
//       CHECK:       %[[OUTER:.+]] = aimc.rt.first_vector_in_loop %[[CONTEXT]] depth(0) first(%[[FIRST]]) iteration(%[[I]])
//       CHECK:       %[[INNER:.+]] = aimc.rt.first_vector_in_loop %[[CONTEXT]] depth(1) first(%[[OUTER]]) iteration(%[[J]])
//       CHECK:       aimc.rt.mvm {{.+}} first(%[[INNER]])
//       CHECK:     %[[AGAIN:.+]] = aimc.rt.first_vector_in_loop %[[CONTEXT]] depth(0) first(%[[FIRST]]) iteration(%[[I]])
//       CHECK:     aimc.rt.mvm {{.+}} first(%[[AGAIN]])
//       CHECK:   aimc.rt.mvm {{.+}} first(%[[FIRST]])
aimc.weights @w = dense<1.0> : tensor<4x2xf32>
func.func @loops(%x: memref<8x4xf32>) -> memref<8x2xf32> {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %9 = arith.constant 9 : index
  %y = memref.alloc() : memref<8x2xf32>
  scf.for %i = %0 to %9 step %1 {
    scf.for %j = %i to %9 step %1 {
      aimc.mvm @w site(0) role(linear) ins(%x : memref<8x4xf32>) outs(%y : memref<8x2xf32>)
    }
    aimc.mvm @w site(1) role(linear) ins(%x : memref<8x4xf32>) outs(%y : memref<8x2xf32>)
  }
  aimc.mvm @w site(2) role(linear) ins(%x : memref<8x4xf32>) outs(%y : memref<8x2xf32>)
  return %y : memref<8x2xf32>
}
