// Blanks, quotes and commas in the folders of temporary files and of the
// program are characters like others.

// The address sanitizer writes the name of the source into a program.
// UNSUPPORTED: sanitizers
// RUN: rm -rf %t && mkdir -p "%t/a 'b\", c"
// RUN: env TMPDIR="%t/a 'b\", c" aimcc %s --target=hermes -o "%t/a 'b\", c/model"
// RUN: ls -A "%t/a 'b\", c" | count 1
// RUN: env TMPDIR=%t aimcc %s --target=hermes -o %t/model
// RUN: cmp "%t/a 'b\", c/model" %t/model

func.func @predict(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %weights = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %zero = arith.constant 0.0 : f32
  %first = arith.constant 0 : index
  %rows = tensor.dim %x, %first : tensor<?x2xf32>
  %empty = tensor.empty(%rows) : tensor<?x2xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x2xf32>) -> tensor<?x2xf32>
  %product = linalg.matmul ins(%x, %weights : tensor<?x2xf32>, tensor<2x2xf32>)
      outs(%init : tensor<?x2xf32>) -> tensor<?x2xf32>
  return %product : tensor<?x2xf32>
}
