// Which matrices share cores for latency.
// RUN: split-file %s %t
// RUN: aimcc --print-target hermes > %t/hermes.json
// RUN: sed 's/"rows": 8,/"rows": 1,/; s/"columns": 8,/"columns": 3,/' %t/hermes.json > %t/three.json
// RUN: aimc-opt %t/attention.mlir --aimc-set-target=target=hermes --aimc-tile --aimc-place=objective=latency | FileCheck %s --check-prefixes=CHECK,FULL
// RUN: aimc-opt %t/causal.mlir --aimc-set-target=target=hermes --aimc-tile --aimc-place=objective=latency | FileCheck %s --check-prefixes=CHECK,CAUSAL
// RUN: aimc-opt %t/shared.mlir --aimc-set-target=target=hermes --aimc-tile --aimc-place=objective=latency | FileCheck %s --check-prefix=SHARED
// RUN: aimc-opt %t/steps.mlir --aimc-set-target=target=%t/three.json --aimc-tile --aimc-place=objective=latency | FileCheck %s --check-prefix=STEPS

// Queries, keys and values are independent: each has a core of its own. Products
// after the attention need all of them, so they take one of these cores, unless
// the attention is causal and gives its rows one by one.
// CHECK: module attributes {aimc.objective = "latency"
// CHECK-DAG: aimc.tile @q_0_0 {{.*}} core(0) at(0, 0)
// CHECK-DAG: aimc.tile @k_0_0 {{.*}} core(1) at(0, 0)
// CHECK-DAG: aimc.tile @v_0_0 {{.*}} core(2) at(0, 0)
// FULL-DAG: aimc.tile @out_0_0 {{.*}} core(0) at(0, 64)
// FULL-DAG: aimc.tile @next_0_0 {{.*}} core(1) at(0, 64)
// CAUSAL-DAG: aimc.tile @out_0_0 {{.*}} core(3) at(0, 0)
// CAUSAL-DAG: aimc.tile @next_0_0 {{.*}} core(4) at(0, 0)

// A matrix that is used before and after an attention shares with neither side.
// SHARED-DAG: aimc.tile @both_0_0 {{.*}} core(0) at(0, 0)
// SHARED-DAG: aimc.tile @before_0_0 {{.*}} core(1) at(0, 0)
// SHARED-DAG: aimc.tile @after_0_0 {{.*}} core(1) at(0, 64)

// On three cores the fourth product shares: not with those that it is
// independent of, which begin with it.
// STEPS-DAG: aimc.tile @a_0_0 {{.*}} core(0) at(0, 0)
// STEPS-DAG: aimc.tile @b_0_0 {{.*}} core(1) at(0, 0)
// STEPS-DAG: aimc.tile @c_0_0 {{.*}} core(2) at(0, 0)
// STEPS-DAG: aimc.tile @d_0_0 {{.*}} core(2)

//--- attention.mlir
aimc.weights @q = dense<0.5> : tensor<64x64xf32>
aimc.weights @k = dense<0.25> : tensor<64x64xf32>
aimc.weights @v = dense<0.125> : tensor<64x64xf32>
aimc.weights @out = dense<0.5> : tensor<64x64xf32>
aimc.weights @next = dense<0.75> : tensor<64x64xf32>
func.func @f(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %one = arith.constant 1 : index
  %a = aimc.mvm @q site(0) role(linear) ins(%x : tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  %b = aimc.mvm @k site(1) role(linear) ins(%x : tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  %c = aimc.mvm @v site(2) role(linear) ins(%x : tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  %d = aimc.attention heads(1) sequences(%one) ins(%a, %b, %c : tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  %e = aimc.mvm @out site(3) role(linear) ins(%d : tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  %f = aimc.mvm @next site(4) role(linear) ins(%e : tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  return %f : tensor<?x64xf32>
}

//--- causal.mlir
aimc.weights @q = dense<0.5> : tensor<64x64xf32>
aimc.weights @k = dense<0.25> : tensor<64x64xf32>
aimc.weights @v = dense<0.125> : tensor<64x64xf32>
aimc.weights @out = dense<0.5> : tensor<64x64xf32>
aimc.weights @next = dense<0.75> : tensor<64x64xf32>
func.func @f(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %one = arith.constant 1 : index
  %a = aimc.mvm @q site(0) role(linear) ins(%x : tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  %b = aimc.mvm @k site(1) role(linear) ins(%x : tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  %c = aimc.mvm @v site(2) role(linear) ins(%x : tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  %d = aimc.attention causal heads(1) sequences(%one) ins(%a, %b, %c : tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  %e = aimc.mvm @out site(3) role(linear) ins(%d : tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  %f = aimc.mvm @next site(4) role(linear) ins(%e : tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  return %f : tensor<?x64xf32>
}

//--- shared.mlir
aimc.weights @both = dense<0.5> : tensor<64x64xf32>
aimc.weights @before = dense<0.25> : tensor<64x64xf32>
aimc.weights @after = dense<0.125> : tensor<64x64xf32>
func.func @f(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %one = arith.constant 1 : index
  %a = aimc.mvm @both site(0) role(linear) ins(%x : tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  %b = aimc.mvm @before site(1) role(linear) ins(%x : tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  %c = aimc.attention heads(1) sequences(%one) ins(%a, %b, %x : tensor<?x64xf32>, tensor<?x64xf32>, tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  %d = aimc.mvm @both site(2) role(linear) ins(%c : tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  %e = aimc.mvm @after site(3) role(linear) ins(%d : tensor<?x64xf32>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  return %e : tensor<?x64xf32>
}

//--- steps.mlir
// a and b begin together, c follows a; d begins with a and b.
aimc.weights @a = dense<0.5> : tensor<100x100xf32>
aimc.weights @b = dense<0.25> : tensor<99x100xf32>
aimc.weights @c = dense<0.125> : tensor<98x100xf32>
aimc.weights @d = dense<0.125> : tensor<97x100xf32>
func.func @f(%x: tensor<8x100xf32>, %y: tensor<8x99xf32>, %z: tensor<8x97xf32>, %i: tensor<8x100xf32>) -> (tensor<8x100xf32>, tensor<8x100xf32>, tensor<8x100xf32>) {
  %a = aimc.mvm @a site(0) role(linear) ins(%x : tensor<8x100xf32>) outs(%i : tensor<8x100xf32>) -> tensor<8x100xf32>
  %b = aimc.mvm @b site(1) role(linear) ins(%y : tensor<8x99xf32>) outs(%i : tensor<8x100xf32>) -> tensor<8x100xf32>
  %s = tensor.extract_slice %a[0, 0] [8, 98] [1, 1] : tensor<8x100xf32> to tensor<8x98xf32>
  %c = aimc.mvm @c site(2) role(linear) ins(%s : tensor<8x98xf32>) outs(%i : tensor<8x100xf32>) -> tensor<8x100xf32>
  %d = aimc.mvm @d site(3) role(linear) ins(%z : tensor<8x97xf32>) outs(%i : tensor<8x100xf32>) -> tensor<8x100xf32>
  return %b, %c, %d : tensor<8x100xf32>, tensor<8x100xf32>, tensor<8x100xf32>
}
