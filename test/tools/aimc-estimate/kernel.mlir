// A method that only says what is computed is compiled up to its places first;
// each later stage has the same estimate.
// RUN: aimc-estimate %s --target hermes --json > %t.json
// RUN: FileCheck %s < %t.json
// RUN: aimc-opt %s --aimc-compile="target=hermes stop-after=split" | aimc-estimate - --json > %t.split.json
// RUN: cmp %t.json %t.split.json
// RUN: aimc-opt %s --aimc-compile="target=hermes" | aimc-estimate - --json > %t.runtime.json
// Runtime calls have no slots, so what waits is not known of them.
// RUN: sed '/^  "buffers": {$/,/^  },$/c\  "buffers": null,' %t.json | cmp - %t.runtime.json
// RUN: aimc-estimate %s --target hermes --readout analog --json | FileCheck %s --check-prefix=ANALOG

// RUN: aimc-estimate %s --target hermes --projection digital --json | FileCheck %s --check-prefix=DIGITAL

// Four tiles on four cores, then 512 cosines, 512 sines and 1024 products with
// their scale, and 1024 x 10 multiply-adds of the read-out on a digital unit.
// CHECK: "multiply_adds": 204800,
// CHECK: "unit": "global",
// CHECK-NEXT: "values": 12288,

// An analog read-out is four tiles more, and no digital multiply-adds.
// ANALOG: "name": "readout",
// ANALOG: "activations": 8,
// ANALOG: "multiply_adds": 215040,
// ANALOG: "unit": "global",
// ANALOG-NEXT: "values": 2048,

// A digital projection is 400 x 512 multiply-adds more on the digital unit.
// DIGITAL: "activations": 0,
// DIGITAL: "multiply_adds": 0,
// DIGITAL: "unit": "global",
// DIGITAL-NEXT: "values": 217088,
func.func @predict(%x: tensor<?x400xf32>) -> tensor<?x10xf32> {
  %omega = kernel.projection sampler(orf) gamma(0.5) seed(7) : tensor<512x400xf32>
  %z = kernel.features map(rbf) %x, %omega
      : tensor<?x400xf32>, tensor<512x400xf32> -> tensor<?x1024xf32>
  %w = arith.constant dense<0.01> : tensor<1024x10xf32>
  %zero = arith.constant 0.0 : f32
  %dimension = arith.constant 0 : index
  %n = tensor.dim %x, %dimension : tensor<?x400xf32>
  %empty = tensor.empty(%n) : tensor<?x10xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x10xf32>) -> tensor<?x10xf32>
  %scores = linalg.matmul ins(%z, %w : tensor<?x1024xf32>, tensor<1024x10xf32>)
      outs(%init : tensor<?x10xf32>) -> tensor<?x10xf32>
  return %scores : tensor<?x10xf32>
}
