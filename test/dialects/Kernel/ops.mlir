// RUN: aimc-opt %s | aimc-opt | FileCheck %s
// RUN: aimc-opt %s --mlir-print-op-generic | aimc-opt | FileCheck %s
// RUN: aimc-opt %s --emit-bytecode | aimc-opt | FileCheck %s

// A projection prints its sampler, scale and seed.

// CHECK-LABEL: func.func @projection
//       CHECK:   %[[OMEGA:.+]] = kernel.projection sampler(rff) gamma(5.000000e-02) seed(7) : tensor<512x64xf32>
//       CHECK:   return %[[OMEGA]]
func.func @projection() -> tensor<512x64xf32> {
  %omega = kernel.projection sampler(rff) gamma(0.05) seed(7) : tensor<512x64xf32>
  return %omega : tensor<512x64xf32>
}

// The scale and the offset are optional; a seed may be negative.

// CHECK-LABEL: func.func @projection_offset
//       CHECK:   kernel.projection sampler(orf) seed(-1) : tensor<512x64xf32>, tensor<512xf32>
func.func @projection_offset() -> (tensor<512x64xf32>, tensor<512xf32>) {
  %omega, %b = kernel.projection sampler(orf) seed(-1)
      : tensor<512x64xf32>, tensor<512xf32>
  return %omega, %b : tensor<512x64xf32>, tensor<512xf32>
}

// Options of samplers.

// CHECK-LABEL: func.func @projection_options
//       CHECK:   kernel.projection sampler(rff) truncation(3.000000e+00) seed(7)
//       CHECK:   kernel.projection sampler(orf) gamma(5.000000e-01) row_norm(constant) haar(false) seed(7)
//       CHECK:   kernel.projection sampler(sorf) row_norm(chi) seed(7)
//       CHECK:   kernel.projection sampler(hadamard) seed(7)
//       CHECK:   kernel.projection sampler(qmc) seed(7)
func.func @projection_options() {
  %a = kernel.projection sampler(rff) truncation(3.0) seed(7) : tensor<8x4xf32>
  %b = kernel.projection sampler(orf) gamma(0.5) row_norm(constant) haar(false) seed(7) : tensor<8x4xf32>
  %c = kernel.projection sampler(sorf) row_norm(chi) seed(7) : tensor<8x4xf32>
  %d = kernel.projection sampler(hadamard) seed(7) : tensor<8x4xf32>
  %e = kernel.projection sampler(qmc) seed(7) : tensor<8x4xf32>
  return
}

// The pair of cosine and sine doubles the length.

// CHECK-LABEL: func.func @features
//  CHECK-SAME:   %[[X:.+]]: tensor<?x64xf32>, %[[OMEGA:.+]]: tensor<512x64xf32>
//       CHECK:   kernel.features map(rbf) %[[X]], %[[OMEGA]] : tensor<?x64xf32>, tensor<512x64xf32> -> tensor<?x1024xf32>
func.func @features(%x: tensor<?x64xf32>, %omega: tensor<512x64xf32>) -> tensor<?x1024xf32> {
  %z = kernel.features map(rbf) %x, %omega
      : tensor<?x64xf32>, tensor<512x64xf32> -> tensor<?x1024xf32>
  return %z : tensor<?x1024xf32>
}

// The phase form takes an offset.

// CHECK-LABEL: func.func @features_phase
//  CHECK-SAME:   %[[X:.+]]: tensor<8x64xf32>, %[[OMEGA:.+]]: tensor<512x64xf32>, %[[B:.+]]: tensor<512xf32>
//       CHECK:   kernel.features map(rbf_phase) %[[X]], %[[OMEGA]] offset(%[[B]] : tensor<512xf32>)
func.func @features_phase(%x: tensor<8x64xf32>, %omega: tensor<512x64xf32>,
                          %b: tensor<512xf32>) -> tensor<8x512xf32> {
  %z = kernel.features map(rbf_phase) %x, %omega offset(%b : tensor<512xf32>)
      : tensor<8x64xf32>, tensor<512x64xf32> -> tensor<8x512xf32>
  return %z : tensor<8x512xf32>
}

// The other maps, and what two of them take.

// CHECK-LABEL: func.func @features_maps
//       CHECK:   kernel.features map(arccos0) %{{.+}}, %{{.+}} : tensor<8x4xf32>, tensor<6x4xf32> -> tensor<8x6xf32>
//       CHECK:   kernel.features map(arccos1) %
//       CHECK:   kernel.features map(arccos2) %
//       CHECK:   kernel.features map(softmax_pos) %{{.+}} -> tensor<8x12xf32>
//       CHECK:   kernel.features map(softmax_pos) stabiliser(row) %
//       CHECK:   kernel.features map(softmax_trig) %{{.+}} -> tensor<8x12xf32>
//       CHECK:   kernel.features map(relu) %
//       CHECK:   kernel.features map(relu) epsilon(1.000000e-02) %
func.func @features_maps(%x: tensor<8x4xf32>, %omega: tensor<6x4xf32>) {
  %a = kernel.features map(arccos0) %x, %omega : tensor<8x4xf32>, tensor<6x4xf32> -> tensor<8x6xf32>
  %b = kernel.features map(arccos1) %x, %omega : tensor<8x4xf32>, tensor<6x4xf32> -> tensor<8x6xf32>
  %c = kernel.features map(arccos2) %x, %omega : tensor<8x4xf32>, tensor<6x4xf32> -> tensor<8x6xf32>
  %d = kernel.features map(softmax_pos) %x, %omega : tensor<8x4xf32>, tensor<6x4xf32> -> tensor<8x12xf32>
  %e = kernel.features map(softmax_pos) stabiliser(row) %x, %omega : tensor<8x4xf32>, tensor<6x4xf32> -> tensor<8x12xf32>
  %f = kernel.features map(softmax_trig) %x, %omega : tensor<8x4xf32>, tensor<6x4xf32> -> tensor<8x12xf32>
  %g = kernel.features map(relu) %x, %omega : tensor<8x4xf32>, tensor<6x4xf32> -> tensor<8x6xf32>
  %h = kernel.features map(relu) epsilon(0.01) %x, %omega : tensor<8x4xf32>, tensor<6x4xf32> -> tensor<8x6xf32>
  return
}

// Exact kernels, one of them with a parameter.

// CHECK-LABEL: func.func @gram
//  CHECK-SAME: %[[X:.+]]: tensor<?x4xf32>, %[[Y:.+]]: tensor<6x4xf32>
//       CHECK:   kernel.gram kernel(rbf) gamma(5.000000e-02) %[[X]], %[[Y]] : tensor<?x4xf32>, tensor<6x4xf32> -> tensor<?x6xf32>
//       CHECK:   kernel.gram kernel(arccos0) %[[X]], %[[Y]] :
//       CHECK:   kernel.gram kernel(arccos1) %[[X]], %[[Y]] :
//       CHECK:   kernel.gram kernel(arccos2) %[[X]], %[[Y]] :
//       CHECK:   kernel.gram kernel(linear) %[[X]], %[[Y]] :
//       CHECK:   kernel.gram kernel(softmax) %[[X]], %[[Y]] :
func.func @gram(%x: tensor<?x4xf32>, %y: tensor<6x4xf32>) {
  %a = kernel.gram kernel(rbf) gamma(0.05) %x, %y : tensor<?x4xf32>, tensor<6x4xf32> -> tensor<?x6xf32>
  %b = kernel.gram kernel(arccos0) %x, %y : tensor<?x4xf32>, tensor<6x4xf32> -> tensor<?x6xf32>
  %c = kernel.gram kernel(arccos1) %x, %y : tensor<?x4xf32>, tensor<6x4xf32> -> tensor<?x6xf32>
  %d = kernel.gram kernel(arccos2) %x, %y : tensor<?x4xf32>, tensor<6x4xf32> -> tensor<?x6xf32>
  %e = kernel.gram kernel(linear) %x, %y : tensor<?x4xf32>, tensor<6x4xf32> -> tensor<?x6xf32>
  %f = kernel.gram kernel(softmax) %x, %y : tensor<?x4xf32>, tensor<6x4xf32> -> tensor<?x6xf32>
  return
}

// Attention over one sequence or several, with one projection or one a head.

// CHECK-LABEL: func.func @attention
//  CHECK-SAME: %[[Q:.+]]: tensor<?x?x8xf32>, %[[K:.+]]: tensor<?x?x8xf32>, %[[V:.+]]: tensor<?x?x6xf32>, %[[M:.+]]: tensor<?x?xf32>, %[[A:.+]]: tensor<3x4xf32>, %[[B:.+]]: tensor<3xf32>
//       CHECK:   kernel.attention map(softmax_pos) causal heads(2) scale(5.000000e-01) %[[Q]], %[[K]], %[[V]], %[[A]] mask(%[[M]] : tensor<?x?xf32>) : tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x6xf32>, tensor<3x4xf32> -> tensor<?x?x6xf32>
//       CHECK:   kernel.attention map(rbf_phase) heads(2) %[[Q]], %[[K]], %[[V]], %[[A]], %[[A]] offset(%[[B]], %[[B]] : tensor<3xf32>, tensor<3xf32>) : tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x6xf32>, tensor<3x4xf32>, tensor<3x4xf32> -> tensor<?x?x6xf32>
//       CHECK:   kernel.attention map(relu) epsilon(1.000000e-02) %{{.+}} mask(%{{.+}} : tensor<7xf32>) : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
func.func @attention(%q: tensor<?x?x8xf32>, %k: tensor<?x?x8xf32>, %v: tensor<?x?x6xf32>,
                     %m: tensor<?x?xf32>, %a: tensor<3x4xf32>, %b: tensor<3xf32>,
                     %r: tensor<5x4xf32>, %s: tensor<7x4xf32>, %t: tensor<7x6xf32>, %n: tensor<7xf32>) {
  %x = kernel.attention map(softmax_pos) causal heads(2) scale(0.5) %q, %k, %v, %a
      mask(%m : tensor<?x?xf32>)
      : tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x6xf32>, tensor<3x4xf32> -> tensor<?x?x6xf32>
  %y = kernel.attention map(rbf_phase) heads(2) %q, %k, %v, %a, %a
      offset(%b, %b : tensor<3xf32>, tensor<3xf32>)
      : tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x6xf32>, tensor<3x4xf32>, tensor<3x4xf32>
      -> tensor<?x?x6xf32>
  %z = kernel.attention map(relu) epsilon(0.01) %r, %s, %t, %a mask(%n : tensor<7xf32>)
      : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}
