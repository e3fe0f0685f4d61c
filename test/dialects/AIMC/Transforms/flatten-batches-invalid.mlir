// RUN: aimc-opt %s --aimc-flatten-batches --split-input-file --verify-diagnostics

// Heads change places with tokens.
func.func @transpose(%x: tensor<2x3x4xf32>) -> tensor<3x2x4xf32> {
  %e = tensor.empty() : tensor<3x2x4xf32>
  // expected-error @below {{'linalg.transpose' op expects to become an operation on matrices, but it takes the rows of an operand in another order}}
  %y = linalg.transpose ins(%x : tensor<2x3x4xf32>) outs(%e : tensor<3x2x4xf32>) permutation = [1, 0, 2]
  return %y : tensor<3x2x4xf32>
}

// -----

// A table of positions is the same for all sequences, not for all tokens.
func.func @positions(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %table = arith.constant dense<[[1.0, 2.0, 3.0, 4.0], [2.0, 3.0, 4.0, 5.0], [3.0, 4.0, 5.0, 6.0]]> : tensor<3x4xf32>
  %e = tensor.empty() : tensor<2x3x4xf32>
  // expected-error @below {{'linalg.generic' op expects to become an operation on matrices, but an operand is the same for some of its rows and not for others}}
  %y = linalg.generic {
      indexing_maps = [affine_map<(b, l, c) -> (b, l, c)>, affine_map<(b, l, c) -> (l, c)>, affine_map<(b, l, c) -> (b, l, c)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x, %table : tensor<2x3x4xf32>, tensor<3x4xf32>) outs(%e : tensor<2x3x4xf32>) {
  ^bb0(%u: f32, %v: f32, %o: f32):
    %s = arith.addf %u, %v : f32
    linalg.yield %s : f32
  } -> tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}

// -----

// A sum over the tokens joins rows.
func.func @pool(%x: tensor<2x3x4xf32>, %init: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{'linalg.reduce' op expects to become an operation on matrices, but it reduces along a dimension that is not the last}}
  %y = linalg.reduce { arith.addf } ins(%x : tensor<2x3x4xf32>) outs(%init : tensor<2x4xf32>) dimensions = [1]
  return %y : tensor<2x4xf32>
}

// -----

// Each sequence has a matrix of its own.
func.func @scores(%q: tensor<2x3x4xf32>, %k: tensor<2x4x3xf32>, %init: tensor<2x3x3xf32>) -> tensor<2x3x3xf32> {
  // expected-error @below {{'linalg.batch_matmul' op expects to become an operation on matrices, but an operand is the same for some of its rows and not for others}}
  %y = linalg.batch_matmul ins(%q, %k : tensor<2x3x4xf32>, tensor<2x4x3xf32>) outs(%init : tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
  return %y : tensor<2x3x3xf32>
}

// -----

// The position in the array is not that in the matrix.
func.func @index(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  // expected-error @below {{'linalg.generic' op expects to become an operation on matrices, but its body asks for the position in the array}}
  %y = linalg.generic {
      indexing_maps = [affine_map<(b, l, c) -> (b, l, c)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
      outs(%x : tensor<2x3x4xf32>) {
  ^bb0(%o: f32):
    %i = linalg.index 0 : index
    %j = arith.index_cast %i : index to i32
    %f = arith.sitofp %j : i32 to f32
    linalg.yield %f : f32
  } -> tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}

// -----

// Tokens of two arrays would alternate.
func.func @tokens(%x: tensor<2x3x4xf32>) -> tensor<2x6x4xf32> {
  // expected-error @below {{'tensor.concat' op expects to become an operation on matrices, but it joins along a dimension that is not the last}}
  %y = tensor.concat dim(1) %x, %x : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x6x4xf32>
  return %y : tensor<2x6x4xf32>
}

// -----

// What is no operation on rows.
func.func @insert(%x: tensor<2x3x4xf32>, %y: tensor<2x4xf32>) -> tensor<2x3x4xf32> {
  // expected-error @below {{'tensor.insert_slice' op expects to become an operation on matrices, but it does not treat all rows alike}}
  %z = tensor.insert_slice %y into %x[0, 1, 0] [2, 1, 4] [1, 1, 1] : tensor<2x4xf32> into tensor<2x3x4xf32>
  return %z : tensor<2x3x4xf32>
}

// -----

// A convolution reads its input at sums of loops.
func.func @convolution(%x: tensor<2x8x4xf32>, %k: tensor<3x4x5xf32>, %init: tensor<2x6x5xf32>) -> tensor<2x6x5xf32> {
  // expected-error @below {{'linalg.conv_1d_nwc_wcf' op expects to become an operation on matrices, but}}
  %y = linalg.conv_1d_nwc_wcf ins(%x, %k : tensor<2x8x4xf32>, tensor<3x4x5xf32>) outs(%init : tensor<2x6x5xf32>) -> tensor<2x6x5xf32>
  return %y : tensor<2x6x5xf32>
}

// -----

// Who calls a function that is not inlined cannot tell the sizes.
func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
}
// expected-error @below {{expects arrays that are no matrices in public functions with a body alone, but got function 'again' of type '(tensor<2x3x4xf32>) -> tensor<2x3x4xf32>'}}
func.func private @again(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %y = call @again(%x) : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}
