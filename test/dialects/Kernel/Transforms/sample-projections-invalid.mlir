// RUN: aimc-opt %s --split-input-file --kernel-sample-projections --verify-diagnostics

// What no memory holds is not drawn.
func.func @huge() -> tensor<2147483648x2xf32> {
  // expected-error @below {{'kernel.projection' op expects at most 2147483648 values to sample, but got 'tensor<2147483648x2xf32>'}}
  %omega = kernel.projection sampler(rff) seed(1) : tensor<2147483648x2xf32>
  return %omega : tensor<2147483648x2xf32>
}

// -----

// Nor is what integers cannot count.
func.func @uncountable() -> tensor<4611686018427387905x4xf32> {
  // expected-error @below {{'kernel.projection' op expects at most 2147483648 values to sample, but got 'tensor<4611686018427387905x4xf32>'}}
  %omega = kernel.projection sampler(orf) seed(1) : tensor<4611686018427387905x4xf32>
  return %omega : tensor<4611686018427387905x4xf32>
}
