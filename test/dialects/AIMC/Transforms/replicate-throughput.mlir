// Copies that share the vectors.
// DEFINE: %{copies} = mode=throughput copies=3 matrices=linear
// DEFINE: %{replicate} = aimc-opt %s --aimc-set-target=target=hermes --aimc-tile --aimc-replicate="%{copies}" --split-input-file
// RUN: %{replicate} | FileCheck %s

// Copying what is copied changes nothing, nor do tiling and one copy after it.
// RUN: %{replicate} > %t.once
// RUN: %{replicate} --aimc-tile --aimc-replicate="%{copies}" --aimc-replicate="mode=throughput" > %t.twice
// RUN: cmp %t.once %t.twice

// They are told.
// RUN: %{replicate} --remarks-filter=aimc-replicate -o %t.remarks 2>&1 | FileCheck %s --check-prefix=REMARK

// With the latency objective of placement every tile of a copy has a core of its own.
// RUN: %{replicate} --aimc-place=objective=latency | FileCheck %s --check-prefix=PLACED

// Cores are for the slowest matrices, of all; what has them keeps them.
// REDEFINE: %{copies} = mode=throughput spare-cores=11
// RUN: %{replicate} | FileCheck %s --check-prefix=SPARE
// RUN: %{replicate} > %t.once
// RUN: %{replicate} --aimc-replicate="%{copies}" --aimc-replicate="mode=throughput spare-cores=5" > %t.twice
// RUN: cmp %t.once %t.twice
// RUN: %{replicate} --remarks-filter=aimc-replicate -o %t.remarks 2>&1 | FileCheck %s --check-prefix=WHY

// Or of those that are chosen.
// REDEFINE: %{copies} = mode=throughput spare-cores=3 matrices=projection
// RUN: %{replicate} --remarks-filter=aimc-replicate -o %t.remarks 2>&1 | FileCheck %s --check-prefix=CHOSEN

// The columns of a tile pass through a local unit in 2.5 ns each: 250 ns of @wide,
// used twice a vector 500 ns; 250 ns of @tall in two tiles; an MVM of 133 ns of
// @narrow with 10 columns. Of 11 spare cores @wide gets 1, all three take up to 250
// ns, then it and @tall, with two tiles, each a second copy in turn: 166.7 ns and
// 125 ns, and again, 125 ns. @narrow is slowest then, and two spare cores less two.

// REMARK:     remark: [Passed] Replicate | Category:aimc-replicate | Remark="@tall of 300x100 is programmed in 3 copies of 2 tiles, which share the vectors"
// WHY-DAG:    remark: [Analysis] Throughput | Category:aimc-replicate | Remark="@wide is a slow stage: a vector takes a core of it 500.0 ns, and {{.*}} ns on average with {{.*}} copies on {{.*}} cores more"
// WHY-DAG:    remark: [Analysis] SpareCores | Category:aimc-replicate | Remark="{{.*}} of 11 spare cores are left: {{.*}}"
// CHOSEN:     remark: [Analysis] SpareCores | Category:aimc-replicate | Remark="{{.*}} of 3 spare cores are left: {{.*}}"

// CHECK:      aimc.tile @tall_0_0 of @tall index [0, 0]
// CHECK-NEXT: aimc.tile @tall_1_0 of @tall index [1, 0]
// CHECK-NEXT: aimc.tile @tall_0_0_copy_1 of @tall copy(1) index [0, 0]
// CHECK-NEXT: aimc.tile @tall_1_0_copy_1 of @tall copy(1) index [1, 0]
// CHECK-NEXT: aimc.tile @tall_0_0_copy_2 of @tall copy(2) index [0, 0]
// CHECK-NEXT: aimc.tile @tall_1_0_copy_2 of @tall copy(2) index [1, 0]
// CHECK-NEXT: aimc.weights @narrow
// PLACED-COUNT-10: aimc.tile {{.*}} at(0, 0)
aimc.weights @wide = dense<0.5> : tensor<200x100xf32>
aimc.weights @tall = dense<0.5> : tensor<300x100xf32>
aimc.weights @narrow = dense<0.5> : tensor<100x10xf32>
func.func @stages(%x: tensor<?x200xf32>, %y: tensor<?x300xf32>, %z: tensor<?x100xf32>, %i: tensor<?x10xf32>)
    -> (tensor<?x100xf32>, tensor<?x100xf32>, tensor<?x100xf32>, tensor<?x10xf32>) {
  // CHECK:      aimc.mvm @wide site(0) role(projection) grid [1, 1] ins(
  // CHECK:      aimc.mvm @wide site(1) role(projection) grid [1, 1] ins(
  // CHECK:      aimc.mvm @tall site(2) role(linear) grid [2, 1] share(3) ins(
  // CHECK:      aimc.mvm @narrow site(3) role(linear) grid [1, 1] share(3) ins(
  // SPARE:      aimc.mvm @wide site(0) role(projection) grid [1, 1] share(4) ins(
  %a = aimc.mvm @wide site(0) role(projection) ins(%x : tensor<?x200xf32>) outs(%z : tensor<?x100xf32>) -> tensor<?x100xf32>
  // SPARE:      aimc.mvm @wide site(1) role(projection) grid [1, 1] share(4) ins(
  %b = aimc.mvm @wide site(1) role(projection) ins(%x : tensor<?x200xf32>) outs(%z : tensor<?x100xf32>) -> tensor<?x100xf32>
  // SPARE:      aimc.mvm @tall site(2) role(linear) grid [2, 1] share(2) ins(
  %c = aimc.mvm @tall site(2) role(linear) ins(%y : tensor<?x300xf32>) outs(%z : tensor<?x100xf32>) -> tensor<?x100xf32>
  // SPARE:      aimc.mvm @narrow site(3) role(linear) grid [1, 1] ins(
  %d = aimc.mvm @narrow site(3) role(linear) ins(%z : tensor<?x100xf32>) outs(%i : tensor<?x10xf32>) -> tensor<?x10xf32>
  return %a, %b, %c, %d : tensor<?x100xf32>, tensor<?x100xf32>, tensor<?x100xf32>, tensor<?x10xf32>
}
