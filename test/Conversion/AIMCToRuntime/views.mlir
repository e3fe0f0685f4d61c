// RUN: aimc-opt %s --convert-aimc-to-runtime | FileCheck %s
// RUN: aimc-opt %s --convert-aimc-to-runtime --convert-aimc-to-runtime | FileCheck %s

// Rows are split into two heads of a row each: one view, through a rank of 3.

// CHECK-LABEL: func.func @heads
//  CHECK-SAME:   %{{.+}}: !aimc.context, %[[X:.+]]: memref<?x8xf32>)
//       CHECK:   %[[N:.+]] = memref.dim %[[X]]
//   CHECK-NOT:   memref.expand_shape
//   CHECK-NOT:   aimc.rt.verify_size
//   CHECK-NOT:   memref.collapse_shape
//       CHECK:   %[[ROWS:.+]] = arith.muli %{{.+}}, %[[N]]
//       CHECK:   %[[HEADS:.+]] = memref.reinterpret_cast %[[X]] to offset: [0], sizes: [%[[ROWS]], 4], strides: [4, 1] : memref<?x8xf32> to memref<?x4xf32>
//       CHECK:   memref.alloc(%[[ROWS]])
//       CHECK:   aimc.rt.copy %{{.+}} ins(%[[HEADS]] : memref<?x4xf32>)
func.func @heads(%x: memref<?x8xf32>) -> memref<?x4xf32> {
  %c0 = arith.constant 0 : index
  %n = memref.dim %x, %c0 : memref<?x8xf32>
  %split = memref.expand_shape %x [[0], [1, 2]] output_shape [%n, 2, 4] : memref<?x8xf32> into memref<?x2x4xf32>
  %heads = memref.collapse_shape %split [[0, 1], [2]] : memref<?x2x4xf32> into memref<?x4xf32>
  %m = memref.dim %heads, %c0 : memref<?x4xf32>
  %y = memref.alloc(%m) : memref<?x4xf32>
  memref.copy %heads, %y : memref<?x4xf32> to memref<?x4xf32>
  return %y : memref<?x4xf32>
}

// Columns are a view with the steps of the whole.

// CHECK-LABEL: func.func @columns
//  CHECK-SAME:   %[[X:[^ ]+]]: memref<8x6xf32>)
//       CHECK:   %[[PART:.+]] = memref.reinterpret_cast %[[X]] to offset: [3], sizes: [8, 2], strides: [6, 1] : memref<8x6xf32> to memref<8x2xf32, strided<[6, 1], offset: 3>>
//       CHECK:   aimc.rt.copy %{{.+}} ins(%[[PART]] : {{.+}})
func.func @columns(%x: memref<8x6xf32>) -> memref<8x2xf32> {
  %part = memref.subview %x[0, 3] [8, 2] [1, 1] : memref<8x6xf32> to memref<8x2xf32, strided<[6, 1], offset: 3>>
  %y = memref.alloc() : memref<8x2xf32>
  memref.copy %part, %y : memref<8x2xf32, strided<[6, 1], offset: 3>> to memref<8x2xf32>
  return %y : memref<8x2xf32>
}

// One head of every token of every sequence. Batch and length are both known
// when the program runs alone; that they have all rows is then verified.

// CHECK-LABEL: func.func private @one_head
//  CHECK-SAME:   %{{.+}}: !aimc.context, %[[X:[^ ]+]]: memref<?x8xf32>, %[[Y:[^ ]+]]: memref<?x4xf32>, %[[B:[^ ]+]]: index, %[[L:[^ ]+]]: index)
//       CHECK:   %[[N:.+]] = memref.dim %[[X]]
//       CHECK:   %[[PRODUCT:.+]] = arith.muli %[[L]], %[[B]]
//       CHECK:   aimc.rt.verify_size %{{.+}} of("rows or columns where they get another shape") size(%[[N]]) expected(%[[PRODUCT]])
//       CHECK:   %[[ROWS:.+]] = arith.muli %[[L]], %[[B]]
//       CHECK:   %[[HEAD:.+]] = memref.reinterpret_cast %[[X]] to offset: [4], sizes: [%[[ROWS]], 4], strides: [8, 1] : memref<?x8xf32> to memref<?x4xf32, strided<[?, 1], offset: 4>>
//       CHECK:   aimc.rt.copy %{{.+}} ins(%[[HEAD]] : {{.+}}) outs(%[[Y]] : {{.+}})
func.func private @one_head(%x: memref<?x8xf32>, %y: memref<?x4xf32>, %b: index, %l: index) {
  %split = memref.expand_shape %x [[0, 1], [2, 3]] output_shape [%b, %l, 2, 4] : memref<?x8xf32> into memref<?x?x2x4xf32>
  %head = memref.subview %split[0, 0, 1, 0] [%b, %l, 1, 4] [1, 1, 1, 1] : memref<?x?x2x4xf32> to memref<?x?x4xf32, strided<[?, 8, 1], offset: 4>>
  %rows = memref.collapse_shape %head [[0, 1], [2]] : memref<?x?x4xf32, strided<[?, 8, 1], offset: 4>> into memref<?x4xf32, strided<[?, 1], offset: 4>>
  memref.copy %rows, %y : memref<?x4xf32, strided<[?, 1], offset: 4>> to memref<?x4xf32>
  return
}

// Views of what the program allocates take the sizes that it is allocated with,
// also through a view that is one step already, a cast, and a dimension of one.

// CHECK-LABEL: func.func private @chain
//  CHECK-SAME:   %[[CONTEXT:.+]]: !aimc.context, %[[N:.+]]: index)
//       CHECK:   %[[X:.+]] = memref.alloc(%[[N]]) : memref<?x8xf32>
//       CHECK:   %[[VIEW:.+]] = memref.reinterpret_cast %[[X]] to offset: [2], sizes: [2, 3], strides: [16, 2]
//       CHECK:   aimc.rt.copy %[[CONTEXT]] ins(%[[VIEW]] : {{.+}}) outs(%[[VIEW]] : {{.+}})
func.func private @chain(%n: index) {
  %x = memref.alloc(%n) : memref<?x8xf32>
  %step = memref.reinterpret_cast %x to offset: [0], sizes: [4, 8], strides: [8, 1] : memref<?x8xf32> to memref<4x8xf32>
  %split = memref.expand_shape %step [[0, 1], [2]] output_shape [4, 1, 8] : memref<4x8xf32> into memref<4x1x8xf32>
  %open = memref.cast %split : memref<4x1x8xf32> to memref<?x1x8xf32>
  %part = memref.subview %open[0, 0, 2] [2, 1, 3] [2, 1, 2] : memref<?x1x8xf32> to memref<2x1x3xf32, strided<[16, 8, 2], offset: 2>>
  %join = memref.collapse_shape %part [[0], [1, 2]] : memref<2x1x3xf32, strided<[16, 8, 2], offset: 2>> into memref<2x3xf32, strided<[16, 2], offset: 2>>
  memref.copy %join, %join : memref<2x3xf32, strided<[16, 2], offset: 2>> to memref<2x3xf32, strided<[16, 2], offset: 2>>
  memref.dealloc %x : memref<?x8xf32>
  return
}

// A part that may lie outside is verified, one that is all is not.

// CHECK-LABEL: func.func private @parts
//  CHECK-SAME:   %[[DEVICE:.+]]: !aimc.context, %[[X:[^ ]+]]: memref<?x4xf32>, %[[FIRST:[^ ]+]]: index, %[[COUNT:[^ ]+]]: index
//   CHECK-DAG:   %[[N:.+]] = memref.dim %[[X]]
//   CHECK-DAG:   %[[ONE:.+]] = arith.constant 1 : index
//       CHECK:   aimc.rt.verify_part %[[DEVICE]] offset(%[[FIRST]]) size(%[[COUNT]]) stride(%{{.+}}) whole(%[[N]])
//   CHECK-NOT:   aimc.rt.verify_part
//       CHECK:   return
func.func private @parts(%x: memref<?x4xf32>, %first: index, %count: index) -> memref<?x4xf32> {
  %part = memref.subview %x[%first, 0] [%count, 4] [1, 1] : memref<?x4xf32> to memref<?x4xf32, strided<[4, 1], offset: ?>>
  %y = memref.alloc(%count) : memref<?x4xf32>
  memref.copy %part, %y : memref<?x4xf32, strided<[4, 1], offset: ?>> to memref<?x4xf32>
  return %y : memref<?x4xf32>
}
