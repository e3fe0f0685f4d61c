// Copies of tiles.
// DEFINE: %{copies} = copies=2
// DEFINE: %{replicate} = aimc-opt %s --aimc-set-target=target=hermes --aimc-tile --aimc-replicate="%{copies}" --split-input-file
// RUN: %{replicate} | FileCheck %s

// Copying what is copied changes nothing, nor does one copy, before or after.
// RUN: %{replicate} > %t.once
// RUN: %{replicate} --aimc-replicate="%{copies}" > %t.twice
// RUN: cmp %t.once %t.twice
// RUN: %{replicate} --aimc-tile --aimc-replicate=copies=1 > %t.twice
// RUN: cmp %t.once %t.twice
// REDEFINE: %{copies} = copies=1 matrices=projection,linear,readout
// RUN: %{replicate} > %t.one
// RUN: aimc-opt %s --aimc-set-target=target=hermes --aimc-tile --split-input-file | cmp - %t.one

// Copies are placed as any tiles are.
// REDEFINE: %{copies} = copies=2
// RUN: %{replicate} --aimc-place | FileCheck %s --check-prefix=PLACED

// Names and roles choose the matrices, whatever chooses one twice.
// REDEFINE: %{copies} = copies=3 matrices=@second,linear,@second
// RUN: %{replicate} --verify-diagnostics | FileCheck %s --check-prefix=CHOSEN

// Each matrix that gets copies is told, and that a role has none.
// REDEFINE: %{copies} = copies=2
// RUN: %{replicate} --remarks-filter=aimc-replicate -o %t.remarks 2>&1 | FileCheck %s --check-prefix=REMARK

// By default projections get copies, cut as the first one and after it; their
// uses average over them. Other matrices stay.

// REMARK:      :[[@LINE+20]]:1: remark: [Passed] Replicate | Category:aimc-replicate | Remark="@first of 300x100 is programmed in 2 copies of 2 tiles, whose products are averaged"
// REMARK-NOT:  @second
// CHECK:       aimc.weights @first
// CHECK-NEXT:  aimc.tile @first_0_0 of @first index [0, 0] rows(0, 150) columns(0, 100){{$}}
// CHECK-NEXT:  aimc.tile @first_1_0 of @first index [1, 0] rows(150, 150) columns(0, 100){{$}}
// CHECK-NEXT:  aimc.tile @first_0_0_copy_1 of @first copy(1) index [0, 0] rows(0, 150) columns(0, 100){{$}}
// CHECK-NEXT:  aimc.tile @first_1_0_copy_1 of @first copy(1) index [1, 0] rows(150, 150) columns(0, 100){{$}}
// CHECK-NEXT:  aimc.weights @second
// CHECK-NEXT:  aimc.tile @second_0_0 of @second index
// CHECK-NEXT:  aimc.tile @second_1_0 of @second index
// CHECK-NEXT:  func.func @projections
// PLACED:      aimc.tile @first_0_0 {{.*}} on chip(0) core(0) at(0, 0)
// PLACED:      aimc.tile @first_1_0 {{.*}} on chip(0) core(0) at(0, 100)
// PLACED:      aimc.tile @first_0_0_copy_1 {{.*}} on chip(0) core(1) at(0, 0)
// PLACED:      aimc.tile @first_1_0_copy_1 {{.*}} on chip(0) core(1) at(0, 100)
// CHOSEN-NOT:  @first_0_0_copy
// CHOSEN:      aimc.tile @second_0_0_copy_1 of @second copy(1)
// CHOSEN-NEXT: aimc.tile @second_1_0_copy_1 of @second copy(1)
// CHOSEN-NEXT: aimc.tile @second_0_0_copy_2 of @second copy(2)
// CHOSEN-NEXT: aimc.tile @second_1_0_copy_2 of @second copy(2)
aimc.weights @first = dense<0.5> : tensor<300x100xf32>
aimc.weights @second = dense<0.5> : tensor<300x10xf32>
func.func @projections(%x: tensor<8x300xf32>, %y: tensor<8x100xf32>, %z: tensor<8x10xf32>)
    -> (tensor<8x100xf32>, tensor<8x100xf32>, tensor<8x10xf32>) {
  // CHECK: aimc.mvm @first site(0) role(projection) grid [2, 1] average(2) ins(
  // CHOSEN: aimc.mvm @first site(0) role(projection) grid [2, 1] ins(
  %a = aimc.mvm @first site(0) role(projection) ins(%x : tensor<8x300xf32>) outs(%y : tensor<8x100xf32>) -> tensor<8x100xf32>
  // CHECK: aimc.mvm @first site(1) role(projection) grid [2, 1] average(2) ins(
  %b = aimc.mvm @first site(1) role(projection) ins(%x : tensor<8x300xf32>) outs(%y : tensor<8x100xf32>) -> tensor<8x100xf32>
  // CHECK: aimc.mvm @second site(2) role(linear) grid [2, 1] ins(
  // CHOSEN: aimc.mvm @second site(2) role(linear) grid [2, 1] average(3) ins(
  %c = aimc.mvm @second site(2) role(linear) ins(%x : tensor<8x300xf32>) outs(%z : tensor<8x10xf32>) -> tensor<8x10xf32>
  return %a, %b, %c : tensor<8x100xf32>, tensor<8x100xf32>, tensor<8x10xf32>
}

// -----

// Copies that are there are kept, in whatever order they stand, and a use that
// is not mapped yet gets its average with its grid. Copies of a tile in its
// place have none. A name that is taken gets a suffix.

// CHECK:      aimc.tile @b of @kept copy(1) index [0, 0]
// CHECK-NEXT: aimc.tile @a of @kept index [0, 0]
// CHECK-NEXT: aimc.weights @placed
// CHECK-NEXT: aimc.tile @c of @placed index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(3) at(0, 0)
// CHECK-NEXT: aimc.tile @c_copy_1_0 of @placed copy(1) index [0, 0] rows(0, 2) columns(0, 2){{$}}
// CHECK:      aimc.mvm @kept site(0) role(projection) grid [1, 1] average(2) ins(
aimc.weights @kept = dense<0.5> : tensor<2x2xf32>
aimc.tile @b of @kept copy(1) index [0, 0] rows(0, 2) columns(0, 2)
aimc.tile @a of @kept index [0, 0] rows(0, 2) columns(0, 2)
aimc.weights @placed = dense<0.5> : tensor<2x2xf32>
aimc.tile @c of @placed index [0, 0] rows(0, 2) columns(0, 2) on chip(0) core(3) at(0, 0)
aimc.weights @second = dense<0.5> : tensor<2x2xf32>
aimc.tile @second_0_0 of @second index [0, 0] rows(0, 2) columns(0, 2)
func.func @c_copy_1(%x: tensor<8x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>) {
  %a = aimc.mvm @kept site(0) role(projection) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  %b = aimc.mvm @placed site(1) role(projection) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  %c = aimc.mvm @second site(2) role(linear) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a, %b, %c : tensor<8x2xf32>, tensor<8x2xf32>, tensor<8x2xf32>
}

// -----

// REMARK: remark: [Missed] Replicate | Category:aimc-replicate | Remark="no other matrix on crossbars is of role projection"
// CHECK-NOT: copy
aimc.weights @second = dense<0.5> : tensor<2x2xf32>
func.func @none(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %a = aimc.mvm @second site(0) role(linear) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}
