// RUN: aimc-opt %s --split-input-file --verify-diagnostics

// (C1) The size of a projection is known.
func.func @projection_c1() -> tensor<?x64xf32> {
  // expected-error @below {{'kernel.projection' op expects 'omega' to have a static shape with positive sizes, but got 'tensor<?x64xf32>'}}
  %omega = kernel.projection sampler(rff) seed(7) : tensor<?x64xf32>
  return %omega : tensor<?x64xf32>
}

// -----

// (C2) A scale of 0 would make all features equal.
func.func @projection_c2() -> tensor<4x2xf32> {
  // expected-error @below {{'kernel.projection' op expects 'gamma' to be finite and greater than 0, but got 0}}
  %omega = kernel.projection sampler(rff) gamma(0.0) seed(7) : tensor<4x2xf32>
  return %omega : tensor<4x2xf32>
}

// -----

// (C2) An infinite scale has no features.
func.func @projection_c2_infinite() -> tensor<4x2xf32> {
  // expected-error @below {{'kernel.projection' op expects 'gamma' to be finite and greater than 0, but got INF}}
  %omega = kernel.projection sampler(rff) gamma(0x7FF0000000000000) seed(7) : tensor<4x2xf32>
  return %omega : tensor<4x2xf32>
}

// -----

// (C3) One offset belongs to each direction.
func.func @projection_c3() -> tensor<4x2xf32> {
  // expected-error @below {{'kernel.projection' op expects 'offset' of length 4 to match the rows of 'omega', but got 'tensor<3xf32>'}}
  %omega, %b = kernel.projection sampler(rff) seed(7) : tensor<4x2xf32>, tensor<3xf32>
  return %omega : tensor<4x2xf32>
}

// -----

// An unknown sampler is named with those there are.
func.func @projection_sampler() -> tensor<4x2xf32> {
  // expected-error @below {{expected string or keyword containing one of the following enum values for attribute 'sampler' [rff, orf, sorf, hadamard, qmc]}}
  %omega = kernel.projection sampler(gauss) seed(7) : tensor<4x2xf32>
  return %omega : tensor<4x2xf32>
}

// -----

// (C4) Other samplers have no values to draw again.
func.func @projection_c4() -> tensor<4x2xf32> {
  // expected-error @below {{'kernel.projection' op expects 'truncation' for sampler 'rff' alone, but got it for 'orf'}}
  %omega = kernel.projection sampler(orf) truncation(3.0) seed(7) : tensor<4x2xf32>
  return %omega : tensor<4x2xf32>
}

// -----

// (C4) Hardly any value is this small.
func.func @projection_c4_small() -> tensor<4x2xf32> {
  // expected-error @below {{'kernel.projection' op expects 'truncation' to be finite and at least 0.1, but got 1.000000e-02}}
  %omega = kernel.projection sampler(rff) truncation(0.01) seed(7) : tensor<4x2xf32>
  return %omega : tensor<4x2xf32>
}

// -----

// (C4) NaN bounds nothing.
func.func @projection_c4_nan() -> tensor<4x2xf32> {
  // expected-error @below {{'kernel.projection' op expects 'truncation' to be finite and at least 0.1, but got nan}}
  %omega = kernel.projection sampler(rff) truncation(0x7FF8000000000000) seed(7) : tensor<4x2xf32>
  return %omega : tensor<4x2xf32>
}

// -----

// (C5) Independent values leave no length to choose.
func.func @projection_c5() -> tensor<4x2xf32> {
  // expected-error @below {{'kernel.projection' op expects 'row_norm' for samplers 'orf', 'sorf' and 'hadamard' alone, but got it for 'qmc'}}
  %omega = kernel.projection sampler(qmc) row_norm(chi) seed(7) : tensor<4x2xf32>
  return %omega : tensor<4x2xf32>
}

// -----

// (C6) Hadamard matrices are not drawn.
func.func @projection_c6() -> tensor<4x2xf32> {
  // expected-error @below {{'kernel.projection' op expects 'haar' for sampler 'orf' alone, but got it for 'sorf'}}
  %omega = kernel.projection sampler(sorf) haar(false) seed(7) : tensor<4x2xf32>
  return %omega : tensor<4x2xf32>
}

// -----

// (C1) Each direction has a value for each input.
// expected-note @below {{omega defined here as 'tensor<4x2xf32>'}}
func.func @features_c1(%x: tensor<8x3xf32>, %omega: tensor<4x2xf32>) -> tensor<8x8xf32> {
  // expected-error @below {{'kernel.features' op expects 'input' with 2 columns to match the columns of 'omega', but got 3}}
  %z = kernel.features map(rbf) %x, %omega : tensor<8x3xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
  return %z : tensor<8x8xf32>
}

// -----

// (C2) Each row has its features.
func.func @features_c2(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>) -> tensor<7x8xf32> {
  // expected-error @below {{'kernel.features' op expects 'result' with 8 rows to match the rows of 'input', but got 7}}
  %z = kernel.features map(rbf) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<7x8xf32>
  return %z : tensor<7x8xf32>
}

// -----

// (C3) Cosine and sine make 2m features.
func.func @features_c3(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'kernel.features' op expects 'result' with 8 columns for 4 directions of map 'rbf', but got 4}}
  %z = kernel.features map(rbf) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return %z : tensor<8x4xf32>
}

// -----

// (C4) The phase form needs its offset.
func.func @features_c4(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'kernel.features' op expects an 'offset' for map 'rbf_phase', but got none}}
  %z = kernel.features map(rbf_phase) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return %z : tensor<8x4xf32>
}

// -----

// (C4) The pair of cosine and sine has no offset.
func.func @features_c4_rbf(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>, %b: tensor<4xf32>) -> tensor<8x8xf32> {
  // expected-error @below {{'kernel.features' op expects no 'offset' for map 'rbf', but got one}}
  %z = kernel.features map(rbf) %x, %omega offset(%b : tensor<4xf32>) : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
  return %z : tensor<8x8xf32>
}

// -----

// (C5) One offset belongs to each direction.
func.func @features_c5(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>, %b: tensor<5xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'kernel.features' op expects 'offset' of length 4 to match the rows of 'omega', but got 'tensor<5xf32>'}}
  %z = kernel.features map(rbf_phase) %x, %omega offset(%b : tensor<5xf32>) : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return %z : tensor<8x4xf32>
}

// -----

// (C6) Feature sizes are known.
func.func @features_c6(%x: tensor<8x?xf32>, %omega: tensor<4x2xf32>) -> tensor<8x8xf32> {
  // expected-error @below {{'kernel.features' op expects a static number of columns of 'input', but got 'tensor<8x?xf32>'}}
  %z = kernel.features map(rbf) %x, %omega : tensor<8x?xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
  return %z : tensor<8x8xf32>
}

// -----

// (C6) The number of directions is known.
func.func @features_c6_omega(%x: tensor<8x2xf32>, %omega: tensor<?x2xf32>) -> tensor<8x8xf32> {
  // expected-error @below {{'kernel.features' op expects 'omega' to have a static shape with positive sizes, but got 'tensor<?x2xf32>'}}
  %z = kernel.features map(rbf) %x, %omega : tensor<8x2xf32>, tensor<?x2xf32> -> tensor<8x8xf32>
  return %z : tensor<8x8xf32>
}

// -----

// (C6) The number of features is known.
func.func @features_c6_result(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>) -> tensor<8x?xf32> {
  // expected-error @below {{'kernel.features' op expects a static number of columns of 'result', but got 'tensor<8x?xf32>'}}
  %z = kernel.features map(rbf) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x?xf32>
  return %z : tensor<8x?xf32>
}

// -----

// (C3) Maps without a pair make m features.
func.func @features_c3_arccos(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>) -> tensor<8x8xf32> {
  // expected-error @below {{'kernel.features' op expects 'result' with 4 columns for 4 directions of map 'arccos1', but got 8}}
  %z = kernel.features map(arccos1) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
  return %z : tensor<8x8xf32>
}

// -----

// (C3) Both exponentials make 2m features.
func.func @features_c3_softmax(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'kernel.features' op expects 'result' with 8 columns for 4 directions of map 'softmax_pos', but got 4}}
  %z = kernel.features map(softmax_pos) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return %z : tensor<8x4xf32>
}

// -----

// (C7) Only the sum of ReLU has a small addend.
func.func @features_c7(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'kernel.features' op expects 'epsilon' for map 'relu' alone, but got it for 'arccos1'}}
  %z = kernel.features map(arccos1) epsilon(0.1) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return %z : tensor<8x4xf32>
}

// -----

// (C7) Features of attention are not negative.
func.func @features_c7_negative(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'kernel.features' op expects 'epsilon' to be finite and at least 0, but got -1.000000e-03}}
  %z = kernel.features map(relu) epsilon(-0.001) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return %z : tensor<8x4xf32>
}

// -----

// (C7) Nor infinite, nor NaN.
func.func @features_c7_nan(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{'kernel.features' op expects 'epsilon' to be finite and at least 0, but got nan}}
  %z = kernel.features map(relu) epsilon(0x7FF8000000000000) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return %z : tensor<8x4xf32>
}

// -----

// (C8) Cosines do not overflow.
func.func @features_c8(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>) -> tensor<8x8xf32> {
  // expected-error @below {{'kernel.features' op expects 'stabiliser' for map 'softmax_pos' alone, but got it for 'rbf'}}
  %z = kernel.features map(rbf) stabiliser(row) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x8xf32>
  return %z : tensor<8x8xf32>
}

// -----

// An unknown map is named with those there are.
func.func @features_map(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>) -> tensor<8x4xf32> {
  // expected-error @below {{expected string or keyword containing one of the following enum values for attribute 'map' [rbf, rbf_phase, arccos0, arccos1, arccos2, softmax_pos, softmax_trig, relu]}}
  %z = kernel.features map(arccos3) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return %z : tensor<8x4xf32>
}

// -----

// Only FP32 is computed.
func.func @features_f64(%x: tensor<8x2xf64>, %omega: tensor<4x2xf32>) -> tensor<8x8xf32> {
  // expected-error @below {{'kernel.features' op operand #0 must be 2D tensor of 32-bit float values, but got 'tensor<8x2xf64>'}}
  %z = kernel.features map(rbf) %x, %omega : tensor<8x2xf64>, tensor<4x2xf32> -> tensor<8x8xf32>
  return %z : tensor<8x8xf32>
}

// -----

// The generic form without attributes is an error too.
func.func @generic(%x: tensor<8x2xf32>, %omega: tensor<4x2xf32>) -> tensor<8x8xf32> {
  // expected-error @below {{'kernel.features' op requires attribute 'map'}}
  %z = "kernel.features"(%x, %omega) : (tensor<8x2xf32>, tensor<4x2xf32>) -> tensor<8x8xf32>
  return %z : tensor<8x8xf32>
}

// -----

// (C1) The length of rows is known.
func.func @gram_c1(%x: tensor<8x?xf32>, %y: tensor<4x2xf32>) {
  // expected-error @below {{'kernel.gram' op expects a static, positive number of columns of 'x', but got 'tensor<8x?xf32>'}}
  %k = kernel.gram kernel(linear) %x, %y : tensor<8x?xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return
}

// -----

// (C1) Rows have values.
func.func @gram_c1_empty(%x: tensor<8x0xf32>, %y: tensor<4x0xf32>) {
  // expected-error @below {{'kernel.gram' op expects a static, positive number of columns of 'x', but got 'tensor<8x0xf32>'}}
  %k = kernel.gram kernel(linear) %x, %y : tensor<8x0xf32>, tensor<4x0xf32> -> tensor<8x4xf32>
  return
}

// -----

// (C1) Rows of both are of the same space.
func.func @gram_c1_lengths(
    %x: tensor<8x2xf32>,
    // expected-note @below {{y defined here as 'tensor<4x3xf32>'}}
    %y: tensor<4x3xf32>) {
  // expected-error @below {{'kernel.gram' op expects 'x' and 'y' with the same number of columns, but got 'tensor<8x2xf32>' and 'tensor<4x3xf32>'}}
  %k = kernel.gram kernel(linear) %x, %y : tensor<8x2xf32>, tensor<4x3xf32> -> tensor<8x4xf32>
  return
}

// -----

// (C2) The number of points is known.
func.func @gram_c2(%x: tensor<8x2xf32>, %y: tensor<?x2xf32>) {
  // expected-error @below {{'kernel.gram' op expects a static, positive number of rows of 'y', but got 'tensor<?x2xf32>'}}
  %k = kernel.gram kernel(linear) %x, %y : tensor<8x2xf32>, tensor<?x2xf32> -> tensor<8x?xf32>
  return
}

// -----

// (C2) There are points.
func.func @gram_c2_empty(%x: tensor<8x2xf32>, %y: tensor<0x2xf32>) {
  // expected-error @below {{'kernel.gram' op expects a static, positive number of rows of 'y', but got 'tensor<0x2xf32>'}}
  %k = kernel.gram kernel(linear) %x, %y : tensor<8x2xf32>, tensor<0x2xf32> -> tensor<8x0xf32>
  return
}

// -----

// (C3) Each point has a column.
func.func @gram_c3(%x: tensor<8x2xf32>, %y: tensor<4x2xf32>) {
  // expected-error @below {{'kernel.gram' op expects 'result' with the rows of 'x' as rows and those of 'y' as columns, but got 'tensor<8x5xf32>' for 'tensor<8x2xf32>' and 'tensor<4x2xf32>'}}
  %k = kernel.gram kernel(linear) %x, %y : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x5xf32>
  return
}

// -----

// (C3) Each input has a row.
func.func @gram_c3_rows(%x: tensor<8x2xf32>, %y: tensor<4x2xf32>) {
  // expected-error @below {{'kernel.gram' op expects 'result' with the rows of 'x' as rows and those of 'y' as columns, but got 'tensor<7x4xf32>' for 'tensor<8x2xf32>' and 'tensor<4x2xf32>'}}
  %k = kernel.gram kernel(linear) %x, %y : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<7x4xf32>
  return
}

// -----

// (C4) The RBF kernel has a width.
func.func @gram_c4(%x: tensor<8x2xf32>, %y: tensor<4x2xf32>) {
  // expected-error @below {{'kernel.gram' op expects a 'gamma' for kernel 'rbf', but got none}}
  %k = kernel.gram kernel(rbf) %x, %y : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return
}

// -----

// (C4) With a width of 0 all rows are alike.
func.func @gram_c4_zero(%x: tensor<8x2xf32>, %y: tensor<4x2xf32>) {
  // expected-error @below {{'kernel.gram' op expects 'gamma' to be finite and greater than 0, but got 0}}
  %k = kernel.gram kernel(rbf) gamma(0.0) %x, %y : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return
}

// -----

// (C4) A negative width is no kernel.
func.func @gram_c4_negative(%x: tensor<8x2xf32>, %y: tensor<4x2xf32>) {
  // expected-error @below {{'kernel.gram' op expects 'gamma' to be finite and greater than 0, but got -1}}
  %k = kernel.gram kernel(rbf) gamma(-1.0) %x, %y : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return
}

// -----

// (C4) NaN is no width.
func.func @gram_c4_nan(%x: tensor<8x2xf32>, %y: tensor<4x2xf32>) {
  // expected-error @below {{'kernel.gram' op expects 'gamma' to be finite and greater than 0, but got nan}}
  %k = kernel.gram kernel(rbf) gamma(0x7FF8000000000000) %x, %y : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return
}

// -----

// (C4) Other kernels have none.
func.func @gram_c4_other(%x: tensor<8x2xf32>, %y: tensor<4x2xf32>) {
  // expected-error @below {{'kernel.gram' op expects no 'gamma' for kernel 'arccos1', but got one}}
  %k = kernel.gram kernel(arccos1) gamma(1.0) %x, %y : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return
}

// -----

// An unknown kernel is named with those there are.
func.func @gram_kernel(%x: tensor<8x2xf32>, %y: tensor<4x2xf32>) {
  // expected-error @below {{expected string or keyword containing one of the following enum values for attribute 'kernel' [rbf, arccos0, arccos1, arccos2, linear, softmax]}}
  %k = kernel.gram kernel(cosine) %x, %y : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x4xf32>
  return
}

// -----

// (C2) Nor is a scale negative,
func.func @projection_c2_negative() -> tensor<4x2xf32> {
  // expected-error @below {{'kernel.projection' op expects 'gamma' to be finite and greater than 0, but got -5.000000e-01}}
  %omega = kernel.projection sampler(qmc) gamma(-0.5) seed(7) : tensor<4x2xf32>
  return %omega : tensor<4x2xf32>
}

// -----

// (C2) or NaN.
func.func @projection_c2_nan() -> tensor<4x2xf32> {
  // expected-error @below {{'kernel.projection' op expects 'gamma' to be finite and greater than 0, but got nan}}
  %omega = kernel.projection sampler(sorf) gamma(0x7FF8000000000000) seed(7) : tensor<4x2xf32>
  return %omega : tensor<4x2xf32>
}

// -----

// (C4) Hadamard matrices have no values to draw again.
func.func @projection_c4_sorf() -> tensor<4x2xf32> {
  // expected-error @below {{'kernel.projection' op expects 'truncation' for sampler 'rff' alone, but got it for 'sorf'}}
  %omega = kernel.projection sampler(sorf) truncation(3.0) seed(7) : tensor<4x2xf32>
  return %omega : tensor<4x2xf32>
}

// -----

// (C5) Gaussian vectors have the lengths they have.
func.func @projection_c5_rff() -> tensor<4x2xf32> {
  // expected-error @below {{'kernel.projection' op expects 'row_norm' for samplers 'orf', 'sorf' and 'hadamard' alone, but got it for 'rff'}}
  %omega = kernel.projection sampler(rff) row_norm(constant) seed(7) : tensor<4x2xf32>
  return %omega : tensor<4x2xf32>
}

// -----

// (C6) Nor are independent values made orthogonal.
func.func @projection_c6_rff() -> tensor<4x2xf32> {
  // expected-error @below {{'kernel.projection' op expects 'haar' for sampler 'orf' alone, but got it for 'rff'}}
  %omega = kernel.projection sampler(rff) haar(false) seed(7) : tensor<4x2xf32>
  return %omega : tensor<4x2xf32>
}

// -----

// (C1) Hadamard matrices are padded by the sampler, not by hand.
func.func @features_c1_padded(%x: tensor<8x5xf32>) -> tensor<8x32xf32> {
  // expected-note @below {{omega defined here as 'tensor<16x8xf32>'}}
  // expected-note @below {{sampler 'sorf' pads to a power of two by itself; omega has the columns of the input}}
  %omega = kernel.projection sampler(sorf) gamma(0.5) seed(7) : tensor<16x8xf32>
  // expected-error @below {{'kernel.features' op expects 'input' with 8 columns to match the columns of 'omega', but got 5}}
  %z = kernel.features map(rbf) %x, %omega : tensor<8x5xf32>, tensor<16x8xf32> -> tensor<8x32xf32>
  return %z : tensor<8x32xf32>
}

// -----

// (C3) The number of directions is that of Ω.
func.func @features_c3_directions(%x: tensor<8x2xf32>) -> tensor<8x10xf32> {
  %omega = kernel.projection sampler(orf) gamma(0.5) seed(7) : tensor<4x2xf32>
  // expected-error @below {{'kernel.features' op expects 'result' with 8 columns for 4 directions of map 'rbf', but got 10}}
  %z = kernel.features map(rbf) %x, %omega : tensor<8x2xf32>, tensor<4x2xf32> -> tensor<8x10xf32>
  return %z : tensor<8x10xf32>
}

// -----

// kernel.attention (C1) All are one sequence, or all are several.
func.func @attention_c1(%q: tensor<5x8xf32>, %k: tensor<2x5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'key' of rank 2 to match 'query', but got 'tensor<2x5x8xf32>'}}
  %y = kernel.attention map(rbf) heads(2) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<2x5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C1) So is the result.
func.func @attention_c1(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'result' of rank 2 to match 'query', but got 'tensor<1x5x6xf32>'}}
  %y = kernel.attention map(rbf) heads(2) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<1x5x6xf32>
  return
}

// -----

// kernel.attention (C1) There are as many of values as of queries.
func.func @attention_c1(%q: tensor<2x5x8xf32>, %k: tensor<2x5x8xf32>, %v: tensor<3x5x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'value' with size 2 along dimension 0 to match the sequences of 'query', but got 'tensor<3x5x6xf32>'}}
  %y = kernel.attention map(rbf) heads(2) %q, %k, %v, %o0
      : tensor<2x5x8xf32>, tensor<2x5x8xf32>, tensor<3x5x6xf32>, tensor<3x4xf32> -> tensor<2x5x6xf32>
  return
}

// -----

// kernel.attention (C2) The length of queries is known.
func.func @attention_c2(%q: tensor<5x?xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects a static, positive last size of 'query', but got 'tensor<5x?xf32>'}}
  %y = kernel.attention map(rbf) heads(2) %q, %k, %v, %o0
      : tensor<5x?xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C2) And not 0.
func.func @attention_c2(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x0xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects a static, positive last size of 'value', but got 'tensor<5x0xf32>'}}
  %y = kernel.attention map(rbf) heads(2) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x0xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C3) There is a head.
func.func @attention_c3(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects at least 1 head, but got 0}}
  %y = kernel.attention map(rbf) heads(0) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C3) Not less than one.
func.func @attention_c3(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects at least 1 head, but got -2}}
  %y = kernel.attention map(rbf) heads(-2) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C3) Heads share the values.
func.func @attention_c3(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x2xf32>) {
  // expected-error @below {{'kernel.attention' op expects a last size of 'value' that 4 heads share evenly, but got 'tensor<5x6xf32>'}}
  %y = kernel.attention map(rbf) heads(4) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x2xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C4) Queries and keys have the same length.
func.func @attention_c4(%q: tensor<5x8xf32>, %k: tensor<5x6xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'key' with size 8 along dimension 1 to match the last size of 'query', but got 'tensor<5x6xf32>'}}
  %y = kernel.attention map(rbf) heads(2) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<5x6xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C5) Each key has a value.
func.func @attention_c5(%q: tensor<5x8xf32>, %k: tensor<7x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'value' with size 7 along dimension 0 to match the tokens of 'key', but got 'tensor<5x6xf32>'}}
  %y = kernel.attention map(rbf) heads(2) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<7x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C6) Each query has a result.
func.func @attention_c6(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'result' with size 5 along dimension 0 to match the tokens of 'query', but got 'tensor<7x6xf32>'}}
  %y = kernel.attention map(rbf) heads(2) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<7x6xf32>
  return
}

// -----

// kernel.attention (C6) It is as long as a value.
func.func @attention_c6(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'result' with size 6 along dimension 1 to match the last size of 'value', but got 'tensor<5x8xf32>'}}
  %y = kernel.attention map(rbf) heads(2) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x8xf32>
  return
}

// -----

// kernel.attention (C7) There is a projection for all heads, or one for each.
func.func @attention_c7(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>, %o1: tensor<3x4xf32>, %o2: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 1 'omega' for all heads or 2, one a head, but got 3}}
  %y = kernel.attention map(rbf) heads(2) %q, %k, %v, %o0, %o1, %o2
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C7) It is for the part of a head.
func.func @attention_c7(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x8xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'omega' with 4 columns, the length of a query of a head, but got 'tensor<3x8xf32>'}}
  %y = kernel.attention map(rbf) heads(2) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x8xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C7) Its size is known.
func.func @attention_c7(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<?x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'omega' to have a static shape with positive sizes, but got 'tensor<?x4xf32>'}}
  %y = kernel.attention map(rbf) heads(2) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<?x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C7) Heads have as many features as each other.
func.func @attention_c7(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>, %o1: tensor<5x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects an 'omega' of 'tensor<3x4xf32>' for each head, but got 'tensor<5x4xf32>'}}
  %y = kernel.attention map(rbf) heads(2) %q, %k, %v, %o0, %o1
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32>, tensor<5x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C8) The phase form has offsets.
func.func @attention_c8(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 1 'offset' for map 'rbf_phase' and 1 'omega', but got 0}}
  %y = kernel.attention map(rbf_phase) heads(2) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C8) One for each projection.
func.func @attention_c8(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>, %o1: tensor<3x4xf32>, %b0: tensor<3xf32>) {
  // expected-error @below {{'kernel.attention' op expects 2 'offset's for map 'rbf_phase' and 2 'omega's, but got 1}}
  %y = kernel.attention map(rbf_phase) heads(2) %q, %k, %v, %o0, %o1 offset(%b0 : tensor<3xf32>)
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C8) Other maps have none.
func.func @attention_c8(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>, %b0: tensor<3xf32>) {
  // expected-error @below {{'kernel.attention' op expects 0 'offset's for map 'rbf' and 1 'omega', but got 1}}
  %y = kernel.attention map(rbf) heads(2) %q, %k, %v, %o0 offset(%b0 : tensor<3xf32>)
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C8) They are as long as there are directions.
func.func @attention_c8(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>, %b0: tensor<4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'offset' of length 3 to match the rows of 'omega', but got 'tensor<4xf32>'}}
  %y = kernel.attention map(rbf_phase) heads(2) %q, %k, %v, %o0 offset(%b0 : tensor<4xf32>)
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C9) There is a number for each key.
func.func @attention_c9(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>, %m: tensor<4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'mask' with a number for each key of 'tensor<5x8xf32>', but got 'tensor<4xf32>'}}
  %y = kernel.attention map(rbf) heads(2) %q, %k, %v, %o0 mask(%m : tensor<4xf32>)
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C9) And not for each value of one.
func.func @attention_c9(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>, %m: tensor<5x8xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'mask' with a number for each key of 'tensor<5x8xf32>', but got 'tensor<5x8xf32>'}}
  %y = kernel.attention map(rbf) heads(2) %q, %k, %v, %o0 mask(%m : tensor<5x8xf32>)
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C10) Query i sees keys 0 to i.
func.func @attention_c10(%q: tensor<5x8xf32>, %k: tensor<7x8xf32>, %v: tensor<7x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects as many queries as keys when causal, but got 5 and 7}}
  %y = kernel.attention map(rbf) causal heads(2) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<7x8xf32>, tensor<7x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C11) Other kernels have their scale in the projection.
func.func @attention_c11(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'scale' for softmax maps alone, but got it for 'rbf'}}
  %y = kernel.attention map(rbf) heads(2) scale(2.0) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C11) The scale is above 0.
func.func @attention_c11(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'scale' from 1e-30 to 1e30, but got 0.000000e+00}}
  %y = kernel.attention map(softmax_pos) heads(2) scale(0.0) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C11) And a number.
func.func @attention_c11(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'scale' from 1e-30 to 1e30, but got nan}}
  %y = kernel.attention map(softmax_trig) heads(2) scale(0x7FF8000000000000) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C12) Other maps have no offset.
func.func @attention_c12(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'epsilon' for map 'relu' alone, but got it for 'rbf'}}
  %y = kernel.attention map(rbf) heads(2) epsilon(0.1) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}

// -----

// kernel.attention (C12) It is not negative.
func.func @attention_c12(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x6xf32>, %o0: tensor<3x4xf32>) {
  // expected-error @below {{'kernel.attention' op expects 'epsilon' to be finite and at least 0, but got -1.000000e+00}}
  %y = kernel.attention map(relu) heads(2) epsilon(-1.0) %q, %k, %v, %o0
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x6xf32>, tensor<3x4xf32> -> tensor<5x6xf32>
  return
}
