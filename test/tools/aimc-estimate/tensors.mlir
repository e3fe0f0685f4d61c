// Operations on whole tensors count like those in bodies, at each stage.
// RUN: aimc-opt %s --aimc-compile="target=hermes stop-after=split" | aimc-estimate - --json > %t.split.json
// RUN: FileCheck %s < %t.split.json
// RUN: aimc-opt %s --aimc-compile="target=hermes" | aimc-estimate - --json > %t.runtime.json
// RUN: cmp %t.split.json %t.runtime.json

// 16 cosines and 16 sums.
// CHECK: "unit": "global",
// CHECK-NEXT: "values": 32,
func.func @waves(%x: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %c = math.cos %x : tensor<?x16xf32>
  %y = arith.addf %c, %x : tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}
