// RUN: aimc-opt %s --aimc-outline-digital --split-input-file | FileCheck %s
// RUN: aimc-opt %s --aimc-outline-digital --aimc-outline-digital --split-input-file | FileCheck %s

// Element-wise work with a constant row and a constant: the program works on
// one row, the batch stays outside.

// CHECK-LABEL: aimc.program @phase_global on("global")
//  CHECK-SAME:   (%[[P:.+]]: vector<4xf32>) -> (vector<4xf32>) {
//       CHECK:   %[[B:.+]] = arith.constant dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00]> : vector<4xf32>
//       CHECK:   %[[Q:.+]] = arith.addf %[[P]], %[[B]] : vector<4xf32>
//       CHECK:   %[[C:.+]] = math.cos %[[Q]] : vector<4xf32>
//       CHECK:   %[[S:.+]] = arith.constant dense<5.000000e-01> : vector<4xf32>
//       CHECK:   %[[Z:.+]] = arith.mulf %[[C]], %[[S]] : vector<4xf32>
//       CHECK:   aimc.yield %[[Z]] : vector<4xf32>
// CHECK-LABEL: func.func @phase
//  CHECK-SAME: %[[X:.+]]: tensor<?x4xf32>
//       CHECK:   %[[N:.+]] = tensor.dim %[[X]]
//       CHECK:   %[[E:.+]] = tensor.empty(%[[N]]) : tensor<?x4xf32>
//       CHECK:   %[[Y:.+]] = aimc.execute @phase_global ins(%[[X]] : tensor<?x4xf32>) outs(%[[E]] : tensor<?x4xf32>) -> tensor<?x4xf32>
//       CHECK:   return %[[Y]]
func.func @phase(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x4xf32>
  %b = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %scale = arith.constant 0.5 : f32
  %y = aimc.digital on("global") -> tensor<?x4xf32> {
    %e = tensor.empty(%n) : tensor<?x4xf32>
    %z = linalg.generic {
        indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (c)>, affine_map<(n, c) -> (n, c)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x, %b : tensor<?x4xf32>, tensor<4xf32>) outs(%e : tensor<?x4xf32>) {
    ^bb0(%u: f32, %v: f32, %o: f32):
      %q = arith.addf %u, %v : f32
      %c = math.cos %q : f32
      %s = arith.mulf %c, %scale : f32
      linalg.yield %s : f32
    } -> tensor<?x4xf32>
    aimc.yield %z : tensor<?x4xf32>
  }
  return %y : tensor<?x4xf32>
}

// -----

// A product with a matrix in digital memory, into zeros.

// CHECK-LABEL: aimc.program @readout_global on("global")
//  CHECK-SAME:   (%[[Z:.+]]: vector<4xf32>) -> (vector<3xf32>) {
//  CHECK-NEXT:   %[[Y:.+]] = aimc.product %[[Z]], @w : vector<4xf32> -> vector<3xf32>
//  CHECK-NEXT:   aimc.yield %[[Y]]
aimc.weights @w = dense<0.5> : tensor<4x3xf32>
func.func @readout(%z: tensor<8x4xf32>) -> tensor<8x3xf32> {
  %zero = arith.constant 0.0 : f32
  %y = aimc.digital on("global") -> tensor<8x3xf32> {
    %w = aimc.weights_value @w : tensor<4x3xf32>
    %e = tensor.empty() : tensor<8x3xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x3xf32>) -> tensor<8x3xf32>
    %p = linalg.matmul ins(%z, %w : tensor<8x4xf32>, tensor<4x3xf32>) outs(%f : tensor<8x3xf32>) -> tensor<8x3xf32>
    aimc.yield %p : tensor<8x3xf32>
  }
  return %y : tensor<8x3xf32>
}

// -----

// A product into a bias adds it.

// CHECK-LABEL: aimc.program @bias_global
//  CHECK-SAME:   (%[[Z:.+]]: vector<4xf32>) -> (vector<3xf32>) {
//       CHECK:   %[[B:.+]] = arith.constant dense<[1.000000e+00, 2.000000e+00, 3.000000e+00]> : vector<3xf32>
//       CHECK:   %[[P:.+]] = aimc.product %[[Z]], @w
//       CHECK:   arith.addf %[[B]], %[[P]]
aimc.weights @w = dense<0.5> : tensor<4x3xf32>
func.func @bias(%z: tensor<8x4xf32>) -> tensor<8x3xf32> {
  %b = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %y = aimc.digital on("global") -> tensor<8x3xf32> {
    %w = aimc.weights_value @w : tensor<4x3xf32>
    %e = tensor.empty() : tensor<8x3xf32>
    %f = linalg.broadcast ins(%b : tensor<3xf32>) outs(%e : tensor<8x3xf32>) dimensions = [0]
    %p = linalg.matmul ins(%z, %w : tensor<8x4xf32>, tensor<4x3xf32>) outs(%f : tensor<8x3xf32>) -> tensor<8x3xf32>
    aimc.yield %p : tensor<8x3xf32>
  }
  return %y : tensor<8x3xf32>
}

// -----

// Named operations, a sum over each row and what is done with it: a number per
// row is a row of length 1 until it meets a longer one.

// CHECK-LABEL: aimc.program @normalise_host
//  CHECK-SAME:   (%[[X:.+]]: vector<4xf32>) -> (vector<4xf32>) {
//       CHECK:   %[[E:.+]] = math.exp %[[X]] : vector<4xf32>
//       CHECK:   %[[S:.+]] = vector.reduction <add>, %[[E]] : vector<4xf32> into f32
//       CHECK:   %[[S1:.+]] = vector.broadcast %[[S]] : f32 to vector<1xf32>
//       CHECK:   %[[S4:.+]] = vector.broadcast %[[S1]] : vector<1xf32> to vector<4xf32>
//       CHECK:   arith.divf %[[E]], %[[S4]] : vector<4xf32>
func.func @normalise(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %zero = arith.constant 0.0 : f32
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    %e = tensor.empty() : tensor<8x4xf32>
    %ex = linalg.exp ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
    %e1 = tensor.empty() : tensor<8xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e1 : tensor<8xf32>) -> tensor<8xf32>
    %s = linalg.reduce { arith.addf } ins(%ex : tensor<8x4xf32>) outs(%f : tensor<8xf32>) dimensions = [1]
    %sb = linalg.broadcast ins(%s : tensor<8xf32>) outs(%e : tensor<8x4xf32>) dimensions = [1]
    %d = linalg.div ins(%ex, %sb : tensor<8x4xf32>, tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
    aimc.yield %d : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// The largest value of each row; where it starts from -infinity, nothing joins
// it. A step is an instruction of the body.

// CHECK-LABEL: aimc.program @largest_host
//  CHECK-SAME:   (%[[X:.+]]: vector<4xf32>) -> (vector<4xf32>, vector<1xf32>) {
//       CHECK:   %[[M:.+]] = vector.reduction <maximumf>, %[[X]] : vector<4xf32> into f32
//       CHECK:   %[[M1:.+]] = vector.broadcast %[[M]] : f32 to vector<1xf32>
//   CHECK-NOT:   arith.maximumf
//       CHECK:   %[[M4:.+]] = vector.broadcast %[[M1]] : vector<1xf32> to vector<4xf32>
//       CHECK:   %[[D:.+]] = arith.subf %[[X]], %[[M4]]
//       CHECK:   %[[S:.+]] = aimc.step %[[D]] : vector<4xf32>
//       CHECK:   %[[N:.+]] = vector.reduction <maximumf>, %[[X]]
//       CHECK:   %[[N1:.+]] = vector.broadcast %[[N]] : f32 to vector<1xf32>
//       CHECK:   %[[R:.+]] = arith.maximumf %{{.+}}, %[[N1]] : vector<1xf32>
//       CHECK:   aimc.yield %[[S]], %[[R]]
func.func @largest(%x: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x1xf32>) {
  %least = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0.0 : f32
  %y:2 = aimc.digital on("host") -> tensor<8x4xf32>, tensor<8x1xf32> {
    %e = tensor.empty() : tensor<8x4xf32>
    %e1 = tensor.empty() : tensor<8x1xf32>
    %f = linalg.fill ins(%least : f32) outs(%e1 : tensor<8x1xf32>) -> tensor<8x1xf32>
    %m = linalg.generic {
        indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (n, 0)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%x : tensor<8x4xf32>) outs(%f : tensor<8x1xf32>) {
    ^bb0(%v: f32, %o: f32):
      %l = arith.maximumf %v, %o : f32
      linalg.yield %l : f32
    } -> tensor<8x1xf32>
    %s = linalg.generic {
        indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (n, 0)>, affine_map<(n, c) -> (n, c)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x, %m : tensor<8x4xf32>, tensor<8x1xf32>) outs(%e : tensor<8x4xf32>) {
    ^bb0(%v: f32, %l: f32, %o: f32):
      %d = arith.subf %v, %l : f32
      %t = aimc.step %d : f32
      linalg.yield %t : f32
    } -> tensor<8x4xf32>
    %g = linalg.fill ins(%zero : f32) outs(%e1 : tensor<8x1xf32>) -> tensor<8x1xf32>
    %r = linalg.generic {
        indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (n, 0)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%x : tensor<8x4xf32>) outs(%g : tensor<8x1xf32>) {
    ^bb0(%v: f32, %o: f32):
      %l = arith.maximumf %o, %v : f32
      linalg.yield %l : f32
    } -> tensor<8x1xf32>
    aimc.yield %s, %r : tensor<8x4xf32>, tensor<8x1xf32>
  }
  return %y#0, %y#1 : tensor<8x4xf32>, tensor<8x1xf32>
}

// -----

// The sum of one value is that value.

// CHECK-LABEL: aimc.program @one_host
//  CHECK-SAME:   (%[[X:.+]]: vector<1xf32>) -> (vector<1xf32>) {
//   CHECK-NOT:   vector.reduction
//       CHECK:   %[[SQ:.+]] = arith.mulf %[[X]], %[[X]]
//       CHECK:   aimc.yield %[[SQ]]
func.func @one(%x: tensor<8x1xf32>) -> tensor<8x1xf32> {
  %zero = arith.constant 0.0 : f32
  %y = aimc.digital on("host") -> tensor<8x1xf32> {
    %e = tensor.empty() : tensor<8x1xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x1xf32>) -> tensor<8x1xf32>
    %s = linalg.generic {
        indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (n, 0)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%x : tensor<8x1xf32>) outs(%f : tensor<8x1xf32>) {
    ^bb0(%v: f32, %o: f32):
      %sq = arith.mulf %v, %v : f32
      %t = arith.addf %o, %sq : f32
      linalg.yield %t : f32
    } -> tensor<8x1xf32>
    aimc.yield %s : tensor<8x1xf32>
  }
  return %y : tensor<8x1xf32>
}

// -----

// A sum of products in the body, kept as a column; work on the column; an init
// that is not zero is added.

// CHECK-LABEL: aimc.program @norm_host
//  CHECK-SAME:   (%[[X:.+]]: vector<4xf32>) -> (vector<1xf32>) {
//       CHECK:   %[[SQ:.+]] = arith.mulf %[[X]], %[[X]] : vector<4xf32>
//       CHECK:   %[[S:.+]] = vector.reduction <add>, %[[SQ]]
//       CHECK:   %[[S1:.+]] = vector.broadcast %[[S]] : f32 to vector<1xf32>
//       CHECK:   %[[ONE:.+]] = arith.constant dense<1.000000e+00> : vector<1xf32>
//       CHECK:   %[[T:.+]] = arith.addf %[[ONE]], %[[S1]] : vector<1xf32>
//       CHECK:   math.sqrt %[[T]] : vector<1xf32>
func.func @norm(%x: tensor<8x4xf32>) -> tensor<8x1xf32> {
  %one = arith.constant dense<1.0> : tensor<8x1xf32>
  %y = aimc.digital on("host") -> tensor<8x1xf32> {
    %s = linalg.generic {
        indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (n, 0)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%x : tensor<8x4xf32>) outs(%one : tensor<8x1xf32>) {
    ^bb0(%u: f32, %o: f32):
      %q = arith.mulf %u, %u : f32
      %t = arith.addf %q, %o : f32
      linalg.yield %t : f32
    } -> tensor<8x1xf32>
    %r = math.sqrt %s : tensor<8x1xf32>
    aimc.yield %r : tensor<8x1xf32>
  }
  return %y : tensor<8x1xf32>
}

// -----

// A column of the batch, and a constant with a first dimension of size 1, meet
// each column.

// CHECK-LABEL: aimc.program @columns_host
//  CHECK-SAME:   (%[[X:.+]]: vector<4xf32>, %[[S:.+]]: vector<1xf32>) -> (vector<4xf32>) {
//   CHECK-DAG:   %[[W:.+]] = arith.constant dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00]> : vector<4xf32>
//   CHECK-DAG:   %[[S4:.+]] = vector.broadcast %[[S]] : vector<1xf32> to vector<4xf32>
//       CHECK:   %[[A:.+]] = arith.mulf %[[X]], %[[S4]]
//       CHECK:   arith.addf %[[A]], %[[W]]
func.func @columns(%x: tensor<8x4xf32>, %s: tensor<8x1xf32>) -> tensor<8x4xf32> {
  %w = arith.constant dense<[[1.0, 2.0, 3.0, 4.0]]> : tensor<1x4xf32>
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    %e = tensor.empty() : tensor<8x4xf32>
    %z = linalg.generic {
        indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (n, 0)>, affine_map<(n, c) -> (0, c)>, affine_map<(n, c) -> (n, c)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x, %s, %w : tensor<8x4xf32>, tensor<8x1xf32>, tensor<1x4xf32>) outs(%e : tensor<8x4xf32>) {
    ^bb0(%u: f32, %v: f32, %b: f32, %o: f32):
      %p = arith.mulf %u, %v : f32
      %q = arith.addf %p, %b : f32
      linalg.yield %q : f32
    } -> tensor<8x4xf32>
    aimc.yield %z : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// Features side by side: pairs, in order. A cast changes nothing.

// CHECK-LABEL: aimc.program @concat_host
//       CHECK:   %[[C:.+]] = math.cos
//       CHECK:   %[[S:.+]] = math.sin
//       CHECK:   %[[CS:.+]] = aimc.concatenate %[[C]], %[[S]] : vector<4xf32>, vector<4xf32> -> vector<8xf32>
//       CHECK:   %[[CSX:.+]] = aimc.concatenate %[[CS]], %{{.+}} : vector<8xf32>, vector<4xf32> -> vector<12xf32>
//       CHECK:   aimc.yield %[[CSX]]
func.func @concat(%x: tensor<?x4xf32>) -> tensor<8x12xf32> {
  %y = aimc.digital on("host") -> tensor<8x12xf32> {
    %c = math.cos %x : tensor<?x4xf32>
    %s = math.sin %x : tensor<?x4xf32>
    %z = tensor.concat dim(1) %c, %s, %x : (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x12xf32>
    %r = tensor.cast %z : tensor<?x12xf32> to tensor<8x12xf32>
    aimc.yield %r : tensor<8x12xf32>
  }
  return %y : tensor<8x12xf32>
}

// -----

// Several inputs and results; programs get names by function and unit.

// CHECK-LABEL: aimc.program @many_host on
//  CHECK-SAME:   (%[[X:.+]]: vector<4xf32>, %[[Y:.+]]: vector<4xf32>) -> (vector<4xf32>, vector<4xf32>) {
// CHECK-LABEL: aimc.program @many_host_1 on
// CHECK-LABEL: func.func @many
//  CHECK-SAME: %[[X:.+]]: tensor<?x4xf32>, %[[Y:.+]]: tensor<?x4xf32>
//       CHECK:   %[[R:.+]]:2 = aimc.execute @many_host ins(%[[X]], %[[Y]] : {{.+}}) outs({{.+}}) -> tensor<?x4xf32>, tensor<?x4xf32>
//       CHECK:   aimc.execute @many_host_1 ins(%[[R]]#0
func.func @many(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %a, %b = aimc.digital on("host") -> tensor<?x4xf32>, tensor<?x4xf32> {
    %s = arith.addf %x, %y : tensor<?x4xf32>
    %d = arith.subf %x, %y : tensor<?x4xf32>
    aimc.yield %s, %d : tensor<?x4xf32>, tensor<?x4xf32>
  }
  %r = aimc.digital on("host") -> tensor<?x4xf32> {
    %c = math.cos %a : tensor<?x4xf32>
    aimc.yield %c : tensor<?x4xf32>
  }
  return %r, %b : tensor<?x4xf32>, tensor<?x4xf32>
}

// -----

// Rows of a resource keep its data, and equal constants are one.

// CHECK-LABEL: aimc.program @resource_host
//       CHECK:   arith.constant dense_resource<row> : vector<4xf32>
//   CHECK-NOT:   arith.constant
//       CHECK:   aimc.yield
func.func @resource(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %b = arith.constant dense_resource<row> : tensor<4xf32>
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    %e = tensor.empty() : tensor<8x4xf32>
    %s = linalg.broadcast ins(%b : tensor<4xf32>) outs(%e : tensor<8x4xf32>) dimensions = [0]
    %t = linalg.broadcast ins(%b : tensor<4xf32>) outs(%e : tensor<8x4xf32>) dimensions = [0]
    %u = linalg.mul ins(%s, %x : tensor<8x4xf32>, tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
    %v = linalg.mul ins(%t, %u : tensor<8x4xf32>, tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
    aimc.yield %v : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

{-#
  dialect_resources: {
    builtin: {
      row: "0x040000000000803F000000400000404000008040"
    }
  }
#-}

// -----

// A static number of rows needs no input.

// CHECK-LABEL: aimc.program @constant_host on("host") () -> (vector<4xf32>) {
//       CHECK:   %[[C:.+]] = arith.constant dense<1.000000e+00> : vector<4xf32>
//       CHECK:   aimc.yield %[[C]]
// CHECK-LABEL: func.func @constant
//       CHECK:   aimc.execute @constant_host outs(
func.func @constant() -> tensor<8x4xf32> {
  %one = arith.constant 1.0 : f32
  %y = aimc.digital on("host") -> tensor<8x4xf32> {
    %s = tensor.splat %one : tensor<8x4xf32>
    aimc.yield %s : tensor<8x4xf32>
  }
  return %y : tensor<8x4xf32>
}

// -----

// A sum of constants is one number, added to each row.

// CHECK-LABEL: aimc.program @sum_of_constants_host
//  CHECK-SAME:   (%[[X:.+]]: vector<4xf32>) -> (vector<4xf32>) {
//       CHECK:   %[[SUM:.+]] = vector.reduction <add>
//       CHECK:   %[[ONE:.+]] = vector.broadcast %[[SUM]] : f32 to vector<1xf32>
//       CHECK:   %[[ALL:.+]] = vector.broadcast %[[ONE]] : vector<1xf32> to vector<4xf32>
//       CHECK:   %[[Y:.+]] = arith.addf %[[X]], %[[ALL]] : vector<4xf32>
//       CHECK:   aimc.yield %[[Y]]
func.func @sum_of_constants(%x: tensor<?x4xf32>, %n: index) -> tensor<?x4xf32> {
  %e = tensor.empty(%n) : tensor<?x4xf32>
  %b = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %zero = arith.constant dense<0.0> : tensor<f32>
  %y = aimc.digital on("host") -> tensor<?x4xf32> {
    %s = linalg.generic {indexing_maps = [affine_map<(c) -> (c)>, affine_map<(c) -> ()>], iterator_types = ["reduction"]}
        ins(%b : tensor<3xf32>) outs(%zero : tensor<f32>) {
    ^bb0(%a: f32, %sum: f32):
      %v = arith.addf %sum, %a : f32
      linalg.yield %v : f32
    } -> tensor<f32>
    %z = linalg.generic {
        indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> ()>, affine_map<(n, c) -> (n, c)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x, %s : tensor<?x4xf32>, tensor<f32>) outs(%e : tensor<?x4xf32>) {
    ^bb0(%a: f32, %b_0: f32, %out: f32):
      %v = arith.addf %a, %b_0 : f32
      linalg.yield %v : f32
    } -> tensor<?x4xf32>
    aimc.yield %z : tensor<?x4xf32>
  }
  return %y : tensor<?x4xf32>
}

// -----

// A constant behind a cast keeps its length.

// CHECK-LABEL: aimc.program @cast_constant_host
//       CHECK:   %[[B:.+]] = arith.constant dense<[1.000000e+00, 2.000000e+00]> : vector<2xf32>
//       CHECK:   arith.addf %{{.+}}, %[[B]] : vector<2xf32>
func.func @cast_constant(%x: tensor<?x2xf32>, %n: index) -> tensor<?x2xf32> {
  %e = tensor.empty(%n) : tensor<?x2xf32>
  %b = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %y = aimc.digital on("host") -> tensor<?x2xf32> {
    %open = tensor.cast %b : tensor<2xf32> to tensor<?xf32>
    %z = linalg.generic {
        indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (c)>, affine_map<(n, c) -> (n, c)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x, %open : tensor<?x2xf32>, tensor<?xf32>) outs(%e : tensor<?x2xf32>) {
    ^bb0(%a: f32, %b_0: f32, %out: f32):
      %v = arith.addf %a, %b_0 : f32
      linalg.yield %v : f32
    } -> tensor<?x2xf32>
    aimc.yield %z : tensor<?x2xf32>
  }
  return %y : tensor<?x2xf32>
}

// -----

// Other shapes of a number per row and of constants are the same row.

// CHECK-LABEL: aimc.program @shapes_global on("global")
//  CHECK-SAME:   (%[[X:.+]]: vector<1xf32>) -> (vector<4xf32>) {
//       CHECK:   %[[ROW:.+]] = arith.constant dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00]> : vector<4xf32>
//       CHECK:   %[[A:.+]] = vector.broadcast %[[X]] : vector<1xf32> to vector<4xf32>
//       CHECK:   %[[Y:.+]] = arith.mulf %[[A]], %[[ROW]] : vector<4xf32>
//       CHECK:   aimc.yield %[[Y]]
func.func @shapes(%x: tensor<?x1xf32>) -> tensor<?x4xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x1xf32>
  %y = aimc.digital on("global") -> tensor<?x4xf32> {
    %b = arith.constant dense<[[1.0, 2.0, 3.0, 4.0]]> : tensor<1x4xf32>
    %number = tensor.collapse_shape %x [[0, 1]] : tensor<?x1xf32> into tensor<?xf32>
    %row = tensor.collapse_shape %b [[0, 1]] : tensor<1x4xf32> into tensor<4xf32>
    %e = tensor.empty(%n) : tensor<?x4xf32>
    %z = linalg.generic {
        indexing_maps = [affine_map<(n, c) -> (n)>, affine_map<(n, c) -> (c)>, affine_map<(n, c) -> (n, c)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%number, %row : tensor<?xf32>, tensor<4xf32>) outs(%e : tensor<?x4xf32>) {
    ^bb0(%u: f32, %v: f32, %o: f32):
      %p = arith.mulf %u, %v : f32
      linalg.yield %p : f32
    } -> tensor<?x4xf32>
    aimc.yield %z : tensor<?x4xf32>
  }
  return %y : tensor<?x4xf32>
}
