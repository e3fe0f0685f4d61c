// Exact kernels are digital work: for each of 10 points 2·64 + 2 values of the
// RBF kernel, and 10 multiply-adds of the read-out.
// RUN: aimc-estimate %s --target hermes --json > %t.json
// RUN: FileCheck %s < %t.json
// RUN: aimc-opt %s --aimc-compile="target=hermes stop-after=placed" | aimc-estimate - --json | cmp - %t.json

// CHECK: "unit": "global",
// CHECK-NEXT: "values": 1310,

// A runtime call does not say which unit it is on.
// RUN: aimc-opt %s --aimc-compile="target=hermes" | not aimc-estimate - 2>&1 | FileCheck %s --check-prefix=RUNTIME
// RUNTIME: error: 'aimc.rt.gram' op expects a digital unit to estimate, but a runtime call has none; estimate an earlier stage
func.func @predict(%x: tensor<?x64xf32>) -> tensor<?x1xf32> {
  %y = arith.constant dense<0.5> : tensor<10x64xf32>
  %k = kernel.gram kernel(rbf) gamma(0.5) %x, %y : tensor<?x64xf32>, tensor<10x64xf32> -> tensor<?x10xf32>
  %w = arith.constant dense<0.01> : tensor<10x1xf32>
  %zero = arith.constant 0.0 : f32
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x64xf32>
  %empty = tensor.empty(%n) : tensor<?x1xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x1xf32>) -> tensor<?x1xf32>
  %scores = linalg.matmul ins(%k, %w : tensor<?x10xf32>, tensor<10x1xf32>)
      outs(%init : tensor<?x1xf32>) -> tensor<?x1xf32>
  return %scores : tensor<?x1xf32>
}
