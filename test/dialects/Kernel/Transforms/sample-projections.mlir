// RUN: aimc-opt %s --kernel-sample-projections | FileCheck %s
// RUN: aimc-opt %s --kernel-sample-projections --kernel-sample-projections | FileCheck %s
// RUN: aimc-opt %s --kernel-sample-projections > %t.own
// RUN: aimc-opt %s --kernel-sample-projections=seed=7 > %t.seven
// RUN: aimc-opt %s --kernel-sample-projections=seed=-1 | diff %t.own -
// RUN: not diff %t.own %t.seven
// RUN: FileCheck %s --check-prefix=SEVEN < %t.seven

// A small projection becomes dense values, the same on every machine.

// CHECK-LABEL: func.func @small
//   CHECK-NOT:   kernel.projection
//       CHECK:   %[[OMEGA:.+]] = arith.constant dense<{{\[}}[{{.+}}, {{.+}}], [{{.+}}, {{.+}}], [{{.+}}, {{.+}}]]> : tensor<3x2xf32>
//       CHECK:   return %[[OMEGA]]
func.func @small() -> tensor<3x2xf32> {
  %omega = kernel.projection sampler(rff) gamma(0.5) seed(7) : tensor<3x2xf32>
  return %omega : tensor<3x2xf32>
}

// Without gamma the directions are not scaled, as for 1/2: the same constant.

// CHECK-LABEL: func.func @unscaled
//       CHECK:   arith.constant dense<[[VALUES:.+]]> : tensor<3x2xf32>
//       CHECK:   arith.constant dense<[[VALUES]]> : tensor<3x2xf32>
func.func @unscaled() -> (tensor<3x2xf32>, tensor<3x2xf32>) {
  %a = kernel.projection sampler(orf) seed(7) : tensor<3x2xf32>
  %b = kernel.projection sampler(orf) gamma(0.5) seed(7) : tensor<3x2xf32>
  return %a, %b : tensor<3x2xf32>, tensor<3x2xf32>
}

// The offset comes from the same recipe.

// CHECK-LABEL: func.func @offset
//       CHECK:   %[[OMEGA:.+]] = arith.constant dense<{{.+}}> : tensor<3x2xf32>
//       CHECK:   %[[OFFSET:.+]] = arith.constant dense<{{.+}}> : tensor<3xf32>
//       CHECK:   return %[[OMEGA]], %[[OFFSET]]
func.func @offset() -> (tensor<3x2xf32>, tensor<3xf32>) {
  %omega, %b = kernel.projection sampler(rff) seed(7) : tensor<3x2xf32>, tensor<3xf32>
  return %omega, %b : tensor<3x2xf32>, tensor<3xf32>
}

// A seed of the pass replaces those of the projections.

// SEVEN-LABEL: func.func @seeds
//       SEVEN:   arith.constant dense<[[VALUES:.+]]> : tensor<3x2xf32>
//       SEVEN:   arith.constant dense<[[VALUES]]> : tensor<3x2xf32>
func.func @seeds() -> (tensor<3x2xf32>, tensor<3x2xf32>) {
  %a = kernel.projection sampler(rff) seed(7) : tensor<3x2xf32>
  %b = kernel.projection sampler(rff) seed(8) : tensor<3x2xf32>
  return %a, %b : tensor<3x2xf32>, tensor<3x2xf32>
}

// Large ones are resources, and equal recipes one resource: one matrix on the
// chip.

// CHECK-LABEL: func.func @large
//       CHECK:   arith.constant dense_resource<omega> : tensor<64x8xf32>
//       CHECK:   arith.constant dense_resource<omega> : tensor<64x8xf32>
//       CHECK:   arith.constant dense_resource<omega_1> : tensor<64x8xf32>
func.func @large() -> (tensor<64x8xf32>, tensor<64x8xf32>, tensor<64x8xf32>) {
  %a = kernel.projection sampler(rff) seed(7) : tensor<64x8xf32>
  %b = kernel.projection sampler(rff) seed(7) : tensor<64x8xf32>
  %c = kernel.projection sampler(orf) seed(7) : tensor<64x8xf32>
  return %a, %b, %c : tensor<64x8xf32>, tensor<64x8xf32>, tensor<64x8xf32>
}

// Options are part of the recipe; the default of one is the same constant.

// CHECK-LABEL: func.func @options
//       CHECK:   arith.constant dense<[[ORF:.+]]> : tensor<4x4xf32>
//       CHECK:   arith.constant dense<[[ORF]]> : tensor<4x4xf32>
//   CHECK-NOT:   dense<[[ORF]]>
//       CHECK:   arith.constant dense<{{.*}}> : tensor<4x4xf32>
//       CHECK:   arith.constant dense<[[SORF:.+]]> : tensor<4x4xf32>
//       CHECK:   arith.constant dense<[[SORF]]> : tensor<4x4xf32>
//   CHECK-NOT:   dense<[[SORF]]>
//       CHECK:   arith.constant dense<{{.*}}> : tensor<4x4xf32>
func.func @options() -> (tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) {
  %a = kernel.projection sampler(orf) seed(7) : tensor<4x4xf32>
  %b = kernel.projection sampler(orf) row_norm(chi) haar(true) seed(7) : tensor<4x4xf32>
  %c = kernel.projection sampler(orf) row_norm(constant) seed(7) : tensor<4x4xf32>
  %d = kernel.projection sampler(sorf) seed(7) : tensor<4x4xf32>
  %e = kernel.projection sampler(sorf) row_norm(constant) seed(7) : tensor<4x4xf32>
  %f = kernel.projection sampler(sorf) row_norm(chi) seed(7) : tensor<4x4xf32>
  return %a, %b, %c, %d, %e, %f : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>
}
