// Attention is charged to its digital unit, for a token with all its heads; each
// stage has the same estimate.
// RUN: aimc-estimate %s --target hermes --json > %t.json
// RUN: FileCheck %s < %t.json
// RUN: aimc-opt %s --aimc-compile="target=hermes stop-after=split" | aimc-estimate - --json > %t.split.json
// RUN: cmp %t.json %t.split.json
// RUN: aimc-opt %s --aimc-compile="target=hermes" | aimc-estimate - --json > %t.runtime.json
// Runtime calls have no slots, so what waits is not known of them.
// RUN: sed '/^  "buffers": {$/,/^  },$/c\  "buffers": null,' %t.json | cmp - %t.runtime.json

// Queries and keys of 4 heads are 8 rows of the product.
// CHECK: "uses": 8
// CHECK: "activations": 8,
// CHECK: "multiply_adds": 65536,
// The square root of the scale, 128 values of each of 8 rows, beside the columns
// that pass the unit.
// CHECK: "unit": "local",
// CHECK-NEXT: "values": 2048,
// Of each head: 2 x 256 x 65 multiply-adds, 64 divisions, and 68 for the log
// scale: largest, difference, exponential, and a product with 65 values. That is
// 133648. Features: a query has 256 for its largest, 256 differences, 128
// negations and 256 exponentials; a key so many, 3 x 64 for its norm, and a sum.
// CHECK: "unit": "global",
// CHECK-NEXT: "values": 141588,
func.func @attend(%q: tensor<?x256xf32>, %k: tensor<?x256xf32>, %v: tensor<?x256xf32>) -> tensor<?x256xf32> {
  %omega = kernel.projection sampler(orf) seed(7) : tensor<128x64xf32>
  %y = kernel.attention map(softmax_pos) heads(4) %q, %k, %v, %omega
      : tensor<?x256xf32>, tensor<?x256xf32>, tensor<?x256xf32>, tensor<128x64xf32> -> tensor<?x256xf32>
  return %y : tensor<?x256xf32>
}
