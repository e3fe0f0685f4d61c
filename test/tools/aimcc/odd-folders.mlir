// Blanks, quotes and commas in the folders of temporary files and of the
// program are characters like others.

// The address sanitizer writes the name of the source into a program.
// UNSUPPORTED: sanitizers
// RUN: rm -rf %t && mkdir -p "%t/a 'b\", c"
// RUN: env TMPDIR="%t/a 'b\", c" aimcc %s --target=hermes -o "%t/a 'b\", c/model"
// RUN: ls -A "%t/a 'b\", c" | count 1
// RUN: env TMPDIR=%t aimcc %s --target=hermes -o %t/model
// RUN: cmp "%t/a 'b\", c/model" %t/model

// A per cent sign too, and in the folder of a project, which others may read.
// RUN: mkdir "%t/b%%c" && env TMPDIR="%t/b%%c" aimcc %s --target=hermes -o "%t/b%%c/model"
// RUN: sh -c 'umask 022; aimcc %s --target=hermes --emit=project -o "$0"' "%t/b%%c/project"
// RUN: ls -A "%t/b%%c" | FileCheck %s --check-prefix=LEFT --implicit-check-not={{.}}
// LEFT:      model
// LEFT-NEXT: project
// RUN: ls -ld "%t/b%%c/project" | FileCheck %s --check-prefix=MODE
// MODE: drwxr-xr-x

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
