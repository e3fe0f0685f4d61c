// Spare cores where copies are there already, and matrices that are named.
// RUN: split-file %s %t
// DEFINE: %{options} = spare-cores=4
// DEFINE: %{replicate} = aimc-opt --aimc-set-target=target=hermes --aimc-replicate="mode=throughput %{options}" -o %t.mlir
// DEFINE: %{told} = --remarks-filter=aimc-replicate

// Averaged copies stay so, and by default others get the cores.
// RUN: %{replicate} %{told} %t/averaged.mlir 2>&1 | FileCheck %s --check-prefix=AVERAGED
// RUN: FileCheck %s --check-prefix=AROUND < %t.mlir
// AVERAGED: Remark="@w gets no spare cores: its 2 copies are averaged"
// AVERAGED: Remark="@v is a slow stage: 320.0 ns a vector, 160.0 ns with 2 copies; spare cores taken: 1"
// AVERAGED: Remark="3 of 4 spare cores are left: @w takes longest, 160.0 ns, and was not chosen for copies"
// AROUND:   aimc.mvm @w {{.*}} average(2)
// AROUND:   aimc.mvm @v {{.*}} share(2)

// To name them is an error.
// REDEFINE: %{options} = spare-cores=4 matrices=@w
// RUN: %{replicate} --verify-diagnostics %t/named.mlir

// Copies that take more cores than may be spared leave none.
// REDEFINE: %{options} = spare-cores=1
// RUN: %{replicate} %{told} %t/shared.mlir 2>&1 | FileCheck %s --check-prefix=TAKEN
// TAKEN-NOT: slow stage
// TAKEN:     Remark="0 of 1 spare cores are left: copies that are there take 2 cores, more than 1"

// Copies that no use speaks of share the vectors then, whatever their number.
// RUN: %{replicate} %{told} %t/silent.mlir 2>&1 | FileCheck %s --check-prefix=SILENT
// RUN: FileCheck %s --check-prefix=SAID < %t.mlir
// SILENT: Remark="0 of 1 spare cores are left: @w takes longest, 66.5 ns; cores for a further copy: 1"
// SAID:   aimc.mvm @w {{.*}} grid [1, 1] share(2)
// REDEFINE: %{options} = copies=2
// RUN: %{replicate} %t/silent.mlir
// RUN: FileCheck %s --check-prefix=SAID < %t.mlir

// Runtime matrices are found by their names.
// REDEFINE: %{options} = copies=2 matrices=@a
// RUN: %{replicate} %t/lowered.mlir
// REDEFINE: %{options} = copies=2 matrices=@b
// RUN: %{replicate} --verify-diagnostics %t/lowered-averaged.mlir

//--- averaged.mlir
aimc.weights @w = dense<0.5> : tensor<64x64xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 64)
aimc.tile @w_0_0_copy_1 of @w copy(1) index [0, 0] rows(0, 64) columns(0, 64)
aimc.weights @v = dense<0.5> : tensor<64x128xf32>
aimc.tile @v_0_0 of @v index [0, 0] rows(0, 64) columns(0, 128)
func.func @f(%x: tensor<?x64xf32>, %o: tensor<?x64xf32>, %p: tensor<?x128xf32>) -> (tensor<?x64xf32>, tensor<?x128xf32>) {
  %a = aimc.mvm @w site(0) role(projection) average(2) ins(%x : tensor<?x64xf32>) outs(%o : tensor<?x64xf32>) -> tensor<?x64xf32>
  %b = aimc.mvm @v site(1) role(linear) ins(%x : tensor<?x64xf32>) outs(%p : tensor<?x128xf32>) -> tensor<?x128xf32>
  return %a, %b : tensor<?x64xf32>, tensor<?x128xf32>
}

//--- named.mlir
// expected-error @below {{'aimc.weights' op expects copies of @w that share the vectors for aimc-replicate, but got 2 that are averaged}}
aimc.weights @w = dense<0.5> : tensor<64x64xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 64)
aimc.tile @w_0_0_copy_1 of @w copy(1) index [0, 0] rows(0, 64) columns(0, 64)
func.func @f(%x: tensor<?x64xf32>, %o: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %a = aimc.mvm @w site(0) role(projection) average(2) ins(%x : tensor<?x64xf32>) outs(%o : tensor<?x64xf32>) -> tensor<?x64xf32>
  return %a : tensor<?x64xf32>
}

//--- shared.mlir
aimc.weights @w = dense<0.5> : tensor<64x64xf32>
aimc.tile @w_0_0 of @w index [0, 0] rows(0, 64) columns(0, 64)
aimc.tile @w_0_0_copy_1 of @w copy(1) index [0, 0] rows(0, 64) columns(0, 64)
aimc.tile @w_0_0_copy_2 of @w copy(2) index [0, 0] rows(0, 64) columns(0, 64)
func.func @f(%x: tensor<?x64xf32>, %o: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %a = aimc.mvm @w site(0) role(projection) share(3) ins(%x : tensor<?x64xf32>) outs(%o : tensor<?x64xf32>) -> tensor<?x64xf32>
  return %a : tensor<?x64xf32>
}

//--- silent.mlir
aimc.weights @w = dense<0.5> : tensor<2x2xf32>
aimc.tile @a of @w index [0, 0] rows(0, 2) columns(0, 2)
aimc.tile @b of @w copy(1) index [0, 0] rows(0, 2) columns(0, 2)
func.func @f(%x: tensor<8x2xf32>) -> tensor<8x2xf32> {
  %a = aimc.mvm @w site(0) role(projection) ins(%x : tensor<8x2xf32>) outs(%x : tensor<8x2xf32>) -> tensor<8x2xf32>
  return %a : tensor<8x2xf32>
}

//--- lowered.mlir
aimc.rt.matrix @a = dense<0.5> : tensor<2x2xf32> share(2) tiles dense<[[0, 0, 2, 2, 0, 1, 0, 0], [0, 0, 2, 2, 0, 2, 0, 0]]> : tensor<2x8xi32>
aimc.rt.matrix @b = dense<0.5> : tensor<2x2xf32> average(2) tiles dense<[[0, 0, 2, 2, 0, 3, 0, 0], [0, 0, 2, 2, 0, 4, 0, 0]]> : tensor<2x8xi32>

//--- lowered-averaged.mlir
aimc.rt.matrix @a = dense<0.5> : tensor<2x2xf32> share(2) tiles dense<[[0, 0, 2, 2, 0, 1, 0, 0], [0, 0, 2, 2, 0, 2, 0, 0]]> : tensor<2x8xi32>
// expected-error @below {{'aimc.rt.matrix' op expects 2 copies that share the vectors for aimc-replicate, but got 2 that are averaged, which runtime calls cannot change}}
aimc.rt.matrix @b = dense<0.5> : tensor<2x2xf32> average(2) tiles dense<[[0, 0, 2, 2, 0, 3, 0, 0], [0, 0, 2, 2, 0, 4, 0, 0]]> : tensor<2x8xi32>
