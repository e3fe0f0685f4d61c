// RUN: aimc-opt %s --convert-kernel-to-aimc --split-input-file --verify-diagnostics

// Omega must be known when compiling.
// expected-note @below {{omega comes from here}}
func.func @argument(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>) -> tensor<8x8xf32> {
  // expected-error @below {{'kernel.features' op expects a constant 'omega', but got a value that is not known when compiling}}
  %z = kernel.features map(rbf) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
  return %z : tensor<8x8xf32>
}

// -----

// A recipe is drawn by a pass before this one.
func.func @recipe(%x: tensor<8x2xf32>) -> tensor<8x8xf32> {
  // expected-note @below {{omega is drawn here; run kernel-sample-projections first}}
  %omega = kernel.projection sampler(rff) seed(7) : tensor<4x2xf32>
  // expected-error @below {{'kernel.features' op expects a constant 'omega', but got a value that is not known when compiling}}
  %z = kernel.features map(rbf) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
  return %z : tensor<8x8xf32>
}

// -----

// The data of a resource must be there.
func.func @missing(%x: tensor<8x2xf32>) -> tensor<8x8xf32> {
  // expected-error @below {{'arith.constant' op expects the data of resource 'absent', but got none}}
  %omega = arith.constant dense_resource<absent> : tensor<4x2xf32>
  %z = kernel.features map(rbf) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
  return %z : tensor<8x8xf32>
}

// -----

// Weights are finite.
func.func @nan(%x: tensor<8x2xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'arith.constant' op expects finite values, but got nan at row 1, column 0}}
  %omega = arith.constant dense<[[1.0, 2.0], [0x7FC00000, 4.0]]> : tensor<2x2xf32>
  %z = kernel.features map(rbf) %x, %omega : tensor<8x2xf32>, tensor<2x2xf32> -> tensor<8x4xf32>
  return %z : tensor<8x4xf32>
}

// -----

// Points are finite.
func.func @points(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  // expected-error @below {{'arith.constant' op expects finite values, but got nan at row 1, column 0}}
  %y = arith.constant dense<[[1.0, 2.0], [0x7FC00000, 4.0]]> : tensor<2x2xf32>
  %k = kernel.gram kernel(linear) %x, %y : tensor<8x2xf32>, tensor<2x2xf32> -> tensor<8x2xf32>
  return %k : tensor<8x2xf32>
}

// -----

// So must each omega of attention.
func.func @attention(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %omega = arith.constant dense<0.5> : tensor<4x1xf32>
  // expected-note @below {{omega is drawn here; run kernel-sample-projections first}}
  %other = kernel.projection sampler(rff) seed(7) : tensor<4x1xf32>
  // expected-error @below {{'kernel.attention' op expects a constant 'omega', but got a value that is not known when compiling}}
  %z = kernel.attention map(rbf) heads(2) %x, %x, %x, %omega, %other
      : tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>, tensor<4x1xf32>, tensor<4x1xf32> -> tensor<8x2xf32>
  return %z : tensor<8x2xf32>
}
