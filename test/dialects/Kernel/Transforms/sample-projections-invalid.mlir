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

// -----

// A width whose directions FP32 does not hold.
func.func @gamma() -> tensor<4x2xf32> {
  // expected-error @below {{'kernel.projection' op expects 'gamma' of at most 1e60 to sample, but got 1.000000e+300}}
  %omega = kernel.projection sampler(orf) gamma(1.0e300) seed(1) : tensor<4x2xf32>
  return %omega : tensor<4x2xf32>
}
