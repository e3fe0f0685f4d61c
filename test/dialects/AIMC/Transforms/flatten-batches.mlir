// RUN: aimc-opt %s --aimc-flatten-batches --split-input-file | FileCheck %s
// RUN: aimc-opt %s --aimc-flatten-batches --aimc-flatten-batches --split-input-file | FileCheck %s

// Batch and tokens become rows. The sizes come from the argument and go to the
// result; a row of constants stays what it is.

// CHECK-LABEL: func.func @bias
//  CHECK-SAME:   %[[X:.+]]: tensor<?x4xf32> {aimc.sizes = array<i64: -1, -1, 4>}) -> (tensor<?x4xf32> {aimc.sizes = array<i64: -1, -1, 4>})
//   CHECK-DAG:   %[[BIAS:.+]] = arith.constant dense<{{.+}}> : tensor<4xf32>
//   CHECK-DAG:   %[[B:.+]] = aimc.input_size input(0) dimension(0)
//   CHECK-DAG:   %[[L:.+]] = aimc.input_size input(0) dimension(1)
//       CHECK:   %[[ROWS:.+]] = tensor.dim %[[X]], %{{.+}}
//       CHECK:   %[[E:.+]] = tensor.empty(%[[ROWS]]) : tensor<?x4xf32>
//       CHECK:   %[[Y:.+]] = linalg.generic {indexing_maps = [#[[ID:.+]], #[[ROW:.+]], #[[ID]]], iterator_types = ["parallel", "parallel"]} ins(%[[X]], %[[BIAS]] : {{.+}}) outs(%[[E]]
//   CHECK-NOT:   tensor.{{expand|collapse}}_shape
//       CHECK:   aimc.set_output_size output(0) dimension(0) to %[[B]]
//       CHECK:   aimc.set_output_size output(0) dimension(1) to %[[L]]
//       CHECK:   return %[[Y]]
func.func @bias(%x: tensor<?x?x4xf32>) -> tensor<?x?x4xf32> {
  %bias = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %b = tensor.dim %x, %c0 : tensor<?x?x4xf32>
  %l = tensor.dim %x, %c1 : tensor<?x?x4xf32>
  %e = tensor.empty(%b, %l) : tensor<?x?x4xf32>
  %y = linalg.generic {
      indexing_maps = [affine_map<(b, l, c) -> (b, l, c)>, affine_map<(b, l, c) -> (c)>, affine_map<(b, l, c) -> (b, l, c)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x, %bias : tensor<?x?x4xf32>, tensor<4xf32>) outs(%e : tensor<?x?x4xf32>) {
  ^bb0(%u: f32, %v: f32, %o: f32):
    %s = arith.addf %u, %v : f32
    linalg.yield %s : f32
  } -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// -----

// A mean over the features keeps its dimension, of size 1, or drops it: a column,
// or a number per row. Both are broadcast to the row again.

//   CHECK-DAG: #[[ID:.+]] = affine_map<(d0, d1) -> (d0, d1)>
//   CHECK-DAG: #[[COLUMN:.+]] = affine_map<(d0, d1) -> (d0, 0)>
//   CHECK-DAG: #[[NUMBER:.+]] = affine_map<(d0, d1) -> (d0)>
// CHECK-LABEL: func.func @means
//  CHECK-SAME:   %[[X:.+]]: tensor<6x4xf32>
//       CHECK:   %[[A:.+]] = linalg.generic {indexing_maps = [#[[ID]], #[[COLUMN]]], iterator_types = ["parallel", "reduction"]} ins(%[[X]] : {{.+}}) outs(%{{.+}} : tensor<6x1xf32>)
//       CHECK:   %[[INIT:.+]] = linalg.fill {{.+}} -> tensor<6xf32>
//       CHECK:   %[[B:.+]] = linalg.generic {indexing_maps = [#[[ID]], #[[NUMBER]]], iterator_types = ["parallel", "reduction"]} ins(%[[X]] : {{.+}}) outs(%[[INIT]] : tensor<6xf32>)
//       CHECK:   %[[C:.+]] = linalg.generic {{.+}} iterator_types = ["parallel"]} ins(%[[B]] : tensor<6xf32>) outs(%{{.+}} : tensor<6xf32>)
//       CHECK:   %[[D:.+]] = math.exp %[[C]] : tensor<6xf32>
//       CHECK:   %[[Y:.+]] = linalg.generic {indexing_maps = [#[[ID]], #[[COLUMN]], #[[NUMBER]], #[[ID]]], iterator_types = ["parallel", "parallel"]} ins(%[[X]], %[[A]], %[[D]] : {{.+}})
//   CHECK-NOT:   tensor.{{expand|collapse}}_shape
//   CHECK-NOT:   aimc.set_output_size
//       CHECK:   return %[[Y]]
func.func @means(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %zero = arith.constant 0.0 : f32
  %quarter = arith.constant 0.25 : f32
  %e1 = tensor.empty() : tensor<2x3x1xf32>
  %i1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<2x3x1xf32>) -> tensor<2x3x1xf32>
  %a = linalg.generic {
      indexing_maps = [affine_map<(b, l, c) -> (b, l, c)>, affine_map<(b, l, c) -> (b, l, 0)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x : tensor<2x3x4xf32>) outs(%i1 : tensor<2x3x1xf32>) {
  ^bb0(%u: f32, %o: f32):
    %s = arith.addf %o, %u : f32
    linalg.yield %s : f32
  } -> tensor<2x3x1xf32>
  %e2 = tensor.empty() : tensor<2x3xf32>
  %i2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<2x3xf32>) -> tensor<2x3xf32>
  %b = linalg.generic {
      indexing_maps = [affine_map<(b, l, c) -> (b, l, c)>, affine_map<(b, l, c) -> (b, l)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x : tensor<2x3x4xf32>) outs(%i2 : tensor<2x3xf32>) {
  ^bb0(%u: f32, %o: f32):
    %s = arith.addf %o, %u : f32
    linalg.yield %s : f32
  } -> tensor<2x3xf32>
  %c = linalg.generic {
      indexing_maps = [affine_map<(b, l) -> (b, l)>, affine_map<(b, l) -> (b, l)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%b : tensor<2x3xf32>) outs(%e2 : tensor<2x3xf32>) {
  ^bb0(%u: f32, %o: f32):
    %s = arith.mulf %u, %quarter : f32
    linalg.yield %s : f32
  } -> tensor<2x3xf32>
  %d = math.exp %c : tensor<2x3xf32>
  %e = tensor.empty() : tensor<2x3x4xf32>
  %y = linalg.generic {
      indexing_maps = [affine_map<(b, l, c) -> (b, l, c)>, affine_map<(b, l, c) -> (b, l, 0)>, affine_map<(b, l, c) -> (b, l)>, affine_map<(b, l, c) -> (b, l, c)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x, %a, %d : tensor<2x3x4xf32>, tensor<2x3x1xf32>, tensor<2x3xf32>) outs(%e : tensor<2x3x4xf32>) {
  ^bb0(%u: f32, %v: f32, %w: f32, %o: f32):
    %s = arith.subf %u, %v : f32
    %t = arith.mulf %s, %w : f32
    linalg.yield %t : f32
  } -> tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}

// -----

// A product with one matrix for the whole batch: broadcast first, by an operation
// of its name or by a body that yields, or by its map.

// CHECK-LABEL: func.func @products
//  CHECK-SAME:   %[[X:.+]]: tensor<?x4xf32>
//       CHECK:   %[[W:.+]] = arith.constant dense<{{.+}}> : tensor<4x4xf32>
//       CHECK:   %[[A:.+]] = linalg.generic {{.+}} iterator_types = ["parallel", "parallel", "reduction"]} ins(%[[X]], %[[W]] : tensor<?x4xf32>, tensor<4x4xf32>)
//       CHECK:   %[[B:.+]] = linalg.generic {{.+}} iterator_types = ["parallel", "parallel", "reduction"]} ins(%[[A]], %[[W]] : tensor<?x4xf32>, tensor<4x4xf32>)
//       CHECK:   %[[C:.+]] = linalg.generic {{.+}} iterator_types = ["parallel", "parallel", "reduction"]} ins(%[[B]], %[[W]] : tensor<?x4xf32>, tensor<4x4xf32>)
//       CHECK:   return %[[C]]
func.func @products(%x: tensor<2x?x4xf32>) -> tensor<2x?x4xf32> {
  %w = arith.constant dense<[[1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]> : tensor<4x4xf32>
  %zero = arith.constant 0.0 : f32
  %c1 = arith.constant 1 : index
  %l = tensor.dim %x, %c1 : tensor<2x?x4xf32>
  %ew = tensor.empty() : tensor<2x4x4xf32>
  %e = tensor.empty(%l) : tensor<2x?x4xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x?x4xf32>) -> tensor<2x?x4xf32>
  %wa = linalg.broadcast ins(%w : tensor<4x4xf32>) outs(%ew : tensor<2x4x4xf32>) dimensions = [0]
  %a = linalg.batch_matmul ins(%x, %wa : tensor<2x?x4xf32>, tensor<2x4x4xf32>) outs(%init : tensor<2x?x4xf32>) -> tensor<2x?x4xf32>
  %wb = linalg.generic {
      indexing_maps = [affine_map<(b, k, n) -> (k, n)>, affine_map<(b, k, n) -> (b, k, n)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%w : tensor<4x4xf32>) outs(%ew : tensor<2x4x4xf32>) {
  ^bb0(%u: f32, %o: f32):
    linalg.yield %u : f32
  } -> tensor<2x4x4xf32>
  %b = linalg.batch_matmul ins(%a, %wb : tensor<2x?x4xf32>, tensor<2x4x4xf32>) outs(%init : tensor<2x?x4xf32>) -> tensor<2x?x4xf32>
  %c = linalg.batch_matmul
      indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>]
      ins(%b, %w : tensor<2x?x4xf32>, tensor<4x4xf32>) outs(%init : tensor<2x?x4xf32>) -> tensor<2x?x4xf32>
  return %c : tensor<2x?x4xf32>
}

// -----

// Operations on whole tensors, of any rank, and what joins features.

// CHECK-LABEL: func.func @tensors
//  CHECK-SAME:   %[[X:.+]]: tensor<?x4xf32> {aimc.sizes = array<i64: -1, 2, 3, 4>}
//       CHECK:   %[[A:.+]] = math.cos %[[X]] : tensor<?x4xf32>
//       CHECK:   %[[B:.+]] = linalg.exp ins(%[[X]] : tensor<?x4xf32>) outs(%{{.+}} : tensor<?x4xf32>)
//       CHECK:   %[[C:.+]] = tensor.concat dim(1) %[[A]], %[[B]] : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x8xf32>
//   CHECK-NOT:   tensor.{{expand|collapse}}_shape
//       CHECK:   aimc.set_output_size output(0) dimension(0) to %{{.+}}
//   CHECK-NOT:   aimc.set_output_size
//       CHECK:   return %[[C]]
func.func @tensors(%x: tensor<?x2x3x4xf32>) -> tensor<?x2x3x8xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x2x3x4xf32>
  %a = math.cos %x : tensor<?x2x3x4xf32>
  %e = tensor.empty(%n) : tensor<?x2x3x4xf32>
  %b = linalg.exp ins(%x : tensor<?x2x3x4xf32>) outs(%e : tensor<?x2x3x4xf32>) -> tensor<?x2x3x4xf32>
  %c = tensor.concat dim(3) %a, %b : (tensor<?x2x3x4xf32>, tensor<?x2x3x4xf32>) -> tensor<?x2x3x8xf32>
  return %c : tensor<?x2x3x8xf32>
}

// -----

// Rows that the model splits into heads itself: its reshapes join those of the
// pass.

// CHECK-LABEL: func.func @heads
//  CHECK-SAME:   %[[X:.+]]: tensor<?x8xf32>
//       CHECK:   %[[SPLIT:.+]] = tensor.expand_shape %[[X]] {{\[\[}}0, 1], [2, 3]] output_shape [%{{.+}}, %{{.+}}, 2, 4] : tensor<?x8xf32> into tensor<?x?x2x4xf32>
//       CHECK:   %[[HEADS:.+]] = tensor.collapse_shape %[[SPLIT]] {{\[\[}}0, 1, 2], [3]] : tensor<?x?x2x4xf32> into tensor<?x4xf32>
//       CHECK:   %[[A:.+]] = math.exp %[[HEADS]] : tensor<?x4xf32>
//       CHECK:   %[[BOTH:.+]] = tensor.expand_shape %[[A]]
//       CHECK:   %[[Y:.+]] = tensor.collapse_shape %[[BOTH]] {{\[\[}}0, 1], [2, 3]] : {{.+}} into tensor<?x8xf32>
//       CHECK:   return %[[Y]]
func.func @heads(%x: tensor<?x?x8xf32>) -> tensor<?x?x8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %b = tensor.dim %x, %c0 : tensor<?x?x8xf32>
  %l = tensor.dim %x, %c1 : tensor<?x?x8xf32>
  %split = tensor.expand_shape %x [[0], [1], [2, 3]] output_shape [%b, %l, 2, 4] : tensor<?x?x8xf32> into tensor<?x?x2x4xf32>
  %a = math.exp %split : tensor<?x?x2x4xf32>
  %y = tensor.collapse_shape %a [[0], [1], [2, 3]] : tensor<?x?x2x4xf32> into tensor<?x?x8xf32>
  return %y : tensor<?x?x8xf32>
}

// -----

// The first token of each sequence is a view.

// CHECK-LABEL: func.func @first_token
//  CHECK-SAME:   -> tensor<?x4xf32>
//       CHECK:   tensor.expand_shape
//       CHECK:   %[[FIRST:.+]] = tensor.extract_slice
//       CHECK:   math.exp %[[FIRST]] : tensor<?x4xf32>
func.func @first_token(%x: tensor<?x3x4xf32>) -> tensor<?x4xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x3x4xf32>
  %first = tensor.extract_slice %x[0, 0, 0] [%n, 1, 4] [1, 1, 1] : tensor<?x3x4xf32> to tensor<?x4xf32>
  %y = math.exp %first : tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// -----

// Arrays of rank 1 have a value a row; so has a matrix whose width is not known.

// CHECK-LABEL: func.func @ranks
//  CHECK-SAME:   %[[A:.+]]: tensor<?x1xf32> {aimc.sizes = array<i64: -1>}, %[[B:.+]]: tensor<4x1xf32> {aimc.sizes = array<i64: 4>}, %[[C:.+]]: tensor<?x1xf32> {aimc.sizes = array<i64: -1, -1>})
//  CHECK-SAME:   -> (tensor<?x1xf32> {aimc.sizes = array<i64: -1>}, tensor<4x1xf32> {aimc.sizes = array<i64: 4>}, tensor<?x1xf32> {aimc.sizes = array<i64: -1, -1>})
//       CHECK:   aimc.set_output_size output(0) dimension(0)
//       CHECK:   aimc.set_output_size output(2) dimension(0)
//       CHECK:   aimc.set_output_size output(2) dimension(1)
func.func @ranks(%a: tensor<?xf32>, %b: tensor<4xf32>, %c: tensor<?x?xf32>) -> (tensor<?xf32>, tensor<4xf32>, tensor<?x?xf32>) {
  return %a, %b, %c : tensor<?xf32>, tensor<4xf32>, tensor<?x?xf32>
}

// -----

// Types of more and of less known sizes.

// CHECK-LABEL: func.func @casts
//  CHECK-SAME:   %[[X:.+]]: tensor<6x4xf32>
//       CHECK:   %[[A:.+]] = math.exp %{{.+}}
//   CHECK-NOT:   tensor.{{expand|collapse}}_shape
//       CHECK:   return
func.func @casts(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %open = tensor.cast %x : tensor<2x3x4xf32> to tensor<?x?x4xf32>
  %a = math.exp %open : tensor<?x?x4xf32>
  %y = tensor.cast %a : tensor<?x?x4xf32> to tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}

// -----

// A module of matrices is left alone.

// CHECK-LABEL: func.func @matrices
//  CHECK-SAME:   %[[X:.+]]: tensor<?x4xf32>) -> tensor<?x4xf32>
//       CHECK:   tensor.cast
//       CHECK:   tensor.cast
func.func @matrices(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %a = tensor.cast %x : tensor<?x4xf32> to tensor<8x4xf32>
  %y = tensor.cast %a : tensor<8x4xf32> to tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// -----

// Two arrays of as many rows may have them of other dimensions: what has to agree
// is compared. Sizes of one argument are the same.

// CHECK-LABEL: func.func @open_sizes
//   CHECK-DAG:   %[[XB:.+]] = aimc.input_size input(0) dimension(0)
//   CHECK-DAG:   %[[XL:.+]] = aimc.input_size input(0) dimension(1)
//   CHECK-DAG:   %[[YB:.+]] = aimc.input_size input(1) dimension(0)
//   CHECK-DAG:   %[[YL:.+]] = aimc.input_size input(1) dimension(1)
//   CHECK-NOT:   aimc.verify_size
//       CHECK:   aimc.verify_size "entries along dimension 0 of operand 1 of 'linalg.add', as of operand 0" size(%[[YB]]) expected(%[[XB]])
//       CHECK:   aimc.verify_size "entries along dimension 1 of operand 1 of 'linalg.add', as of operand 0" size(%[[YL]]) expected(%[[XL]])
//   CHECK-NOT:   aimc.verify_size
//       CHECK:   return
func.func @open_sizes(%x: tensor<?x?x4xf32>, %y: tensor<?x?x4xf32>) -> tensor<?x?x4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %b = tensor.dim %x, %c0 : tensor<?x?x4xf32>
  %l = tensor.dim %x, %c1 : tensor<?x?x4xf32>
  %e = tensor.empty(%b, %l) : tensor<?x?x4xf32>
  %s = linalg.add ins(%x, %y : tensor<?x?x4xf32>, tensor<?x?x4xf32>) outs(%e : tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  %t = linalg.exp ins(%s : tensor<?x?x4xf32>) outs(%e : tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  %u = arith.mulf %t, %x : tensor<?x?x4xf32>
  return %u : tensor<?x?x4xf32>
}

// -----

// Joined columns are compared in the other dimensions, of a batch and a length.

// CHECK-LABEL: func.func @open_concat
//       CHECK:   aimc.verify_size "entries along dimension 0 of operand 1 of 'tensor.concat', as of operand 0"
//       CHECK:   aimc.verify_size "entries along dimension 1 of operand 1 of 'tensor.concat', as of operand 0"
//   CHECK-NOT:   aimc.verify_size
//       CHECK:   tensor.concat dim(1) {{.+}} -> tensor<?x7xf32>
func.func @open_concat(%x: tensor<?x?x4xf32>, %y: tensor<?x?x3xf32>) -> tensor<?x?x7xf32> {
  %z = tensor.concat dim(2) %x, %y : (tensor<?x?x4xf32>, tensor<?x?x3xf32>) -> tensor<?x?x7xf32>
  return %z : tensor<?x?x7xf32>
}

// -----

// An open last size is the sum of those joined.

// CHECK-LABEL: func.func @open_columns
//   CHECK-DAG:   %[[N:.+]] = aimc.input_size input(0) dimension(2)
//   CHECK-DAG:   %[[M:.+]] = aimc.input_size input(1) dimension(2)
//       CHECK:   %[[SUM:.+]] = affine.apply #{{.+}}()[%[[N]], %[[M]]]
//       CHECK:   aimc.set_output_size output(0) dimension(2) to %[[SUM]]
func.func @open_columns(%x: tensor<2x3x?xf32>, %y: tensor<2x3x?xf32>) -> tensor<2x3x?xf32> {
  %z = tensor.concat dim(2) %x, %y : (tensor<2x3x?xf32>, tensor<2x3x?xf32>) -> tensor<2x3x?xf32>
  return %z : tensor<2x3x?xf32>
}

// -----

// Numbers per row are joined as the matrix of them that they are.

// CHECK-LABEL: func.func @concat_per_row
//       CHECK:   tensor.concat dim(1) %{{.+}}, %{{.+}} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
func.func @concat_per_row(%x: tensor<2x3x4xf32>, %init: tensor<2x3xf32>) -> tensor<2x6xf32> {
  %sum = linalg.reduce { arith.addf } ins(%x : tensor<2x3x4xf32>) outs(%init : tensor<2x3xf32>) dimensions = [2]
  %z = tensor.concat dim(1) %sum, %sum : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
  return %z : tensor<2x6xf32>
}

// -----

// What a cast claims to know is compared, of matrices too. A claim that was
// compared is not compared again.

// CHECK-LABEL: func.func @claims
//       CHECK:   aimc.verify_size "entries along dimension 0, as 'tensor.cast' has it"
//   CHECK-NOT:   aimc.verify_size
//       CHECK:   return
func.func @claims(%x: tensor<?x4xf32>) -> tensor<50x4xf32> {
  %known = tensor.cast %x : tensor<?x4xf32> to tensor<50x4xf32>
  return %known : tensor<50x4xf32>
}

// -----

// CHECK-LABEL: func.func @claims_of_arrays
//   CHECK-DAG:   %[[B:.+]] = aimc.input_size input(0) dimension(0)
//   CHECK-DAG:   %[[L:.+]] = aimc.input_size input(0) dimension(1)
//   CHECK-DAG:   %[[C2:.+]] = arith.constant 2 : index
//   CHECK-DAG:   %[[C3:.+]] = arith.constant 3 : index
//       CHECK:   aimc.verify_size "entries along dimension 0, as 'tensor.cast' has it" size(%[[B]]) expected(%[[C2]])
//       CHECK:   aimc.verify_size "entries along dimension 1, as 'tensor.cast' has it" size(%[[L]]) expected(%[[C3]])
//       CHECK:   return
func.func @claims_of_arrays(%x: tensor<?x?x4xf32>) -> tensor<2x3x4xf32> {
  %known = tensor.cast %x : tensor<?x?x4xf32> to tensor<2x3x4xf32>
  %y = math.exp %known : tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}
