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

// 100 columns of a tile pass through a local unit in 250 ns: 500 ns of @wide, used
// twice a vector, 250 ns of @tall in two tiles. @narrow has an MVM of 133 ns and 10
// columns. With 10 of 11 spare cores @wide takes 500 / 6 and @tall 250 / 3, both 83.3
// ns, and @narrow 66.5 ns; one core is too few for the two tiles of @tall.

// REMARK:     remark: [Passed] Replicate | Category:aimc-replicate | Remark="@tall of 300x100 is programmed in 3 copies of 2 tiles, which share the vectors"
// WHY:        remark: [Analysis] Throughput | Category:aimc-replicate | Remark="@wide is a slow stage: 500.0 ns a vector, 83.3 ns with 6 copies; spare cores taken: 5"
// WHY:        remark: [Analysis] Throughput | Category:aimc-replicate | Remark="@tall is a slow stage: 250.0 ns a vector, 83.3 ns with 3 copies; spare cores taken: 4"
// WHY:        remark: [Analysis] Throughput | Category:aimc-replicate | Remark="@narrow is a slow stage: 133.0 ns a vector, 66.5 ns with 2 copies; spare cores taken: 1"
// WHY:        remark: [Analysis] SpareCores | Category:aimc-replicate | Remark="1 of 11 spare cores are left: @tall takes longest, 83.3 ns; cores for a further copy: 2"
// CHOSEN:     Remark="2 of 3 spare cores are left: @tall takes longest, 250.0 ns, and was not chosen for copies"

// CHECK:      aimc.tile @tall_0_0 of @tall index [0, 0]
// CHECK-NEXT: aimc.tile @tall_1_0 of @tall index [1, 0]
// CHECK-NEXT: aimc.tile @tall_0_0_copy_1 of @tall copy(1) index [0, 0]
// CHECK-NEXT: aimc.tile @tall_1_0_copy_1 of @tall copy(1) index [1, 0]
// CHECK-NEXT: aimc.tile @tall_0_0_copy_2 of @tall copy(2) index [0, 0]
// CHECK-NEXT: aimc.tile @tall_1_0_copy_2 of @tall copy(2) index [1, 0]
// CHECK-NEXT: aimc.weights @narrow
// PLACED:      aimc.tile @tall_0_0 {{.*}} core(1) at(0, 0)
// PLACED-NEXT: aimc.tile @tall_1_0 {{.*}} core(2) at(0, 0)
// PLACED-NEXT: aimc.tile @tall_0_0_copy_1 {{.*}} core(3) at(0, 0)
// PLACED-NEXT: aimc.tile @tall_1_0_copy_1 {{.*}} core(4) at(0, 0)
// PLACED-NEXT: aimc.tile @tall_0_0_copy_2 {{.*}} core(5) at(0, 0)
// PLACED-NEXT: aimc.tile @tall_1_0_copy_2 {{.*}} core(6) at(0, 0)
aimc.weights @wide = dense<0.5> : tensor<200x100xf32>
aimc.weights @tall = dense<0.5> : tensor<300x100xf32>
aimc.weights @narrow = dense<0.5> : tensor<100x10xf32>
func.func @stages(%x: tensor<?x200xf32>, %y: tensor<?x300xf32>, %z: tensor<?x100xf32>, %i: tensor<?x10xf32>)
    -> (tensor<?x100xf32>, tensor<?x100xf32>, tensor<?x100xf32>, tensor<?x10xf32>) {
  // CHECK:      aimc.mvm @wide site(0) role(projection) grid [1, 1] ins(
  // CHECK:      aimc.mvm @wide site(1) role(projection) grid [1, 1] ins(
  // CHECK:      aimc.mvm @tall site(2) role(linear) grid [2, 1] share(3) ins(
  // CHECK:      aimc.mvm @narrow site(3) role(linear) grid [1, 1] share(3) ins(
  // SPARE:      aimc.mvm @wide site(0) role(projection) grid [1, 1] share(6) ins(
  %a = aimc.mvm @wide site(0) role(projection) ins(%x : tensor<?x200xf32>) outs(%z : tensor<?x100xf32>) -> tensor<?x100xf32>
  // SPARE:      aimc.mvm @wide site(1) role(projection) grid [1, 1] share(6) ins(
  %b = aimc.mvm @wide site(1) role(projection) ins(%x : tensor<?x200xf32>) outs(%z : tensor<?x100xf32>) -> tensor<?x100xf32>
  // SPARE:      aimc.mvm @tall site(2) role(linear) grid [2, 1] share(3) ins(
  %c = aimc.mvm @tall site(2) role(linear) ins(%y : tensor<?x300xf32>) outs(%z : tensor<?x100xf32>) -> tensor<?x100xf32>
  // SPARE:      aimc.mvm @narrow site(3) role(linear) grid [1, 1] share(2) ins(
  %d = aimc.mvm @narrow site(3) role(linear) ins(%z : tensor<?x100xf32>) outs(%i : tensor<?x10xf32>) -> tensor<?x10xf32>
  return %a, %b, %c, %d : tensor<?x100xf32>, tensor<?x100xf32>, tensor<?x100xf32>, tensor<?x10xf32>
}

// -----

// A unit of the chips takes 160 ns for the cosines, longer than an MVM, so copies of
// what took 320 ns end there: the columns of the first product, and the link that
// brings 128 inputs of the second. Inputs from arguments are there.

// WHY:        Remark="@first is a slow stage: 320.0 ns a vector, 160.0 ns with 2 copies; spare cores taken: 1"
// WHY:        Remark="@second is a slow stage: 320.0 ns a vector, 160.0 ns with 2 copies; spare cores taken: 1"
// WHY:        Remark="9 of 11 spare cores are left: unit 'global' of the chips takes longest, 160.0 ns, which no copy of a matrix shortens"
// SPARE:      aimc.mvm @first {{.*}} grid [1, 1] share(2) ins(
// SPARE:      aimc.mvm @second {{.*}} grid [1, 1] share(2) ins(
// CHECK:      aimc.mvm @first {{.*}} grid [1, 1] ins(
// CHECK:      aimc.mvm @second {{.*}} grid [1, 1] share(3) ins(
aimc.weights @first = dense<0.5> : tensor<64x128xf32>
aimc.weights @second = dense<0.5> : tensor<128x16xf32>
func.func @cosines(%x: tensor<?x64xf32>, %e: tensor<?x128xf32>, %i: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %p = aimc.mvm @first site(0) role(projection) ins(%x : tensor<?x64xf32>) outs(%e : tensor<?x128xf32>) -> tensor<?x128xf32>
  %z = aimc.digital on("global") -> tensor<?x128xf32> {
    %a = math.cos %p : tensor<?x128xf32>
    %b = math.sin %a : tensor<?x128xf32>
    %c = math.cos %b : tensor<?x128xf32>
    %d = math.sin %c : tensor<?x128xf32>
    aimc.yield %d : tensor<?x128xf32>
  }
  %y = aimc.mvm @second site(1) role(linear) ins(%z : tensor<?x128xf32>) outs(%i : tensor<?x16xf32>) -> tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}
