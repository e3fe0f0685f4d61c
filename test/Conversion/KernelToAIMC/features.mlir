// RUN: aimc-opt %s --convert-kernel-to-aimc --split-input-file | FileCheck %s

// The phase form: the offset alone, which a unit at the core can add, then the
// cosine with the scale sqrt(2/m). The weights are the transpose of omega.

// CHECK-DAG: #[[BATCH:.+]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[ROW:.+]] = affine_map<(d0, d1) -> (d1)>
//     CHECK: aimc.weights @omega = dense<{{\[}}[1.000000e+00, 3.000000e+00, 5.000000e+00], [2.000000e+00, 4.000000e+00, 6.000000e+00]]> : tensor<2x3xf32>

// CHECK-LABEL: func.func @rbf_phase
//  CHECK-SAME: %[[X:.+]]: tensor<8x2xf32>
//       CHECK:   %[[B:.+]] = arith.constant dense<[5.000000e-01, 2.500000e-01, 1.250000e-01]> : tensor<3xf32>
//       CHECK:   %[[E:.+]] = tensor.empty() : tensor<8x3xf32>
//       CHECK:   %[[P:.+]] = aimc.mvm @omega site(0) role(projection) ins(%[[X]] : tensor<8x2xf32>) outs(%[[E]] : tensor<8x3xf32>)
//       CHECK:   %[[PHASE:.+]] = linalg.generic {indexing_maps = [#[[BATCH]], #[[ROW]], #[[BATCH]]]
//  CHECK-SAME:     ins(%[[P]], %[[B]] : tensor<8x3xf32>, tensor<3xf32>)
//       CHECK:     arith.addf
//   CHECK-NOT:     math.cos
//       CHECK:   %[[SCALE:.+]] = arith.constant 0.816496611 : f32
//       CHECK:   %[[Z:.+]] = linalg.generic {indexing_maps = [#[[BATCH]], #[[BATCH]]]
//  CHECK-SAME:     ins(%[[PHASE]] : tensor<8x3xf32>)
//       CHECK:     %[[COS:.+]] = math.cos
//       CHECK:     arith.mulf %[[COS]], %[[SCALE]]
//       CHECK:   return %[[Z]]
func.func @rbf_phase(%x: tensor<8x2xf32>) -> tensor<8x3xf32> {
  %omega = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %b = arith.constant dense<[0.5, 0.25, 0.125]> : tensor<3xf32>
  %z = kernel.features map(rbf_phase) %x, %omega offset(%b : tensor<3xf32>)
      : tensor<8x2xf32>, tensor<3x2xf32> -> tensor<8x3xf32>
  return %z : tensor<8x3xf32>
}

// -----

// The plain form: cosines, then sines, each with the scale m^(-1/2).

// CHECK-LABEL: func.func @rbf
//       CHECK:   %[[P:.+]] = aimc.mvm @omega
//       CHECK:   %[[SCALE:.+]] = arith.constant 5.000000e-01 : f32
//       CHECK:   %[[COS:.+]] = linalg.generic
//  CHECK-SAME:     ins(%[[P]] : tensor<8x4xf32>)
//       CHECK:     math.cos
//       CHECK:     arith.mulf
//       CHECK:   %[[SIN:.+]] = linalg.generic
//  CHECK-SAME:     ins(%[[P]] : tensor<8x4xf32>)
//       CHECK:     math.sin
//       CHECK:     arith.mulf
//       CHECK:   %[[Z:.+]] = tensor.concat dim(1) %[[COS]], %[[SIN]]
//       CHECK:   return %[[Z]] : tensor<8x8xf32>
func.func @rbf(%x: tensor<8x2xf32>) -> tensor<8x8xf32> {
  %omega = arith.constant dense<0.5> : tensor<4x2xf32>
  %z = kernel.features map(rbf) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
  return %z : tensor<8x8xf32>
}

// -----

// Step and ReLU, with the scale sqrt(2/m); ReLU is a maximum, which a unit at
// the core can do.

// CHECK-LABEL: func.func @arccos
//       CHECK:   %[[SCALE:.+]] = arith.constant 0.707106769 : f32
//       CHECK:   linalg.generic
//  CHECK-NEXT:   ^bb0(%[[P:.+]]: f32, %{{.+}}: f32):
//  CHECK-NEXT:     %[[STEP:.+]] = aimc.step %[[P]] : f32
//  CHECK-NEXT:     arith.mulf %[[STEP]], %[[SCALE]]
//       CHECK:   %[[ZERO:.+]] = arith.constant 0.000000e+00 : f32
//       CHECK:   linalg.generic
//  CHECK-NEXT:   ^bb0(%[[P:.+]]: f32, %{{.+}}: f32):
//  CHECK-NEXT:     %[[RELU:.+]] = arith.maximumf %[[P]], %[[ZERO]]
//  CHECK-NEXT:     arith.mulf %[[RELU]], %{{.+}}
//  CHECK-NEXT:     linalg.yield
//       CHECK:   linalg.generic
//  CHECK-NEXT:   ^bb0(%[[P:.+]]: f32, %{{.+}}: f32):
//  CHECK-NEXT:     %[[RELU:.+]] = arith.maximumf %[[P]], %{{.+}}
//  CHECK-NEXT:     %[[SQUARE:.+]] = arith.mulf %[[RELU]], %[[RELU]]
//  CHECK-NEXT:     arith.mulf %[[SQUARE]], %{{.+}}
func.func @arccos(%x: tensor<8x2xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>) {
  %omega = arith.constant dense<0.5> : tensor<4x2xf32>
  %a = kernel.features map(arccos0) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  %b = kernel.features map(arccos1) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  %c = kernel.features map(arccos2) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return %a, %b, %c : tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>
}

// -----

// The addend of ReLU is scaled as ReLU is.

// CHECK-LABEL: func.func @relu
//   CHECK-DAG:   %[[SCALE:.+]] = arith.constant 5.000000e-01 : f32
//   CHECK-DAG:   %[[OFFSET:.+]] = arith.constant 5.000000e-03 : f32
//       CHECK:     %[[RELU:.+]] = arith.maximumf
//  CHECK-NEXT:     %[[SCALED:.+]] = arith.mulf %[[RELU]], %[[SCALE]]
//  CHECK-NEXT:     arith.addf %[[SCALED]], %[[OFFSET]]
//       CHECK:   arith.constant 5.000000e-04 : f32
func.func @relu(%x: tensor<8x2xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %omega = arith.constant dense<0.5> : tensor<4x2xf32>
  %a = kernel.features map(relu) epsilon(0.01) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  %b = kernel.features map(relu) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return %a, %b : tensor<8x4xf32>, tensor<8x4xf32>
}

// -----

// Factors of positive features are summands of the exponent: -log(2m)/2 -
// |x|^2/2, a number per row.

// CHECK-DAG: #[[BATCH:.+]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[COLUMN:.+]] = affine_map<(d0, d1) -> (d0, 0)>

// CHECK-LABEL: func.func @softmax_pos
//  CHECK-SAME: %[[X:.+]]: tensor<8x2xf32>
//       CHECK:   %[[P:.+]] = aimc.mvm @omega
//       CHECK:   %[[HALF:.+]] = arith.constant -5.000000e-01 : f32
//       CHECK:   %[[LOG:.+]] = arith.constant -1.03972077 : f32
//       CHECK:   %[[START:.+]] = linalg.fill ins(%[[LOG]] : f32) {{.*}} -> tensor<8x1xf32>
//       CHECK:   %[[SHIFT:.+]] = linalg.generic {indexing_maps = [#[[BATCH]], #[[COLUMN]]], iterator_types = ["parallel", "reduction"]}
//  CHECK-SAME:     ins(%[[X]] : tensor<8x2xf32>) outs(%[[START]] : tensor<8x1xf32>)
//  CHECK-NEXT:   ^bb0(%[[V:.+]]: f32, %[[SUM:.+]]: f32):
//  CHECK-NEXT:     %[[SQUARE:.+]] = arith.mulf %[[V]], %[[V]]
//  CHECK-NEXT:     %[[SCALED:.+]] = arith.mulf %[[SQUARE]], %[[HALF]]
//  CHECK-NEXT:     arith.addf %[[SUM]], %[[SCALED]]
//       CHECK:   %[[PLUS:.+]] = linalg.generic {indexing_maps = [#[[BATCH]], #[[COLUMN]], #[[BATCH]]]
//  CHECK-SAME:     ins(%[[P]], %[[SHIFT]] :
//  CHECK-NEXT:   ^bb0(%[[V:.+]]: f32, %[[S:.+]]: f32, %{{.+}}: f32):
//  CHECK-NEXT:     %[[E:.+]] = arith.addf %[[V]], %[[S]]
//  CHECK-NEXT:     math.exp %[[E]]
//       CHECK:   %[[MINUS:.+]] = linalg.generic
//  CHECK-NEXT:   ^bb0(%[[V:.+]]: f32, %[[S:.+]]: f32, %{{.+}}: f32):
//  CHECK-NEXT:     %[[N:.+]] = arith.negf %[[V]]
//  CHECK-NEXT:     %[[E:.+]] = arith.addf %[[N]], %[[S]]
//  CHECK-NEXT:     math.exp %[[E]]
//       CHECK:   tensor.concat dim(1) %[[PLUS]], %[[MINUS]]
func.func @softmax_pos(%x: tensor<8x2xf32>) -> tensor<8x8xf32> {
  %omega = arith.constant dense<0.5> : tensor<4x2xf32>
  %z = kernel.features map(softmax_pos) stabiliser(none) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
  return %z : tensor<8x8xf32>
}

// -----

// The largest exponent of a row is that of the largest |Ωx|; subtracting it
// leaves nothing of the factors.

// CHECK-LABEL: func.func @stable
//       CHECK:   %[[P:.+]] = aimc.mvm @omega
//       CHECK:   %[[LEAST:.+]] = arith.constant 0xFF800000 : f32
//       CHECK:   %[[START:.+]] = linalg.fill ins(%[[LEAST]] : f32)
//       CHECK:   %[[LARGEST:.+]] = linalg.generic
//  CHECK-SAME:     ins(%[[P]] : tensor<?x4xf32>) outs(%[[START]] : tensor<?x1xf32>)
//       CHECK:     %[[SIZE:.+]] = math.absf
//  CHECK-NEXT:     arith.maximumf %{{.+}}, %[[SIZE]]
//   CHECK-NOT:   arith.addf
//       CHECK:     arith.subf
//  CHECK-NEXT:     math.exp
//       CHECK:     arith.subf
//  CHECK-NEXT:     math.exp
func.func @stable(%x: tensor<?x2xf32>) -> tensor<?x8xf32> {
  %omega = arith.constant dense<0.5> : tensor<4x2xf32>
  %z = kernel.features map(softmax_pos) stabiliser(row) %x, %omega : tensor<?x2xf32>, tensor<4x2xf32> -> tensor<?x8xf32>
  return %z : tensor<?x8xf32>
}

// -----

// Cosines and sines times one factor a row.

// CHECK-LABEL: func.func @softmax_trig
//       CHECK:   arith.constant 5.000000e-01 : f32
//       CHECK:   arith.constant -0.693147182 : f32
//       CHECK:   %[[EXPONENT:.+]] = linalg.generic
//       CHECK:     arith.addf
//       CHECK:   %[[FACTOR:.+]] = linalg.generic
//  CHECK-SAME:     ins(%[[EXPONENT]] : tensor<8x1xf32>)
//       CHECK:     math.exp
//       CHECK:   linalg.generic
//  CHECK-SAME:     ins(%{{.+}}, %[[FACTOR]] :
//       CHECK:     math.cos
//  CHECK-NEXT:     arith.mulf
//       CHECK:   linalg.generic
//  CHECK-SAME:     ins(%{{.+}}, %[[FACTOR]] :
//       CHECK:     math.sin
//  CHECK-NEXT:     arith.mulf
//       CHECK:   tensor.concat
func.func @softmax_trig(%x: tensor<8x2xf32>) -> tensor<8x8xf32> {
  %omega = arith.constant dense<0.5> : tensor<4x2xf32>
  %z = kernel.features map(softmax_trig) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
  return %z : tensor<8x8xf32>
}

// -----

// The size of a dynamic batch is that of the argument.

// CHECK-LABEL: func.func @dynamic
//  CHECK-SAME: %[[X:.+]]: tensor<?x2xf32>
//       CHECK:   %[[N:.+]] = tensor.dim %[[X]]
//       CHECK:   %[[E:.+]] = tensor.empty(%[[N]]) : tensor<?x4xf32>
//       CHECK:   aimc.mvm @omega site(0) role(projection) ins(%[[X]] : tensor<?x2xf32>) outs(%[[E]] : tensor<?x4xf32>)
//       CHECK:   tensor.concat dim(1) {{.*}} -> tensor<?x8xf32>
func.func @dynamic(%x: tensor<?x2xf32>) -> tensor<?x8xf32> {
  %omega = arith.constant dense<0.5> : tensor<4x2xf32>
  %z = kernel.features map(rbf) %x, %omega : tensor<?x2xf32>, tensor<4x2xf32> -> tensor<?x8xf32>
  return %z : tensor<?x8xf32>
}

// -----

// A batch that is static on one side only is cast.

// CHECK-LABEL: func.func @half_static
//       CHECK:   %[[Z:.+]] = tensor.cast {{.*}} : tensor<8x8xf32> to tensor<?x8xf32>
//       CHECK:   return %[[Z]]
func.func @half_static(%x: tensor<8x2xf32>) -> tensor<?x8xf32> {
  %omega = arith.constant dense<0.5> : tensor<4x2xf32>
  %z = kernel.features map(rbf) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<?x8xf32>
  return %z : tensor<?x8xf32>
}

// -----

// Features that share omega share the weights, each at a site of its own. The
// constants go when nothing uses them any more.

// CHECK-COUNT-1: aimc.weights
//     CHECK-NOT: aimc.weights
//   CHECK-LABEL: func.func @shared
//     CHECK-NOT:   arith.constant dense
//         CHECK:   aimc.mvm @omega site(0)
//         CHECK:   aimc.mvm @omega site(1)
func.func @shared(%q: tensor<8x2xf32>, %k: tensor<8x2xf32>) -> (tensor<8x8xf32>, tensor<8x8xf32>) {
  %omega = arith.constant dense<0.5> : tensor<4x2xf32>
  %a = kernel.features map(rbf) %q, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
  %b = kernel.features map(rbf) %k, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
  return %a, %b : tensor<8x8xf32>, tensor<8x8xf32>
}

// -----

// Names and sites continue after those in the module; a matrix that is there
// already is used.

//       CHECK: aimc.weights @omega = dense<5.000000e-01> : tensor<2x4xf32>
//       CHECK: aimc.weights @omega_1 = dense<2.500000e-01> : tensor<2x4xf32>
// CHECK-LABEL: func.func @continued
//       CHECK:   aimc.mvm @omega site(7)
//       CHECK:   aimc.mvm @omega_1 site(8)
//       CHECK:   aimc.mvm @omega site(9)
aimc.weights @omega = dense<0.5> : tensor<2x4xf32>
func.func @continued(%x: tensor<8x2xf32>, %init: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x8xf32>, tensor<8x8xf32>) {
  %p = aimc.mvm @omega site(7) role(projection) ins(%x : tensor<8x2xf32>) outs(%init : tensor<8x4xf32>) -> tensor<8x4xf32>
  %o = arith.constant dense<0.25> : tensor<4x2xf32>
  %a = kernel.features map(rbf) %x, %o : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
  %o2 = arith.constant dense<0.5> : tensor<4x2xf32>
  %b = kernel.features map(rbf) %x, %o2 : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
  return %p, %a, %b : tensor<8x4xf32>, tensor<8x8xf32>, tensor<8x8xf32>
}

// -----

// Omega may be the transpose of a constant, which is then used as it is.

//       CHECK: aimc.weights @omega = dense<{{\[}}[1.000000e+00, 2.000000e+00], [3.000000e+00, 4.000000e+00]]>
// CHECK-LABEL: func.func @transposed
//   CHECK-NOT:   linalg.transpose
func.func @transposed(%x: tensor<8x2xf32>) -> tensor<8x4xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %e = tensor.empty() : tensor<2x2xf32>
  %omega = linalg.transpose ins(%w : tensor<2x2xf32>) outs(%e : tensor<2x2xf32>) permutation = [1, 0]
  %z = kernel.features map(rbf) %x, %omega : tensor<8x2xf32>, tensor<2x2xf32> -> tensor<8x4xf32>
  return %z : tensor<8x4xf32>
}

// -----

// The data of a resource are transposed; small ones become dense.

//       CHECK: aimc.weights @omega = dense<{{\[}}[1.000000e+00, 3.000000e+00], [2.000000e+00, 4.000000e+00]]> : tensor<2x2xf32>
// CHECK-LABEL: func.func @resource
func.func @resource(%x: tensor<8x2xf32>) -> tensor<8x4xf32> {
  %omega = arith.constant dense_resource<directions> : tensor<2x2xf32>
  %z = kernel.features map(rbf) %x, %omega : tensor<8x2xf32>, tensor<2x2xf32> -> tensor<8x4xf32>
  return %z : tensor<8x4xf32>
}

{-#
  dialect_resources: {
    builtin: {
      directions: "0x040000000000803F000000400000404000008040"
    }
  }
#-}
