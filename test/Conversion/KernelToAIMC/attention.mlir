// RUN: aimc-opt %s --convert-kernel-to-aimc --split-input-file | FileCheck %s

// Positive softmax features. Queries are divided by the largest of their row;
// so are keys, which hand on its logarithm and their own factor. sqrt(scale) is
// by itself, for a unit at the core can multiply.

// CHECK-LABEL: func.func @softmax_pos
//  CHECK-SAME: %[[Q:.+]]: tensor<5x2xf32>, %[[K:.+]]: tensor<7x2xf32>, %[[V:.+]]: tensor<7x3xf32>
//   CHECK-DAG:   %[[ONE:.+]] = arith.constant 1 : index
//       CHECK:   %[[PQ:.+]] = aimc.mvm @omega site(0) role(projection) ins(%[[Q]] : tensor<5x2xf32>)
//       CHECK:   %[[ROOT:.+]] = arith.constant 5.000000e-01 : f32
//       CHECK:   %[[SQ:.+]] = linalg.generic {{.*}} ins(%[[PQ]] : tensor<5x4xf32>)
//       CHECK:     arith.mulf %{{.+}}, %[[ROOT]]
//       CHECK:   %[[LARGEST:.+]] = linalg.generic {{.*}} ins(%[[SQ]] : tensor<5x4xf32>)
//       CHECK:     math.absf
//       CHECK:     arith.maximumf
//       CHECK:   %[[PLUS:.+]] = linalg.generic {{.*}} ins(%[[SQ]], %[[LARGEST]]
//       CHECK:     arith.subf
//       CHECK:     math.exp
//       CHECK:   %[[MINUS:.+]] = linalg.generic {{.*}} ins(%[[SQ]], %[[LARGEST]]
//       CHECK:     arith.negf
//       CHECK:     arith.subf
//       CHECK:     math.exp
//       CHECK:   %[[ZQ:.+]] = tensor.concat dim(1) %[[PLUS]], %[[MINUS]]
//       CHECK:   %[[PK:.+]] = aimc.mvm @omega site(1) role(projection) ins(%[[K]] : tensor<7x2xf32>)
//       CHECK:   %[[SK:.+]] = linalg.generic {{.*}} ins(%[[PK]] : tensor<7x4xf32>)
//       CHECK:   %[[LARGEST:.+]] = linalg.generic {{.*}} ins(%[[SK]] : tensor<7x4xf32>)
//       CHECK:   %[[ZK:.+]] = tensor.concat
//       CHECK:   %[[FACTOR:.+]] = arith.constant -1.250000e-01 : f32
//       CHECK:   %[[NORM:.+]] = linalg.generic {{.*}} ins(%[[K]] : tensor<7x2xf32>)
//       CHECK:     arith.mulf %{{.+}}, %[[FACTOR]]
//       CHECK:   %[[LOG:.+]] = linalg.generic {{.*}} ins(%[[LARGEST]], %[[NORM]]
//       CHECK:     arith.addf
//       CHECK:   %[[INIT:.+]] = tensor.empty() : tensor<5x3xf32>
//       CHECK:   %[[Y:.+]] = aimc.attention heads(1) sequences(%[[ONE]])
//  CHECK-SAME:     ins(%[[ZQ]], %[[ZK]], %[[V]] : tensor<5x8xf32>, tensor<7x8xf32>, tensor<7x3xf32>)
//  CHECK-SAME:     log_scale(%[[LOG]] : tensor<7x1xf32>) outs(%[[INIT]] : tensor<5x3xf32>)
//       CHECK:   return %[[Y]]
func.func @softmax_pos(%q: tensor<5x2xf32>, %k: tensor<7x2xf32>, %v: tensor<7x3xf32>) -> tensor<5x3xf32> {
  %omega = arith.constant dense<0.5> : tensor<4x2xf32>
  %y = kernel.attention map(softmax_pos) scale(0.25) %q, %k, %v, %omega
      : tensor<5x2xf32>, tensor<7x2xf32>, tensor<7x3xf32>, tensor<4x2xf32> -> tensor<5x3xf32>
  return %y : tensor<5x3xf32>
}

// -----

// Trigonometric features are bounded; only keys have a factor, which grows.
// A scale of 1 multiplies nothing.

// CHECK-LABEL: func.func @softmax_trig
//       CHECK:   %[[PQ:.+]] = aimc.mvm
//       CHECK:   %[[COS:.+]] = linalg.generic {{.*}} ins(%[[PQ]]
//       CHECK:     math.cos
//  CHECK-NEXT:     linalg.yield
//       CHECK:   %[[SIN:.+]] = linalg.generic {{.*}} ins(%[[PQ]]
//       CHECK:     math.sin
//  CHECK-NEXT:     linalg.yield
//       CHECK:   %[[PK:.+]] = aimc.mvm
//       CHECK:   %[[FACTOR:.+]] = arith.constant 5.000000e-01 : f32
//       CHECK:   %[[LOG:.+]] = linalg.generic
//       CHECK:     arith.mulf %{{.+}}, %[[FACTOR]]
//       CHECK:   aimc.attention causal {{.*}} log_scale(%[[LOG]] : tensor<7x1xf32>)
func.func @softmax_trig(%q: tensor<7x2xf32>, %v: tensor<7x3xf32>) -> tensor<7x3xf32> {
  %omega = arith.constant dense<0.5> : tensor<4x2xf32>
  %y = kernel.attention map(softmax_trig) causal scale(1.0) %q, %q, %v, %omega
      : tensor<7x2xf32>, tensor<7x2xf32>, tensor<7x3xf32>, tensor<4x2xf32> -> tensor<7x3xf32>
  return %y : tensor<7x3xf32>
}

// -----

// Constant factors cancel, and other maps have no log scale.

// CHECK-LABEL: func.func @relu
//       CHECK:   linalg.generic
//       CHECK:     %[[RELU:.+]] = arith.maximumf
//  CHECK-NEXT:     arith.addf %[[RELU]], %{{.+}}
//       CHECK:   aimc.attention
//   CHECK-NOT:   log_scale
//       CHECK:   outs
func.func @relu(%q: tensor<7x2xf32>, %v: tensor<7x3xf32>) -> tensor<7x3xf32> {
  %omega = arith.constant dense<0.5> : tensor<4x2xf32>
  %y = kernel.attention map(relu) %q, %q, %v, %omega
      : tensor<7x2xf32>, tensor<7x2xf32>, tensor<7x3xf32>, tensor<4x2xf32> -> tensor<7x3xf32>
  return %y : tensor<7x3xf32>
}

// -----

// Heads that share a projection are rows of one product; sequences are joined.
// Nothing of it moves a value. Open sizes that do not agree are found when the
// program runs.

// CHECK-LABEL: func.func @heads
//  CHECK-SAME: %[[Q:.+]]: tensor<?x?x4xf32>, %[[K:.+]]: tensor<?x?x4xf32>, %[[V:.+]]: tensor<?x?x6xf32>, %[[M:.+]]: tensor<?x?xf32>
//       CHECK:   %[[LV:.+]] = tensor.dim %[[V]], %{{.+}}
//       CHECK:   %[[LK:.+]] = tensor.dim %[[K]], %{{.+}}
//       CHECK:   aimc.verify_size "tokens of 'value', as of 'key'" size(%[[LV]]) expected(%[[LK]])
//       CHECK:   aimc.verify_size "tokens of 'mask', as of 'key'"
//       CHECK:   %[[BK:.+]] = tensor.dim %[[K]], %{{.+}}
//       CHECK:   %[[BQ:.+]] = tensor.dim %[[Q]], %{{.+}}
//       CHECK:   aimc.verify_size "sequences of 'key', as of 'query'" size(%[[BK]]) expected(%[[BQ]])
//       CHECK:   aimc.verify_size "sequences of 'value', as of 'query'"
//       CHECK:   aimc.verify_size "sequences of 'mask', as of 'query'"
//       CHECK:   %[[B:.+]] = tensor.dim %[[Q]], %{{.+}}
//       CHECK:   %[[PAIRS:.+]] = tensor.expand_shape %[[M]] {{\[\[}}0], [1, 2]] {{.*}} into tensor<?x?x1xf32>
//       CHECK:   %[[MASK:.+]] = tensor.collapse_shape %[[PAIRS]] {{\[\[}}0, 1], [2]] : tensor<?x?x1xf32> into tensor<?x1xf32>
//       CHECK:   %[[TOKENS:.+]] = tensor.collapse_shape %[[Q]] {{\[\[}}0, 1], [2]] : tensor<?x?x4xf32> into tensor<?x4xf32>
//       CHECK:   %[[VALUES:.+]] = tensor.collapse_shape %[[V]] {{\[\[}}0, 1], [2]]
//       CHECK:   tensor.expand_shape %[[TOKENS]] {{\[\[}}0], [1, 2]] {{.*}} into tensor<?x2x2xf32>
//       CHECK:   %[[ROWS:.+]] = tensor.collapse_shape %{{.+}} {{\[\[}}0, 1], [2]] : tensor<?x2x2xf32> into tensor<?x2xf32>
//       CHECK:   aimc.mvm @omega site(0) role(projection) ins(%[[ROWS]] : tensor<?x2xf32>)
//       CHECK:   aimc.mvm @omega site(1)
//   CHECK-NOT:   aimc.mvm
//       CHECK:   %[[Y:.+]] = aimc.attention heads(2) sequences(%[[B]]) ins(%{{.+}}, %{{.+}}, %[[VALUES]] : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x6xf32>)
//  CHECK-SAME:     mask(%[[MASK]] : tensor<?x1xf32>)
//       CHECK:   %[[RESULT:.+]] = tensor.expand_shape %[[Y]] {{\[\[}}0, 1], [2]] output_shape [%{{.+}}, %{{.+}}, 6] : tensor<?x6xf32> into tensor<?x?x6xf32>
//       CHECK:   return %[[RESULT]]
func.func @heads(%q: tensor<?x?x4xf32>, %k: tensor<?x?x4xf32>, %v: tensor<?x?x6xf32>, %m: tensor<?x?xf32>) -> tensor<?x?x6xf32> {
  %omega = arith.constant dense<0.5> : tensor<4x2xf32>
  %y = kernel.attention map(arccos0) heads(2) %q, %k, %v, %omega mask(%m : tensor<?x?xf32>)
      : tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x6xf32>, tensor<4x2xf32> -> tensor<?x?x6xf32>
  return %y : tensor<?x?x6xf32>
}

// -----

// With a projection a head, heads are columns, and products of their own. The
// offsets go with them.

// CHECK-LABEL: func.func @projection_of_each_head
//  CHECK-SAME: %[[Q:.+]]: tensor<7x4xf32>, %[[V:.+]]: tensor<7x6xf32>, %[[M:.+]]: tensor<7xf32>
//       CHECK:   %[[MASK:.+]] = tensor.expand_shape %[[M]]
//       CHECK:   %[[Q0:.+]] = tensor.extract_slice %[[Q]][0, 0] [7, 2] [1, 1]
//       CHECK:   %[[V0:.+]] = tensor.extract_slice %[[V]][0, 0] [7, 3] [1, 1]
//       CHECK:   %[[P0:.+]] = aimc.mvm @omega site(0) role(projection) ins(%[[Q0]] : tensor<7x2xf32>)
//       CHECK:   linalg.generic {{.*}} ins(%[[P0]], %[[B0:[^ ]+]] : tensor<7x4xf32>, tensor<4xf32>)
//       CHECK:   aimc.mvm @omega site(1)
//       CHECK:   %[[Y0:.+]] = aimc.attention heads(1) {{.*}} %[[V0]] : {{.*}} mask(%[[MASK]] : tensor<7x1xf32>)
//       CHECK:   %[[Q1:.+]] = tensor.extract_slice %[[Q]][0, 2] [7, 2] [1, 1]
//       CHECK:   %[[V1:.+]] = tensor.extract_slice %[[V]][0, 3] [7, 3] [1, 1]
//       CHECK:   aimc.mvm @omega_1 site(2) role(projection) ins(%[[Q1]] : tensor<7x2xf32>)
//       CHECK:   aimc.mvm @omega_1 site(3)
//       CHECK:   %[[Y1:.+]] = aimc.attention heads(1) {{.*}} %[[V1]] : {{.*}} mask(%[[MASK]] : tensor<7x1xf32>)
//       CHECK:   %[[Y:.+]] = tensor.concat dim(1) %[[Y0]], %[[Y1]] : (tensor<7x3xf32>, tensor<7x3xf32>) -> tensor<7x6xf32>
//       CHECK:   return %[[Y]]
func.func @projection_of_each_head(%q: tensor<7x4xf32>, %v: tensor<7x6xf32>, %m: tensor<7xf32>) -> tensor<7x6xf32> {
  %a = arith.constant dense<0.5> : tensor<4x2xf32>
  %b = arith.constant dense<0.25> : tensor<4x2xf32>
  %s = arith.constant dense<1.0> : tensor<4xf32>
  %t = arith.constant dense<2.0> : tensor<4xf32>
  %y = kernel.attention map(rbf_phase) heads(2) %q, %q, %v, %a, %b
      offset(%s, %t : tensor<4xf32>, tensor<4xf32>) mask(%m : tensor<7xf32>)
      : tensor<7x4xf32>, tensor<7x4xf32>, tensor<7x6xf32>, tensor<4x2xf32>, tensor<4x2xf32> -> tensor<7x6xf32>
  return %y : tensor<7x6xf32>
}

// -----

// Layers with one projection share its weights; each use is a site of its own.

//     CHECK: aimc.weights @omega
// CHECK-NOT: aimc.weights

// CHECK-LABEL: func.func @layers
//       CHECK:   aimc.mvm @omega site(0)
//       CHECK:   aimc.mvm @omega site(1)
//       CHECK:   %[[Y:.+]] = aimc.attention
//       CHECK:   aimc.mvm @omega site(2) role(projection) ins(%[[Y]]
//       CHECK:   aimc.mvm @omega site(3) role(projection) ins(%[[Y]]
//       CHECK:   aimc.attention
func.func @layers(%x: tensor<7x2xf32>) -> tensor<7x2xf32> {
  %a = arith.constant dense<0.5> : tensor<4x2xf32>
  %b = arith.constant dense<0.5> : tensor<4x2xf32>
  %y = kernel.attention map(relu) causal %x, %x, %x, %a
      : tensor<7x2xf32>, tensor<7x2xf32>, tensor<7x2xf32>, tensor<4x2xf32> -> tensor<7x2xf32>
  %z = kernel.attention map(relu) causal %y, %y, %y, %b
      : tensor<7x2xf32>, tensor<7x2xf32>, tensor<7x2xf32>, tensor<4x2xf32> -> tensor<7x2xf32>
  return %z : tensor<7x2xf32>
}

// -----

// Sizes may be known on one side only.

// CHECK-LABEL: func.func @open
//       CHECK:   %[[Y:.+]] = aimc.attention {{.*}} -> tensor<7x3xf32>
//       CHECK:   tensor.cast %[[Y]] : tensor<7x3xf32> to tensor<?x3xf32>
func.func @open(%q: tensor<7x2xf32>, %k: tensor<?x2xf32>, %v: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %omega = arith.constant dense<0.5> : tensor<4x2xf32>
  %y = kernel.attention map(relu) %q, %k, %v, %omega
      : tensor<7x2xf32>, tensor<?x2xf32>, tensor<?x3xf32>, tensor<4x2xf32> -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}
