// Copies that share the vectors lie on cores of their own while there are some.
// RUN: split-file %s %t
// RUN: aimc-opt %t/heads.mlir --aimc-set-target=target=hermes --aimc-tile --aimc-replicate="mode=throughput copies=5 matrices=@heads" -o %t/tiled.mlir

// All six tiles would fit one core. Under each objective a product takes turns.
// RUN: aimc-opt %t/tiled.mlir --aimc-place --verify-diagnostics -o %t/area.mlir
// RUN: FileCheck %s < %t/area.mlir
// RUN: aimc-opt %t/tiled.mlir --aimc-place=objective=latency | FileCheck %s
// RUN: aimc-opt %t/tiled.mlir --aimc-place=objective=noise | FileCheck %s
// CHECK-COUNT-5: aimc.tile @heads_0_0{{.*}} on chip(0) core([[CORE:[0-9]+]])
// CHECK:         aimc.tile @out_0_0
// RUN: grep -o 'aimc.tile @heads.*core([0-9]*)' %t/area.mlir | sed 's/.*core//' | sort -u | wc -l | FileCheck %s --check-prefix=CORES
// RUN: grep -o 'aimc.tile.*core([0-9]*)' %t/area.mlir | sed 's/.*core//' | sort -u | wc -l | FileCheck %s --check-prefix=CORES
// CORES: 5

// So the copies that spare cores are for gain what the compiler says: 1280 ns of
// four heads a vector become 256 ns with five copies.
// RUN: aimc-opt %t/large.mlir --aimc-set-target=target=hermes --aimc-tile --aimc-replicate="mode=throughput spare-cores=8" --aimc-place --aimc-schedule | FileCheck %s --check-prefix=INTERVAL
// INTERVAL: aimc.schedule = #aimc.schedule<cross_layer, interval = 256000,

// Pins count: no more copies than cores.
// RUN: aimc-opt %t/pin.mlir --aimc-set-target=target=hermes --aimc-tile --aimc-replicate="mode=throughput spare-cores=8" --aimc-place --remarks-filter=aimc-replicate -o %t/pinned.mlir 2>&1 | FileCheck %s --check-prefix=PIN
// RUN: FileCheck %s --check-prefix=PINNED < %t/pinned.mlir
// PIN:    Remark="@w is a slow stage: 320.0 ns a vector, 160.0 ns with 2 copies; spare cores taken: 1"
// PIN:    Remark="7 of 8 spare cores are left: @w takes longest, 160.0 ns, and its pin has no core for a further copy"
// PINNED: aimc.tile @w_0_0 {{.*}} core(3)
// PINNED: aimc.tile @w_0_0_copy_1 {{.*}} core(5)

// Copies that have to lie on one core are told.
// RUN: aimc-opt %t/short.mlir --aimc-set-target=target=hermes --aimc-tile --aimc-replicate="mode=throughput copies=3" --aimc-place --verify-diagnostics

//--- heads.mlir
aimc.weights @heads = dense<0.5> : tensor<64x32xf32>
aimc.weights @out = dense<0.5> : tensor<128x16xf32>
func.func @main(%x: tensor<?x256xf32>, %i: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %0 = arith.constant 0 : index
  %4 = arith.constant 4 : index
  %n = tensor.dim %x, %0 : tensor<?x256xf32>
  %rows = arith.muli %n, %4 : index
  %flat = tensor.collapse_shape %x [[0, 1]] : tensor<?x256xf32> into tensor<?xf32>
  %heads = tensor.expand_shape %flat [[0, 1]] output_shape [%rows, 64] : tensor<?xf32> into tensor<?x64xf32>
  %e = tensor.empty(%rows) : tensor<?x32xf32>
  %y = aimc.mvm @heads site(0) role(linear) ins(%heads : tensor<?x64xf32>) outs(%e : tensor<?x32xf32>) -> tensor<?x32xf32>
  %joined = tensor.collapse_shape %y [[0, 1]] : tensor<?x32xf32> into tensor<?xf32>
  %all = tensor.expand_shape %joined [[0, 1]] output_shape [%n, 128] : tensor<?xf32> into tensor<?x128xf32>
  %z = aimc.mvm @out site(1) role(linear) ins(%all : tensor<?x128xf32>) outs(%i : tensor<?x16xf32>) -> tensor<?x16xf32>
  return %z : tensor<?x16xf32>
}

//--- large.mlir
aimc.weights @heads = dense<0.5> : tensor<64x128xf32>
aimc.weights @out = dense<0.5> : tensor<512x200xf32>
func.func @main(%x: tensor<?x256xf32>, %i: tensor<?x200xf32>) -> tensor<?x200xf32> {
  %0 = arith.constant 0 : index
  %4 = arith.constant 4 : index
  %n = tensor.dim %x, %0 : tensor<?x256xf32>
  %rows = arith.muli %n, %4 : index
  %flat = tensor.collapse_shape %x [[0, 1]] : tensor<?x256xf32> into tensor<?xf32>
  %heads = tensor.expand_shape %flat [[0, 1]] output_shape [%rows, 64] : tensor<?xf32> into tensor<?x64xf32>
  %e = tensor.empty(%rows) : tensor<?x128xf32>
  %y = aimc.mvm @heads site(0) role(linear) ins(%heads : tensor<?x64xf32>) outs(%e : tensor<?x128xf32>) -> tensor<?x128xf32>
  %joined = tensor.collapse_shape %y [[0, 1]] : tensor<?x128xf32> into tensor<?xf32>
  %all = tensor.expand_shape %joined [[0, 1]] output_shape [%n, 512] : tensor<?xf32> into tensor<?x512xf32>
  %z = aimc.mvm @out site(1) role(linear) ins(%all : tensor<?x512xf32>) outs(%i : tensor<?x200xf32>) -> tensor<?x200xf32>
  return %z : tensor<?x200xf32>
}

//--- pin.mlir
aimc.weights @w pin chip(0) cores [3, 5] = dense<0.5> : tensor<64x128xf32>
func.func @f(%x: tensor<?x64xf32>, %o: tensor<?x128xf32>) -> tensor<?x128xf32> {
  %a = aimc.mvm @w site(0) role(projection) ins(%x : tensor<?x64xf32>) outs(%o : tensor<?x128xf32>) -> tensor<?x128xf32>
  return %a : tensor<?x128xf32>
}

//--- short.mlir
// expected-warning @below {{copies 0 and 2 of @w, which share the vectors, lie on one core, 3 of chip 0, and so gain no time over one copy there}}
// expected-note @below {{more cores in 'pin' or fewer copies (aimc-replicate) would help}}
aimc.weights @w pin chip(0) cores [3, 5] = dense<0.5> : tensor<64x32xf32>
func.func @f(%x: tensor<?x64xf32>, %o: tensor<?x32xf32>) -> tensor<?x32xf32> {
  %a = aimc.mvm @w site(0) role(projection) ins(%x : tensor<?x64xf32>) outs(%o : tensor<?x32xf32>) -> tensor<?x32xf32>
  return %a : tensor<?x32xf32>
}
