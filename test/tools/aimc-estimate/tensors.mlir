// Operations on whole tensors count like those in bodies, at each stage.
// RUN: aimc-opt %s --aimc-compile="target=hermes stop-after=split" | aimc-estimate - --json > %t.split.json
// RUN: FileCheck %s < %t.split.json
// RUN: aimc-opt %s --aimc-compile="target=hermes" | aimc-estimate - --json > %t.runtime.json
// Runtime calls have no slots, so what waits is not known of them.
// RUN: sed '/^  "buffers": {$/,/^  },$/c\  "buffers": null,' %t.split.json | cmp - %t.runtime.json

// 16 cosines and 16 sums.
// CHECK: "unit": "global",
// CHECK-NEXT: "values": 32,
func.func @waves(%x: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %c = math.cos %x : tensor<?x16xf32>
  %y = arith.addf %c, %x : tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}
